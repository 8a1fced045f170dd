/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/linkem/report.h"

#include <glib.h>
#include <jansson.h>
#include <math.h>

/* One direction of one pair. */
struct way_report {
	uint64_t packets[RECORD_OUTCOMES];
	uint64_t bytes[RECORD_OUTCOMES];
	GArray *bins;	  /* uint64_t: bytes delivered per 200 ms since t = 0 */
	GArray *queue_us; /* uint32_t, of every packet delivered since t = 0 */
};

struct report {
	int64_t start_ns; /* of the first packet, until RECORD_START tells */
	bool has_begun;
	GPtrArray *ways;     /* pair * 2 + way */
	GArray *lateness_us; /* uint32_t */
};

static void free_way(gpointer data)
{
	struct way_report *way = data;

	g_array_free(way->bins, TRUE);
	g_array_free(way->queue_us, TRUE);
	g_free(way);
}

struct report *report_new(void)
{
	struct report *report = g_new0(struct report, 1);

	report->ways = g_ptr_array_new_with_free_func(free_way);
	report->lateness_us = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	return report;
}

void report_free(struct report *report)
{
	if (!report)
		return;
	g_ptr_array_free(report->ways, TRUE);
	g_array_free(report->lateness_us, TRUE);
	g_free(report);
}

static struct way_report *way_of(struct report *report, const struct record *record)
{
	guint index = record->pair * 2u + record->way;

	while (report->ways->len <= (index | 1)) {
		struct way_report *way = g_new0(struct way_report, 1);

		way->bins = g_array_new(FALSE, TRUE, sizeof(uint64_t));
		way->queue_us = g_array_new(FALSE, FALSE, sizeof(uint32_t));
		g_ptr_array_add(report->ways, way);
	}
	return g_ptr_array_index(report->ways, index);
}

static void add_value(GArray *values, uint32_t value)
{
	if (values->len < REPORT_MAX_PACKETS)
		g_array_append_val(values, value);
}

/* t = 0: what was counted before is the gate's time and no part of the run. */
static void begin(struct report *report, int64_t start_ns)
{
	report->start_ns = start_ns;
	g_ptr_array_set_size(report->ways, 0);
	g_array_set_size(report->lateness_us, 0);
}

static void add_delivered(struct report *report, struct way_report *way,
			  const struct record *record)
{
	uint64_t late = record->out_ns > record->due_ns
				? (uint64_t)record->out_ns - (uint64_t)record->due_ns
				: 0;
	uint64_t bin = ((uint64_t)record->out_ns - (uint64_t)report->start_ns) /
		       (REPORT_BIN_MS * LINK_MS_NS);

	add_value(report->lateness_us, (uint32_t)MIN(late / 1000, UINT32_MAX));
	add_value(way->queue_us, record->queue_us);
	if (record->out_ns < report->start_ns || bin >= REPORT_MAX_BINS)
		return;
	if (way->bins->len <= bin)
		g_array_set_size(way->bins, (guint)bin + 1);
	g_array_index(way->bins, uint64_t, bin) += record->bytes;
}

void report_add(struct report *report, const struct record *record)
{
	struct way_report *way;

	if (record->outcome == RECORD_START) {
		begin(report, record->in_ns);
		report->has_begun = true;
		return;
	}
	if (!report->has_begun) {
		report->start_ns = record->in_ns;
		report->has_begun = true;
	}
	way = way_of(report, record);
	way->packets[record->outcome]++;
	way->bytes[record->outcome] += record->bytes;
	if (record->outcome == LINK_DELIVERED)
		add_delivered(report, way, record);
}

static gint by_value(gconstpointer a, gconstpointer b)
{
	const uint32_t *x = a;
	const uint32_t *y = b;

	return (*x > *y) - (*x < *y);
}

/* The value that this share of them does not exceed; values are sorted and some. */
static uint32_t quantile(const GArray *values, double share)
{
	/* The nearest rank; 0.999 * 1000 must not become 1000. */
	guint rank = (guint)ceil(share * values->len - 1e-6);

	return g_array_index(values, uint32_t, rank > 0 ? rank - 1 : 0);
}

/* {"p50", "p99", ...} in units of 1000 us: ms. Null without values. */
static json_t *spread_json(GArray *values)
{
	if (values->len == 0)
		return json_null();
	g_array_sort(values, by_value);
	return json_pack("{s:f, s:f, s:f, s:f, s:f}", "p50", quantile(values, 0.5) / 1e3, "p95",
			 quantile(values, 0.95) / 1e3, "p99", quantile(values, 0.99) / 1e3, "p999",
			 quantile(values, 0.999) / 1e3, "max", quantile(values, 1) / 1e3);
}

static json_t *way_json(struct way_report *way, bool has_series)
{
	json_t *json = json_object();
	json_t *packets = json_object();
	json_t *bytes = json_object();

	for (unsigned i = 0; i < RECORD_START; i++) {
		if (way->packets[i] == 0 && i != LINK_DELIVERED)
			continue;
		json_object_set_new(packets, record_outcome_name((uint8_t)i),
				    json_integer((json_int_t)way->packets[i]));
		json_object_set_new(bytes, record_outcome_name((uint8_t)i),
				    json_integer((json_int_t)way->bytes[i]));
	}
	json_object_set_new(json, "packets", packets);
	json_object_set_new(json, "bytes", bytes);
	json_object_set_new(json, "queue_ms", spread_json(way->queue_us));
	if (has_series) {
		json_t *series = json_array();

		for (guint i = 0; i < way->bins->len; i++)
			json_array_append_new(series, json_integer((json_int_t)g_array_index(
							      way->bins, uint64_t, i)));
		json_object_set_new(json, "delivered_bytes_per_200_ms", series);
	}
	return json;
}

char *report_json(struct report *report, bool has_series)
{
	json_t *root = json_object();
	json_t *pairs = json_array();
	bool is_void;
	char *text;

	for (guint i = 0; i < report->ways->len; i += 2) {
		json_t *pair = json_object();

		json_object_set_new(pair, "down",
				    way_json(g_ptr_array_index(report->ways, i), has_series));
		json_object_set_new(pair, "up",
				    way_json(g_ptr_array_index(report->ways, i + 1), has_series));
		json_array_append_new(pairs, pair);
	}
	json_object_set_new(root, "lateness_ms", spread_json(report->lateness_us));
	is_void = report->lateness_us->len > 0 &&
		  quantile(report->lateness_us, 0.999) > REPORT_VOID_US;
	json_object_set_new(root, "void", json_boolean(is_void));
	json_object_set_new(root, "pairs", pairs);
	text = json_dumps(root, JSON_REAL_PRECISION(9));
	json_decref(root);
	return text;
}
