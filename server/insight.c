/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/insight.h"

#include <stdlib.h>
#include <string.h>

#include "server/audit.h"
#include "server/hub.h"
#include "server/metrics.h"
#include "server/store.h"
#include "server/store_job.h"

static void answer_text(struct hub *hub, uint64_t id, int status, const char *text)
{
	struct http_reply reply = {.status = status, .body = text, .body_len = strlen(text)};

	http_reply_header(&reply, "content-type:", "text/plain; charset=utf-8");
	http_reply_header(&reply, "cache-control:", "no-store");
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
	*job = (struct store_job){.run = probe_run, .done = probe_done, .close = probe_close};
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
	hub->stats.connections = guard_connections(hub->guard);
	text = metrics_text(hub->metrics, &hub->stats, &service);
	http_reply_take(&reply, "text/plain; version=0.0.4; charset=utf-8", text, strlen(text));
	http_reply_header(&reply, "cache-control:", "no-store");
	hub_answer(hub, request->id, &reply);
}
