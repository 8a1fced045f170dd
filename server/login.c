/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/login.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/clock.h"
#include "server/hub.h"
#include "server/json_body.h"
#include "server/log.h"
#include "server/random.h"
#include "server/session_http.h"
#include "server/store_account.h"

/* Passwords are for a few people of the operator's: an address may try 20 and then one each 3 s, a
 * name 10 and then one each 30 s, whether there is such an account or not. */
#define ADDRESS_BURST	  20
#define ADDRESS_REFILL_US 3000000
#define ACCOUNT_BURST	  10
#define ACCOUNT_REFILL_US 30000000
/* A hospital behind one address begins its day: 200 logins at once, 5 per second. */
#define BROWSER_BURST	  200
#define BROWSER_REFILL_US 200000

/* --- the parts -------------------------------------------------------------------------------- */

static int begin_provider(struct login_provider *p, const struct oidc_settings *settings,
			  const char *name, struct mailbox *front)
{
	int r;

	if (settings->issuer[0] == '\0')
		return 0;
	r = oidc_new(&p->oidc, settings, p->redirect);
	if (r == 0)
		r = errand_thread_new(&p->thread, name, p->oidc, front);
	p->states = login_states_new();
	p->by_browser = attempts_new(BROWSER_BURST, BROWSER_REFILL_US);
	return r;
}

static void end_provider(struct login_provider *p)
{
	errand_thread_free(p->thread);
	oidc_free(p->oidc);
	login_states_free(p->states);
	attempts_free(p->by_browser);
}

static struct oidc_settings staff_settings(const struct config *c)
{
	return (struct oidc_settings){
		.issuer = c->oidc_issuer,
		.client_id = c->oidc_client_id,
		.secret_file = c->oidc_secret_file,
		.ca = c->oidc_ca,
		.scopes = c->oidc_scopes,
		.acr = c->oidc_acr,
		.names = {.subject = c->oidc_claim_subject,
			  .name = c->oidc_claim_name,
			  .list = c->oidc_claim_list,
			  .commission = c->oidc_claim_commission,
			  .commission_name = c->oidc_claim_commission_name,
			  .unit = c->oidc_claim_unit,
			  .provider = c->oidc_claim_provider,
			  .purpose = c->oidc_claim_purpose,
			  .duties = c->oidc_duties},
	};
}

static struct oidc_settings people_settings(const struct config *c)
{
	return (struct oidc_settings){
		.issuer = c->eid_issuer,
		.client_id = c->eid_client_id,
		.secret_file = c->eid_secret_file,
		.ca = c->eid_ca,
		.scopes = c->eid_scopes,
		.acr = c->eid_acr,
		.names = {.subject = c->eid_claim_subject,
			  .name = c->eid_claim_name,
			  .needs_name = true,
			  .list = "",
			  .commission = "",
			  .commission_name = "",
			  .unit = "",
			  .provider = "",
			  .purpose = "",
			  .duties = ""},
	};
}

int login_new(struct login **out, const struct config *config, const char *public_url,
	      struct mailbox *front)
{
	struct login *l = g_new0(struct login, 1);
	const struct oidc_settings staff = staff_settings(config);
	const struct oidc_settings people = people_settings(config);
	int r = 0;

	l->rng = random_system();
	l->times = (struct store_session_times){.idle_s = config->session_idle_min * 60,
						.total_s = config->session_hours * 3600};
	l->tickets = tickets_new();
	l->takes_passwords = config->local_accounts || config->demo;
	l->by_address = attempts_new(ADDRESS_BURST, ADDRESS_REFILL_US);
	l->by_account = attempts_new(ACCOUNT_BURST, ACCOUNT_REFILL_US);
	g_snprintf(l->staff.redirect, sizeof(l->staff.redirect), "%s/auth/callback", public_url);
	g_snprintf(l->people.redirect, sizeof(l->people.redirect), "%s/auth/eid/callback",
		   public_url);
	r = errand_thread_new(&l->password_thread, "password", NULL, front);
	if (r == 0)
		r = begin_provider(&l->staff, &staff, "oidc", front);
	if (r == 0)
		r = begin_provider(&l->people, &people, "eid", front);
	if (r < 0) {
		login_free(l);
		return r;
	}
	*out = l;
	return 0;
}

