/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/audit_rest.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/audit_extract.h"
#include "server/clock.h"
#include "server/http_query.h"
#include "server/hub.h"
#include "server/store_audit.h"

/* Records of one answer; `next` leads on. */
#define PAGE 200

struct rest_job {
	struct store_job job;
	bool is_extract;
	char patient_ref[AUDIT_MAX_ID_BYTES + 1];
	char consultation[AUDIT_MAX_ID_BYTES + 1];
	char actor_id[AUDIT_MAX_ID_BYTES + 1];
	char unit[AUDIT_MAX_ID_BYTES + 1];
	char provider[AUDIT_MAX_ID_BYTES + 1];
	int64_t from_ms, to_ms, before_seq;
	enum audit_format format;
	bool is_swedish;
	char *text; /* the answer, g_free()d */
};

/* --- on the store thread ---------------------------------------------------------------------- */

struct page {
	GString *text;
	size_t count;
	int64_t last_seq;
};

static int add_record(void *user, int64_t seq, const struct audit_record *record)
{
	struct page *page = user;
	char *text = audit_record_text(&record->event);

	g_string_append_printf(page->text, "%s{\"seq\":%" G_GINT64_FORMAT ",\"record\":%s}",
			       page->count > 0 ? "," : "", seq, text);
	g_free(text);
	page->count++;
	page->last_seq = seq;
	return 0;
}

static int list(struct store *store, struct rest_job *j)
{
	const struct store_audit_query query = {
		.patient_ref = j->patient_ref,
		.consultation = j->consultation,
		.unit = j->unit,
		.actor_id = j->actor_id,
		.from_ms = j->from_ms,
		.to_ms = j->to_ms,
		.before_seq = j->before_seq,
		.limit = PAGE,
	};
	struct page page = {.text = g_string_new("{\"records\":[")};
	int r = store_audit_list(store, &query, add_record, &page);

	if (r < 0) {
		g_string_free(page.text, TRUE);
		return r;
	}
	if (page.count == PAGE)
		g_string_append_printf(page.text, "],\"next\":%" G_GINT64_FORMAT "}",
				       page.last_seq);
	else
		g_string_append(page.text, "],\"next\":null}");
	j->text = g_string_free(page.text, FALSE);
	return 0;
}

static void run(struct store *store, struct store_job *job)
{
	struct rest_job *j = (struct rest_job *)job;
	const struct audit_extract ask = {
		.patient_ref = j->patient_ref,
		.provider = j->provider,
		.from_ms = j->from_ms,
		.to_ms = j->to_ms,
		.format = j->format,
		.is_swedish = j->is_swedish,
	};

	job->result = j->is_extract
			      ? audit_extract_make(store, &ask, clock_unix_us() / 1000, &j->text)
			      : list(store, j);
}

/* --- answering -------------------------------------------------------------------------------- */

static void done(struct hub *hub, struct store_job *job)
{
	const struct rest_job *j = (const struct rest_job *)job;
	struct http_reply reply = {.status = 200};
	char *body = job->result == 0 ? strdup(j->text) : NULL;

	if (job->result == -EBADMSG) {
		hub_answer_problem(hub, job->tag, 500, "audit-broken",
				   "A row of the audit trail is no record: vidd audit verify.");
		return;
	}
	if (body == NULL) {
		access_answer_busy(hub, job->tag);
		return;
	}
	http_reply_take(&reply, j->is_extract ? audit_format_type(j->format) : "application/json",
			body, strlen(body));
	hub_answer(hub, job->tag, &reply);
}

static void close_job(struct store_job *job)
{
	struct rest_job *j = (struct rest_job *)job;

	g_free(j->text);
	free(j);
}

static bool read_time(const struct http_request *request, const char *name, int64_t *out)
{
	char text[40];
	int r = http_query(request, name, text, sizeof(text));

	return r == 0 || (r == 1 && audit_time_parse(out, text) == 0);
}

/* The name of the argument that is wrong, or NULL. */
static const char *read_query(const struct http_request *request, struct rest_job *j)
{
	char text[24] = "";

	if (http_query(request, "patient_ref", j->patient_ref, sizeof(j->patient_ref)) < 0 ||
	    (j->is_extract && j->patient_ref[0] == '\0'))
		return "patient_ref";
	if (http_query(request, "consultation", j->consultation, sizeof(j->consultation)) < 0)
		return "consultation";
	if (http_query(request, "actor", j->actor_id, sizeof(j->actor_id)) < 0)
		return "actor";
	if (!read_time(request, "from", &j->from_ms))
		return "from";
	if (!read_time(request, "to", &j->to_ms))
		return "to";
	if (http_query(request, "before", text, sizeof(text)) < 0 ||
	    (text[0] != '\0' &&
	     !g_ascii_string_to_signed(text, 10, 1, INT64_MAX, &j->before_seq, NULL)))
		return "before";
	if (http_query(request, "format", text, sizeof(text)) == 1)
		j->format = audit_format_from_name(text);
	else
		j->format = AUDIT_JSON;
	if (j->format == AUDIT_FORMAT_COUNT)
		return "format";
	if (http_query(request, "language", text, sizeof(text)) == 1 && strcmp(text, "en") != 0 &&
	    strcmp(text, "sv") != 0)
		return "language";
	j->is_swedish = strcmp(text, "en") != 0;
	return NULL;
}

static void ask(struct hub *hub, const struct http_request *request, const struct principal *who,
		bool is_extract)
{
	struct rest_job *j = calloc(1, sizeof(*j));
	const char *wrong;

	if (j == NULL) {
		access_answer_busy(hub, request->id);
		return;
	}
	j->job = (struct store_job){.run = run, .done = done, .close = close_job};
	j->job.tag = request->id;
	j->is_extract = is_extract;
	/* A reviewer sees what was done at the own unit; an extract is of the whole provider. */
	g_strlcpy(j->unit, who->unit_id, sizeof(j->unit));
	g_strlcpy(j->provider, who->provider_id, sizeof(j->provider));
	wrong = read_query(request, j);
	if (wrong != NULL) {
		struct http_reply reply = {0};

		http_reply_problem(&reply, 400, "bad-query",
				   "This argument is missing or cannot be read.", wrong);
		hub_answer(hub, request->id, &reply);
		store_job_free(&j->job);
		return;
	}
	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, request->id);
}

void audit_rest_list(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who)
{
	(void)ids;
	ask(hub, request, who, false);
}

void audit_rest_extract(struct hub *hub, const struct http_request *request, const char *const *ids,
			const struct principal *who)
{
	(void)ids;
	ask(hub, request, who, true);
}
