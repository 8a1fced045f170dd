/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <string.h>

#include "media/route/demand.h"

/* Everybody's own: nobody has two tracks of a kind here. */
static uint32_t owners[LIMIT_ROOM_TRACKS];

/* Steps of one transport's slots: '.' an empty slot, a letter the track shown ('a' is number 0).
 * The allowed set is the same for all slots. */
struct step {
	const char *shown;
	const char *allowed;
	size_t tracks;
	const char *expected;
	size_t wanted;
};

static const struct step steps[] = {
	{"..", "ab", 2, "ab", 2},     /* in order */
	{"..", "abc", 3, "ab", 3},    /* more tracks than slots */
	{"....", "ab", 2, "ab..", 2}, /* more slots than tracks */
	{"b.", "ab", 2, "ba", 2},     /* what is shown stays */
	{"a.c", "abcd", 4, "abc", 4}, /* a free slot in the middle */
	{"ab", "b", 2, ".b", 1},      /* 'a' may not be shown any more, 'b' stays in place */
	{"..", "b", 2, "b.", 1},      /* a track without a codec in common is passed over */
	{"..", "", 2, "..", 0},	      {"", "ab", 2, "", 0},
};

static void fill(struct demand_slot *slots, const struct step *step)
{
	for (size_t i = 0; step->shown[i]; i++) {
		slots[i] = (struct demand_slot){.shown = DEMAND_NONE};
		if (step->shown[i] != '.')
			slots[i].shown = step->shown[i] - 'a';
		for (const char *a = step->allowed; *a; a++)
			demand_allow(&slots[i], (size_t)(*a - 'a'));
	}
}

static void slots_fill_in_order_and_stay(void)
{
	for (size_t s = 0; s < G_N_ELEMENTS(steps); s++) {
		const struct step *step = &steps[s];
		size_t count = strlen(step->shown);
		struct demand_slot slots[8];

		fill(slots, step);
		demand_assign(slots, count, owners, step->tracks);
		for (size_t i = 0; i < count; i++)
			g_assert_cmpint(slots[i].shown, ==,
					step->expected[i] == '.' ? DEMAND_NONE
								 : step->expected[i] - 'a');
		g_assert_cmpuint(demand_wanted(slots, count, step->tracks), ==, step->wanted);
	}
}

static void slots_differ_in_what_they_may_show(void)
{
	struct demand_slot slots[2] = {{.shown = DEMAND_NONE}, {.shown = DEMAND_NONE}};

	/* Track 0 fits the second slot alone. */
	demand_allow(&slots[0], 1);
	demand_allow(&slots[1], 0);
	demand_allow(&slots[1], 1);
	demand_assign(slots, 2, owners, 2);
	g_assert_cmpint(slots[0].shown, ==, 1);
	g_assert_cmpint(slots[1].shown, ==, 0);
}

/* Slots with the partner given ('.' nobody); track 'a' belongs to owner 'a' and so on. */
static void voices_go_beside_their_faces(void)
{
	static const struct {
		const char *shown;
		const char *partners;
		const char *expected;
		size_t tracks;
	} cases[] = {
		{"...", ".a.", ".a.", 1}, /* beside oneself */
		{"...", "b..", "ba.", 2}, /* not beside somebody else while there is room */
		{"..", "b.", "ba", 2},	  /* the other's place is kept for the other */
		{"..", "zz", "ab", 2},	  /* beside anyone rather than nowhere */
		{"a..", "ba.", "a.b", 2}, /* what is shown stays, also in the wrong place */
	};

	for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
		size_t count = strlen(cases[c].shown);
		struct demand_slot slots[8];

		for (size_t i = 0; i < count; i++) {
			char shown = cases[c].shown[i];
			char partner = cases[c].partners[i];

			slots[i] = (struct demand_slot){
				.shown = shown == '.' ? DEMAND_NONE : shown - 'a',
				.partner = partner == '.' ? 0 : (uint32_t)(partner - 'a') + 1,
			};
			for (size_t t = 0; t < cases[c].tracks; t++)
				demand_allow(&slots[i], t);
		}
		demand_assign(slots, count, owners, cases[c].tracks);
		for (size_t i = 0; i < count; i++) {
			char expected = cases[c].expected[i];

			g_assert_cmpint(slots[i].shown, ==,
					expected == '.' ? DEMAND_NONE : expected - 'a');
		}
	}
}

static void the_last_track_of_a_full_room_counts(void)
{
	struct demand_slot slot = {.shown = DEMAND_NONE};

	demand_allow(&slot, LIMIT_ROOM_TRACKS - 1);
	demand_assign(&slot, 1, owners, LIMIT_ROOM_TRACKS);
	g_assert_cmpint(slot.shown, ==, LIMIT_ROOM_TRACKS - 1);
	g_assert_cmpuint(demand_wanted(&slot, 1, LIMIT_ROOM_TRACKS), ==, 1);
}

int main(int argc, char **argv)
{
	for (size_t i = 0; i < LIMIT_ROOM_TRACKS; i++)
		owners[i] = (uint32_t)i + 1;
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/demand/slots-fill-in-order-and-stay", slots_fill_in_order_and_stay);
	g_test_add_func("/demand/slots-differ-in-what-they-may-show",
			slots_differ_in_what_they_may_show);
	g_test_add_func("/demand/voices-go-beside-their-faces", voices_go_beside_their_faces);
	g_test_add_func("/demand/the-last-track-of-a-full-room-counts",
			the_last_track_of_a_full_room_counts);
	return g_test_run();
}
