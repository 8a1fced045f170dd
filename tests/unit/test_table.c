/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/route/table.h"

static size_t count_of(const struct table *table, uint32_t hash)
{
	size_t count = 0;

	for (struct table_node *node = table_first(table, hash); node; node = table_next(node))
		count++;
	return count;
}

static void what_is_put_is_found_until_removed(void)
{
	static struct table_node nodes[1000];
	struct table table;

	g_assert_cmpint(table_init(&table, 10), ==, 0);
	for (uint32_t i = 0; i < 1000; i++)
		table_put(&table, &nodes[i], table_hash_id(i / 2));
	for (uint32_t i = 0; i < 1000; i += 2) {
		g_assert_cmpuint(count_of(&table, table_hash_id(i / 2)), ==, 2);
		/* The latest put comes first. */
		g_assert_true(table_first(&table, table_hash_id(i / 2)) == &nodes[i + 1]);
		table_remove(&table, &nodes[i + 1]);
		g_assert_true(table_first(&table, table_hash_id(i / 2)) == &nodes[i]);
		table_remove(&table, &nodes[i]);
		g_assert_null(table_first(&table, table_hash_id(i / 2)));
	}
	table_close(&table);
	table_close(&table);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/table/what-is-put-is-found-until-removed",
			what_is_put_is_found_until_removed);
	return g_test_run();
}
