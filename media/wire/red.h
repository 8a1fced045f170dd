/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Redundant audio (RFC 2198): a payload of older blocks and a primary block, read and written.
 * Blocks are borrowed; the primary block is the last. Pure.
 */
#ifndef VIDD_MEDIA_WIRE_RED_H
#define VIDD_MEDIA_WIRE_RED_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/bytes.h"
#include "media/base/limits.h"

/* RFC 2198 3: an older block's header, the primary's, and what the older one's fields can say. */
enum {
	RED_OLDER_HEADER_BYTES = 4,
	RED_PRIMARY_HEADER_BYTES = 1,
	RED_MAX_TS_OFFSET = (1 << 14) - 1, /* 341 ms of 48 kHz */
	RED_MAX_OLDER_BYTES = (1 << 10) - 1,
};

struct red_block {
	uint8_t pt;
	uint16_t ts_offset; /* back from the packet's timestamp; 0 for the primary */
	const uint8_t *data;
	size_t len;
};

struct red_payload {
	struct red_block block[LIMIT_RED_BLOCKS];
	size_t count;
};

/* 0 or -EBADMSG; *out only on success. */
int red_parse(struct red_payload *out, const uint8_t *payload, size_t len);

/* Writes blocks[0..count), oldest first, the primary (whose ts_offset is not looked at) last;
 * 1 <= count <= LIMIT_RED_BLOCKS. An older block is left out when its offset is 0 or does not fit
 * 14 bits, its length does not fit 10 bits, or, oldest first, when there is no room for it in w.
 * The number of older blocks written, or -EINVAL (bad count, or no room for the primary): nothing
 * is written then. */
int red_write(struct wr *w, const struct red_block *blocks, size_t count);

#endif
