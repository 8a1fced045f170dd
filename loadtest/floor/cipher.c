/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <string.h>
#include <time.h>

#include "loadtest/floor/floor.h"
#include "media/wire/rtp.h"
#include "media/wire/srtp.h"

enum {
	CIPHER_TAG = 16,
	CIPHER_LINKS = 32, /* a key each, as so many viewers have */
	CIPHER_RING = 512,
	CIPHER_ROOM = 1600,
};

struct cipher {
	struct srtp_link *here[CIPHER_LINKS];
	struct srtp_link *there[CIPHER_LINKS];
	uint8_t packet[CIPHER_RING][CIPHER_ROOM];
	size_t len[CIPHER_RING];
};

double floor_cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static struct cipher *cipher_new(void)
{
	struct cipher *c = g_new0(struct cipher, 1);

	for (size_t i = 0; i < CIPHER_LINKS; i++) {
		struct srtp_keys keys = {.profile = SRTP_LINK_AEAD_AES_128_GCM};
		struct srtp_keys other;

		memset(keys.send, (int)i + 1, sizeof(keys.send));
		memset(keys.recv, (int)i + 101, sizeof(keys.recv));
		other = keys;
		memcpy(other.send, keys.recv, sizeof(other.send));
		memcpy(other.recv, keys.send, sizeof(other.recv));
		g_assert_cmpint(srtp_link_new(&c->here[i], &keys), ==, 0);
		g_assert_cmpint(srtp_link_new(&c->there[i], &other), ==, 0);
	}
	return c;
}

static void cipher_free(struct cipher *c)
{
	for (size_t i = 0; i < CIPHER_LINKS; i++) {
		srtp_link_free(c->here[i]);
		srtp_link_free(c->there[i]);
	}
	g_free(c);
}

/* Fills the ring with packets that come next on each link. */
static void cipher_write(struct cipher *c, size_t bytes, size_t round)
{
	for (size_t i = 0; i < CIPHER_RING; i++) {
		const struct rtp_header header = {
			.pt = 96,
			.seq = (uint16_t)(round * (CIPHER_RING / CIPHER_LINKS) + i / CIPHER_LINKS),
			.ssrc = 7};
		static const struct rtp_exts none;
		static const struct rtp_ext_map map;
		struct wr w = wr_init(c->packet[i], CIPHER_ROOM);

		rtp_write(&w, &header, &none, &map);
		wr_zero(&w, bytes - CIPHER_TAG - wr_len(&w));
		c->len[i] = wr_len(&w);
	}
}

static double cipher_round(struct cipher *c, bool is_in)
{
	double before = floor_cpu_ns(), middle;

	for (size_t i = 0; i < CIPHER_RING; i++)
		g_assert_cmpint(srtp_link_protect(c->here[i % CIPHER_LINKS], c->packet[i],
						  &c->len[i], CIPHER_ROOM),
				==, 0);
	middle = floor_cpu_ns();
	if (!is_in)
		return middle - before;
	for (size_t i = 0; i < CIPHER_RING; i++)
		g_assert_cmpint(
			srtp_link_unprotect(c->there[i % CIPHER_LINKS], c->packet[i], &c->len[i]),
			==, 0);
	return floor_cpu_ns() - middle;
}

static struct floor_cost cipher_cost(size_t bytes, size_t packets, bool is_in)
{
	struct cipher *c = cipher_new();
	size_t rounds = packets / CIPHER_RING + 1;
	double ns = 0;

	for (size_t round = 0; round < rounds; round++) {
		cipher_write(c, bytes, round);
		ns += cipher_round(c, is_in);
	}
	cipher_free(c);
	return (struct floor_cost){.ns = ns / (double)(rounds * CIPHER_RING)};
}

struct floor_cost floor_protect(size_t bytes, size_t packets)
{
	return cipher_cost(bytes, packets, false);
}

struct floor_cost floor_unprotect(size_t bytes, size_t packets)
{
	return cipher_cost(bytes, packets, true);
}

struct floor_cost floor_copy(size_t bytes, size_t packets)
{
	struct cipher *c = g_new0(struct cipher, 1);
	volatile uint8_t sink = 0;
	double before = floor_cpu_ns();

	for (size_t i = 0; i < packets; i++) {
		uint8_t *to = c->packet[1 + i % (CIPHER_RING - 1)];

		memcpy(to, c->packet[0], bytes);
		sink = to[bytes - 1];
	}
	before = floor_cpu_ns() - before;
	(void)sink;
	g_free(c);
	return (struct floor_cost){.ns = before / (double)packets};
}
