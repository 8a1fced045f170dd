/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <string.h>

#include "signaling/service_private.h"

void visit_refuse(struct service *service, const struct seat *seat, const struct message *message,
		  enum problem problem, const char *text)
{
	if (tell_can(seat))
		tell_error(service, seat->client,
			   &(struct message){.problem = problem,
					     .text = text,
					     .of = message_type_name(message->type)});
}

struct seat *visit_whom(struct service *service, const struct seat *by,
			const struct message *message)
{
	struct participant *p =
		consultation_find(&by->meeting->consultation, message->participant_id);

	if (p == NULL)
		visit_refuse(service, by, message, PROBLEM_PARTICIPANT_UNKNOWN,
			     "Nobody of that id is here.");
	return (struct seat *)p; /* a participant is its seat */
}

/* --- who it is -------------------------------------------------------------------------------- */

static void on_vouch(struct service *service, struct seat *by, const struct message *message)
{
	struct seat *seat = visit_whom(service, by, message);
	struct service_record more = {0};

	if (seat == NULL)
		return;
	if (seat == by || seat->participant.admission != ADMISSION_ADMITTED) {
		visit_refuse(service, by, message, PROBLEM_NOT_ALLOWED,
			     "One vouches for whom one sees.");
		return;
	}
	if (seat->participant.assurance < ASSURANCE_C)
		seat->participant.assurance = ASSURANCE_C;
	(void)snprintf(more.detail, sizeof(more.detail), "%s", vouch_name(message->vouch));
	record_put(service, RECORD_VOUCHED, seat, by, &more);
	meeting_mark(service, seat->meeting);
}

static void make_code(struct service *service, struct seat *seat)
{
	struct service_record more = {.text = onetime_make(&service->onetime, service->now_us,
							   &service->rng, seat->participant.id)};

	if (more.text != NULL)
		record_put(service, RECORD_CODE_MADE, seat, NULL, &more);
}

static bool has_code(const struct service *service, const struct seat *seat)
{
	return onetime_has(&service->onetime, service->now_us, seat->participant.id);
}

struct admission_ways visit_ways(const struct service *service, const struct seat *seat)
{
	return (struct admission_ways){.has_telephone = seat->code_hint[0] != '\0',
				       .has_eid = service->config.has_eid};
}

void visit_identified(struct service *service, struct seat *seat, const char *name)
{
	(void)snprintf(seat->identified_as, sizeof(seat->identified_as), "%s", name);
	seat->participant.assurance = ASSURANCE_A;
	seat->away_until_us = 0;
	seat->is_told = false;
	seat->waiting.is_told = false;
	meeting_mark(service, seat->meeting);
}

enum lack visit_lacks(const struct service *service, const struct seat *seat)
{
	const struct participant *p = &seat->participant;
	const struct admission_trust trust = {
		.role = p->role,
		.reached = p->assurance,
		.minimum = seat->minimum_assurance,
		.ways = visit_ways(service, seat),
		.has_code = has_code(service, seat),
	};

	return p->admission == ADMISSION_ADMITTED ? LACK_NONE : admission_lacks(&trust);
}

static bool wants_code(const struct seat *seat)
{
	return seat->minimum_assurance == ASSURANCE_B && seat->code_hint[0] != '\0' &&
	       seat->participant.assurance < ASSURANCE_B &&
	       seat->participant.admission != ADMISSION_ADMITTED;
}

int64_t visit_next_code_us(const struct service *service, const struct seat *seat)
{
	return wants_code(seat)
		       ? onetime_next_us(&service->onetime, service->now_us, seat->participant.id)
		       : 0;
}

void visit_make_code(struct service *service, struct seat *seat)
{
	if (wants_code(seat) && !has_code(service, seat))
		make_code(service, seat);
}

static void ask_code(struct service *service, const struct seat *seat)
{
	if (wants_code(seat) && has_code(service, seat) && tell_can(seat))
		tell(service, seat->client,
		     &(struct message){.type = MESSAGE_CODE_NEEDED, .sent_to = seat->code_hint});
}

void visit_want_code(struct service *service, struct seat *seat)
{
	visit_make_code(service, seat);
	ask_code(service, seat);
}

static void on_want_code(struct service *service, struct seat *seat, const struct message *message)
{
	if (!wants_code(seat) || visit_next_code_us(service, seat) > service->now_us) {
		visit_refuse(service, seat, message, PROBLEM_NOT_ALLOWED,
			     "No code can be sent to this person now.");
		return;
	}
	make_code(service, seat);
	ask_code(service, seat);
	meeting_mark(service, seat->meeting);
}

static void on_code(struct service *service, struct seat *seat, const struct message *message)
{
	enum onetime_result result = onetime_try(&service->onetime, service->now_us,
						 seat->participant.id, message->code);

	if (result == ONETIME_RIGHT) {
		seat->participant.assurance = MAX(seat->participant.assurance, ASSURANCE_B);
		seat->waiting.is_told = false;
		record_put(service, RECORD_CODE_PASSED, seat, NULL, NULL);
		meeting_mark(service, seat->meeting);
		return;
	}
	record_put(service, RECORD_CODE_FAILED, seat, NULL, NULL);
	visit_refuse(service, seat, message, PROBLEM_BAD_CODE, "That is not the code.");
	if (result == ONETIME_WORN)
		visit_want_code(service, seat);
	meeting_mark(service, seat->meeting);
}

