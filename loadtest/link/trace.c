/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/link/trace.h"

#include <errno.h>
#include <glib.h>
#include <math.h>
#include <string.h>

#define OPPORTUNITY_BITS (1500 * 8)
#define BIN_MS		 20
/* Above this a rate is a mistake (link_new() takes no more). */
#define MAX_RATE_BPS 100000000000.0

/* A line of text without its end; copied so that it ends with a NUL. */
struct line {
	char text[64];
};

/* The next line at *at: 1, 0 at the end, -EBADMSG when it is too long for a line of a trace. */
static int next_line(struct line *line, const char *text, size_t len, size_t *at)
{
	const char *begin = text + *at;
	size_t left = len - *at;
	const char *end;
	size_t size;

	if (left == 0)
		return 0;
	end = memchr(begin, '\n', left);
	size = end ? (size_t)(end - begin) : left;
	*at += end ? size + 1 : size;
	if (begin[0] == '#')
		size = 0;
	if (size >= sizeof(line->text) || memchr(begin, '\0', size))
		return -EBADMSG;
	memcpy(line->text, begin, size);
	line->text[size] = '\0';
	g_strstrip(line->text);
	return 1;
}

static int add_step(GArray *steps, int64_t at_ns, int64_t value)
{
	const struct link_step step = {at_ns, value};

	if (steps->len > 0 && g_array_index(steps, struct link_step, steps->len - 1).value == value)
		return 0;
	if (steps->len >= TRACE_MAX_STEPS)
		return -EBADMSG;
	g_array_append_val(steps, step);
	return 0;
}

static int finish(struct link_trace *out, GArray *steps, int64_t loop_ns, int rc)
{
	if (rc < 0 || steps->len == 0) {
		g_array_free(steps, TRUE);
		return -EBADMSG;
	}
	out->loop_ns = loop_ns;
	out->count = steps->len;
	out->steps = (struct link_step *)(void *)g_array_free(steps, FALSE);
	return 0;
}

/* Chances counted since the bin's begin. */
struct bins {
	GArray *steps;
	int64_t begin_ms;
	int64_t count;
	int64_t last_ms;
};

static int close_bin(struct bins *bins, int64_t end_ms)
{
	int64_t bps = bins->count * OPPORTUNITY_BITS * 1000 / (end_ms - bins->begin_ms);

	if ((double)bps > MAX_RATE_BPS ||
	    add_step(bins->steps, bins->begin_ms * LINK_MS_NS, bps) < 0)
		return -EBADMSG;
	bins->begin_ms = end_ms;
	bins->count = 0;
	return 0;
}

static int count_chance(struct bins *bins, const char *text)
{
	guint64 ms;

	if (text[0] == '\0')
		return 0;
	if (!g_ascii_string_to_unsigned(text, 10, 0, TRACE_MAX_MS, &ms, NULL) ||
	    (int64_t)ms < bins->last_ms)
		return -EBADMSG;
	bins->last_ms = (int64_t)ms;
	while (bins->last_ms > bins->begin_ms + BIN_MS)
		if (close_bin(bins, bins->begin_ms + BIN_MS) < 0)
			return -EBADMSG;
	bins->count++;
	return 0;
}

int trace_parse_mahimahi(struct link_trace *out, const char *text, size_t len)
{
	struct bins bins = {.steps = g_array_new(FALSE, FALSE, sizeof(struct link_step))};
	struct line line;
	size_t at = 0;
	int rc;

	while ((rc = next_line(&line, text, len, &at)) > 0) {
		rc = count_chance(&bins, line.text);
		if (rc < 0)
			break;
	}
	if (rc == 0)
		rc = bins.last_ms > bins.begin_ms ? close_bin(&bins, bins.last_ms) : -EBADMSG;
	return finish(out, bins.steps, bins.last_ms * LINK_MS_NS, rc);
}

/* The number at *text, which is moved behind it and the comma or end that must follow. */
static bool take_number(const char **text, char end, double most, double *out)
{
	char *rest;

	*out = g_ascii_strtod(*text, &rest);
	if (rest == *text || *rest != end || !isfinite(*out) || *out < 0 || *out > most)
		return false;
	*text = end ? rest + 1 : rest;
	return true;
}

static int add_row(GArray *steps, const char *text, double *last_s)
{
	double s;
	double bps;

	if (!take_number(&text, ',', TRACE_MAX_MS / 1000.0, &s) ||
	    !take_number(&text, '\0', MAX_RATE_BPS, &bps))
		return -EBADMSG;
	if (*last_s < 0 ? s != 0 : llround(s * 1e9) <= llround(*last_s * 1e9))
		return -EBADMSG;
	*last_s = s;
	return add_step(steps, llround(s * 1e9), llround(bps));
}

int trace_parse_csv(struct link_trace *out, const char *text, size_t len)
{
	GArray *steps = g_array_new(FALSE, FALSE, sizeof(struct link_step));
	bool may_be_heading = true;
	double last_s = -1;
	struct line line;
	size_t at = 0;
	int rc;

	while ((rc = next_line(&line, text, len, &at)) > 0) {
		if (line.text[0] == '\0')
			continue;
		if (!may_be_heading || !g_ascii_isalpha(line.text[0]))
			rc = add_row(steps, line.text, &last_s);
		may_be_heading = false;
		if (rc < 0)
			break;
	}
	return finish(out, steps, 0, rc);
}
