/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/base/rng.h"
#include "media/rate/queue.h"

#define MS 1000
#define S  1000000

/* `seconds` of 50 packets each, updated every five, with that queue. */
static int64_t run(struct queue *q, int64_t now_us, double seconds, int64_t queue_us)
{
	for (int i = 0; i < (int)(seconds * 50); i++, now_us += 20 * MS) {
		/* The clocks differ by an hour. */
		queue_packet(q, now_us, now_us + 3600 * (int64_t)S + 30 * MS + queue_us);
		if (i % 5 == 4)
			queue_update(q);
	}
	return now_us;
}

static void standing_queue_is_above_the_base(void)
{
	struct queue q = {0};
	int64_t now_us = run(&q, S, 1, 0);

	g_assert_cmpint(q.standing_us, ==, 0);
	g_assert_cmpint(q.busy_since_us, ==, 0);
	run(&q, now_us, 1, 80 * MS);
	g_assert_cmpint(q.standing_us, ==, 80 * MS);
	g_assert_cmpint(q.busy_since_us, !=, 0);
	g_assert_cmpint(q.max_us, >=, 79 * MS);
}

static void jitter_and_large_packets_are_no_queue(void)
{
	struct queue q = {0};
	struct rng rng = rng_seeded(1);
	int high = 0;

	for (int i = 0; i < 3000; i++) {
		int64_t sent_us = S + i * 4 * MS;
		queue_packet(&q, sent_us, sent_us + rng_below(&rng, 100 * MS));
		if (i % 25 == 24) {
			queue_update(&q);
			high += q.standing_us > 40 * MS;
		}
	}
	g_assert_cmpint(high, ==, 0);
}

static void a_rebase_takes_the_present_as_the_base(void)
{
	struct queue q = {0};
	int64_t now_us = run(&q, S, 1, 0);

	now_us = run(&q, now_us, 5, 20 * MS);
	g_assert_cmpint(queue_flat_us(&q), >=, 4 * S);
	queue_rebase(&q);
	g_assert_cmpint(q.standing_us, ==, 0);
	run(&q, now_us, 1, 50 * MS);
	g_assert_cmpint(q.standing_us, ==, 30 * MS);
}

static void a_held_base_is_not_forgotten(void)
{
	struct queue q = {0};
	struct queue held = {0};
	int64_t now_us = run(&q, S, 1, 0);

	run(&held, S, 1, 0);
	queue_hold_base(&held, true);
	run(&q, now_us, 150, 200 * MS);
	run(&held, now_us, 150, 200 * MS);
	g_assert_cmpint(q.standing_us, <=, 10 * MS);
	g_assert_cmpint(held.standing_us, ==, 200 * MS);
}

/* 50 ppm for ten minutes: 30 ms, none of them a queue. */
static void a_drifting_clock_is_no_queue(void)
{
	struct queue q = {0};
	int64_t most = 0;

	for (int i = 0; i < 30000; i++) {
		int64_t sent_us = S + (int64_t)i * 20 * MS;
		queue_packet(&q, sent_us, sent_us + sent_us / 20000);
		if (i % 5 == 4)
			queue_update(&q);
		most = q.standing_us > most ? q.standing_us : most;
	}
	g_assert_cmpint(most, <=, 6 * MS);
}

static void a_clock_that_is_set_begins_anew(void)
{
	struct queue q = {0};
	int64_t now_us = run(&q, S, 1, 0);

	run(&q, now_us, 1, 60 * (int64_t)S);
	g_assert_cmpint(q.standing_us, ==, 0);
}

static void bases_that_fall_in_a_row_are_counted(void)
{
	struct queue q = {0};
	int64_t now_us = run(&q, S, 1, 100 * MS);

	for (int i = 1; i <= 4; i++)
		now_us = run(&q, now_us, 0.1, 100 * MS - i * 5 * MS);
	g_assert_cmpuint(q.base_falls, ==, 4);
	run(&q, now_us, 0.1, 80 * MS);
	g_assert_cmpuint(q.base_falls, ==, 0);
}

#define ADD(name) g_test_add_func("/queue/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(standing_queue_is_above_the_base);
	ADD(jitter_and_large_packets_are_no_queue);
	ADD(a_rebase_takes_the_present_as_the_base);
	ADD(a_held_base_is_not_forgotten);
	ADD(a_drifting_clock_is_no_queue);
	ADD(a_clock_that_is_set_begins_anew);
	ADD(bases_that_fall_in_a_row_are_counted);
	return g_test_run();
}
