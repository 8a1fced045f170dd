/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/session_http.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/clock.h"
#include "server/http.h"
#include "server/http_query.h"
#include "server/hub.h"
#include "server/json_body.h"
#include "server/log.h"
#include "server/login.h"
#include "server/permission.h"

#define WATCH_US INT64_C(3600000000)

enum task {
	TASK_BEGIN,
	TASK_GET,
	TASK_CHOOSE,
	TASK_END,
};

struct session_job {
	struct store_job job;
	enum task task;
	bool is_redirect;
	struct store_session_times times;
	char token[HTTP_COOKIE_BYTES + 1]; /* of the session there is */
	char staff_id[PRINCIPAL_ID_BYTES + 1];
	char acr[PRINCIPAL_ACR_BYTES + 1];
	char commission_id[PRINCIPAL_ID_BYTES + 1]; /* to choose */
	struct store_session session;
	struct store_commission commission[STORE_COMMISSIONS_MAX];
	size_t count;
};

/* --- on the store thread ---------------------------------------------------------------------- */

static int work(struct store *store, struct session_job *j)
{
	int64_t now_s = clock_unix_s();
	int r;

	switch (j->task) {
	case TASK_BEGIN:
		return store_session_begin(store, now_s, &j->times, j->staff_id, j->acr,
					   &j->session);
	case TASK_CHOOSE:
		r = store_session_choose(store, j->token, j->commission_id);
		if (r < 0)
			return r;
		break;
	case TASK_END:
		return store_session_end(store, now_s, j->token);
	case TASK_GET:
		break;
	}
	return store_session_find(store, now_s, &j->times, j->token, &j->session);
}

static void run(struct store *store, struct store_job *job)
{
	struct session_job *j = (struct session_job *)job;

	job->result = work(store, j);
	if (job->result == 0 && j->task != TASK_END)
		job->result =
			store_commission_list(store, j->session.who.id, j->commission, &j->count);
}

static void close_job(struct store_job *job)
{
	explicit_bzero(job, sizeof(struct session_job));
	free(job);
}

/* --- answering -------------------------------------------------------------------------------- */

static json_t *commission_json(const struct store_commission *m)
{
	return json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:{s:s, s:s}}", "id", m->id, "name",
			 m->name, "duty", permission_duty_name(m->duty), "unit", "id", m->unit_id,
			 "name", m->unit_name, "provider", "id", m->provider_id, "name",
			 m->provider_name);
}

static char *session_json(const struct session_job *j)
{
	const struct principal *who = &j->session.who;
	json_t *all = json_array(), *chosen = json_null(), *o;
	char *text;

	for (size_t i = 0; i < j->count; i++) {
		json_t *m = commission_json(&j->commission[i]);

		if (strcmp(j->commission[i].id, who->commission_id) == 0)
			chosen = json_incref(m);
		json_array_append_new(all, m);
	}
	o = json_pack("{s:{s:s, s:s}, s:o, s:o, s:s, s:I, s:s}", "staff", "id", who->id, "name",
		      who->name, "commission", chosen, "commissions", all, "csrf", who->csrf,
		      "expires", (json_int_t)who->expires_unix_s, "acr", who->acr);
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

static void add_session_cookie(struct http_reply *reply, const struct session_job *j)
{
	/* Until the browser closes; how long it is good for is for us to say. */
	http_reply_cookie(reply, HTTP_SESSION_COOKIE, j->session.token, -1);
}

static void answer_session(struct hub *hub, const struct session_job *j)
{
	struct http_reply reply = {.status = 200};
	char *text = session_json(j);

	if (text == NULL) {
		access_answer_busy(hub, j->job.tag);
		return;
	}
	http_reply_take(&reply, "application/json", text, strlen(text));
	if (j->task == TASK_BEGIN)
		add_session_cookie(&reply, j);
	hub_answer(hub, j->job.tag, &reply);
}

static void answer_redirect(struct hub *hub, const struct session_job *j)
{
	struct http_reply reply = {.status = 302};

	http_reply_header(&reply, "location:", "/staff");
	http_reply_cookie(&reply, HTTP_LOGIN_COOKIE, "", 0);
	add_session_cookie(&reply, j);
	hub_answer(hub, j->job.tag, &reply);
}

/* OpenID Connect RP-Initiated Logout 2. Without an ID token to show, the provider asks. */
static void answer_ended(struct hub *hub, const struct session_job *j)
{
	const struct login *login = hub->login;
	struct http_reply reply = {.status = 204};
	char url[HTTP_HEADER_BYTES] = "";
	char *text;

	if (j->acr[0] != '\0' && login->staff.oidc != NULL && login->end_session[0] != '\0')
		(void)oidc_end_session_url(login->staff.oidc, login->end_session, url,
					   sizeof(url)); /* "" when it is too long */
	if (url[0] != '\0') {
		json_t *o = json_pack("{s:s}", "logout", url);

		reply.status = 200;
		text = json_dumps(o, JSON_COMPACT);
		json_decref(o);
		if (text != NULL)
			http_reply_take(&reply, "application/json", text, strlen(text));
	}
	http_reply_cookie(&reply, HTTP_SESSION_COOKIE, "", 0);
	hub_answer(hub, j->job.tag, &reply);
}

static void answer_failed(struct hub *hub, const struct session_job *j)
{
	if (j->job.result == -EALREADY)
		hub_answer_problem(hub, j->job.tag, 409, "commission-chosen",
				   "A session has one commission: log in anew for another.");
	else if (j->job.result == -ENOENT)
		hub_answer_problem(hub, j->job.tag, 404, "commission-unknown",
				   "This is none of your commissions.");
	else if (j->job.result == -EPERM)
		hub_answer_problem(hub, j->job.tag, 401, "session-missing",
				   "Log in: there is no session, or it has ended.");
	else
		access_answer_busy(hub, j->job.tag);
}

static void done(struct hub *hub, struct store_job *job)
{
	const struct session_job *j = (const struct session_job *)job;

	if (job->result < 0) {
		answer_failed(hub, j);
	} else if (j->task == TASK_END) {
		log_info("session-ended", "staff=%s", j->staff_id);
		session_http_close(hub, j->staff_id);
		answer_ended(hub, j);
	} else {
		if (j->task == TASK_BEGIN) {
			log_info("session-began", "staff=%s", j->staff_id);
			http_set_who(hub->http, job->tag, &j->session.who);
		}
		if (j->is_redirect)
			answer_redirect(hub, j);
		else
			answer_session(hub, j);
	}
}

/* --- asking ----------------------------------------------------------------------------------- */

static struct session_job *job_new(struct hub *hub, uint64_t id, enum task task)
{
	struct session_job *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		access_answer_busy(hub, id);
		return NULL;
	}
	j->job = (struct store_job){.run = run, .done = done, .close = close_job, .tag = id};
	j->task = task;
	j->times = hub->login->times;
	return j;
}

