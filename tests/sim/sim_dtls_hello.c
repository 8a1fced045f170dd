/* SPDX-License-Identifier: EUPL-1.2 */
/* ClientHellos too big for a datagram, as browsers send them since post-quantum key shares: in
 * several records and datagrams, in any order, repeated, lost in part. */
#include <string.h>

#include <glib.h>

#include "media/base/bytes.h"
#include "media/base/rng.h"
#include "media/wire/dtls.h"
#include "tests/support/dtls_peer.h"

#define RECORD_BYTES	13
#define HANDSHAKE_BYTES 12
#define HELLO_MAX	4096

/* About what Firefox sends: 1461 bytes. */
static const struct dtls_peer_config big_hello = {.hello_bytes_more = 1250, .mtu = 600};

static struct cert *our_cert;

struct packet {
	size_t len;
	uint8_t data[1500];
};

static size_t take_flight(struct dtls_peer *peer, struct packet *out, size_t max)
{
	size_t count = 0;

	while (count < max && (out[count].len = dtls_peer_output(peer, out[count].data,
								 sizeof(out[count].data))) > 0)
		count++;
	return count;
}

static void finish(struct dtls *dtls, struct dtls_peer *peer)
{
	uint8_t buf[2048];
	size_t len;
	bool is_moving = true;

	while (is_moving) {
		is_moving = false;
		while ((len = dtls_output(dtls, buf, sizeof(buf))) > 0) {
			dtls_peer_input(peer, buf, len);
			is_moving = true;
		}
		while ((len = dtls_peer_output(peer, buf, sizeof(buf))) > 0) {
			(void)dtls_input(dtls, 0, buf, len);
			is_moving = true;
		}
	}
	g_assert_cmpstr(dtls_failure(dtls), ==, "");
	g_assert_cmpint(dtls_state(dtls), ==, DTLS_READY);
	g_assert_true(peer->is_done);
}

static void three_fragments_in_any_order_complete(void)
{
	static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					{1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

	for (size_t i = 0; i < 2 * G_N_ELEMENTS(orders); i++) {
		const int *order = orders[i / 2];
		bool is_doubled = i % 2 == 1;
		struct dtls_peer peer;
		struct dtls *dtls;
		struct packet flight[8];

		dtls_peer_init(&peer, &big_hello);
		g_assert_cmpint(dtls_new(&dtls, 0, DTLS_SERVER, our_cert, peer.fingerprint), ==, 0);
		dtls_peer_input(&peer, NULL, 0);
		g_assert_cmpuint(take_flight(&peer, flight, 8), ==, 3);
		g_assert_cmpuint(flight[0].len + flight[1].len + flight[2].len, >, 1400);
		for (int k = 0; k < 3; k++) {
			const struct packet *p = &flight[order[k]];
			uint8_t buf[1500];

			g_assert_cmpuint(dtls_output(dtls, buf, sizeof(buf)), ==, 0);
			for (int n = 0; n < 1 + is_doubled; n++)
				g_assert_cmpint(dtls_input(dtls, 0, p->data, p->len), ==, 0);
		}
		finish(dtls, &peer);
		dtls_free(dtls);
		dtls_peer_close(&peer);
	}
}

static void a_lost_fragment_comes_with_the_next_round(void)
{
	for (size_t lost = 0; lost < 3; lost++) {
		struct dtls_peer peer;
		struct dtls *dtls;
		struct packet flight[8];

		dtls_peer_init(&peer, &big_hello);
		g_assert_cmpint(dtls_new(&dtls, 0, DTLS_SERVER, our_cert, peer.fingerprint), ==, 0);
		dtls_peer_input(&peer, NULL, 0);
		for (size_t round = 0; round < 2; round++) {
			size_t count = take_flight(&peer, flight, 8);

			g_assert_cmpuint(count, ==, 3);
			/* Only the missing one of the second round. */
			for (size_t k = 0; k < count; k++) {
				if ((k == lost) == (round == 1))
					(void)dtls_input(dtls, 0, flight[k].data, flight[k].len);
			}
			if (round == 0)
				dtls_peer_retransmit(&peer);
		}
		finish(dtls, &peer);
		dtls_free(dtls);
		dtls_peer_close(&peer);
	}
}

/* The body of the handshake message that a flight of fragments carries. */
static size_t join_hello(uint8_t *hello, const struct packet *flight, size_t count)
{
	size_t total = 0;

	for (size_t i = 0; i < count; i++) {
		struct rd r = rd_init(flight[i].data, flight[i].len);

		rd_skip(&r, RECORD_BYTES);
		g_assert_cmpuint(rd_u8(&r), ==, 1);
		total = rd_u24(&r);
		rd_skip(&r, 2);
		uint32_t at = rd_u24(&r);
		uint32_t len = rd_u24(&r);
		const uint8_t *body = rd_bytes(&r, len);
		g_assert_true(rd_ok(&r) && rd_left(&r) == 0 && at + len <= HELLO_MAX);
		memcpy(hello + at, body, len);
	}
	return total;
}

static void write_fragment(struct wr *w, uint16_t record_seq, const uint8_t *hello, size_t total,
			   size_t at, size_t len)
{
	wr_u8(w, 22);
	wr_u16(w, 0xfeff);
	wr_u16(w, 0); /* epoch */
	wr_u32(w, 0);
	wr_u16(w, record_seq);
	wr_u16(w, (uint16_t)(len + HANDSHAKE_BYTES));
	wr_u8(w, 1);
	wr_u24(w, (uint32_t)total);
	wr_u16(w, 0); /* message_seq */
	wr_u24(w, (uint32_t)at);
	wr_u24(w, (uint32_t)len);
	wr_bytes(w, hello + at, len);
}

/* One round: the message cut anew in `pieces`, records packed into datagrams by chance. */
static size_t cut_hello(struct rng *rng, struct packet *out, uint16_t *record_seq,
			const uint8_t *hello, size_t total, size_t pieces)
{
	size_t count = 0;
	size_t at = 0;
	struct wr w = wr_init(out[0].data, sizeof(out[0].data));

	for (size_t i = 0; i < pieces; i++) {
		size_t even = (total - at) / (pieces - i);
		size_t len = i + 1 == pieces ? total - at
					     : 1 + rng_below(rng, (uint32_t)(even + even / 2));

		if (wr_len(&w) > 0 && (rng_below(rng, 3) > 0 || wr_left(&w) < len + 30)) {
			out[count++].len = wr_len(&w);
			w = wr_init(out[count].data, sizeof(out[count].data));
		}
		write_fragment(&w, (*record_seq)++, hello, total, at, len);
		g_assert_true(wr_ok(&w));
		at += len;
	}
	out[count++].len = wr_len(&w);
	return count;
}

static void shuffle(struct rng *rng, struct packet *p, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t k = rng_below(rng, (uint32_t)i);
		struct packet t = p[i - 1];

		p[i - 1] = p[k];
		p[k] = t;
	}
}

