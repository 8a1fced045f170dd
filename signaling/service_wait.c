/* SPDX-License-Identifier: EUPL-1.2 */
/* Those who wait: what each is told of the queue, of what is missing, and of the time. */
#include <stdio.h>
#include <string.h>

#include "signaling/service_private.h"

/* --- the queue -------------------------------------------------------------------------------- */

static bool is_in_queue(const struct seat *seat)
{
	return seat->participant.admission == ADMISSION_WAITING &&
	       (seat->participant.role == ROLE_PATIENT || seat->participant.role == ROLE_ROOM);
}

/* People of the same unit, and of the same clinician where it is known, who came before. */
static size_t count_ahead(const struct service *service, const struct seat *seat)
{
	const struct meeting *own = seat->meeting;
	GHashTableIter iter;
	gpointer value;
	size_t ahead = 0;

	g_hash_table_iter_init(&iter, service->meetings);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct meeting *meeting = value;

		if (meeting == own || meeting->is_check ||
		    strcmp(meeting->unit_id, own->unit_id) != 0 ||
		    strcmp(meeting->responsible_id, own->responsible_id) != 0)
			continue;
		for (size_t i = 0; i < meeting->seat_count; i++)
			ahead += is_in_queue(meeting->seats[i]) &&
				 meeting->seats[i]->since_us < seat->since_us;
	}
	return ahead;
}

static const struct seat *clinician_in(const struct meeting *meeting)
{
	for (size_t i = 0; i < meeting->seat_count; i++) {
		if (meeting->seats[i]->participant.role == ROLE_CLINICIAN)
			return meeting->seats[i];
	}
	return NULL;
}

static bool is_busy_elsewhere(const struct service *service, const struct meeting *own)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, service->meetings);
	while (own->responsible_id[0] != '\0' && g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct meeting *meeting = value;
		const struct seat *clinician = clinician_in(meeting);

		if (meeting != own && clinician != NULL &&
		    strcmp(clinician->staff_id, own->responsible_id) == 0)
			return true;
	}
	return false;
}

static struct told_waiting waiting_of(const struct service *service, const struct seat *seat)
{
	const struct meeting *meeting = seat->meeting;
	const struct seat *clinician = clinician_in(meeting);
	struct told_waiting w = {.is_told = true,
				 .ahead = count_ahead(service, seat),
				 .lack = seat->lack,
				 .next_code_us = visit_next_code_us(service, seat)};

	if (clinician != NULL)
		w.clinician = CLINICIAN_HERE;
	else
		w.clinician = is_busy_elsewhere(service, meeting) ? CLINICIAN_BUSY : CLINICIAN_AWAY;
	if (seat->participant.admission == ADMISSION_HELD)
		w.reason = WAIT_HELD;
	else
		w.reason = admit_lacks_interpreter(meeting) ? WAIT_INTERPRETER : WAIT_QUEUE;
	(void)snprintf(w.meet, sizeof(w.meet), "%s",
		       meeting->responsible_name[0] != '\0' ? meeting->responsible_name
		       : clinician != NULL		    ? clinician->participant.name
							    : "");
	return w;
}

/* --- what is told ----------------------------------------------------------------------------- */

static const char *or_none(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

/* RFC 3339 of a time of ours. */
static void write_clock(const struct service *service, char *out, int64_t at_us)
{
	meeting_write_time(out, (at_us + service->config.unix_offset_us) / 1000000);
}

/* What a message to an interpreter points to. */
struct clocks {
	char arrived[SERVICE_TIME_BYTES], late[SERVICE_TIME_BYTES];
};

/* An interpreter is booked by the clock, and is told what the unit keeps of it. */
static void add_clocks(const struct service *service, const struct seat *seat,
		       struct clocks *clocks, struct message *message)
{
	const struct meeting *meeting = seat->meeting;

	write_clock(service, clocks->arrived, seat->came_us);
	message->arrived = clocks->arrived;
	message->ends = or_none(meeting->ends);
	if (meeting->needs_interpreter)
		message->late_s = SERVICE_INTERPRETER_US / 1000000;
	if (meeting->interpreter_late_us != 0) {
		write_clock(service, clocks->late, meeting->interpreter_late_us);
		message->late = clocks->late;
	}
}

static bool is_told(const struct told_waiting *told, const struct told_waiting *w)
{
	return told->is_told && told->ahead == w->ahead && told->clinician == w->clinician &&
	       told->reason == w->reason && told->lack == w->lack &&
	       told->next_code_us == w->next_code_us && strcmp(told->meet, w->meet) == 0;
}

static void tell_waiting(struct service *service, struct seat *seat)
{
	const struct meeting *meeting = seat->meeting;
	struct told_waiting w = waiting_of(service, seat);
	struct clocks clocks;
	struct message message = {.type = MESSAGE_WAITING,
				  .place = (int64_t)w.ahead + 1,
				  .ahead = (int64_t)w.ahead,
				  .meet = w.meet,
				  .clinician = w.clinician,
				  .planned = or_none(meeting->planned),
				  .wait_reason = w.reason,
				  .phone = or_none(meeting->unit_phone),
				  .lack = w.lack};

	if (is_told(&seat->waiting, &w))
		return;
	seat->waiting = w;
	/* Rounded up: whoever asks then is not too early. */
	if (w.next_code_us > service->now_us)
		message.new_code_s = (w.next_code_us - service->now_us + 999999) / 1000000;
	if (seat->participant.role == ROLE_INTERPRETER)
		add_clocks(service, seat, &clocks, &message);
	tell(service, seat->client, &message);
}

void wait_tell(struct service *service, struct meeting *meeting)
{
	for (size_t i = 0; i < meeting->seat_count; i++) {
		struct seat *seat = meeting->seats[i];

		if (seat->participant.admission != ADMISSION_ADMITTED && tell_can(seat))
			tell_waiting(service, seat);
	}
}

/* --- what is missing -------------------------------------------------------------------------- */

void wait_follow_lacks(struct service *service, struct meeting *meeting)
{
	int64_t first_us = DEADLINE_NEVER;

	for (size_t i = 0; i < meeting->seat_count; i++) {
		struct seat *seat = meeting->seats[i];
		int64_t until_us =
			onetime_until_us(&service->onetime, service->now_us, seat->participant.id);

		seat->lack = visit_lacks(service, seat);
		if (seat->lack == LACK_CODE)
			first_us = MIN(first_us, until_us);
	}
	timer_set(service, &meeting->code_timer, first_us);
}
