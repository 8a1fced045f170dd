/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "signaling/service_private.h"

/* --- who watches ------------------------------------------------------------------------------ */

void watch_begin(struct service *service, struct client *client, const struct message *message)
{
	struct lookup lookup = {.purpose = LOOKUP_WATCH, .client = client->number};

	if (message->version != MESSAGE_PROTOCOL_VERSION)
		client_refuse(service, client, PROBLEM_VERSION, "This server speaks version 1.",
			      "watch");
	else if (service->is_draining)
		client_refuse(service, client, PROBLEM_TRY_AGAIN, "The server restarts.", "watch");
	else if (!token_is_valid(message->ticket))
		client_refuse(service, client, PROBLEM_TICKET_UNKNOWN,
			      "The ticket is unknown, used or too old.", "watch");
	else if (service_find(service, &lookup, message->ticket) != 0)
		client_refuse(service, client, PROBLEM_TRY_AGAIN, "Too many are joining.", "watch");
}

static bool watches(const struct client *client, const struct meeting *meeting)
{
	const struct service_ticket *watch = client->watch;

	if (watch == NULL || client->session.state != SESSION_WATCHING || meeting->is_check ||
	    meeting->unit_id[0] == '\0')
		return false;
	for (size_t i = 0; i < watch->unit_count; i++) {
		if (strcmp(watch->unit_id[i], meeting->unit_id) == 0)
			return true;
	}
	return false;
}

/* --- what is told ----------------------------------------------------------------------------- */

/* The name of an e-ID is for those to compare who let in: who watches is a clinician or staff of
 * the unit, or it had no ticket. */
static struct message_queued describe(const struct service *service, const struct seat *seat)
{
	const struct participant *p = &seat->participant;

	return (struct message_queued){
		.id = p->id,
		.role = p->role,
		.name = p->name,
		.admission = p->admission,
		.assurance = p->assurance,
		.lack = seat->lack,
		.identified_as = seat->identified_as[0] != '\0' ? seat->identified_as : NULL,
		.link = p->link,
		.level = p->has_quality ? p->level : QUALITY_COUNT,
		.up_kbps = p->has_quality ? p->up_kbps : -1,
		.down_kbps = p->has_quality ? p->down_kbps : -1,
		.rtt_ms = p->has_quality ? p->rtt_ms : -1,
		.since_s = (service->now_us - seat->since_us) / 1000000,
		.check = seat->has_check ? seat->check : VERDICT_COUNT,
	};
}

static struct message queue_of(const struct service *service, const struct meeting *meeting)
{
	struct message message = {
		.type = MESSAGE_QUEUE,
		.consultation_id = meeting->consultation.id,
		.title = meeting->consultation.title,
		.unit = meeting->unit_id,
		.visit_state = meeting->state,
		.planned = meeting->planned[0] != '\0' ? meeting->planned : NULL,
		.staff_id = meeting->responsible_id[0] != '\0' ? meeting->responsible_id : NULL,
		.mode = meeting->consultation.mode,
		.interpreter = meeting->needs_interpreter ? admit_interpreter(meeting)
							  : INTERPRETER_STATE_COUNT,
	};

	for (size_t i = 0; i < meeting->seat_count; i++)
		message.queued[message.queued_count++] = describe(service, meeting->seats[i]);
	return message;
}

static void tell_watchers(struct service *service, const struct meeting *meeting)
{
	struct message message = queue_of(service, meeting);
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, service->clients);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct client *client = value;

		if (watches(client, meeting))
			tell(service, client, &message);
	}
}

void watch_tell(struct service *service, struct meeting *meeting)
{
	if (!meeting->has_queue_news || service->watcher_count == 0)
		return;
	if (service->now_us < meeting->queue_us) {
		timer_set(service, &meeting->queue_timer, meeting->queue_us);
		return;
	}
	meeting->has_queue_news = false;
	meeting->queue_us = service->now_us + SERVICE_QUEUE_US;
	tell_watchers(service, meeting);
}

void watch_gone(struct service *service, struct meeting *meeting)
{
	if (service->watcher_count > 0)
		tell_watchers(service, meeting);
}

void watch_found(struct service *service, const struct lookup *lookup, enum problem problem,
		 const struct service_ticket *ticket)
{
	struct client *client = g_hash_table_lookup(service->clients, &lookup->client);
	struct message message = {.type = MESSAGE_WATCHING};
	GHashTableIter iter;
	gpointer value;

	if (client == NULL || client->session.state != SESSION_FINDING)
		return;
	if (problem != PROBLEM_COUNT) {
		client_refuse(service, client,
			      problem == PROBLEM_TOKEN_UNKNOWN ? PROBLEM_TICKET_UNKNOWN : problem,
			      problem == PROBLEM_TOKEN_UNKNOWN
				      ? "The ticket is unknown, used or too old."
				      : problem_text(problem),
			      "watch");
		return;
	}
	(void)session_step(&client->session, SESSION_ON_WATCHING);
	timer_set(service, &client->timer, ticket->ends_us);
	client->watch = g_new(struct service_ticket, 1);
	*client->watch = *ticket;
	service->watcher_count++;
	for (size_t i = 0; i < ticket->unit_count; i++)
		message.unit_ids[message.unit_id_count++] = client->watch->unit_id[i];
	g_hash_table_iter_init(&iter, service->meetings);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		message.count += watches(client, value);
	tell(service, client, &message);
	g_hash_table_iter_init(&iter, service->meetings);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct message queue = queue_of(service, value);

		if (watches(client, value))
			tell(service, client, &queue);
	}
}

/* --- the end ---------------------------------------------------------------------------------- */

void watch_late(struct service *service, struct client *client)
{
	client_refuse(service, client, PROBLEM_TICKET_UNKNOWN,
		      "The ticket's time is over: get another.", "watch");
}

void service_watch_end(struct service *service, int64_t now_us, const char *staff_id)
{
	GHashTableIter iter;
	gpointer value;

	service->now_us = now_us;
	g_hash_table_iter_init(&iter, service->clients);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct client *client = value;

		if (client->watch != NULL && client->session.state == SESSION_WATCHING &&
		    strcmp(client->watch->staff_id, staff_id) == 0)
			watch_late(service, client);
	}
}
