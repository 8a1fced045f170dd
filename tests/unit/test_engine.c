/* SPDX-License-Identifier: EUPL-1.2 */
/* Commands, their errors and the caps; calls themselves are in tests/sim. */
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "media/route/engine.h"
#include "media/wire/srtp.h"

static struct cert *cert;
static struct transport_params params;

static struct engine *new_engine(size_t max_rooms, size_t max_transports)
{
	struct engine_config config = {
		.cert = cert,
		.rng = rng_seeded(1),
		.max_pkts = 64,
		.max_rooms = max_rooms,
		.max_transports = max_transports,
		.video_max_encoding = 2,
	};
	struct engine *engine;

	g_assert_cmpint(engine_new(&engine, 0, &config), ==, 0);
	return engine;
}

static struct mline_params *add_mline(unsigned use, uint32_t number)
{
	struct mline_params *mline = &params.mline[params.mline_count];

	*mline = (struct mline_params){.kind = MEDIA_AUDIO, .use = use};
	g_snprintf(mline->mid, sizeof(mline->mid), "%zu", params.mline_count++);
	mline->codec[0] = (struct codec_params){.codec = CODEC_OPUS, .pt = 111, .clock_hz = 48000};
	mline->codec_count = 1;
	mline->track_id = number;
	mline->send_ssrc = number;
	return mline;
}

/* Transport `id` with nothing in it yet. */
static void begin(uint32_t room, uint32_t id)
{
	memset(&params, 0, sizeof(params));
	params.room_id = room;
	params.transport_id = id;
	params.owner = id;
	g_snprintf(params.local.ufrag, sizeof(params.local.ufrag), "user%u", id);
	g_snprintf(params.local.pwd, sizeof(params.local.pwd), "aPasswordLongEnough%u", id);
	params.dtls_role = DTLS_CLIENT; /* no handshake object until a check comes: cheap */
}

static struct engine_stats stats_of(const struct engine *engine)
{
	struct engine_stats stats;

	engine_stats(engine, &stats);
	return stats;
}

static void rooms_are_capped(void)
{
	struct engine *engine = new_engine(2, 4);

	g_assert_cmpint(engine_room_open(engine, 1), ==, 0);
	g_assert_cmpint(engine_room_open(engine, 1), ==, -EEXIST);
	g_assert_cmpint(engine_room_open(engine, 2), ==, 0);
	g_assert_cmpint(engine_room_open(engine, 3), ==, -ENOSPC);
	engine_room_close(engine, 0, 1);
	engine_room_close(engine, 0, 77);
	g_assert_cmpint(engine_room_open(engine, 3), ==, 0);
	g_assert_cmpuint(stats_of(engine).rooms, ==, 2);
	engine_free(engine);
	engine_free(NULL);
}

static void transports_are_capped(void)
{
	struct engine *engine = new_engine(2, 3);

	g_assert_cmpint(engine_room_open(engine, 1), ==, 0);
	begin(9, 1);
	g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, -ENOENT);
	for (uint32_t id = 1; id <= 3; id++) {
		begin(1, id);
		g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, 0);
	}
	g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, -EEXIST);
	begin(1, 4);
	g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, -ENOSPC);
	engine_transport_close(engine, 0, 2);
	engine_transport_close(engine, 0, 2);
	g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, 0);
	/* The user name is taken. */
	engine_transport_close(engine, 0, 1);
	begin(1, 5);
	g_strlcpy(params.local.ufrag, "user4", sizeof(params.local.ufrag));
	g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, -EEXIST);
	g_assert_cmpuint(stats_of(engine).transports, ==, 2);
	engine_free(engine);
}

static void a_room_is_capped(void)
{
	struct engine *engine = new_engine(1, LIMIT_ROOM_TRANSPORTS + 1);

	g_assert_cmpint(engine_room_open(engine, 1), ==, 0);
	for (uint32_t id = 1; id <= LIMIT_ROOM_TRANSPORTS; id++) {
		begin(1, id);
		g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, 0);
	}
	begin(1, LIMIT_ROOM_TRANSPORTS + 1);
	g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, -ENOSPC);
	engine_room_close(engine, 0, 1);
	g_assert_cmpuint(stats_of(engine).transports, ==, 0);
	g_assert_cmpint(engine_deadline_us(engine), ==, INT64_MAX);
	engine_free(engine);
}

static void tracks_of_a_room_are_capped(void)
{
	struct engine *engine = new_engine(1, 8);
	uint32_t id = 1;

	g_assert_cmpint(engine_room_open(engine, 1), ==, 0);
	for (; id <= LIMIT_ROOM_TRACKS / 32; id++) {
		begin(1, id);
		for (uint32_t n = 0; n < 32; n++)
			add_mline(MLINE_TRACK, id * 100 + n);
		g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, 0);
	}
	g_assert_cmpuint(stats_of(engine).tracks, ==, LIMIT_ROOM_TRACKS);
	/* One round may exchange tracks at the cap, but not add one. */
	params.mline[0].track_id = 9999;
	g_assert_cmpint(engine_transport_update(engine, 0, &params), ==, 0);
	add_mline(MLINE_TRACK, 5000);
	g_assert_cmpint(engine_transport_update(engine, 0, &params), ==, -ENOSPC);
	begin(1, id);
	add_mline(MLINE_TRACK, 5000);
	g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, -ENOSPC);
	g_assert_cmpuint(stats_of(engine).tracks, ==, LIMIT_ROOM_TRACKS);
	engine_free(engine);
}

