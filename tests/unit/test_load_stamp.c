/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>

#include "loadtest/load/stamp.h"

static const struct stamp sample = {
	.publisher = 70000,
	.kind = MEDIA_VIDEO,
	.encoding = 2,
	.is_keyframe = true,
	.height = 720,
	.number = 123456,
	.frame = 999,
	.needs = 998,
	.part = 3,
	.parts = 7,
	.captured_us = 5000000123,
	.sent_us = 5000000456,
};

static size_t write_sample(uint8_t *buf, size_t cap, size_t body)
{
	struct wr w = wr_init(buf, cap);

	stamp_write(&w, &sample, body);
	g_assert_true(wr_ok(&w));
	return wr_len(&w);
}

static void what_is_written_is_read(void)
{
	uint8_t buf[STAMP_BYTES + STAMP_BODY_BYTES];
	static const size_t bodies[] = {0, 1, 700, STAMP_BODY_BYTES};

	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		size_t len = write_sample(buf, sizeof(buf), bodies[i]);
		struct rd r = rd_init(buf, len);
		struct stamp got;

		g_assert_cmpuint(len, ==, STAMP_BYTES + bodies[i]);
		g_assert_cmpint(stamp_read(&got, &r), ==, 0);
		g_assert_cmpuint(got.publisher, ==, sample.publisher);
		g_assert_cmpint(got.kind, ==, sample.kind);
		g_assert_cmpuint(got.encoding, ==, sample.encoding);
		g_assert_true(got.is_keyframe && !got.is_speech);
		g_assert_cmpuint(got.height, ==, sample.height);
		g_assert_cmpuint(got.number, ==, sample.number);
		g_assert_cmpuint(got.frame, ==, sample.frame);
		g_assert_cmpuint(got.needs, ==, sample.needs);
		g_assert_cmpuint(got.part, ==, sample.part);
		g_assert_cmpuint(got.parts, ==, sample.parts);
		g_assert_cmpint(got.captured_us, ==, sample.captured_us);
		g_assert_cmpint(got.sent_us, ==, sample.sent_us);
	}
}

static void a_single_changed_byte_is_seen(void)
{
	uint8_t buf[STAMP_BYTES + 100];
	size_t len = write_sample(buf, sizeof(buf), 100);

	for (size_t i = 0; i < len; i++) {
		struct rd r = rd_init(buf, len);
		struct stamp got;

		buf[i] ^= 0x10;
		g_assert_cmpint(stamp_read(&got, &r), ==, -EBADMSG);
		buf[i] ^= 0x10;
	}
}

static void a_cut_or_longer_payload_is_seen(void)
{
	uint8_t buf[STAMP_BYTES + 101] = {0};
	size_t len = write_sample(buf, sizeof(buf), 100);
	struct stamp got;

	for (size_t i = 0; i <= sizeof(buf); i++) {
		struct rd r = rd_init(buf, i);

		g_assert_cmpint(stamp_read(&got, &r), ==, i == len ? 0 : -EBADMSG);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/load/stamp/what-is-written-is-read", what_is_written_is_read);
	g_test_add_func("/load/stamp/a-single-changed-byte-is-seen", a_single_changed_byte_is_seen);
	g_test_add_func("/load/stamp/a-cut-or-longer-payload-is-seen",
			a_cut_or_longer_payload_is_seen);
	return g_test_run();
}
