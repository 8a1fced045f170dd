/* SPDX-License-Identifier: EUPL-1.2 */
/* The stand-in for a browser's congestion control, its feedback, and TCP beside the call. */
#include <glib.h>

#include "loadtest/model/receipts.h"
#include "loadtest/model/upload.h"
#include "loadtest/scenario/cubic.h"
#include "media/wire/rtcp.h"

/* A link of bps and 30 ms, drop-tail of a second, feedback each 100 ms; where the rate ends. */
static uint32_t settle(double bps, int seconds, uint64_t remb, int64_t *queue_us)
{
	struct upload upload;
	static struct twcc_feedback feedback;
	double free_us = 0;
	double next_us = 0;
	uint16_t seq = 0;
	int64_t now = 0;

	upload_init(&upload, 0);
	upload_remb(&upload, remb);
	feedback = (struct twcc_feedback){0};
	for (; now < seconds * 1000000LL; now += 1000) {
		while (next_us <= (double)now) {
			upload_sent(&upload, now, seq++, 600);
			free_us = (free_us > (double)now ? free_us : (double)now) + 600 * 8e6 / bps;
			feedback.arrival_us[feedback.count++] = (int64_t)free_us + 30000;
			next_us += 600 * 8e6 / upload_bps(&upload, now);
			g_assert_cmpuint(feedback.count, <, TWCC_MAX_PACKETS);
		}
		if (now % 100000 == 0 && feedback.count) {
			upload_feedback(&upload, now, &feedback);
			feedback.base_seq = seq;
			feedback.count = 0;
		}
	}
	*queue_us = free_us > (double)now ? (int64_t)free_us - now : 0;
	return upload_bps(&upload, now);
}

static void rate_settles_below_the_link(void)
{
	int64_t queue_us;
	uint32_t bps = settle(250000, 60, 0, &queue_us);

	g_assert_cmpuint(bps, >, 150000);
	g_assert_cmpuint(bps, <, 330000);
	g_assert_cmpint(queue_us, <, 300000);
}

static void remb_is_a_cap(void)
{
	int64_t queue_us;

	g_assert_cmpuint(settle(2000000, 20, 120000, &queue_us), ==, 120000);
	g_assert_cmpint(queue_us, <, 20000);
}

static void silence_lowers_the_rate(void)
{
	struct upload upload;
	uint32_t bps = 0;

	upload_init(&upload, 0);
	for (int64_t now = 0; now < 10000000; now += 100000)
		bps = upload_bps(&upload, now);
	g_assert_cmpuint(bps, <, UPLOAD_START_BPS / 2);
}

/* What receipts tell of 0..9 without 4, and of 4 when it came late. */
static void receipts_tell_what_came_and_when(void)
{
	struct receipts receipts = {.interval_us = 100000};
	static struct rtcp_packet packet;
	static struct twcc_feedback feedback;
	uint8_t buf[1200];
	struct wr w = wr_init(buf, sizeof(buf));
	struct rtcp_reader reader;

	for (uint16_t n = 0; n < 10; n++)
		if (n != 4)
			receipts_packet(&receipts, 1000000 + n * 1000, n);
	g_assert_cmpint(receipts_deadline_us(&receipts), ==, 1050000);
	receipts_write(&receipts, 1049999, 0, &w, 1);
	g_assert_cmpuint(wr_len(&w), ==, 0);
	receipts_write(&receipts, 1050000, 0, &w, 1);
	reader = rtcp_reader_init(buf, wr_len(&w));
	g_assert_cmpint(rtcp_next(&reader, &packet), ==, 1);
	g_assert_cmpint(twcc_parse(&feedback, packet.fci, packet.fci_len), ==, 0);
	g_assert_cmpuint(feedback.count, ==, 10);
	g_assert_cmpint(feedback.arrival_us[4], ==, TWCC_NOT_RECEIVED);
	g_assert_cmpint(feedback.arrival_us[9] - feedback.arrival_us[0], ==, 9000);
	g_assert_cmpint(receipts_deadline_us(&receipts), ==, INT64_MAX);
	receipts_packet(&receipts, 1060000, 4);
	g_assert_cmpint(receipts_deadline_us(&receipts), ==, 1150000);
	w = wr_init(buf, sizeof(buf));
	receipts_write(&receipts, 1150000, 0, &w, 1);
	reader = rtcp_reader_init(buf, wr_len(&w));
	g_assert_cmpint(rtcp_next(&reader, &packet), ==, 1);
	g_assert_cmpint(twcc_parse(&feedback, packet.fci, packet.fci_len), ==, 0);
	g_assert_cmpuint(feedback.base_seq, ==, 4);
	g_assert_cmpint(feedback.arrival_us[0], !=, TWCC_NOT_RECEIVED);
}

static void feedback_takes_five_percent(void)
{
	struct receipts receipts = {0};
	uint8_t buf[1200];
	struct wr w = wr_init(buf, sizeof(buf));

	receipts_packet(&receipts, 1000000, 1);
	receipts_write(&receipts, 1050000, 108800, &w, 1); /* 68 B each 100 ms */
	receipts_packet(&receipts, 1060000, 2);
	g_assert_cmpint(receipts_deadline_us(&receipts), ==, 1150000);
}

static double tcp_alone(double queue_ms)
{
	static const struct link_step rate = {.at_ns = 0, .value = 2000000};
	const struct link_config down = {.rate = {.steps = &rate, .count = 1},
					 .delay_ns = 50000000,
					 .queue_ns = (int64_t)(queue_ms * 1e6)};
	const struct link_config up = {.delay_ns = 50000000};
	struct link *link;
	struct leg data;
	struct leg acks;
	struct cubic cubic;
	double bps;

	g_assert_cmpint(link_new(&link, &down, 1), ==, 0);
	leg_init(&data, link, 0, 60000000);
	g_assert_cmpint(link_new(&link, &up, 1), ==, 0);
	leg_init(&acks, link, 0, 60000000);
	cubic_init(&cubic,
		   &(struct cubic_config){
			   .data = &data, .acks = &acks, .to_us = 60000000, .bytes = INT64_MAX});
	for (int64_t now = 0; now < 60000000; now = MAX(now + 1, cubic_deadline_us(&cubic)))
		cubic_timeout(&cubic, now);
	bps = leg_cross_bps(&data, 5000000, 60000000);
	g_assert_cmpuint(data.lost[LEG_CROSS], >, 0);
	g_assert_cmpuint(data.lost[LEG_CROSS] * 20, <, data.packets[LEG_CROSS]);
	leg_close(&data);
	leg_close(&acks);
	return bps;
}

static void tcp_fills_the_link_alone(void)
{
	g_assert_cmpfloat(tcp_alone(300), >, 1800000);
	g_assert_cmpfloat(tcp_alone(1000), >, 1800000);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/upload/settles", rate_settles_below_the_link);
	g_test_add_func("/upload/remb", remb_is_a_cap);
	g_test_add_func("/upload/silence", silence_lowers_the_rate);
	g_test_add_func("/receipts/told", receipts_tell_what_came_and_when);
	g_test_add_func("/receipts/share", feedback_takes_five_percent);
	g_test_add_func("/cubic/alone", tcp_fills_the_link_alone);
	return g_test_run();
}
