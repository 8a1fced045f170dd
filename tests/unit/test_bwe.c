/* SPDX-License-Identifier: EUPL-1.2 */
/* The composition, event by event; how it behaves on links is told in tests/sim/sim_bwe.c. */
#include <glib.h>

#include "media/base/heap.h"
#include "media/rate/bwe.h"

#define MS 1000

static struct bwe *make(uint32_t start_bps)
{
	struct bwe *bwe;
	struct bwe_config config = {
		.start_bps = start_bps,
		.min_bps = 30000,
		.max_bps = 3000000,
		.packet_overhead = 28,
	};

	g_assert_cmpint(bwe_new(&bwe, 0, &config), ==, 0);
	return bwe;
}

static void send(struct bwe *bwe, int64_t now_us, uint16_t seq, uint16_t bytes)
{
	struct bwe_packet packet = {.transport_seq = seq, .bytes = bytes, .class = BWE_VIDEO};

	bwe_sent(bwe, now_us, &packet);
}

/* All of `count` packets from `seq` on arrived, `apart_us` from each other. */
static void answer(struct bwe *bwe, int64_t now_us, uint16_t seq, size_t count, int64_t first_us,
		   int64_t apart_us)
{
	static struct twcc_feedback feedback;

	feedback.base_seq = seq;
	feedback.count = count;
	for (size_t i = 0; i < count; i++)
		feedback.arrival_us[i] = first_us + (int64_t)i * apart_us;
	bwe_feedback(bwe, now_us, &feedback);
}

static void begins_at_200_kbit(void)
{
	struct bwe *bwe = make(0);
	const struct bwe_state *s = bwe_state(bwe);

	g_assert_cmpuint(s->target_bps, ==, 200000);
	g_assert_cmpuint(s->pacing_bps, ==, 220000);
	g_assert_cmpuint(s->in_flight_bytes, ==, 0);
	g_assert_cmpint(s->rtt_us, ==, 0);
	g_assert_false(s->is_silent);
	g_assert_cmpint(bwe_deadline_us(bwe), ==, DEADLINE_NEVER);
	bwe_free(bwe);
	bwe_free(NULL);
}

static void counts_what_a_link_carries(void)
{
	struct bwe *bwe = make(0);
	struct bwe_config atm = {.min_bps = 1, .max_bps = 2, .packet_overhead = 28, .is_atm = true};

	send(bwe, 0, 65535, 100);
	g_assert_cmpuint(bwe_state(bwe)->in_flight_bytes, ==, 128);
	send(bwe, 0, 0, 100);
	g_assert_cmpuint(bwe_state(bwe)->in_flight_bytes, ==, 256);
	answer(bwe, 50 * MS, 65535, 1, 0, 0);
	g_assert_cmpuint(bwe_state(bwe)->in_flight_bytes, ==, 128);
	bwe_free(bwe);
	/* 128 at IP + 40 = 168: four cells. */
	g_assert_cmpint(bwe_new(&bwe, 0, &atm), ==, 0);
	send(bwe, 0, 0, 100);
	g_assert_cmpuint(bwe_state(bwe)->in_flight_bytes, ==, 212);
	bwe_free(bwe);
}

/* A second of 100 packets: each 100 ms ten are answered. */
static int64_t second_of_calm(struct bwe *bwe, int64_t now_us, uint16_t *seq)
{
	for (int round = 0; round < 10; round++) {
		for (int i = 0; i < 10; i++)
			send(bwe, now_us + i * 10 * MS, (uint16_t)(*seq + i), 222);
		answer(bwe, now_us + 130 * MS, *seq, 10, now_us + 20 * MS, 10 * MS);
		*seq = (uint16_t)(*seq + 10);
		now_us += 100 * MS;
	}
	return now_us;
}

/* Seconds of calm until more is asked for, of 10; 10: it is not. */
static int calm_until_probe(uint32_t start_bps)
{
	struct bwe *bwe = make(start_bps);
	struct bwe_demand demand = {
		.sending_bps = 200000, .next_bps = 1600000, .wanted_bps = 2000000};
	uint16_t seq = 0;
	int64_t now_us = 0;
	int seconds = 0;

	bwe_demand(bwe, now_us, &demand);
	while (seconds < 10 && bwe_state(bwe)->probe.id == 0) {
		now_us = second_of_calm(bwe, now_us, &seq);
		bwe_timeout(bwe, now_us);
		seconds++;
	}
	bwe_free(bwe);
	return seconds;
}

/* A still picture uses little of what is allowed: that must not keep the rest from it for ever. */
static void who_sends_little_asks_for_more(void)
{
	g_assert_cmpint(calm_until_probe(200000), <=, 1);
	g_assert_cmpint(calm_until_probe(300000), <=, 1);
	g_assert_cmpint(calm_until_probe(800000), >=, 2);
	g_assert_cmpint(calm_until_probe(800000), <=, 3);
}

