/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Serial-number arithmetic (RFC 1982) for 16-bit RTP sequence numbers and 32-bit timestamps.
 * Sequence numbers are compared nowhere else. Pure functions.
 */
#ifndef VIDD_MEDIA_BASE_SEQ_H
#define VIDD_MEDIA_BASE_SEQ_H

#include <stdbool.h>
#include <stdint.h>

/* a comes after b; a distance of exactly 2^15 is not newer. */
static inline bool seq_newer(uint16_t a, uint16_t b)
{
	return (int16_t)(uint16_t)(a - b) > 0;
}

/* Signed distance from b to a, -32768..32767. */
static inline int seq_diff(uint16_t a, uint16_t b)
{
	return (int16_t)(uint16_t)(a - b);
}

static inline bool ts_newer(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

/* Turns wire numbers into ever-growing ones. Zero state is ready for use. */
struct seq_unwrap {
	int64_t last;
	bool started;
};

/* The number nearest to the last one; the first is taken as it is. */
int64_t seq_unwrap16(struct seq_unwrap *u, uint16_t seq);
int64_t seq_unwrap32(struct seq_unwrap *u, uint32_t ts);

#endif
