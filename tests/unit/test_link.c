/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/link/link.h"

#include <errno.h>
#include <glib.h>

#define MS LINK_MS_NS
#define S  LINK_S_NS

#define TRACE(name, loop, ...)                                                                     \
	static const struct link_step name##_steps[] = {__VA_ARGS__};                              \
	static const struct link_trace name = {name##_steps, G_N_ELEMENTS(name##_steps), loop}

TRACE(one_mbit, 0, {0, 1000000});
TRACE(steps, 0, {0, 1000000}, {40 * S, 2500000}, {60 * S, 600000}, {80 * S, 1000000});
TRACE(square, 2 * S, {0, 300000}, {S, 0});
TRACE(dying, 0, {0, 100000}, {S, 0});

static struct link *link_of(const struct link_config *config, uint64_t seed)
{
	struct link *link = NULL;
	int rc = link_new(&link, config, seed);

	g_assert_cmpint(rc, ==, 0);
	return link;
}

static struct link_fate send_at(struct link *link, int64_t now_ns, int64_t bytes)
{
	struct link_fate fate;

	link_send(link, now_ns, bytes, &fate);
	return fate;
}

static void perfect_link_delivers_at_once(void)
{
	struct link *link = link_of(&(struct link_config){0}, 1);
	struct link_fate fate = send_at(link, 5, 1500);

	g_assert_cmpint(fate.verdict, ==, LINK_DELIVERED);
	g_assert_cmpint(fate.arrive_ns, ==, 5);
	g_assert_cmpint(link_capacity_bits(link, 0, S), ==, INT64_MAX);
	link_free(link);
}

static void packets_queue_behind_each_other(void)
{
	struct link *link =
		link_of(&(struct link_config){.rate = one_mbit, .delay_ns = 50 * MS}, 1);

	for (int i = 0; i < 3; i++) {
		struct link_fate fate = send_at(link, S, 1250); /* 10 ms each */

		g_assert_cmpint(fate.queue_ns, ==, i * 10 * MS);
		g_assert_cmpint(fate.depart_ns, ==, S + (i + 1) * 10 * MS);
		g_assert_cmpint(fate.arrive_ns, ==, fate.depart_ns + 50 * MS);
	}
	g_assert_cmpint(link_queue_bytes(link, S + 5 * MS), ==, 3125);
	g_assert_cmpint(link_queue_ns(link, S + 5 * MS), ==, 25 * MS);
	g_assert_cmpint(link_queue_ns(link, S + 30 * MS), ==, 0);
	link_free(link);
}

/* What leaves in a minute of overload is the integral of the rate, over every step and round. */
static void overload_is_delivered_at_the_rate(const struct link_config *config, int64_t until_ns)
{
	struct link *link = link_of(config, 1);
	int64_t bits = 0;

	for (int64_t now = 0;; now += 777777) {
		struct link_fate fate = send_at(link, now, 333);

		if (fate.verdict == LINK_DELIVERED && fate.depart_ns > until_ns)
			break;
		if (fate.verdict == LINK_DELIVERED)
			bits += 333 * 8;
	}
	g_assert_cmpint(link_capacity_bits(link, 0, until_ns) - bits, <, 333 * 8 * 2);
	g_assert_cmpint(link_capacity_bits(link, 0, until_ns), >=, bits);
	link_free(link);
}

static void rate_is_the_exact_integral(void)
{
	overload_is_delivered_at_the_rate(
		&(struct link_config){.rate = steps, .queue_bytes = 40000}, 100 * S);
	overload_is_delivered_at_the_rate(
		&(struct link_config){.rate = square, .queue_bytes = 5000}, 99 * S + 1);
}

static void capacity_of_rfc_8867_single_flow(void)
{
	struct link *link = link_of(&(struct link_config){.rate = steps}, 1);

	g_assert_cmpint(link_capacity_bits(link, 0, 100 * S), ==, 40000000 + 50000000 + 32000000);
	g_assert_cmpint(link_capacity_bits(link, 59 * S, 61 * S), ==, 3100000);
	g_assert_cmpint(link_rate_bps(link, 60 * S), ==, 600000);
	link_free(link);
}

/* Thirds of a bit left over at each step are kept. */
static void residual_bits_are_carried(void)
{
	TRACE(thirds, 3, {0, 333333333}, {1, 1}, {2, 666666666});
	struct link *link = link_of(&(struct link_config){.rate = thirds}, 1);

	g_assert_cmpint(link_capacity_bits(link, 0, 3000000000), ==, 1000000000);
	link_free(link);
}

static void trace_loops_through_its_holes(void)
{
	struct link *link = link_of(&(struct link_config){.rate = square}, 1);

	/* 300 kbit/s for one second of two: 37500 bytes a round. */
	struct link_fate fate = send_at(link, 0, 37500);
	g_assert_cmpint(fate.depart_ns, ==, S);
	fate = send_at(link, 0, 3750);
	g_assert_cmpint(fate.queue_ns, ==, 2 * S);
	g_assert_cmpint(fate.depart_ns, ==, 2 * S + 100 * MS);
	link_free(link);
}

static void rate_that_stays_zero_delivers_nothing(void)
{
	struct link *link = link_of(&(struct link_config){.rate = dying}, 1);

	g_assert_cmpint(send_at(link, 0, 1250).depart_ns, ==, 100 * MS);
	g_assert_cmpint(send_at(link, 2 * S, 100).verdict, ==, LINK_DROP_OUTAGE);
	g_assert_cmpint(link_queue_ns(link, 2 * S), ==, INT64_MAX);
	link_free(link);
}

static void queue_is_limited_in_bytes(void)
{
	struct link *link =
		link_of(&(struct link_config){.rate = one_mbit, .queue_bytes = 3000}, 1);

	g_assert_cmpint(send_at(link, 0, 4000).verdict, ==, LINK_DELIVERED); /* empty: one fits */
	g_assert_cmpint(send_at(link, 0, 100).verdict, ==, LINK_DROP_QUEUE);
	/* 1000 bytes later there is room for nothing yet, 2000 later for 1000. */
	g_assert_cmpint(send_at(link, 8 * MS, 1000).verdict, ==, LINK_DROP_QUEUE);
	g_assert_cmpint(send_at(link, 16 * MS, 1000).verdict, ==, LINK_DELIVERED);
	g_assert_cmpint(send_at(link, 16 * MS, 1).verdict, ==, LINK_DROP_QUEUE);
	g_assert_cmpuint(link_stats(link)->packets[LINK_DROP_QUEUE], ==, 3);
	g_assert_cmpuint(link_stats(link)->bytes[LINK_DELIVERED], ==, 5000);
	link_free(link);
}

static void queue_is_limited_in_time(void)
{
	struct link *link =
		link_of(&(struct link_config){.rate = one_mbit, .queue_ns = 20 * MS}, 1);

	for (int i = 0; i < 3; i++) /* waits 0, 10 and 20 ms */
		g_assert_cmpint(send_at(link, 0, 1250).verdict, ==, LINK_DELIVERED);
	g_assert_cmpint(send_at(link, 0, 1250).verdict, ==, LINK_DROP_QUEUE);
	g_assert_cmpint(send_at(link, 10 * MS, 1250).verdict, ==, LINK_DELIVERED);
	link_free(link);
}

static void hold_outage_keeps_the_queue(void)
{
	static const struct link_outage outage[] = {{S, 2 * S, LINK_OUTAGE_HOLD}};
	struct link *link = link_of(&(struct link_config){.rate = one_mbit,
							  .queue_bytes = 2500,
							  .outages = outage,
							  .outage_count = 1},
				    1);

	/* Half sent when the outage begins. */
	g_assert_cmpint(send_at(link, S - 5 * MS, 1250).depart_ns, ==, 2 * S + 5 * MS);
	g_assert_cmpint(link_rate_bps(link, S + 1), ==, 0);
	struct link_fate fate = send_at(link, S + 500 * MS, 1250);
	g_assert_cmpint(fate.queue_ns, ==, 505 * MS);
	g_assert_cmpint(fate.depart_ns, ==, 2 * S + 15 * MS);
	g_assert_cmpint(send_at(link, S + 600 * MS, 1250).verdict, ==, LINK_DROP_QUEUE);
	g_assert_cmpint(link_capacity_bits(link, 0, 3 * S), ==, 2000000);
	link_free(link);
}

static void waiting_begins_when_the_outage_ends(void)
{
	static const struct link_outage outage[] = {{S, 2 * S, LINK_OUTAGE_HOLD}};
	struct link *link = link_of(
		&(struct link_config){.rate = one_mbit, .outages = outage, .outage_count = 1}, 1);

	g_assert_cmpint(send_at(link, S + 300 * MS, 1250).queue_ns, ==, 700 * MS);
	link_free(link);
}

static void drop_outage_loses_what_waits(void)
{
	static const struct link_outage outage[] = {{S, 2 * S, LINK_OUTAGE_DROP}};
	struct link *link = link_of(
		&(struct link_config){.rate = one_mbit, .outages = outage, .outage_count = 1}, 1);

	g_assert_cmpint(send_at(link, S - 10 * MS, 1250).verdict, ==, LINK_DELIVERED);
	g_assert_cmpint(send_at(link, S - 10 * MS, 1250).verdict, ==, LINK_DROP_OUTAGE);
	g_assert_cmpint(link_queue_bytes(link, S - 5 * MS), ==, 1875);
	g_assert_cmpint(link_queue_bytes(link, S), ==, 0);
	g_assert_cmpint(send_at(link, S + 500 * MS, 1250).verdict, ==, LINK_DROP_OUTAGE);
	g_assert_cmpint(send_at(link, 2 * S, 1250).queue_ns, ==, 0);
	link_free(link);
}

static void atm_cells_are_charged(void)
{
	struct link *link =
		link_of(&(struct link_config){.rate = one_mbit, .framing = LINK_FRAMING_ATM}, 1);

	g_assert_cmpint(link_wire_bytes(link, 8), ==, 53);
	g_assert_cmpint(link_wire_bytes(link, 9), ==, 106);
	g_assert_cmpint(link_wire_bytes(link, 1500), ==, 33 * 53);
	g_assert_cmpint(send_at(link, 0, 108).depart_ns, ==, 4 * 53 * 8 * 1000);
	link_free(link);
}

static void delay_trace_never_reorders(void)
{
	TRACE(leo, 30 * S, {0, 10 * MS}, {15 * S, -10 * MS});
	struct link *link = link_of(&(struct link_config){.delay_ns = 30 * MS, .delay = leo}, 1);

	g_assert_cmpint(send_at(link, 0, 100).arrive_ns, ==, 40 * MS);
	g_assert_cmpint(send_at(link, 15 * S - 1, 100).arrive_ns, ==, 15 * S + 40 * MS - 1);
	g_assert_cmpint(send_at(link, 15 * S + 1, 100).arrive_ns, ==, 15 * S + 40 * MS - 1);
	g_assert_cmpint(send_at(link, 16 * S, 100).arrive_ns, ==, 16 * S + 20 * MS);
	g_assert_cmpint(send_at(link, 31 * S, 100).arrive_ns, ==, 31 * S + 40 * MS);
	link_free(link);
}

/* The mean of a half-normal is s * sqrt(2 / pi); clipping at 3 s takes little. */
static void jitter_is_half_normal_and_in_order(void)
{
	struct link *link = link_of(&(struct link_config){.jitter_ns = 5 * MS}, 7);
	int64_t sum = 0;
	int64_t most = 0;
	int64_t last = 0;

	for (int64_t i = 0; i < 10000; i++) {
		struct link_fate fate = send_at(link, i * 100 * MS, 100);
		int64_t jitter = fate.arrive_ns - i * 100 * MS;

		g_assert_cmpint(fate.arrive_ns, >=, last);
		last = fate.arrive_ns;
		sum += jitter;
		most = MAX(most, jitter);
	}
	g_assert_cmpint(most, <=, 15 * MS);
	g_assert_cmpint(most, >, 13 * MS);
	g_assert_cmpint(ABS(sum / 10000 - 3989000), <, 100000);
	for (int64_t i = 0; i < 1000; i++) {
		struct link_fate fate = send_at(link, 2000 * S + i * MS, 100);

		g_assert_cmpint(fate.arrive_ns, >=, last);
		last = fate.arrive_ns;
	}
	link_free(link);
}

static void gilbert_elliott_loses_in_bursts(void)
{
	/* 5 % loss in bursts of 5: p_good 0.2, p_bad 0.05 * 0.2 / 0.95. */
	struct link *link = link_of(&(struct link_config){.ge_p_good = 0.2,
							  .ge_p_bad = 0.2 * 0.05 / 0.95,
							  .ge_loss_bad = 1},
				    3);
	int lost = 0;
	int bursts = 0;
	bool was_lost = false;

	for (int i = 0; i < 200000; i++) {
		bool is_lost = send_at(link, i, 100).verdict == LINK_DROP_LOSS;

		lost += is_lost;
		bursts += is_lost && !was_lost;
		was_lost = is_lost;
	}
	g_assert_cmpfloat_with_epsilon(lost / 200000.0, 0.05, 0.004);
	g_assert_cmpfloat_with_epsilon((double)lost / bursts, 5, 0.3);
	link_free(link);
}

static void windows_lose_only_inside(void)
{
	static const struct link_loss_window window[] = {{S, S + 150 * MS, 0.3}, {2 * S, 3 * S, 1}};
	struct link *link = link_of(&(struct link_config){.windows = window, .window_count = 2}, 1);
	int lost[4] = {0};

	for (int64_t i = 0; i < 4000; i++)
		lost[i / 1000] += send_at(link, i * MS, 100).verdict == LINK_DROP_LOSS;
	g_assert_cmpint(lost[0], ==, 0);
	g_assert_cmpint(ABS(lost[1] - 45), <, 18);
	g_assert_cmpint(lost[2], ==, 1000);
	g_assert_cmpint(lost[3], ==, 0);
	link_free(link);
}

/* The n-th packet has the same luck with another queue, another rate, other jitter. */
static void luck_is_by_packet_and_stage(void)
{
	struct link_config config = {.loss = 0.1};
	struct link *plain = link_of(&config, 42);
	config.rate = one_mbit;
	config.queue_bytes = 5000;
	config.jitter_ns = 5 * MS;
	config.ge_p_good = 1;
	struct link *other = link_of(&config, 42);
	struct link *luckier = link_of(&config, 43);
	int differ = 0;

	for (int64_t i = 0; i < 2000; i++) {
		bool is_lost = send_at(plain, i * MS, 1000).verdict == LINK_DROP_LOSS;

		g_assert_true(is_lost == (send_at(other, i * MS, 1000).verdict == LINK_DROP_LOSS));
		differ += is_lost != (send_at(luckier, i * MS, 1000).verdict == LINK_DROP_LOSS);
	}
	g_assert_cmpint(differ, >, 100);
	link_free(plain);
	link_free(other);
	link_free(luckier);
}

/* 20 % overload for 20 s: the queue would grow to 3.3 s, CoDel holds it near its target. */
static void codel_keeps_the_queue_short(void)
{
	struct link *link = link_of(&(struct link_config){.rate = one_mbit, .has_codel = true}, 1);
	int64_t most = 0;

	for (int64_t now = 0; now < 20 * S; now += 4 * MS) {
		struct link_fate fate = send_at(link, now, 600);

		if (now > 10 * S && fate.verdict == LINK_DELIVERED)
			most = MAX(most, fate.queue_ns);
	}
	g_assert_cmpint(most, <, 250 * MS);
	g_assert_cmpuint(link_stats(link)->packets[LINK_DROP_CODEL], >, 500);
	g_assert_cmpuint(link_stats(link)->packets[LINK_DROP_CODEL], <, 1200);
	link_free(link);
}

static void codel_leaves_a_burst_alone(void)
{
	struct link *link = link_of(&(struct link_config){.rate = one_mbit, .has_codel = true}, 1);

	for (int64_t i = 0; i < 100; i++)
		for (int n = 0; n < 5; n++) /* 24 ms of link in each 200 ms */
			g_assert_cmpint(send_at(link, i * 200 * MS, 600).verdict, ==,
					LINK_DELIVERED);
	link_free(link);
}

static void start_moves_time_and_keeps_the_queue(void)
{
	static const struct link_outage outage[] = {{S, 2 * S, LINK_OUTAGE_HOLD}};
	struct link *link = link_of(&(struct link_config){.start_ns = 1000000 * S,
							  .rate = one_mbit,
							  .outages = outage,
							  .outage_count = 1},
				    1);

	for (int i = 0; i < 4; i++)
		send_at(link, 5 * S, 1250);
	g_assert_cmpint(send_at(link, 7 * S, 1250).queue_ns, ==, 0);
	send_at(link, 7 * S, 1250);
	link_start(link, 7 * S);
	g_assert_cmpint(link_queue_bytes(link, 7 * S), ==, 2500);
	g_assert_cmpint(send_at(link, 7 * S, 1250).depart_ns, ==, 7 * S + 30 * MS);
	g_assert_cmpint(send_at(link, 8 * S, 1250).depart_ns, ==, 9 * S + 10 * MS);
	link_free(link);
}

static void nonsense_is_refused(void)
{
	TRACE(late, 0, {1, 5});
	TRACE(twice, 0, {0, 5}, {0, 6});
	TRACE(negative, 0, {0, -1});
	TRACE(short_loop, 10, {0, 5}, {10, 6});
	static const struct link_outage overlap[] = {{0, 5, 0}, {4, 9, 0}};
	static const struct link_loss_window empty[] = {{5, 5, 1}};
	const struct link_config bad[] = {
		{.rate = late},
		{.rate = twice},
		{.rate = negative},
		{.rate = short_loop},
		{.loss = 1.1},
		{.ge_p_bad = -0.1},
		{.queue_bytes = -1},
		{.delay_ns = -1},
		{.delay = negative},
		{.outages = overlap, .outage_count = 2},
		{.windows = empty, .window_count = 1},
	};
	struct link *link = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_cmpint(link_new(&link, &bad[i], 1), ==, -EINVAL);
	g_assert_null(link);
	link_free(NULL);
}

#define TEST(name) g_test_add_func("/link/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TEST(perfect_link_delivers_at_once);
	TEST(packets_queue_behind_each_other);
	TEST(rate_is_the_exact_integral);
	TEST(capacity_of_rfc_8867_single_flow);
	TEST(residual_bits_are_carried);
	TEST(trace_loops_through_its_holes);
	TEST(rate_that_stays_zero_delivers_nothing);
	TEST(queue_is_limited_in_bytes);
	TEST(queue_is_limited_in_time);
	TEST(hold_outage_keeps_the_queue);
	TEST(waiting_begins_when_the_outage_ends);
	TEST(drop_outage_loses_what_waits);
	TEST(atm_cells_are_charged);
	TEST(delay_trace_never_reorders);
	TEST(jitter_is_half_normal_and_in_order);
	TEST(gilbert_elliott_loses_in_bursts);
	TEST(windows_lose_only_inside);
	TEST(luck_is_by_packet_and_stage);
	TEST(codel_keeps_the_queue_short);
	TEST(codel_leaves_a_burst_alone);
	TEST(start_moves_time_and_keeps_the_queue);
	TEST(nonsense_is_refused);
	return g_test_run();
}
