/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/base/rng.h"

#include <assert.h>

/* splitmix64 (Steele, Lea, Flood 2014): spreads one seed over the four words, never all zero. */
static uint64_t splitmix64(uint64_t *x)
{
	*x += 0x9e3779b97f4a7c15u;
	uint64_t z = *x;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static uint64_t rotl(uint64_t x, unsigned k)
{
	return x << k | x >> (64 - k);
}

/* xoshiro256** 1.0 (Blackman, Vigna 2018). */
static uint64_t xoshiro256ss(uint64_t s[4])
{
	uint64_t result = rotl(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

/* Eight bytes of each number, least significant first, so that every machine sees the same. */
static void fill_seeded(struct rng *rng, void *buf, size_t len)
{
	uint8_t *out = buf;
	uint64_t word = 0;

	for (size_t i = 0; i < len; i++) {
		if (i % 8 == 0)
			word = xoshiro256ss(rng->state);
		out[i] = (uint8_t)word;
		word >>= 8;
	}
}

struct rng rng_seeded(uint64_t seed)
{
	struct rng rng = {.fill = fill_seeded};

	for (size_t i = 0; i < 4; i++)
		rng.state[i] = splitmix64(&seed);
	return rng;
}

void rng_bytes(struct rng *rng, void *buf, size_t len)
{
	rng->fill(rng, buf, len);
}

static uint64_t draw(struct rng *rng, size_t len)
{
	uint8_t b[8];
	uint64_t v = 0;

	rng->fill(rng, b, len);
	for (size_t i = len; i > 0; i--)
		v = v << 8 | b[i - 1];
	return v;
}

uint32_t rng_u32(struct rng *rng)
{
	return (uint32_t)draw(rng, 4);
}

uint64_t rng_u64(struct rng *rng)
{
	return draw(rng, 8);
}

uint32_t rng_below(struct rng *rng, uint32_t n)
{
	uint32_t v;

	assert(n >= 1);
	/* 2^32 mod n numbers are too many; the lowest ones are drawn again. */
	uint32_t surplus = (0u - n) % n;
	do {
		v = rng_u32(rng);
	} while (v < surplus);
	return v % n;
}

double rng_unit(struct rng *rng)
{
	return (double)(rng_u64(rng) >> 11) * 0x1.0p-53;
}

void rng_ice_chars(struct rng *rng, char *text, size_t len)
{
	static const char ice_char[64 + 1] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	/* 256 is a multiple of 64: masking a byte has no bias. */
	rng->fill(rng, text, len);
	for (size_t i = 0; i < len; i++)
		text[i] = ice_char[(uint8_t)text[i] & 63];
	text[len] = '\0';
}
