/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "media/base/rng.h"
#include "media/wire/rtcp.h"

/* Written by aiortc 1.4: SR with one report, SDES, BYE of two, NACK, PLI. */
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

static void assert_report(const struct rtcp_report *r)
{
	g_assert_cmphex(r->ssrc, ==, 0x01020304);
	g_assert_cmpuint(r->fraction_lost, ==, 77);
	g_assert_cmpint(r->lost, ==, -2);
	g_assert_cmphex(r->highest_seq, ==, 0x00020003);
	g_assert_cmpuint(r->jitter, ==, 400);
	g_assert_cmphex(r->lsr, ==, 0xaabbccdd);
	g_assert_cmphex(r->dlsr, ==, 0x00018000);
}

static void reads_a_compound_of_another_stack(void)
{
	static const uint16_t missing[] = {12, 13, 28, 29, 65535};
	struct rtcp_reader reader = rtcp_reader_init(COMPOUND, sizeof(COMPOUND));
	struct rtcp_packet p;

	g_assert_cmpint(rtcp_next(&reader, &p), ==, 1);
	g_assert_cmpint(p.type, ==, RTCP_SR);
	g_assert_cmphex(p.sender_ssrc, ==, 0xcafebabe);
	g_assert_cmphex(p.ntp, ==, 0xe9e8d7c6b5a49382);
	g_assert_cmphex(rtcp_ntp_middle(p.ntp), ==, 0xd7c6b5a4);
	g_assert_cmphex(p.rtp_timestamp, ==, 0x11223344);
	g_assert_cmpuint(p.packet_count, ==, 1000);
	g_assert_cmpuint(p.octet_count, ==, 160000);
	g_assert_cmpuint(p.report_count, ==, 1);
	assert_report(&p.reports[0]);
	g_assert_cmpint(rtcp_next(&reader, &p), ==, 1);
	g_assert_cmpint(p.type, ==, RTCP_OTHER);
	g_assert_cmpint(rtcp_next(&reader, &p), ==, 1);
	g_assert_cmpint(p.type, ==, RTCP_NACK);
	g_assert_cmpuint(p.sender_ssrc, ==, 1);
	g_assert_cmpuint(p.media_ssrc, ==, 2);
	g_assert_cmpmem(p.nack, (int)(p.nack_count * 2), missing, sizeof(missing));
	g_assert_cmpint(rtcp_next(&reader, &p), ==, 1);
	g_assert_cmpint(p.type, ==, RTCP_PLI);
	g_assert_cmpuint(p.sender_ssrc, ==, 1);
	g_assert_cmpuint(p.media_ssrc, ==, 2);
	g_assert_cmpint(rtcp_next(&reader, &p), ==, 1);
	g_assert_cmpint(p.type, ==, RTCP_BYE);
	g_assert_cmpuint(p.ssrc_count, ==, 2);
	g_assert_cmphex(p.ssrcs[0], ==, 0xcafebabe);
	g_assert_cmphex(p.ssrcs[1], ==, 0xdeadbeef);
	g_assert_cmpint(rtcp_next(&reader, &p), ==, 0);
	g_assert_cmpint(rtcp_next(&reader, &p), ==, 0);
}

/* What came before a broken end stands; nothing is read past the end. */
static void every_truncation_ends_in_an_error(void)
{
	static const size_t borders[] = {0, 52, 72, 96, 108, 120};
	struct rtcp_packet p;

	for (size_t len = 0; len < sizeof(COMPOUND); len++) {
		uint8_t *buf = g_memdup2(COMPOUND, len);
		struct rtcp_reader reader = rtcp_reader_init(buf, len);
		size_t whole = 0;
		int rc;

		while (whole + 1 < G_N_ELEMENTS(borders) && borders[whole + 1] <= len)
			whole++;
		for (size_t i = 0; i < whole; i++)
			g_assert_cmpint(rtcp_next(&reader, &p), ==, 1);
		rc = len == borders[whole] ? 0 : -EBADMSG;
		g_assert_cmpint(rtcp_next(&reader, &p), ==, rc);
		g_assert_cmpint(rtcp_next(&reader, &p), ==, rc);
		g_free(buf);
	}
}

