/* SPDX-License-Identifier: EUPL-1.2 */
/* Transport-wide feedback: what parses is written again and must parse to the same times; and any
 * run of arrivals, into any room, must parse to the part that was covered. */
#include <assert.h>

#include "fuzz.h"
#include "media/wire/rtcp.h"
#include "media/wire/twcc.h"

static struct twcc_feedback in;
static struct twcc_feedback out;
static struct rtcp_packet packet;
static uint8_t buf[4096];

static int64_t floor_tick(int64_t us)
{
	return us - (us % TWCC_TICK_US + TWCC_TICK_US) % TWCC_TICK_US;
}

/* Equal but for the rounding and whole wraps of the reference time. */
static void assert_same_times(void)
{
	bool first = true;
	int64_t shift = 0;

	for (size_t i = 0; i < out.count; i++) {
		assert((in.arrival_us[i] == TWCC_NOT_RECEIVED) ==
		       (out.arrival_us[i] == TWCC_NOT_RECEIVED));
		if (in.arrival_us[i] == TWCC_NOT_RECEIVED)
			continue;
		int64_t want = floor_tick(in.arrival_us[i]);
		if (first)
			shift = want - out.arrival_us[i];
		first = false;
		assert(shift % TWCC_WRAP_US == 0 && out.arrival_us[i] + shift == want);
	}
}

static size_t write_and_read(size_t room)
{
	struct wr w = wr_init(buf, room);
	size_t count = twcc_write(&w, 1, 2, &in);

	assert(wr_ok(&w) && count <= in.count && (count > 0) == (wr_len(&w) > 0));
	if (count == 0)
		return 0;
	struct rtcp_reader reader = rtcp_reader_init(buf, wr_len(&w));
	int rc = rtcp_next(&reader, &packet);
	assert(rc == 1 && packet.type == RTCP_TWCC);
	rc = twcc_parse(&out, packet.fci, packet.fci_len);
	assert(rc == 0 && out.count == count && out.base_seq == in.base_seq);
	assert(out.feedback_count == in.feedback_count);
	assert_same_times();
	return count;
}

/* Three bytes of input are one packet: lost, or a step of up to 32 s either way. */
static void build(const uint8_t *data, size_t size)
{
	struct rd r = rd_init(data, size);
	size_t room = rd_u16(&r) % (sizeof(buf) + 1);
	int64_t now = (int64_t)(rd_u64(&r) >> 8);

	in.base_seq = rd_u16(&r);
	in.feedback_count = rd_u8(&r);
	for (in.count = 0; in.count < TWCC_MAX_PACKETS && rd_left(&r) >= 3; in.count++) {
		uint8_t kind = rd_u8(&r);
		int64_t step = (int16_t)rd_u16(&r);

		now += step * (kind >> 2) * 16;
		in.arrival_us[in.count] = kind & 3 ? now : TWCC_NOT_RECEIVED;
	}
	if (in.count > 0)
		write_and_read(room);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (twcc_parse(&in, data, size) == 0) {
		assert(in.count >= 1 && in.count <= TWCC_MAX_PACKETS);
		/* Every delta came from the wire, so every one fits it. */
		size_t count = write_and_read(sizeof(buf));
		assert(count == in.count);
	}
	build(data, size);
	return 0;
}
