/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/insight.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/audit.h"
#include "server/clock.h"
#include "server/hub.h"
#include "server/log.h"
#include "server/metrics.h"
#include "server/store.h"
#include "server/store_job.h"

static void answer_text(struct hub *hub, uint64_t id, int status, const char *text)
{
	struct http_reply reply = {.status = status, .body = text, .body_len = strlen(text)};

	http_reply_header(&reply, "content-type:", "text/plain; charset=utf-8");
	hub_answer(hub, id, &reply);
}

void insight_health(struct hub *hub, const struct http_request *request, const char *const *ids,
		    const struct principal *who)
{
	(void)ids;
	(void)who;
	answer_text(hub, request->id, 200, "ok\n");
}

void insight_ready(struct hub *hub, const struct http_request *request, const char *const *ids,
		   const struct principal *who)
{
	struct audit_stats audit;

	(void)ids;
	(void)who;
	audit_stats(hub->audit, &audit);
	if (hub->is_draining)
		answer_text(hub, request->id, 503, "draining\n");
	else if (audit.is_broken)
		answer_text(hub, request->id, 503, "audit fails\n");
	else if (hub->is_store_broken)
		answer_text(hub, request->id, 503, "database fails\n");
	else
		answer_text(hub, request->id, 200, "ready\n");
}

/* RFC 9116 2.5.5: less than a year ahead. */
#define SECURITY_DAYS 180

void insight_security(struct hub *hub, const struct http_request *request, const char *const *ids,
		      const struct principal *who)
{
	const char *contact = hub->config->security_contact;
	struct http_reply reply = {.status = 200};
	GDateTime *now, *end;
	char *until, *text;

	(void)ids;
	(void)who;
	if (contact[0] == '\0') {
		hub_answer_problem(hub, request->id, 404, "not-found", "Nothing is here.");
		return;
	}
	now = g_date_time_new_from_unix_utc(clock_unix_s());
	end = g_date_time_add_days(now, SECURITY_DAYS);
	until = g_date_time_format(end, "%Y-%m-%dT00:00:00Z");
	text = g_strdup_printf("Contact: %s\nExpires: %s\nPreferred-Languages: sv, en\n"
			       "Canonical: %s/.well-known/security.txt\n",
			       contact, until, hub->public_url);
	http_reply_take(&reply, "text/plain; charset=utf-8", strdup(text), strlen(text));
	hub_answer(hub, request->id, &reply);
	g_free(text);
	g_free(until);
	g_date_time_unref(end);
	g_date_time_unref(now);
}

static void probe_run(struct store *store, struct store_job *job)
{
	job->result = store_probe(store);
}

static void probe_done(struct hub *hub, struct store_job *job)
{
	hub->is_probing = false;
	hub->is_store_broken = job->result < 0;
}

static void probe_close(struct store_job *job)
{
	free(job);
}

void insight_tick(struct hub *hub)
{
	struct store_job *job;

	if (!hub->is_store_broken || hub->is_probing)
		return;
	job = calloc(1, sizeof(*job));
	if (job == NULL)
		return;
	*job = (struct store_job){
		.run = probe_run, .done = probe_done, .close = probe_close, .is_alone = true};
	hub->is_probing = hub_post_store(hub, job);
}

void insight_metrics(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who)
{
	struct http_reply reply = {.status = 200};
	struct service_stats service;
	char *text;

	(void)ids;
	(void)who;
	if (!hub->config->metrics_open && !request->is_local) {
		hub_answer_problem(hub, request->id, 403, "not-local",
				   "Metrics are for programs on the server itself; "
				   "metrics-open = true opens them.");
		return;
	}
	service_stats(hub->service, &service);
	audit_stats(hub->audit, &hub->stats.audit);
	outbox_stats(hub->outbox, &hub->stats.outbox);
	hub->stats.log_lost = log_lost();
	hub->stats.records_waiting = hub->records.waiting.length;
	hub->stats.records_lost = hub->records.lost;
	hub->stats.connections = guard_connections(hub->guard);
	text = metrics_text(hub->metrics, &hub->stats, &service);
	http_reply_take(&reply, "text/plain; version=0.0.4; charset=utf-8", text, strlen(text));
	hub_answer(hub, request->id, &reply);
}
