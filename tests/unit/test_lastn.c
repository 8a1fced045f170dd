/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/base/rng.h"
#include "media/stream/lastn.h"

#define MS     1000LL
#define PEOPLE 6
#define LOUD   20
#define QUIET  127

/* A meeting: everybody sends a packet each 20 ms, and the choice is made after each round. */
static struct level level[PEOPLE];
static struct lastn_track track[PEOPLE];
static int64_t now_us;
static unsigned changes;

static void begin(void)
{
	for (size_t i = 0; i < PEOPLE; i++) {
		level[i] = (struct level){.is_speaking = false};
		track[i] = (struct lastn_track){.level = &level[i]};
	}
	now_us = 1000 * MS;
	changes = 0;
}

/* One packet each; speakers: a bit for each who is loud. */
static void round_20_ms(size_t n, unsigned speakers)
{
	for (size_t i = 0; i < PEOPLE; i++)
		level_packet(&level[i], now_us, speakers >> i & 1 ? LOUD : QUIET, false);
	changes += lastn_choose(track, PEOPLE, n, now_us);
	now_us += 20 * MS;
}

static void talk(size_t n, unsigned speakers, int64_t us)
{
	for (int64_t end = now_us + us; now_us < end;)
		round_20_ms(n, speakers);
}

static unsigned heard(void)
{
	unsigned set = 0;

	for (size_t i = 0; i < PEOPLE; i++)
		set |= (unsigned)track[i].is_selected << i;
	return set;
}

/* Time until `who` is heard, packets of its voice that were not. */
static int64_t clipped_us(size_t n, unsigned speakers, size_t who)
{
	int64_t start = now_us;

	while (!track[who].is_selected && now_us - start < 2000 * MS)
		round_20_ms(n, speakers);
	/* The packet of the round that let it in is heard. */
	return now_us - start - 20 * MS;
}

static void there_are_never_more_than_n(void)
{
	struct rng rng = rng_seeded(3);

	begin();
	for (int i = 0; i < 5000; i++) {
		size_t n = rng_below(&rng, PEOPLE + 2);

		round_20_ms(n, rng_below(&rng, 1u << PEOPLE));
		g_assert_cmpint(__builtin_popcount(heard()), ==, n < PEOPLE ? (int)n : PEOPLE);
	}
}

static void a_new_speaker_is_clipped_by_60_ms_at_most(void)
{
	for (size_t n = 1; n <= 3; n++) {
		begin();
		talk(n, 1, 3000 * MS);
		g_assert_true(track[0].is_selected);
		/* Without a breath between the two. */
		track[5].is_selected = false;
		g_assert_cmpint(clipped_us(n, 1 << 5, 5), <=, 60 * MS);
		/* After a pause: the level's three packets, of which the third is heard. */
		talk(n, 1 << 5, 2000 * MS);
		talk(n, 0, 3000 * MS);
		if (!track[3].is_selected)
			g_assert_cmpint(clipped_us(n, 1 << 3, 3), ==, 40 * MS);
	}
}

static void silence_moves_nobody(void)
{
	unsigned before;

	begin();
	talk(2, 1 << 2, 1000 * MS);
	talk(2, 1 << 4, 1000 * MS);
	before = heard();
	changes = 0;
	talk(2, 0, 60000 * MS);
	g_assert_cmpuint(heard(), ==, before);
	g_assert_cmpuint(changes, ==, 0);
	g_assert_true(track[2].is_selected && track[4].is_selected);
}

static void who_speaks_on_keeps_the_place(void)
{
	begin();
	talk(1, 1 << 0, 2000 * MS);
	changes = 0;
	/* Another speaks over it all the time. */
	talk(1, 1 << 0 | 1 << 1, 10000 * MS);
	g_assert_cmpuint(heard(), ==, 1 << 0);
	g_assert_cmpuint(changes, ==, 0);
}

/* Two argue, with breaths of 100 ms in turn: nobody is cut off within half a second. */
static void two_who_argue_do_not_flap(void)
{
	int64_t last_us = 0;
	unsigned seen = 0;

	begin();
	talk(1, 1 << 0, 2000 * MS);
	for (int i = 0; i < 3000; i++) {
		unsigned speakers = (i % 20 < 15 ? 1u : 0) | ((i + 10) % 20 < 15 ? 2u : 0);
		unsigned before = heard();

		round_20_ms(1, speakers);
		if (heard() == before)
			continue;
		g_assert_cmpint(now_us - last_us, >=, 500 * MS);
		last_us = now_us;
		seen++;
	}
	/* They take turns all the same. */
	g_assert_cmpuint(seen, >, 20);
}

