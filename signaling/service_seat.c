/* SPDX-License-Identifier: EUPL-1.2 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "signaling/service_private.h"

/* --- making and finding ----------------------------------------------------------------------- */

/* The participant is the seat's first member. */
static struct seat *seat_of_participant(struct participant *participant)
{
	return (struct seat *)participant;
}

_Static_assert(offsetof(struct seat, participant) == 0, "a participant is its seat");

enum problem seat_of_invite(struct service *service, const struct service_invite *invite,
			    struct seat **out)
{
	struct meeting *meeting = meeting_of_invite(service, invite);
	struct participant *there =
		consultation_find(&meeting->consultation, invite->participant_id);

	if (there != NULL) {
		*out = seat_of_participant(there);
		return PROBLEM_COUNT;
	}
	if (service->seat_count >= service->config.max_clients ||
	    meeting->seat_count == LIMIT_PARTICIPANTS)
		return PROBLEM_SERVER_FULL;
	*out = seat_new(service, meeting, invite);
	record_put(service, RECORD_PRESENT, *out, NULL, NULL);
	admit_mark_unit(service, meeting);
	return PROBLEM_COUNT;
}

/* The least number that nobody in the meeting has. */
static unsigned free_number(const struct meeting *meeting)
{
	unsigned taken = 0, number = 0;

	for (size_t i = 0; i < meeting->seat_count; i++)
		taken |= 1U << meeting->seats[i]->number;
	while ((taken >> number & 1) != 0)
		number++;
	return number;
}

struct seat *seat_new(struct service *service, struct meeting *meeting,
		      const struct service_invite *invite)
{
	struct seat *seat = g_new0(struct seat, 1);
	int result = consultation_add(&meeting->consultation, &seat->participant);

	assert(result == 0); /* the caller has seen that there is room */
	(void)result;
	(void)snprintf(seat->participant.id, sizeof(seat->participant.id), "%s",
		       invite->participant_id);
	(void)snprintf(seat->participant.name, sizeof(seat->participant.name), "%s", invite->name);
	seat->participant.role = invite->role;
	seat->participant.assurance = invite->assurance;
	seat->participant.admission =
		admission_first(meeting->has_waiting_room, invite->role, invite->admission);
	(void)snprintf(seat->staff_id, sizeof(seat->staff_id), "%s", invite->staff_id);
	(void)snprintf(seat->code_hint, sizeof(seat->code_hint), "%s", invite->code_hint);
	(void)snprintf(seat->identified_as, sizeof(seat->identified_as), "%s",
		       invite->identified_as);
	seat->minimum_assurance = invite->minimum_assurance;
	seat->has_check = invite->has_check;
	seat->check = invite->check;
	seat->number = free_number(meeting);
	seat->came_us = service->now_us;
	seat->since_us = service->now_us;
	seat->meeting = meeting;
	seat->owner = ++service->next_owner;
	timer_init(&seat->timer, TIMER_SEAT, seat);
	meeting->seats[meeting->seat_count++] = seat;
	service->seat_count++;
	meeting_mark(service, meeting);
	return seat;
}

struct seat *seat_of_resume(struct service *service, const char *resume)
{
	struct seat *seat;

	if (!token_is_valid(resume))
		return NULL;
	seat = g_hash_table_lookup(service->resumes, resume);
	if (seat == NULL)
		return NULL;
	return token_equal(seat->resume[0], resume) ||
			       (seat->resume[1][0] != '\0' && token_equal(seat->resume[1], resume))
		       ? seat
		       : NULL;
}

struct leg *seat_page(const struct seat *seat)
{
	for (size_t i = 0; i < seat->leg_count; i++) {
		if (seat->legs[i]->kind == LEG_PAGE)
			return seat->legs[i];
	}
	return NULL;
}

/* --- taking it -------------------------------------------------------------------------------- */

static void forget_resumes(struct service *service, struct seat *seat)
{
	for (size_t i = 0; i < G_N_ELEMENTS(seat->resume); i++) {
		if (seat->resume[i][0] != '\0')
			(void)g_hash_table_remove(service->resumes, seat->resume[i]);
		seat->resume[i][0] = '\0';
	}
}

/* previous: what was presented, good until the next one is, for "resumed" may be lost; or NULL. */
static void new_resume(struct service *service, struct seat *seat, const char *previous)
{
	char kept[TOKEN_TEXT + 1] = "";

	if (previous != NULL)
		(void)snprintf(kept, sizeof(kept), "%s", previous);
	forget_resumes(service, seat);
	if (seat->meeting->is_check)
		return; /* nobody comes back to it */
	token_new(&service->rng, seat->resume[0]);
	(void)g_hash_table_insert(service->resumes, seat->resume[0], seat);
	if (previous == NULL)
		return;
	(void)snprintf(seat->resume[1], sizeof(seat->resume[1]), "%s", kept);
	(void)g_hash_table_insert(service->resumes, seat->resume[1], seat);
}

