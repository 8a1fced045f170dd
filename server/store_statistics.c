/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_statistics.h"

#include <string.h>

#include "server/store_db.h"
#include "signaling/names.h"

/* Questions and answers are words of our pages; a page that went astray does not fill a report. */
#define MAX_ANSWERS 500

/* As lists of visits have it: when it was planned, else made. */
#define OF_MONTH                                                                                   \
	" c.unit_id = ?1 AND CASE c.planned_unix_s WHEN 0 THEN c.created_unix_s"                   \
	" ELSE c.planned_unix_s END BETWEEN ?2 AND ?3"

struct report {
	struct store *store;
	const char *unit_id;
	const struct store_month *month;
	GArray *rows;
};

static struct db_query *ask(const struct report *r, const char *sql)
{
	struct db_query *q = db_query(store_db(r->store), sql);

	db_put_text(q, r->unit_id);
	db_put_int(q, r->month->from_unix_s);
	db_put_int(q, r->month->to_unix_s - 1);
	return q;
}

static struct statistics_row *add(const struct report *r, const char *section, const char *name,
				  int64_t value)
{
	struct statistics_row row = {.section = section, .value = value};

	g_strlcpy(row.month, r->month->text, sizeof(row.month));
	g_strlcpy(row.name, name, sizeof(row.name));
	g_array_append_val(r->rows, row);
	return &g_array_index(r->rows, struct statistics_row, r->rows->len - 1);
}

/* --- visits ----------------------------------------------------------------------------------- */

struct visits {
	int64_t booked, begun, ended, in_room, with_interpreter;
	int64_t outcome[OUTCOME_COUNT + 1]; /* the count: none was said */
	int64_t reason[OUTCOME_REASON_COUNT];
	GArray *late_min, *long_min;
	int64_t in_time; /* begun within five minutes */
};

static void count_outcome(struct visits *v, enum outcome outcome, enum outcome_reason reason)
{
	v->ended++;
	v->outcome[outcome]++;
	if (reason < OUTCOME_REASON_COUNT)
		v->reason[reason]++;
}

static void count_visit(struct visits *v, struct db_query *q)
{
	int64_t planned = db_int(q, 0), started = db_int(q, 1), ended = db_int(q, 2);

	v->booked++;
	v->in_room += db_int(q, 5) != 0;
	v->with_interpreter += db_int(q, 6) != 0;
	v->begun += started != 0;
	if (ended != 0)
		count_outcome(v, outcome_from_name(db_peek(q, 3)),
			      outcome_reason_from_name(db_peek(q, 4)));
	if (started != 0 && planned != 0) {
		int64_t late_min = MAX(started - planned, 0) / 60;

		g_array_append_val(v->late_min, late_min);
		v->in_time += late_min < 5;
	}
	if (started != 0 && ended > started) {
		int64_t long_min = (ended - started) / 60;

		g_array_append_val(v->long_min, long_min);
	}
}

static void put_parts(const struct report *r, const char *section, const struct names *names,
		      const int64_t *counts, const char *none)
{
	guint first = r->rows->len;

	for (size_t i = 0; i < names->count; i++)
		add(r, section, names->text[i], counts[i]);
	if (none != NULL)
		add(r, section, none, counts[names->count]);
	statistics_hide_parts(r->rows, first);
}

static void put_visits(const struct report *r, struct visits *v)
{
	add(r, "visits", "booked", statistics_part(v->booked, v->booked));
	add(r, "visits", "begun", statistics_part(v->begun, v->booked));
	add(r, "visits", "ended", statistics_part(v->ended, v->booked));
	add(r, "visits", "in-room", statistics_part(v->in_room, v->booked));
	add(r, "visits", "with-interpreter", statistics_part(v->with_interpreter, v->booked));
	put_parts(r, "outcome", &outcome_names, v->outcome, "none");
	put_parts(r, "physical-visit", &outcome_reason_names, v->reason, NULL);
	add(r, "outcome-share", "technical-failure-percent",
	    statistics_percent(v->outcome[OUTCOME_TECHNICAL_FAILURE], v->ended));
	add(r, "wait", "late-median-min", statistics_median(v->late_min));
	add(r, "wait", "late-p90-min", statistics_p90(v->late_min));
	add(r, "wait", "in-time-percent", statistics_percent(v->in_time, v->late_min->len));
	add(r, "length", "median-min", statistics_median(v->long_min));
	add(r, "length", "p90-min", statistics_p90(v->long_min));
}

