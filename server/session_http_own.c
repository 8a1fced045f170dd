/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/session_http_own.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/attempts.h"
#include "server/clock.h"
#include "server/errand.h"
#include "server/http_query.h"
#include "server/hub.h"
#include "server/json_body.h"
#include "server/log.h"
#include "server/login.h"
#include "server/session_http.h"
#include "server/store_account.h"
#include "server/store_session.h"

/* --- which there are, and ending one ---------------------------------------------------------- */

struct own_job {
	struct store_job job;
	struct principal who;
	char id[STORE_SESSION_ID_TEXT + 1]; /* "": list */
	struct store_own_session list[STORE_SESSIONS_PER_STAFF];
	size_t count;
};

static void own_run(struct store *store, struct store_job *job)
{
	struct own_job *j = (struct own_job *)job;

	if (j->id[0] != '\0')
		job->result = store_session_end_own(store, clock_unix_s(), j->who.id, j->id);
	else
		job->result =
			store_session_list(store, clock_unix_s(), &j->who, j->list, &j->count);
}

static json_t *time_json(int64_t unix_s)
{
	GDateTime *time = g_date_time_new_from_unix_utc(unix_s);
	char *text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
	json_t *value = json_string(text);

	g_free(text);
	g_date_time_unref(time);
	return value;
}

static void answer_list(struct hub *hub, const struct own_job *j)
{
	struct http_reply reply = {.status = 200};
	json_t *list = json_array(), *o;
	char *text;

	for (size_t i = 0; i < j->count; i++)
		json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:b}", "id", j->list[i].id,
						      "began", time_json(j->list[i].began_unix_s),
						      "seen", time_json(j->list[i].seen_unix_s),
						      "current", j->list[i].is_current));
	o = json_pack("{s:o}", "sessions", list);
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	if (text == NULL) {
		access_answer_busy(hub, j->job.tag);
		return;
	}
	http_reply_take(&reply, "application/json", text, strlen(text));
	hub_answer(hub, j->job.tag, &reply);
}

static void own_done(struct hub *hub, struct store_job *job)
{
	const struct own_job *j = (const struct own_job *)job;
	struct http_reply reply = {.status = 204};

	if (job->result == -ENOENT) {
		hub_answer_problem(hub, job->tag, 404, "session-unknown",
				   "You have no session of this id.");
	} else if (job->result < 0) {
		access_answer_busy(hub, job->tag);
	} else if (j->id[0] == '\0') {
		answer_list(hub, j);
	} else {
		log_info("session-ended", "staff=%s", j->who.id);
		/* Watches are the person's, not a session's: the other pages ask for new ones. */
		session_http_close(hub, j->who.id);
		hub_answer(hub, job->tag, &reply);
	}
}

static void own_close(struct store_job *job)
{
	explicit_bzero(job, sizeof(struct own_job));
	free(job);
}

static void post_own(struct hub *hub, uint64_t tag, const struct principal *who, const char *id)
{
	struct own_job *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		access_answer_busy(hub, tag);
		return;
	}
	j->job = (struct store_job){.run = own_run, .done = own_done, .close = own_close};
	j->job.tag = tag;
	j->who = *who;
	g_strlcpy(j->id, id, sizeof(j->id));
	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, tag);
}

void session_http_sessions(struct hub *hub, const struct http_request *request,
			   const char *const *ids, const struct principal *who)
{
	(void)ids;
	post_own(hub, request->id, who, "");
}

void session_http_end_own(struct hub *hub, const struct http_request *request,
			  const char *const *ids, const struct principal *who)
{
	if (strlen(ids[0]) != STORE_SESSION_ID_TEXT)
		hub_answer_problem(hub, request->id, 404, "session-unknown",
				   "You have no session of this id.");
	else
		post_own(hub, request->id, who, ids[0]);
}

/* --- another password: find the account, verify and hash, write ------------------------------- */

struct password_job {
	struct store_job job;
	struct principal who;
	char old[PASSWORD_MAX_BYTES + 1], next[PASSWORD_MAX_BYTES + 1];
	struct store_account account;
};

struct password_errand {
	struct errand errand;
	uint64_t id;
	char staff_id[PRINCIPAL_ID_BYTES + 1];
	char user[LIMIT_NAME_BYTES + 1];
	char old[PASSWORD_MAX_BYTES + 1], next[PASSWORD_MAX_BYTES + 1];
	char hash[PASSWORD_HASH_BYTES], next_hash[PASSWORD_HASH_BYTES];
	bool is_right;
	int result;
	struct rng rng;
};

struct write_job {
	struct store_job job;
	char staff_id[PRINCIPAL_ID_BYTES + 1];
	char hash[PASSWORD_HASH_BYTES];
};

static void write_run(struct store *store, struct store_job *job)
{
	struct write_job *j = (struct write_job *)job;

	job->result = store_account_own_password(store, clock_unix_s(), j->staff_id, j->hash);
}

