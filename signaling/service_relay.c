/* SPDX-License-Identifier: EUPL-1.2 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "signaling/service_private.h"

/* --- asking and consent ----------------------------------------------------------------------- */

static struct ask *find_ask(struct seat *seat, const char *id)
{
	for (size_t i = 0; i < seat->ask_count; i++) {
		if (strcmp(seat->asks[i].id, id) == 0)
			return &seat->asks[i];
	}
	return NULL;
}

/* The yes that this clinician may point at the person's picture. */
static struct ask *find_point(struct seat *seat, const struct seat *clinician)
{
	for (size_t i = 0; i < seat->ask_count; i++) {
		struct ask *ask = &seat->asks[i];

		if (ask->act == ACT_POINTER && ask->is_given &&
		    strcmp(ask->from, clinician->participant.id) == 0)
			return ask;
	}
	return NULL;
}

/* The oldest goes when there are too many; a yes to the pointer, which is in use, if all are. */
static struct ask *new_ask(struct seat *seat)
{
	size_t i = 0;

	if (seat->ask_count < SERVICE_MAX_ASKS)
		return &seat->asks[seat->ask_count++];
	while (i < SERVICE_MAX_ASKS - 1 && seat->asks[i].act == ACT_POINTER &&
	       seat->asks[i].is_given)
		i++;
	memmove(seat->asks + i, seat->asks + i + 1,
		(SERVICE_MAX_ASKS - 1 - i) * sizeof(seat->asks[0]));
	return &seat->asks[SERVICE_MAX_ASKS - 1];
}

static void on_ask(struct service *service, struct seat *from, const struct message *message)
{
	struct seat *seat = visit_whom(service, from, message);
	struct service_record more = {0};
	struct ask *ask;

	if (seat == NULL)
		return;
	if (seat->participant.admission != ADMISSION_ADMITTED || !tell_can(seat)) {
		visit_refuse(service, from, message, PROBLEM_PARTICIPANT_UNKNOWN,
			     "That person cannot be asked at the moment.");
		return;
	}
	ask = find_ask(seat, message->id);
	if (ask == NULL)
		ask = new_ask(seat);
	*ask = (struct ask){.act = message->act};
	(void)snprintf(ask->id, sizeof(ask->id), "%s", message->id);
	(void)snprintf(ask->from, sizeof(ask->from), "%s", from->participant.id);
	(void)snprintf(more.detail, sizeof(more.detail), "%s", act_name(message->act));
	record_put(service, RECORD_ASKED, seat, from, &more);
	tell(service, seat->client,
	     &(struct message){.type = MESSAGE_ASKED,
			       .id = message->id,
			       .act = message->act,
			       .from_id = from->participant.id});
}

static void tell_point(struct service *service, const struct seat *from, const char *participant_id,
		       double x, double y)
{
	tell_circle(service, from, false,
		    &(struct message){.type = MESSAGE_POINTER,
				      .from_id = from->participant.id,
				      .participant_id = participant_id,
				      .x = x,
				      .y = y});
}

/* A no takes back each yes to this clinician's pointer, and what it points at is shown no more. */
static void stop_pointing(struct service *service, struct seat *from, const char *clinician_id)
{
	const struct participant *p = consultation_find(&from->meeting->consultation, clinician_id);
	const struct seat *clinician = (const struct seat *)p; /* a participant is its seat */
	struct ask *ask = clinician != NULL ? find_point(from, clinician) : NULL;

	if (ask == NULL)
		return;
	for (; ask != NULL; ask = find_point(from, clinician))
		ask->is_given = false;
	tell_point(service, clinician, from->participant.id, NAN, NAN);
	if (tell_can(clinician))
		tell(service, clinician->client,
		     &(struct message){.type = MESSAGE_POINTER,
				       .from_id = clinician->participant.id,
				       .participant_id = from->participant.id,
				       .x = NAN,
				       .y = NAN});
}

