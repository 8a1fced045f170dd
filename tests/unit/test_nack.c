/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/base/heap.h"
#include "media/stream/nack.h"

#define MS  1000
#define RTT (50 * MS)

/* What nack_due gives at now, as text: "11 12". */
static const char *due(struct nack *nack, int64_t now_us)
{
	static char text[2048];
	uint16_t seqs[LIMIT_NACK_MISSING];
	size_t count = nack_due(nack, now_us, RTT, seqs, LIMIT_NACK_MISSING);
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < count; i++)
		g_string_append_printf(s, i ? " %u" : "%u", seqs[i]);
	g_strlcpy(text, s->str, sizeof(text));
	g_string_free(s, TRUE);
	return text;
}

static void asks_for_a_gap_after_reordering_time(void)
{
	struct nack nack = {0};

	nack_received(&nack, 0, 65534);
	g_assert_cmpint(nack_deadline_us(&nack), ==, DEADLINE_NEVER);
	nack_received(&nack, 0, 1);
	g_assert_cmpint(nack_deadline_us(&nack), ==, 5 * MS);
	g_assert_cmpstr(due(&nack, 5 * MS - 1), ==, "");
	g_assert_cmpstr(due(&nack, 5 * MS), ==, "65535 0");
	g_assert_cmpstr(due(&nack, 5 * MS), ==, "");
	nack_close(&nack);
}

static void does_not_ask_for_what_came_late(void)
{
	struct nack nack = {0};

	nack_received(&nack, 0, 10);
	nack_received(&nack, 0, 14);
	nack_received(&nack, 1 * MS, 12);
	g_assert_cmpstr(due(&nack, 5 * MS), ==, "11 13");
	g_assert_true(nack_received(&nack, 50 * MS, 11));
	g_assert_false(nack_received(&nack, 50 * MS, 11)); /* again, by retransmission */
	g_assert_true(nack_received(&nack, 51 * MS, 13));
	g_assert_false(nack_received(&nack, 51 * MS, 14));
	g_assert_cmpint(nack_deadline_us(&nack), ==, DEADLINE_NEVER);
	g_assert_false(nack_received(&nack, 52 * MS, 9)); /* before the first */
	g_assert_cmpstr(due(&nack, 500 * MS), ==, "");
	nack_close(&nack);
}

static void asks_again_each_1_2_rtt(void)
{
	struct nack nack = {0};

	nack_received(&nack, 0, 10);
	nack_received(&nack, 0, 12);
	g_assert_cmpstr(due(&nack, 5 * MS), ==, "11");
	g_assert_cmpint(nack_deadline_us(&nack), ==, 65 * MS);
	g_assert_cmpstr(due(&nack, 64 * MS), ==, "");
	g_assert_cmpstr(due(&nack, 65 * MS), ==, "11");
	nack_close(&nack);
}

static void asks_at_most_each_20_ms(void)
{
	struct nack nack = {0};
	uint16_t seq;

	nack_received(&nack, 0, 10);
	nack_received(&nack, 0, 12);
	g_assert_cmpint(nack_due(&nack, 5 * MS, 2 * MS, &seq, 1), ==, 1);
	g_assert_cmpint(nack_deadline_us(&nack), ==, 25 * MS);
	nack_close(&nack);
}

static void gives_up_after_ten_tries(void)
{
	struct nack nack = {0};
	int tries = 0;

	nack_received(&nack, 0, 10);
	nack_received(&nack, 0, 12);
	for (int64_t t; (t = nack_deadline_us(&nack)) != DEADLINE_NEVER; tries++)
		g_assert_cmpstr(due(&nack, t), ==, "11");
	g_assert_cmpint(tries, ==, 10);
	nack_close(&nack);
}

