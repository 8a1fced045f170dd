/* SPDX-License-Identifier: EUPL-1.2 */
#include <assert.h>
#include <stdlib.h>

#include "signaling/service_private.h"

/* --- one message ------------------------------------------------------------------------------ */

void tell(struct service *service, const struct client *client, const struct message *message)
{
	char *text = message_build(message);

	if (text == NULL)
		return;
	service_put(service, &(struct service_output){.type = SERVICE_CLIENT_TEXT,
						      .client = client->number,
						      .text = text});
	free(text);
}

void tell_error(struct service *service, const struct client *client, const struct message *message)
{
	struct message error = *message;

	error.type = MESSAGE_ERROR;
	tell(service, client, &error);
}

bool tell_can(const struct seat *seat)
{
	return seat->client != NULL && seat->client->session.state == SESSION_JOINED;
}

/* To those who know that `seat` is there. */
static void tell_knowing(struct service *service, const struct seat *seat,
			 const struct message *message)
{
	const struct meeting *meeting = seat->meeting;

	for (size_t i = 0; i < meeting->seat_count; i++) {
		const struct seat *viewer = meeting->seats[i];

		if ((seat->told_to >> viewer->number & 1) != 0 && tell_can(viewer))
			tell(service, viewer->client, message);
	}
}

void tell_circle(struct service *service, const struct seat *from, bool also_self,
		 const struct message *message)
{
	const struct meeting *meeting = from->meeting;
	uint8_t circle = admit_circle(from);

	for (size_t i = 0; i < meeting->seat_count; i++) {
		const struct seat *seat = meeting->seats[i];
		bool is_heard =
			seat == from ? also_self
				     : circle != MEDIA_CIRCLE_ALONE && admit_circle(seat) == circle;

		if (is_heard && tell_can(seat))
			tell(service, seat->client, message);
	}
}

void tell_care(struct service *service, const struct seat *from, const struct message *message)
{
	const struct meeting *meeting = from->meeting;

	for (size_t i = 0; i < meeting->seat_count; i++) {
		const struct seat *seat = meeting->seats[i];
		enum role role = seat->participant.role;

		if (seat != from && (role == ROLE_CLINICIAN || role == ROLE_STAFF) &&
		    seat->participant.admission == ADMISSION_ADMITTED && tell_can(seat))
			tell(service, seat->client, message);
	}
}

/* --- who is here ------------------------------------------------------------------------------ */

/* The name of an e-ID is for those to compare who let in. */
static struct message_participant describe(const struct seat *viewer, const struct seat *seat)
{
	const struct participant *participant = &seat->participant;
	bool is_care = viewer->participant.role == ROLE_CLINICIAN ||
		       viewer->participant.role == ROLE_STAFF;

	return (struct message_participant){
		.id = participant->id,
		.role = participant->role,
		.name = participant->name,
		.link = participant->link,
		.muted = participant->muted,
		.is_speaking = participant->speaking_tracks > 0,
		.admission = participant->admission,
		.assurance = participant->assurance,
		.lack = seat->lack,
		.identified_as =
			is_care && seat->identified_as[0] != '\0' ? seat->identified_as : NULL,
	};
}

static bool sees(const struct seat *viewer, const struct seat *seat)
{
	const struct admission_view a = {viewer->participant.role, viewer->participant.admission};
	const struct admission_view b = {seat->participant.role, seat->participant.admission};

	return viewer != seat && admission_sees(&a, &b);
}

/* Slots to offer at first. To who waits it tells nothing of how many are in the visit. */
static int64_t first_slots(const struct seat *seat, enum media_kind kind)
{
	bool is_in = seat->participant.admission == ADMISSION_ADMITTED;

	return (int64_t)consultation_slots(is_in ? meeting_others_tracks(seat->meeting, seat, kind)
						 : 0);
}

void tell_state(struct service *service, const struct seat *seat, enum message_type type)
{
	const struct meeting *meeting = seat->meeting;
	/* Who waits has shown nobody yet who it is: what the visit is about is not told at the
	 * door. */
	bool is_in = seat->participant.admission == ADMISSION_ADMITTED;
	struct message message = {
		.type = type,
		.version = MESSAGE_PROTOCOL_VERSION,
		.resume = seat->resume[0],
		.seat_s = meeting->is_check ? 0 : SERVICE_SEAT_US / 1000000,
		.is_check = meeting->is_check,
		.has_media = seat_page(seat) != NULL,
		.takes_deflate = true,
		.consultation_id = meeting->consultation.id,
		.title = is_in ? meeting->consultation.title : "",
		.mode = is_in ? meeting->consultation.mode : MODE_TALK,
		.unit = meeting->unit_name[0] != '\0' ? meeting->unit_name : NULL,
		.has_waiting_room = meeting->has_waiting_room,
		.needs_interpreter = meeting->needs_interpreter,
		.planned = meeting->planned[0] != '\0' ? meeting->planned : NULL,
		.self = describe(seat, seat),
		.audio = first_slots(seat, MEDIA_AUDIO),
		.video = first_slots(seat, MEDIA_VIDEO),
	};

	for (size_t i = 0; i < meeting->seat_count; i++) {
		if (!sees(seat, meeting->seats[i]))
			continue;
		message.participants[message.participant_count++] =
			describe(seat, meeting->seats[i]);
		meeting->seats[i]->told_to |= 1U << seat->number;
	}
	tell(service, seat->client, &message);
}

