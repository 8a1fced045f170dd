/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/audit.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "server/clock.h"
#include "server/hub.h"
#include "server/log.h"
#include "server/permission.h"
#include "server/store_audit.h"
#include "server/token_text.h"

#define ID_BYTES 9
#define RETRY_US 1000000

struct audit {
	struct audit_key *key;
	struct rng rng;
	GQueue waiting; /* of char *, records as text */
	bool is_writing;
	int64_t retry_us;
	struct audit_stats stats;
};

struct append_job {
	struct store_job job;
	const struct audit_key *key;
	size_t count;
	char *text[AUDIT_MAX_GROUP]; /* own; NULL when given back */
};

int audit_new(struct audit **out, struct audit_key *key, struct rng rng)
{
	struct audit *audit = calloc(1, sizeof(*audit));

	if (audit == NULL)
		return -ENOMEM;
	audit->key = key;
	audit->rng = rng;
	g_queue_init(&audit->waiting);
	*out = audit;
	return 0;
}

void audit_free(struct audit *audit)
{
	if (audit == NULL)
		return;
	if (audit->waiting.length > 0)
		log_error("audit-lost", "records=%u reason=end", audit->waiting.length);
	g_queue_clear_full(&audit->waiting, g_free);
	audit_key_free(audit->key);
	free(audit);
}

const struct audit_key *audit_key_of(const struct audit *audit)
{
	return audit->key;
}

void audit_stats(const struct audit *audit, struct audit_stats *out)
{
	*out = audit->stats;
	out->waiting = audit->waiting.length;
}

/* --- the job -----------------------------------------------------------------------------------
 */

static void append_run(struct store *store, struct store_job *job)
{
	struct append_job *a = (struct append_job *)job;

	job->result = store_audit_append(store, a->key, clock_unix_us() / 1000,
					 (const char *const *)a->text, a->count);
}

static void append_close(struct store_job *job)
{
	struct append_job *a = (struct append_job *)job;

	/* Failed, and nobody took them back: the process ends. */
	if (job->result < 0 && a->count > 0 && a->text[0] != NULL)
		log_error("audit-lost", "records=%zu reason=database", a->count);
	for (size_t i = 0; i < a->count; i++)
		g_free(a->text[i]);
	free(a);
}

static void take_back(struct audit *audit, struct append_job *a)
{
	for (size_t i = a->count; i > 0; i--) {
		g_queue_push_head(&audit->waiting, a->text[i - 1]);
		a->text[i - 1] = NULL;
	}
	a->count = 0;
}

static void write_next(struct hub *hub);

static void append_done(struct hub *hub, struct store_job *job)
{
	struct append_job *a = (struct append_job *)job;
	struct audit *audit = hub->audit;

	audit->is_writing = false;
	if (job->result == 0) {
		audit->stats.records += a->count;
		if (audit->stats.is_broken)
			log_info("audit-works-again", "waiting=%u", audit->waiting.length);
		audit->stats.is_broken = false;
		write_next(hub);
		return;
	}
	audit->stats.failures++;
	if (!audit->stats.is_broken)
		log_error("audit-failed", "result=%d waiting=%zu", job->result,
			  audit->waiting.length + a->count);
	audit->stats.is_broken = true;
	audit->retry_us = clock_now_us() + RETRY_US;
	take_back(audit, a);
}

/* --- the queue ----------------------------------------------------------------------------------
 */

/* 0, or -EAGAIN: the store is overloaded, and the records wait on. */
static int post_group(struct hub *hub)
{
	struct audit *audit = hub->audit;
	struct append_job *a = calloc(1, sizeof(*a));
	int r = -EAGAIN;

	if (a == NULL)
		return -EAGAIN;
	a->job.run = append_run;
	a->job.done = append_done;
	a->job.close = append_close;
	a->key = audit->key;
	while (a->count < AUDIT_MAX_GROUP && audit->waiting.length > 0)
		a->text[a->count++] = g_queue_pop_head(&audit->waiting);
	r = store_thread_post(hub->store, &a->job);
	if (r == 0)
		return 0;
	take_back(audit, a);
	append_close(&a->job);
	return -EAGAIN;
}

/* One group at a time, so that what comes meanwhile is written together. */
static void write_next(struct hub *hub)
{
	struct audit *audit = hub->audit;

	if (audit->is_writing || audit->waiting.length == 0 || clock_now_us() < audit->retry_us)
		return;
	audit->is_writing = post_group(hub) == 0;
	if (!audit->is_writing)
		audit->retry_us = clock_now_us() + RETRY_US;
}

int audit_post(struct hub *hub, const struct audit_event *event)
{
	struct audit *audit = hub->audit;
	struct audit_event e = *event;
	char id[ID_BYTES * 2];

	if (audit->waiting.length >= AUDIT_MAX_WAITING) {
		audit->stats.lost++;
		log_error("audit-lost", "records=1 reason=full action=%s", e.action);
		return -ENOSPC;
	}
	if (e.id == NULL) {
		token_text_make(&audit->rng, id, "e", ID_BYTES);
		e.id = id;
	}
	if (e.at_ms == 0)
		e.at_ms = clock_unix_us() / 1000;
	g_queue_push_tail(&audit->waiting, audit_record_text(&e));
	write_next(hub);
	return audit->stats.is_broken ? -EIO : 0;
}

static void set_staff(struct audit_event *e, const struct principal *who)
{
	e->actor = AUDIT_STAFF;
	e->actor_hsa = who->subject;
	e->commission = who->commission_id;
	e->commission_hsa = who->commission_hsa_id;
	if (who->duty < DUTY_COUNT)
		e->duty = permission_duty_name(who->duty);
	e->acr = who->acr;
	e->unit_hsa = who->unit_hsa_id;
	e->provider = who->provider_id;
	e->provider_hsa = who->provider_hsa_id;
}

void audit_set_actor(struct audit_event *event, const struct principal *who,
		     const struct http_request *request)
{
	static const enum audit_actor actors[] = {
		[PRINCIPAL_NOBODY] = AUDIT_SYSTEM,   [PRINCIPAL_STAFF] = AUDIT_STAFF,
		[PRINCIPAL_API_KEY] = AUDIT_API_KEY, [PRINCIPAL_PARTICIPANT] = AUDIT_PARTICIPANT,
		[PRINCIPAL_DEVICE] = AUDIT_DEVICE,
	};
	char ip[ADDR_TEXT_MAX];

	event->address = audit_record_address_class(addr_format_ip(&request->peer, ip));
	if (who == NULL)
		return;
	event->actor = actors[who->kind];
	event->actor_id = who->id;
	event->unit = who->unit_id;
	if (who->kind == PRINCIPAL_STAFF)
		set_staff(event, who);
	if (who->kind == PRINCIPAL_PARTICIPANT)
		event->consultation = who->consultation_id;
}

void audit_tick(struct hub *hub)
{
	write_next(hub);
}

void audit_flush(struct hub *hub)
{
	while (hub->audit->waiting.length > 0 && post_group(hub) == 0)
		continue;
}
