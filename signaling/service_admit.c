/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <string.h>

#include "signaling/service_private.h"

/* --- circles ---------------------------------------------------------------------------------- */

enum apart admit_apart(const struct seat *seat)
{
	if (!seat->meeting->has_private_talk)
		return APART_NONE;
	return seat->is_inside ? APART_INSIDE : APART_OUTSIDE;
}

uint8_t admit_circle(const struct seat *seat)
{
	return admission_circle(seat->participant.admission, admit_apart(seat));
}

bool admit_is_together(const struct seat *a, const struct seat *b)
{
	return admit_circle(a) != MEDIA_CIRCLE_ALONE && admit_circle(a) == admit_circle(b);
}

void admit_move(struct service *service, struct meeting *meeting)
{
	for (size_t i = 0; i < meeting->seat_count; i++) {
		const struct seat *seat = meeting->seats[i];
		uint8_t circle = admit_circle(seat);

		for (size_t k = 0; k < seat->leg_count; k++) {
			struct leg *leg = seat->legs[k];

			if (leg->params->circle == circle)
				continue;
			leg->params->circle = circle;
			if (!leg->is_open)
				continue;
			service_put_media(service, meeting,
					  &(struct media_command){.type = MEDIA_TRANSPORT_CIRCLE,
								  .room_id = leg->params->room_id,
								  .transport_id = leg->transport_id,
								  .circle = circle});
		}
	}
	meeting_mark(service, meeting);
}

/* --- private talks ---------------------------------------------------------------------------- */

static void tell_apart_to(struct service *service, const struct seat *seat)
{
	const struct meeting *meeting = seat->meeting;
	struct message message = {.type = MESSAGE_APART,
				  .is_outside = admit_apart(seat) == APART_OUTSIDE};

	if (seat->participant.admission != ADMISSION_ADMITTED || !tell_can(seat))
		return;
	for (size_t i = 0; i < meeting->seat_count && !message.is_outside; i++) {
		if (admit_apart(meeting->seats[i]) == APART_INSIDE)
			message.participant_ids[message.participant_id_count++] =
				meeting->seats[i]->participant.id;
	}
	tell(service, seat->client, &message);
}

static void tell_apart(struct service *service, const struct meeting *meeting)
{
	for (size_t i = 0; i < meeting->seat_count; i++)
		tell_apart_to(service, meeting->seats[i]);
}

void admit_tell_standing(struct service *service, struct seat *seat)
{
	const struct meeting *meeting = seat->meeting;

	if (!seat->wants_standing || !tell_can(seat))
		return;
	seat->wants_standing = false;
	if (meeting->has_private_talk)
		tell_apart_to(service, seat);
	for (size_t i = 0; i < meeting->seat_count; i++) {
		const struct seat *other = meeting->seats[i];

		if (other != seat && other->is_signing && admit_is_together(seat, other))
			tell(service, seat->client,
			     &(struct message){.type = MESSAGE_SIGNING,
					       .participant_id = other->participant.id,
					       .is_signing = true});
	}
}

/* Kept, so that nobody hears a private talk because the server began anew. */
static void record_aside(struct service *service, struct seat *seat, bool is_aside)
{
	if (seat->is_aside == is_aside || seat->participant.role == ROLE_CLINICIAN ||
	    seat->participant.admission != ADMISSION_ADMITTED)
		return;
	seat->is_aside = is_aside;
	record_put(service, is_aside ? RECORD_ASIDE : RECORD_BACK, seat, NULL, NULL);
}

static void end_private(struct service *service, struct meeting *meeting, const struct seat *by)
{
	if (!meeting->has_private_talk)
		return;
	meeting->has_private_talk = false;
	for (size_t i = 0; i < meeting->seat_count; i++) {
		meeting->seats[i]->is_inside = false;
		record_aside(service, meeting->seats[i], false);
	}
	record_visit(service, RECORD_PRIVATE_ENDED, meeting, by, NULL);
	admit_move(service, meeting);
	tell_apart(service, meeting);
}

void admit_seat_gone(struct service *service, struct meeting *meeting)
{
	size_t inside = 0;
	bool has_clinician = false;

	if (!meeting->has_private_talk)
		return;
	for (size_t i = 0; i < meeting->seat_count; i++) {
		inside += meeting->seats[i]->is_inside;
		has_clinician |= meeting->seats[i]->is_inside &&
				 meeting->seats[i]->participant.role == ROLE_CLINICIAN;
	}
	if (inside < 2 || !has_clinician)
		end_private(service, meeting, NULL);
}

