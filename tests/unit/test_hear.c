/* SPDX-License-Identifier: EUPL-1.2 */
/* A voice on its way to a listener: packed as its link wants, at its time, without a gap. */
#include "tests/support/route_call.h"

#define SECOND 1000000
#define HEARD  1002

static struct call call;
static struct call_person *speaker;
static struct call_person *listener;

static void speak(int64_t us)
{
	int64_t until_us = call.now_us + us;

	while (call.now_us < until_us) {
		call_send(&call, speaker, ENGINE_MEDIA_OPUS, 1, 0);
		call_run(&call, 20000);
	}
}

static void begin(uint64_t bps)
{
	call_open(&call);
	speaker = call_enter(&call, 1, false);
	listener = call_enter(&call, 2, true);
	listener->params.start_bps = (uint32_t)bps;
	speak(SECOND / 2);
}

static struct sub *heard(void)
{
	return listener->peer->sub[CALL_HEARD];
}

static void set_policy(uint8_t merge, uint8_t distance)
{
	voiceout_set_policy(&heard()->voiceout, (struct voice_policy){merge, distance});
}

static void each_packet_goes_at_once_where_there_is_room(void)
{
	size_t from;

	begin(2000000);
	from = listener->got_count;
	speak(SECOND / 5);
	g_assert_cmpuint(call_count(listener, from, HEARD), ==, 10);
	g_assert_true(call_is_continuous(listener, HEARD));
	call_close(&call);
}

static void packets_are_put_together(void)
{
	size_t from;

	begin(2000000);
	set_policy(3, 0);
	from = listener->got_count;
	for (unsigned i = 0; i < 6; i++)
		call_send(&call, speaker, ENGINE_MEDIA_OPUS, 1, 0);
	g_assert_cmpuint(call_count(listener, from, HEARD), ==, 2);
	g_assert_true(call_is_continuous(listener, HEARD));
	call_close(&call);
}

/* The next frame does not come: what is gathered must not wait for it. */
static void what_is_gathered_goes_in_time(void)
{
	size_t from;
	int64_t start_us;

	begin(2000000);
	set_policy(3, 0);
	from = listener->got_count;
	start_us = call.now_us;
	call_send(&call, speaker, ENGINE_MEDIA_OPUS, 1, 0);
	g_assert_cmpuint(call_count(listener, from, HEARD), ==, 0);
	call_run(&call, SECOND / 10);
	g_assert_cmpuint(call_count(listener, from, HEARD), ==, 1);
	g_assert_cmpint(call_first(listener, from, HEARD)->at_us - start_us, <=, 65500);
	call_close(&call);
}

static void red_is_made_as_the_policy_says(void)
{
	size_t from;

	begin(2000000);
	set_policy(1, 1);
	from = listener->got_count;
	call_send(&call, speaker, ENGINE_MEDIA_OPUS, 1, 0);
	g_assert_cmpuint(call_count(listener, from, HEARD), ==, 1);
	g_assert_cmpuint(call_first(listener, from, HEARD)->pt, ==, 63);
	/* RFC 2198 3: a 4-byte header, a 1-byte one, two payloads of 5. */
	g_assert_cmpuint(call_first(listener, from, HEARD)->payload_len, ==, 4 + 1 + 5 + 5);
	call_close(&call);
}

/* RED that came is taken apart: what one packet brings again is not sent twice. */
static void red_that_comes_is_taken_apart(void)
{
	size_t from;

	begin(2000000);
	from = listener->got_count;
	for (unsigned i = 0; i < 5; i++)
		call_send(&call, speaker, ENGINE_MEDIA_RED, 1, 0);
	g_assert_cmpuint(call_count(listener, from, HEARD), ==, 5);
	g_assert_true(call_is_continuous(listener, HEARD));
	call_close(&call);
}

