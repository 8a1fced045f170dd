/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/statistics.h"

static struct statistics_row *row_at(GArray *rows, guint i)
{
	return &g_array_index(rows, struct statistics_row, i);
}

static bool is_small(int64_t value)
{
	return value > 0 && value < STATISTICS_LEAST;
}

/* The smallest that is told and not zero: a zero tells of nobody. */
static struct statistics_row *smallest_told(GArray *rows, guint first)
{
	struct statistics_row *found = NULL;

	for (guint i = first; i < rows->len; i++) {
		struct statistics_row *row = row_at(rows, i);

		if (row->value > 0 && (found == NULL || row->value < found->value))
			found = row;
	}
	return found;
}

void statistics_hide_parts(GArray *rows, guint first)
{
	struct statistics_row *other;
	int64_t whole = 0;
	guint hidden = 0;

	for (guint i = first; i < rows->len; i++)
		whole += row_at(rows, i)->value;
	for (guint i = first; i < rows->len; i++) {
		struct statistics_row *row = row_at(rows, i);

		if (!is_small(row->value) && !is_small(whole))
			continue;
		row->value = STATISTICS_HIDDEN;
		hidden++;
	}
	other = hidden == 1 ? smallest_told(rows, first) : NULL;
	if (other != NULL)
		other->value = STATISTICS_HIDDEN;
}

int64_t statistics_part(int64_t part, int64_t whole)
{
	if (is_small(part) || is_small(whole) || is_small(whole - part))
		return STATISTICS_HIDDEN;
	return part;
}

int64_t statistics_percent(int64_t part, int64_t whole)
{
	if (whole < STATISTICS_MANY || is_small(part) || is_small(whole - part))
		return STATISTICS_HIDDEN;
	return (part * 20 + whole / 2) / whole * 5;
}

static gint compare(gconstpointer a, gconstpointer b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* The value at `share` of ten of the way. */
static int64_t at_tenth(GArray *values, guint tenth, guint least)
{
	if (values->len < least)
		return STATISTICS_HIDDEN;
	g_array_sort(values, compare);
	return g_array_index(values, int64_t, (values->len - 1) * tenth / 10);
}

int64_t statistics_median(GArray *values)
{
	return at_tenth(values, 5, STATISTICS_LEAST);
}

int64_t statistics_p90(GArray *values)
{
	return at_tenth(values, 9, STATISTICS_MANY);
}
