/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/page.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	PAGE_WIDTH = 900,
	PAGE_HEIGHT = 220,
	PAGE_LEFT = 70,
	PAGE_RIGHT = 30,
	PAGE_TOP = 10,
	PAGE_BOTTOM = 30,
	PAGE_LINES = 2,
};

static const char style[] =
	":root{color-scheme:light "
	"dark;--fg:#1b1f24;--bg:#fff;--soft:#57606a;--grid:#d0d7de;--a:#0550ae;"
	"--b:#953800;--bad:#a40e26}"
	"@media(prefers-color-scheme:dark){:root{--fg:#e6edf3;--bg:#0d1117;--soft:#9da7b1;--grid:#"
	"30363d;"
	"--a:#79c0ff;--b:#ffa657;--bad:#ff7b72}}"
	"body{font:16px/1.5 "
	"system-ui,sans-serif;color:var(--fg);background:var(--bg);max-width:60rem;"
	"margin:0 "
	"auto;padding:1rem}table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
	"th,td{padding:.2rem .8rem;border-bottom:1px solid "
	"var(--grid);text-align:left}td.n{text-align:"
	"right}svg{width:100%;height:auto}svg text{fill:var(--soft);font:12px system-ui,sans-serif}"
	".grid{stroke:var(--grid)}.l0,.l1{fill:none;stroke-width:1.5}.l0{stroke:var(--a)}.l1{"
	"stroke:"
	"var(--b)}.window{fill:var(--grid);opacity:.35}.void{color:var(--bad);font-weight:600}.k0{"
	"color:"
	"var(--a)}.k1{color:var(--b)}figure{margin:1.5rem "
	"0}.rows{display:grid;grid-template-columns:"
	"repeat(auto-fit,minmax(20rem,1fr));gap:1rem}caption{text-align:left;font-weight:600}";

static const struct plot {
	const char *title, *unit;
	const char *key[PAGE_LINES];
	const char *name[PAGE_LINES];
} plots[] = {
	{"Packets", "packets/s", {"sent_per_s", "delivered_per_s"}, {"sent", "delivered"}},
	{"Latency", "us", {"p50_us", "p99_us"}, {"median", "99 of 100"}},
	{"CPU", "% of a core", {"server_percent", "load_percent"}, {"server", "tester"}},
	{"People", "connections", {"connections", NULL}, {"connections", NULL}},
	{"Memory of the server", "MB", {"server_rss_mb", NULL}, {"resident", NULL}},
	{"Lost", "packets in this second", {"lost", NULL}, {"lost", NULL}},
};

/* --- tables ----------------------------------------------------------------------------------- */

static void put_text(GString *out, const char *text)
{
	char *safe = g_markup_escape_text(text ? text : "", -1);

	g_string_append(out, safe);
	g_free(safe);
}

static void put_value(GString *out, const json_t *value)
{
	if (json_is_string(value))
		put_text(out, json_string_value(value));
	else if (json_is_boolean(value))
		g_string_append(out, json_is_true(value) ? "yes" : "no");
	else if (json_is_integer(value))
		g_string_append_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_real(value))
		g_string_append_printf(out, "%.4g", json_real_value(value));
	else
		g_string_append(out, "&ndash;");
}

static void put_rows(GString *out, const char *prefix, const json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		char *name = g_strdup_printf("%s%s", prefix, key);

		if (json_is_object(value)) {
			char *inner = g_strdup_printf("%s ", name);

			put_rows(out, inner, value);
			g_free(inner);
		} else {
			g_string_append(out, "<tr><th>");
			put_text(out, name);
			g_string_append(out, "</th><td class=\"n\">");
			put_value(out, value);
			g_string_append(out, "</td></tr>\n");
		}
		g_free(name);
	}
}

static void put_tables(GString *out, const json_t *report)
{
	static const char *const sections[] = {"joins",	    "packets", "latency_us", "loss",
					       "integrity", "playout", "server",     "load"};

	g_string_append(out, "<div class=\"rows\">\n");
	for (size_t i = 0; i < G_N_ELEMENTS(sections); i++) {
		const json_t *section = json_object_get(report, sections[i]);

		if (!json_is_object(section))
			continue;
		g_string_append_printf(out, "<table><caption>%s</caption>\n", sections[i]);
		put_rows(out, "", section);
		g_string_append(out, "</table>\n");
	}
	g_string_append(out, "</div>\n");
}

/* --- plots ------------------------------------------------------------------------------------ */

struct scale {
	double x_max, y_max;
};

static double number_at(const json_t *seconds, size_t i, const char *key)
{
	return json_number_value(json_object_get(json_array_get(seconds, i), key));
}

/* 1, 2 or 5 times a power of ten above it. */
static double round_up(double value)
{
	double power;

	if (value <= 0)
		return 1;
	power = pow(10, floor(log10(value)));
	value /= power;
	return (value <= 1 ? 1 : value <= 2 ? 2 : value <= 5 ? 5 : 10) * power;
}

static struct scale scale_of(const json_t *seconds, const struct plot *plot)
{
	struct scale scale = {1, 0};