/* Reads one packet. The bytes are copied, so that a sanitizer sees a read too far. */
static int read_one(struct rtcp_packet *p, const uint8_t *bytes, size_t len)
{
	uint8_t *buf = g_memdup2(bytes, len);
	struct rtcp_reader reader = rtcp_reader_init(buf, len);
	int rc = rtcp_next(&reader, p);

	g_free(buf);
	return rc;
}

static void malformed_packets_are_refused(void)
{
	static const struct {
		const char *what;
		uint8_t len;
		uint8_t bytes[24];
		int want;
	} steps[] = {
		{"version 1", 8, {0x41, 203, 0, 1, 0, 0, 0, 1}, -EBADMSG},
		{"packet type 191", 8, {0x81, 191, 0, 1, 0, 0, 0, 1}, -EBADMSG},
		{"packet type 224", 8, {0x81, 224, 0, 1, 0, 0, 0, 1}, -EBADMSG},
		{"packet type 192", 8, {0x81, 192, 0, 1, 0, 0, 0, 1}, 1},
		{"packet type 223", 8, {0x81, 223, 0, 1, 0, 0, 0, 1}, 1},
		{"RR of fewer reports than it counts", 8, {0x81, 201, 0, 1, 0, 0, 0, 1}, -EBADMSG},
		{"RR without its sender", 4, {0x80, 201, 0, 0}, -EBADMSG},
		{"RR and a profile's extension", 12, {0x80, 201, 0, 2, 0, 0, 0, 1, 5, 6, 7, 8}, 1},
		{"SR too short", 8, {0x80, 200, 0, 1, 0, 0, 0, 1}, -EBADMSG},
		{"BYE of nobody", 4, {0x80, 203, 0, 0}, 1},
		{"BYE of more than there are", 8, {0x82, 203, 0, 1, 0, 0, 0, 1}, -EBADMSG},
		{"BYE with a reason", 12, {0x81, 203, 0, 2, 0, 0, 0, 1, 2, 'o', 'k', 0}, 1},
		{"BYE, the reason too long",
		 12,
		 {0x81, 203, 0, 2, 0, 0, 0, 1, 4, 'o', 'k', 0},
		 -EBADMSG},
		{"NACK of nothing", 12, {0x81, 205, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2}, -EBADMSG},
		{"PLI with a tail", 16, {0x81, 206, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2}, -EBADMSG},
		{"PLI without its media", 8, {0x81, 206, 0, 1, 0, 0, 0, 1}, -EBADMSG},
		{"FIR of nobody", 12, {0x84, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0}, -EBADMSG},
		{"FIR of half an entry",
		 16,
		 {0x84, 206, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2},
		 -EBADMSG},
		{"padding of nothing", 8, {0xa0, 201, 0, 1, 0, 0, 0, 0}, -EBADMSG},
		{"padding longer than the packet", 8, {0xa0, 201, 0, 1, 0, 0, 0, 5}, -EBADMSG},
		{"padding that eats the sender", 8, {0xa0, 201, 0, 1, 0, 0, 0, 4}, -EBADMSG},
		{"padding and no body", 4, {0xa0, 201, 0, 0}, -EBADMSG},
		{"padding well", 12, {0xa0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4}, 1},
	};
	struct rtcp_packet p;

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_test_message("%s", steps[i].what);
		g_assert_cmpint(read_one(&p, steps[i].bytes, steps[i].len), ==, steps[i].want);
	}
}

/* RFC 3550 6.4.1. */
static void only_the_last_packet_is_padded(void)
{
	static const uint8_t first_padded[] = {0xa0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4,
					       0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2};
	static const uint8_t last_padded[] = {0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2,
					      0xa0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4};
	struct rtcp_reader reader = rtcp_reader_init(first_padded, sizeof(first_padded));
	struct rtcp_packet p;

	g_assert_cmpint(rtcp_next(&reader, &p), ==, -EBADMSG);
	reader = rtcp_reader_init(last_padded, sizeof(last_padded));
	g_assert_cmpint(rtcp_next(&reader, &p), ==, 1);
	g_assert_cmpint(rtcp_next(&reader, &p), ==, 1);
	g_assert_cmpint(rtcp_next(&reader, &p), ==, 0);
}