void tell_left(struct service *service, const struct seat *seat, enum departure departure)
{
	tell_knowing(service, seat,
		     &(struct message){.type = MESSAGE_PARTICIPANT_LEFT,
				       .participant_id = seat->participant.id,
				       .departure = departure});
}

void tell_speaking(struct service *service, const struct seat *seat)
{
	tell_circle(service, seat, false,
		    &(struct message){.type = MESSAGE_SPEAKING,
				      .participant_id = seat->participant.id,
				      .is_speaking = seat->participant.speaking_tracks > 0});
}

void tell_mode(struct service *service, const struct seat *by)
{
	const struct meeting *meeting = by->meeting;

	/* Those who wait hear it when they are let in. */
	for (size_t i = 0; i < meeting->seat_count; i++) {
		if (tell_can(meeting->seats[i]) &&
		    meeting->seats[i]->participant.admission == ADMISSION_ADMITTED)
			tell(service, meeting->seats[i]->client,
			     &(struct message){.type = MESSAGE_MODE,
					       .mode = meeting->consultation.mode,
					       .participant_id = by->participant.id});
	}
}

/* One viewer hears what is news to it. Whoever does not listen is told all when it comes back. */
static void tell_viewer(struct service *service, const struct seat *viewer, struct seat *seat,
			bool is_changed)
{
	unsigned bit = 1U << viewer->number;
	bool knew = (seat->told_to & bit) != 0, knows = sees(viewer, seat);
	struct message message = {.type = knew ? MESSAGE_PARTICIPANT_UPDATED
					       : MESSAGE_PARTICIPANT_JOINED,
				  .participant = describe(viewer, seat)};

	seat->told_to = knows ? seat->told_to | bit : seat->told_to & ~bit;
	if (!tell_can(viewer))
		return;
	if (knows && (!knew || is_changed))
		tell(service, viewer->client, &message);
	else if (knew && !knows)
		tell(service, viewer->client,
		     &(struct message){.type = MESSAGE_PARTICIPANT_LEFT,
				       .participant_id = seat->participant.id,
				       .departure = DEPARTURE_LEFT});
}

static void tell_participant(struct service *service, struct seat *seat)
{
	struct participant *p = &seat->participant;
	const struct meeting *meeting = seat->meeting;
	enum leg_state legs[LIMIT_SEAT_LEGS];
	bool is_changed;

	for (size_t i = 0; i < seat->leg_count; i++)
		legs[i] = seat->legs[i]->state;
	p->link = consultation_link(legs, seat->leg_count, seat->is_lost);
	figures_reach(&seat->figures, service->now_us, p->link);
	is_changed = !seat->is_told || seat->told_link != p->link || seat->told_muted != p->muted ||
		     seat->told_admission != p->admission || seat->told_assurance != p->assurance ||
		     seat->told_lack != seat->lack;
	for (size_t i = 0; i < meeting->seat_count; i++)
		tell_viewer(service, meeting->seats[i], seat, is_changed);
	seat->is_told = true;
	seat->told_link = p->link;
	seat->told_muted = p->muted;
	seat->told_admission = p->admission;
	seat->told_assurance = p->assurance;
	seat->told_lack = seat->lack;
}

/* --- network quality -------------------------------------------------------------------------- */

/* Of those whom the viewer knows, and of itself: everybody's figures, or only news. */
static void tell_quality_to(struct service *service, const struct seat *viewer, bool only_news)
{
	const struct meeting *meeting = viewer->meeting;
	struct message message = {.type = MESSAGE_QUALITY};

	for (size_t i = 0; i < meeting->seat_count && tell_can(viewer); i++) {
		const struct seat *seat = meeting->seats[i];
		const struct participant *p = &seat->participant;

		if (!p->has_quality || (only_news && !seat->has_quality_news) ||
		    (seat != viewer && !sees(viewer, seat)))
			continue;
		message.qualities[message.quality_count++] = (struct message_quality){
			.participant = p->id,
			.level = p->level,
			.rtt_ms = p->rtt_ms,
			.loss_percent = p->loss_percent,
			.down_kbps = p->down_kbps,
			.up_kbps = p->up_kbps,
		};
	}
	if (message.quality_count > 0)
		tell(service, viewer->client, &message);
}

