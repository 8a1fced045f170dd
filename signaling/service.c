/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/service.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "signaling/service_private.h"

/* --- life ------------------------------------------------------------------------------------- */

int service_new(struct service **out, int64_t now_us, const struct service_config *config)
{
	struct service *service;
	size_t most;

	if (config->worker_count == 0 || config->worker_count > SERVICE_MAX_WORKERS)
		return -EINVAL;
	service = g_new0(struct service, 1);
	service->config = *config;
	service->rng = config->rng;
	/* Connections that have not joined count twice as many, each seat its legs, and there are
	 * at most as many meetings, with two timers each. */
	most = config->max_clients * (2 + 3 + LIMIT_SEAT_LEGS) + SERVICE_SPARE_CLIENTS +
	       SERVICE_MAX_LOOKUPS;
	if (heap_init(&service->timers, most) != 0) {
		g_free(service);
		return -ENOMEM;
	}
	g_queue_init(&service->outputs);
	g_queue_init(&service->changed);
	service->clients = g_hash_table_new(g_int64_hash, g_int64_equal);
	service->lookups = g_hash_table_new(g_int64_hash, g_int64_equal);
	service->meetings = g_hash_table_new(g_str_hash, g_str_equal);
	service->resumes = g_hash_table_new(g_str_hash, g_str_equal);
	service->legs = g_hash_table_new(g_int_hash, g_int_equal);
	service->resources = g_hash_table_new(g_str_hash, g_str_equal);
	service->tracks = g_hash_table_new(g_direct_hash, g_direct_equal);
	service->next_track = 1;
	*out = service;
	return 0;
}

struct transport_params *service_params_dup(const struct transport_params *params)
{
	struct transport_params *copy = transport_params_dup(params);

	/* As GLib does with what it allocates. */
	if (copy == NULL)
		g_error("no memory for the parameters of a transport");
	return copy;
}

static void queued_free(struct queued_output *queued)
{
	if (queued == NULL)
		return;
	free(queued->text);
	g_free(queued->resource);
	g_free(queued->etag);
	g_free(queued->detail);
	free(queued->params);
	g_free(queued->record);
	g_free(queued);
}

static void lookup_free(struct service *service, struct lookup *lookup)
{
	timer_set(service, &lookup->timer, DEADLINE_NEVER);
	(void)g_hash_table_remove(service->lookups, &lookup->number);
	g_free(lookup->body);
	g_free(lookup->from);
	g_free(lookup->resource);
	g_free(lookup->if_match);
	g_free(lookup);
}

static void free_all(GHashTable *table, void (*free_one)(struct service *, void *),
		     struct service *service)
{
	GList *values = g_hash_table_get_values(table);

	for (GList *at = values; at != NULL; at = at->next)
		free_one(service, at->data);
	g_list_free(values);
	g_hash_table_destroy(table);
}

static void free_one_lookup(struct service *service, void *lookup)
{
	lookup_free(service, lookup);
}

static void free_one_client(struct service *service, void *client)
{
	client_free(service, client);
}

static void free_one_meeting(struct service *service, void *meeting)
{
	meeting_end(service, meeting, DEPARTURE_REMOVED);
}

void service_free(struct service *service)
{
	struct queued_output *queued;

	if (service == NULL)
		return;
	free_all(service->lookups, free_one_lookup, service);
	free_all(service->meetings, free_one_meeting, service);
	free_all(service->clients, free_one_client, service);
	g_hash_table_destroy(service->resumes);
	g_hash_table_destroy(service->legs);
	g_hash_table_destroy(service->resources);
	g_hash_table_destroy(service->tracks);
	while ((queued = g_queue_pop_head(&service->outputs)) != NULL)
		queued_free(queued);
	queued_free(service->handed);
	g_queue_clear(&service->changed);
	heap_close(&service->timers);
	g_free(service);
}

/* --- time ------------------------------------------------------------------------------------- */

void timer_init(struct timer *timer, enum timer_kind kind, void *owner)
{
	*timer = (struct timer){.kind = kind, .owner = owner};
}

void timer_set(struct service *service, struct timer *timer, int64_t deadline_us)
{
	/* The heap has room for everything that the other limits let in. */
	int result = heap_set(&service->timers, &timer->node, deadline_us);

	assert(result == 0);
	(void)result;
}

