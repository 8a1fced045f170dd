/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "media/wire/rtp.h"

/* Written by aiortc 1.4: marker, PT 111, mid "0" (id 1), audio level 30 with voice (2), absolute
 * send time (3). */
static const uint8_t AUDIO[] = {
	0x90, 0xef, 0x30, 0x39, 0xde, 0xad, 0xbe, 0xef, 0x12, 0x34, 0x56, 0x78, 0xbe, 0xde, 0x00,
	0x02, 0x10, 0x30, 0x32, 0x12, 0x34, 0x56, 0x20, 0x9e, 0x68, 0x65, 0x6c, 0x6c, 0x6f,
};

static struct rtp_ext_map map_of_three(void)
{
	struct rtp_ext_map map = {0};

	g_assert_cmpint(rtp_ext_map_set(&map, RTP_EXT_MID, 1), ==, 0);
	g_assert_cmpint(rtp_ext_map_set(&map, RTP_EXT_AUDIO_LEVEL, 2), ==, 0);
	g_assert_cmpint(rtp_ext_map_set(&map, RTP_EXT_ABS_SEND_TIME, 3), ==, 0);
	return map;
}

static void assert_value(const struct rtp_exts *exts, enum rtp_ext ext, const void *data,
			 size_t len)
{
	g_assert_nonnull(exts->value[ext].data);
	g_assert_cmpmem(exts->value[ext].data, exts->value[ext].len, data, (int)len);
}

static void reads_a_packet_of_another_stack(void)
{
	struct rtp_ext_map map = map_of_three();
	struct rtp_header h;
	struct rtp_exts exts;
	uint8_t level;
	bool is_voice;

	g_assert_cmpint(rtp_parse(&h, AUDIO, sizeof(AUDIO)), ==, 0);
	g_assert_true(h.marker);
	g_assert_cmpuint(h.pt, ==, 111);
	g_assert_cmpuint(h.seq, ==, 12345);
	g_assert_cmphex(h.timestamp, ==, 0xdeadbeef);
	g_assert_cmphex(h.ssrc, ==, 0x12345678);
	g_assert_cmphex(h.ext_profile, ==, 0xbede);
	g_assert_cmpuint(h.ext_len, ==, 8);
	g_assert_cmpmem(h.payload, (int)h.payload_len, "hello", 5);
	g_assert_cmpuint(h.padding_len, ==, 0);
	g_assert_cmpint(rtp_exts_parse(&exts, &h, &map), ==, 0);
	assert_value(&exts, RTP_EXT_MID, "0", 1);
	assert_value(&exts, RTP_EXT_ABS_SEND_TIME, "\x12\x34\x56", 3);
	g_assert_null(exts.value[RTP_EXT_RID].data);
	g_assert_true(rtp_ext_audio_level(&exts, &level, &is_voice));
	g_assert_cmpuint(level, ==, 30);
	g_assert_true(is_voice);
}

/* The same values come out byte for byte, in the order of the enum. */
static void writes_what_it_read(void)
{
	struct rtp_ext_map map = map_of_three();
	struct rtp_header h;
	struct rtp_exts exts;
	uint8_t buf[100];
	const uint8_t elements[] = {0x10, 0x30, 0x20, 0x9e, 0x32, 0x12, 0x34, 0x56};
	struct wr w = wr_init(buf, sizeof(buf));

	g_assert_cmpint(rtp_parse(&h, AUDIO, sizeof(AUDIO)), ==, 0);
	g_assert_cmpint(rtp_exts_parse(&exts, &h, &map), ==, 0);
	rtp_write(&w, &h, &exts, &map);
	g_assert_true(wr_ok(&w));
	g_assert_cmpmem(buf, (int)wr_len(&w) - 8, AUDIO, 16);
	g_assert_cmpmem(buf + 16, 8, elements, sizeof(elements));
}

static void every_truncation_is_refused(void)
{
	for (size_t len = 0; len < 24; len++) {
		struct rtp_header h = {.pt = 99};
		uint8_t *buf = g_memdup2(AUDIO, len);
		g_assert_cmpint(rtp_parse(&h, buf, len), ==, -EBADMSG);
		g_assert_cmpuint(h.pt, ==, 99);
		g_free(buf);
	}
}

static void version_must_be_two(void)
{
	struct rtp_header h;
	uint8_t buf[12] = {0};

	for (unsigned v = 0; v < 4; v++) {
		buf[0] = (uint8_t)(v << 6);
		g_assert_cmpint(rtp_parse(&h, buf, sizeof(buf)), ==, v == 2 ? 0 : -EBADMSG);
	}
}

