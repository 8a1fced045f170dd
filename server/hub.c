/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/hub.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "server/audit.h"
#include "server/clock.h"
#include "server/http.h"
#include "server/insight.h"
#include "server/log.h"
#include "server/message.h"
#include "server/outbox.h"
#include "server/records.h"
#include "server/session_http.h"
#include "server/store_device.h"
#include "server/store_invite.h"
#include "server/webhook.h"
#include "server/whip_http.h"
#include "server/ws.h"

/* --- from the service ------------------------------------------------------------------------- */

struct invite_job {
	struct store_job job;
	char token[HTTP_BEARER_BYTES + 1];
	struct service_invite invite;
};

static void invite_run(struct store *store, struct store_job *job)
{
	struct invite_job *j = (struct invite_job *)job;

	job->result = store_invite_find(store, j->token, &j->invite);
	if (job->result == -ENOENT)
		job->result = store_device_invite(store, j->token, &j->invite);
}

static void invite_done(struct hub *hub, struct store_job *job)
{
	const struct invite_job *j = (const struct invite_job *)job;
	enum service_find_result result = job->result == 0	   ? SERVICE_FOUND
					  : job->result == -ENOENT ? SERVICE_NOT_FOUND
								   : SERVICE_FIND_FAILED;

	service_invite_found(hub->service, clock_now_us(), job->tag, result, &j->invite);
}

static void invite_close(struct store_job *job)
{
	struct invite_job *j = (struct invite_job *)job;

	explicit_bzero(j->token, sizeof(j->token));
	free(j);
}

static void find_invite(struct hub *hub, const struct service_output *out)
{
	struct invite_job *j = NULL;
	uint64_t lookup = out->lookup;
	bool is_too_long = strlen(out->token) >= sizeof(j->token);

	if (!is_too_long)
		j = calloc(1, sizeof(*j));
	if (j == NULL) {
		service_invite_found(hub->service, clock_now_us(), lookup,
				     is_too_long ? SERVICE_NOT_FOUND : SERVICE_FIND_FAILED, NULL);
		return;
	}
	j->job = (struct store_job){
		.run = invite_run, .done = invite_done, .close = invite_close, .tag = lookup};
	memcpy(j->token, out->token, strlen(out->token));
	if (!hub_post_store(hub, &j->job))
		service_invite_found(hub->service, clock_now_us(), lookup, SERVICE_FIND_FAILED,
				     NULL);
}

static void post_media(struct hub *hub, const struct service_output *out)
{
	const struct media_command *c = &out->command;
	uint32_t transport_id = c->params != NULL ? c->params->transport_id : c->transport_id;
	enum media_command_type type = c->type;
	int r = out->worker < hub->worker_count ? worker_post(hub->worker[out->worker], c)
						: -EINVAL;

	if (r == 0)
		return;
	hub->stats.mailbox_full++;
	log_error("worker-stuck", "worker=%zu command=%d result=%d", out->worker, (int)type, r);
	if (type == MEDIA_TRANSPORT_OPEN || type == MEDIA_TRANSPORT_UPDATE)
		service_media_done(hub->service, clock_now_us(), transport_id, r);
}

void hub_drain(struct hub *hub)
{
	struct service_output out;

	while (service_output(hub->service, &out)) {
		switch (out.type) {
		case SERVICE_CLIENT_TEXT:
			ws_send(hub->ws, out.client, out.text, out.text_len);
			break;
		case SERVICE_CLIENT_CLOSE:
			ws_close(hub->ws, out.client, out.close_code);
			break;
		case SERVICE_FIND_INVITE:
			find_invite(hub, &out);
			break;
		case SERVICE_MEDIA:
			post_media(hub, &out);
			break;
		case SERVICE_HTTP_REPLY:
			whip_http_answer(hub, &out);
			break;
		case SERVICE_FIND_TICKET:
			session_http_ticket_asked(hub, &out);
			break;
		case SERVICE_RECORD:
			records_take(hub, out.record);
			break;
		}
	}
}

void hub_tick(struct hub *hub)
{
	insight_tick(hub);
	records_tick(hub);
	audit_tick(hub);
	outbox_tick(hub);
	webhooks_tick(hub);
	retention_tick(hub);
}

void hub_timeout(struct hub *hub)
{
	service_timeout(hub->service, clock_now_us());
	hub_drain(hub);
}

/* --- to the service --------------------------------------------------------------------------- */

static void store_done(struct hub *hub, struct store_job *job)
{
	histogram_add(&hub->stats.store, clock_now_us() - job->posted_us);
	hub->is_store_broken |= job->result == -EIO;
	hub->stats.store_failures += job->result == -EIO;
	job->done(hub, job);
	store_job_free(job);
}

static void media_event(struct hub *hub, const struct engine_event *event)
{
	static const char *const reasons[] = {
		[ENGINE_GONE_EXPIRED] = "expired",
		[ENGINE_GONE_DTLS_FAILED] = "dtls-failed",
		[ENGINE_GONE_PEER_CLOSED] = "closed",
	};

	if (event->type == ENGINE_TRANSPORT_CONNECTED)
		log_info("transport-connected", "room=%u peer=%u", event->room_id,
			 event->transport_id);
	else if (event->type == ENGINE_TRANSPORT_GONE)
		log_info("transport-gone", "room=%u peer=%u reason=%s", event->room_id,
			 event->transport_id, reasons[event->reason]);
	service_media_event(hub->service, clock_now_us(), event);
}

void hub_read_mailbox(struct hub *hub)
{
	struct front_message m;

	mailbox_clear(hub->mailbox);
	while (mailbox_take(hub->mailbox, &m)) {
		switch (m.type) {
		case FRONT_MEDIA_DONE:
			service_media_done(hub->service, clock_now_us(), m.done.transport_id,
					   m.done.result);
			break;
		case FRONT_MEDIA_EVENT:
			media_event(hub, &m.event);
			break;
		case FRONT_STORE_DONE:
			store_done(hub, m.job);
			break;
		case FRONT_ERRAND_DONE:
			m.errand->done(hub, m.errand);
			errand_free(m.errand);
			break;
		}
		hub_drain(hub);
	}
	records_tick(hub); /* who has answered has room */
}

/* --- for routes ------------------------------------------------------------------------------- */

bool hub_post_store(struct hub *hub, struct store_job *job)
{
	if (store_thread_post(hub->store, job) == 0)
		return true;
	hub->stats.mailbox_full++;
	log_warn("store-overloaded", "tag=%" PRIu64, job->tag);
	store_job_free(job);
	return false;
}

void hub_answer(struct hub *hub, uint64_t id, struct http_reply *reply)
{
	http_answer(hub->http, id, reply);
}

void hub_answer_problem(struct hub *hub, uint64_t id, int status, const char *code,
			const char *detail)
{
	struct http_reply reply = {0};

	http_reply_problem(&reply, status, code, detail, NULL);
	hub_answer(hub, id, &reply);
}
