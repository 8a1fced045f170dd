/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <string.h>

#include "media/wire/rtcp.h"

/* As in test_rtcp.c: by aiortc. */
static const uint8_t COMPOUND[] = {
	0x81, 0xc8, 0x00, 0x0c, 0xca, 0xfe, 0xba, 0xbe, 0xe9, 0xe8, 0xd7, 0xc6, 0xb5,
	0xa4, 0x93, 0x82, 0x11, 0x22, 0x33, 0x44, 0x00, 0x00, 0x03, 0xe8, 0x00, 0x02,
	0x71, 0x00, 0x01, 0x02, 0x03, 0x04, 0x4d, 0xff, 0xff, 0xfe, 0x00, 0x02, 0x00,
	0x03, 0x00, 0x00, 0x01, 0x90, 0xaa, 0xbb, 0xcc, 0xdd, 0x00, 0x01, 0x80, 0x00,

	0x81, 0xca, 0x00, 0x04, 0xca, 0xfe, 0xba, 0xbe, 0x01, 0x08, 0x61, 0x62, 0x63,
	0x64, 0x65, 0x66, 0x67, 0x68, 0x00, 0x00,

	0x81, 0xcd, 0x00, 0x05, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x02, 0x00,
	0x0c, 0x80, 0x01, 0x00, 0x1d, 0x00, 0x00, 0xff, 0xff, 0x00, 0x00,

	0x81, 0xce, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x02,

	0x82, 0xcb, 0x00, 0x02, 0xca, 0xfe, 0xba, 0xbe, 0xde, 0xad, 0xbe, 0xef,
};

/* Reads one packet. The bytes are copied, so that a sanitizer sees a read too far. */
static int read_one(struct rtcp_packet *p, const uint8_t *bytes, size_t len)
{
	uint8_t *buf = g_memdup2(bytes, len);
	struct rtcp_reader reader = rtcp_reader_init(buf, len);
	int rc = rtcp_next(&reader, p);

	g_free(buf);
	return rc;
}

static void nack_packs_and_unpacks(void)
{
	static const struct {
		uint16_t seqs[8];
		size_t count;
		size_t items;
	} steps[] = {
		{{5}, 1, 1},
		{{5, 21}, 2, 1},
		{{5, 22}, 2, 2},
		{{65530, 65535, 0, 10}, 4, 1},
		{{65535, 15, 16}, 3, 2},
		{{1, 2, 3, 4, 5, 6, 7, 8}, 8, 1},
		{{100, 200, 300}, 3, 3},
	};
	struct rtcp_packet p;
	uint8_t buf[64];

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct wr w = wr_init(buf, sizeof(buf));
		rtcp_write_nack(&w, 1, 2, steps[i].seqs, steps[i].count);
		g_assert_true(wr_ok(&w));
		g_assert_cmpuint(wr_len(&w), ==, 12 + 4 * steps[i].items);
		g_assert_cmpint(read_one(&p, buf, wr_len(&w)), ==, 1);
		g_assert_cmpint(p.type, ==, RTCP_NACK);
		g_assert_cmpmem(p.nack, (int)(p.nack_count * 2), steps[i].seqs,
				(int)(steps[i].count * 2));
	}
	/* The same number twice is one; a step back begins a new item; none is no packet. */
	struct wr w = wr_init(buf, sizeof(buf));
	rtcp_write_nack(&w, 1, 2, (const uint16_t[]){9, 9, 10, 8}, 4);
	g_assert_cmpint(read_one(&p, buf, wr_len(&w)), ==, 1);
	g_assert_cmpmem(p.nack, (int)(p.nack_count * 2), ((const uint16_t[]){9, 10, 8}), 6);
	w = wr_init(buf, sizeof(buf));
	rtcp_write_nack(&w, 1, 2, NULL, 0);
	g_assert_cmpuint(wr_len(&w), ==, 0);
	g_assert_true(wr_ok(&w));
}

