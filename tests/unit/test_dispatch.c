/* SPDX-License-Identifier: EUPL-1.2 */
/* Whose turn it is on a link: small rooms, a viewer whose REMB sets the pace exactly. */
#include "tests/support/route_call.h"

#include "media/route/dispatch.h"
#include "media/route/replay.h"

#define SECOND 1000000
#define SHOWN  2002 /* the viewer's slots */
#define HEARD  1002
#define RTX    3002

static struct call call;
static struct call_person *publisher;
static struct call_person *viewer;

/* The second watches the first over a link of this rate. */
static void begin(uint64_t bps)
{
	call_open(&call);
	publisher = call_enter(&call, 1, false);
	viewer = call_enter(&call, 2, false);
	call_talk(&call, publisher, SECOND, 300);
	g_assert_cmpuint(call_count(viewer, 0, SHOWN), >, 10);
	call_remb(&call, viewer, bps);
	call_run(&call, SECOND / 5);
}

static struct dispatch *queue(void)
{
	return &viewer->peer->dispatch;
}

static struct sub *shown(void)
{
	return viewer->peer->sub[CALL_SHOWN];
}

/* Pictures of ten large packets each, all at once. */
static void burst(unsigned pictures)
{
	publisher->camera.wants_keyframe = true;
	for (unsigned i = 0; i < pictures; i++)
		call_send(&call, publisher, ENGINE_MEDIA_VP8, 10, 1000);
}

static void pictures_leave_at_the_pace(void)
{
	size_t from;
	int64_t start_us;
	size_t bytes = 0;

	begin(400000);
	from = viewer->got_count;
	start_us = call.now_us;
	burst(1);
	g_assert_cmpuint(call_count(viewer, from, SHOWN), <, 3);
	g_assert_cmpuint(shown()->waiting.count, >, 7);
	call_run(&call, SECOND);
	g_assert_cmpuint(call_count(viewer, from, SHOWN), ==, 10);
	for (size_t i = from; i < viewer->got_count; i++) {
		int64_t since_us = viewer->got[i].at_us - start_us;

		/* What went before this one had its time. */
		g_assert_cmpint((int64_t)bytes * 8 * SECOND / 400000, <=,
				since_us + PACER_BURST_US);
		bytes += viewer->got[i].len;
	}
	g_assert_true(call_is_continuous(viewer, SHOWN));
	call_close(&call);
}

static void sound_goes_at_once_past_pictures_that_wait(void)
{
	size_t from;

	begin(100000);
	burst(1);
	g_assert_cmpuint(shown()->waiting.count, >, 0);
	from = viewer->got_count;
	call_send(&call, publisher, ENGINE_MEDIA_OPUS, 1, 0);
	call_send(&call, publisher, ENGINE_MEDIA_OPUS, 1, 0);
	call_send(&call, publisher, ENGINE_MEDIA_OPUS, 1, 0);
	g_assert_cmpuint(call_count(viewer, from, HEARD), >=, 1);
	g_assert_cmpint(call_first(viewer, from, HEARD)->at_us, ==, call.now_us);
	call_close(&call);
}

static void tones_go_at_once_too(void)
{
	size_t from;

	begin(100000);
	burst(1);
	g_assert_cmpuint(shown()->waiting.count, >, 0);
	from = viewer->got_count;
	call_send(&call, publisher, ENGINE_MEDIA_TONE, 1, 0);
	g_assert_nonnull(call_first(viewer, from, HEARD));
	g_assert_cmpuint(viewer->got[viewer->got_count - 1].pt, ==, 110);
	call_close(&call);
}

/* Pictures of the timestamps that came have all their packets. */
static void assert_whole(size_t from, size_t parts)
{
	for (size_t i = from; i < viewer->got_count; i++) {
		size_t same = 0;

		if (viewer->got[i].ssrc != SHOWN)
			continue;
		for (size_t k = from; k < viewer->got_count; k++)
			same += viewer->got[k].ssrc == SHOWN &&
				viewer->got[k].timestamp == viewer->got[i].timestamp;
		g_assert_cmpuint(same, ==, parts);
	}
}

static void what_waited_too_long_is_left_out_as_whole_pictures(void)
{
	size_t from;
	uint64_t late;

	begin(400000);
	from = viewer->got_count;
	late = call_stats(&call).dropped_late;
	burst(6);
	call_run(&call, 3 * SECOND);
	g_assert_cmpuint(shown()->waiting.count, ==, 0);
	g_assert_cmpuint(call_stats(&call).dropped_late - late, >=, 10);
	g_assert_cmpuint(call_count(viewer, from, SHOWN), >=, 10);
	g_assert_cmpuint(call_count(viewer, from, SHOWN), <, 60);
	assert_whole(from, 10);
	g_assert_true(call_is_continuous(viewer, SHOWN));
	call_close(&call);
}

