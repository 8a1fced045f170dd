/* SPDX-License-Identifier: EUPL-1.2 */
/* A slot whose track changes looks to its viewer like one stream that goes on. */
#include <glib.h>

#include "tests/sim/world.h"

#define SECOND 1000000

/* What one stream must keep to, packet after packet on a clean link. */
struct continuity {
	bool started;
	uint16_t seq;
	uint32_t timestamp;
	uint16_t picture_id;
	uint8_t tl0picidx;
	int64_t us;
	uint32_t track_id;
	unsigned switches;
	unsigned packets;
};

struct viewer {
	struct continuity audio;
	struct continuity video;
};

static void check_timestamp(const struct continuity *last, const struct client_packet *packet,
			    bool is_video)
{
	int32_t step = (int32_t)(packet->timestamp - last->timestamp);
	double clock = is_video ? 90000 : 48000;
	double gap = (double)(packet->now_us - last->us) * clock / 1000000;

	g_assert_cmpint(step, >=, 0);
	/* The stamps follow the wall: across a switch too, to within 100 ms. */
	g_assert_cmpfloat(step - gap, <, clock / 10);
	g_assert_cmpfloat(gap - step, <, clock / 10);
}

static void check_picture(const struct continuity *last, const struct client_packet *packet)
{
	bool is_new = packet->timestamp != last->timestamp;
	uint16_t step = (uint16_t)((packet->frame.picture_id - last->picture_id) & 0x7fff);

	g_assert_true(packet->frame.has_picture_id);
	g_assert_cmpuint(step, ==, is_new ? 1 : 0);
	g_assert_cmpuint((uint8_t)(packet->frame.tl0picidx - last->tl0picidx), ==, is_new ? 1 : 0);
}

static void check_goes_on(struct client *client, struct client_slot *slot,
			  const struct client_packet *packet, void *arg)
{
	struct viewer *viewer = arg;
	bool is_video = slot->kind == MEDIA_VIDEO;
	struct continuity *last = is_video ? &viewer->video : &viewer->audio;

	if (last->started) {
		g_assert_cmpuint(packet->seq, ==, (uint16_t)(last->seq + 1));
		check_timestamp(last, packet, is_video);
		if (is_video)
			check_picture(last, packet);
		if (packet->label.track_id != last->track_id) {
			last->switches++;
			g_assert_true(!is_video || packet->frame.is_keyframe);
		}
	} else {
		g_assert_cmpuint(packet->seq, <, 1 << 15);
	}
	last->started = true;
	last->seq = packet->seq;
	last->timestamp = packet->timestamp;
	last->picture_id = packet->frame.picture_id;
	last->tl0picidx = packet->frame.tl0picidx;
	last->us = packet->now_us;
	last->track_id = packet->label.track_id;
	last->packets++;
}

static struct client *add_viewer(struct world *world, uint32_t id, struct viewer *viewer)
{
	struct client_config config = {.id = id,
				       .engine_role = DTLS_SERVER,
				       .audio_slots = 1,
				       .video_slots = 1,
				       .has_rtx = true};
	struct client *client = world_add(world, &config, 15000);

	client->watch = check_goes_on;
	client->watch_arg = viewer;
	world_join(world, client);
	return client;
}

static void numbers_go_on_when_the_track_changes(void)
{
	struct viewer seen = {0};
	struct world world;
	struct client *viewer;

	world_init(&world, &(struct world_config){.seed = 3, .video_max_encoding = -1});
	for (uint32_t id = 1; id <= 3; id++)
		world_add_caller(&world, id, 10000 * id);
	viewer = add_viewer(&world, 9, &seen);
	world_run(&world, 4 * SECOND);
	g_assert_cmpuint(world_shown(&world, viewer, 0), ==, 10);
	g_assert_cmpuint(world_shown(&world, viewer, 1), ==, 11);
	/* In order of creation, one after the other leaves. */
	engine_transport_close(world.engine, world.now_us, 1);
	world_run(&world, 4 * SECOND);
	g_assert_cmpuint(world_shown(&world, viewer, 1), ==, 21);
	engine_transport_close(world.engine, world.now_us, 2);
	world_run(&world, 4 * SECOND);
	g_assert_cmpuint(world_shown(&world, viewer, 1), ==, 31);
	g_assert_cmpuint(seen.audio.switches, ==, 2);
	g_assert_cmpuint(seen.video.switches, ==, 2);
	g_assert_cmpuint(seen.audio.packets, >, 11 * 50);
	/* A switch may wait a second: keyframes of one source are that far apart at least. */
	g_assert_cmpuint(seen.video.packets, >, 9 * 60);
	world_close(&world);
}

/* The source itself starts anew: another SSRC and other numbers on the same m-line, with or without
 * a BYE before (a browser's replaced encoder, a restarted camera). */
