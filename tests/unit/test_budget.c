/* SPDX-License-Identifier: EUPL-1.2 */
/* What each stream of a link may send: sound first, then pictures by priority. */
#include "media/route/match.h"
#include "tests/support/route_call.h"

#define SECOND 1000000
#define SHOWN  2002
#define HEARD  1002

static struct call call;
static struct call_person *publisher;
static struct call_person *viewer;

static void begin(void)
{
	call_open(&call);
	publisher = call_enter(&call, 1, false);
	viewer = call_enter(&call, 2, false);
	call_talk(&call, publisher, 2 * SECOND, 600);
	g_assert_cmpuint(call_count(viewer, 0, SHOWN), >, 10);
}

static struct sub *sub_of(size_t mline)
{
	return viewer->peer->sub[mline];
}

static void sound_is_paid_first(void)
{
	begin();
	g_assert_cmpuint(sub_of(CALL_HEARD)->cost_bps, >, 0);
	call_remb(&call, viewer, 60000);
	call_talk(&call, publisher, SECOND, 600);
	/* No picture of this size fits; the voice is there all the same. */
	g_assert_cmpint(sub_of(CALL_SHOWN)->selector.want.encoding, ==, LAYERS_NONE);
	g_assert_true(sub_of(CALL_HEARD)->is_heard);
	g_assert_cmpuint(sub_of(CALL_HEARD)->cost_bps, <, 60000);
	call_close(&call);
}

/* The room learns of it once, not with each sharing. */
static void a_picture_sent_otherwise_is_told_once(void)
{
	size_t before;
	size_t told = 0;

	begin();
	before = call.event_count;
	call_remb(&call, viewer, 60000);
	call_talk(&call, publisher, 3 * SECOND, 600);
	for (size_t i = before; i < call.event_count; i++) {
		const struct engine_event *event = &call.event[i];

		if (event->type != ENGINE_PICTURE)
			continue;
		g_assert_cmpuint(event->transport_id, ==, 2);
		g_assert_cmpuint(event->track_id, ==, 12);
		g_assert_cmpstr(event->mid, ==, "3");
		g_assert_cmpint(event->picture, !=, ENGINE_PICTURE_FULL);
		told++;
	}
	g_assert_cmpuint(told, >=, 1);
	g_assert_cmpuint(told, <=, 2); /* reduced, stills or none on the way down */
	call_close(&call);
}

/* Codecs changed under it: what it could have sent before is not reckoned with. */
static void what_cannot_be_shown_gets_nothing(void)
{
	struct sub *sub;

	begin();
	sub = sub_of(CALL_SHOWN);
	g_assert_cmpuint(sub->share.point_count, >, 0);
	g_assert_cmpuint(sub->cost_bps, >, 0);
	for (size_t i = 0; i < LIMIT_CODECS; i++)
		sub->codec[i] = MATCH_NONE;
	budget_share(&viewer->peer->budget, call.now_us, &viewer->peer->dispatch);
	g_assert_cmpuint(sub->share.point_count, ==, 0);
	g_assert_cmpuint(sub->cost_bps, ==, 0);
	call_close(&call);
}

static void it_is_shared_out_anew_in_time_and_when_the_target_moves(void)
{
	struct budget *budget;
	int64_t shared_us;

	begin();
	budget = &viewer->peer->budget;
	shared_us = budget->shared_us;
	call_run(&call, 600000);
	g_assert_cmpint(budget->shared_us, >, shared_us);
	g_assert_cmpint(budget->shared_us, >=, call.now_us - 500000);
	call_run(&call, 10000);
	call_remb(&call, viewer, 500000);
	g_assert_cmpint(budget->shared_us, ==, call.now_us);
	/* 3 % are not worth it. */
	call_run(&call, 10000);
	call_remb(&call, viewer, 501000);
	g_assert_cmpint(budget->shared_us, <, call.now_us);
	call_close(&call);
}

static void the_important_come_first(void)
{
	struct call_person *other;

	begin();
	other = call_enter(&call, 3, false);
	viewer->params.mline[CALL_HEARD].send_ssrc = 1002;
	call_talk(&call, other, SECOND / 2, 300);
	publisher->params.mline[CALL_CAMERA].priority = 1;
	publisher->params.mline[CALL_VOICE].priority = 5;
	call_update(&call, publisher);
	call_run(&call, SECOND);
	g_assert_cmpuint(sub_of(CALL_HEARD)->rank, <, sub_of(CALL_SHOWN)->rank);
	publisher->params.mline[CALL_CAMERA].priority = 9;
	call_update(&call, publisher);
	call_run(&call, SECOND);
	g_assert_cmpuint(sub_of(CALL_HEARD)->rank, >, sub_of(CALL_SHOWN)->rank);
	call_close(&call);
}

/* A viewer without any limit known is no reason to ask a publisher for less. */
static void what_it_could_spend_is_told_to_the_publisher(void)
{
	begin();
	g_assert_cmpuint(sub_of(CALL_SHOWN)->budget_bps, ==, WANT_NO_LIMIT);
	call_close(&call);
	call_open(&call);
	publisher = call_enter(&call, 1, false);
	viewer = call_enter(&call, 2, true);
	call_talk(&call, publisher, 2 * SECOND, 600);
	g_assert_cmpuint(sub_of(CALL_SHOWN)->budget_bps, <=, 20000000);
	g_assert_cmpuint(sub_of(CALL_SHOWN)->budget_bps, >, 100000);
	call_close(&call);
}

#define ADD(test) g_test_add_func("/budget/" #test, test)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(sound_is_paid_first);
	ADD(a_picture_sent_otherwise_is_told_once);
	ADD(what_cannot_be_shown_gets_nothing);
	ADD(it_is_shared_out_anew_in_time_and_when_the_target_moves);
	ADD(the_important_come_first);
	ADD(what_it_could_spend_is_told_to_the_publisher);
	return g_test_run();
}