/* libwebrtc fills up its transport feedback with 1 to 3 bytes of padding. */
static void twcc_body_is_borrowed_without_padding(void)
{
	static const uint8_t bytes[] = {0xaf, 205, 0, 5, 0, 0, 0, 1, 0,	   0, 0, 2,
					0,    7,   0, 1, 0, 0, 1, 9, 0x20, 1, 4, 1};
	struct rtcp_reader reader = rtcp_reader_init(bytes, sizeof(bytes));
	struct rtcp_packet p;

	g_assert_cmpint(rtcp_next(&reader, &p), ==, 1);
	g_assert_cmpint(p.type, ==, RTCP_TWCC);
	g_assert_cmpuint(p.sender_ssrc, ==, 1);
	g_assert_cmpuint(p.media_ssrc, ==, 2);
	g_assert_true(p.fci == bytes + 12);
	g_assert_cmpuint(p.fci_len, ==, 11);
}

static void a_compound_has_a_cap(void)
{
	uint8_t buf[(LIMIT_RTCP_PACKETS + 1) * 4];
	struct wr w = wr_init(buf, sizeof(buf));
	struct rtcp_reader reader;
	struct rtcp_packet p;

	for (size_t i = 0; i < LIMIT_RTCP_PACKETS + 1; i++)
		rtcp_write_bye(&w, NULL, 0);
	g_assert_true(wr_ok(&w));
	reader = rtcp_reader_init(buf, wr_len(&w));
	for (size_t i = 0; i < LIMIT_RTCP_PACKETS; i++)
		g_assert_cmpint(rtcp_next(&reader, &p), ==, 1);
	g_assert_cmpint(rtcp_next(&reader, &p), ==, 0);
}

static void nack_items_have_a_cap(void)
{
	uint8_t buf[12 + (LIMIT_RTCP_NACK_ITEMS + 1) * 4];
	struct rtcp_packet p;

	memset(buf, 0xff, sizeof(buf));
	struct wr w = wr_init(buf, sizeof(buf));
	wr_u8(&w, 0x81);
	wr_u8(&w, 205);
	wr_u16(&w, 2 + LIMIT_RTCP_NACK_ITEMS + 1);
	g_assert_cmpint(read_one(&p, buf, sizeof(buf)), ==, 1);
	g_assert_cmpuint(p.nack_count, ==, LIMIT_RTCP_NACK_ITEMS * 17);
	g_assert_cmpuint(p.nack[0], ==, 65535);
	g_assert_cmpuint(p.nack[1], ==, 0);
	g_assert_cmpuint(p.nack[16], ==, 15);
}

static void fir_reads_back(void)
{
	static const uint8_t two[] = {0x84, 206, 0, 6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,
				      0,    2,	 9, 0, 0, 0, 0, 0, 0, 3, 8, 0, 0, 0};
	struct rtcp_packet p;
	uint8_t buf[20];
	struct wr w = wr_init(buf, sizeof(buf));

	rtcp_write_fir(&w, 1, 2, 250);
	g_assert_cmpint(read_one(&p, buf, wr_len(&w)), ==, 1);
	g_assert_cmpint(p.type, ==, RTCP_FIR);
	g_assert_cmpuint(p.media_ssrc, ==, 0);
	g_assert_cmpuint(p.ssrc_count, ==, 1);
	g_assert_cmpuint(p.ssrcs[0], ==, 2);
	g_assert_cmpuint(p.fir_seq[0], ==, 250);
	g_assert_cmpint(read_one(&p, two, sizeof(two)), ==, 1);
	g_assert_cmpuint(p.ssrc_count, ==, 2);
	g_assert_cmpuint(p.ssrcs[1], ==, 3);
	g_assert_cmpuint(p.fir_seq[1], ==, 8);
}

static void fir_entries_have_a_cap(void)
{
	uint8_t buf[12 + 40 * 8] = {0x84, 206, 0, 2 + 40 * 2};
	struct rtcp_packet p;

	g_assert_cmpint(read_one(&p, buf, sizeof(buf)), ==, 1);
	g_assert_cmpuint(p.ssrc_count, ==, G_N_ELEMENTS(p.ssrcs));
}