static uint16_t last_shown(void)
{
	uint16_t seq = 0;

	for (size_t i = 0; i < viewer->got_count; i++)
		if (viewer->got[i].ssrc == SHOWN)
			seq = viewer->got[i].seq;
	return seq;
}

static void repair_goes_before_pictures(void)
{
	size_t from;
	uint16_t missed;

	begin(400000);
	missed = last_shown();
	burst(1);
	from = viewer->got_count;
	call_nack(&call, viewer, SHOWN, missed);
	g_assert_cmpuint(queue()->repair_count, ==, 1);
	call_run(&call, SECOND);
	g_assert_nonnull(call_first(viewer, from, RTX));
	g_assert_cmpuint(call_first(viewer, from, RTX)->original_seq, ==, missed);
	g_assert_true(call_first(viewer, from, RTX) < call_first(viewer, from, SHOWN));
	call_close(&call);
}

static void repairs_that_wait_are_capped_and_age(void)
{
	size_t from;
	uint16_t newest;

	begin(30000);
	burst(1);
	newest = last_shown();
	for (unsigned i = 0; i < LIMIT_WAITING_REPAIRS + 50; i++)
		call_nack(&call, viewer, SHOWN, (uint16_t)(newest - i));
	g_assert_cmpuint(queue()->repair_count, ==, LIMIT_WAITING_REPAIRS);
	from = viewer->got_count;
	call_run(&call, 7 * SECOND / 10);
	/* 0.4 s of the link at most; the others were asked for too long ago. */
	g_assert_cmpuint(queue()->repair_count, ==, 0);
	g_assert_cmpuint(call_count(viewer, from, RTX), >=, 1);
	g_assert_cmpuint(call_count(viewer, from, RTX), <, 8);
	call_close(&call);
}

static void a_repair_waits_once(void)
{
	begin(30000);
	burst(1);
	for (unsigned i = 0; i < 10; i++)
		call_nack(&call, viewer, SHOWN, last_shown());
	g_assert_cmpuint(queue()->repair_count, ==, 1);
	call_close(&call);
}

/* The room that a large repair waits for is not taken by small pictures, again and again. */
static void small_pictures_do_not_pass_a_repair(void)
{
	size_t from;
	uint16_t missed;

	begin(200000);
	publisher->camera.wants_keyframe = true;
	call_send(&call, publisher, ENGINE_MEDIA_VP8, 1, 1100);
	call_run(&call, SECOND / 5);
	missed = last_shown();
	for (unsigned i = 0; i < 40; i++)
		call_send(&call, publisher, ENGINE_MEDIA_VP8, 1, 100);
	from = viewer->got_count;
	call_nack(&call, viewer, SHOWN, missed);
	call_run(&call, SECOND / 5);
	g_assert_nonnull(call_first(viewer, from, RTX));
	g_assert_cmpuint(call_first(viewer, from, RTX)->original_seq, ==, missed);
	g_assert_true(call_first(viewer, from, RTX) < call_first(viewer, from, SHOWN));
	call_close(&call);
}

static void a_slot_that_goes_takes_its_repairs(void)
{
	begin(30000);
	burst(1);
	for (size_t i = 0; i < viewer->got_count; i++)
		if (viewer->got[i].ssrc == SHOWN)
			call_nack(&call, viewer, SHOWN, viewer->got[i].seq);
	g_assert_cmpuint(queue()->repair_count, >, 2);
	g_assert_true(queue()->repair[queue()->repair_head].sub == shown());
	viewer->params.mline[CALL_SHOWN].send_ssrc = 2102;
	viewer->params.mline[CALL_SHOWN].send_rtx_ssrc = 3102;
	call_update(&call, viewer);
	g_assert_cmpuint(queue()->repair_count, >, 2);
	for (size_t i = 0; i < queue()->repair_count; i++)
		g_assert_null(
			queue()->repair[(queue()->repair_head + i) % LIMIT_WAITING_REPAIRS].sub);
	call_run(&call, SECOND);
	g_assert_cmpuint(queue()->repair_count, ==, 0);
	call_close(&call);
}

