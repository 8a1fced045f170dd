/* SPDX-License-Identifier: EUPL-1.2 */
/* What came from a publisher: feedback in time, and what it is asked to send. */
#include "tests/support/route_call.h"

#define SECOND 1000000

static struct call call;
static struct call_person *publisher;

static void begin(bool has_feedback)
{
	call_open(&call);
	publisher = call_enter(&call, 1, has_feedback);
}

static void feedback_names_what_came(void)
{
	const struct twcc_feedback *f;
	size_t before;
	uint16_t first;

	begin(true);
	call_talk(&call, publisher, SECOND, 300);
	before = publisher->rtcp[RTCP_TWCC];
	g_assert_cmpuint(before, >=, 4);
	g_assert_cmpuint(before, <=, 21);
	call_run(&call, SECOND);
	/* Nothing came: nothing more than what was due is said. */
	g_assert_cmpuint(publisher->rtcp[RTCP_TWCC], <=, before + 1);
	first = publisher->transport_seq;
	publisher->transport_seq++; /* lost */
	call_send(&call, publisher, ENGINE_MEDIA_OPUS, 1, 0);
	call_send(&call, publisher, ENGINE_MEDIA_OPUS, 1, 0);
	call_run(&call, SECOND / 4);
	f = publisher->told;
	g_assert_cmpuint(f->base_seq, ==, first);
	g_assert_cmpuint(f->count, ==, 3);
	g_assert_true(f->arrival_us[0] == TWCC_NOT_RECEIVED);
	g_assert_true(f->arrival_us[1] != TWCC_NOT_RECEIVED);
	g_assert_true(f->arrival_us[2] != TWCC_NOT_RECEIVED);
	call_close(&call);
}

static void without_negotiation_no_feedback(void)
{
	begin(false);
	call_talk(&call, publisher, SECOND, 300);
	g_assert_cmpuint(publisher->rtcp[RTCP_TWCC], ==, 0);
	call_close(&call);
}

static size_t wants(uint32_t track_id)
{
	size_t count = 0;

	for (size_t i = 0; i < call.event_count; i++)
		count += call.event[i].type == ENGINE_WANT && call.event[i].track_id == track_id;
	return count;
}

/* Nobody watches on a link for more: the publisher is told. */
static void a_publisher_is_asked_for_what_its_viewers_take(void)
{
	struct call_person *viewer;
	const struct engine_event *last = NULL;

	begin(true);
	viewer = call_enter(&call, 2, true);
	call_talk(&call, publisher, 4 * SECOND, 600);
	g_assert_cmpuint(wants(12), >=, 1);
	for (size_t i = 0; i < call.event_count; i++)
		if (call.event[i].type == ENGINE_WANT && call.event[i].track_id == 12)
			last = &call.event[i];
	g_assert_nonnull(last);
	g_assert_cmpuint(last->transport_id, ==, 1);
	g_assert_cmpint(last->kind, ==, MEDIA_VIDEO);
	g_assert_cmpuint(last->want.encodings, ==, 1);
	/* What nobody has asked again is not told again. */
	size_t told = wants(10);
	call_talk(&call, publisher, 2 * SECOND, 600);
	g_assert_cmpuint(wants(10), ==, told);
	g_assert_true(viewer->got_count > 0);
	call_close(&call);
}

/* The last the publisher of the voice was asked for; whether in RED. */
static bool is_voice_doubled(void)
{
	bool is_doubled = false;

	for (size_t i = 0; i < call.event_count; i++)
		if (call.event[i].type == ENGINE_WANT && call.event[i].track_id == 10)
			is_doubled = call.event[i].want.is_redundant;
	return is_doubled;
}

/* Its own packets tell: 250 pictures of 600 bytes a second are plenty. */
static void a_voice_with_room_is_asked_to_come_doubled(void)
{
	begin(true);
	call_talk(&call, publisher, SECOND, 600);
	g_assert_false(is_voice_doubled());
	for (int i = 0; i < 8 * 250; i++) {
		call_send(&call, publisher, ENGINE_MEDIA_VP8, 1, 600);
		if (i % 5 == 0)
			call_send(&call, publisher, ENGINE_MEDIA_OPUS, 1, 0);
		call_run(&call, 4000);
	}
	g_assert_true(is_voice_doubled());
	call_close(&call);
}

static void who_cannot_double_is_not_asked(void)
{
	call_open(&call);
	publisher = call_enter(&call, 1, true);
	publisher->params.mline[CALL_VOICE].codec[0].red_pt = 0;
	call_update(&call, publisher);
	for (int i = 0; i < 8 * 250; i++) {
		call_send(&call, publisher, ENGINE_MEDIA_VP8, 1, 600);
		if (i % 5 == 0)
			call_send(&call, publisher, ENGINE_MEDIA_OPUS, 1, 0);
		call_run(&call, 4000);
	}
	g_assert_false(is_voice_doubled());
	call_close(&call);
}

#define ADD(test) g_test_add_func("/intake/" #test, test)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(feedback_names_what_came);
	ADD(without_negotiation_no_feedback);
	ADD(a_voice_with_room_is_asked_to_come_doubled);
	ADD(who_cannot_double_is_not_asked);
	ADD(a_publisher_is_asked_for_what_its_viewers_take);
	return g_test_run();
}