static void the_longest_silent_gives_way(void)
{
	begin();
	talk(3, 1 << 0, 1000 * MS);
	talk(3, 1 << 1, 1000 * MS);
	talk(3, 1 << 2, 1000 * MS);
	g_assert_cmpuint(heard(), ==, 7);
	talk(3, 1 << 3, 100 * MS);
	g_assert_cmpuint(heard(), ==, 2 | 4 | 8);
	/* A smaller N keeps who speaks. */
	talk(1, 1 << 3, 20 * MS);
	g_assert_cmpuint(heard(), ==, 8);
	/* A larger one takes who spoke last. */
	talk(2, 1 << 3, 20 * MS);
	g_assert_cmpuint(heard(), ==, 4 | 8);
}

static void priority_wins_ties(void)
{
	begin();
	track[4].priority = 1;
	/* Both begin at once. */
	talk(1, 1 << 1 | 1 << 4, 100 * MS);
	g_assert_cmpuint(heard(), ==, 1 << 4);
	/* Nobody of less importance speaks over it ... */
	talk(1, 1 << 1 | 1 << 4, 2000 * MS);
	g_assert_cmpuint(heard(), ==, 1 << 4);
	/* ... but gets the place when it is silent, and loses it at once when it is not. */
	talk(1, 1 << 1, 200 * MS);
	g_assert_cmpuint(heard(), ==, 1 << 1);
	g_assert_cmpint(clipped_us(1, 1 << 1 | 1 << 4, 4), <=, 40 * MS);
	changes = 0;
	talk(1, 1 << 1 | 1 << 4, 5000 * MS);
	g_assert_cmpuint(changes, ==, 0);
}

static void all_are_heard_when_there_are_places(void)
{
	begin();
	talk(PEOPLE + 3, 0, 20 * MS);
	g_assert_cmpuint(heard(), ==, (1u << PEOPLE) - 1);
	g_assert_false(lastn_choose(track, 0, 3, now_us));
}

static void the_budget_says_how_many(void)
{
	/* 60 ms with RED1 and 60 ms without, of 16 kbit/s. */
	g_assert_cmpuint(lastn_count(60000, 41700, 25100, 0), ==, 1);
	g_assert_cmpuint(lastn_count(20000, 41700, 25100, 0), ==, 1);
	/* 66.8 kbit/s for two: with 15 % of room to get it, without to keep it. */
	g_assert_cmpuint(lastn_count(76000, 41700, 25100, 1), ==, 1);
	g_assert_cmpuint(lastn_count(77000, 41700, 25100, 1), ==, 2);
	g_assert_cmpuint(lastn_count(67000, 41700, 25100, 2), ==, 2);
	g_assert_cmpuint(lastn_count(66000, 41700, 25100, 2), ==, 1);
	g_assert_cmpuint(lastn_count(UINT32_MAX, 1, 0, 0), ==, LASTN_MAX);
}

/* As when there is room for one more at the end of a turn. */
static void who_got_in_on_silence_holds_no_place(void)
{
	begin();
	talk(1, 1u << 0, 1000 * MS);
	talk(0, 0, 80 * MS);
	talk(1, 0, 20 * MS);
	g_assert_cmpuint(heard(), ==, 1u << 0);
	g_assert_true(level[0].is_speaking);
	g_assert_cmpint(clipped_us(1, 1u << 1, 1), <=, 60 * MS);
}

#define ADD(name) g_test_add_func("/lastn/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(there_are_never_more_than_n);
	ADD(a_new_speaker_is_clipped_by_60_ms_at_most);
	ADD(silence_moves_nobody);
	ADD(who_speaks_on_keeps_the_place);
	ADD(two_who_argue_do_not_flap);
	ADD(the_longest_silent_gives_way);
	ADD(priority_wins_ties);
	ADD(all_are_heard_when_there_are_places);
	ADD(who_got_in_on_silence_holds_no_place);
	ADD(the_budget_says_how_many);
	return g_test_run();
}