static int add_visits(const struct report *r)
{
	static const char find[] =
		"SELECT c.planned_unix_s, c.started_unix_s, c.ended_unix_s, c.outcome,"
		" c.outcome_reason, c.place_id <> '', c.needs_interpreter FROM consultation c"
		" WHERE" OF_MONTH;
	struct visits v = {.late_min = g_array_new(FALSE, FALSE, sizeof(int64_t)),
			   .long_min = g_array_new(FALSE, FALSE, sizeof(int64_t))};
	struct db_query *q = ask(r, find);
	int result;

	while ((result = db_step(q)) == 1)
		count_visit(&v, q);
	if (result == 0)
		put_visits(r, &v);
	g_array_free(v.late_min, TRUE);
	g_array_free(v.long_min, TRUE);
	return result;
}

/* --- links ------------------------------------------------------------------------------------ */

/* The last check of each patient who made one. */
static int add_checks(const struct report *r)
{
	static const char find[] =
		"SELECT json_extract(k.verdicts, '$.talk') AS verdict, count(*) FROM link_check k"
		" JOIN participant p ON p.id = k.participant_id"
		" JOIN consultation c ON c.id = p.consultation_id"
		" WHERE" OF_MONTH " AND p.role = 'patient' AND k.at_unix_s ="
		" (SELECT max(at_unix_s) FROM link_check WHERE participant_id = p.id)"
		" GROUP BY verdict";
	struct db_query *q = ask(r, find);
	int64_t counts[VERDICT_COUNT] = {0};
	int result;

	while ((result = db_step(q)) == 1) {
		enum verdict verdict = verdict_from_name(db_peek(q, 0));

		if (verdict < VERDICT_COUNT)
			counts[verdict] = db_int(q, 1);
	}
	if (result == 0)
		put_parts(r, "link-check", &verdict_names, counts, NULL);
	return result;
}

/* --- answers ---------------------------------------------------------------------------------- */

/* Each question of each role is a whole of its own. */
static void hide_answers(const struct report *r, guint first)
{
	const GArray *rows = r->rows;
	GArray *one = g_array_new(FALSE, FALSE, sizeof(struct statistics_row));

	for (guint i = first; i < rows->len;) {
		struct statistics_row *head = &g_array_index(rows, struct statistics_row, i);
		guint count = 0;

		g_array_set_size(one, 0);
		while (i + count < rows->len && strcmp(head[count].role, head->role) == 0 &&
		       strcmp(head[count].name, head->name) == 0)
			count++;
		g_array_append_vals(one, head, count);
		statistics_hide_parts(one, 0);
		memcpy(head, one->data, count * sizeof(*head));
		i += count;
	}
	g_array_free(one, TRUE);
}

static int add_answers(const struct report *r)
{
	static const char find[] =
		"SELECT s.role, e.key, CASE e.type WHEN 'true' THEN 'true' WHEN 'false' THEN "
		"'false' ELSE e.value END AS answer, count(*) FROM survey s"
		" JOIN consultation c ON c.id = s.consultation_id, json_each(s.answers) e"
		" WHERE" OF_MONTH " GROUP BY s.role, e.key, answer"
		" ORDER BY s.role, e.key, answer LIMIT ?4";
	struct db_query *q = ask(r, find);
	guint first = r->rows->len;
	int result;

	db_put_int(q, MAX_ANSWERS);
	while ((result = db_step(q)) == 1) {
		struct statistics_row *row = add(r, "survey", db_peek(q, 1), db_int(q, 3));

		db_text(q, 0, row->role, sizeof(row->role));
		db_text(q, 2, row->answer, sizeof(row->answer));
	}
	if (result == 0)
		hide_answers(r, first);
	return result;
}

/* --- quality ---------------------------------------------------------------------------------- */