static void write_done(struct hub *hub, struct store_job *job)
{
	const struct write_job *j = (const struct write_job *)job;
	struct http_reply reply = {.status = 204};

	if (job->result < 0) {
		access_answer_busy(hub, job->tag);
		return;
	}
	log_info("password-changed", "staff=%s", j->staff_id);
	session_http_close(hub, j->staff_id);
	http_reply_cookie(&reply, HTTP_SESSION_COOKIE, "", 0);
	hub_answer(hub, job->tag, &reply);
}

static void write_close(struct store_job *job)
{
	explicit_bzero(job, sizeof(struct write_job));
	free(job);
}

static void hash_run(void *context, struct errand *errand)
{
	struct password_errand *e = (struct password_errand *)errand;

	(void)context;
	e->is_right = password_verify(e->hash, e->old);
	if (e->is_right)
		e->result = password_hash(e->next_hash, e->next, &e->rng);
}

static void hash_done(struct hub *hub, struct errand *errand)
{
	const struct password_errand *e = (const struct password_errand *)errand;
	struct write_job *j;

	if (!e->is_right) {
		log_warn("password-wrong", "staff=%s", e->staff_id);
		hub_answer_problem(hub, e->id, 403, "password-wrong",
				   "That is not your present password.");
		return;
	}
	attempts_give_back(hub->login->by_account, e->user);
	j = e->result == 0 ? calloc(1, sizeof(*j)) : NULL;
	if (j == NULL) {
		access_answer_busy(hub, e->id);
		return;
	}
	j->job = (struct store_job){
		.run = write_run, .done = write_done, .close = write_close, .tag = e->id};
	memcpy(j->staff_id, e->staff_id, sizeof(j->staff_id));
	memcpy(j->hash, e->next_hash, sizeof(j->hash));
	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, e->id);
}

static void hash_close(struct errand *errand)
{
	explicit_bzero(errand, sizeof(struct password_errand));
	free(errand);
}

static void find_run(struct store *store, struct store_job *job)
{
	struct password_job *j = (struct password_job *)job;

	job->result = store_account_find(store, j->who.subject, &j->account);
}

static void find_done(struct hub *hub, struct store_job *job)
{
	const struct password_job *j = (const struct password_job *)job;
	struct password_errand *e;

	if (job->result == -ENOENT ||
	    (job->result == 0 && strcmp(j->account.staff_id, j->who.id) != 0)) {
		hub_answer_problem(hub, job->tag, 409, "no-password",
				   "You log in at an identity provider, which keeps the password.");
		return;
	}
	e = job->result == 0 ? calloc(1, sizeof(*e)) : NULL;
	if (e == NULL) {
		access_answer_busy(hub, job->tag);
		return;
	}
	e->errand = (struct errand){.run = hash_run, .done = hash_done, .close = hash_close};
	e->id = job->tag;
	e->rng = hub->login->rng;
	memcpy(e->staff_id, j->who.id, sizeof(e->staff_id));
	memcpy(e->user, j->who.subject, sizeof(e->user));
	memcpy(e->old, j->old, sizeof(e->old));
	memcpy(e->next, j->next, sizeof(e->next));
	memcpy(e->hash, j->account.hash, sizeof(e->hash));
	if (errand_thread_post(hub->login->password_thread, &e->errand) < 0) {
		errand_free(&e->errand);
		login_answer_slow(hub, job->tag);
	}
}

static void find_close(struct store_job *job)
{
	explicit_bzero(job, sizeof(struct password_job));
	free(job);
}

/* False: answered. */
static bool may_change(struct hub *hub, const struct http_request *request,
		       const struct password_job *j)
{
	const char *fault = password_fault(j->next, j->who.subject);
	struct http_reply reply = {0};

	if (fault == NULL) {
		if (attempts_take(hub->login->by_account, clock_now_us(), j->who.subject))
			return true;
		login_answer_slow(hub, request->id);
		return false;
	}
	http_reply_problem(&reply, 400, "bad-body", fault, "new");
	hub_answer(hub, request->id, &reply);
	return false;
}

void session_http_password(struct hub *hub, const struct http_request *request,
			   const char *const *ids, const struct principal *who)
{
	struct password_job *j = calloc(1, sizeof(*j));
	const struct json_member members[] = {
		{"password", j != NULL ? j->old : NULL, sizeof(j->old), 1},
		{"new", j != NULL ? j->next : NULL, sizeof(j->next), 1},
		{.name = NULL},
	};

	(void)ids;
	if (j == NULL) {
		access_answer_busy(hub, request->id);
		return;
	}
	j->job = (struct store_job){
		.run = find_run, .done = find_done, .close = find_close, .tag = request->id};
	j->who = *who;
	if (!json_body_read(hub, request, members) || !may_change(hub, request, j)) {
		store_job_free(&j->job);
		return;
	}
	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, request->id);
}