static void on_interpreter_number(struct service *service, struct seat *seat,
				  const struct message *message)
{
	struct service_record more = {.text = message->interpreter_number};

	(void)snprintf(more.detail, sizeof(more.detail), "%s",
		       message->name != NULL ? message->name : "");
	if (message->name != NULL && message->name[0] != '\0') {
		(void)snprintf(seat->participant.name, sizeof(seat->participant.name), "%s",
			       message->name);
		seat->is_told = false;
	}
	record_put(service, RECORD_INTERPRETER, seat, NULL, &more);
	meeting_mark(service, seat->meeting);
}

/* --- the link, the end ------------------------------------------------------------------------ */

static void on_checked(struct service *service, struct seat *seat, const struct message *message)
{
	struct service_record more = {
		.check = {.up_kbps = (uint32_t)message->up_kbps,
			  .down_kbps = (uint32_t)message->down_kbps,
			  .loss_percent = (uint32_t)message->loss_percent,
			  .jitter_ms = (uint32_t)message->jitter_ms,
			  .rtt_ms = (uint32_t)message->rtt_ms,
			  .rtt_loaded_ms = (uint32_t)message->rtt_loaded_ms,
			  .reach = message->reach},
	};

	memcpy(more.check.verdict, message->verdict, sizeof(more.check.verdict));
	seat->has_check = true;
	seat->check = message->verdict[CHECK_TALK];
	record_put(service, RECORD_CHECKED, seat, NULL, &more);
	meeting_mark(service, seat->meeting);
}

static void on_hand_over(struct service *service, struct seat *by, const struct message *message)
{
	struct service_record more = {0};

	/* The store knows the staff; service_responsible_changed tells when it is so. */
	(void)snprintf(more.detail, sizeof(more.detail), "%s", message->staff_id);
	record_visit(service, RECORD_HANDED_OVER, by->meeting, by, &more);
}

static void on_end(struct service *service, struct seat *by, const struct message *message)
{
	struct meeting *meeting = by->meeting;
	struct service_record more = {.state = VISIT_ENDED,
				      .outcome = message->outcome,
				      .outcome_reason = message->outcome_reason};
	bool has_reason = message->outcome_reason != OUTCOME_REASON_COUNT;

	if (has_reason != (message->outcome == OUTCOME_PHYSICAL_VISIT)) {
		visit_refuse(service, by, message, PROBLEM_BAD_MESSAGE,
			     "A physical visit has a reason, and nothing else has.");
		return;
	}
	meeting->state = VISIT_ENDED;
	record_visit(service, RECORD_ENDED, meeting, by, &more);
	meeting_end(service, meeting, DEPARTURE_ENDED);
}

/* --- messages --------------------------------------------------------------------------------- */

static void (*const actions[MESSAGE_JOINED])(struct service *, struct seat *,
					     const struct message *) = {
	[MESSAGE_ADMIT] = admit_door,
	[MESSAGE_PUT_BACK] = admit_door,
	[MESSAGE_HOLD] = admit_door,
	[MESSAGE_REMOVE] = admit_remove,
	[MESSAGE_TALK_APART] = admit_private,
	[MESSAGE_VOUCH] = on_vouch,
	[MESSAGE_CODE] = on_code,
	[MESSAGE_WANT_CODE] = on_want_code,
	[MESSAGE_REQUEST_INVITE] = relay_message,
	[MESSAGE_INVITE_MADE] = relay_message,
	[MESSAGE_GIVE_CONSENT] = relay_message,
	[MESSAGE_ASK] = relay_message,
	[MESSAGE_SEND_STILL] = relay_message,
	[MESSAGE_ACK_STILL] = relay_message,
	[MESSAGE_POINT] = relay_message,
	[MESSAGE_TELL_WISH] = relay_message,
	[MESSAGE_SIGN] = relay_message,
	[MESSAGE_TYPE_TEXT] = relay_message,
	[MESSAGE_SAY_CHAT] = relay_message,
	[MESSAGE_INTERPRETER_NUMBER] = on_interpreter_number,
	[MESSAGE_CHECKED] = on_checked,
	[MESSAGE_PERCEIVED] = figures_message,
	[MESSAGE_END] = on_end,
	[MESSAGE_HAND_OVER] = on_hand_over,
};

void visit_message(struct service *service, struct client *client, const struct message *message)
{
	struct seat *seat = client->seat;
	const struct participant *p = &seat->participant;

	switch (permission_of(message->type, p->role, p->admission)) {
	case PERMISSION_YES:
		actions[message->type](service, seat, message);
		break;
	case PERMISSION_NOT_ADMITTED:
		visit_refuse(service, seat, message, PROBLEM_NOT_ADMITTED,
			     "You have not been let in yet.");
		break;
	case PERMISSION_NO:
	case PERMISSION_COUNT:
		visit_refuse(service, seat, message, PROBLEM_NOT_ALLOWED,
			     "Your role may not do that.");
		break;
	}
}
