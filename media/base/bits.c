/* SPDX-License-Identifier: EUPL-1.2 */
#include <assert.h>

#include "media/base/bytes.h"

struct bits bits_init(const uint8_t *buf, size_t len)
{
	return (struct bits){.p = buf, .bit = 0, .bit_count = len * 8, .bad = false};
}

uint32_t bits_read(struct bits *b, unsigned n)
{
	uint32_t v = 0;

	assert(n <= 32);
	if (n > bits_left(b))
		b->bad = true;
	if (b->bad)
		return 0;
	while (n > 0) {
		/* As many bits as this byte still has, at most n of them. */
		unsigned room = 8 - (unsigned)(b->bit % 8);
		unsigned take = n < room ? n : room;
		unsigned part = (unsigned)b->p[b->bit / 8] >> (room - take) & ((1u << take) - 1);
		v = v << take | part;
		b->bit += take;
		n -= take;
	}
	return v;
}

uint32_t bits_read_ns(struct bits *b, uint32_t n)
{
	unsigned w = 0;

	assert(n >= 1);
	for (uint32_t x = n; x != 0; x >>= 1)
		w++;
	/* The first m values take w - 1 bits, the others w. */
	uint64_t m = ((uint64_t)1 << w) - n;
	uint64_t v = bits_read(b, w - 1);
	if (v >= m)
		v = (v << 1) - m + bits_read(b, 1);
	return b->bad ? 0 : (uint32_t)v;
}

size_t bits_left(const struct bits *b)
{
	return b->bad ? 0 : b->bit_count - b->bit;
}

bool bits_ok(const struct bits *b)
{
	return !b->bad;
}
