/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>

#include "media/stream/rtx.h"

static void parse_steps(void)
{
	static const uint8_t bytes[] = {0xab, 0xcd, 1, 2, 3};
	static const struct {
		size_t len;
		int err;
		size_t left;
	} steps[] = {{0, -EAGAIN, 0}, {1, -EBADMSG, 0}, {2, 0, 0}, {5, 0, 3}};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		const struct rtp_header rtx = {.payload = bytes, .payload_len = steps[i].len};
		uint16_t osn = 7;
		const uint8_t *payload = NULL;
		size_t len = 99;
		g_assert_cmpint(rtx_parse(&rtx, &osn, &payload, &len), ==, steps[i].err);
		g_assert_cmpint(osn, ==, steps[i].err ? 7 : 0xabcd);
		g_assert_cmpuint(len, ==, steps[i].err ? 99 : steps[i].left);
		g_assert_true(payload == (steps[i].err ? NULL : bytes + 2));
	}
}

static void written_number_is_read_again(void)
{
	uint8_t buf[8];
	struct wr w = wr_init(buf, sizeof(buf));
	uint16_t osn;
	const uint8_t *payload;
	size_t len;

	rtx_write(&w, 65535);
	wr_u8(&w, 0x77);
	const struct rtp_header rtx = {.payload = buf, .payload_len = wr_len(&w)};
	g_assert_cmpint(rtx_parse(&rtx, &osn, &payload, &len), ==, 0);
	g_assert_cmpint(osn, ==, 65535);
	g_assert_cmpuint(len, ==, 1);
	g_assert_cmpint(payload[0], ==, 0x77);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rtx/parse_steps", parse_steps);
	g_test_add_func("/rtx/written_number_is_read_again", written_number_is_read_again);
	return g_test_run();
}
