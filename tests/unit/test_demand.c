/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <string.h>

#include "media/route/demand.h"

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
		demand_assign(slots, count, step->tracks);
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
	demand_assign(slots, 2, 2);
	g_assert_cmpint(slots[0].shown, ==, 1);
	g_assert_cmpint(slots[1].shown, ==, 0);
}

static void the_last_track_of_a_full_room_counts(void)
{
	struct demand_slot slot = {.shown = DEMAND_NONE};

	demand_allow(&slot, LIMIT_ROOM_TRACKS - 1);
	demand_assign(&slot, 1, LIMIT_ROOM_TRACKS);
	g_assert_cmpint(slot.shown, ==, LIMIT_ROOM_TRACKS - 1);
	g_assert_cmpuint(demand_wanted(&slot, 1, LIMIT_ROOM_TRACKS), ==, 1);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/demand/slots-fill-in-order-and-stay", slots_fill_in_order_and_stay);
	g_test_add_func("/demand/slots-differ-in-what-they-may-show",
			slots_differ_in_what_they_may_show);
	g_test_add_func("/demand/the-last-track-of-a-full-room-counts",
			the_last_track_of_a_full_room_counts);
	return g_test_run();
}