static void lookup_answer(struct service *service, struct lookup *lookup, enum problem problem,
			  const struct service_invite *invite)
{
	if (service->is_draining && problem == PROBLEM_COUNT)
		problem = PROBLEM_TRY_AGAIN;
	if (problem == PROBLEM_COUNT && invite->is_check_only &&
	    !client_wants_check(service, lookup))
		problem = PROBLEM_TOKEN_UNKNOWN;
	if (lookup->purpose == LOOKUP_JOIN)
		client_found(service, lookup, problem, invite);
	else if (lookup->purpose == LOOKUP_WATCH)
		watch_found(service, lookup, problem, NULL); /* with a ticket: ticket_found */
	else
		http_found(service, lookup, problem, invite);
	lookup_free(service, lookup);
}

static void timer_fire(struct service *service, struct timer *timer)
{
	switch (timer->kind) {
	case TIMER_CLIENT:
		client_timeout(service, timer->owner);
		break;
	case TIMER_SEAT:
		seat_timeout(service, timer->owner);
		break;
	case TIMER_LEG:
		leg_timeout(service, timer->owner);
		break;
	case TIMER_LOOKUP:
		lookup_answer(service, timer->owner, PROBLEM_TRY_AGAIN, NULL);
		break;
	case TIMER_MEETING:
		meeting_mark(service, timer->owner);
		break;
	}
}

void service_timeout(struct service *service, int64_t now_us)
{
	struct heap_node *node;

	service->now_us = now_us;
	while ((node = heap_first(&service->timers)) != NULL && node->deadline_us <= now_us) {
		heap_remove(&service->timers, node);
		timer_fire(service, (struct timer *)node);
	}
}

int64_t service_deadline_us(const struct service *service)
{
	return heap_deadline_us(&service->timers);
}

/* --- the store -------------------------------------------------------------------------------- */

int service_find(struct service *service, const struct lookup *lookup, const char *token)
{
	struct lookup *kept;

	if (g_hash_table_size(service->lookups) >= SERVICE_MAX_LOOKUPS)
		return -ENOSPC;
	kept = g_new(struct lookup, 1);
	*kept = *lookup;
	kept->number = ++service->next_lookup;
	timer_init(&kept->timer, TIMER_LOOKUP, kept);
	(void)g_hash_table_insert(service->lookups, &kept->number, kept);
	timer_set(service, &kept->timer, service->now_us + SERVICE_LOOKUP_US);
	service_put(service, &(struct service_output){.type = lookup->purpose == LOOKUP_WATCH
								      ? SERVICE_FIND_TICKET
								      : SERVICE_FIND_INVITE,
						      .lookup = kept->number,
						      .token = token});
	return 0;
}

static enum problem find_problem(enum service_find_result result)
{
	static const enum problem problems[] = {
		[SERVICE_FOUND] = PROBLEM_COUNT,
		[SERVICE_NOT_FOUND] = PROBLEM_TOKEN_UNKNOWN,
		[SERVICE_FIND_FAILED] = PROBLEM_TRY_AGAIN,
	};

	return problems[result];
}

void service_ticket_found(struct service *service, int64_t now_us, uint64_t number,
			  enum service_find_result result, const struct service_ticket *ticket)
{
	struct lookup *lookup = g_hash_table_lookup(service->lookups, &number);

	service->now_us = now_us;
	if (lookup == NULL || lookup->purpose != LOOKUP_WATCH)
		return;
	watch_found(service, lookup,
		    service->is_draining ? PROBLEM_TRY_AGAIN : find_problem(result), ticket);
	lookup_free(service, lookup);
}

void service_invite_found(struct service *service, int64_t now_us, uint64_t number,
			  enum service_find_result result, const struct service_invite *invite)
{
	struct lookup *lookup = g_hash_table_lookup(service->lookups, &number);
	enum problem problem = find_problem(result);

	service->now_us = now_us;
	if (lookup == NULL || lookup->purpose == LOOKUP_WATCH)
		return;
	if (problem == PROBLEM_COUNT && invite->is_ended)
		problem = PROBLEM_CONSULTATION_ENDED;
	lookup_answer(service, lookup, problem, invite);
}

static struct seat *find_seat(const struct service *service, const char *consultation_id,
			      const char *participant_id)
{
	struct meeting *meeting = g_hash_table_lookup(service->meetings, consultation_id);

	if (meeting == NULL)
		return NULL;
	/* A participant is its seat. */
	return (struct seat *)consultation_find(&meeting->consultation, participant_id);
}

bool service_is_present(const struct service *service, const char *consultation_id,
			const char *participant_id)
{
	return find_seat(service, consultation_id, participant_id) != NULL;
}

void service_person_away(struct service *service, int64_t now_us,
			 const struct service_person *person, int64_t for_us)
{
	struct seat *seat = find_seat(service, person->consultation_id, person->participant_id);

	service->now_us = now_us;
	if (seat != NULL)
		seat->away_until_us = now_us + for_us;
}

