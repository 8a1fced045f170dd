/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/account_http.h"

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
#include "server/login.h"
#include "server/permission.h"
#include "server/session_http.h"
#include "server/store_account.h"

enum task {
	TASK_LIST,
	TASK_CREATE,
	TASK_CHANGE,
	TASK_LOG_OUT,
};

/* What is asked for; a new password is hashed before the store has it. */
struct account {
	enum task task;
	char unit_id[PRINCIPAL_ID_BYTES + 1]; /* the administrator's */
	char staff_id[PRINCIPAL_ID_BYTES + 1];
	char user[LIMIT_NAME_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	enum duty duty;
	char hash[PASSWORD_HASH_BYTES]; /* "": not another password */
	bool has_state, is_disabled;
};

struct account_job {
	struct store_job job;
	struct account account;
	struct store_account *list;
	size_t count;
};

struct account_errand {
	struct errand errand;
	uint64_t id;
	int result;
	struct account account;
	char password[PASSWORD_MAX_BYTES + 1];
	struct rng rng;
};

/* --- on the store thread ---------------------------------------------------------------------- */

static int log_out(struct store *store, const struct account *a)
{
	int r = store_account_in_unit(store, a->unit_id, a->staff_id);

	return r == 0 ? store_session_end_all(store, clock_unix_s(), a->staff_id) : r;
}

static void run(struct store *store, struct store_job *job)
{
	struct account_job *j = (struct account_job *)job;
	struct account *a = &j->account;
	const struct store_account_new made = {.user = a->user,
					       .name = a->name,
					       .hash = a->hash,
					       .unit_id = a->unit_id,
					       .duty = a->duty};

	switch (a->task) {
	case TASK_LIST:
		job->result = store_account_list(store, a->unit_id, j->list, &j->count);
		break;
	case TASK_CREATE:
		job->result = store_account_create(store, clock_unix_s(), &made, a->staff_id);
		break;
	case TASK_CHANGE:
		job->result = store_account_change(store, clock_unix_s(), a->unit_id, a->staff_id,
						   a->hash[0] != '\0' ? a->hash : NULL,
						   a->has_state ? &a->is_disabled : NULL);
		break;
	case TASK_LOG_OUT:
		job->result = log_out(store, a);
		break;
	}
}

static void close_job(struct store_job *job)
{
	struct account_job *j = (struct account_job *)job;

	free(j->list);
	explicit_bzero(j, sizeof(*j));
	free(j);
}

/* --- answering -------------------------------------------------------------------------------- */

/* Takes o. */
static void answer_json(struct hub *hub, uint64_t id, int status, json_t *o)
{
	struct http_reply reply = {.status = status};
	char *text = json_dumps(o, JSON_COMPACT);

	json_decref(o);
	if (text == NULL) {
		access_answer_busy(hub, id);
		return;
	}
	http_reply_take(&reply, "application/json", text, strlen(text));
	hub_answer(hub, id, &reply);
}

/* Rows come one per commission, those of one person together. */
static void answer_list(struct hub *hub, const struct account_job *j)
{
	json_t *list = json_array(), *duties = NULL;

	for (size_t i = 0; i < j->count; i++) {
		const struct store_account *a = &j->list[i];

		if (i == 0 || strcmp(a->staff_id, j->list[i - 1].staff_id) != 0) {
			duties = json_array();
			json_array_append_new(
				list, json_pack("{s:s, s:s, s:s, s:b, s:s, s:o}", "id", a->staff_id,
						"user", a->user, "name", a->name, "local",
						a->hash[0] != '\0', "state",
						a->is_disabled ? "disabled" : "active", "duties",
						duties));
		}
		json_array_append_new(duties, json_string(permission_duty_name(a->duty)));
	}
	answer_json(hub, j->job.tag, 200, json_pack("{s:o}", "accounts", list));
}

static void answer_failed(struct hub *hub, uint64_t id, int result)
{
	if (result == -ENOENT)
		hub_answer_problem(hub, id, 404, "account-unknown",
				   "Nobody of the unit has this id, or no local account.");
	else if (result == -EEXIST)
		hub_answer_problem(hub, id, 409, "account-exists", "This user name is taken.");
	else if (result == -EPERM)
		hub_answer_problem(hub, id, 403, "account-shared",
				   "They are of other units, too: one unit cannot change them.");
	else
		access_answer_busy(hub, id);
}

static void done(struct hub *hub, struct store_job *job)
{
	static const char *const events[] = {
		[TASK_CREATE] = "account-created",
		[TASK_CHANGE] = "account-changed",
		[TASK_LOG_OUT] = "account-logged-out",
	};
	const struct account_job *j = (const struct account_job *)job;
	struct http_reply reply = {.status = 204};

	if (job->result < 0) {
		answer_failed(hub, job->tag, job->result);
		return;
	}
	if (j->account.task == TASK_LIST) {
		answer_list(hub, j);
		return;
	}
	log_info(events[j->account.task], "staff=%s", j->account.staff_id);
	if (j->account.task == TASK_CREATE) {
		answer_json(hub, job->tag, 201, json_pack("{s:s}", "id", j->account.staff_id));
		return;
	}
	session_http_close(hub, j->account.staff_id);
	hub_answer(hub, job->tag, &reply);
}

/* --- asking ----------------------------------------------------------------------------------- */

static void post(struct hub *hub, uint64_t id, const struct account *account)
{
	struct account_job *j = calloc(1, sizeof(*j));

	if (j != NULL && account->task == TASK_LIST)
		j->list = calloc(STORE_ACCOUNTS_MAX, sizeof(*j->list));
	if (j == NULL || (account->task == TASK_LIST && j->list == NULL)) {
		free(j);
		access_answer_busy(hub, id);
		return;
	}
	j->job = (struct store_job){.run = run, .done = done, .close = close_job, .tag = id};
	j->account = *account;
	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, id);
}