static void on_consent(struct service *service, struct seat *from, const struct message *message)
{
	struct ask *ask = find_ask(from, message->id);
	struct service_record more = {.text = message->wording, .is_given = message->is_given};

	if (ask == NULL || ask->act != message->act) {
		visit_refuse(service, from, message, PROBLEM_NOT_ALLOWED,
			     "Nobody has asked for that.");
		return;
	}
	if (ask->act == ACT_POINTER && !message->is_given)
		stop_pointing(service, from, ask->from);
	ask->is_given = message->is_given;
	(void)snprintf(more.detail, sizeof(more.detail), "%s", act_name(message->act));
	record_put(service, RECORD_CONSENT, from, NULL, &more);
	tell_care(service, from,
		  &(struct message){.type = MESSAGE_CONSENT,
				    .participant_id = from->participant.id,
				    .act = message->act,
				    .id = message->id,
				    .is_given = message->is_given});
}

/* --- stills ----------------------------------------------------------------------------------- */

static struct seat *addressee(struct service *service, const struct seat *from,
			      const struct message *message)
{
	struct participant *p = consultation_find(&from->meeting->consultation, message->to_id);
	struct seat *seat = (struct seat *)p; /* a participant is its seat */

	if (seat != NULL && tell_can(seat) && admit_is_together(seat, from))
		return seat;
	visit_refuse(service, from, message, PROBLEM_PARTICIPANT_UNKNOWN,
		     "Nobody of that id is here.");
	return NULL;
}

/* The still this part is of: the first that comes for the yes, or another in its place as long as
 * it has not arrived whole. One yes is for one picture. */
static bool is_of_still(struct ask *ask, const struct message *m)
{
	bool is_same = ask->bytes == m->bytes && ask->count == m->count &&
		       strcmp(ask->sha256, m->sha256) == 0;

	if (is_same || m->seq != 0 || (ask->count > 0 && ask->answered_count == ask->count))
		return is_same;
	ask->bytes = m->bytes;
	ask->count = m->count;
	(void)snprintf(ask->sha256, sizeof(ask->sha256), "%s", m->sha256);
	ask->under_way_count = 0;
	ask->answered_count = 0;
	memset(ask->answered, 0, sizeof(ask->answered));
	return true;
}

/* Whether it may go now: two parts are under way at most, so that sound is not held up. What is
 * sent again is under way already. */
static bool takes_place(struct ask *ask, int64_t seq)
{
	for (size_t i = 0; i < ask->under_way_count; i++) {
		if (ask->under_way[i] == seq)
			return true;
	}
	if (ask->under_way_count == SERVICE_STILL_WINDOW)
		return false;
	ask->under_way[ask->under_way_count++] = seq;
	return true;
}

static void answer_part(struct ask *ask, int64_t seq)
{
	uint8_t bit = (uint8_t)(1U << (seq % 8));

	for (size_t i = 0; i < ask->under_way_count; i++) {
		if (ask->under_way[i] != seq)
			continue;
		ask->under_way[i] = ask->under_way[--ask->under_way_count];
		ask->answered_count += (ask->answered[seq / 8] & bit) == 0;
		ask->answered[seq / 8] |= bit;
		return;
	}
}

static void on_still(struct service *service, struct seat *from, const struct message *message)
{
	struct ask *ask = find_ask(from, message->id);
	struct seat *to = addressee(service, from, message);
	struct message still = *message;

	if (to == NULL)
		return;
	if (ask == NULL || !ask->is_given || ask->act != ACT_STILL ||
	    strcmp(ask->from, message->to_id) != 0) {
		visit_refuse(service, from, message, PROBLEM_NOT_ALLOWED,
			     "A still goes to whoever asked for it, after a yes.");
		return;
	}
	if (message->seq >= message->count) {
		visit_refuse(service, from, message, PROBLEM_TOO_LARGE,
			     "The still has fewer parts than that.");
		return;
	}
	if (!is_of_still(ask, message)) {
		visit_refuse(service, from, message, PROBLEM_NOT_ALLOWED,
			     "A yes is for one picture.");
		return;
	}
	if (!takes_place(ask, message->seq)) {
		visit_refuse(service, from, message, PROBLEM_TOO_LARGE,
			     "Two parts wait for their answers.");
		return;
	}
	still.type = MESSAGE_STILL;
	still.from_id = from->participant.id;
	tell(service, to->client, &still);
}