static void tell_qualities(struct service *service, struct meeting *meeting)
{
	bool has_news = false;

	for (size_t i = 0; i < meeting->seat_count; i++)
		has_news |= meeting->seats[i]->has_quality_news &&
			    meeting->seats[i]->participant.has_quality;
	if (!has_news)
		return;
	if (service->now_us < meeting->quality_us) {
		timer_set(service, &meeting->timer, meeting->quality_us);
		return;
	}
	meeting->quality_us = service->now_us + SERVICE_QUALITY_US;
	for (size_t i = 0; i < meeting->seat_count; i++)
		tell_quality_to(service, meeting->seats[i], true);
	for (size_t i = 0; i < meeting->seat_count; i++)
		meeting->seats[i]->has_quality_news = false;
}

static void tell_newcomer_qualities(struct service *service, struct seat *seat)
{
	if (!seat->wants_qualities || !tell_can(seat))
		return;
	seat->wants_qualities = false;
	tell_quality_to(service, seat, false);
}

/* --- slots ------------------------------------------------------------------------------------ */

static void tell_slots(struct service *service, const struct seat *seat, const struct leg *leg)
{
	struct message message = {.type = MESSAGE_SLOTS};

	for (size_t i = 0; i < leg->params->mline_count; i++) {
		const struct mline_params *mline = &leg->params->mline[i];
		struct message_slot *slot = &message.slots[message.slot_count];

		if ((mline->use & MLINE_SLOT) == 0)
			continue;
		*slot = (struct message_slot){.mid = mline->mid, .source = SOURCE_COUNT};
		(void)leg_find_track(service, leg->slot[i], &slot->participant, &slot->source);
		message.slot_count++;
	}
	if (message.slot_count > 0)
		tell(service, seat->client, &message);
}

static size_t count_slots(const struct leg *leg, enum media_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < leg->params->mline_count; i++) {
		const struct mline_params *mline = &leg->params->mline[i];

		count += (mline->use & MLINE_SLOT) != 0 && mline->kind == kind;
	}
	return count;
}

static void tell_page(struct service *service, struct seat *seat)
{
	struct leg *leg = seat_page(seat);
	size_t audio, video;

	/* Before the answer is out the client cannot know the m-lines. */
	if (leg == NULL || !leg->is_open || leg->pending > 0 || !tell_can(seat))
		return;
	if (leg->has_slots_news)
		tell_slots(service, seat, leg);
	leg->has_slots_news = false;
	view_tell_page(service, seat, leg);
	audio = count_slots(leg, MEDIA_AUDIO);
	video = count_slots(leg, MEDIA_VIDEO);
	if (leg->wanted[MEDIA_AUDIO] > audio || leg->wanted[MEDIA_VIDEO] > video)
		tell(service, seat->client,
		     &(struct message){.type = MESSAGE_NEED_SLOTS,
				       .audio = (int64_t)MAX(leg->wanted[MEDIA_AUDIO], audio),
				       .video = (int64_t)MAX(leg->wanted[MEDIA_VIDEO], video)});
	leg->wanted[MEDIA_AUDIO] = 0;
	leg->wanted[MEDIA_VIDEO] = 0;
}

static void follow_state(struct service *service, struct meeting *meeting)
{
	struct visit_facts facts = {.present = meeting->seat_count,
				    .has_waiting_room = meeting->has_waiting_room};
	struct service_record more = {0};
	enum visit_state next;

	if (meeting->is_check)
		return;
	for (size_t i = 0; i < meeting->seat_count; i++) {
		const struct participant *p = &meeting->seats[i]->participant;

		facts.admitted += p->admission == ADMISSION_ADMITTED;
		facts.let_in += p->admission == ADMISSION_ADMITTED && p->role != ROLE_CLINICIAN;
		facts.has_clinician |= p->role == ROLE_CLINICIAN;
	}
	next = visit_next(meeting->state, &facts);
	if (next == meeting->state)
		return;
	meeting->state = more.state = next;
	record_visit(service, RECORD_STATE, meeting, NULL, &more);
}

void tell_changes(struct service *service, struct meeting *meeting)
{
	follow_state(service, meeting);
	admit_follow_interpreter(service, meeting);
	wait_follow_lacks(service, meeting);
	for (size_t i = 0; i < meeting->seat_count; i++)
		tell_participant(service, meeting->seats[i]);
	for (size_t i = 0; i < meeting->seat_count; i++) {
		admit_tell_standing(service, meeting->seats[i]);
		tell_newcomer_qualities(service, meeting->seats[i]);
		tell_page(service, meeting->seats[i]);
		view_tell_seen(service, meeting->seats[i]);
	}
	wait_tell(service, meeting);
	tell_qualities(service, meeting);
	watch_tell(service, meeting);
}
