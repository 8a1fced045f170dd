/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/eid_http.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/audit.h"
#include "server/clock.h"
#include "server/http_query.h"
#include "server/hub.h"
#include "server/log.h"
#include "server/oidc_way.h"
#include "server/store_identity.h"

struct eid_job {
	struct store_job job;
	struct service_person person;
	struct oidc_identity identity;
};

static struct login_provider *provider(struct login *login)
{
	return &login->people;
}

/* --- there ------------------------------------------------------------------------------------ */

static void answer_text(struct hub *hub, uint64_t id, struct http_reply *reply, json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);

	json_decref(value);
	if (text == NULL) {
		http_reply_close(reply);
		access_answer_busy(hub, id);
		return;
	}
	http_reply_take(reply, "application/json", text, strlen(text));
	hub_answer(hub, id, reply);
}

static void began(struct hub *hub, uint64_t id, const struct login_state *login, const char *url,
		  const char *end_session)
{
	struct http_reply reply = {.status = 200};

	(void)end_session; /* nobody stays logged in here */
	service_person_away(hub->service, clock_now_us(), &login->person, LOGIN_STATE_US);
	hub_drain(hub);
	http_reply_cookie(&reply, HTTP_EID_COOKIE, login->cookie, (long)(LOGIN_STATE_US / 1000000));
	answer_text(hub, id, &reply, json_pack("{s:s}", "url", url));
}

static void not_begun(struct hub *hub, uint64_t id, const char *code)
{
	hub_answer_problem(hub, id, 503, code, "The identity provider cannot be asked now.");
}

/* --- back ------------------------------------------------------------------------------------- */

static void answer_back(struct hub *hub, uint64_t id, const char *problem)
{
	struct http_reply reply = {.status = 302};

	http_reply_header(&reply, "location:", "/eid%s%s", problem != NULL ? "?problem=" : "",
			  problem != NULL ? problem : "");
	http_reply_cookie(&reply, HTTP_EID_COOKIE, "", 0);
	hub_answer(hub, id, &reply);
}

/* What fails is on record where it is known whose it was; what succeeds is recorded by the visit.
 */
static void failed(struct hub *hub, uint64_t id, const struct login_state *login, const char *code)
{
	const struct audit_event e = {
		.actor = AUDIT_PARTICIPANT,
		.action = "visit-identified",
		.actor_id = login != NULL ? login->person.participant_id : "",
		.subject = login != NULL ? login->person.participant_id : "",
		.consultation = login != NULL ? login->person.consultation_id : "",
		.unit = login != NULL ? login->person.unit_id : "",
		.role = role_name(ROLE_PATIENT),
		.reason = code,
		.result = AUDIT_DENIED,
	};

	log_info("eid-failed", "participant=%s problem=%s",
		 login != NULL ? login->person.participant_id : "-", code);
	if (login != NULL)
		/* It waits and is told by /readyz: nothing was given. */
		(void)audit_post(hub, &e);
	answer_back(hub, id, code);
}

static void fail_job(struct hub *hub, const struct eid_job *j, const char *code)
{
	const struct login_state login = {.person = j->person};

	failed(hub, j->job.tag, &login, code);
}

static void run(struct store *store, struct store_job *job)
{
	struct eid_job *j = (struct eid_job *)job;

	job->result = store_identity_check(store, j->person.participant_id, j->identity.subject);
}

static void done(struct hub *hub, struct store_job *job)
{
	const struct eid_job *j = (const struct eid_job *)job;

	if (job->result == -EPERM) {
		fail_job(hub, j, "login-other");
	} else if (job->result == -ENOENT) {
		fail_job(hub, j, "login-over");
	} else if (job->result < 0) {
		fail_job(hub, j, "login-busy");
	} else {
		service_person_identified(hub->service, clock_now_us(), &j->person,
					  j->identity.name, j->identity.acr);
		hub_drain(hub);
		answer_back(hub, job->tag, NULL);
	}
}

static void close_job(struct store_job *job)
{
	explicit_bzero(job, sizeof(struct eid_job));
	free(job);
}

static void finished(struct hub *hub, uint64_t id, const struct login_state *login,
		     const struct oidc_identity *identity)
{
	struct eid_job *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		failed(hub, id, login, "login-busy");
		return;
	}
	j->job = (struct store_job){.run = run, .done = done, .close = close_job, .tag = id};
	j->person = login->person;
	j->identity = *identity;
	if (!hub_post_store(hub, &j->job))
		failed(hub, id, login, "login-busy");
}

static const struct oidc_way way = {
	.provider = provider,
	.began = began,
	.not_begun = not_begun,
	.finished = finished,
	.failed = failed,
};

/* --- routes ----------------------------------------------------------------------------------- */

void eid_http_get(struct hub *hub, const struct http_request *request, const char *const *ids,
		  const struct principal *who)
{
	struct http_reply reply = {.status = 200};

	(void)ids;
	(void)who;
	if (hub->login->people.oidc == NULL)
		hub_answer_problem(hub, request->id, 404, "not-found",
				   "This server has no identity provider for patients.");
	else
		answer_text(hub, request->id, &reply,
			    json_pack("{s:s}", "name", hub->config->eid_name));
}

void eid_http_begin(struct hub *hub, const struct http_request *request, const char *const *ids,
		    const struct principal *who)
{
	struct service_person person = {0};

	(void)ids;
	if (who->role != ROLE_PATIENT) {
		hub_answer_problem(hub, request->id, 409, "not-needed",
				   "Patients alone show who they are.");
		return;
	}
	g_strlcpy(person.consultation_id, who->consultation_id, sizeof(person.consultation_id));
	g_strlcpy(person.participant_id, who->id, sizeof(person.participant_id));
	g_strlcpy(person.unit_id, who->unit_id, sizeof(person.unit_id));
	oidc_way_begin(hub, request, &way, &person);
}

void eid_http_callback(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who)
{
	(void)ids;
	(void)who;
	oidc_way_finish(hub, request, &way, request->cookie_eid);
}
