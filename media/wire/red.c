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