enum {
	MEDIANS = 6,
	SHARES = 3,
	/* Of a stay's looks, what has to be so that it was so for that person. */
	GOOD_PERCENT = 95,
};

static const char *const medians[MEDIANS] = {
	"rtt-median-ms",    "loss-median-permille",    "gap-max-median-ms",
	"down-median-kbps", "made-up-median-permille", "fps-median",
};
static const char *const shares[SHARES] = {"qvga-percent", "fps20-percent", "lip-sync-percent"};

struct stays {
	char role[16];
	int64_t count;
	GArray *value[MEDIANS];
	int64_t known[SHARES], good[SHARES];
};

static void put_stays(const struct report *r, struct stays *s)
{
	if (s->count == 0)
		return;
	g_strlcpy(add(r, "quality", "stays", statistics_part(s->count, s->count))->role, s->role,
		  sizeof(s->role));
	for (size_t i = 0; i < MEDIANS; i++)
		g_strlcpy(add(r, "quality", medians[i], statistics_median(s->value[i]))->role,
			  s->role, sizeof(s->role));
	for (size_t i = 0; i < SHARES; i++)
		g_strlcpy(add(r, "quality", shares[i], statistics_percent(s->good[i], s->known[i]))
				  ->role,
			  s->role, sizeof(s->role));
}

static void begin_stays(struct stays *s, const char *role)
{
	g_strlcpy(s->role, role, sizeof(s->role));
	s->count = 0;
	memset(s->known, 0, sizeof(s->known));
	memset(s->good, 0, sizeof(s->good));
	for (size_t i = 0; i < MEDIANS; i++)
		g_array_set_size(s->value[i], 0);
}

static void count_stay(struct stays *s, struct db_query *q)
{
	s->count++;
	for (int i = 0; i < MEDIANS; i++) {
		int64_t value = db_int(q, 1 + i);

		if (value >= 0)
			g_array_append_val(s->value[i], value);
	}
	for (int i = 0; i < SHARES; i++) {
		int64_t percent = db_int(q, 1 + MEDIANS + i);

		s->known[i] += percent >= 0;
		s->good[i] += percent >= GOOD_PERCENT;
	}
}

#define FIGURE(name) " COALESCE(json_extract(v.figures, '$." name "'), -1)"

static int add_quality(const struct report *r)
{
	static const char find[] = "SELECT v.role," FIGURE("rtt_ms") "," FIGURE("loss_permille") "," FIGURE(
		"gap_ms_"
		"max") "," FIGURE("down_kbps_min") "," FIGURE("made_up_permille") "," FIGURE("fps") "," FIGURE("qvga_percent") "," FIGURE("fps20_percent") "," FIGURE("a"
																				      "p"
																				      "a"
																				      "r"
																				      "t"
																				      "_"
																				      "o"
																				      "k"
																				      "_"
																				      "p"
																				      "e"
																				      "r"
																				      "c"
																				      "e"
																				      "n"
																				      "t") " FROM visit_quality v JOIN consultation c ON c.id = v.consultation_id"
																					   " WHERE" OF_MONTH
																					   " ORDER BY v.role";
	struct db_query *q = ask(r, find);
	struct stays s = {.count = 0};
	int result;

	for (size_t i = 0; i < MEDIANS; i++)
		s.value[i] = g_array_new(FALSE, FALSE, sizeof(int64_t));
	while ((result = db_step(q)) == 1) {
		if (strcmp(s.role, db_peek(q, 0)) != 0) {
			put_stays(r, &s);
			begin_stays(&s, db_peek(q, 0));
		}
		count_stay(&s, q);
	}
	put_stays(r, &s);
	for (size_t i = 0; i < MEDIANS; i++)
		g_array_free(s.value[i], TRUE);
	return result;
}

int store_statistics_add(struct store *store, const char *unit_id, const struct store_month *month,
			 GArray *rows)
{
	static int (*const parts[])(const struct report *) = {add_visits, add_checks, add_answers,
							      add_quality};
	const struct report r = {store, unit_id, month, rows};
	int result = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(parts) && result == 0; i++)
		result = parts[i](&r);
	return result;
}
