/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "signaling/service_private.h"

static const enum picture pictures[] = {
	[ENGINE_PICTURE_FULL] = PICTURE_FULL,
	[ENGINE_PICTURE_REDUCED] = PICTURE_REDUCED,
	[ENGINE_PICTURE_STILLS] = PICTURE_STILLS,
	[ENGINE_PICTURE_NONE] = PICTURE_NONE,
};

/* --- what the worker says --------------------------------------------------------------------- */

/* Its publisher is to hear how it is seen. */
static void mark_seen(struct service *service, uint32_t track_id)
{
	struct leg *from = g_hash_table_lookup(service->tracks, GUINT_TO_POINTER(track_id));

	if (from == NULL)
		return;
	from->seat->has_seen_news = true;
	meeting_mark(service, from->seat->meeting);
}

void view_put_picture(struct service *service, struct leg *leg, size_t i, enum picture picture)
{
	if (leg->picture[i] == picture)
		return;
	leg->picture[i] = picture;
	leg->has_pictures_news = true;
	figures_see(service, leg);
	mark_seen(service, leg->slot[i]);
	meeting_mark(service, leg->seat->meeting);
}

void view_put_slot(struct service *service, struct leg *leg, size_t i, uint32_t track_id)
{
	if (leg->slot[i] == track_id)
		return;
	/* Another person is another picture; the worker says so when it is less than whole. */
	view_put_picture(service, leg, i, PICTURE_FULL);
	leg->slot[i] = track_id;
	figures_see(service, leg);
}

void view_on_picture(struct service *service, struct leg *leg, const struct engine_event *event)
{
	for (size_t i = 0; i < leg->params->mline_count; i++) {
		if (strcmp(leg->params->mline[i].mid, event->mid) == 0)
			view_put_picture(service, leg, i, pictures[event->picture]);
	}
}

void view_on_want(struct service *service, struct leg *leg, const struct engine_event *event)
{
	for (size_t i = 0; i < leg->params->mline_count; i++) {
		struct leg_track *track = &leg->track[i];

		if (event->track_id == 0 || leg->params->mline[i].track_id != event->track_id)
			continue;
		track->want = event->want;
		track->has_want = true;
		leg->has_send_news = true;
		meeting_mark(service, leg->seat->meeting);
	}
}

void view_forget(struct service *service, struct leg *leg)
{
	for (size_t i = 0; i < leg->params->mline_count; i++)
		view_put_slot(service, leg, i, 0);
}

void view_repeat(struct seat *seat)
{
	struct leg *page = seat_page(seat);

	seat->has_seen_news = true;
	if (page == NULL)
		return;
	page->has_slots_news = true;
	page->has_pictures_news = true;
	page->has_send_news = true;
}

/* --- what the pages are told ------------------------------------------------------------------ */

static void tell_pictures(struct service *service, const struct seat *seat, struct leg *leg)
{
	struct message message = {.type = MESSAGE_PICTURE};
	bool is_less = false;

	for (size_t i = 0; i < leg->params->mline_count; i++) {
		const struct mline_params *mline = &leg->params->mline[i];

		if ((mline->use & MLINE_SLOT) == 0 || mline->kind != MEDIA_VIDEO)
			continue;
		message.pictures[message.picture_count++] =
			(struct message_picture){.mid = mline->mid, .picture = leg->picture[i]};
		is_less = is_less || leg->picture[i] != PICTURE_FULL;
	}
	/* Whole pictures are what everybody takes for granted. */
	if (is_less || leg->has_told_less)
		tell(service, seat->client, &message);
	leg->has_told_less = is_less;
}

static void tell_send(struct service *service, const struct seat *seat, const struct leg *leg)
{
	struct message message = {.type = MESSAGE_SEND};

	for (size_t i = 0; i < leg->params->mline_count; i++) {
		const struct mline_params *mline = &leg->params->mline[i];
		const struct engine_want *want = &leg->track[i].want;
		struct message_send *send = &message.sends[message.send_count];

		if ((mline->use & MLINE_TRACK) == 0 || !leg->track[i].has_want)
			continue;
		*send = (struct message_send){
			.mid = mline->mid,
			.is_used = want->encodings != 0,
			.max_bps = want->max_bps != 0 ? (int64_t)want->max_bps : -1,
			.ptime_ms = want->ptime_ms != 0 ? want->ptime_ms : -1,
			.is_redundant = want->is_redundant,
		};
		for (size_t k = 0; k < mline->rid_count; k++) {
			if ((want->encodings >> k & 1) != 0)
				send->rids[send->rid_count++] = mline->rid[k];
		}
		message.send_count++;
	}
	if (message.send_count > 0)
		tell(service, seat->client, &message);
}

/* How one person's page gets what another sends. */
static void collect_seen(struct message *message, const struct service *service,
			 const struct seat *self, const struct seat *other)
{
	const struct leg *leg = seat_page(other);

	for (size_t i = 0; leg != NULL && i < leg->params->mline_count; i++) {
		struct message_seen *seen = &message->seen[message->seen_count];
		const char *participant = NULL;

		if (leg->picture[i] == PICTURE_FULL || message->seen_count == LIMIT_MESSAGE_SEEN ||
		    !leg_find_track(service, leg->slot[i], &participant, &seen->source) ||
		    strcmp(participant, self->participant.id) != 0)
			continue;
		seen->participant = other->participant.id;
		seen->picture = leg->picture[i];
		message->seen_count++;
	}
}

void view_tell_seen(struct service *service, struct seat *seat)
{
	const struct meeting *meeting = seat->meeting;
	struct message message = {.type = MESSAGE_SEEN};

	if (!seat->has_seen_news || seat->client == NULL ||
	    seat->client->session.state != SESSION_JOINED)
		return;
	seat->has_seen_news = false;
	for (size_t i = 0; i < meeting->seat_count; i++) {
		if (meeting->seats[i] != seat)
			collect_seen(&message, service, seat, meeting->seats[i]);
	}
	if (message.seen_count > 0 || seat->has_told_seen)
		tell(service, seat->client, &message);
	seat->has_told_seen = message.seen_count > 0;
}

void view_tell_page(struct service *service, const struct seat *seat, struct leg *leg)
{
	if (leg->has_pictures_news)
		tell_pictures(service, seat, leg);
	leg->has_pictures_news = false;
	if (leg->has_send_news)
		tell_send(service, seat, leg);
	leg->has_send_news = false;
}