void login_free(struct login *l)
{
	if (l == NULL)
		return;
	errand_thread_free(l->password_thread);
	end_provider(&l->staff);
	end_provider(&l->people);
	tickets_free(l->tickets);
	attempts_free(l->by_address);
	attempts_free(l->by_account);
	g_free(l);
}

void login_answer_slow(struct hub *hub, uint64_t id)
{
	struct http_reply reply = {0};

	http_reply_problem(&reply, 429, "too-many-requests", "Too many tries: wait a little.",
			   NULL);
	http_reply_header(&reply, "retry-after:", "30");
	hub_answer(hub, id, &reply);
}

void login_methods(struct hub *hub, const struct http_request *request, const char *const *ids,
		   const struct principal *who)
{
	struct http_reply reply = {.status = 200};
	json_t *list = json_array(), *o;
	char *text;

	(void)ids;
	(void)who;
	if (hub->login->staff.oidc != NULL)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "kind", "oidc", "name",
						      hub->config->oidc_name, "url", "/auth/oidc"));
	if (hub->login->takes_passwords)
		json_array_append_new(list, json_pack("{s:s}", "kind", "password"));
	o = json_pack("{s:o}", "methods", list);
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	if (text == NULL) {
		access_answer_busy(hub, request->id);
		return;
	}
	http_reply_take(&reply, "application/json", text, strlen(text));
	hub_answer(hub, request->id, &reply);
}

/* --- passwords: find the account, hash, note how it went ----------------------------------------
 */

struct password_job {
	struct store_job job;
	char user[LIMIT_NAME_BYTES + 1];
	char password[PASSWORD_MAX_BYTES + 1];
	char address[ADDR_TEXT_MAX];
	struct store_account account;
};

struct password_errand {
	struct errand errand;
	uint64_t id;
	char password[PASSWORD_MAX_BYTES + 1];
	char hash[PASSWORD_HASH_BYTES]; /* "": of nobody who may log in */
	char staff_id[PRINCIPAL_ID_BYTES + 1];
	/* Who tried. */
	char user[LIMIT_NAME_BYTES + 1];
	char address[ADDR_TEXT_MAX];
	bool is_right;
};

/* Notes a right or wrong password; a right one goes on to a session. */
struct outcome_job {
	struct store_job job;
	char staff_id[PRINCIPAL_ID_BYTES + 1];
	bool is_right;
};

static void answer_wrong(struct hub *hub, uint64_t id)
{
	hub_answer_problem(hub, id, 401, "login-failed",
			   "User name or password are wrong, or there were too many tries: wait a "
			   "little and try again.");
}

static void outcome_run(struct store *store, struct store_job *job)
{
	struct outcome_job *j = (struct outcome_job *)job;

	if (j->staff_id[0] == '\0')
		job->result = 0; /* nobody's */
	else if (j->is_right)
		job->result = store_account_passed(store, j->staff_id);
	else
		job->result = store_account_failed(store, clock_unix_s(), j->staff_id);
}

static void outcome_done(struct hub *hub, struct store_job *job)
{
	const struct outcome_job *j = (const struct outcome_job *)job;

	if (!j->is_right)
		return; /* was told before: the write takes time that would tell of an account */
	if (job->result < 0)
		access_answer_busy(hub, job->tag);
	else
		session_http_begin(hub, job->tag, j->staff_id, "", false);
}

static void outcome_close(struct store_job *job)
{
	free(job);
}

static void errand_run(void *context, struct errand *errand)
{
	struct password_errand *e = (struct password_errand *)errand;

	(void)context;
	e->is_right = password_verify(e->hash, e->password);
}