static void gives_up_by_age(void)
{
	static const struct {
		bool is_audio;
		int64_t rtt_us;
		int64_t max_us;
	} steps[] = {
		{false, RTT, 1000 * MS},      {false, 300 * MS, 1000 * MS},
		{false, 700 * MS, 2100 * MS}, {true, RTT, 400 * MS - RTT},
		{true, 300 * MS, 100 * MS},   {false, 0, 1000 * MS}, /* not known */
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct nack nack = {.is_audio = steps[i].is_audio};
		uint16_t seq;
		nack_received(&nack, 0, 10);
		nack_received(&nack, 0, 12);
		g_assert_cmpint(nack_due(&nack, steps[i].max_us, steps[i].rtt_us, &seq, 1), ==, 1);
		g_assert_cmpint(nack_due(&nack, steps[i].max_us + 1, steps[i].rtt_us, &seq, 1), ==,
				0);
		g_assert_cmpint(nack_deadline_us(&nack), ==, DEADLINE_NEVER);
		nack_close(&nack);
	}
}

static void sound_that_would_come_too_late_is_not_asked_for(void)
{
	struct nack nack = {.is_audio = true};
	uint16_t seq;

	nack_received(&nack, 0, 10);
	nack_received(&nack, 0, 12);
	g_assert_cmpint(nack_due(&nack, 5 * MS, 396 * MS, &seq, 1), ==, 0);
	g_assert_cmpint(nack_deadline_us(&nack), ==, DEADLINE_NEVER);
	nack_received(&nack, 0, 14);
	g_assert_cmpint(nack_due(&nack, 5 * MS, 395 * MS, &seq, 1), ==, 1);
	nack_close(&nack);
}

static void holds_no_more_than_the_limit(void)
{
	struct nack nack = {0};
	uint16_t seqs[LIMIT_NACK_MISSING];

	nack_received(&nack, 0, 0);
	nack_received(&nack, 0, LIMIT_NACK_MISSING + 1);
	g_assert_false(nack_take_overflow(&nack));
	g_assert_cmpint(nack_due(&nack, 5 * MS, RTT, seqs, LIMIT_NACK_MISSING), ==,
			LIMIT_NACK_MISSING);
	nack_received(&nack, 0, LIMIT_NACK_MISSING + 3);
	g_assert_true(nack_take_overflow(&nack));
	g_assert_false(nack_take_overflow(&nack));
	g_assert_cmpint(nack_deadline_us(&nack), ==, DEADLINE_NEVER);
	/* It goes on with the next gap. */
	nack_received(&nack, 10 * MS, LIMIT_NACK_MISSING + 5);
	g_assert_cmpint(nack_due(&nack, 15 * MS, RTT, seqs, LIMIT_NACK_MISSING), ==, 1);
	g_assert_cmpint(seqs[0], ==, LIMIT_NACK_MISSING + 4);
	nack_close(&nack);
}

static void a_full_answer_means_call_again(void)
{
	struct nack nack = {0};
	uint16_t seqs[2];

	nack_received(&nack, 0, 10);
	nack_received(&nack, 0, 14);
	g_assert_cmpint(nack_due(&nack, 5 * MS, RTT, seqs, 2), ==, 2);
	g_assert_cmpint(seqs[1], ==, 12);
	g_assert_cmpint(nack_deadline_us(&nack), ==, 5 * MS);
	g_assert_cmpint(nack_due(&nack, 5 * MS, RTT, seqs, 2), ==, 1);
	g_assert_cmpint(seqs[0], ==, 13);
	nack_close(&nack);
}

#define ADD(name) g_test_add_func("/nack/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(asks_for_a_gap_after_reordering_time);
	ADD(does_not_ask_for_what_came_late);
	ADD(asks_again_each_1_2_rtt);
	ADD(asks_at_most_each_20_ms);
	ADD(gives_up_after_ten_tries);
	ADD(gives_up_by_age);
	ADD(sound_that_would_come_too_late_is_not_asked_for);
	ADD(holds_no_more_than_the_limit);
	ADD(a_full_answer_means_call_again);
	return g_test_run();
}
