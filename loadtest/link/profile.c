/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/link/profile.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "loadtest/link/trace.h"

/* Seconds of JSON up to 30 years; ms up to a day; rates and bytes up to 1e11. */
#define MAX_S	 1e9
#define MAX_MS	 86400000.0
#define MAX_RATE 1e11

/* What a parse is about and where its first complaint goes. */
struct reader {
	char *error;
	size_t error_size;
	const char *place; /* "down", "up" or the whole */
	bool is_bad;
};

static void complain(struct reader *reader, const char *key, const char *why)
{
	if (!reader->is_bad)
		g_snprintf(reader->error, reader->error_size, "%s: %s: %s", reader->place, key,
			   why);
	reader->is_bad = true;
}

/* A number in [least, most], or absent: fallback. */
static double number(struct reader *reader, const json_t *object, const char *key, double most,
		     double fallback)
{
	const json_t *value = json_object_get(object, key);
	double v = json_number_value(value);

	if (!value)
		return fallback;
	if (!json_is_number(value) || !isfinite(v) || v < 0 || v > most) {
		complain(reader, key, "not a number in range");
		return fallback;
	}
	return v;
}

static int64_t to_ns(double s)
{
	return llround(s * 1e9);
}

static void only_known(struct reader *reader, json_t *object, const char *const *known)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		if (!g_strv_contains(known, key))
			complain(reader, key, "unknown");
	}
}

/* --- traces ------------------------------------------------------------------------------ */

/* Values are multiplied by unit; [least, most] is before that. */
struct trace_kind {
	double least;
	double most;
	double unit;
};

static const struct trace_kind rate_kind = {0, MAX_RATE, 1};
static const struct trace_kind delay_kind = {-MAX_MS, MAX_MS, 1e6};

static bool read_step(const struct trace_kind *kind, const json_t *pair, struct link_step *step)
{
	const json_t *s = json_array_get(pair, 0);
	const json_t *v = json_array_get(pair, 1);
	double value = json_number_value(v);

	if (json_array_size(pair) != 2 || !json_is_number(s) || !json_is_number(v))
		return false;
	if (!(json_number_value(s) >= 0 && json_number_value(s) <= MAX_S) ||
	    !(value >= kind->least && value <= kind->most))
		return false;
	*step = (struct link_step){to_ns(json_number_value(s)), llround(value * kind->unit)};
	return true;
}

static void read_trace(struct reader *reader, const json_t *value, const char *key,
		       const struct trace_kind *kind, struct link_trace *trace)
{
	size_t count = json_array_size(value);
	struct link_step *steps;

	if (count == 0 || count > TRACE_MAX_STEPS) {
		complain(reader, key, "neither a number nor a list of [seconds, value]");
		return;
	}
	steps = g_new0(struct link_step, count);
	trace->steps = steps;
	trace->count = count;
	for (size_t i = 0; i < count; i++)
		if (!read_step(kind, json_array_get(value, i), &steps[i])) {
			complain(reader, key, "holds something else than [seconds, value]");
			return;
		}
}

static void read_rate(struct reader *reader, const json_t *object, struct profile_direction *way)
{
	const json_t *rate = json_object_get(object, "rate_bps");
	const json_t *file = json_object_get(object, "rate_file");
	struct link_step *steps;

	way->rate_loop_ns = to_ns(number(reader, object, "rate_loop_s", MAX_S, 0));
	if (file) {
		const char *name = json_string_value(file);

		if (!name || !*name || strchr(name, '/') || rate)
			complain(reader, "rate_file", "not the name of a file in the same folder");
		else
			way->rate_file = g_strdup(name);
		return;
	}
	if (json_is_number(rate)) {
		steps = g_new0(struct link_step, 1);
		steps->value = llround(number(reader, object, "rate_bps", MAX_RATE, 0));
		way->config.rate = (struct link_trace){.steps = steps, .count = 1};
	} else if (rate) {
		read_trace(reader, rate, "rate_bps", &rate_kind, &way->config.rate);
		way->config.rate.loop_ns = way->rate_loop_ns;
	}
}

static void read_delay(struct reader *reader, const json_t *object, struct link_config *config)
{
	const json_t *trace = json_object_get(object, "delay_trace_ms");

	config->delay_ns = llround(number(reader, object, "delay_ms", MAX_MS, 0) * 1e6);
	config->jitter_ns = llround(number(reader, object, "jitter_ms", MAX_MS, 0) * 1e6);
	if (!trace)
		return;
	read_trace(reader, trace, "delay_trace_ms", &delay_kind, &config->delay);
	config->delay.loop_ns = to_ns(number(reader, object, "delay_loop_s", MAX_S, 0));
}

/* --- spans of time ----------------------------------------------------------------------- */

/* {"at_s", "for_s", "every_s", ...}: when it begins, how long it is, and after how long again. */
struct span {
	int64_t begin_ns;
	int64_t end_ns;
	int64_t every_ns; /* 0: once */
};

