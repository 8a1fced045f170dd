/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Random bytes as an argument: media/ and signaling/ never draw their own. Production hands in the
 * system's generator (server/random), tests a seeded one, so a run repeats bit for bit.
 */
#ifndef VIDD_MEDIA_BASE_RNG_H
#define VIDD_MEDIA_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
	void (*fill)(struct rng *rng, void *buf, size_t len);
	uint64_t state[4]; /* of the seeded generator only */
};

/* xoshiro256**: repeatable and not secret. For tests, simulations and nothing else. */
struct rng rng_seeded(uint64_t seed);
void rng_bytes(struct rng *rng, void *buf, size_t len);
uint32_t rng_u32(struct rng *rng);
uint64_t rng_u64(struct rng *rng);
/* Uniform in [0, n), n >= 1, without modulo bias. */
uint32_t rng_below(struct rng *rng, uint32_t n);
/* Uniform in [0, 1). */
double rng_unit(struct rng *rng);
/* Fills text with len characters of [A-Za-z0-9+/] (ice-char, RFC 8839 5.4) and a NUL after them. */
void rng_ice_chars(struct rng *rng, char *text, size_t len);

#endif
