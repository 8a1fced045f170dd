/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/stream/recv.h"

#define HZ 90000

static struct recv_stats stats(void)
{
	return (struct recv_stats){.ssrc = 7, .clock_hz = HZ};
}

/* Packets seq..seq+count-1, 10 ms apart, perfectly timed; returns the time after them. */
static int64_t feed(struct recv_stats *s, int64_t now_us, uint16_t seq, int count)
{
	for (int i = 0; i < count; i++, now_us += 10000)
		recv_packet(s, now_us, (uint16_t)(seq + i), (uint32_t)(now_us * 9 / 100), 100);
	return now_us;
}

static void nothing_received_reports_nothing(void)
{
	struct recv_stats s = stats();
	struct rtcp_report r;

	recv_report(&s, 1000000, &r);
	g_assert_cmpuint(r.ssrc, ==, 7);
	g_assert_cmpint(r.fraction_lost, ==, 0);
	g_assert_cmpint(r.lost, ==, 0);
	g_assert_cmpuint(r.lsr, ==, 0);
	g_assert_cmpuint(r.dlsr, ==, 0);
}

static void counts_loss_of_each_interval(void)
{
	struct recv_stats s = stats();
	struct rtcp_report r;

	int64_t t = feed(&s, 0, 65500, 50); /* over the wrap */
	recv_report(&s, t, &r);
	g_assert_cmpint(r.lost, ==, 0);
	g_assert_cmpuint(r.highest_seq, ==, 65536 + 13);
	/* A quarter of the next hundred is lost. */
	t = feed(&s, t, 14, 75);
	t = feed(&s, t, 114, 1);
	recv_report(&s, t, &r);
	g_assert_cmpint(r.lost, ==, 25);
	g_assert_cmpint(r.fraction_lost, ==, 25 * 256 / 101);
	t = feed(&s, t, 115, 10);
	recv_report(&s, t, &r);
	g_assert_cmpint(r.lost, ==, 25);
	g_assert_cmpint(r.fraction_lost, ==, 0);
	g_assert_cmpuint(s.bytes, ==, 136 * 100);
}

static void duplicates_and_late_ones_make_loss_negative(void)
{
	struct recv_stats s = stats();
	struct rtcp_report r;

	feed(&s, 0, 10, 5);
	feed(&s, 50000, 12, 3);
	recv_report(&s, 100000, &r);
	g_assert_cmpint(r.lost, ==, -3);
	g_assert_cmpint(r.fraction_lost, ==, 0);
	g_assert_cmpuint(r.highest_seq, ==, 14);
}

static void one_stray_number_changes_nothing(void)
{
	struct recv_stats s = stats();
	struct rtcp_report r;

	int64_t t = feed(&s, 0, 10, 5);
	t = feed(&s, t, 40000, 1);
	t = feed(&s, t, 15, 1);
	recv_report(&s, t, &r);
	g_assert_cmpint(r.lost, ==, 0);
	g_assert_cmpuint(r.highest_seq, ==, 15);
	/* Two in a row are a new start. */
	t = feed(&s, t, 40000, 3);
	recv_report(&s, t, &r);
	g_assert_cmpint(r.lost, ==, 0);
	g_assert_cmpuint(r.highest_seq, ==, 40002);
}

static void lost_is_clamped_to_24_bits(void)
{
	struct recv_stats s = stats();
	struct rtcp_report r;
	uint16_t seq = 0;

	for (int i = 0; i < 4000; i++, seq = (uint16_t)(seq + 3000))
		recv_packet(&s, 0, seq, 0, 1);
	recv_report(&s, 0, &r);
	g_assert_cmpint(r.lost, ==, 0x7fffff);
	g_assert_cmpint(r.fraction_lost, ==, 255);
}

/* RFC 3550 A.8: with packets off by +-4 ms in turn the mean deviation goes to 8 ms. */
static void jitter_converges(void)
{
	struct recv_stats s = stats();
	struct rtcp_report r;

	for (int i = 0; i < 500; i++) {
		int64_t sent = i * 20000;
		recv_packet(&s, sent + (i % 2 ? 4000 : -4000), (uint16_t)i,
			    (uint32_t)(sent * 9 / 100) + 0xffffff00u, 1);
	}
	recv_report(&s, 0, &r);
	g_assert_cmpuint(r.jitter, >=, 715);
	g_assert_cmpuint(r.jitter, <=, 720);
}

static void steady_stream_has_no_jitter(void)
{
	struct recv_stats s = stats();
	struct rtcp_report r;

	feed(&s, 123456789, 1, 500);
	recv_report(&s, 0, &r);
	g_assert_cmpuint(r.jitter, ==, 0);
}

static void tells_when_the_sender_report_came(void)
{
	struct recv_stats s = stats();
	struct rtcp_report r;

	recv_sender_report(&s, 5000000, 0x1122334455667788u);
	recv_report(&s, 6500000, &r);
	g_assert_cmpuint(r.lsr, ==, 0x33445566u);
	g_assert_cmpuint(r.dlsr, ==, 65536 * 3 / 2);
}

#define ADD(name) g_test_add_func("/recv/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(nothing_received_reports_nothing);
	ADD(counts_loss_of_each_interval);
	ADD(duplicates_and_late_ones_make_loss_negative);
	ADD(one_stray_number_changes_nothing);
	ADD(lost_is_clamped_to_24_bits);
	ADD(jitter_converges);
	ADD(steady_stream_has_no_jitter);
	ADD(tells_when_the_sender_report_came);
	return g_test_run();
}