static void a_track_that_goes_takes_what_waits(void)
{
	begin(400000);
	burst(1);
	g_assert_cmpuint(shown()->waiting.count, >, 0);
	call_leave(&call, publisher);
	g_assert_cmpuint(shown()->waiting.count, ==, 0);
	call_run(&call, SECOND);
	call_close(&call);
}

/* VP8 has another place in the list: what was read at the old one is not sent as what stands there
 * now. */
static void codecs_in_another_order_leave_out_what_waits(void)
{
	struct mline_params *camera;
	struct codec_params vp8;
	size_t from;

	begin(400000);
	burst(1);
	g_assert_cmpuint(shown()->waiting.count, >, 0);
	camera = &publisher->params.mline[CALL_CAMERA];
	vp8 = camera->codec[0];
	camera->codec[0] = camera->codec[1];
	camera->codec[1] = vp8;
	from = viewer->got_count;
	call_update(&call, publisher);
	g_assert_cmpuint(shown()->waiting.count, ==, 0);
	g_assert_false(run_is_usable(track_run(publisher->peer->track[CALL_CAMERA], 0)));
	call_talk(&call, publisher, SECOND, 100);
	g_assert_cmpuint(call_count(viewer, from, SHOWN), >, 10);
	for (size_t i = from; i < viewer->got_count; i++)
		g_assert_true(viewer->got[i].ssrc != SHOWN || viewer->got[i].pt == 96);
	g_assert_true(call_is_continuous(viewer, SHOWN));
	call_close(&call);
}

/* Of a run that waits too long nothing goes, and no number is missing of what lay between its
 * pictures. */
static void a_run_that_is_late_leaves_no_gap(void)
{
	struct track *track;
	uint64_t late;

	begin(800000);
	call_talk(&call, publisher, 2 * SECOND, 1000);
	call_remb(&call, viewer, 30000);
	track = publisher->peer->track[CALL_CAMERA];
	late = call_stats(&call).dropped_late;
	g_assert_true(replay_begin(shown(), call.now_us, track, 0, run_count(track_run(track, 0))));
	call_run(&call, 2 * SECOND);
	g_assert_cmpuint(call_stats(&call).dropped_late - late, >, 5);
	call_remb(&call, viewer, 400000);
	publisher->camera.wants_keyframe = true;
	call_talk(&call, publisher, 4 * SECOND, 300);
	g_assert_cmpuint(shown()->waiting.count, ==, 0);
	g_assert_true(call_is_continuous(viewer, SHOWN));
	call_close(&call);
}

/* A full queue breaks the picture off: it begins anew, with a keyframe that is asked for or kept.
 */
static void a_full_queue_begins_anew(void)
{
	struct engine_stats before;
	struct engine_stats after;
	size_t from;

	begin(400000);
	before = call_stats(&call);
	for (unsigned i = 0; i < LIMIT_WAITING_PACKETS / 10 + 4; i++)
		call_send(&call, publisher, ENGINE_MEDIA_VP8, 10, 1000);
	g_assert_cmpuint(shown()->waiting.count, >, LIMIT_WAITING_PACKETS / 2);
	g_assert_cmpuint(shown()->waiting.count, <=, LIMIT_WAITING_PACKETS);
	call_run(&call, SECOND / 2);
	after = call_stats(&call);
	g_assert_cmpuint(after.keyframe_requests_out + after.replays, >,
			 before.keyframe_requests_out + before.replays);
	/* Until what was measured of the source has calmed down. */
	call_talk(&call, publisher, 8 * SECOND, 100);
	from = viewer->got_count;
	call_talk(&call, publisher, SECOND, 100);
	g_assert_cmpuint(call_count(viewer, from, SHOWN), >, 10);
	g_assert_true(call_is_continuous(viewer, SHOWN));
	call_close(&call);
}

#define ADD(test) g_test_add_func("/dispatch/" #test, test)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(pictures_leave_at_the_pace);
	ADD(sound_goes_at_once_past_pictures_that_wait);
	ADD(tones_go_at_once_too);
	ADD(what_waited_too_long_is_left_out_as_whole_pictures);
	ADD(repair_goes_before_pictures);
	ADD(repairs_that_wait_are_capped_and_age);
	ADD(a_repair_waits_once);
	ADD(small_pictures_do_not_pass_a_repair);
	ADD(a_slot_that_goes_takes_its_repairs);
	ADD(a_track_that_goes_takes_what_waits);
	ADD(codecs_in_another_order_leave_out_what_waits);
	ADD(a_run_that_is_late_leaves_no_gap);
	ADD(a_full_queue_begins_anew);
	return g_test_run();
}
