/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/base/rng.h"
#include "media/rate/loss.h"

#define MS 1000

/* 200 packets a second of 500 bytes; `every`th is lost, in runs of `run`. */
static int64_t feed(struct loss *l, int64_t now_us, int seconds, int every, int run)
{
	for (int i = 0; i < seconds * 200; i++, now_us += 5 * MS)
		loss_outcome(l, now_us, 500, every > 0 && i % every < run);
	return now_us;
}

static void tells_share_and_bursts(void)
{
	struct loss l = {0};

	g_assert_cmpuint(loss_permille(&l, 8), ==, 0);
	g_assert_cmpuint(loss_burst_tenths(&l, LOSS_WINDOWS), ==, 0);
	feed(&l, 1000 * MS, 10, 40, 4);
	g_assert_cmpuint(loss_permille(&l, 8), >=, 95);
	g_assert_cmpuint(loss_permille(&l, 8), <=, 105);
	g_assert_cmpuint(loss_burst_tenths(&l, LOSS_WINDOWS), ==, 40);
}

static void old_loss_is_forgotten(void)
{
	struct loss l = {0};
	int64_t now_us = feed(&l, 1000 * MS, 5, 10, 1);

	feed(&l, now_us, 9, 0, 0);
	g_assert_cmpuint(loss_permille(&l, LOSS_WINDOWS), ==, 0);
}

static void without_a_queue_it_is_inherent(void)
{
	struct loss l = {0};

	g_assert_cmpint(loss_judge(&l, 0, 0), ==, LOSS_NONE);
	feed(&l, 1000 * MS, 5, 5, 1);
	g_assert_cmpint(loss_judge(&l, 5 * MS, 100 * MS), ==, LOSS_INHERENT);
	g_assert_cmpint(loss_judge(&l, 5 * MS, 100 * MS), ==, LOSS_NONE);
}

static void more_than_usual_at_the_longest_queue_is_congestion(void)
{
	struct loss l = {0};
	int64_t now_us = feed(&l, 1000 * MS, 6, 50, 1);

	/* The usual share, even with a queue. */
	g_assert_true(loss_is_tail(&l, 95 * MS, 100 * MS));
	g_assert_cmpint(loss_judge(&l, 95 * MS, 100 * MS), ==, LOSS_INHERENT);
	feed(&l, now_us, 1, 4, 1);
	g_assert_cmpint(loss_judge(&l, 95 * MS, 100 * MS), ==, LOSS_CONGESTION);
}

/* Sends 1, 1.5, 1, 1.5 ... Mbit/s in turns of a second. */
static enum loss_verdict turns(bool is_policed)
{
	struct loss l = {0};
	struct rng rng = rng_seeded(3);

	for (int s = 0; s < 8; s++) {
		int packets = s % 2 ? 375 : 250;
		for (int i = 0; i < packets; i++) {
			double share = is_policed ? (s % 2 ? 0.33 : 0) : 0.2;
			int64_t sent_us = (int64_t)(s + 1) * 1000 * MS + i * 1000 * MS / packets;
			loss_outcome(&l, sent_us, 500, rng_unit(&rng) < share);
		}
	}
	return loss_judge(&l, 0, 0);
}

static void loss_that_grows_with_the_rate_alone_is_policed(void)
{
	g_assert_cmpint(turns(true), ==, LOSS_POLICED);
	g_assert_cmpint(turns(false), ==, LOSS_INHERENT);
}

#define ADD(name) g_test_add_func("/loss/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(tells_share_and_bursts);
	ADD(old_loss_is_forgotten);
	ADD(without_a_queue_it_is_inherent);
	ADD(more_than_usual_at_the_longest_queue_is_congestion);
	ADD(loss_that_grows_with_the_rate_alone_is_policed);
	return g_test_run();
}