/* What RED brings is not asked for; what was lost before that is. */
static void what_red_repairs_is_not_asked_for(void)
{
	const struct nack *nack;
	size_t asked;

	begin(2000000);
	nack = &speaker->peer->track[CALL_VOICE]->encoding[0].nack;
	asked = speaker->rtcp[RTCP_NACK];
	speaker->voice.seq++;
	speaker->voice.timestamp += 960;
	call_send(&call, speaker, ENGINE_MEDIA_RED, 1, 0);
	g_assert_cmpuint(nack->count, ==, 0);
	call_run(&call, 20000);
	g_assert_cmpuint(speaker->rtcp[RTCP_NACK], ==, asked);
	speaker->voice.seq = (uint16_t)(speaker->voice.seq + 2);
	speaker->voice.timestamp += 2 * 960;
	call_send(&call, speaker, ENGINE_MEDIA_RED, 1, 0);
	g_assert_cmpuint(nack->count, ==, 1);
	call_run(&call, 20000);
	g_assert_cmpuint(speaker->rtcp[RTCP_NACK], ==, asked + 1);
	call_close(&call);
}

static void the_end_of_a_voice_is_not_kept_back(void)
{
	size_t from;

	begin(2000000);
	set_policy(3, 0);
	from = listener->got_count;
	call_send(&call, speaker, ENGINE_MEDIA_OPUS, 1, 0);
	g_assert_cmpuint(call_count(listener, from, HEARD), ==, 0);
	call_leave(&call, speaker);
	g_assert_cmpuint(call_count(listener, from, HEARD), ==, 1);
	call_close(&call);
}

/* Who is not among the voices that fit is not sent; let in, it begins with the 120 ms before, and
 * its numbers go on without a gap. */
static void who_is_not_heard_costs_nothing(void)
{
	size_t from;

	begin(2000000);
	heard()->is_heard = false;
	from = listener->got_count;
	for (unsigned i = 0; i < 10; i++)
		call_send(&call, speaker, ENGINE_MEDIA_OPUS, 1, 0);
	g_assert_cmpuint(call_count(listener, from, HEARD), ==, 0);
	heard()->is_heard = true;
	for (unsigned i = 0; i < 10; i++)
		call_send(&call, speaker, ENGINE_MEDIA_OPUS, 1, 0);
	g_assert_cmpuint(call_count(listener, from, HEARD), ==, 10 + 5);
	g_assert_true(call_is_continuous(listener, HEARD));
	call_close(&call);
}

/* In a pause there is a packet each 400 ms: six of them would begin two seconds behind. */
static void of_a_pause_nothing_old_is_heard(void)
{
	size_t from;

	begin(2000000);
	heard()->is_heard = false;
	for (unsigned i = 0; i < 6; i++) {
		call_send(&call, speaker, ENGINE_MEDIA_OPUS, 1, 0);
		call.now_us += 400000;
	}
	heard()->is_heard = true;
	from = listener->got_count;
	call_send(&call, speaker, ENGINE_MEDIA_OPUS, 1, 0);
	g_assert_cmpuint(call_count(listener, from, HEARD), ==, 1);
	g_assert_true(call_is_continuous(listener, HEARD));
	call_close(&call);
}

/* RFC 4733: a tone stands in the row of numbers where it came, behind the sound before it. */
static void a_tone_comes_behind_the_sound_before_it(void)
{
	const struct call_packet *sound;
	size_t from;

	begin(2000000);
	set_policy(3, 0);
	from = listener->got_count;
	call_send(&call, speaker, ENGINE_MEDIA_OPUS, 1, 0);
	call_send(&call, speaker, ENGINE_MEDIA_TONE, 1, 0);
	call_run(&call, SECOND / 10);
	g_assert_cmpuint(call_count(listener, from, HEARD), ==, 2);
	sound = call_first(listener, from, HEARD);
	g_assert_cmpuint(sound->pt, ==, 111);
	g_assert_true(call_is_continuous(listener, HEARD));
	call_close(&call);
}

#define ADD(test) g_test_add_func("/hear/" #test, test)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(each_packet_goes_at_once_where_there_is_room);
	ADD(packets_are_put_together);
	ADD(what_is_gathered_goes_in_time);
	ADD(red_is_made_as_the_policy_says);
	ADD(red_that_comes_is_taken_apart);
	ADD(what_red_repairs_is_not_asked_for);
	ADD(the_end_of_a_voice_is_not_kept_back);
	ADD(who_is_not_heard_costs_nothing);
	ADD(of_a_pause_nothing_old_is_heard);
	ADD(a_tone_comes_behind_the_sound_before_it);
	return g_test_run();
}
