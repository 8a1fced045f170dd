/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/audit_http.h"

#include <glib.h>
#include <string.h>

#include "server/audit.h"
#include "server/http_query.h"
#include "server/hub.h"
#include "server/json_body.h"
#include "server/login.h"
#include "server/oidc_http.h"

#define CONSULTATIONS "/api/v1/consultations/"

/* What a record borrows while it is made. */
struct texts {
	char reason[AUDIT_MAX_REASON_BYTES + 1];
	char patient_ref[AUDIT_MAX_ID_BYTES + 1];
	char consultation[AUDIT_MAX_ID_BYTES + 1];
};

bool audit_http_is_login(const struct route *route)
{
	return route->handle == login_password || route->handle == oidc_http_callback;
}

static bool is_on_record(const struct route *route)
{
	switch (route->operation) {
	case OPERATION_OPEN:
		return audit_http_is_login(route);
	case OPERATION_SESSION_READ:
	case OPERATION_UNIT_LIST:
	case OPERATION_PLACE_LIST:
	case OPERATION_DEVICE_SELF:
		return false;
	default:
		return true;
	}
}

static const char *header_of(const struct http_reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->header_count; i++) {
		if (strcmp(reply->header[i].name, name) == 0)
			return reply->header[i].value;
	}
	return "";
}

/* The answer of before, given again: nothing was done anew. */
static bool is_repeated(const struct http_reply *reply)
{
	return header_of(reply, "idempotency-replayed:")[0] != '\0';
}

/* A login by an identity provider answers with a redirect in any case, and names the fault. */
static const char *login_fault(const struct http_reply *reply)
{
	const char *fault = strstr(header_of(reply, "location:"), "?problem=");

	if (fault != NULL)
		return fault + strlen("?problem=");
	return reply->status == 401 ? "login-failed" : "";
}

static enum audit_result result_of(const struct http_reply *reply)
{
	if (reply->status < 400)
		return AUDIT_OK;
	return reply->status == 401 || reply->status == 403 || reply->status == 404 ? AUDIT_DENIED
										    : AUDIT_FAILED;
}

/* The visit it is about: named by the path, or by the Location of what was made. */
static void set_subject(struct audit_event *e, const struct audit_http *x,
			const struct http_reply *reply, struct texts *t)
{
	const char *location = header_of(reply, "location:");

	if (strncmp(x->route->pattern, CONSULTATIONS, strlen(CONSULTATIONS)) == 0) {
		e->consultation = x->ids[0];
		e->subject = x->ids[1]; /* or NULL */
	} else if (x->ids[0] != NULL) {
		e->subject = x->ids[0];
	}
	if (e->consultation == NULL &&
	    strncmp(location, CONSULTATIONS, strlen(CONSULTATIONS)) == 0) {
		g_strlcpy(t->consultation, location + strlen(CONSULTATIONS),
			  sizeof(t->consultation));
		t->consultation[strcspn(t->consultation, "/?")] = '\0';
		e->consultation = t->consultation;
	}
	/* A wrong one (-EINVAL) was refused by the handler, and is "". */
	(void)http_query(x->request, "patient_ref", t->patient_ref, sizeof(t->patient_ref));
	e->patient_ref = t->patient_ref;
}

/* Why another's visit was opened, that it was done before, or with what status it was not. */
static void set_reason(struct audit_event *e, const struct audit_http *x,
		       const struct http_reply *reply, struct texts *t)
{
	const struct json_member members[] = {{"reason", t->reason, sizeof(t->reason), 0},
					      {.name = NULL}};
	const char *member, *why;

	if (x->route->operation == OPERATION_CONSULTATION_ENTER)
		/* {"reason": null} and nonsense leave "". */
		(void)json_body_parse(x->request->body, x->request->body_len, members, &member,
				      &why);
	if (t->reason[0] == '\0' && is_repeated(reply))
		g_strlcpy(t->reason, AUDIT_REASON_REPEATED, sizeof(t->reason));
	if (t->reason[0] == '\0' && e->result != AUDIT_OK)
		g_snprintf(t->reason, sizeof(t->reason), "status %d", reply->status);
	e->reason = t->reason;
}

static void set_problem(struct http_reply *reply)
{
	*reply = (struct http_reply){0};
	http_reply_problem(reply, 503, "audit-failed",
			   "This cannot be put on record at present, so it is refused.", NULL);
	http_reply_header(reply, "retry-after:", "2");
}

void audit_http_answer(struct hub *hub, const struct audit_http *exchange, struct http_reply *reply)
{
	const struct audit_http *x = exchange;
	bool is_known = x->who->kind != PRINCIPAL_NOBODY;
	struct audit_event e = {.result = result_of(reply)};
	struct texts t = {0};

	if (!is_on_record(x->route) || (!is_known && !audit_http_is_login(x->route)))
		return;
	if (audit_http_is_login(x->route)) {
		const char *fault = login_fault(reply);

		if (fault[0] == '\0' && !is_known)
			return; /* the attempt was not looked at: a bad body, too many tries */
		e.action = "login";
		e.reason = fault;
		e.result = fault[0] != '\0' ? AUDIT_DENIED : result_of(reply);
	} else {
		e.action = permission_operation_name(x->route->operation);
		set_subject(&e, x, reply, &t);
		set_reason(&e, x, reply, &t);
	}
	audit_set_actor(&e, is_known ? x->who : NULL, x->request);
	if (audit_post(hub, &e) == 0 || reply->status >= 400)
		return;
	http_reply_close(reply);
	set_problem(reply);
}

bool audit_http_refuses(struct hub *hub, const struct audit_http *exchange)
{
	struct http_reply reply;
	struct audit_stats stats;

	audit_stats(hub->audit, &stats);
	if (!stats.is_broken || !is_on_record(exchange->route))
		return false;
	set_problem(&reply);
	hub_answer(hub, exchange->request->id, &reply);
	return true;
}
