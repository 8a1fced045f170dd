/* SPDX-License-Identifier: EUPL-1.2 */
/* DTLS handshakes of two of our own objects over a link that loses, repeats and reorders. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "media/base/heap.h"
#include "media/base/limits.h"
#include "media/base/rng.h"
#include "media/wire/dtls.h"

#define MS	   1000
#define GIVE_UP_US 20000000
#define IN_FLIGHT  128

struct datagram {
	int64_t due_us; /* DEADLINE_NEVER: free */
	int to;
	size_t len;
	uint8_t data[LIMIT_DTLS_MTU_BYTES];
};

struct world {
	struct rng rng;
	double loss;
	int64_t now_us;
	struct dtls *end[2]; /* server, client */
	struct datagram air[IN_FLIGHT];
	size_t sent;
};

static struct cert *certs[2];

static void put(struct world *w, int to, const uint8_t *buf, size_t len)
{
	for (size_t i = 0; i < IN_FLIGHT; i++) {
		struct datagram *d = &w->air[i];

		if (d->due_us != DEADLINE_NEVER)
			continue;
		/* 20 ms one way, every fifth 60 ms more: overtaken by what follows. */
		d->due_us = w->now_us + 20 * MS + (rng_below(&w->rng, 5) == 0 ? 60 * MS : 0);
		d->to = to;
		d->len = len;
		memcpy(d->data, buf, len);
		return;
	}
	g_assert_not_reached();
}

static void collect(struct world *w)
{
	uint8_t buf[LIMIT_DTLS_MTU_BYTES];
	size_t len;

	for (int from = 0; from < 2; from++) {
		while ((len = dtls_output(w->end[from], buf, sizeof(buf))) > 0) {
			w->sent++;
			if (rng_unit(&w->rng) < w->loss)
				continue;
			put(w, 1 - from, buf, len);
			if (rng_below(&w->rng, 10) == 0)
				put(w, 1 - from, buf, len);
		}
	}
}

static struct datagram *first_due(struct world *w)
{
	struct datagram *first = &w->air[0];

	for (size_t i = 1; i < IN_FLIGHT; i++) {
		if (w->air[i].due_us < first->due_us)
			first = &w->air[i];
	}
	return first;
}

/* One event: a datagram arrives or a deadline passes. False: nothing more will ever happen. */
static bool step(struct world *w)
{
	struct datagram *d = first_due(w);
	int64_t deadline_us = MIN(dtls_deadline_us(w->end[0]), dtls_deadline_us(w->end[1]));

	if (d->due_us == DEADLINE_NEVER && deadline_us == DEADLINE_NEVER)
		return false;
	w->now_us = MAX(w->now_us, MIN(d->due_us, deadline_us));
	if (d->due_us <= w->now_us) {
		(void)dtls_input(w->end[d->to], w->now_us, d->data, d->len);
		d->due_us = DEADLINE_NEVER;
	}
	for (int i = 0; i < 2; i++) {
		if (dtls_deadline_us(w->end[i]) <= w->now_us)
			dtls_timeout(w->end[i], w->now_us);
	}
	collect(w);
	return true;
}

static void open_world(struct world *w, uint64_t seed, double loss, int wrong_end)
{
	uint8_t wrong[CERT_FINGERPRINT_BYTES] = {1, 2, 3};

	*w = (struct world){.rng = rng_seeded(seed), .loss = loss};
	for (size_t i = 0; i < IN_FLIGHT; i++)
		w->air[i].due_us = DEADLINE_NEVER;
	for (int i = 0; i < 2; i++)
		g_assert_cmpint(dtls_new(&w->end[i], 0, i == 0 ? DTLS_SERVER : DTLS_CLIENT,
					 certs[i],
					 wrong_end == i ? wrong : cert_fingerprint(certs[1 - i])),
				==, 0);
	collect(w);
}

static void close_world(struct world *w)
{
	dtls_free(w->end[0]);
	dtls_free(w->end[1]);
}

static bool is_ready(const struct world *w)
{
	return dtls_state(w->end[0]) == DTLS_READY && dtls_state(w->end[1]) == DTLS_READY;
}