static void on_still_ack(struct service *service, struct seat *from, const struct message *message)
{
	struct seat *to = addressee(service, from, message);
	struct ask *ask = to != NULL ? find_ask(to, message->id) : NULL;

	if (to == NULL)
		return;
	if (ask == NULL || strcmp(ask->from, from->participant.id) != 0) {
		visit_refuse(service, from, message, PROBLEM_NOT_ALLOWED,
			     "Whoever asked for a still answers its parts.");
		return;
	}
	answer_part(ask, message->seq);
	tell(service, to->client,
	     &(struct message){.type = MESSAGE_STILL_ACK,
			       .from_id = from->participant.id,
			       .id = message->id,
			       .seq = message->seq});
}

/* --- text ------------------------------------------------------------------------------------- */

/* Of the person, so that coming again gives no more. Readers show what is left out as lost. */
static void on_text(struct service *service, struct seat *from, const struct message *message)
{
	size_t chars;

	if (t140_check(message->t140, strlen(message->t140), &chars) != T140_GOOD ||
	    !t140_flows(&from->text, service->now_us, chars)) {
		visit_refuse(service, from, message, PROBLEM_TOO_LARGE,
			     "More text than anybody writes or reads; it was left out.");
		return;
	}
	tell_circle(service, from, false,
		    &(struct message){.type = MESSAGE_TEXT,
				      .participant_id = from->participant.id,
				      .seq = message->seq,
				      .t140 = message->t140});
}

/* Who waits and those who look after it: as long as it waits they share no circle. */
static void chat_at_the_door(struct service *service, struct seat *from, const struct message *chat)
{
	tell_care(service, from, chat);
	if (tell_can(from))
		tell(service, from->client, chat);
}

static bool is_care(const struct seat *seat)
{
	return seat->participant.role == ROLE_CLINICIAN || seat->participant.role == ROLE_STAFF;
}

/* To one who waits, from those who look after it, who all see that it was answered. */
static void chat_to_one(struct service *service, struct seat *from, const struct message *message,
			const struct message *chat)
{
	const struct participant *p =
		consultation_find(&from->meeting->consultation, message->to_id);
	const struct seat *to = (const struct seat *)p; /* a participant is its seat */

	if (!is_care(from) || from->participant.admission != ADMISSION_ADMITTED || to == NULL ||
	    to->participant.admission == ADMISSION_ADMITTED) {
		visit_refuse(service, from, message, PROBLEM_NOT_ALLOWED,
			     "Clinicians and staff write so to one who waits.");
		return;
	}
	if (tell_can(to))
		tell(service, to->client, chat);
	tell_care(service, from, chat);
	if (tell_can(from))
		tell(service, from->client, chat);
}

/* Whom care can only mean when it writes without a name: the visit has not begun, and one alone
 * waits. Else what is said in the visit would be read outside of it. NULL: nobody. */
static const struct seat *only_one_outside(const struct meeting *meeting)
{
	const struct seat *outside = NULL;

	for (size_t i = 0; i < meeting->seat_count; i++) {
		const struct seat *seat = meeting->seats[i];
		bool is_in = seat->participant.admission == ADMISSION_ADMITTED;

		if ((is_in && !is_care(seat)) || (!is_in && outside != NULL))
			return NULL;
		if (!is_in)
			outside = seat;
	}
	return outside;
}