static void csrcs_are_passed_over(void)
{
	struct rtp_header h;
	uint8_t buf[12 + 15 * 4 + 1] = {0x8f, 96};

	buf[sizeof(buf) - 1] = 0x5a;
	g_assert_cmpint(rtp_parse(&h, buf, sizeof(buf)), ==, 0);
	g_assert_cmpuint(h.payload_len, ==, 1);
	g_assert_cmphex(h.payload[0], ==, 0x5a);
	g_assert_null(h.ext);
	g_assert_cmpint(rtp_parse(&h, buf, sizeof(buf) - 2), ==, -EBADMSG);
}

static void padding_is_taken_off(void)
{
	static const struct {
		uint8_t last;
		int want;
	} steps[] = {{0, -EBADMSG}, {1, 0}, {7, 0}, {8, 0}, {9, -EBADMSG}, {255, -EBADMSG}};
	uint8_t buf[20] = {0xa0, 96};
	struct rtp_header h;

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		buf[19] = steps[i].last;
		g_assert_cmpint(rtp_parse(&h, buf, sizeof(buf)), ==, steps[i].want);
		if (steps[i].want == 0) {
			g_assert_cmpuint(h.padding_len, ==, steps[i].last);
			g_assert_cmpuint(h.payload_len, ==, 8u - steps[i].last);
		}
	}
	/* A padding bit and no byte to count it. */
	g_assert_cmpint(rtp_parse(&h, buf, 12), ==, -EBADMSG);
}

/* A header that carries the given extension bytes. */
static struct rtp_header with_exts(uint16_t profile, const uint8_t *ext, size_t len)
{
	return (struct rtp_header){.ext_profile = profile, .ext = ext, .ext_len = len};
}

static void one_byte_form_follows_rfc_8285(void)
{
	static const struct {
		const char *what;
		uint8_t ext[8];
		int want;
		size_t mid_len; /* 0: absent */
	} steps[] = {
		{"padding between", {0, 0, 0x11, 'a', 'b', 0, 0, 0}, 0, 2},
		{"id 15 ends it", {0xf0, 0, 0x11, 'a', 'b', 0, 0, 0}, 0, 0},
		{"id 15 ends it, what came before stands", {0x10, 'a', 0xff, 1, 2, 3, 4, 5}, 0, 1},
		{"id 0 with a length ends it", {0x01, 9, 0x11, 'a', 'b', 0, 0, 0}, 0, 0},
		{"unknown id is passed over", {0x51, 9, 9, 0x10, 'a', 0, 0, 0}, 0, 1},
		{"fills the block", {0x16, 'a', 'b', 'c', 'd', 'e', 'f', 'g'}, 0, 7},
		{"runs past the block", {0x17, 'a', 'b', 'c', 'd', 'e', 'f', 'g'}, -EBADMSG, 0},
		{"unknown id runs past the block", {0x5f, 0, 0, 0, 0, 0, 0, 0}, -EBADMSG, 0},
		{"the last byte is a head", {0, 0, 0, 0, 0, 0, 0, 0x10}, -EBADMSG, 0},
	};
	struct rtp_ext_map map = map_of_three();

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct rtp_header h = with_exts(0xbede, steps[i].ext, 8);
		struct rtp_exts exts;

		g_test_message("%s", steps[i].what);
		g_assert_cmpint(rtp_exts_parse(&exts, &h, &map), ==, steps[i].want);
		if (steps[i].want == 0)
			g_assert_cmpuint(exts.value[RTP_EXT_MID].len, ==, steps[i].mid_len);
	}
}

static void two_byte_form_follows_rfc_8285(void)
{
	static const struct {
		const char *what;
		uint8_t ext[8];
		int want;
		uint16_t profile;
		bool present;
		uint8_t mid_len;
	} steps[] = {
		{"plain", {1, 2, 'a', 'b', 0, 0, 0, 0}, 0, 0x1000, true, 2},
		{"application bits", {1, 2, 'a', 'b', 0, 0, 0, 0}, 0, 0x100f, true, 2},
		{"other profile", {1, 2, 'a', 'b', 0, 0, 0, 0}, 0, 0x1010, false, 0},
		{"profile 0", {1, 2, 'a', 'b', 0, 0, 0, 0}, 0, 0, false, 0},
		{"empty value", {1, 0, 0, 0, 0, 0, 0, 0}, 0, 0x1000, true, 0},
		{"padding has no length", {0, 0, 0, 1, 1, 'a', 0, 0}, 0, 0x1000, true, 1},
		{"id 15 is no end", {15, 1, 9, 1, 1, 'a', 0, 0}, 0, 0x1000, true, 1},
		{"fills the block", {1, 6, 'a', 'b', 'c', 'd', 'e', 'f'}, 0, 0x1000, true, 6},
		{"runs past", {1, 7, 'a', 'b', 'c', 'd', 'e', 'f'}, -EBADMSG, 0x1000, false, 0},
		{"no length", {0, 0, 0, 0, 0, 0, 0, 1}, -EBADMSG, 0x1000, false, 0},
	};
	struct rtp_ext_map map = map_of_three();

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct rtp_header h = with_exts(steps[i].profile, steps[i].ext, 8);
		struct rtp_exts exts;

		g_test_message("%s", steps[i].what);
		g_assert_cmpint(rtp_exts_parse(&exts, &h, &map), ==, steps[i].want);
		if (steps[i].want < 0)
			continue;
		g_assert_true((exts.value[RTP_EXT_MID].data != NULL) == steps[i].present);
		g_assert_cmpuint(exts.value[RTP_EXT_MID].len, ==, steps[i].mid_len);
	}
}

