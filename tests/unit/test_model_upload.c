/* SPDX-License-Identifier: EUPL-1.2 */
/* The stand-in for a browser's congestion control, its feedback, and TCP beside the call. */
#include <glib.h>
#include <math.h>

#include "loadtest/model/receipts.h"
#include "loadtest/model/upload.h"
#include "loadtest/scenario/cubic.h"
#include "media/wire/rtcp.h"

/* A link of 30 ms, drop-tail of a second, feedback each 100 ms. */
struct path {
	struct upload upload;
	struct twcc_feedback feedback;
	double bps;
	double used_bps; /* no more than this is sent, but for probes */
	double free_us;
	double next_us;
	int64_t now_us;
	uint16_t seq;
	bool is_dead; /* nothing comes back */
};

static struct path *path_new(double bps)
{
	struct path *path = g_new0(struct path, 1);

	path->bps = bps;
	path->used_bps = 1e9;
	upload_init(&path->upload, 0);
	return path;
}

static void path_send(struct path *path)
{
	double now = (double)path->now_us;
	uint32_t probe_bps = upload_probe_bps(&path->upload);
	double bps = fmin(upload_bps(&path->upload, path->now_us), path->used_bps);
	size_t at = path->feedback.count++;

	g_assert_cmpuint(at, <, TWCC_MAX_PACKETS);
	upload_sent(&path->upload, path->now_us, path->seq++, 600);
	path->feedback.arrival_us[at] = TWCC_NOT_RECEIVED;
	if (path->free_us - now < 1e6) {
		path->free_us = fmax(path->free_us, now) + 600 * 8e6 / path->bps;
		path->feedback.arrival_us[at] = (int64_t)path->free_us + 30000;
	}
	path->next_us = now + 600 * 8e6 / (probe_bps ? probe_bps : bps);
}

static void path_run(struct path *path, int64_t until_us)
{
	for (; path->now_us < until_us; path->now_us += 500) {
		if (path->next_us <= (double)path->now_us)
			path_send(path);
		if (path->now_us % 100000 != 0 || path->feedback.count == 0)
			continue;
		if (!path->is_dead)
			upload_feedback(&path->upload, path->now_us, &path->feedback);
		path->feedback.base_seq = path->seq;
		path->feedback.count = 0;
	}
}

static double path_queue_us(const struct path *path)
{
	return fmax(0, path->free_us - (double)path->now_us);
}

static void rate_settles_below_the_link(void)
{
	struct path *path = path_new(250000);
	double worst_us = 0;

	for (int s = 1; s <= 60; s++) {
		path_run(path, s * 1000000LL);
		if (s > 10)
			worst_us = fmax(worst_us, path_queue_us(path));
	}
	g_assert_cmpuint(upload_bps(&path->upload, path->now_us), >, 150000);
	g_assert_cmpuint(upload_bps(&path->upload, path->now_us), <, 330000);
	g_assert_cmpfloat(worst_us, <, 300000);
	g_free(path);
}

static void remb_is_a_cap(void)
{
	struct path *path = path_new(2000000);

	upload_remb(&path->upload, 120000);
	path_run(path, 20000000);
	g_assert_cmpuint(upload_bps(&path->upload, path->now_us), ==, 120000);
	g_assert_cmpfloat(path_queue_us(path), <, 20000);
	g_free(path);
}

/* 0.8 each second after three of them, and as before with the first word. */
static void silence_lowers_the_rate_while_it_lasts(void)
{
	struct path *path = path_new(250000);
	uint32_t before;

	path_run(path, 30000000);
	before = upload_bps(&path->upload, path->now_us);
	path->is_dead = true;
	path_run(path, 32500000);
	g_assert_cmpuint(upload_bps(&path->upload, path->now_us), ==, before);
	path_run(path, 40000000);
	g_assert_cmpuint(upload_bps(&path->upload, path->now_us), <, before / 2);
	path->is_dead = false;
	path_run(path, 41000000);
	g_assert_cmpuint(upload_bps(&path->upload, path->now_us), >, before / 2);
	g_free(path);
}

static void probes_find_a_wide_link_at_once(void)
{
	struct path *path = path_new(3000000);

	path_run(path, 1000000);
	g_assert_cmpuint(upload_bps(&path->upload, path->now_us), <, 500000);
	upload_allocated(&path->upload, path->now_us, 2500000);
	path_run(path, 3000000);
	g_assert_cmpuint(upload_bps(&path->upload, path->now_us), >, 1500000);
	g_free(path);
}

/* Who sends much less than he may finds a link that has widened within two of the probes. */
static void who_sends_little_probes_each_five_seconds(void)
{
	struct path *path = path_new(300000);
	uint32_t before;

	upload_allocated(&path->upload, 0, 2500000);
	path_run(path, 20000000);
	before = upload_bps(&path->upload, path->now_us);
	path->bps = 3000000;
	path->used_bps = 100000;
	path_run(path, 34000000);
	g_assert_cmpuint(upload_bps(&path->upload, path->now_us), >, 2 * before);
	g_free(path);
}

/* Near where the link was full: not 8 % a second. */
static void growth_is_slow_near_the_capacity(void)
{
	struct path *path = path_new(1000000);
	uint32_t before;

	path_run(path, 40000000);
	g_assert_cmpfloat(path->upload.capacity_kbps, >, 800);
	for (int s = 41; s <= 60; s++) {
		before = upload_bps(&path->upload, path->now_us);
		path_run(path, s * 1000000LL);
		g_assert_cmpuint(upload_bps(&path->upload, path->now_us), <, before * 107 / 100);
	}
	g_free(path);
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
	g_test_add_func("/upload/silence", silence_lowers_the_rate_while_it_lasts);
	g_test_add_func("/upload/probes", probes_find_a_wide_link_at_once);
	g_test_add_func("/upload/idle", who_sends_little_probes_each_five_seconds);
	g_test_add_func("/upload/near", growth_is_slow_near_the_capacity);
	g_test_add_func("/receipts/told", receipts_tell_what_came_and_when);
	g_test_add_func("/receipts/share", feedback_takes_five_percent);
	g_test_add_func("/cubic/alone", tcp_fills_the_link_alone);
	return g_test_run();
}