/* Our writers, in the order of the compound of the other stack, give the same bytes. */
static void writes_what_another_stack_writes(void)
{
	const struct rtcp_report report = {.ssrc = 0x01020304,
					   .fraction_lost = 77,
					   .lost = -2,
					   .highest_seq = 0x00020003,
					   .jitter = 400,
					   .lsr = 0xaabbccdd,
					   .dlsr = 0x00018000};
	uint8_t buf[200];
	struct wr w = wr_init(buf, sizeof(buf));

	rtcp_write_sdes_cname(&w, 0xcafebabe, "abcdefgh");
	rtcp_write_nack(&w, 1, 2, (const uint16_t[]){12, 13, 28, 29, 65535}, 5);
	rtcp_write_pli(&w, 1, 2);
	rtcp_write_bye(&w, (const uint32_t[]){0xcafebabe, 0xdeadbeef}, 2);
	g_assert_true(wr_ok(&w));
	g_assert_cmpmem(buf, (int)wr_len(&w), COMPOUND + 52, sizeof(COMPOUND) - 52);
	w = wr_init(buf, sizeof(buf));
	rtcp_write_rr(&w, 0xcafebabe, &report, 1);
	g_assert_cmpuint(wr_len(&w), ==, 32);
	g_assert_cmpmem(buf, 8, "\x81\xc9\x00\x07\xca\xfe\xba\xbe", 8);
	g_assert_cmpmem(buf + 8, 24, COMPOUND + 28, 24);
}

static void sr_reads_back(void)
{
	const struct rtcp_sender_info info = {.ntp = 0x0123456789abcdef,
					      .rtp_timestamp = 0xfedcba98,
					      .packet_count = 0xffffffff,
					      .octet_count = 1};
	uint8_t buf[28];
	struct wr w = wr_init(buf, sizeof(buf));
	struct rtcp_packet p;

	rtcp_write_sr(&w, 7, &info);
	g_assert_true(wr_ok(&w));
	g_assert_cmpint(read_one(&p, buf, wr_len(&w)), ==, 1);
	g_assert_cmpint(p.type, ==, RTCP_SR);
	g_assert_cmpuint(p.sender_ssrc, ==, 7);
	g_assert_cmphex(p.ntp, ==, info.ntp);
	g_assert_cmphex(p.rtp_timestamp, ==, info.rtp_timestamp);
	g_assert_cmpuint(p.packet_count, ==, info.packet_count);
	g_assert_cmpuint(p.octet_count, ==, info.octet_count);
	g_assert_cmpuint(p.report_count, ==, 0);
}

/* RFC 3550 A.3: 24 bits, signed and clamped. */
static void cumulative_loss_is_clamped(void)
{
	static const struct {
		int32_t lost;
		int32_t want;
	} steps[] = {
		{0, 0},
		{-1, -1},
		{0x7fffff, 0x7fffff},
		{0x800000, 0x7fffff},
		{INT32_MAX, 0x7fffff},
		{-0x800000, -0x800000},
		{-0x800001, -0x800000},
		{INT32_MIN, -0x800000},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct rtcp_report report = {.lost = steps[i].lost, .fraction_lost = 0xff};
		struct rtcp_packet p;
		uint8_t buf[32];
		struct wr w = wr_init(buf, sizeof(buf));

		rtcp_write_rr(&w, 1, &report, 1);
		g_assert_cmpint(read_one(&p, buf, wr_len(&w)), ==, 1);
		g_assert_cmpint(p.reports[0].lost, ==, steps[i].want);
		g_assert_cmpuint(p.reports[0].fraction_lost, ==, 0xff);
	}
}

/* RFC 3550 6.5: the list of items ends in at least one zero, on a word. */
static void cname_ends_on_a_word(void)
{
	char cname[257];

	for (size_t len = 0; len <= 256; len++) {
		uint8_t buf[300];
		struct wr w = wr_init(buf, sizeof(buf));

		memset(cname, 'x', len);
		cname[len] = '\0';
		rtcp_write_sdes_cname(&w, 1, cname);
		g_assert_true(wr_ok(&w) == (len <= 255));
		if (len > 255)
			break;
		g_assert_cmpuint(wr_len(&w) % 4, ==, 0);
		g_assert_cmpuint(buf[wr_len(&w) - 1], ==, 0);
		g_assert_cmpuint(wr_len(&w), ==, (10 + len) / 4 * 4 + 4);
		g_assert_cmpuint(((unsigned)buf[2] << 8 | buf[3]) * 4 + 4, ==, wr_len(&w));
	}
}