static void silence_stops_video(void)
{
	struct bwe *bwe = make(200000);
	uint16_t seq = 0;
	int64_t now_us = second_of_calm(bwe, 0, &seq);
	const struct bwe_state *s = bwe_state(bwe);

	g_assert_false(s->is_silent);
	uint32_t before = s->target_bps;
	send(bwe, now_us, seq, 100);
	g_assert_cmpint(bwe_deadline_us(bwe), <=, now_us + 400 * MS);
	bwe_timeout(bwe, now_us + 399 * MS);
	g_assert_false(bwe_state(bwe)->is_silent);
	bwe_timeout(bwe, now_us + 400 * MS);
	g_assert_true(s->is_silent);
	g_assert_cmpuint(s->pacing_bps, ==, 0);
	/* Nothing left for 250 ms: one small packet each 250 ms. */
	g_assert_cmpuint(s->probe.id, !=, 0);
	g_assert_cmpuint(s->probe.bytes, <=, 200);
	int64_t next_us = bwe_deadline_us(bwe);
	g_assert_cmpint(next_us, ==, now_us + 650 * MS);
	/* The link was gone, as the gap between arrivals tells: a little less than what was good.
	 */
	send(bwe, now_us + 2000 * MS, (uint16_t)(seq + 1), 100);
	static struct twcc_feedback feedback;
	feedback.base_seq = seq;
	feedback.count = 2;
	feedback.arrival_us[0] = TWCC_NOT_RECEIVED;
	feedback.arrival_us[1] = now_us + 2020 * MS;
	bwe_feedback(bwe, now_us + 2100 * MS, &feedback);
	g_assert_false(s->is_silent);
	g_assert_cmpuint(s->target_bps, <=, before * 97 / 100);
	g_assert_cmpuint(s->target_bps, >=, before * 93 / 100);
	bwe_free(bwe);
}

static void an_outage_is_no_round_trip(void)
{
	struct bwe *bwe = make(200000);
	uint16_t seq = 0;
	int64_t now_us = second_of_calm(bwe, 0, &seq);
	int64_t rtt_us = bwe_state(bwe)->rtt_us;

	/* It arrived, and the feedback had to wait for the link. */
	send(bwe, now_us, seq, 100);
	bwe_timeout(bwe, now_us + 400 * MS);
	g_assert_true(bwe_state(bwe)->is_silent);
	answer(bwe, now_us + 3000 * MS, seq, 1, now_us + 20 * MS, 0);
	g_assert_false(bwe_state(bwe)->is_silent);
	g_assert_cmpint(bwe_state(bwe)->rtt_us, ==, rtt_us);
	bwe_free(bwe);
}

static void what_an_outage_took_is_no_loss(void)
{
	struct bwe *bwe = make(200000);
	uint16_t seq = 0;
	int64_t now_us = second_of_calm(bwe, 0, &seq);
	static struct twcc_feedback feedback = {.count = 100};

	feedback.base_seq = seq;
	/* A burst of five, a second of calm, and half a second of nothing. */
	for (uint16_t i = 0; i < 100; i++) {
		bool is_lost = (i >= 10 && i < 15) || (i >= 40 && i < 90);

		send(bwe, now_us + i * 10 * MS, (uint16_t)(seq + i), 100);
		feedback.arrival_us[i] =
			is_lost ? TWCC_NOT_RECEIVED : now_us + i * 10 * MS + 20 * MS;
	}
	bwe_feedback(bwe, now_us + 1100 * MS, &feedback);
	seq = (uint16_t)(seq + 100);
	second_of_calm(bwe, now_us + 1200 * MS, &seq);
	g_assert_cmpuint(bwe_state(bwe)->loss_permille, >, 10);
	g_assert_cmpuint(bwe_state(bwe)->loss_permille, <, 40);
	g_assert_cmpuint(bwe_state(bwe)->loss_burst_tenths, ==, 50);
	bwe_free(bwe);
}

static void late_feedback_alone_lowers_nothing(void)
{
	struct bwe *bwe = make(200000);
	uint16_t seq = 0;
	int64_t now_us = second_of_calm(bwe, 0, &seq);
	uint32_t before = bwe_state(bwe)->target_bps;

	for (int i = 0; i < 60; i++)
		send(bwe, now_us + i * 10 * MS, (uint16_t)(seq + i), 222);
	bwe_timeout(bwe, now_us + 500 * MS);
	g_assert_true(bwe_state(bwe)->is_silent);
	answer(bwe, now_us + 650 * MS, seq, 60, now_us + 20 * MS, 10 * MS);
	g_assert_false(bwe_state(bwe)->is_silent);
	g_assert_cmpuint(bwe_state(bwe)->target_bps, >=, before);
	bwe_free(bwe);
}