static struct span read_span(struct reader *reader, const json_t *object, const char *key)
{
	double at = number(reader, object, "at_s", MAX_S, -1);
	double span = number(reader, object, "for_s", MAX_S, -1);

	if (at < 0 || span < 0)
		complain(reader, key, "wants at_s and for_s");
	return (struct span){to_ns(at), to_ns(at + span),
			     to_ns(number(reader, object, "every_s", MAX_S, 0))};
}

/* Reads one kind of span; append puts one occurrence into spans. */
struct span_kind {
	const char *key;
	const char *const *known;
	void (*append)(struct reader *reader, GArray *spans, const json_t *object, struct span at);
};

static void append_outage(struct reader *reader, GArray *spans, const json_t *object,
			  struct span at)
{
	const char *kind = json_string_value(json_object_get(object, "kind"));
	struct link_outage outage = {.begin_ns = at.begin_ns, .end_ns = at.end_ns};

	if (g_strcmp0(kind, "drop") == 0)
		outage.kind = LINK_OUTAGE_DROP;
	else if (g_strcmp0(kind, "hold") != 0)
		complain(reader, "outages", "kind is hold or drop");
	g_array_append_val(spans, outage);
}

static void append_window(struct reader *reader, GArray *spans, const json_t *object,
			  struct span at)
{
	struct link_loss_window window = {.begin_ns = at.begin_ns, .end_ns = at.end_ns};

	window.loss = number(reader, object, "loss", 1, 0);
	g_array_append_val(spans, window);
}