	for (size_t i = 0; i < json_array_size(seconds); i++) {
		scale.x_max = fmax(scale.x_max, number_at(seconds, i, "at_s"));
		for (size_t k = 0; k < PAGE_LINES && plot->key[k]; k++)
			scale.y_max = fmax(scale.y_max, number_at(seconds, i, plot->key[k]));
	}
	scale.y_max = round_up(scale.y_max);
	return scale;
}

static double x_of(const struct scale *scale, double at_s)
{
	return PAGE_LEFT + at_s / scale->x_max * (PAGE_WIDTH - PAGE_LEFT - PAGE_RIGHT);
}

static double y_of(const struct scale *scale, double value)
{
	return PAGE_HEIGHT - PAGE_BOTTOM -
	       value / scale->y_max * (PAGE_HEIGHT - PAGE_TOP - PAGE_BOTTOM);
}

static void put_grid(GString *out, const struct scale *scale)
{
	for (int i = 0; i <= 4; i++) {
		double value = scale->y_max * i / 4;

		g_string_append_printf(
			out,
			"<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
			"<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.7g</text>\n",
			PAGE_LEFT, PAGE_WIDTH - PAGE_RIGHT, y_of(scale, value), y_of(scale, value),
			PAGE_LEFT - 6, y_of(scale, value) + 4, value);
		g_string_append_printf(
			out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.4g s</text>\n",
			x_of(scale, scale->x_max * i / 4), PAGE_HEIGHT - 8, scale->x_max * i / 4);
	}
}

/* The seconds that count lie on a darker ground. */
static void put_window(GString *out, const struct scale *scale, const json_t *seconds)
{
	double from = -1, to = -1;

	for (size_t i = 0; i < json_array_size(seconds); i++) {
		if (!json_is_true(json_object_get(json_array_get(seconds, i), "measured")))
			continue;
		from = from < 0 ? number_at(seconds, i, "at_s") : from;
		to = number_at(seconds, i, "at_s");
	}
	if (to > from)
		g_string_append_printf(out,
				       "<rect class=\"window\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" "
				       "height=\"%d\"/>\n",
				       x_of(scale, from), PAGE_TOP,
				       x_of(scale, to) - x_of(scale, from),
				       PAGE_HEIGHT - PAGE_TOP - PAGE_BOTTOM);
}

static void put_plot(GString *out, const json_t *seconds, const struct plot *plot)
{
	struct scale scale = scale_of(seconds, plot);

	g_string_append_printf(out, "<figure><figcaption><b>%s</b>, %s:", plot->title, plot->unit);
	for (size_t k = 0; k < PAGE_LINES && plot->key[k]; k++)
		g_string_append_printf(out, " <span class=\"k%zu\">%s</span>", k, plot->name[k]);
	g_string_append_printf(out, "</figcaption>\n<svg viewBox=\"0 0 %d %d\" role=\"img\">\n",
			       PAGE_WIDTH, PAGE_HEIGHT);
	put_window(out, &scale, seconds);
	put_grid(out, &scale);
	for (size_t k = 0; k < PAGE_LINES && plot->key[k]; k++) {
		g_string_append_printf(out, "<polyline class=\"l%zu\" points=\"", k);
		for (size_t i = 0; i < json_array_size(seconds); i++)
			g_string_append_printf(out, "%.1f,%.1f ",
					       x_of(&scale, number_at(seconds, i, "at_s")),
					       y_of(&scale, number_at(seconds, i, plot->key[k])));
		g_string_append(out, "\"/>\n");
	}
	g_string_append(out, "</svg></figure>\n");
}

/* --- the whole -------------------------------------------------------------------------------- */

static void put_head(GString *out, const json_t *report)
{
	const json_t *profile = json_object_get(report, "profile");
	const json_t *why = json_object_get(report, "void_because");

	g_string_append_printf(out,
			       "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
			       "<meta name=\"viewport\" content=\"width=device-width\">"
			       "<title>vidd-load</title><style>%s</style>\n<h1>",
			       style);
	put_text(out, json_string_value(json_object_get(profile, "name")));
	g_string_append(out, ", ");
	put_text(out, json_string_value(json_object_get(report, "driver")));
	g_string_append_printf(out,
			       "</h1>\n<p>%" JSON_INTEGER_FORMAT " people, %" JSON_INTEGER_FORMAT
			       " connections; a window of %.4g s, seed %" JSON_INTEGER_FORMAT
			       ".</p>\n",
			       json_integer_value(json_object_get(report, "participants")),
			       json_integer_value(json_object_get(report, "connections")),
			       json_number_value(json_object_get(report, "window_s")),
			       json_integer_value(json_object_get(report, "seed")));
	for (size_t i = 0; i < json_array_size(why); i++) {
		g_string_append(out, "<p class=\"void\">Void: ");
		put_text(out, json_string_value(json_array_get(why, i)));
		g_string_append(out, ".</p>\n");
	}
}

char *page_html(const json_t *report)
{
	const json_t *seconds = json_object_get(report, "seconds");
	GString *out = g_string_new(NULL);

	put_head(out, report);
	for (size_t i = 0; i < G_N_ELEMENTS(plots); i++)
		put_plot(out, seconds, &plots[i]);
	put_tables(out, report);
	g_string_append(out, "</html>\n");
	return g_string_free(out, FALSE);
}
