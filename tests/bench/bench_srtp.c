/* SPDX-License-Identifier: EUPL-1.2 */
/* The cost of protecting and unprotecting one RTP packet: our AEAD on OpenSSL EVP beside libsrtp on
 * the same keys, in the same run. Prints nanoseconds per packet and the ratio; judges nothing. */
#include <stdio.h>
#include <time.h>

#include "tests/support/srtp_peer.h"

#define PACKETS	  20000
#define ROUNDS	  5 /* the best of which counts: the machine is shared */
#define BUF_BYTES 1536

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

struct cost {
	double protect_ns;
	double unprotect_ns;
};

static uint8_t packets[PACKETS][BUF_BYTES];
static size_t lens[PACKETS];

static void write_packets(size_t payload_len, unsigned round)
{
	for (unsigned i = 0; i < PACKETS; i++) {
		const struct srtp_peer_packet p = {.ssrc = 7 + round,
						   .seq = (uint16_t)i,
						   .ext_words = 3,
						   .payload_len = payload_len - 24};

		lens[i] = srtp_peer_write(packets[i], BUF_BYTES, &p);
	}
}

static struct cost measure_ours(const struct srtp_keys *keys)
{
	struct srtp_keys swapped = srtp_peer_swap(keys);
	struct srtp_link *a;
	struct srtp_link *b;

	g_assert_cmpint(srtp_link_new(&a, keys), ==, 0);
	g_assert_cmpint(srtp_link_new(&b, &swapped), ==, 0);
	double t0 = now_ns();
	for (unsigned i = 0; i < PACKETS; i++)
		g_assert_cmpint(srtp_link_protect(a, packets[i], &lens[i], BUF_BYTES), ==, 0);
	double t1 = now_ns();
	for (unsigned i = 0; i < PACKETS; i++)
		g_assert_cmpint(srtp_link_unprotect(b, packets[i], &lens[i]), ==, 0);
	double t2 = now_ns();
	srtp_link_free(a);
	srtp_link_free(b);
	return (struct cost){(t1 - t0) / PACKETS, (t2 - t1) / PACKETS};
}

static struct cost measure_libsrtp(const struct srtp_keys *keys)
{
	struct srtp_peer a, b;
	struct srtp_keys swapped = srtp_peer_swap(keys);

	srtp_peer_init(&a, keys);
	srtp_peer_init(&b, &swapped);
	double t0 = now_ns();
	for (unsigned i = 0; i < PACKETS; i++) {
		int len = (int)lens[i];

		g_assert_cmpint(srtp_protect(a.send, packets[i], &len), ==, 0);
		lens[i] = (size_t)len;
	}
	double t1 = now_ns();
	for (unsigned i = 0; i < PACKETS; i++) {
		int len = (int)lens[i];

		g_assert_cmpint(srtp_unprotect(b.recv, packets[i], &len), ==, 0);
	}
	double t2 = now_ns();
	srtp_peer_close(&a);
	srtp_peer_close(&b);
	return (struct cost){(t1 - t0) / PACKETS, (t2 - t1) / PACKETS};
}

static struct cost least(struct cost a, struct cost b)
{
	return (struct cost){MIN(a.protect_ns, b.protect_ns), MIN(a.unprotect_ns, b.unprotect_ns)};
}

static void compare(const char *name, enum srtp_link_profile profile, size_t payload_len)
{
	struct srtp_keys keys = srtp_peer_keys(profile);
	struct cost ours = {1e12, 1e12};
	struct cost theirs = {1e12, 1e12};

	for (unsigned round = 0; round < ROUNDS; round++) {
		write_packets(payload_len, round);
		ours = least(ours, measure_ours(&keys));
		write_packets(payload_len, round);
		theirs = least(theirs, measure_libsrtp(&keys));
	}
	printf("%-20s %5zu %8.0f %8.0f %5.2f %8.0f %8.0f %5.2f\n", name, payload_len,
	       ours.protect_ns, theirs.protect_ns, theirs.protect_ns / ours.protect_ns,
	       ours.unprotect_ns, theirs.unprotect_ns, theirs.unprotect_ns / ours.unprotect_ns);
}

int main(void)
{
	static const size_t payload_lens[] = {100, 1200};

	g_assert_cmpint(srtp_link_library_init(), ==, 0);
	printf("ns per packet                protect                  unprotect\n");
	printf("%-20s %5s %8s %8s %5s %8s %8s %5s\n", "", "bytes", "ours", "libsrtp", "ratio",
	       "ours", "libsrtp", "ratio");
	for (size_t i = 0; i < G_N_ELEMENTS(payload_lens); i++) {
		compare("AEAD_AES_128_GCM", SRTP_LINK_AEAD_AES_128_GCM, payload_lens[i]);
		compare("AEAD_AES_256_GCM", SRTP_LINK_AEAD_AES_256_GCM, payload_lens[i]);
		compare("AES128_CM_SHA1_80", SRTP_LINK_AES128_CM_SHA1_80, payload_lens[i]);
	}
	return 0;
}