static void oust(struct service *service, struct seat *seat)
{
	if (seat->client == NULL)
		return;
	client_end(service, seat->client, DEPARTURE_REPLACED);
	seat->client->seat = NULL;
	seat->client = NULL;
}

static void seat_give(struct service *service, struct seat *seat, struct client *client)
{
	oust(service, seat);
	(void)session_step(&client->session, SESSION_ON_SEATED);
	timer_set(service, &client->timer, DEADLINE_NEVER);
	timer_set(service, &seat->timer, DEADLINE_NEVER);
	client->seat = seat;
	seat->client = client;
	seat->wants_qualities = true;
	seat->waiting.is_told = false;
	seat->wants_standing = true;
	view_repeat(seat);
	meeting_mark(service, seat->meeting);
}

void seat_join(struct service *service, struct seat *seat, struct client *client)
{
	struct leg *page = seat_page(seat);

	if (page != NULL)
		leg_close(service, page, false);
	new_resume(service, seat, NULL);
	seat->participant.muted = 0;
	seat->is_signing = false;
	seat->is_lost = false;
	seat_give(service, seat, client);
}

void seat_resume(struct service *service, struct seat *seat, struct client *client,
		 const char *presented)
{
	new_resume(service, seat, presented);
	seat_give(service, seat, client);
}

/* --- giving it up ----------------------------------------------------------------------------- */

void seat_client_gone(struct service *service, struct seat *seat)
{
	seat->client = NULL;
	if (seat->meeting->is_check) {
		seat_leave(service, seat, DEPARTURE_LEFT);
		return;
	}
	if (seat_page(seat) == NULL)
		seat->is_lost = true;
	timer_set(service, &seat->timer,
		  MAX(service->now_us + SERVICE_SEAT_US, seat->away_until_us));
	meeting_mark(service, seat->meeting);
}

static void seat_free(struct service *service, struct seat *seat)
{
	struct meeting *meeting = seat->meeting;
	size_t kept = 0;

	for (size_t i = 0; i < meeting->seat_count; i++) {
		if (meeting->seats[i] != seat)
			meeting->seats[kept++] = meeting->seats[i];
	}
	meeting->seat_count = kept;
	for (size_t i = 0; i < kept; i++)
		meeting->seats[i]->told_to &= ~(1U << seat->number);
	consultation_remove(&meeting->consultation, &seat->participant);
	forget_resumes(service, seat);
	service->seat_count--;
	meeting_mark(service, meeting);
	g_free(seat);
}

void seat_release(struct service *service, struct seat *seat, enum departure departure)
{
	struct meeting *meeting = seat->meeting;

	meeting_mark(service, seat->meeting);
	if (seat->client != NULL || seat->leg_count > 0 || seat->timer.node.place != 0)
		return;
	tell_left(service, seat, departure);
	if (!meeting->is_check) {
		figures_record(service, seat);
		record_put(service, RECORD_GONE, seat, NULL, NULL);
	}
	seat_free(service, seat);
	admit_seat_gone(service, meeting);
	admit_mark_unit(service, meeting);
}

void seat_remove(struct service *service, struct seat *seat)
{
	if (seat->client != NULL)
		client_end(service, seat->client, DEPARTURE_REMOVED);
	while (seat->leg_count > 1 || (seat->leg_count == 1 && seat_page(seat) == NULL)) {
		struct leg *leg = seat->legs[0]->kind == LEG_PAGE ? seat->legs[1] : seat->legs[0];

		leg_close(service, leg, false);
	}
	seat_leave(service, seat, DEPARTURE_REMOVED);
}

void seat_leave(struct service *service, struct seat *seat, enum departure departure)
{
	struct leg *page = seat_page(seat);

	if (seat->client != NULL)
		seat->client->seat = NULL;
	seat->client = NULL;
	forget_resumes(service, seat);
	timer_set(service, &seat->timer, DEADLINE_NEVER);
	if (page != NULL)
		leg_close(service, page, false);
	seat_release(service, seat, departure);
}

void seat_timeout(struct service *service, struct seat *seat)
{
	assert(seat->client == NULL);
	seat_leave(service, seat, DEPARTURE_LOST);
}
