/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/oidc_http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "server/clock.h"
#include "server/http_query.h"
#include "server/hub.h"
#include "server/log.h"
#include "server/login.h"
#include "server/session_http.h"
#include "server/store_account.h"

#define STATE_BYTES 63

/* One errand for both ways. */
struct oidc_errand {
	struct errand errand;
	uint64_t id;
	struct login_state login;
	enum oidc_fault fault;
	/* There. */
	char url[HTTP_HEADER_BYTES];
	char end_session[OIDC_URL_BYTES + 1];
	/* Back. */
	char code[OIDC_CODE_BYTES + 1];
	char iss[OIDC_URL_BYTES + 1];
	struct oidc_identity identity;
};

struct staff_job {
	struct store_job job;
	const char *issuer; /* borrowed from the configuration */
	struct oidc_identity identity;
	char staff_id[PRINCIPAL_ID_BYTES + 1];
};

/* code: one of ours, never what somebody sent. */
static void answer_problem(struct hub *hub, uint64_t id, const char *code)
{
	struct http_reply reply = {.status = 302};

	http_reply_header(&reply, "location:", "/staff?problem=%s", code);
	http_reply_cookie(&reply, HTTP_LOGIN_COOKIE, "", 0);
	hub_answer(hub, id, &reply);
}

static void errand_close(struct errand *errand)
{
	explicit_bzero(errand, sizeof(struct oidc_errand));
	free(errand);
}

/* Takes the errand. */
static void post(struct hub *hub, struct oidc_errand *e)
{
	if (errand_thread_post(hub->login->oidc_thread, &e->errand) == 0)
		return;
	answer_problem(hub, e->id, "login-busy");
	errand_free(&e->errand);
}

/* --- there ------------------------------------------------------------------------------------ */

static void start_run(void *context, struct errand *errand)
{
	struct oidc_errand *e = (struct oidc_errand *)errand;

	e->fault = oidc_begin(context, &e->login, e->url, sizeof(e->url), e->end_session);
}

static void start_done(struct hub *hub, struct errand *errand)
{
	const struct oidc_errand *e = (const struct oidc_errand *)errand;
	struct http_reply reply = {.status = 302};

	if (e->fault != OIDC_GOOD) {
		answer_problem(hub, e->id, oidc_fault_code(e->fault));
		return;
	}
	memcpy(hub->login->end_session, e->end_session, sizeof(e->end_session));
	http_reply_header(&reply, "location:", "%s", e->url);
	http_reply_cookie(&reply, HTTP_LOGIN_COOKIE, e->login.cookie,
			  (long)(LOGIN_STATE_US / 1000000));
	hub_answer(hub, e->id, &reply);
}

void oidc_http_start(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who)
{
	struct login *login = hub->login;
	struct addr from = request->peer;
	char text[ADDR_TEXT_MAX];
	struct oidc_errand *e;

	(void)ids;
	(void)who;
	if (login->oidc == NULL) {
		hub_answer_problem(hub, request->id, 404, "not-found",
				   "This server has no identity provider.");
		return;
	}
	from.port = 0;
	if (!attempts_take(login->by_browser, clock_now_us(), addr_format(&from, text))) {
		login_answer_slow(hub, request->id);
		return;
	}
	e = calloc(1, sizeof(*e));
	if (e == NULL) {
		answer_problem(hub, request->id, "login-busy");
		return;
	}
	e->errand = (struct errand){.run = start_run, .done = start_done, .close = errand_close};
	e->id = request->id;
	login_state_begin(login->states, clock_now_us(), &login->rng, &e->login);
	post(hub, e);
}

/* --- back ------------------------------------------------------------------------------------- */

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

static void finish_run(void *context, struct errand *errand)
{
	struct oidc_errand *e = (struct oidc_errand *)errand;

	e->fault = oidc_finish(context, &e->login, e->code, e->iss, &e->identity);
}

static void finish_done(struct hub *hub, struct errand *errand)
{
	const struct oidc_errand *e = (const struct oidc_errand *)errand;
	struct staff_job *j = e->fault == OIDC_GOOD ? calloc(1, sizeof(*j)) : NULL;

	if (j == NULL) {
		answer_problem(hub, e->id,
			       e->fault == OIDC_GOOD ? "login-busy" : oidc_fault_code(e->fault));
		return;
	}
	j->job = (struct store_job){
		.run = staff_run, .done = staff_done, .close = staff_close, .tag = e->id};
	j->issuer = oidc_issuer(hub->login->oidc);
	j->identity = e->identity;
	if (!hub_post_store(hub, &j->job))
		answer_problem(hub, e->id, "login-busy");
}

/* The arguments of the answer; false when it is none. */
static bool read_answer(const struct http_request *request, struct oidc_errand *e,
			char state[STATE_BYTES + 1], char error[HTTP_SMALL_BYTES])
{
	int code = http_query(request, "code", e->code, sizeof(e->code));
	int failed = http_query(request, "error", error, HTTP_SMALL_BYTES);

	return http_query(request, "state", state, STATE_BYTES + 1) == 1 &&
	       http_query(request, "iss", e->iss, sizeof(e->iss)) >= 0 && code >= 0 &&
	       failed >= 0 && code + failed == 1;
}

/* State and cookie come first: without them nothing of the rest is from a login we began. */
static const char *check_answer(struct login *login, const struct http_request *request,
				struct oidc_errand *e)
{
	char state[STATE_BYTES + 1], error[HTTP_SMALL_BYTES];

	if (!read_answer(request, e, state, error) ||
	    login_state_take(login->states, clock_now_us(), state, request->cookie_login,
			     &e->login) < 0)
		return "login-state";
	return error[0] != '\0' ? "login-refused" : NULL;
}

void oidc_http_callback(struct hub *hub, const struct http_request *request, const char *const *ids,
			const struct principal *who)
{
	struct oidc_errand *e = calloc(1, sizeof(*e));
	const char *problem = "login-busy";

	(void)ids;
	(void)who;
	if (hub->login->oidc == NULL) {
		free(e);
		hub_answer_problem(hub, request->id, 404, "not-found",
				   "This server has no identity provider.");
		return;
	}
	if (e != NULL)
		problem = check_answer(hub->login, request, e);
	if (problem != NULL) {
		log_warn("login-failed", "problem=%s", problem);
		answer_problem(hub, request->id, problem);
		free(e);
		return;
	}
	e->errand = (struct errand){.run = finish_run, .done = finish_done, .close = errand_close};
	e->id = request->id;
	post(hub, e);
}
