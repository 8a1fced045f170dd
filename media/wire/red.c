/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/red.h"

#include <errno.h>

#include "media/base/bytes.h"

int red_parse(struct red_payload *out, const uint8_t *payload, size_t len)
{
	struct red_payload red = {.count = 0};
	struct rd r = rd_init(payload, len);
	bool more = true;

	/* RFC 2198 3: the block headers first, the last of them one byte long ... */
	while (more) {
		if (red.count == LIMIT_RED_BLOCKS)
			return -EBADMSG;
		struct red_block *block = &red.block[red.count++];
		uint8_t first = rd_u8(&r);
		more = first >> 7;
		block->pt = first & 0x7f;
		if (more) {
			uint32_t rest = rd_u24(&r);
			block->ts_offset = (uint16_t)(rest >> 10);
			block->len = rest & 0x3ff;
		}
	}
	/* ... then the blocks, of which the primary takes what is left. */
	for (size_t i = 0; i < red.count; i++) {
		if (i + 1 == red.count)
			red.block[i].len = rd_left(&r);
		red.block[i].data = rd_bytes(&r, red.block[i].len);
	}
	if (!rd_ok(&r))
		return -EBADMSG;
	*out = red;
	return 0;
}

/* What does not fit the fields can never be sent. */
static bool fits_fields(const struct red_block *block)
{
	return block->ts_offset > 0 && block->ts_offset <= RED_MAX_TS_OFFSET &&
	       block->len <= RED_MAX_OLDER_BYTES;
}

int red_write(struct wr *w, const struct red_block *blocks, size_t count)
{
	const struct red_block *kept[LIMIT_RED_BLOCKS];
	size_t older = 0;
	size_t room;

	if (count == 0 || count > LIMIT_RED_BLOCKS)
		return -EINVAL;
	const struct red_block *primary = &blocks[count - 1];
	room = wr_left(w);
	if (room < RED_PRIMARY_HEADER_BYTES + primary->len)
		return -EINVAL;
	room -= RED_PRIMARY_HEADER_BYTES + primary->len;
	/* Newest first: the older a block, the likelier its sound has been played without it. */
	for (size_t i = count - 1; i > 0; i--) {
		const struct red_block *block = &blocks[i - 1];

		if (!fits_fields(block))
			continue;
		if (room < RED_OLDER_HEADER_BYTES + block->len)
			break;
		room -= RED_OLDER_HEADER_BYTES + block->len;
		kept[older++] = block;
	}
	for (size_t i = older; i > 0; i--) {
		wr_u8(w, (uint8_t)(0x80 | kept[i - 1]->pt));
		wr_u24(w, (uint32_t)kept[i - 1]->ts_offset << 10 | (uint32_t)kept[i - 1]->len);
	}
	wr_u8(w, primary->pt & 0x7f);
	for (size_t i = older; i > 0; i--)
		wr_bytes(w, kept[i - 1]->data, kept[i - 1]->len);
	wr_bytes(w, primary->data, primary->len);
	return (int)older;
}