static void on_chat(struct service *service, struct seat *from, const struct message *message)
{
	const struct message chat = {.type = MESSAGE_CHAT,
				     .participant_id = from->participant.id,
				     .id = message->id,
				     .text = message->text};
	const struct seat *to;

	if (message->to_id != NULL) {
		chat_to_one(service, from, message, &chat);
		return;
	}
	if (from->participant.admission != ADMISSION_ADMITTED) {
		chat_at_the_door(service, from, &chat);
		return;
	}
	to = only_one_outside(from->meeting);
	tell_circle(service, from, true, &chat);
	if (is_care(from) && to != NULL && tell_can(to))
		tell(service, to->client, &chat);
}

/* --- signs and wishes ------------------------------------------------------------------------- */

static void on_point(struct service *service, struct seat *from, const struct message *message)
{
	struct seat *seat = visit_whom(service, from, message);
	bool is_end = isnan(message->x) && isnan(message->y);

	if (seat == NULL)
		return;
	if (!admit_is_together(seat, from)) {
		visit_refuse(service, from, message, PROBLEM_NOT_ALLOWED,
			     "One points at what one sees.");
		return;
	}
	if (!admission_points(true, seat == from, find_point(seat, from) != NULL, is_end)) {
		visit_refuse(service, from, message, PROBLEM_NOT_ALLOWED,
			     "One points at somebody's picture after a yes.");
		return;
	}
	tell_point(service, from, message->participant_id, message->x, message->y);
}

static void on_sign(struct service *service, struct seat *from, const struct message *message)
{
	from->is_signing = message->is_signing;
	tell_circle(service, from, false,
		    &(struct message){.type = MESSAGE_SIGNING,
				      .participant_id = from->participant.id,
				      .is_signing = message->is_signing});
}

static void on_wish(struct service *service, struct seat *from, const struct message *message)
{
	struct service_record more = {0};

	(void)snprintf(more.detail, sizeof(more.detail), "%s", wish_name(message->wish));
	record_put(service, RECORD_WISH, from, NULL, &more);
	tell_care(service, from,
		  &(struct message){.type = MESSAGE_WISH,
				    .participant_id = from->participant.id,
				    .wish = message->wish});
}

static void on_request_invite(struct service *service, struct seat *from,
			      const struct message *message)
{
	struct service_record more = {0};

	(void)snprintf(more.detail, sizeof(more.detail), "%s", role_name(message->role));
	record_put(service, RECORD_INVITE_ASKED, from, NULL, &more);
	tell_care(service, from,
		  &(struct message){.type = MESSAGE_INVITE_REQUESTED,
				    .participant_id = from->participant.id,
				    .role = message->role,
				    .name = message->name});
}

static void on_invite_made(struct service *service, struct seat *from,
			   const struct message *message)
{
	struct seat *seat = visit_whom(service, from, message);

	if (seat != NULL && tell_can(seat))
		tell(service, seat->client,
		     &(struct message){.type = MESSAGE_INVITE,
				       .link = message->link,
				       .name = message->name != NULL ? message->name : ""});
}

/* --- messages --------------------------------------------------------------------------------- */

void relay_message(struct service *service, struct seat *from, const struct message *message)
{
	static void (*const actions[MESSAGE_JOINED])(struct service *, struct seat *,
						     const struct message *) = {
		[MESSAGE_REQUEST_INVITE] = on_request_invite,
		[MESSAGE_INVITE_MADE] = on_invite_made,
		[MESSAGE_GIVE_CONSENT] = on_consent,
		[MESSAGE_ASK] = on_ask,
		[MESSAGE_SEND_STILL] = on_still,
		[MESSAGE_ACK_STILL] = on_still_ack,
		[MESSAGE_POINT] = on_point,
		[MESSAGE_TELL_WISH] = on_wish,
		[MESSAGE_SIGN] = on_sign,
		[MESSAGE_TYPE_TEXT] = on_text,
		[MESSAGE_SAY_CHAT] = on_chat,
	};

	assert(actions[message->type] != NULL);
	actions[message->type](service, from, message);
}
