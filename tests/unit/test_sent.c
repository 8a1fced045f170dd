/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>

#include "media/base/limits.h"
#include "media/stream/sent.h"

#define MS 1000

struct fixture {
	struct pkt_pool *pool;
	struct sent *sent;
};

static struct fixture make(size_t capacity)
{
	struct fixture f = {.pool = pkt_pool_new(2048, 0)};

	g_assert_cmpint(sent_new(&f.sent, capacity), ==, 0);
	return f;
}

static void done(struct fixture *f)
{
	sent_free(f->sent);
	g_assert_cmpuint(pkt_pool_used(f->pool), ==, 0);
	pkt_pool_free(f->pool);
}

static void put(struct fixture *f, uint16_t seq, int64_t sent_us)
{
	struct sent_packet p = {.pkt = pkt_get(f->pool), .sent_us = sent_us, .resent_count = 9};

	p.numbers.seq = seq;
	p.numbers.timestamp = seq * 10u;
	p.pt = 96;
	p.pkt->len = seq;
	sent_put(f->sent, &p);
	pkt_unref(p.pkt);
}

static void capacity_is_checked(void)
{
	struct sent *sent = NULL;

	g_assert_cmpint(sent_new(&sent, 0), ==, -EINVAL);
	g_assert_cmpint(sent_new(&sent, 48), ==, -EINVAL);
	g_assert_cmpint(sent_new(&sent, (size_t)LIMIT_SENT_PACKETS * 2), ==, -EINVAL);
	g_assert_null(sent);
	sent_free(NULL);
}

static void keeps_the_last_packets_and_no_more(void)
{
	struct fixture f = make(16);

	for (int i = 0; i < 100; i++)
		put(&f, (uint16_t)(65500 + i), 0);
	g_assert_cmpuint(sent_count(f.sent), ==, 16);
	g_assert_cmpuint(pkt_pool_used(f.pool), ==, 16);
	for (int i = 0; i < 100; i++) {
		uint16_t seq = (uint16_t)(65500 + i);
		const struct sent_packet *p = sent_get(f.sent, seq);
		g_assert_cmpint(p != NULL, ==, i >= 84);
		if (p) {
			g_assert_cmpint(p->pkt->len, ==, seq);
			g_assert_cmpuint(p->numbers.timestamp, ==, seq * 10u);
			g_assert_cmpint(p->pt, ==, 96);
			g_assert_cmpint(p->resent_count, ==, 0);
		}
	}
	done(&f);
}

static void an_older_packet_does_not_push_out_a_newer(void)
{
	struct fixture f = make(16);

	put(&f, 20, 0);
	put(&f, 4, 0);
	g_assert_null(sent_get(f.sent, 4));
	g_assert_nonnull(sent_get(f.sent, 20));
	put(&f, 20, 5); /* the same again replaces */
	g_assert_cmpint(sent_get(f.sent, 20)->sent_us, ==, 5);
	g_assert_cmpuint(pkt_pool_used(f.pool), ==, 1);
	done(&f);
}

static void resends_once_per_round_trip(void)
{
	struct fixture f = make(16);

	put(&f, 7, 0);
	g_assert_null(sent_resend(f.sent, 10 * MS, 8, 50 * MS));
	g_assert_null(sent_resend(f.sent, 10 * MS, 7 + 16, 50 * MS));
	const struct sent_packet *p = sent_resend(f.sent, 10 * MS, 7, 50 * MS);
	g_assert_nonnull(p);
	g_assert_cmpint(p->resent_count, ==, 1);
	g_assert_null(sent_resend(f.sent, 59 * MS, 7, 50 * MS));
	p = sent_resend(f.sent, 60 * MS, 7, 50 * MS);
	g_assert_nonnull(p);
	g_assert_cmpint(p->resent_count, ==, 2);
	g_assert_cmpint(p->resent_us, ==, 60 * MS);
	/* Round trip not known: 100 ms. */
	g_assert_null(sent_resend(f.sent, 159 * MS, 7, -1));
	g_assert_nonnull(sent_resend(f.sent, 160 * MS, 7, -1));
	done(&f);
}

