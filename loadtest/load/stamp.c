/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/stamp.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "media/base/rng.h"

enum {
	STAMP_OFFSETS = 1024, /* where a body may begin in the noise; a power of two */
	STAMP_NOISE = STAMP_OFFSETS + STAMP_BODY_BYTES,
	STAMP_HEAD = STAMP_BYTES - 4,
};

/* The same in every process: made of a seeded generator once. */
static const uint8_t *noise(void)
{
	static uint8_t bytes[STAMP_NOISE];
	static bool is_made;

	if (!is_made) {
		struct rng rng = rng_seeded(0x5649444453544d50);

		rng_bytes(&rng, bytes, sizeof(bytes));
		is_made = true;
	}
	return bytes;
}

static const uint8_t *body_of(const struct stamp *stamp)
{
	return noise() + ((stamp->publisher * 31 + stamp->number) & (STAMP_OFFSETS - 1));
}

/* FNV-1a. */
static uint32_t sum(const uint8_t *data, size_t len)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ data[i]) * 16777619u;
	return hash;
}

void stamp_write(struct wr *w, const struct stamp *stamp, size_t body)
{
	size_t at = wr_len(w);

	assert(body <= STAMP_BODY_BYTES);
	wr_u32(w, stamp->publisher);
	wr_u8(w, (uint8_t)stamp->kind);
	wr_u8(w, stamp->encoding);
	wr_u8(w, stamp->is_keyframe);
	wr_u8(w, stamp->is_speech);
	wr_u32(w, stamp->number);
	wr_u32(w, stamp->frame);
	wr_u32(w, stamp->needs);
	wr_u16(w, stamp->part);
	wr_u16(w, stamp->parts);
	wr_u16(w, stamp->height);
	wr_u16(w, (uint16_t)body);
	wr_u64(w, (uint64_t)stamp->captured_us);
	wr_u64(w, (uint64_t)stamp->sent_us);
	if (wr_ok(w))
		wr_u32(w, sum(w->start + at, STAMP_HEAD));
	wr_bytes(w, body_of(stamp), body);
}

int stamp_read(struct stamp *out, struct rd *r)
{
	const uint8_t *head = rd_bytes(r, STAMP_HEAD);
	struct rd f = rd_init(head, head ? STAMP_HEAD : 0);
	uint32_t told = rd_u32(r);
	struct stamp stamp;
	const uint8_t *rest;
	size_t body;

	if (!rd_ok(r) || told != sum(head, STAMP_HEAD))
		return -EBADMSG;
	stamp.publisher = rd_u32(&f);
	stamp.kind = (enum media_kind)rd_u8(&f);
	stamp.encoding = rd_u8(&f);
	stamp.is_keyframe = rd_u8(&f) != 0;
	stamp.is_speech = rd_u8(&f) != 0;
	stamp.number = rd_u32(&f);
	stamp.frame = rd_u32(&f);
	stamp.needs = rd_u32(&f);
	stamp.part = rd_u16(&f);
	stamp.parts = rd_u16(&f);
	stamp.height = rd_u16(&f);
	body = rd_u16(&f);
	stamp.captured_us = (int64_t)rd_u64(&f);
	stamp.sent_us = (int64_t)rd_u64(&f);
	if (body > STAMP_BODY_BYTES || rd_left(r) != body)
		return -EBADMSG;
	rest = rd_bytes(r, body);
	if (memcmp(rest, body_of(&stamp), body) != 0)
		return -EBADMSG;
	*out = stamp;
	return 0;
}