/* The second is aiortc's. */
static void remb_reads_rates_of_every_size(void)
{
	static const struct {
		uint8_t rate[3];
		uint64_t want;
	} steps[] = {
		{{0x00, 0x00, 0x00}, 0},
		{{0x13, 0xf7, 0xa0}, 4160000},
		{{0x03, 0xff, 0xff}, 0x3ffff},
		{{0xbb, 0xff, 0xff}, (uint64_t)0x3ffff << 46},
		{{0xbf, 0xff, 0xff}, UINT64_MAX},
		{{0xff, 0xff, 0xff}, UINT64_MAX},
		{{0xfc, 0x00, 0x01}, (uint64_t)1 << 63},
		{{0xfc, 0x00, 0x00}, 0},
	};
	uint8_t bytes[] = {0x8f, 206, 0,   5,	0, 0, 0, 1, 0,	  0,	0,    0,
			   'R',	 'E', 'M', 'B', 1, 0, 0, 0, 0x96, 0xbe, 0x96, 0xcf};
	struct rtcp_packet p;

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		memcpy(bytes + 17, steps[i].rate, 3);
		g_assert_cmpint(read_one(&p, bytes, sizeof(bytes)), ==, 1);
		g_assert_cmpint(p.type, ==, RTCP_REMB);
		g_assert_cmphex(p.remb_bps, ==, steps[i].want);
		g_assert_cmpuint(p.ssrc_count, ==, 1);
		g_assert_cmphex(p.ssrcs[0], ==, 0x96be96cf);
	}
	bytes[16] = 2; /* one more than there is */
	g_assert_cmpint(read_one(&p, bytes, sizeof(bytes)), ==, -EBADMSG);
	bytes[16] = 0;
	g_assert_cmpint(read_one(&p, bytes, sizeof(bytes)), ==, -EBADMSG);
	bytes[12] = 'X'; /* another application's feedback */
	g_assert_cmpint(read_one(&p, bytes, sizeof(bytes)), ==, 1);
	g_assert_cmpint(p.type, ==, RTCP_OTHER);
}

static void ntp_time_leads_back(void)
{
	static const struct {
		int64_t us;
		uint64_t ntp;
	} steps[] = {
		{0, (uint64_t)2208988800 << 32},
		{500000, (uint64_t)2208988800 << 32 | 0x80000000},
		{-500000, (uint64_t)2208988799 << 32 | 0x80000000},
		/* The last second of era 0 and the first of era 1. */
		{2085978495000000, (uint64_t)0xffffffff << 32},
		{2085978496000000, 0},
	};
	struct rng rng = rng_seeded(11);

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_assert_cmphex(rtcp_ntp_from_us(steps[i].us), ==, steps[i].ntp);
		g_assert_cmpint(rtcp_us_from_ntp(steps[i].ntp), ==, steps[i].us);
	}
	for (int i = 0; i < 10000; i++) {
		int64_t us = 1700000000000000 + (int64_t)(rng_u64(&rng) % 1000000000000000);
		g_assert_cmpint(rtcp_us_from_ntp(rtcp_ntp_from_us(us)), ==, us);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rtcp/reads_a_compound_of_another_stack",
			reads_a_compound_of_another_stack);
	g_test_add_func("/rtcp/every_truncation_ends_in_an_error",
			every_truncation_ends_in_an_error);
	g_test_add_func("/rtcp/malformed_packets_are_refused", malformed_packets_are_refused);
	g_test_add_func("/rtcp/only_the_last_packet_is_padded", only_the_last_packet_is_padded);
	g_test_add_func("/rtcp/twcc_body_is_borrowed_without_padding",
			twcc_body_is_borrowed_without_padding);
	g_test_add_func("/rtcp/a_compound_has_a_cap", a_compound_has_a_cap);
	g_test_add_func("/rtcp/nack_items_have_a_cap", nack_items_have_a_cap);
	g_test_add_func("/rtcp/fir_reads_back", fir_reads_back);
	g_test_add_func("/rtcp/fir_entries_have_a_cap", fir_entries_have_a_cap);
	g_test_add_func("/rtcp/remb_reads_rates_of_every_size", remb_reads_rates_of_every_size);
	g_test_add_func("/rtcp/ntp_time_leads_back", ntp_time_leads_back);
	return g_test_run();
}
