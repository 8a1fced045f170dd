/* SPDX-License-Identifier: EUPL-1.2 */
/* What a viewer begins with, and stills: the cached run where that will do, else a keyframe. */
#include "tests/support/route_call.h"

#include "media/route/replay.h"

#define SECOND 1000000
#define SHOWN  2002

static struct call call;
static struct call_person *publisher;

static void begin(size_t size)
{
	call_open(&call);
	publisher = call_enter(&call, 1, false);
	call_talk(&call, publisher, SECOND, size);
}

static struct call_person *join(void)
{
	return call_enter(&call, 2, false);
}

/* VP8 (RFC 7741 4.3): the P bit behind our descriptor of six bytes. */
static bool is_key(const struct call_packet *packet)
{
	return !(packet->payload[6] & 1);
}

static size_t count_keys(const struct call_person *p, size_t from)
{
	size_t count = 0;

	for (size_t i = from; i < p->got_count; i++)
		count += p->got[i].ssrc == SHOWN && is_key(&p->got[i]);
	return count;
}

static void who_joins_gets_the_cached_run(void)
{
	struct call_person *viewer;
	int64_t start_us;

	begin(300);
	viewer = join();
	start_us = call.now_us;
	call_run(&call, SECOND / 5);
	g_assert_cmpuint(call_stats(&call).replays, ==, 1);
	g_assert_cmpuint(call_stats(&call).keyframe_requests_out, ==, 0);
	g_assert_nonnull(call_first(viewer, 0, SHOWN));
	g_assert_true(is_key(call_first(viewer, 0, SHOWN)));
	g_assert_cmpint(call_first(viewer, 0, SHOWN)->at_us - start_us, <, 100000);
	g_assert_true(call_is_continuous(viewer, SHOWN));
	call_close(&call);
}

static void pictures_go_on_behind_the_run(void)
{
	struct call_person *viewer;
	size_t before;

	begin(300);
	viewer = join();
	call_run(&call, SECOND / 2);
	before = call_count(viewer, 0, SHOWN);
	for (unsigned i = 0; i < 30; i++) {
		call_send(&call, publisher, ENGINE_MEDIA_VP8, 1, 300);
		call_run(&call, 33000);
	}
	g_assert_cmpuint(call_count(viewer, 0, SHOWN), >, before + 10);
	g_assert_cmpuint(count_keys(viewer, 0), ==, 1);
	g_assert_true(call_is_continuous(viewer, SHOWN));
	call_close(&call);
}

/* Without a run, or when it would take the link too long, the publisher is asked. */
static void an_old_run_is_no_beginning(void)
{
	struct call_person *viewer;

	begin(300);
	call_run(&call, 4 * SECOND);
	viewer = join();
	call_send(&call, publisher, ENGINE_MEDIA_VP8, 1, 300);
	call_run(&call, SECOND / 5);
	for (unsigned i = 0; i < 30; i++) {
		call_send(&call, publisher, ENGINE_MEDIA_VP8, 1, 300);
		call_run(&call, 33000);
	}
	g_assert_cmpuint(call_stats(&call).replays, ==, 0);
	g_assert_cmpuint(call_stats(&call).keyframe_requests_out, >=, 1);
	g_assert_cmpuint(call_count(viewer, 0, SHOWN), ==, 0);
	publisher->camera.wants_keyframe = true;
	call_send(&call, publisher, ENGINE_MEDIA_VP8, 1, 300);
	call_run(&call, SECOND / 5);
	g_assert_cmpuint(count_keys(viewer, 0), ==, 1);
	call_close(&call);
}

static void a_run_must_leave_the_link_in_time(void)
{
	struct call_person *viewer;
	struct sub *sub;
	const struct run *run;
	int64_t most_us;

	begin(600);
	viewer = join();
	sub = viewer->peer->sub[CALL_SHOWN];
	run = track_run(publisher->peer->track[CALL_CAMERA], 0);
	g_assert_true(run_is_usable(run));
	sub->budget_bps = 400000; /* less than the link, what the others leave */
	most_us = (int64_t)run_bytes(run) * 8 * SECOND / 400000;
	g_assert_true(replay_fits(sub, call.now_us, run, most_us));
	g_assert_false(replay_fits(sub, call.now_us, run, most_us - 1));
	g_assert_false(replay_fits(sub, call.now_us + 11 * SECOND, run, most_us));
	g_assert_false(replay_fits(sub, call.now_us, NULL, most_us));
	call_close(&call);
}

static void a_viewer_that_lost_its_picture_gets_a_keyframe(void)
{
	struct call_person *viewer;
	uint64_t asked;

	begin(300);
	viewer = join();
	call_talk(&call, publisher, SECOND, 300);
	asked = call_stats(&call).keyframe_requests_out;
	call_pli(&call, viewer, SHOWN);
	call_run(&call, SECOND / 20);
	g_assert_cmpuint(call_stats(&call).keyframe_requests_out, ==, asked + 1);
	call_close(&call);
}

/* On a link too thin for pictures: whole keyframes, a period apart, and nothing between. */
static void stills_come_whole_and_apart(void)
{
	struct call_person *viewer;
	struct sub *sub;
	const struct call_packet *last = NULL;
	size_t stills = 0;
	size_t close = 0;
	size_t from;

	begin(800);
	viewer = join();
	call_talk(&call, publisher, 2 * SECOND, 800);
	call_remb(&call, viewer, 100000);
	call_talk(&call, publisher, SECOND, 800);
	sub = viewer->peer->sub[CALL_SHOWN];
	g_assert_cmpint(sub->still_period_us, >, 0);
	call_run(&call, 2 * SECOND);
	from = viewer->got_count;
	for (unsigned i = 0; i < 20; i++)
		call_talk(&call, publisher, SECOND, 800);
	for (size_t i = from; i < viewer->got_count; i++) {
		if (viewer->got[i].ssrc != SHOWN)
			continue;
		g_assert_true(is_key(&viewer->got[i]));
		close += last && viewer->got[i].at_us - last->at_us < SECOND;
		last = &viewer->got[i];
		stills++;
	}
	g_assert_cmpuint(stills, >=, 3);
	g_assert_cmpuint(stills, <=, 11);
	/* One that was late may be followed by one in time. */
	g_assert_cmpuint(close, <=, 1);
	g_assert_true(call_is_continuous(viewer, SHOWN));
	call_close(&call);
}

#define ADD(test) g_test_add_func("/serve/" #test, test)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(who_joins_gets_the_cached_run);
	ADD(pictures_go_on_behind_the_run);
	ADD(an_old_run_is_no_beginning);
	ADD(a_run_must_leave_the_link_in_time);
	ADD(a_viewer_that_lost_its_picture_gets_a_keyframe);
	ADD(stills_come_whole_and_apart);
	return g_test_run();
}
