/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bounds-checked reader and writer over bytes that somebody else owns.
 *
 * Both are sticky: the first access past the end marks them bad, every later read gives 0 and every
 * later write nothing, and one rd_ok()/wr_ok() at the end tells. Network order. Nothing else in
 * Vidd indexes wire bytes. Plain values, visible for embedding; no allocation, no thread rule. What
 * runs several times per packet is inline (bytes_inline.h).
 */
#ifndef VIDD_MEDIA_BASE_BYTES_H
#define VIDD_MEDIA_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rd {
	const uint8_t *p;
	const uint8_t *end;
	bool bad;
};

/* A reader of buf[0..len); buf may be NULL when len is 0. */
static inline struct rd rd_init(const uint8_t *buf, size_t len);
static inline uint8_t rd_u8(struct rd *r);
static inline uint16_t rd_u16(struct rd *r);
static inline uint32_t rd_u24(struct rd *r);
static inline uint32_t rd_u32(struct rd *r);
uint64_t rd_u64(struct rd *r);
/* The next n bytes, borrowed from the buffer, or NULL (and bad) when fewer are left. */
static inline const uint8_t *rd_bytes(struct rd *r, size_t n);
/* A reader narrowed to the next n bytes, which this one passes over. Bad when fewer are left. */
static inline struct rd rd_sub(struct rd *r, size_t n);
static inline void rd_skip(struct rd *r, size_t n);
static inline size_t rd_left(const struct rd *r);
static inline bool rd_ok(const struct rd *r);

/* Bits of a byte string, most significant first; the same sticky rule. */
struct bits {
	const uint8_t *p;
	size_t bit;
	size_t bit_count;
	bool bad;
};

struct bits bits_init(const uint8_t *buf, size_t len);
/* The next n bits, 0 <= n <= 32. */
uint32_t bits_read(struct bits *b, unsigned n);
/* AV1 RTP spec A.8.2: non-symmetric unsigned in [0, n), n >= 1. */
uint32_t bits_read_ns(struct bits *b, uint32_t n);
size_t bits_left(const struct bits *b);
bool bits_ok(const struct bits *b);

struct wr {
	uint8_t *start;
	uint8_t *p;
	uint8_t *end;
	bool bad;
};

static inline struct wr wr_init(uint8_t *buf, size_t cap);
static inline void wr_u8(struct wr *w, uint8_t v);
static inline void wr_u16(struct wr *w, uint16_t v);
static inline void wr_u24(struct wr *w, uint32_t v);
static inline void wr_u32(struct wr *w, uint32_t v);
void wr_u64(struct wr *w, uint64_t v);
static inline void wr_bytes(struct wr *w, const void *data, size_t n);
static inline void wr_zero(struct wr *w, size_t n);
/* Overwrites two bytes already written at offset `at`; bad when they were not. */
void wr_patch_u16(struct wr *w, size_t at, uint16_t v);
/* Bytes written so far. */
static inline size_t wr_len(const struct wr *w);
static inline size_t wr_left(const struct wr *w);
static inline bool wr_ok(const struct wr *w);

#include "media/base/bytes_inline.h"

#endif
