/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/rest_statistics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/clock.h"
#include "server/http_query.h"
#include "server/hub.h"
#include "server/permission.h"
#include "server/store_statistics.h"

struct statistics_job {
	struct store_job job;
	char unit_id[PRINCIPAL_ID_BYTES + 1];
	struct store_month month[REST_STATISTICS_MONTHS];
	size_t count;
	bool is_csv;
	GArray *rows;
};

/* --- months ----------------------------------------------------------------------------------- */

int rest_statistics_month(const char *text)
{
	int year = 0, month = 0;

	if (strlen(text) != strlen("2026-11") || text[4] != '-')
		return -EINVAL;
	for (int i = 0; i < 7; i++) {
		if (i == 4)
			continue;
		if (!g_ascii_isdigit(text[i]))
			return -EINVAL;
		if (i < 4)
			year = year * 10 + (text[i] - '0');
		else
			month = month * 10 + (text[i] - '0');
	}
	return year > 0 && month >= 1 && month <= 12 ? year * 12 + month - 1 : -EINVAL;
}

static int64_t begin_of(int month)
{
	GTimeZone *zone = g_time_zone_new_local();
	GDateTime *first = g_date_time_new(zone, month / 12, month % 12 + 1, 1, 0, 0, 0);
	int64_t unix_s = first != NULL ? g_date_time_to_unix(first) : 0;

	if (first != NULL)
		g_date_time_unref(first);
	g_time_zone_unref(zone);
	return unix_s;
}

static int this_month(void)
{
	GDateTime *now = g_date_time_new_from_unix_local(clock_unix_s());
	int month = g_date_time_get_year(now) * 12 + g_date_time_get_month(now) - 1;

	g_date_time_unref(now);
	return month;
}

/* The name of the argument that is wrong, or NULL. A month that is not over is not told: asked day
 * by day, it would tell of each visit. */
static const char *read_months(const struct http_request *request, struct statistics_job *j)
{
	char from_text[16], to_text[16];
	int from, to;

	if (http_query(request, "from", from_text, sizeof(from_text)) != 1)
		return "from";
	from = rest_statistics_month(from_text);
	if (from < 0)
		return "from";
	if (http_query(request, "to", to_text, sizeof(to_text)) != 1)
		return "to";
	to = rest_statistics_month(to_text);
	if (to < from || to - from >= REST_STATISTICS_MONTHS || to >= this_month())
		return "to";
	for (int month = from; month <= to; month++) {
		struct store_month *m = &j->month[j->count++];

		m->from_unix_s = begin_of(month);
		m->to_unix_s = begin_of(month + 1);
		g_snprintf(m->text, sizeof(m->text), "%04d-%02d", month / 12 % 10000,
			   month % 12 + 1);
	}
	return NULL;
}

static const char *read_query(const struct http_request *request, const struct principal *who,
			      struct statistics_job *j)
{
	char format[8];

	if (http_query(request, "unit", j->unit_id, sizeof(j->unit_id)) < 0)
		return "unit";
	if (j->unit_id[0] == '\0')
		g_strlcpy(j->unit_id, who->unit_id, sizeof(j->unit_id));
	if (j->unit_id[0] == '\0' || !permission_in_unit(who, j->unit_id))
		return "unit";
	if (http_query(request, "format", format, sizeof(format)) < 0)
		return "format";
	j->is_csv = strcmp(format, "csv") == 0;
	if (!j->is_csv && format[0] != '\0' && strcmp(format, "json") != 0)
		return "format";
	return read_months(request, j);
}

/* --- writing ---------------------------------------------------------------------------------- */

/* Every text is a word of ours or of the pages (a to z, 0 to 9, '-'), so nothing needs quotes. */
char *rest_statistics_csv(const GArray *rows)
{
	GString *text = g_string_new("month,section,role,name,answer,value\r\n");

	for (guint i = 0; i < rows->len; i++) {
		const struct statistics_row *r = &g_array_index(rows, struct statistics_row, i);

		g_string_append_printf(text, "%s,%s,%s,%s,%s,", r->month, r->section, r->role,
				       r->name, r->answer);
		if (r->value != STATISTICS_HIDDEN)
			g_string_append_printf(text, "%" G_GINT64_FORMAT, r->value);
		g_string_append(text, "\r\n");
	}
	return g_string_free(text, FALSE);
}

static json_t *row_json(const struct statistics_row *r)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "month", r->month, "section", r->section,
			 "role", r->role, "name", r->name, "answer", r->answer, "value",
			 r->value != STATISTICS_HIDDEN ? json_integer(r->value) : json_null());
}

static void answer_csv(struct hub *hub, const struct statistics_job *j)
{
	struct http_reply reply = {.status = 200};
	char *text = rest_statistics_csv(j->rows);
	char *body = strdup(text);

	g_free(text);
	if (body == NULL) {
		access_answer_busy(hub, j->job.tag);
		return;
	}
	http_reply_take(&reply, "text/csv; charset=utf-8", body, strlen(body));
	hub_answer(hub, j->job.tag, &reply);
}

static void done(struct hub *hub, struct store_job *job)
{
	const struct statistics_job *j = (const struct statistics_job *)job;
	json_t *rows;

	if (rest_answer_error(hub, job->tag, job->result))
		return;
	if (j->is_csv) {
		answer_csv(hub, j);
		return;
	}
	rows = json_array();
	for (guint i = 0; i < j->rows->len; i++)
		json_array_append_new(rows,
				      row_json(&g_array_index(j->rows, struct statistics_row, i)));
	rest_json_answer(hub, job->tag, 200,
			 json_pack("{s:s, s:i, s:o}", "unit", j->unit_id, "least", STATISTICS_LEAST,
				   "rows", rows),
			 NULL);
}

/* --- asking ----------------------------------------------------------------------------------- */

static void run(struct store *store, struct store_job *job)
{
	struct statistics_job *j = (struct statistics_job *)job;

	for (size_t i = 0; i < j->count && job->result == 0; i++)
		job->result = store_statistics_add(store, j->unit_id, &j->month[i], j->rows);
}

static void close_job(struct store_job *job)
{
	struct statistics_job *j = (struct statistics_job *)job;

	g_array_free(j->rows, TRUE);
	free(j);
}

void rest_statistics(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who)
{
	struct statistics_job *j = calloc(1, sizeof(*j));
	struct http_reply reply = {0};
	const char *wrong;

	(void)ids;
	if (j == NULL) {
		access_answer_busy(hub, request->id);
		return;
	}
	j->job = (struct store_job){
		.run = run, .done = done, .close = close_job, .tag = request->id};
	j->rows = g_array_new(FALSE, FALSE, sizeof(struct statistics_row));
	wrong = read_query(request, who, j);
	if (wrong != NULL) {
		http_reply_problem(&reply, 400, "bad-query",
				   "from and to are months that are over, like 2026-11, 24 at "
				   "most; unit is your own; format json or csv.",
				   wrong);
		hub_answer(hub, request->id, &reply);
		store_job_free(&j->job);
		return;
	}
	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, request->id);
}