static void a_late_packet_is_not_doubled_by_an_early_nack(void)
{
	struct fixture f = make(16);

	put(&f, 7, 0);
	put(&f, 9, 5 * MS);
	put(&f, 8, 60 * MS);
	/* Sent off before 8 could be there. */
	g_assert_null(sent_resend(f.sent, 109 * MS, 8, 50 * MS));
	g_assert_nonnull(sent_resend(f.sent, 110 * MS, 8, 50 * MS));
	g_assert_nonnull(sent_resend(f.sent, 10 * MS, 9, 50 * MS));
	done(&f);
}

static void gives_up_on_old_packets(void)
{
	struct fixture f = make(16);

	put(&f, 7, 0);
	g_assert_null(sent_resend(f.sent, 1001 * MS, 7, 50 * MS));
	g_assert_nonnull(sent_resend(f.sent, 1000 * MS, 7, 50 * MS));
	/* On a short path ten round trips do, on a long one three are allowed. */
	put(&f, 7, 0);
	sent_keep(f.sent, 20 * MS);
	g_assert_null(sent_resend(f.sent, 501 * MS, 7, 20 * MS));
	g_assert_nonnull(sent_resend(f.sent, 500 * MS, 7, 20 * MS));
	sent_keep(f.sent, 600 * MS);
	g_assert_null(sent_resend(f.sent, 1801 * MS, 7, 600 * MS));
	g_assert_nonnull(sent_resend(f.sent, 1800 * MS, 7, 600 * MS));
	g_assert_cmpint(sent_age_us(70 * MS), ==, 700 * MS);
	done(&f);
}

/* Memory follows what is sent while it is of use: no more is kept, and no less. */
static void what_is_kept_follows_the_rate(void)
{
	struct fixture f = make(512);

	sent_keep(f.sent, 20 * MS);
	for (int i = 0; i < 2000; i++)
		put(&f, (uint16_t)i, i * 10 * MS);
	g_assert_cmpuint(sent_count(f.sent), ==, 51);
	for (int i = 0; i < 2000; i++)
		put(&f, (uint16_t)(2000 + i), 20000 * MS + i * 2 * MS);
	g_assert_cmpuint(sent_count(f.sent), ==, 251);
	g_assert_nonnull(sent_get(f.sent, 3999 - 250));
	for (int i = 0; i < 4000; i++)
		put(&f, (uint16_t)(4000 + i), 24000 * MS);
	g_assert_cmpuint(sent_count(f.sent), ==, 512);
	g_assert_nonnull(sent_get(f.sent, 7999 - 511));
	done(&f);
}

static void expire_gives_references_back(void)
{
	struct fixture f = make(16);

	for (uint16_t i = 0; i < 10; i++)
		put(&f, i, i * MS);
	sent_expire(f.sent, 4 * MS);
	g_assert_cmpuint(sent_count(f.sent), ==, 6);
	g_assert_cmpuint(pkt_pool_used(f.pool), ==, 6);
	g_assert_null(sent_get(f.sent, 3));
	g_assert_nonnull(sent_get(f.sent, 4));
	done(&f);
}

/* One received packet is held by every subscriber's ring. */
static void packets_are_shared(void)
{
	struct fixture f = make(16);
	struct sent *other;
	g_assert_cmpint(sent_new(&other, 32), ==, 0);

	put(&f, 7, 0);
	struct sent_packet p = *sent_get(f.sent, 7);
	p.numbers.seq = 900;
	sent_put(other, &p);
	g_assert_cmpuint(pkt_pool_used(f.pool), ==, 1);
	sent_expire(f.sent, 1);
	g_assert_cmpint(sent_get(other, 900)->pkt->len, ==, 7);
	sent_free(other);
	done(&f);
}

#define ADD(name) g_test_add_func("/sent/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(capacity_is_checked);
	ADD(keeps_the_last_packets_and_no_more);
	ADD(an_older_packet_does_not_push_out_a_newer);
	ADD(resends_once_per_round_trip);
	ADD(a_late_packet_is_not_doubled_by_an_early_nack);
	ADD(gives_up_on_old_packets);
	ADD(what_is_kept_follows_the_rate);
	ADD(expire_gives_references_back);
	ADD(packets_are_shared);
	return g_test_run();
}