static void assert_same_keys(const struct world *w)
{
	struct srtp_keys a, b;

	g_assert_cmpint(dtls_keys(w->end[0], &a), ==, 0);
	g_assert_cmpint(dtls_keys(w->end[1], &b), ==, 0);
	g_assert_cmpint(a.profile, ==, SRTP_LINK_AEAD_AES_128_GCM);
	g_assert_cmpint(b.profile, ==, SRTP_LINK_AEAD_AES_128_GCM);
	g_assert_cmpmem(a.send, 28, b.recv, 28);
	g_assert_cmpmem(a.recv, 28, b.send, 28);
	g_assert_true(memcmp(a.send, a.recv, 28) != 0);
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void every_handshake_completes(void)
{
	static const double losses[] = {0, 0.1, 0.2, 0.3};

	for (size_t k = 0; k < G_N_ELEMENTS(losses); k++) {
		int64_t took_us[50];

		for (size_t i = 0; i < G_N_ELEMENTS(took_us); i++) {
			struct world w;

			open_world(&w, 1000 * k + i, losses[k], -1);
			while (!is_ready(&w)) {
				g_assert_true(step(&w));
				g_assert_cmpint(w.now_us, <, GIVE_UP_US);
			}
			took_us[i] = w.now_us;
			assert_same_keys(&w);
			/* What is still on its way changes nothing any more. */
			while (step(&w))
				g_assert_true(is_ready(&w));
			close_world(&w);
		}
		qsort(took_us, G_N_ELEMENTS(took_us), sizeof(took_us[0]), compare);
		int64_t median_us = took_us[G_N_ELEMENTS(took_us) / 2];
		g_test_message("loss %.0f %%: median %.3f s, worst %.3f s", losses[k] * 100,
			       (double)median_us / 1e6,
			       (double)took_us[G_N_ELEMENTS(took_us) - 1] / 1e6);
		if (losses[k] == 0)
			g_assert_cmpint(median_us, <=, 300 * MS);
		if (losses[k] <= 0.1)
			g_assert_cmpint(median_us, <, 1000 * MS);
	}
}

static void a_wrong_fingerprint_never_gets_ready(void)
{
	for (uint64_t seed = 0; seed < 40; seed++) {
		int wrong_end = (int)(seed % 2);
		struct world w;

		open_world(&w, seed, 0.1, wrong_end);
		while (step(&w) && w.now_us < 2 * GIVE_UP_US)
			g_assert_cmpint(dtls_state(w.end[wrong_end]), !=, DTLS_READY);
		g_assert_cmpint(dtls_state(w.end[wrong_end]), ==, DTLS_FAILED);
		close_world(&w);
	}
}

/* Cut off in the middle, both ends give up at 20 s and fall silent, with few datagrams sent. */
static void a_dead_link_is_given_up(void)
{
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct world w;

		open_world(&w, seed, 0, -1);
		for (uint64_t i = 0; i < seed % 4; i++)
			(void)step(&w);
		if (is_ready(&w)) {
			close_world(&w);
			continue;
		}
		w.loss = 1.1;
		for (size_t i = 0; i < IN_FLIGHT; i++)
			w.air[i].due_us = DEADLINE_NEVER;
		while (step(&w))
			g_assert_cmpint(w.now_us, <=, GIVE_UP_US + 1000 * MS);
		g_assert_cmpint(dtls_state(w.end[1]), ==, DTLS_FAILED);
		g_assert_cmpuint(w.sent, <, 60);
		close_world(&w);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (int i = 0; i < 2; i++)
		g_assert_cmpint(cert_new(&certs[i], 1790000000), ==, 0);
	g_test_add_func("/sim/dtls_loss/every_handshake_completes", every_handshake_completes);
	g_test_add_func("/sim/dtls_loss/a_wrong_fingerprint_never_gets_ready",
			a_wrong_fingerprint_never_gets_ready);
	g_test_add_func("/sim/dtls_loss/a_dead_link_is_given_up", a_dead_link_is_given_up);
	int failed = g_test_run();
	cert_free(certs[0]);
	cert_free(certs[1]);
	return failed;
}