/* Seeded: cuts of all kinds, order by chance, a third lost in the first rounds. */
static void any_cutting_completes(void)
{
	for (uint64_t seed = 0; seed < 100; seed++) {
		struct rng rng = rng_seeded(seed);
		struct dtls_peer peer;
		struct dtls *dtls;
		struct packet flight[16];
		uint8_t hello[HELLO_MAX];
		uint16_t record_seq = 0;

		dtls_peer_init(&peer, &big_hello);
		g_assert_cmpint(dtls_new(&dtls, 0, DTLS_SERVER, our_cert, peer.fingerprint), ==, 0);
		dtls_peer_input(&peer, NULL, 0);
		size_t total = join_hello(hello, flight, take_flight(&peer, flight, 16));
		/* The peer's record numbers pass those used here. */
		for (int i = 0; i < 10; i++) {
			dtls_peer_retransmit(&peer);
			(void)take_flight(&peer, flight, 16);
		}
		for (int round = 0; round < 3; round++) {
			size_t pieces = 2 + rng_below(&rng, 6);
			size_t count = cut_hello(&rng, flight, &record_seq, hello, total, pieces);

			shuffle(&rng, flight, count);
			for (size_t i = 0; i < count; i++) {
				if (round < 2 && rng_below(&rng, 3) == 0)
					continue;
				g_assert_cmpint(dtls_input(dtls, 0, flight[i].data, flight[i].len),
						==, 0);
			}
		}
		finish(dtls, &peer);
		dtls_free(dtls);
		dtls_peer_close(&peer);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_cmpint(cert_new(&our_cert, 1790000000), ==, 0);
	g_test_add_func("/sim/dtls_hello/three_fragments_in_any_order_complete",
			three_fragments_in_any_order_complete);
	g_test_add_func("/sim/dtls_hello/a_lost_fragment_comes_with_the_next_round",
			a_lost_fragment_comes_with_the_next_round);
	g_test_add_func("/sim/dtls_hello/any_cutting_completes", any_cutting_completes);
	int failed = g_test_run();
	cert_free(our_cert);
	return failed;
}
