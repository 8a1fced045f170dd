/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/oidc_http.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/clock.h"
#include "server/http_query.h"
#include "server/hub.h"
#include "server/oidc_way.h"
#include "server/session_http.h"
#include "server/store_account.h"

struct staff_job {
	struct store_job job;
	const char *issuer; /* borrowed from the configuration */
	struct oidc_identity identity;
	char staff_id[PRINCIPAL_ID_BYTES + 1];
};

static struct login_provider *provider(struct login *login)
{
	return &login->staff;
}

static void answer_problem(struct hub *hub, uint64_t id, const char *code)
{
	struct http_reply reply = {.status = 302};

	http_reply_header(&reply, "location:", "/staff?problem=%s", code);
	http_reply_cookie(&reply, HTTP_LOGIN_COOKIE, "", 0);
	hub_answer(hub, id, &reply);
}

static void failed(struct hub *hub, uint64_t id, const struct login_state *login, const char *code)
{
	(void)login;
	answer_problem(hub, id, code);
}

static void began(struct hub *hub, uint64_t id, const struct login_state *login, const char *url,
		  const char *end_session)
{
	struct http_reply reply = {.status = 302};

	g_strlcpy(hub->login->end_session, end_session, sizeof(hub->login->end_session));
	http_reply_header(&reply, "location:", "%s", url);
	http_reply_cookie(&reply, HTTP_LOGIN_COOKIE, login->cookie,
			  (long)(LOGIN_STATE_US / 1000000));
	hub_answer(hub, id, &reply);
}

static void staff_run(struct store *store, struct store_job *job)
{
	struct staff_job *j = (struct staff_job *)job;

	job->result =
		store_staff_login(store, clock_unix_s(), j->issuer, &j->identity, j->staff_id);
}

static void staff_done(struct hub *hub, struct store_job *job)
{
	const struct staff_job *j = (const struct staff_job *)job;

	if (job->result == -ENOENT)
		answer_problem(hub, job->tag, "login-no-commission");
	else if (job->result == -EPERM || job->result == -EEXIST)
		answer_problem(hub, job->tag, "login-disabled");
	else if (job->result < 0)
		answer_problem(hub, job->tag, "login-busy");
	else
		session_http_begin(hub, job->tag, j->staff_id, j->identity.acr, true);
}

static void staff_close(struct store_job *job)
{
	free(job);
}

static void finished(struct hub *hub, uint64_t id, const struct login_state *login,
		     const struct oidc_identity *identity)
{
	struct staff_job *j = calloc(1, sizeof(*j));

	(void)login;
	if (j == NULL) {
		answer_problem(hub, id, "login-busy");
		return;
	}
	j->job = (struct store_job){
		.run = staff_run, .done = staff_done, .close = staff_close, .tag = id};
	j->issuer = oidc_issuer(hub->login->staff.oidc);
	j->identity = *identity;
	if (!hub_post_store(hub, &j->job))
		answer_problem(hub, id, "login-busy");
}

static const struct oidc_way way = {
	.provider = provider,
	.began = began,
	.not_begun = answer_problem,
	.finished = finished,
	.failed = failed,
};

void oidc_http_start(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who)
{
	(void)ids;
	(void)who;
	oidc_way_begin(hub, request, &way, NULL);
}

void oidc_http_callback(struct hub *hub, const struct http_request *request, const char *const *ids,
			const struct principal *who)
{
	(void)ids;
	(void)who;
	oidc_way_finish(hub, request, &way, request->cookie_login);
}