static void no_extension_is_an_empty_set(void)
{
	struct rtp_ext_map map = map_of_three();
	struct rtp_header h = {0};
	struct rtp_exts exts;

	memset(&exts, 0xff, sizeof(exts));
	g_assert_cmpint(rtp_exts_parse(&exts, &h, &map), ==, 0);
	for (size_t i = 0; i < RTP_EXT_COUNT; i++)
		g_assert_null(exts.value[i].data);
}

static void map_stays_one_to_one(void)
{
	struct rtp_ext_map map = map_of_three();

	/* The mid moves: its old id is free. */
	g_assert_cmpint(rtp_ext_map_set(&map, RTP_EXT_MID, 20), ==, 0);
	g_assert_cmpuint(rtp_ext_map_find(&map, 1), ==, 0);
	g_assert_cmpuint(map.id[RTP_EXT_MID], ==, 20);
	/* Somebody else takes the id. */
	g_assert_cmpint(rtp_ext_map_set(&map, RTP_EXT_RID, 20), ==, 0);
	g_assert_cmpuint(map.id[RTP_EXT_MID], ==, 0);
	g_assert_cmpuint(rtp_ext_map_find(&map, 20), ==, RTP_EXT_RID + 1);
	/* The same again changes nothing. */
	g_assert_cmpint(rtp_ext_map_set(&map, RTP_EXT_RID, 20), ==, 0);
	g_assert_cmpuint(map.id[RTP_EXT_RID], ==, 20);
	g_assert_cmpuint(rtp_ext_map_find(&map, 20), ==, RTP_EXT_RID + 1);
	g_assert_cmpuint(rtp_ext_map_find(&map, 0), ==, 0);
	g_assert_cmpint(rtp_ext_map_set(&map, RTP_EXT_MID, 0), ==, -EINVAL);
	g_assert_cmpint(rtp_ext_map_set(&map, RTP_EXT_MID, 15), ==, -EINVAL);
	g_assert_cmpint(rtp_ext_map_set(&map, RTP_EXT_COUNT, 1), ==, -EINVAL);
	g_assert_cmpint(rtp_ext_map_set(&map, RTP_EXT_MID, 255), ==, 0);
}

static void uris_lead_back(void)
{
	for (unsigned i = 0; i < RTP_EXT_COUNT; i++)
		g_assert_cmpuint(rtp_ext_from_uri(rtp_ext_uri((enum rtp_ext)i)), ==, i);
	g_assert_cmpuint(rtp_ext_from_uri("urn:ietf:params:rtp-hdrext:toffset"), ==, RTP_EXT_COUNT);
	g_assert_cmpuint(rtp_ext_from_uri(""), ==, RTP_EXT_COUNT);
}

/* Which form a value and an id call for, and that it reads back. */
static void form_is_chosen_by_id_and_length(void)
{
	static const struct {
		uint8_t id;
		uint8_t len;
		uint16_t profile;
		size_t ext_len;
	} steps[] = {
		{1, 1, 0xbede, 4},    {14, 1, 0xbede, 4}, {14, 16, 0xbede, 20},
		{14, 17, 0x1000, 20}, {16, 1, 0x1000, 4}, {255, 255, 0x1000, 260},
		{1, 0, 0x1000, 4},    {3, 3, 0xbede, 4},  {3, 4, 0xbede, 8},
		{16, 2, 0x1000, 4},
	};
	static const uint8_t bytes[255] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct rtp_ext_map map = {0};
		struct rtp_exts exts = {0};
		struct rtp_header h = {.pt = 96, .seq = 7, .ssrc = 9};
		uint8_t buf[400];
		struct wr w = wr_init(buf, sizeof(buf));

		g_assert_cmpint(rtp_ext_map_set(&map, RTP_EXT_RID, steps[i].id), ==, 0);
		exts.value[RTP_EXT_RID] =
			(struct rtp_ext_value){.data = bytes, .len = steps[i].len};
		/* Present and not negotiated, so it stays here. */
		exts.value[RTP_EXT_MID] = (struct rtp_ext_value){.data = bytes, .len = 200};
		rtp_write(&w, &h, &exts, &map);
		g_assert_true(wr_ok(&w));
		g_assert_cmpuint(wr_len(&w), ==, 16 + steps[i].ext_len);
		g_assert_cmpint(rtp_parse(&h, buf, wr_len(&w)), ==, 0);
		g_assert_cmphex(h.ext_profile, ==, steps[i].profile);
		g_assert_cmpint(rtp_exts_parse(&exts, &h, &map), ==, 0);
		assert_value(&exts, RTP_EXT_RID, bytes, steps[i].len);
		g_assert_cmpuint(h.payload_len, ==, 0);
	}
}