static void a_source_that_starts_anew_goes_on(void)
{
	struct viewer seen = {0};
	struct world world;
	struct client *sender;
	uint32_t asked;

	world_init(&world, &(struct world_config){.seed = 9, .video_max_encoding = -1});
	sender = world_add_caller(&world, 1, 10000);
	add_viewer(&world, 9, &seen);
	for (unsigned round = 0; round < 4; round++) {
		struct client_encoding *encoding = &sender->source[1].encoding[0];

		world_run(&world, 3 * SECOND);
		if (round % 2) {
			uint8_t buf[256];
			struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);

			rtcp_write_rr(&w, encoding->ssrc, NULL, 0);
			rtcp_write_bye(&w, &encoding->ssrc, 1);
			client_send_rtcp(sender, world.now_us, &w, buf, sizeof(buf));
		}
		encoding->ssrc += 1000;
		encoding->rtx_ssrc += 1000;
		encoding->seq = (uint16_t)(encoding->seq + 20000);
		encoding->ts_base += 777777777;
		encoding->picture_id = (uint16_t)((encoding->picture_id + 9999) & 0x7fff);
		encoding->tl0picidx = (uint8_t)(encoding->tl0picidx + 99);
		asked = encoding->requests;
		world_run(&world, SECOND);
		/* No keyframe begins the new stream: it was asked for, once. */
		g_assert_cmpuint(encoding->requests - asked, ==, 1);
	}
	g_assert_cmpuint(seen.video.packets, >, 14 * 60);
	world_close(&world);
}

static void slots_stay_as_they_are_when_others_come(void)
{
	struct viewer seen = {0};
	struct world world;
	struct client *viewer;
	const struct engine_event *wanted;

	world_init(&world, &(struct world_config){.seed = 4, .video_max_encoding = -1});
	world_add_caller(&world, 1, 10000);
	viewer = add_viewer(&world, 9, &seen);
	world_run(&world, 2 * SECOND);
	g_assert_null(world_event(&world, ENGINE_SLOTS_SHORT, 9));
	world_add_caller(&world, 2, 10000);
	world_run(&world, 2 * SECOND);
	g_assert_cmpuint(world_shown(&world, viewer, 1), ==, 11);
	g_assert_cmpuint(seen.video.switches, ==, 0);
	wanted = world_event(&world, ENGINE_SLOTS_SHORT, 9);
	g_assert_nonnull(wanted);
	g_assert_cmpuint(wanted->wanted, ==, 2);
	/* Once per kind and number. */
	g_assert_cmpuint(world_count_events(&world, ENGINE_SLOTS_SHORT, 9), ==, 2);
	world_add_caller(&world, 3, 10000);
	world_run(&world, SECOND);
	g_assert_cmpuint(world_count_events(&world, ENGINE_SLOTS_SHORT, 9), ==, 4);
	g_assert_cmpuint(world_event(&world, ENGINE_SLOTS_SHORT, 9)->wanted, ==, 3);
	world_close(&world);
}

/* More slots by a new round: the first ones go on undisturbed, the new ones fill. */
static void a_new_round_keeps_what_is_shown(void)
{
	struct viewer seen = {0};
	struct world world;
	struct client *viewer;
	struct transport_params *params = g_new(struct transport_params, 1);
	struct mline_params *added;

	world_init(&world, &(struct world_config){.seed = 8, .video_max_encoding = -1});
	world_add_caller(&world, 1, 10000);
	world_add_caller(&world, 2, 20000);
	viewer = add_viewer(&world, 9, &seen);
	world_run(&world, 3 * SECOND);
	client_params(viewer, WORLD_ROOM, params);
	added = &params->mline[params->mline_count++];
	*added = params->mline[1];
	memcpy(added->mid, "2", 2);
	added->send_ssrc = 0x12345;
	added->send_rtx_ssrc = 0x12346;
	viewer->slot[2] = viewer->slot[1];
	viewer->slot[2].ssrc = 0x12345;
	viewer->slot[2].rtx_ssrc = 0x12346;
	viewer->slot[2].seen = g_malloc0(CLIENT_SEEN);
	viewer->slot[2].received = 0;
	viewer->slot_count = 3;
	viewer->watch = NULL; /* the new slot has a stream of its own */
	g_assert_cmpint(engine_transport_update(world.engine, world.now_us, params), ==, 0);
	world_run(&world, 3 * SECOND);
	g_assert_cmpuint(world_shown(&world, viewer, 1), ==, 11);
	g_assert_cmpuint(world_shown(&world, viewer, 2), ==, 21);
	g_assert_cmpuint(viewer->slot[2].received, >, 2 * 60);
	g_assert_cmpfloat(client_missing(&viewer->slot[1]), ==, 0);
	g_free(params);
	world_close(&world);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/slot-switch/numbers-go-on-when-the-track-changes",
			numbers_go_on_when_the_track_changes);
	g_test_add_func("/slot-switch/a-source-that-starts-anew-goes-on",
			a_source_that_starts_anew_goes_on);
	g_test_add_func("/slot-switch/slots-stay-as-they-are-when-others-come",
			slots_stay_as_they_are_when_others_come);
	g_test_add_func("/slot-switch/a-new-round-keeps-what-is-shown",
			a_new_round_keeps_what_is_shown);
	return g_test_run();
}