static void remb_rounds_down_by_less_than_its_mantissa(void)
{
	const uint32_t ssrcs[2] = {5, 6};
	struct rtcp_packet p;
	uint8_t buf[28];

	for (unsigned shift = 0; shift < 64; shift++) {
		uint64_t bps = UINT64_MAX >> shift;
		struct wr w = wr_init(buf, sizeof(buf));

		rtcp_write_remb(&w, 1, bps, ssrcs, 2);
		g_assert_true(wr_ok(&w));
		g_assert_cmpint(read_one(&p, buf, wr_len(&w)), ==, 1);
		g_assert_cmpuint(p.remb_bps, <=, bps);
		g_assert_cmpuint(p.remb_bps, >=, bps - (bps >> 17));
		g_assert_cmpuint(p.ssrc_count, ==, 2);
		g_assert_cmpuint(p.ssrcs[1], ==, 6);
	}
}

enum {
	KINDS = 8
};

static void write_kind(struct wr *w, int kind)
{
	static const struct rtcp_report reports[3];
	static const struct rtcp_sender_info info;
	static const uint32_t ssrcs[3];
	static const uint16_t seqs[] = {1, 50};

	switch (kind) {
	case 0:
		rtcp_write_sr(w, 1, &info);
		break;
	case 1:
		rtcp_write_rr(w, 1, reports, 3);
		break;
	case 2:
		rtcp_write_sdes_cname(w, 1, "abc");
		break;
	case 3:
		rtcp_write_bye(w, ssrcs, 3);
		break;
	case 4:
		rtcp_write_nack(w, 1, 2, seqs, 2);
		break;
	case 5:
		rtcp_write_pli(w, 1, 2);
		break;
	case 6:
		rtcp_write_fir(w, 1, 2, 3);
		break;
	default:
		rtcp_write_remb(w, 1, 2, ssrcs, 3);
		break;
	}
}

static void assert_not_begun(int kind, uint8_t *buf, size_t cap)
{
	struct wr w = wr_init(buf, cap);

	write_kind(&w, kind);
	g_assert_false(wr_ok(&w));
	g_assert_cmpuint(wr_len(&w), ==, 0);
}

static void what_does_not_fit_is_not_begun(void)
{
	uint8_t buf[100];

	for (int kind = 0; kind < KINDS; kind++) {
		struct wr whole = wr_init(buf, sizeof(buf));

		write_kind(&whole, kind);
		g_assert_true(wr_ok(&whole));
		for (size_t cap = 0; cap < wr_len(&whole); cap++)
			assert_not_begun(kind, buf, cap);
		struct wr exact = wr_init(buf, wr_len(&whole));
		write_kind(&exact, kind);
		g_assert_true(wr_ok(&exact));
	}
}

/* Five bits count the reports and the sources of a BYE, eight those of a REMB. */
static void more_than_can_be_counted_is_not_begun(void)
{
	static const struct rtcp_report reports[32];
	static const uint32_t ssrcs[256];
	static uint8_t buf[1500];
	struct wr w = wr_init(buf, sizeof(buf));

	rtcp_write_rr(&w, 1, reports, 31);
	rtcp_write_bye(&w, ssrcs, 31);
	g_assert_true(wr_ok(&w));
	w = wr_init(buf, sizeof(buf));
	rtcp_write_remb(&w, 1, 1, ssrcs, 255);
	g_assert_true(wr_ok(&w));
	w = wr_init(buf, sizeof(buf));
	rtcp_write_rr(&w, 1, reports, 32);
	g_assert_false(wr_ok(&w));
	w = wr_init(buf, sizeof(buf));
	rtcp_write_bye(&w, ssrcs, 32);
	g_assert_false(wr_ok(&w));
	w = wr_init(buf, sizeof(buf));
	rtcp_write_remb(&w, 1, 1, ssrcs, 256);
	g_assert_false(wr_ok(&w));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rtcp_write/nack_packs_and_unpacks", nack_packs_and_unpacks);
	g_test_add_func("/rtcp_write/writes_what_another_stack_writes",
			writes_what_another_stack_writes);
	g_test_add_func("/rtcp_write/sr_reads_back", sr_reads_back);
	g_test_add_func("/rtcp_write/cumulative_loss_is_clamped", cumulative_loss_is_clamped);
	g_test_add_func("/rtcp_write/cname_ends_on_a_word", cname_ends_on_a_word);
	g_test_add_func("/rtcp_write/remb_rounds_down_by_less_than_its_mantissa",
			remb_rounds_down_by_less_than_its_mantissa);
	g_test_add_func("/rtcp_write/what_does_not_fit_is_not_begun",
			what_does_not_fit_is_not_begun);
	g_test_add_func("/rtcp_write/more_than_can_be_counted_is_not_begun",
			more_than_can_be_counted_is_not_begun);
	return g_test_run();
}