static void errand_done(struct hub *hub, struct errand *errand)
{
	const struct password_errand *e = (const struct password_errand *)errand;
	struct outcome_job *j = calloc(1, sizeof(*j));

	if (e->is_right) {
		attempts_give_back(hub->login->by_address, e->address);
		attempts_give_back(hub->login->by_account, e->user);
	} else {
		log_warn("login-failed", "staff=%s", e->staff_id[0] != '\0' ? e->staff_id : "?");
		answer_wrong(hub, e->id);
	}
	if (j == NULL) {
		access_answer_busy(hub, e->id);
		return;
	}
	j->job = (struct store_job){
		.run = outcome_run, .done = outcome_done, .close = outcome_close, .tag = e->id};
	memcpy(j->staff_id, e->staff_id, sizeof(j->staff_id));
	j->is_right = e->is_right;
	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, e->id);
}

static void errand_close(struct errand *errand)
{
	explicit_bzero(errand, sizeof(struct password_errand));
	free(errand);
}

static void find_run(struct store *store, struct store_job *job)
{
	struct password_job *j = (struct password_job *)job;

	job->result = store_account_find(store, j->user, &j->account);
}

/* An account that rests, is disabled or is not there takes the same way with a hash that nothing
 * opens; its wrong password is then nobody's and not counted. */
static void find_done(struct hub *hub, struct store_job *job)
{
	const struct password_job *j = (const struct password_job *)job;
	const struct store_account *a = &j->account;
	struct password_errand *e;

	if (job->result < 0 && job->result != -ENOENT) {
		access_answer_busy(hub, job->tag);
		return;
	}
	e = calloc(1, sizeof(*e));
	if (e == NULL) {
		access_answer_busy(hub, job->tag);
		return;
	}
	e->errand = (struct errand){.run = errand_run, .done = errand_done, .close = errand_close};
	e->id = job->tag;
	memcpy(e->password, j->password, sizeof(e->password));
	memcpy(e->user, j->user, sizeof(e->user));
	memcpy(e->address, j->address, sizeof(e->address));
	if (job->result == 0 && !a->is_disabled && a->locked_until_unix_s <= clock_unix_s()) {
		memcpy(e->hash, a->hash, sizeof(e->hash));
		memcpy(e->staff_id, a->staff_id, sizeof(e->staff_id));
	}
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

/* The address is asked first: who has used up its tries costs no account any. */
static bool may_try(struct hub *hub, const struct http_request *request, struct password_job *j)
{
	int64_t now_us = clock_now_us();
	struct addr from = request->peer;

	from.port = 0;
	addr_format(&from, j->address);
	return attempts_take(hub->login->by_address, now_us, j->address) &&
	       attempts_take(hub->login->by_account, now_us, j->user);
}

void login_password(struct hub *hub, const struct http_request *request, const char *const *ids,
		    const struct principal *who)
{
	struct password_job *j = calloc(1, sizeof(*j));
	const struct json_member members[] = {
		{"username", j != NULL ? j->user : NULL, sizeof(j->user), 1},
		{"password", j != NULL ? j->password : NULL, sizeof(j->password), 1},
		{.name = NULL},
	};

	(void)ids;
	(void)who;
	if (j == NULL) {
		access_answer_busy(hub, request->id);
		return;
	}
	j->job = (struct store_job){
		.run = find_run, .done = find_done, .close = find_close, .tag = request->id};
	if (!hub->login->takes_passwords) {
		hub_answer_problem(hub, request->id, 404, "not-found",
				   "This server has no local accounts.");
	} else if (!json_body_read(hub, request, members)) {
		/* answered */
	} else if (!may_try(hub, request, j)) {
		login_answer_slow(hub, request->id);
	} else {
		if (!hub_post_store(hub, &j->job))
			access_answer_busy(hub, request->id);
		return;
	}
	store_job_free(&j->job);
}
