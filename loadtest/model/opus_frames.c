/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/model/opus_frames.h"

#include <errno.h>
#include <stdbool.h>

#include "media/base/bytes.h"

/* RFC 6716 3.2.1: one byte below 252, else two. */
static size_t read_length(struct rd *r)
{
	size_t first = rd_u8(r);

	return first < 252 ? first : first + 4 * (size_t)rd_u8(r);
}

static int even(struct opus_frames *out, struct rd *r, size_t count)
{
	size_t left = rd_left(r);

	if (count == 0 || left % count != 0)
		return -EBADMSG;
	out->count = count;
	for (size_t i = 0; i < count; i++) {
		out->len[i] = left / count;
		out->data[i] = rd_bytes(r, left / count);
	}
	return 0;
}

static int uneven(struct opus_frames *out, struct rd *r, size_t count)
{
	if (count == 0)
		return -EBADMSG;
	for (size_t i = 0; i + 1 < count; i++)
		out->len[i] = read_length(r);
	out->count = count;
	for (size_t i = 0; i + 1 < count; i++)
		out->data[i] = rd_bytes(r, out->len[i]);
	out->len[count - 1] = rd_left(r);
	out->data[count - 1] = rd_bytes(r, rd_left(r));
	return rd_ok(r) ? 0 : -EBADMSG;
}

/* 3.2.5: a count byte, padding, then frames of one or of several lengths. */
static int code3(struct opus_frames *out, struct rd *r)
{
	uint8_t b = rd_u8(r);
	size_t count = b & 0x3f;
	size_t padding = 0;
	uint8_t more = 255;

	while ((b & 0x40) && more == 255 && rd_ok(r)) {
		more = rd_u8(r);
		padding += more == 255 ? 254 : more;
	}
	if (!rd_ok(r) || padding > rd_left(r) || count > OPUS_FRAMES_MAX)
		return -EBADMSG;
	*r = rd_sub(r, rd_left(r) - padding);
	return b & 0x80 ? uneven(out, r, count) : even(out, r, count);
}

int opus_frames_parse(struct opus_frames *out, const uint8_t *packet, size_t len)
{
	struct opus_frames frames;
	struct rd r = rd_init(packet, len);
	uint8_t toc = rd_u8(&r);
	int err;

	if (!rd_ok(&r))
		return -EBADMSG;
	if ((toc & 3) == 3)
		err = code3(&frames, &r);
	else if ((toc & 3) == 2)
		err = uneven(&frames, &r, 2);
	else
		err = even(&frames, &r, (toc & 3) + 1u);
	if (!err)
		*out = frames;
	return err;
}