static void hash_run(void *context, struct errand *errand)
{
	struct account_errand *e = (struct account_errand *)errand;

	(void)context;
	e->result = password_hash(e->account.hash, e->password, &e->rng);
}

static void hash_done(struct hub *hub, struct errand *errand)
{
	const struct account_errand *e = (const struct account_errand *)errand;

	if (e->result < 0)
		access_answer_busy(hub, e->id);
	else
		post(hub, e->id, &e->account);
}

static void hash_close(struct errand *errand)
{
	explicit_bzero(errand, sizeof(struct account_errand));
	free(errand);
}

static void post_hashed(struct hub *hub, uint64_t id, const struct account *account,
			const char *password)
{
	const char *fault = password_fault(password, account->user);
	struct http_reply reply = {0};
	struct account_errand *e;

	if (fault != NULL) {
		http_reply_problem(&reply, 400, "bad-body", fault, "password");
		hub_answer(hub, id, &reply);
		return;
	}
	e = calloc(1, sizeof(*e));
	if (e == NULL) {
		access_answer_busy(hub, id);
		return;
	}
	e->errand = (struct errand){.run = hash_run, .done = hash_done, .close = hash_close};
	e->id = id;
	e->account = *account;
	e->rng = hub->login->rng;
	g_strlcpy(e->password, password, sizeof(e->password));
	if (errand_thread_post(hub->login->password_thread, &e->errand) < 0) {
		errand_free(&e->errand);
		login_answer_slow(hub, id);
	}
}

static struct account account_of(const struct principal *who, enum task task, const char *staff_id)
{
	struct account a = {.task = task, .duty = DUTY_COUNT};

	memcpy(a.unit_id, who->unit_id, sizeof(a.unit_id));
	/* An id too long is nobody's, as is the empty one. */
	if (staff_id != NULL && strlen(staff_id) < sizeof(a.staff_id))
		g_strlcpy(a.staff_id, staff_id, sizeof(a.staff_id));
	return a;
}

void account_http_list(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who)
{
	struct account a = account_of(who, TASK_LIST, NULL);

	(void)ids;
	post(hub, request->id, &a);
}

void account_http_log_out(struct hub *hub, const struct http_request *request,
			  const char *const *ids, const struct principal *who)
{
	struct account a = account_of(who, TASK_LOG_OUT, ids[0]);

	post(hub, request->id, &a);
}

static bool refuse_without_accounts(struct hub *hub, uint64_t id)
{
	if (hub->login->takes_passwords)
		return false;
	hub_answer_problem(hub, id, 409, "no-local-accounts",
			   "This server has no local accounts: local-accounts = true.");
	return true;
}

void account_http_create(struct hub *hub, const struct http_request *request,
			 const char *const *ids, const struct principal *who)
{
	struct account a = account_of(who, TASK_CREATE, NULL);
	char password[PASSWORD_MAX_BYTES + 1] = "", duty[32];
	const struct json_member members[] = {
		{"user", a.user, sizeof(a.user), 1},
		{"name", a.name, sizeof(a.name), 1},
		{"password", password, sizeof(password), 1},
		{"duty", duty, sizeof(duty), 1},
		{.name = NULL},
	};
	struct http_reply reply = {0};

	(void)ids;
	if (refuse_without_accounts(hub, request->id) || !json_body_read(hub, request, members))
		return;
	a.duty = permission_duty_from_name(duty);
	if (a.duty == DUTY_COUNT) {
		http_reply_problem(&reply, 400, "bad-body",
				   "Duties are clinician, staff, administrator, reviewer, support.",
				   "duty");
		hub_answer(hub, request->id, &reply);
	} else {
		post_hashed(hub, request->id, &a, password);
	}
	explicit_bzero(password, sizeof(password));
}

void account_http_change(struct hub *hub, const struct http_request *request,
			 const char *const *ids, const struct principal *who)
{
	struct account a = account_of(who, TASK_CHANGE, ids[0]);
	char password[PASSWORD_MAX_BYTES + 1] = "", state[16];
	const struct json_member members[] = {
		{"password", password, sizeof(password), 0},
		{"state", state, sizeof(state), 0},
		{.name = NULL},
	};
	struct http_reply reply = {0};

	if (!json_body_read(hub, request, members))
		return;
	a.has_state = state[0] != '\0';
	a.is_disabled = strcmp(state, "disabled") == 0;
	if ((a.has_state && !a.is_disabled && strcmp(state, "active") != 0) ||
	    (!a.has_state && password[0] == '\0')) {
		http_reply_problem(&reply, 400, "bad-body",
				   "Give a password, or a state: active or disabled.", "state");
		hub_answer(hub, request->id, &reply);
	} else if (password[0] != '\0') {
		post_hashed(hub, request->id, &a, password);
	} else {
		post(hub, request->id, &a);
	}
	explicit_bzero(password, sizeof(password));
}