static void what_went_again_tells_losses_but_no_delay(void)
{
	struct bwe *bwe = make(200000);
	uint16_t seq = 0;
	int64_t now_us = second_of_calm(bwe, 0, &seq);
	uint32_t before = bwe_state(bwe)->target_bps;

	/* One in ten is lost and arrives 150 ms later, under its number. */
	for (int round = 0; round < 20; round++) {
		static struct twcc_feedback feedback;

		for (int i = 0; i < 10; i++)
			send(bwe, now_us + i * 10 * MS, (uint16_t)(seq + i), 222);
		feedback.base_seq = seq;
		feedback.count = 10;
		for (int i = 0; i < 10; i++)
			feedback.arrival_us[i] = now_us + 20 * MS + i * 10 * MS;
		feedback.arrival_us[3] = now_us + 200 * MS;
		bwe_resent(bwe, now_us + 90 * MS, (uint16_t)(seq + 3));
		bwe_feedback(bwe, now_us + 210 * MS, &feedback);
		g_assert_cmpint(bwe_state(bwe)->queue_us, <, 10 * MS);
		seq = (uint16_t)(seq + 10);
		now_us += 100 * MS;
	}
	g_assert_cmpuint(bwe_state(bwe)->target_bps, >=, before);
	g_assert_cmpuint(bwe_state(bwe)->loss_permille, >, 50);
	bwe_resent(bwe, now_us, (uint16_t)(seq + 1000)); /* never sent */
	bwe_free(bwe);
}

static void feedback_of_forgotten_packets_lowers_the_rate(void)
{
	struct bwe *bwe = make(1000000);
	uint16_t seq = 0;
	int64_t now_us = second_of_calm(bwe, 0, &seq);
	uint32_t before = bwe_state(bwe)->target_bps;

	for (int i = 0; i < 10; i++)
		answer(bwe, now_us + i * 300 * MS, (uint16_t)(seq - 20000), 100, now_us, 10);
	g_assert_cmpuint(bwe_state(bwe)->target_bps, <, before / 2);
	bwe_free(bwe);
}

static void without_feedback_reports_lead(void)
{
	struct bwe *bwe = make(400000);
	const struct bwe_state *s = bwe_state(bwe);

	bwe_report(bwe, 2000 * MS, 80 * MS, 128);
	g_assert_cmpuint(s->target_bps, ==, 400000 * 3 / 4);
	g_assert_cmpint(s->rtt_us, ==, 80 * MS);
	/* Nothing is known of what is in flight: nothing waits for it. */
	g_assert_cmpuint(s->window_bytes, ==, UINT32_MAX);
	bwe_free(bwe);
}

/* The up-leg of somebody else leaks into reports: not heard while feedback is there. */
static void reports_are_not_heard_beside_feedback(void)
{
	struct bwe *bwe = make(400000);
	uint16_t seq = 0;
	int64_t now_us = second_of_calm(bwe, 0, &seq);
	uint32_t before = bwe_state(bwe)->target_bps;

	bwe_report(bwe, now_us, 80 * MS, 200);
	g_assert_cmpuint(bwe_state(bwe)->target_bps, ==, before);
	bwe_free(bwe);
}

static void another_path_is_unknown(void)
{
	struct bwe *bwe = make(400000);
	uint16_t seq = 0;
	int64_t now_us = second_of_calm(bwe, 0, &seq);

	bwe_route_changed(bwe, now_us);
	g_assert_cmpint(bwe_state(bwe)->rtt_us, ==, 0);
	g_assert_cmpuint(bwe_state(bwe)->target_bps, <=, 400000);
	g_assert_cmpuint(bwe_state(bwe)->in_flight_bytes, ==, 0);
	g_assert_cmpuint(bwe_state(bwe)->probe.id, ==, 0);
	bwe_free(bwe);
}

#define ADD(name) g_test_add_func("/bwe/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(begins_at_200_kbit);
	ADD(counts_what_a_link_carries);
	ADD(who_sends_little_asks_for_more);
	ADD(silence_stops_video);
	ADD(an_outage_is_no_round_trip);
	ADD(what_an_outage_took_is_no_loss);
	ADD(late_feedback_alone_lowers_nothing);
	ADD(what_went_again_tells_losses_but_no_delay);
	ADD(feedback_of_forgotten_packets_lowers_the_rate);
	ADD(without_feedback_reports_lead);
	ADD(reports_are_not_heard_beside_feedback);
	ADD(another_path_is_unknown);
	return g_test_run();
}
