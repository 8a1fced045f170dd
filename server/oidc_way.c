/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/oidc_way.h"

#include <stdlib.h>
#include <string.h>

#include "server/clock.h"
#include "server/http_query.h"
#include "server/hub.h"
#include "server/log.h"

#define STATE_BYTES 63

/* One errand for both directions. */
struct oidc_errand {
	struct errand errand;
	const struct oidc_way *way;
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

static void errand_close(struct errand *errand)
{
	explicit_bzero(errand, sizeof(struct oidc_errand));
	free(errand);
}

static void answer_none(struct hub *hub, uint64_t id)
{
	hub_answer_problem(hub, id, 404, "not-found", "This server has no identity provider.");
}

/* --- there ------------------------------------------------------------------------------------ */

static void begin_run(void *context, struct errand *errand)
{
	struct oidc_errand *e = (struct oidc_errand *)errand;

	e->fault = oidc_begin(context, &e->login, e->url, sizeof(e->url), e->end_session);
}

static void begin_done(struct hub *hub, struct errand *errand)
{
	const struct oidc_errand *e = (const struct oidc_errand *)errand;

	if (e->fault != OIDC_GOOD)
		e->way->not_begun(hub, e->id, oidc_fault_code(e->fault));
	else
		e->way->began(hub, e->id, &e->login, e->url, e->end_session);
}

void oidc_way_begin(struct hub *hub, const struct http_request *request, const struct oidc_way *way,
		    const struct service_person *person)
{
	struct login_provider *provider = way->provider(hub->login);
	struct addr from = request->peer;
	char text[ADDR_TEXT_MAX];
	struct oidc_errand *e;

	if (provider->oidc == NULL) {
		answer_none(hub, request->id);
		return;
	}
	from.port = 0;
	if (!attempts_take(provider->by_browser, clock_now_us(), addr_format(&from, text))) {
		login_answer_slow(hub, request->id);
		return;
	}
	e = calloc(1, sizeof(*e));
	if (e == NULL) {
		way->not_begun(hub, request->id, "login-busy");
		return;
	}
	e->errand = (struct errand){.run = begin_run, .done = begin_done, .close = errand_close};
	e->way = way;
	e->id = request->id;
	login_state_begin(provider->states, clock_now_us(), &hub->login->rng, person, &e->login);
	if (errand_thread_post(provider->thread, &e->errand) == 0)
		return;
	way->not_begun(hub, e->id, "login-busy");
	errand_free(&e->errand);
}

/* --- back ------------------------------------------------------------------------------------- */

static void finish_run(void *context, struct errand *errand)
{
	struct oidc_errand *e = (struct oidc_errand *)errand;

	e->fault = oidc_finish(context, &e->login, e->code, e->iss, &e->identity);
}

static void finish_done(struct hub *hub, struct errand *errand)
{
	const struct oidc_errand *e = (const struct oidc_errand *)errand;

	if (e->fault == OIDC_GOOD)
		e->way->finished(hub, e->id, &e->login, &e->identity);
	else
		e->way->failed(hub, e->id, &e->login, oidc_fault_code(e->fault));
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
static const char *check_answer(struct login_provider *provider, const struct http_request *request,
				const char *cookie, struct oidc_errand *e)
{
	char state[STATE_BYTES + 1], error[HTTP_SMALL_BYTES];

	if (!read_answer(request, e, state, error) ||
	    login_state_take(provider->states, clock_now_us(), state, cookie, &e->login) < 0)
		return "login-state";
	return error[0] != '\0' ? "login-refused" : NULL;
}

void oidc_way_finish(struct hub *hub, const struct http_request *request,
		     const struct oidc_way *way, const char *cookie)
{
	struct login_provider *provider = way->provider(hub->login);
	struct oidc_errand *e;
	const char *problem;

	if (provider->oidc == NULL) {
		answer_none(hub, request->id);
		return;
	}
	e = calloc(1, sizeof(*e));
	if (e == NULL) {
		way->failed(hub, request->id, NULL, "login-busy");
		return;
	}
	e->errand = (struct errand){.run = finish_run, .done = finish_done, .close = errand_close};
	e->way = way;
	e->id = request->id;
	problem = check_answer(provider, request, cookie, e);
	if (problem == NULL && errand_thread_post(provider->thread, &e->errand) == 0)
		return;
	if (problem == NULL)
		problem = "login-busy";
	log_warn("login-failed", "problem=%s", problem);
	way->failed(hub, e->id, e->login.state[0] != '\0' ? &e->login : NULL, problem);
	errand_free(&e->errand);
}
