/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/access.h"

#include <errno.h>
#include <glib.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "server/clock.h"
#include "server/http.h"
#include "server/hub.h"
#include "server/log.h"
#include "server/login.h"
#include "server/store_access.h"
#include "server/store_device.h"
#include "server/store_invite.h"
#include "server/store_session.h"
#include "server/store_visit.h"

/* What the request shows of who asks. One kind is looked at: a bearer token before a cookie, for
 * browsers add cookies by themselves. */
enum credential {
	CREDENTIAL_NONE,
	CREDENTIAL_SESSION,
	CREDENTIAL_KEY,
	CREDENTIAL_INVITE,
	CREDENTIAL_DEVICE,
};

struct access_job {
	struct store_job job;
	enum operation operation;
	enum credential credential;
	bool is_change; /* a method that changes something */
	char secret[HTTP_BEARER_BYTES + 1];
	char csrf[HTTP_SMALL_BYTES]; /* what the request shows */
	struct store_session_times times;
	struct principal who;
};

/* --- refusing --------------------------------------------------------------------------------- */

void access_answer_busy(struct hub *hub, uint64_t id)
{
	struct http_reply reply = {0};

	http_reply_problem(&reply, 503, "try-again", "The database did not answer.", NULL);
	http_reply_header(&reply, "retry-after:", "2");
	hub_answer(hub, id, &reply);
}

/* Which of the credentials that would do is asked for. */
static void answer_unknown(struct hub *hub, uint64_t id, enum operation operation,
			   enum credential credential)
{
	struct http_reply reply = {0};
	bool takes_key = permission_knows(operation, PRINCIPAL_API_KEY);
	bool takes_session = permission_knows(operation, PRINCIPAL_STAFF);

	if (takes_session && (credential == CREDENTIAL_SESSION || !takes_key))
		http_reply_problem(&reply, 401, "session-missing",
				   "Log in: there is no session, or it has ended.", NULL);
	else if (takes_key)
		http_reply_problem(&reply, 401, "api-key", "Give a valid API key as bearer token.",
				   NULL);
	else
		http_reply_problem(&reply, 401, "token-unknown",
				   "Give the token of your link or device as bearer token.", NULL);
	if (takes_key)
		http_reply_header(&reply, "www-authenticate:", "Bearer realm=\"vidd-api\"");
	else if (!takes_session)
		http_reply_header(&reply, "www-authenticate:", "Bearer realm=\"vidd\"");
	hub_answer(hub, id, &reply);
}

/* --- finding ---------------------------------------------------------------------------------- */

static int find_participant(struct store *store, const char *token, struct principal *who)
{
	struct service_invite invite;
	int r = store_invite_find(store, token, &invite);

	if (r < 0)
		return r == -ENOENT ? -EPERM : r;
	*who = (struct principal){.kind = PRINCIPAL_PARTICIPANT, .duty = DUTY_COUNT};
	strncpy(who->id, invite.participant_id, sizeof(who->id) - 1);
	strncpy(who->unit_id, invite.unit_id, sizeof(who->unit_id) - 1);
	who->role = invite.role;
	strncpy(who->consultation_id, invite.consultation_id, sizeof(who->consultation_id) - 1);
	return 0;
}

static void run(struct store *store, struct store_job *job)
{
	struct access_job *j = (struct access_job *)job;
	struct store_session session;
	int64_t now_s = clock_unix_s();

	switch (j->credential) {
	case CREDENTIAL_SESSION:
		job->result = store_session_find(store, now_s, &j->times, j->secret, &session);
		if (job->result == 0)
			j->who = session.who;
		break;
	case CREDENTIAL_KEY:
		job->result = store_api_key_find(store, now_s, j->secret, &j->who);
		break;
	case CREDENTIAL_INVITE:
		job->result = find_participant(store, j->secret, &j->who);
		break;
	case CREDENTIAL_DEVICE:
		job->result = store_device_find(store, now_s, j->secret, &j->who);
		break;
	case CREDENTIAL_NONE:
		job->result = -EPERM;
		break;
	}
}

/* The page proves that it is ours by what only it can read (double use of the session: the browser
 * adds the cookie to anybody's request, the header only our script can). */
static bool is_forged(const struct access_job *j)
{
	size_t len = strlen(j->who.csrf);

	return j->credential == CREDENTIAL_SESSION && j->is_change &&
	       (len == 0 || strlen(j->csrf) != len ||
		CRYPTO_memcmp(j->csrf, j->who.csrf, len) != 0);
}

/* Somebody who is known wants what they may not. Ids and words of ours alone are logged. */
static void refuse(struct hub *hub, const struct access_job *j, const char *code,
		   const char *detail)
{
	log_warn("access-refused", "why=%s operation=%s who=%s", code,
		 permission_operation_name(j->operation), j->who.id);
	hub_answer_problem(hub, j->job.tag, 403, code, detail);
}

static void done(struct hub *hub, struct store_job *job)
{
	const struct access_job *j = (const struct access_job *)job;

	if (job->result == 0)
		http_set_who(hub->http, job->tag, &j->who); /* a refusal is on record, too */
	if (job->result == -EPERM)
		answer_unknown(hub, job->tag, j->operation, j->credential);
	else if (job->result < 0)
		access_answer_busy(hub, job->tag);
	else if (is_forged(j))
		refuse(hub, j, "csrf", "X-Vidd-CSRF does not hold the session's csrf.");
	else if (!permission_allows(&j->who, j->operation))
		refuse(hub, j, "not-allowed",
		       "This is not among what you may do: docs/permissions.md.");
	else
		http_go_on(hub->http, job->tag, &j->who);
}

static void close_job(struct store_job *job)
{
	explicit_bzero(job, sizeof(struct access_job));
	free(job);
}

/* --- asking ----------------------------------------------------------------------------------- */

static enum credential credential_of(const struct http_request *request, enum operation operation)
{
	if (request->bearer[0] != '\0') {
		if (permission_knows(operation, PRINCIPAL_API_KEY) ||
		    strncmp(request->bearer, STORE_API_KEY_START, strlen(STORE_API_KEY_START)) == 0)
			return CREDENTIAL_KEY;
		if (permission_knows(operation, PRINCIPAL_DEVICE))
			return CREDENTIAL_DEVICE;
		if (permission_knows(operation, PRINCIPAL_PARTICIPANT))
			return CREDENTIAL_INVITE;
		return CREDENTIAL_NONE;
	}
	return request->cookie_session[0] != '\0' ? CREDENTIAL_SESSION : CREDENTIAL_NONE;
}

void access_check(struct hub *hub, const struct http_request *request, enum operation operation)
{
	enum credential credential = credential_of(request, operation);
	struct access_job *job;

	if (credential == CREDENTIAL_NONE) {
		answer_unknown(hub, request->id, operation, credential);
		return;
	}
	job = calloc(1, sizeof(*job));
	if (job == NULL) {
		access_answer_busy(hub, request->id);
		return;
	}
	job->job = (struct store_job){.run = run, .done = done, .close = close_job};
	job->job.tag = request->id;
	job->operation = operation;
	job->credential = credential;
	job->is_change = request->method != HTTP_GET && request->method != HTTP_HEAD;
	job->times = hub->login->times;
	g_strlcpy(job->secret,
		  credential == CREDENTIAL_SESSION ? request->cookie_session : request->bearer,
		  sizeof(job->secret));
	memcpy(job->csrf, request->csrf, sizeof(job->csrf));
	if (!hub_post_store(hub, &job->job))
		access_answer_busy(hub, request->id);
}
