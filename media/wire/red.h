/* SPDX-License-Identifier: EUPL-1.2 */
/* Redundant audio (RFC 2198): the blocks of a payload, borrowed; the primary block is the last.
 * Pure. */
#ifndef VIDD_MEDIA_WIRE_RED_H
#define VIDD_MEDIA_WIRE_RED_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"

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

#endif
