/* SPDX-License-Identifier: EUPL-1.2 */
#include <assert.h>
#include <stdio.h>

#include "signaling/service_private.h"

void meeting_write_time(char *out, int64_t unix_s)
{
	GDateTime *time = unix_s != 0 ? g_date_time_new_from_unix_utc(unix_s) : NULL;
	char *text = time != NULL ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : NULL;

	(void)snprintf(out, SERVICE_TIME_BYTES, "%s", text != NULL ? text : "");
	g_free(text);
	if (time != NULL)
		g_date_time_unref(time);
}

static void take_facts(struct meeting *meeting, const struct service_invite *invite)
{
	meeting->has_waiting_room = invite->has_waiting_room;
	meeting->needs_interpreter = invite->needs_interpreter;
	meeting->planned_unix_s = invite->planned_unix_s;
	meeting->state = invite->state;
	(void)snprintf(meeting->unit_id, sizeof(meeting->unit_id), "%s", invite->unit_id);
	(void)snprintf(meeting->unit_name, sizeof(meeting->unit_name), "%s", invite->unit_name);
	(void)snprintf(meeting->responsible_id, sizeof(meeting->responsible_id), "%s",
		       invite->responsible_id);
	(void)snprintf(meeting->responsible_name, sizeof(meeting->responsible_name), "%s",
		       invite->responsible_name);
	(void)snprintf(meeting->unit_phone, sizeof(meeting->unit_phone), "%s", invite->unit_phone);
	meeting_write_time(meeting->planned, invite->planned_unix_s);
	if (invite->planned_unix_s != 0 && invite->planned_minutes != 0)
		meeting_write_time(meeting->ends,
				   invite->planned_unix_s + invite->planned_minutes * 60);
}

struct meeting *meeting_new(struct service *service, const struct service_invite *invite,
			    const char *key)
{
	struct meeting *meeting = g_new0(struct meeting, 1);
	struct consultation *consultation = &meeting->consultation;

	(void)snprintf(meeting->key, sizeof(meeting->key), "%s", key);
	(void)snprintf(consultation->id, sizeof(consultation->id), "%s", invite->consultation_id);
	(void)snprintf(consultation->title, sizeof(consultation->title), "%s", invite->title);
	take_facts(meeting, invite);
	timer_init(&meeting->timer, TIMER_MEETING, meeting);
	timer_init(&meeting->queue_timer, TIMER_MEETING, meeting);
	timer_init(&meeting->interpreter_timer, TIMER_MEETING, meeting);
	timer_init(&meeting->code_timer, TIMER_MEETING, meeting);
	(void)g_hash_table_insert(service->meetings, meeting->key, meeting);
	/* Found empty at the end of the drain, it goes again. */
	meeting_mark(service, meeting);
	return meeting;
}

struct meeting *meeting_of_invite(struct service *service, const struct service_invite *invite)
{
	struct meeting *meeting = g_hash_table_lookup(service->meetings, invite->consultation_id);

	return meeting != NULL ? meeting : meeting_new(service, invite, invite->consultation_id);
}

void meeting_mark(struct service *service, struct meeting *meeting)
{
	meeting->has_queue_news = true;
	if (meeting->is_changed)
		return;
	meeting->is_changed = true;
	g_queue_push_tail(&service->changed, meeting);
}

/* --- the room --------------------------------------------------------------------------------- */

void meeting_open_room(struct service *service, struct meeting *meeting)
{
	if (meeting->room_id != 0)
		return;
	meeting->worker = 0;
	for (size_t i = 1; i < service->config.worker_count; i++) {
		if (service->worker_legs[i] < service->worker_legs[meeting->worker])
			meeting->worker = i;
	}
	meeting->room_id = ++service->next_room;
	service_put_media(
		service, meeting,
		&(struct media_command){.type = MEDIA_ROOM_OPEN, .room_id = meeting->room_id});
}

static void close_room(struct service *service, struct meeting *meeting)
{
	assert(meeting->leg_count == 0);
	if (meeting->room_id == 0)
		return;
	service_put_media(
		service, meeting,
		&(struct media_command){.type = MEDIA_ROOM_CLOSE, .room_id = meeting->room_id});
	meeting->room_id = 0;
}

/* --- the end ---------------------------------------------------------------------------------- */

static void meeting_free(struct service *service, struct meeting *meeting)
{
	assert(meeting->seat_count == 0);
	close_room(service, meeting);
	timer_set(service, &meeting->timer, DEADLINE_NEVER);
	timer_set(service, &meeting->queue_timer, DEADLINE_NEVER);
	timer_set(service, &meeting->interpreter_timer, DEADLINE_NEVER);
	timer_set(service, &meeting->code_timer, DEADLINE_NEVER);
	watch_gone(service, meeting);
	if (meeting->is_changed)
		(void)g_queue_remove(&service->changed, meeting);
	(void)g_hash_table_remove(service->meetings, meeting->key);
	g_free(meeting);
}

/* Closing the room closes its transports, so the worker needs no word about each. */
static void close_legs(struct service *service, struct seat *seat, enum problem problem)
{
	while (seat->leg_count > 0) {
		struct leg *leg = seat->legs[seat->leg_count - 1];

		if (leg->request != 0) {
			http_refuse(service, leg->request, problem, problem_text(problem));
			leg->request = 0;
		}
		leg_close(service, leg, true);
	}
}

void meeting_end(struct service *service, struct meeting *meeting, enum departure departure)
{
	while (meeting->seat_count > 0) {
		struct seat *seat = meeting->seats[meeting->seat_count - 1];

		close_legs(service, seat, PROBLEM_CONSULTATION_ENDED);
		if (seat->client != NULL)
			client_end(service, seat->client, departure);
		/* Nobody is told who left when everybody leaves. */
		seat->told_to = 0;
		seat_leave(service, seat, departure);
	}
	meeting_free(service, meeting);
}

void meeting_drain(struct service *service, struct meeting *meeting)
{
	for (size_t i = 0; i < meeting->seat_count; i++)
		close_legs(service, meeting->seats[i], PROBLEM_TRY_AGAIN);
	close_room(service, meeting);
}

void meeting_tidy(struct service *service, struct meeting *meeting)
{
	if (meeting->leg_count == 0)
		close_room(service, meeting);
	if (meeting->seat_count == 0)
		meeting_free(service, meeting);
}

/* --- figures ---------------------------------------------------------------------------------- */

size_t meeting_seats_waiting(const struct meeting *meeting)
{
	size_t waiting = 0;

	for (size_t i = 0; i < meeting->seat_count; i++)
		waiting += meeting->seats[i]->timer.node.place != 0;
	return waiting;
}

static size_t leg_tracks(const struct leg *leg, enum media_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < leg->params->mline_count; i++) {
		const struct mline_params *mline = &leg->params->mline[i];

		count += (mline->use & MLINE_TRACK) != 0 && mline->kind == kind;
	}
	return count;
}

size_t meeting_others_tracks(const struct meeting *meeting, const struct seat *seat,
			     enum media_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < meeting->seat_count; i++) {
		const struct seat *other = meeting->seats[i];

		for (size_t k = 0; other != seat && k < other->leg_count; k++)
			count += leg_tracks(other->legs[k], kind);
	}
	return count;
}
