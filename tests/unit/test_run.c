/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/base/rng.h"
#include "media/stream/run.h"

static struct pkt_pool *pool;

/* Packets are named by their number; key: 'K' starts a keyframe, 'k' goes on in it, 'b' is of the
 * base, 'e' of another layer, 'p' padding. Three numbers make a picture, the last has the marker.
 */
static void put_at(struct run *run, int64_t now_us, int seq, char what, uint16_t len)
{
	struct pkt *pkt = pkt_get(pool);
	struct run_packet packet = {
		.pkt = pkt,
		.seq = (uint16_t)seq,
		.timestamp = (uint32_t)(seq / 3) * 3000,
		.marker = seq % 3 == 2,
		.frame = {.is_keyframe = what == 'K',
			  .starts_frame = what == 'K',
			  .temporal = what == 'e'},
	};

	g_assert_nonnull(pkt);
	pkt->len = len;
	if (what == 'p')
		run_skip(run, packet.seq);
	else
		run_put(run, now_us, &packet);
	pkt_unref(pkt);
}

static void put(struct run *run, int seq, char what)
{
	put_at(run, 0, seq, what, 100);
}

static void put_range(struct run *run, int from, int to, char what)
{
	for (int seq = from; seq <= to; seq++)
		put(run, seq, what);
}

static struct run *make(void)
{
	struct run *run = NULL;

	g_assert_cmpint(run_new(&run), ==, 0);
	return run;
}

static void done(struct run *run)
{
	run_free(run);
	g_assert_cmpuint(pkt_pool_used(pool), ==, 0);
}

static void expect(const struct run *run, const int *seqs, size_t count)
{
	g_assert_cmpuint(run_count(run), ==, count);
	for (size_t i = 0; i < count; i++)
		g_assert_cmpuint(run_at(run, i)->seq, ==, (uint16_t)seqs[i]);
}

#define EXPECT(run, ...)                                                                           \
	expect(run, (const int[]){__VA_ARGS__}, sizeof((int[]){__VA_ARGS__}) / sizeof(int))

static void keeps_the_keyframe_and_its_base(void)
{
	struct run *run = make();

	put_range(run, 0, 5, 'b');
	g_assert_false(run_is_usable(run));
	g_assert_cmpint(run_age_us(run, 9), ==, INT64_MAX);
	put_at(run, 1000, 6, 'K', 100);
	put(run, 7, 'k');
	g_assert_false(run_is_usable(run)); /* not whole */
	put(run, 8, 'k');
	EXPECT(run, 6, 7, 8);
	put_range(run, 9, 11, 'e');
	put(run, 12, 'p');
	put_range(run, 13, 14, 'b');
	EXPECT(run, 6, 7, 8, 13, 14);
	g_assert_cmpuint(run_bytes(run), ==, 500);
	g_assert_cmpuint(run_pictures(run), ==, 2);
	g_assert_cmpuint(run_keyframe_count(run), ==, 3);
	g_assert_cmpint(run_age_us(run, 5000), ==, 4000);
	put(run, 15, 'K');
	put_range(run, 16, 17, 'k');
	EXPECT(run, 15, 16, 17);
	done(run);
}

static void a_gap_closes_when_the_packet_is_repaired(void)
{
	struct run *run = make();

	put(run, 65535, 'K');
	put(run, 65537, 'k');
	put_range(run, 65538, 65540, 'e');
	g_assert_false(run_is_usable(run));
	put(run, 65536, 'k');
	EXPECT(run, 65535, 65536, 65537);
	put(run, 65536, 'k'); /* twice */
	EXPECT(run, 65535, 65536, 65537);
	put(run, 65543, 'b');
	g_assert_false(run_is_usable(run));
	put(run, 65542, 'e');
	put(run, 65541, 'e');
	EXPECT(run, 65535, 65536, 65537, 65543);
	done(run);
}

static void a_keyframe_whose_first_packet_was_overtaken_counts(void)
{
	struct run *run = make();

	put_range(run, 0, 8, 'b');
	put_range(run, 10, 11, 'k');
	put_range(run, 12, 14, 'e');
	put_range(run, 15, 17, 'b');
	g_assert_false(run_is_usable(run));
	put(run, 9, 'K');
	EXPECT(run, 9, 10, 11, 15, 16, 17);
	done(run);
}

