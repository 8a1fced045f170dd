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

static bool is_listening(const struct seat *seat)
{
	return seat->client != NULL && seat->client->session.state == SESSION_JOINED;
}

/* To everybody in the meeting but `self`, which may be NULL. */
static void tell_others(struct service *service, const struct meeting *meeting,
			const struct seat *self, const struct message *message)
{
	for (size_t i = 0; i < meeting->seat_count; i++) {
		const struct seat *seat = meeting->seats[i];

		if (seat != self && is_listening(seat))
			tell(service, seat->client, message);
	}
}

/* --- who is here ------------------------------------------------------------------------------ */

static struct message_participant describe(const struct seat *seat)
{
	const struct participant *participant = &seat->participant;

	return (struct message_participant){
		.id = participant->id,
		.role = participant->role,
		.name = participant->name,
		.link = participant->link,
		.muted = participant->muted,
		.is_speaking = participant->speaking_tracks > 0,
	};
}

void tell_state(struct service *service, const struct seat *seat, enum message_type type)
{
	const struct meeting *meeting = seat->meeting;
	struct message message = {
		.type = type,
		.version = MESSAGE_PROTOCOL_VERSION,
		.resume = seat->resume[0],
		.seat_s = SERVICE_SEAT_US / 1000000,
		.has_media = seat_page(seat) != NULL,
		.takes_deflate = true,
		.consultation_id = meeting->consultation.id,
		.title = meeting->consultation.title,
		.mode = meeting->consultation.mode,
		.self = describe(seat),
		.audio = (int64_t)consultation_slots(
			meeting_others_tracks(meeting, seat, MEDIA_AUDIO)),
		.video = (int64_t)consultation_slots(
			meeting_others_tracks(meeting, seat, MEDIA_VIDEO)),
	};

	for (size_t i = 0; i < meeting->seat_count; i++) {
		if (meeting->seats[i] != seat)
			message.participants[message.participant_count++] =
				describe(meeting->seats[i]);
	}
	tell(service, seat->client, &message);
}

void tell_left(struct service *service, const struct seat *seat, enum departure departure)
{
	tell_others(service, seat->meeting, seat,
		    &(struct message){.type = MESSAGE_PARTICIPANT_LEFT,
				      .participant_id = seat->participant.id,
				      .departure = departure});
}

void tell_speaking(struct service *service, const struct seat *seat)
{
	tell_others(service, seat->meeting, seat,
		    &(struct message){.type = MESSAGE_SPEAKING,
				      .participant_id = seat->participant.id,
				      .is_speaking = seat->participant.speaking_tracks > 0});
}

void tell_mode(struct service *service, const struct seat *by)
{
	tell_others(service, by->meeting, NULL,
		    &(struct message){.type = MESSAGE_MODE,
				      .mode = by->meeting->consultation.mode,
				      .participant_id = by->participant.id});
}

static void tell_participant(struct service *service, struct seat *seat)
{
	struct participant *participant = &seat->participant;
	enum leg_state legs[LIMIT_SEAT_LEGS];
	struct message message = {.type = seat->is_told ? MESSAGE_PARTICIPANT_UPDATED
							: MESSAGE_PARTICIPANT_JOINED};

	for (size_t i = 0; i < seat->leg_count; i++)
		legs[i] = seat->legs[i]->state;
	participant->link = consultation_link(legs, seat->leg_count, seat->is_lost);
	if (seat->is_told && seat->told_link == participant->link &&
	    seat->told_muted == participant->muted)
		return;
	message.participant = describe(seat);
	tell_others(service, seat->meeting, seat, &message);
	seat->is_told = true;
	seat->told_link = participant->link;
	seat->told_muted = participant->muted;
}

/* --- network quality -------------------------------------------------------------------------- */

/* Everybody's whose figures are known, or only news. */
static void collect_qualities(struct message *message, const struct meeting *meeting,
			      bool only_news)
{
	message->type = MESSAGE_QUALITY;
	message->quality_count = 0;
	for (size_t i = 0; i < meeting->seat_count; i++) {
		const struct seat *seat = meeting->seats[i];

		if (!seat->participant.has_quality || (only_news && !seat->has_quality_news))
			continue;
		message->qualities[message->quality_count++] = (struct message_quality){
			.participant = seat->participant.id,
			.level = seat->participant.level,
			.rtt_ms = seat->participant.rtt_ms,
			.loss_percent = seat->participant.loss_percent,
			.down_kbps = seat->participant.down_kbps,
			.up_kbps = seat->participant.up_kbps,
		};
	}
}

static void tell_qualities(struct service *service, struct meeting *meeting)
{
	struct message message = {.type = MESSAGE_QUALITY};

	collect_qualities(&message, meeting, true);
	if (message.quality_count == 0)
		return;
	if (service->now_us < meeting->quality_us) {
		timer_set(service, &meeting->timer, meeting->quality_us);
		return;
	}
	meeting->quality_us = service->now_us + SERVICE_QUALITY_US;
	tell_others(service, meeting, NULL, &message);
	for (size_t i = 0; i < meeting->seat_count; i++)
		meeting->seats[i]->has_quality_news = false;
}

static void tell_newcomer_qualities(struct service *service, struct seat *seat)
{
	struct message message = {.type = MESSAGE_QUALITY};

	if (!seat->wants_qualities || !is_listening(seat))
		return;
	seat->wants_qualities = false;
	collect_qualities(&message, seat->meeting, false);
	if (message.quality_count > 0)
		tell(service, seat->client, &message);
}

/* --- slots ------------------------------------------------------------------------------------ */

static void tell_slots(struct service *service, const struct seat *seat, const struct leg *leg)
{
	struct message message = {.type = MESSAGE_SLOTS};

	for (size_t i = 0; i < leg->params.mline_count; i++) {
		const struct mline_params *mline = &leg->params.mline[i];
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

	for (size_t i = 0; i < leg->params.mline_count; i++) {
		const struct mline_params *mline = &leg->params.mline[i];

		count += (mline->use & MLINE_SLOT) != 0 && mline->kind == kind;
	}
	return count;
}

static void tell_page(struct service *service, struct seat *seat)
{
	struct leg *leg = seat_page(seat);
	size_t audio, video;

	/* Before the answer is out the client cannot know the m-lines. */
	if (leg == NULL || !leg->is_open || leg->pending > 0 || !is_listening(seat))
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

void tell_changes(struct service *service, struct meeting *meeting)
{
	for (size_t i = 0; i < meeting->seat_count; i++)
		tell_participant(service, meeting->seats[i]);
	for (size_t i = 0; i < meeting->seat_count; i++) {
		tell_newcomer_qualities(service, meeting->seats[i]);
		tell_page(service, meeting->seats[i]);
		view_tell_seen(service, meeting->seats[i]);
	}
	tell_qualities(service, meeting);
}
