/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/recall.h"

#include <glib.h>

#define NOW INT64_C(5000000)

static void what_was_measured_is_believed_in_part(void)
{
	struct recall *recall = g_new0(struct recall, 1);
	uint32_t down = 1, up = 1;

	recall_get(recall, NOW, "p1", &down, &up);
	g_assert_cmpuint(down, ==, 0);
	g_assert_cmpuint(up, ==, 0);
	recall_put(recall, NOW, "p1", 1000000, 300000);
	recall_put(recall, NOW, "p2", UINT32_MAX, 0);
	recall_get(recall, NOW + RECALL_US, "p1", &down, &up);
	g_assert_cmpuint(down, ==, 700000);
	g_assert_cmpuint(up, ==, 210000);
	recall_get(recall, NOW, "p2", &down, &up);
	g_assert_cmpuint(down, ==, 3006477106);
	g_assert_cmpuint(up, ==, 0);
	g_free(recall);
}

static void it_is_forgotten_after_ten_minutes(void)
{
	struct recall *recall = g_new0(struct recall, 1);
	uint32_t down, up;

	recall_put(recall, NOW, "p1", 1000000, 300000);
	recall_get(recall, NOW + RECALL_US + 1, "p1", &down, &up);
	g_assert_cmpuint(down, ==, 0);
	g_assert_cmpuint(up, ==, 0);
	g_free(recall);
}

static void the_last_word_counts_and_nothing_is_none(void)
{
	struct recall *recall = g_new0(struct recall, 1);
	uint32_t down, up;

	recall_put(recall, NOW, "p1", 1000000, 300000);
	recall_put(recall, NOW, "p1", 100000, 0);
	recall_put(recall, NOW, "p1", 0, 0);
	recall_get(recall, NOW, "p1", &down, &up);
	g_assert_cmpuint(down, ==, 70000);
	g_assert_cmpuint(up, ==, 0);
	g_free(recall);
}

static void the_oldest_gives_way(void)
{
	struct recall *recall = g_new0(struct recall, 1);
	uint32_t down, up;
	char id[LIMIT_ID_BYTES + 1];

	for (int i = 0; i <= RECALL_ENTRIES; i++) {
		g_snprintf(id, sizeof(id), "p%d", i);
		recall_put(recall, NOW + i, id, 1000, 0);
	}
	recall_get(recall, NOW, "p0", &down, &up);
	g_assert_cmpuint(down, ==, 0);
	recall_get(recall, NOW, "p1", &down, &up);
	g_assert_cmpuint(down, ==, 700);
	recall_get(recall, NOW, id, &down, &up);
	g_assert_cmpuint(down, ==, 700);
	g_free(recall);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/recall/what_was_measured_is_believed_in_part",
			what_was_measured_is_believed_in_part);
	g_test_add_func("/recall/it_is_forgotten_after_ten_minutes",
			it_is_forgotten_after_ten_minutes);
	g_test_add_func("/recall/the_last_word_counts_and_nothing_is_none",
			the_last_word_counts_and_nothing_is_none);
	g_test_add_func("/recall/the_oldest_gives_way", the_oldest_gives_way);
	return g_test_run();
}