static void a_keyframe_too_late_for_what_followed_does_not(void)
{
	struct run *run = make();

	put_range(run, 0, 2, 'b');
	put_range(run, 4, 50, 'b'); /* more than is kept without a keyframe */
	put(run, 3, 'K');
	g_assert_false(run_is_usable(run));
	put(run, 51, 'K');
	put_range(run, 52, 53, 'k');
	EXPECT(run, 51, 52, 53);
	done(run);
}

static void what_is_not_repaired_ends_the_run(void)
{
	struct run *run = make();

	put(run, 0, 'K');
	put_range(run, 1, 2, 'k');
	put_range(run, 4, 1100, 'e');
	put(run, 3, 'e'); /* a second or more too late */
	g_assert_false(run_is_usable(run));
	g_assert_cmpint(run_age_us(run, 0), ==, INT64_MAX);
	done(run);
}

static void is_bounded(void)
{
	struct run *run = make();

	put(run, 0, 'K');
	put_range(run, 1, LIMIT_RUN_PACKETS - 1, 'b');
	g_assert_cmpuint(run_count(run), ==, LIMIT_RUN_PACKETS);
	put(run, LIMIT_RUN_PACKETS, 'b');
	g_assert_false(run_is_usable(run));
	g_assert_cmpuint(pkt_pool_used(pool), <=, 32 + 8);
	run_clear(run);
	put_at(run, 0, 0, 'K', 1500);
	for (int seq = 1; seq < 60; seq++) {
		put_at(run, 0, seq, 'b', 1500);
		g_assert_true(run_is_usable(run) ==
			      ((seq + 1) * 1500 <= LIMIT_RUN_BYTES && seq >= 2));
	}
	put_at(run, 0, 30000, 'b', 1500); /* a jump */
	g_assert_cmpuint(pkt_pool_used(pool), ==, 1);
	done(run);
}

/* Any order, repeats and gaps: a usable run is a keyframe and every base packet since. */
static void a_usable_run_has_no_hole(void)
{
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct rng rng = rng_seeded(seed);
		struct run *run = make();
		static const char pattern[] = "Kkkeeeeeebbbeeeeeebbbeeebbb";
		static int order[6000];
		int usable = 0;
		for (int i = 0; i < 6000; i++)
			order[i] = i;
		for (int i = 0; i + 12 < 6000; i++) {
			int other = i + (rng_below(&rng, 6) == 0 ? (int)rng_below(&rng, 12) : 0);
			int kept = order[i];
			order[i] = order[other];
			order[other] = kept;
		}
		for (int i = 0; i < 6000; i++) {
			int seq = order[i];
			if (rng_below(&rng, 200) == 0)
				continue;
			put(run, seq, pattern[seq % 27]);
			size_t count = run_count(run);
			usable += count > 0;
			if (count == 0)
				continue;
			int first = run_at(run, 0)->seq;
			g_assert_cmpint(pattern[first % 27], ==, 'K');
			size_t at = 0;
			for (int s = first; s <= run_highest_seq(run); s++)
				if (pattern[s % 27] != 'e')
					g_assert_cmpint(run_at(run, at++)->seq, ==, s);
			g_assert_cmpuint(at, ==, count);
		}
		g_assert_cmpint(usable, >, 1000);
		done(run);
	}
}

#define ADD(name) g_test_add_func("/run/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	pool = pkt_pool_new(256, 0);
	ADD(keeps_the_keyframe_and_its_base);
	ADD(a_gap_closes_when_the_packet_is_repaired);
	ADD(a_keyframe_whose_first_packet_was_overtaken_counts);
	ADD(a_keyframe_too_late_for_what_followed_does_not);
	ADD(what_is_not_repaired_ends_the_run);
	ADD(is_bounded);
	ADD(a_usable_run_has_no_hole);
	int result = g_test_run();
	pkt_pool_free(pool);
	return result;
}