static int open_result(struct engine *engine)
{
	int result = engine_transport_open(engine, 0, &params);

	engine_transport_close(engine, 0, params.transport_id);
	return result;
}

static void nonsense_is_refused(void)
{
	struct engine *engine = new_engine(1, 8);

	g_assert_cmpint(engine_room_open(engine, 1), ==, 0);
	begin(1, 1);
	add_mline(MLINE_TRACK, 0);
	g_assert_cmpint(open_result(engine), ==, -EINVAL);
	params.mline[0].track_id = 1;
	g_assert_cmpint(open_result(engine), ==, 0);
	params.mline[0].codec_count = LIMIT_CODECS + 1;
	g_assert_cmpint(open_result(engine), ==, -EINVAL);
	params.mline[0].codec_count = 1;
	params.mline[0].use = MLINE_SLOT;
	g_assert_cmpint(open_result(engine), ==, -EINVAL);
	params.mline[0].send_ssrc = 5;
	memset(params.mline[0].mid, 'm', sizeof(params.mline[0].mid));
	g_assert_cmpint(open_result(engine), ==, -EINVAL);
	params.mline[0].mid[1] = '\0';
	params.mline_count = LIMIT_MLINES + 1;
	g_assert_cmpint(open_result(engine), ==, -EINVAL);
	params.mline_count = 1;
	params.local.pwd[0] = '\0';
	g_assert_cmpint(open_result(engine), ==, -EINVAL);
	begin(1, 0);
	g_assert_cmpint(open_result(engine), ==, -EINVAL);
	engine_free(engine);
}

static void role_and_fingerprint_may_not_change(void)
{
	struct engine *engine = new_engine(1, 8);

	g_assert_cmpint(engine_room_open(engine, 1), ==, 0);
	begin(1, 1);
	g_assert_cmpint(engine_transport_update(engine, 0, &params), ==, -ENOENT);
	g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, 0);
	g_assert_cmpint(engine_transport_update(engine, 0, &params), ==, 0);
	params.remote_fingerprint[0] ^= 1;
	g_assert_cmpint(engine_transport_update(engine, 0, &params), ==, -EINVAL);
	params.remote_fingerprint[0] ^= 1;
	params.dtls_role = DTLS_SERVER;
	g_assert_cmpint(engine_transport_update(engine, 0, &params), ==, -EINVAL);
	engine_free(engine);
}

/* The last ENGINE_SLOT of a transport's m-line, or -1. */
static int64_t take_shown(struct engine *engine, uint32_t transport, const char *mid)
{
	struct engine_event event;
	int64_t shown = -1;

	while (engine_event(engine, &event))
		if (event.type == ENGINE_SLOT && event.transport_id == transport &&
		    strcmp(event.mid, mid) == 0)
			shown = event.track_id;
	return shown;
}

static void slots_follow_owners_and_codecs(void)
{
	struct engine *engine = new_engine(1, 8);

	g_assert_cmpint(engine_room_open(engine, 1), ==, 0);
	begin(1, 1);
	add_mline(MLINE_TRACK | MLINE_SLOT, 10); /* sendrecv: a source and a slot in one */
	g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, 0);
	g_assert_cmpint(take_shown(engine, 1, "0"), ==, -1); /* never one's own */
	begin(1, 2);
	params.owner = 1; /* the same person's second connection */
	add_mline(MLINE_TRACK, 20);
	g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, 0);
	g_assert_cmpint(take_shown(engine, 1, "0"), ==, -1);
	begin(1, 3);
	add_mline(MLINE_TRACK, 30)->codec[0].clock_hz = 8000; /* nothing in common */
	g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, 0);
	g_assert_cmpint(take_shown(engine, 1, "0"), ==, -1);
	begin(1, 4);
	add_mline(MLINE_TRACK, 40);
	g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, 0);
	g_assert_cmpint(take_shown(engine, 1, "0"), ==, 40);
	begin(1, 5);
	params.only_owner = 1;
	add_mline(MLINE_SLOT, 50);
	add_mline(MLINE_SLOT, 51);
	add_mline(MLINE_SLOT, 52);
	g_assert_cmpint(engine_transport_open(engine, 0, &params), ==, 0);
	g_assert_cmpint(take_shown(engine, 5, "1"), ==, 20);
	engine_transport_close(engine, 0, 4);
	g_assert_cmpint(take_shown(engine, 1, "0"), ==, 0);
	engine_free(engine);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_cmpint(srtp_link_library_init(), ==, 0);
	g_assert_cmpint(cert_new(&cert, 1760000000), ==, 0);
	g_test_add_func("/engine/rooms-are-capped", rooms_are_capped);
	g_test_add_func("/engine/transports-are-capped", transports_are_capped);
	g_test_add_func("/engine/a-room-is-capped", a_room_is_capped);
	g_test_add_func("/engine/tracks-of-a-room-are-capped", tracks_of_a_room_are_capped);
	g_test_add_func("/engine/nonsense-is-refused", nonsense_is_refused);
	g_test_add_func("/engine/role-and-fingerprint-may-not-change",
			role_and_fingerprint_may_not_change);
	g_test_add_func("/engine/slots-follow-owners-and-codecs", slots_follow_owners_and_codecs);
	int failed = g_test_run();
	cert_free(cert);
	return failed;
}
