/* SPDX-License-Identifier: EUPL-1.2 */
/* What is sent again: by RTX as RFC 4588 says, or the very datagram. */
#include "tests/support/route_call.h"

#define SECOND 1000000
#define SHOWN  2002
#define HEARD  1002
#define RTX    3002

static struct call call;
static struct call_person *publisher;
static struct call_person *viewer;

static void begin(bool has_feedback)
{
	call_open(&call);
	publisher = call_enter(&call, 1, false);
	viewer = call_enter(&call, 2, has_feedback);
	call_talk(&call, publisher, SECOND, 300);
	g_assert_cmpuint(call_count(viewer, 0, SHOWN), >, 10);
}

static const struct call_packet *newest(uint32_t ssrc)
{
	const struct call_packet *found = NULL;

	for (size_t i = 0; i < viewer->got_count; i++)
		if (viewer->got[i].ssrc == ssrc)
			found = &viewer->got[i];
	g_assert_nonnull(found);
	return found;
}

static void rtx_brings_the_packet_under_its_number(void)
{
	const struct call_packet *missed;
	const struct call_packet *again;
	size_t from;

	begin(false);
	missed = newest(SHOWN);
	from = viewer->got_count;
	call_nack(&call, viewer, SHOWN, missed->seq);
	again = call_first(viewer, from, RTX);
	g_assert_nonnull(again);
	g_assert_cmpuint(again->original_seq, ==, missed->seq);
	g_assert_cmpuint(again->pt, ==, missed->pt + 1);
	g_assert_cmpuint(again->timestamp, ==, missed->timestamp);
	g_assert_cmpuint(again->payload_len, ==, missed->payload_len + 2);
	g_assert_cmpmem(again->payload + 2, 30, missed->payload, 30);
	call_close(&call);
}

static void not_twice_within_a_round_trip(void)
{
	uint16_t seq;
	size_t from;

	begin(false);
	seq = newest(SHOWN)->seq;
	from = viewer->got_count;
	call_nack(&call, viewer, SHOWN, seq);
	call_nack(&call, viewer, SHOWN, seq);
	g_assert_cmpuint(call_count(viewer, from, RTX), ==, 1);
	call_run(&call, 2 * TRANSPORT_DEFAULT_RTT_US);
	call_nack(&call, viewer, SHOWN, seq);
	g_assert_cmpuint(call_count(viewer, from, RTX), ==, 2);
	g_assert_true(call_is_continuous(viewer, RTX));
	call_close(&call);
}

/* Under the same number only the same bytes may leave: to the receiver that has them, a replay. */
static void sound_goes_again_as_it_was(void)
{
	size_t from;

	begin(false);
	from = viewer->got_count;
	g_assert_cmpuint(viewer->repeated, ==, 0);
	call_nack(&call, viewer, HEARD, newest(HEARD)->seq);
	g_assert_cmpuint(viewer->repeated, ==, 1);
	g_assert_cmpuint(viewer->got_count, ==, from);
	call_close(&call);
}

static void what_was_never_sent_is_not_made_up(void)
{
	size_t from;

	begin(false);
	from = viewer->got_count;
	call_nack(&call, viewer, SHOWN, (uint16_t)(newest(SHOWN)->seq + 5));
	call_nack(&call, viewer, 777, newest(SHOWN)->seq);
	g_assert_cmpuint(viewer->got_count, ==, from);
	call_close(&call);
}

/* The slot shows another track: the packets of the one before are not in its numbers any more. */
static void nothing_of_a_track_that_has_gone(void)
{
	uint16_t seq;
	size_t from;

	begin(false);
	seq = newest(SHOWN)->seq;
	publisher->params.mline[CALL_CAMERA].track_id = 99;
	call_update(&call, publisher);
	from = viewer->got_count;
	call_nack(&call, viewer, SHOWN, seq);
	g_assert_cmpuint(call_count(viewer, from, RTX), ==, 0);
	call_close(&call);
}

static void a_resend_has_a_transport_wide_number_of_its_own(void)
{
	size_t from;
	int last = -1;

	begin(true);
	from = viewer->got_count;
	call_nack(&call, viewer, SHOWN, newest(SHOWN)->seq);
	g_assert_nonnull(call_first(viewer, from, RTX));
	for (size_t i = 0; i < viewer->got_count; i++) {
		g_assert_cmpint(viewer->got[i].transport_seq, ==, (uint16_t)(last + 1));
		last = viewer->got[i].transport_seq;
	}
	call_close(&call);
}

#define ADD(test) g_test_add_func("/resend/" #test, test)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(rtx_brings_the_packet_under_its_number);
	ADD(not_twice_within_a_round_trip);
	ADD(sound_goes_again_as_it_was);
	ADD(what_was_never_sent_is_not_made_up);
	ADD(nothing_of_a_track_that_has_gone);
	ADD(a_resend_has_a_transport_wide_number_of_its_own);
	return g_test_run();
}
