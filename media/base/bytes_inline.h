/* SPDX-License-Identifier: EUPL-1.2 */
/* The bodies of bytes.h that run several times per packet; include that, not this. Inline, they
 * take a third of the time of calls (tests/bench/bench_rtp). */
#ifndef VIDD_MEDIA_BASE_BYTES_INLINE_H
#define VIDD_MEDIA_BASE_BYTES_INLINE_H

#include <string.h>

static inline struct rd rd_init(const uint8_t *buf, size_t len)
{
	/* NULL + 0 is undefined in C, so an empty reader has no arithmetic done on it. */
	return (struct rd){.p = buf, .end = len > 0 ? buf + len : buf, .bad = false};
}

static inline size_t rd_left(const struct rd *r)
{
	return r->bad || !r->p ? 0 : (size_t)(r->end - r->p);
}

static inline bool rd_ok(const struct rd *r)
{
	return !r->bad;
}

static inline const uint8_t *rd_bytes(struct rd *r, size_t n)
{
	static const uint8_t nothing[1];

	if (n > rd_left(r))
		r->bad = true;
	if (r->bad)
		return NULL;
	if (n == 0)
		return r->p ? r->p : nothing;
	const uint8_t *at = r->p;
	r->p += n;
	return at;
}

static inline uint8_t rd_u8(struct rd *r)
{
	const uint8_t *b = rd_bytes(r, 1);
	return b ? b[0] : 0;
}

static inline uint16_t rd_u16(struct rd *r)
{
	const uint8_t *b = rd_bytes(r, 2);
	return b ? (uint16_t)((unsigned)b[0] << 8 | b[1]) : 0;
}

static inline uint32_t rd_u24(struct rd *r)
{
	const uint8_t *b = rd_bytes(r, 3);
	return b ? (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2] : 0;
}

static inline uint32_t rd_u32(struct rd *r)
{
	const uint8_t *b = rd_bytes(r, 4);
	return b ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3] : 0;
}

static inline struct rd rd_sub(struct rd *r, size_t n)
{
	const uint8_t *at = rd_bytes(r, n);

	/* A part of what was not there is bad too, so that either reader tells. */
	if (!at)
		return (struct rd){.p = NULL, .end = NULL, .bad = true};
	return rd_init(at, n);
}

static inline void rd_skip(struct rd *r, size_t n)
{
	rd_bytes(r, n);
}

static inline struct wr wr_init(uint8_t *buf, size_t cap)
{
	return (struct wr){.start = buf, .p = buf, .end = cap > 0 ? buf + cap : buf, .bad = false};
}

static inline size_t wr_len(const struct wr *w)
{
	return w->p ? (size_t)(w->p - w->start) : 0;
}

static inline size_t wr_left(const struct wr *w)
{
	return w->bad || !w->p ? 0 : (size_t)(w->end - w->p);
}

static inline bool wr_ok(const struct wr *w)
{
	return !w->bad;
}

/* The next n bytes to fill, or NULL (and bad) when they do not fit. */
static inline uint8_t *wr_take(struct wr *w, size_t n)
{
	if (n > wr_left(w))
		w->bad = true;
	if (w->bad || n == 0)
		return NULL;
	uint8_t *at = w->p;
	w->p += n;
	return at;
}

static inline void wr_put(uint8_t *b, uint64_t v, size_t n)
{
	for (size_t i = 0; b && i < n; i++)
		b[i] = (uint8_t)(v >> (8 * (n - 1 - i)));
}

static inline void wr_u8(struct wr *w, uint8_t v)
{
	uint8_t *b = wr_take(w, 1);

	if (b)
		b[0] = v;
}

static inline void wr_u16(struct wr *w, uint16_t v)
{
	wr_put(wr_take(w, 2), v, 2);
}

static inline void wr_u24(struct wr *w, uint32_t v)
{
	wr_put(wr_take(w, 3), v, 3);
}

static inline void wr_u32(struct wr *w, uint32_t v)
{
	wr_put(wr_take(w, 4), v, 4);
}

static inline void wr_bytes(struct wr *w, const void *data, size_t n)
{
	uint8_t *b = wr_take(w, n);

	if (b)
		memcpy(b, data, n);
}

static inline void wr_zero(struct wr *w, size_t n)
{
	uint8_t *b = wr_take(w, n);

	if (b)
		memset(b, 0, n);
}

#endif