static void nothing_to_say_sets_no_extension_bit(void)
{
	struct rtp_ext_map map = map_of_three();
	struct rtp_exts exts = {0};
	struct rtp_header h = {.pt = 0xff, .seq = 1, .timestamp = 2, .ssrc = 3};
	const uint8_t want[12] = {0x80, 0x7f, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3};
	uint8_t buf[12];
	struct wr w = wr_init(buf, sizeof(buf));

	rtp_write(&w, &h, &exts, &map);
	g_assert_true(wr_ok(&w));
	g_assert_cmpmem(buf, (int)wr_len(&w), want, sizeof(want));
}

static void too_small_a_buffer_is_told(void)
{
	struct rtp_ext_map map = map_of_three();
	struct rtp_exts exts = {0};
	struct rtp_header h = {.pt = 96};

	exts.value[RTP_EXT_MID] = (struct rtp_ext_value){.data = (const uint8_t *)"0", .len = 1};
	for (size_t cap = 0; cap <= 20; cap++) {
		uint8_t *buf = g_malloc(cap);
		struct wr w = wr_init(buf, cap);
		rtp_write(&w, &h, &exts, &map);
		g_assert_true(wr_ok(&w) == (cap == 20));
		g_free(buf);
	}
}

static void helpers_mind_the_length(void)
{
	static const uint8_t bytes[4] = {0x12, 0x34, 0x56, 0x78};
	struct rtp_exts exts = {0};
	uint8_t level;
	bool is_voice;
	uint16_t seq;
	uint32_t time;

	g_assert_false(rtp_ext_transport_seq(&exts, &seq));
	g_assert_false(rtp_ext_audio_level(&exts, &level, &is_voice));
	g_assert_false(rtp_ext_abs_send_time(&exts, &time));
	for (uint8_t len = 0; len <= 4; len++) {
		struct rtp_ext_value v = {.data = bytes, .len = len};

		exts.value[RTP_EXT_TRANSPORT_SEQ] = v;
		exts.value[RTP_EXT_AUDIO_LEVEL] = v;
		exts.value[RTP_EXT_ABS_SEND_TIME] = v;
		g_assert_true(rtp_ext_abs_send_time(&exts, &time) == (len == 3));
		g_assert_true(rtp_ext_transport_seq(&exts, &seq) == (len == 2));
		g_assert_true(rtp_ext_audio_level(&exts, &level, &is_voice) == (len == 1));
	}
	g_assert_cmphex(seq, ==, 0x1234);
	g_assert_cmphex(time, ==, 0x123456);
	g_assert_cmpuint(level, ==, 0x12);
	g_assert_false(is_voice);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rtp/reads_a_packet_of_another_stack", reads_a_packet_of_another_stack);
	g_test_add_func("/rtp/writes_what_it_read", writes_what_it_read);
	g_test_add_func("/rtp/every_truncation_is_refused", every_truncation_is_refused);
	g_test_add_func("/rtp/version_must_be_two", version_must_be_two);
	g_test_add_func("/rtp/csrcs_are_passed_over", csrcs_are_passed_over);
	g_test_add_func("/rtp/padding_is_taken_off", padding_is_taken_off);
	g_test_add_func("/rtp/one_byte_form_follows_rfc_8285", one_byte_form_follows_rfc_8285);
	g_test_add_func("/rtp/two_byte_form_follows_rfc_8285", two_byte_form_follows_rfc_8285);
	g_test_add_func("/rtp/no_extension_is_an_empty_set", no_extension_is_an_empty_set);
	g_test_add_func("/rtp/map_stays_one_to_one", map_stays_one_to_one);
	g_test_add_func("/rtp/uris_lead_back", uris_lead_back);
	g_test_add_func("/rtp/form_is_chosen_by_id_and_length", form_is_chosen_by_id_and_length);
	g_test_add_func("/rtp/nothing_to_say_sets_no_extension_bit",
			nothing_to_say_sets_no_extension_bit);
	g_test_add_func("/rtp/too_small_a_buffer_is_told", too_small_a_buffer_is_told);
	g_test_add_func("/rtp/helpers_mind_the_length", helpers_mind_the_length);
	return g_test_run();
}