static void post(struct hub *hub, struct session_job *j)
{
	uint64_t id = j->job.tag;

	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, id);
}

static struct session_job *job_of(struct hub *hub, const struct http_request *request,
				  const struct principal *who, enum task task)
{
	struct session_job *j = job_new(hub, request->id, task);

	if (j == NULL)
		return NULL;
	memcpy(j->token, request->cookie_session, sizeof(j->token));
	memcpy(j->staff_id, who->id, sizeof(j->staff_id));
	memcpy(j->acr, who->acr, sizeof(j->acr));
	return j;
}

void session_http_get(struct hub *hub, const struct http_request *request, const char *const *ids,
		      const struct principal *who)
{
	struct session_job *j = job_of(hub, request, who, TASK_GET);

	(void)ids;
	if (j != NULL)
		post(hub, j);
}

void session_http_delete(struct hub *hub, const struct http_request *request,
			 const char *const *ids, const struct principal *who)
{
	struct session_job *j = job_of(hub, request, who, TASK_END);

	(void)ids;
	if (j != NULL)
		post(hub, j);
}

void session_http_choose(struct hub *hub, const struct http_request *request,
			 const char *const *ids, const struct principal *who)
{
	char commission[PRINCIPAL_ID_BYTES + 1];
	const struct json_member members[] = {
		{"commission", commission, sizeof(commission), 1},
		{.name = NULL},
	};
	struct session_job *j;

	(void)ids;
	if (!json_body_read(hub, request, members))
		return;
	j = job_of(hub, request, who, TASK_CHOOSE);
	if (j == NULL)
		return;
	memcpy(j->commission_id, commission, sizeof(commission));
	post(hub, j);
}

void session_http_begin(struct hub *hub, uint64_t id, const char *staff_id, const char *acr,
			bool is_redirect)
{
	struct session_job *j = job_new(hub, id, TASK_BEGIN);

	if (j == NULL)
		return;
	strncpy(j->staff_id, staff_id, sizeof(j->staff_id) - 1);
	strncpy(j->acr, acr, sizeof(j->acr) - 1);
	j->is_redirect = is_redirect;
	post(hub, j);
}

/* --- tickets ---------------------------------------------------------------------------------- */

void session_http_ticket(struct hub *hub, const struct http_request *request,
			 const char *const *ids, const struct principal *who)
{
	struct http_reply reply = {.status = 200};
	char ticket[TICKET_TEXT + 1];
	int64_t expires_unix_s;
	json_t *o;
	char *text;

	(void)ids;
	if (ticket_make(hub->login->tickets, clock_now_us(), &hub->login->rng, who, ticket) < 0) {
		login_answer_slow(hub, request->id);
		return;
	}
	expires_unix_s = clock_unix_s() + TICKET_US / 1000000;
	o = json_pack("{s:s, s:I}", "ticket", ticket, "expires", (json_int_t)expires_unix_s);
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	if (text == NULL) {
		access_answer_busy(hub, request->id);
		return;
	}
	http_reply_take(&reply, "application/json", text, strlen(text));
	hub_answer(hub, request->id, &reply);
}

/* A watch lasts as long as the session at most, and an hour, so that a commission that was taken
 * away is noticed. */
static void grant(struct hub *hub, uint64_t lookup, const struct principal *who)
{
	int64_t left_us = (who->expires_unix_s - clock_unix_s()) * 1000000;
	struct service_ticket ticket = {.unit_count = 1};

	if (left_us > WATCH_US)
		left_us = WATCH_US;
	ticket.ends_us = clock_now_us() + left_us;
	g_strlcpy(ticket.staff_id, who->id, sizeof(ticket.staff_id));
	g_strlcpy(ticket.unit_id[0], who->unit_id, sizeof(ticket.unit_id[0]));
	service_ticket_found(hub->service, clock_now_us(), lookup, SERVICE_FOUND, &ticket);
}

void session_http_ticket_asked(struct hub *hub, const struct service_output *out)
{
	struct principal who;

	if (ticket_take(hub->login->tickets, clock_now_us(), out->token, &who) == 0 &&
	    permission_allows(&who, OPERATION_TICKET_CREATE))
		grant(hub, out->lookup, &who);
	else
		service_ticket_found(hub->service, clock_now_us(), out->lookup, SERVICE_NOT_FOUND,
				     NULL);
}

void session_http_close(struct hub *hub, const char *staff_id)
{
	tickets_revoke(hub->login->tickets, staff_id);
	service_watch_end(hub->service, clock_now_us(), staff_id);
	hub_drain(hub);
}