void admit_private(struct service *service, struct seat *by, const struct message *message)
{
	struct meeting *meeting = by->meeting;
	struct seat *inside[LIMIT_PARTICIPANTS];

	if (message->participant_id_count == 0) {
		end_private(service, meeting, by);
		return;
	}
	for (size_t i = 0; i < message->participant_id_count; i++) {
		struct participant *p =
			consultation_find(&meeting->consultation, message->participant_ids[i]);

		inside[i] = (struct seat *)p; /* a participant is its seat */
		if (p == NULL || p->admission != ADMISSION_ADMITTED) {
			visit_refuse(service, by, message, PROBLEM_NOT_ALLOWED,
				     "A private talk is of people who are admitted.");
			return;
		}
	}
	for (size_t i = 0; i < meeting->seat_count; i++)
		meeting->seats[i]->is_inside = meeting->seats[i] == by;
	for (size_t i = 0; i < message->participant_id_count; i++)
		inside[i]->is_inside = true;
	meeting->has_private_talk = true;
	for (size_t i = 0; i < meeting->seat_count; i++) {
		struct seat *seat = meeting->seats[i];

		if (seat->is_inside)
			record_put(service, RECORD_PRIVATE_BEGAN, seat, by, NULL);
		record_aside(service, seat, !seat->is_inside);
	}
	admit_move(service, meeting);
	tell_apart(service, meeting);
	admit_seat_gone(service, meeting); /* with oneself alone it is none */
}

/* --- the interpreter -------------------------------------------------------------------------- */

static bool is_outside_yet(const struct meeting *meeting)
{
	for (size_t i = 0; i < meeting->seat_count; i++) {
		enum role role = meeting->seats[i]->participant.role;

		if (role == ROLE_PATIENT || role == ROLE_ROOM)
			return true;
	}
	return false;
}

enum interpreter_state admit_interpreter(const struct meeting *meeting)
{
	bool is_waiting = false;

	for (size_t i = 0; i < meeting->seat_count; i++) {
		const struct participant *p = &meeting->seats[i]->participant;

		if (p->role == ROLE_INTERPRETER && p->admission == ADMISSION_ADMITTED)
			return INTERPRETER_HERE;
		is_waiting |= p->role == ROLE_INTERPRETER;
	}
	if (is_waiting)
		return INTERPRETER_WAITING;
	return meeting->is_interpreter_late ? INTERPRETER_LATE : INTERPRETER_MISSING;
}

bool admit_lacks_interpreter(const struct meeting *meeting)
{
	return meeting->needs_interpreter && admit_interpreter(meeting) <= INTERPRETER_LATE;
}

/* Runs from when the patient is there, but not before the planned time. */
static void start_clock(struct service *service, struct meeting *meeting)
{
	int64_t planned_us = meeting->planned_unix_s * 1000000 - service->config.unix_offset_us;

	meeting->interpreter_us = MAX(service->now_us, planned_us) + SERVICE_INTERPRETER_US;
	timer_set(service, &meeting->interpreter_timer, meeting->interpreter_us);
}

void admit_follow_interpreter(struct service *service, struct meeting *meeting)
{
	if (meeting->is_check)
		return;
	if (!admit_lacks_interpreter(meeting) || meeting->state == VISIT_IN_PROGRESS) {
		meeting->interpreter_us = 0;
		meeting->is_interpreter_late = false;
		timer_set(service, &meeting->interpreter_timer, DEADLINE_NEVER);
	} else if (meeting->interpreter_us == 0) {
		if (is_outside_yet(meeting))
			start_clock(service, meeting);
	} else if (service->now_us >= meeting->interpreter_us && !meeting->is_interpreter_late) {
		meeting->is_interpreter_late = true;
		meeting->interpreter_late_us = service->now_us;
		meeting->has_queue_news = true;
		record_visit(service, RECORD_INTERPRETER_LATE, meeting, NULL, NULL);
	}
}

/* --- the door --------------------------------------------------------------------------------- */

void admit_mark_unit(struct service *service, const struct meeting *meeting)
{
	GHashTableIter iter;
	gpointer value;

	if (!meeting->has_waiting_room)
		return;
	g_hash_table_iter_init(&iter, service->meetings);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct meeting *other = value;

		if (strcmp(other->unit_id, meeting->unit_id) == 0)
			meeting_mark(service, other);
	}
}