static gint by_begin(gconstpointer a, gconstpointer b)
{
	/* Both kinds of span begin with begin_ns. */
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

/* Those that repeat are written out until the profile's end. */
static GArray *read_spans(struct reader *reader, const json_t *list, const struct span_kind *kind,
			  guint size, int64_t duration_ns)
{
	GArray *spans = g_array_new(FALSE, TRUE, size);

	if (list && !json_is_array(list))
		complain(reader, kind->key, "not a list");
	for (size_t i = 0; i < json_array_size(list) && !reader->is_bad; i++) {
		json_t *object = json_array_get(list, i);
		struct span at = read_span(reader, object, kind->key);

		only_known(reader, object, kind->known);
		while (!reader->is_bad) {
			if (spans->len >= PROFILE_MAX_SPANS)
				complain(reader, kind->key, "too many");
			kind->append(reader, spans, object, at);
			at.begin_ns += at.every_ns;
			at.end_ns += at.every_ns;
			if (at.every_ns == 0 || at.begin_ns >= duration_ns)
				break;
		}
	}
	g_array_sort(spans, by_begin);
	return spans;
}

static void read_all_spans(struct reader *reader, const json_t *object, struct link_config *config,
			   int64_t duration_ns)
{
	static const char *const outage_keys[] = {"at_s", "for_s", "every_s", "kind", NULL};
	static const char *const window_keys[] = {"at_s", "for_s", "every_s", "loss", NULL};
	static const struct span_kind outages = {"outages", outage_keys, append_outage};
	static const struct span_kind windows = {"loss_windows", window_keys, append_window};
	GArray *spans;

	spans = read_spans(reader, json_object_get(object, outages.key), &outages,
			   sizeof(struct link_outage), duration_ns);
	config->outage_count = spans->len;
	config->outages = (struct link_outage *)(void *)g_array_free(spans, FALSE);
	spans = read_spans(reader, json_object_get(object, windows.key), &windows,
			   sizeof(struct link_loss_window), duration_ns);
	config->window_count = spans->len;
	config->windows = (struct link_loss_window *)(void *)g_array_free(spans, FALSE);
}

/* --- the rest of a direction ------------------------------------------------------------- */

static void read_loss(struct reader *reader, json_t *object, struct link_config *config)
{
	static const char *const known[] = {"p_bad", "p_good", "loss_good", "loss_bad", NULL};
	json_t *ge = json_object_get(object, "gilbert_elliott");

	config->loss = number(reader, object, "loss", 1, 0);
	if (!ge)
		return;
	if (!json_is_object(ge))
		complain(reader, "gilbert_elliott", "not an object");
	only_known(reader, ge, known);
	config->ge_p_bad = number(reader, ge, "p_bad", 1, 0);
	config->ge_p_good = number(reader, ge, "p_good", 1, 0);
	config->ge_loss_good = number(reader, ge, "loss_good", 1, 0);
	config->ge_loss_bad = number(reader, ge, "loss_bad", 1, 1);
}

static void read_queue(struct reader *reader, const json_t *object, struct link_config *config)
{
	const char *framing = json_string_value(json_object_get(object, "framing"));
	const char *aqm = json_string_value(json_object_get(object, "aqm"));

	config->queue_bytes = llround(number(reader, object, "queue_bytes", MAX_RATE, 0));
	config->queue_ns = llround(number(reader, object, "queue_ms", MAX_MS, 0) * 1e6);
	if (json_object_get(object, "framing") && g_strcmp0(framing, "ip") != 0 &&
	    g_strcmp0(framing, "atm") != 0)
		complain(reader, "framing", "neither ip nor atm");
	if (json_object_get(object, "aqm") && g_strcmp0(aqm, "codel") != 0)
		complain(reader, "aqm", "not codel");
	config->framing = g_strcmp0(framing, "atm") == 0 ? LINK_FRAMING_ATM : LINK_FRAMING_IP;
	config->has_codel = aqm != NULL;
}

static void read_stated(struct reader *reader, json_t *object, struct profile_stated *stated)
{
	static const char *const known[] = {"mean_bps", "share_below_300k", "longest_gap_s", NULL};
	json_t *value = json_object_get(object, "stated");

	if (value && !json_is_object(value))
		complain(reader, "stated", "not an object");
	only_known(reader, value, known);
	stated->mean_bps = number(reader, value, "mean_bps", MAX_RATE, -1);
	stated->share_below_300k = number(reader, value, "share_below_300k", 1, -1);
	stated->longest_gap_s = number(reader, value, "longest_gap_s", MAX_S, -1);
}

static void read_direction(struct reader *reader, json_t *object, struct profile_direction *way,
			   int64_t duration_ns)
{
	static const char *const known[] = {
		"rate_bps",	"rate_file", "rate_loop_s",	"framing",   "queue_bytes",
		"queue_ms",	"aqm",	     "delay_ms",	"jitter_ms", "delay_trace_ms",
		"delay_loop_s", "loss",	     "gilbert_elliott", "outages",   "loss_windows",
		"stated",	NULL};

	if (!json_is_object(object)) {
		complain(reader, "direction", "missing");
		return;
	}
	only_known(reader, object, known);
	read_rate(reader, object, way);
	read_delay(reader, object, &way->config);
	read_queue(reader, object, &way->config);
	read_loss(reader, object, &way->config);
	read_all_spans(reader, object, &way->config, duration_ns);
	read_stated(reader, object, &way->stated);
}

/* The link's own rules: order of steps and spans, ranges. */
static void check_links(struct reader *reader, const struct profile *profile)
{
	for (enum profile_way way = 0; way < PROFILE_WAYS && !reader->is_bad; way++) {
		struct link *link = NULL;

		if (profile_link(&link, profile, way, 0, 0) < 0)
			complain(reader, way == PROFILE_DOWN ? "down" : "up",
				 "steps or outages overlap or are out of order");
		link_free(link);
	}
}

static void read_profile(struct reader *reader, json_t *root, struct profile *profile)
{
	static const char *const known[] = {"name",	  "about", "source", "duration_s",
					    "blocks_udp", "down",  "up",     NULL};
	const char *name = json_string_value(json_object_get(root, "name"));

	only_known(reader, root, known);
	if (!name)
		complain(reader, "name", "missing");
	profile->name = g_strdup(name ? name : "");
	profile->blocks_udp = json_is_true(json_object_get(root, "blocks_udp"));
	profile->duration_ns = to_ns(number(reader, root, "duration_s", MAX_S, 0));
	if (profile->duration_ns <= 0)
		complain(reader, "duration_s", "missing");
	reader->place = "down";
	read_direction(reader, json_object_get(root, "down"), &profile->way[PROFILE_DOWN],
		       profile->duration_ns);
	reader->place = "up";
	read_direction(reader, json_object_get(root, "up"), &profile->way[PROFILE_UP],
		       profile->duration_ns);
	reader->place = "profile";
	check_links(reader, profile);
}

int profile_parse(struct profile **out, const char *text, size_t len, char *error,
		  size_t error_size)
{
	struct reader reader = {.error = error, .error_size = error_size, .place = "profile"};
	struct profile *profile;
	json_error_t where;
	json_t *root;

	if (len > PROFILE_MAX_BYTES) {
		complain(&reader, "text", "too long");
		return -EBADMSG;
	}
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &where);
	if (!json_is_object(root)) {
		json_decref(root);
		g_snprintf(error, error_size, "line %d: %s", where.line,
			   root ? "not an object" : where.text);
		return -EBADMSG;
	}
	profile = g_new0(struct profile, 1);
	read_profile(&reader, root, profile);
	json_decref(root);
	if (reader.is_bad) {
		profile_free(profile);
		return -EBADMSG;
	}
	*out = profile;
	return 0;
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	for (enum profile_way way = 0; way < PROFILE_WAYS; way++) {
		struct profile_direction *direction = &profile->way[way];

		/* All were allocated here; a config only borrows, hence const. */
		g_free((void *)direction->config.rate.steps);
		g_free((void *)direction->config.delay.steps);
		g_free((void *)direction->config.outages);
		g_free((void *)direction->config.windows);
		g_free(direction->rate_file);
	}
	g_free(profile->name);
	g_free(profile);
}

int profile_link(struct link **out, const struct profile *profile, enum profile_way way,
		 uint64_t seed, int64_t start_ns)
{
	struct link_config config = profile->way[way].config;

	config.start_ns = start_ns;
	/* Far apart, so that no seed's up is another seed's down. */
	return link_new(out, &config, seed * 2 + way + 0x9fb21c651e98df25u);
}