void service_person_identified(struct service *service, int64_t now_us,
			       const struct service_person *person, const char *name,
			       const char *acr)
{
	struct seat *seat = find_seat(service, person->consultation_id, person->participant_id);

	service->now_us = now_us;
	if (seat != NULL)
		visit_identified(service, seat, name);
	record_identified(service, person, name, acr);
}

void service_participant_removed(struct service *service, int64_t now_us,
				 const char *consultation_id, const char *participant_id)
{
	struct seat *seat = find_seat(service, consultation_id, participant_id);

	service->now_us = now_us;
	if (seat != NULL)
		seat_remove(service, seat);
}

void service_responsible_changed(struct service *service, int64_t now_us,
				 const char *consultation_id, const char *staff_id,
				 const char *name)
{
	struct meeting *meeting = g_hash_table_lookup(service->meetings, consultation_id);

	service->now_us = now_us;
	if (meeting == NULL)
		return;
	g_strlcpy(meeting->responsible_id, staff_id, sizeof(meeting->responsible_id));
	g_strlcpy(meeting->responsible_name, name, sizeof(meeting->responsible_name));
	meeting_mark(service, meeting);
	admit_mark_unit(service, meeting);
}

void service_consultation_ended(struct service *service, int64_t now_us,
				const char *consultation_id)
{
	struct meeting *meeting = g_hash_table_lookup(service->meetings, consultation_id);

	service->now_us = now_us;
	if (meeting != NULL)
		meeting_end(service, meeting, DEPARTURE_ENDED);
}

/* --- shutdown --------------------------------------------------------------------------------- */

void service_drain(struct service *service, int64_t now_us)
{
	GHashTableIter iter;
	gpointer client, meeting;

	service->now_us = now_us;
	service->is_draining = true;
	g_hash_table_iter_init(&iter, service->clients);
	while (g_hash_table_iter_next(&iter, NULL, &client))
		client_drain(service, client);
	g_hash_table_iter_init(&iter, service->meetings);
	while (g_hash_table_iter_next(&iter, NULL, &meeting))
		meeting_drain(service, meeting);
}

/* --- outputs ---------------------------------------------------------------------------------- */

void service_put(struct service *service, const struct service_output *output)
{
	struct queued_output *queued = g_new0(struct queued_output, 1);
	struct service_output *o = &queued->output;

	*o = *output;
	o->token = queued->resource = g_strdup(output->token);
	if (output->resource != NULL)
		o->resource = queued->resource = g_strdup(output->resource);
	o->etag = queued->etag = g_strdup(output->etag);
	o->problem_detail = queued->detail = g_strdup(output->problem_detail);
	if (output->text != NULL)
		o->text = queued->text = strdup(output->text);
	if (output->body != NULL)
		o->body = queued->text = strdup(output->body);
	o->text_len = output->text != NULL ? strlen(output->text) : 0;
	if (output->record != NULL) {
		queued->record = g_new(struct service_record, 1);
		*queued->record = *output->record;
		if (output->record->text != NULL)
			queued->record->text = queued->text = strdup(output->record->text);
		o->record = queued->record;
	}
	if (output->command.params != NULL) {
		queued->params = service_params_dup(output->command.params);
		o->command.params = queued->params;
	}
	g_queue_push_tail(&service->outputs, queued);
}

void service_put_media(struct service *service, const struct meeting *meeting,
		       const struct media_command *command)
{
	service_put(service, &(struct service_output){.type = SERVICE_MEDIA,
						      .worker = meeting->worker,
						      .command = *command});
}

bool service_output(struct service *service, struct service_output *out)
{
	struct meeting *meeting;

	queued_free(service->handed);
	service->handed = g_queue_pop_head(&service->outputs);
	while (service->handed == NULL) {
		meeting = g_queue_pop_head(&service->changed);
		if (meeting == NULL)
			return false;
		meeting->is_changed = false;
		tell_changes(service, meeting);
		meeting_tidy(service, meeting);
		service->handed = g_queue_pop_head(&service->outputs);
	}
	*out = service->handed->output;
	return true;
}

void service_stats(const struct service *service, struct service_stats *out)
{
	GHashTableIter iter;
	gpointer value;

	*out = service->stats;
	out->clients = g_hash_table_size(service->clients);
	out->consultations = g_hash_table_size(service->meetings);
	g_hash_table_iter_init(&iter, service->clients);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		out->sessions += ((struct client *)value)->session.state == SESSION_JOINED;
	g_hash_table_iter_init(&iter, service->meetings);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		out->seats_waiting += meeting_seats_waiting(value);
}