static void tell_order(struct service *service, const struct seat *seat, const struct seat *by)
{
	bool is_in = seat->participant.admission == ADMISSION_ADMITTED;

	const struct consultation *c = &seat->meeting->consultation;

	if (!tell_can(seat))
		return;
	tell(service, seat->client,
	     &(struct message){.type = is_in ? MESSAGE_ADMITTED : MESSAGE_HELD,
			       .by_id = by->participant.id,
			       .title = c->title[0] != '\0' ? c->title : NULL});
	if (is_in && c->mode != MODE_TALK)
		tell(service, seat->client,
		     &(struct message){.type = MESSAGE_MODE,
				       .mode = c->mode,
				       .participant_id = by->participant.id});
}

/* Whom somebody knew it knows no longer when it is sent out, and is told of anew when let in. */
static void forget_sight(struct seat *seat)
{
	const struct meeting *meeting = seat->meeting;

	for (size_t i = 0; i < meeting->seat_count; i++)
		meeting->seats[i]->told_to &= ~(1U << seat->number);
	seat->waiting.is_told = false;
	seat->wants_qualities = true;
}

static void stand(struct service *service, struct seat *seat, struct seat *by,
		  enum admission admission)
{
	static const enum record_kind kinds[ADMISSION_COUNT] = {
		[ADMISSION_ADMITTED] = RECORD_ADMITTED,
		[ADMISSION_WAITING] = RECORD_PUT_BACK,
		[ADMISSION_HELD] = RECORD_HELD,
	};

	if (seat->participant.admission == admission)
		return;
	seat->participant.admission = admission;
	seat->is_inside = false;
	seat->is_aside = false;
	seat->wants_standing = true;
	seat->since_us = service->now_us;
	forget_sight(seat);
	record_put(service, kinds[admission], seat, by, NULL);
	if (seat->meeting->has_private_talk)
		record_aside(service, seat, true);
	admit_move(service, seat->meeting);
	tell_order(service, seat, by);
	admit_seat_gone(service, seat->meeting);
	admit_mark_unit(service, seat->meeting);
}

/* What can be done about it is said, where something can. */
static const char *why_unsure(const struct service *service, const struct seat *seat)
{
	if (admission_can_reach(seat->minimum_assurance, visit_ways(service, seat)))
		return "The unit lets in only those who have shown who they are.";
	if (seat->minimum_assurance == ASSURANCE_B)
		return "The unit asks for a one-time code, and this person has no telephone "
		       "number: give one in the booking.";
	return "The unit asks for an e-ID, which patients cannot show here: nobody can be let in "
	       "until its minimum_assurance is B or C.";
}

void admit_door(struct service *service, struct seat *by, const struct message *message)
{
	enum admission_order order = message->type == MESSAGE_ADMIT	 ? ADMISSION_ADMIT
				     : message->type == MESSAGE_PUT_BACK ? ADMISSION_PUT_BACK
									 : ADMISSION_HOLD;
	struct seat *seat = visit_whom(service, by, message);
	enum admission after;

	if (seat == NULL)
		return;
	after = admission_after(seat->participant.admission, order, seat->participant.role);
	if (after == ADMISSION_COUNT || !by->meeting->has_waiting_room)
		visit_refuse(service, by, message, PROBLEM_NOT_ALLOWED,
			     "This person does not wait.");
	else if (after == ADMISSION_ADMITTED && seat->participant.role == ROLE_PATIENT &&
		 !admission_is_sure(seat->participant.assurance, seat->minimum_assurance))
		visit_refuse(service, by, message, PROBLEM_NOT_ALLOWED, why_unsure(service, seat));
	else if (after == ADMISSION_ADMITTED && by->participant.role != ROLE_CLINICIAN &&
		 seat->participant.role != ROLE_INTERPRETER && admit_lacks_interpreter(by->meeting))
		visit_refuse(service, by, message, PROBLEM_NOT_ALLOWED,
			     "The interpreter is not there: only a clinician begins without.");
	else
		stand(service, seat, by, after);
}

void admit_remove(struct service *service, struct seat *by, const struct message *message)
{
	struct seat *seat = visit_whom(service, by, message);

	if (seat == NULL)
		return;
	if (seat == by || seat->participant.role == ROLE_CLINICIAN) {
		visit_refuse(service, by, message, PROBLEM_NOT_ALLOWED,
			     "Clinicians leave by themselves.");
		return;
	}
	record_put(service, RECORD_REMOVED, seat, by, NULL);
	seat_remove(service, seat);
}
