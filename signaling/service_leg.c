/* SPDX-License-Identifier: EUPL-1.2 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "signaling/deflate.h"
#include "signaling/service_private.h"

/* Measured, see answer.c: on a line of 128 kbit/s nothing waits, and others lose nothing. */
#define PUBLISHER_START_MIN_KBPS 100U
/* What three encodings of a camera make of 600 k is a good picture already; guess. */
#define PUBLISHER_START_MAX_KBPS 600U
/* More than one picture takes; a burst of it is over before a queue is noticed. Guess. */
#define START_MAX_BPS 2000000U

/* --- life ------------------------------------------------------------------------------------- */

struct leg *leg_new(struct service *service, struct seat *seat, enum leg_kind kind)
{
	struct meeting *meeting = seat->meeting;
	struct leg *leg;

	if (seat->leg_count == LIMIT_SEAT_LEGS)
		return NULL;
	leg = g_new0(struct leg, 1);
	leg->kind = kind;
	leg->seat = seat;
	leg->transport_id = ++service->next_transport;
	leg->params = service_params_dup(&(struct transport_params){0});
	timer_init(&leg->timer, TIMER_LEG, leg);
	(void)g_hash_table_insert(service->legs, &leg->transport_id, leg);
	seat->legs[seat->leg_count++] = leg;
	meeting_open_room(service, meeting);
	meeting->leg_count++;
	service->worker_legs[meeting->worker]++;
	meeting_mark(service, meeting);
	return leg;
}

static void track_forget(struct service *service, struct leg *leg, size_t i)
{
	const struct mline_params *mline = &leg->params->mline[i];

	(void)g_hash_table_remove(service->tracks, GUINT_TO_POINTER(mline->track_id));
	if (leg->track[i].is_speaking && consultation_speaking(&leg->seat->participant, false))
		tell_speaking(service, leg->seat);
	leg->track[i].is_speaking = false;
}

void leg_close(struct service *service, struct leg *leg, bool is_closed_already)
{
	struct seat *seat = leg->seat;
	size_t kept = 0;

	if (leg->is_open && !is_closed_already)
		service_put_media(service, seat->meeting,
				  &(struct media_command){.type = MEDIA_TRANSPORT_CLOSE,
							  .room_id = leg->params->room_id,
							  .transport_id = leg->transport_id});
	if (leg->request != 0)
		http_refuse(service, leg->request, PROBLEM_RESOURCE_UNKNOWN,
			    "The resource is gone.");
	recall_put(&service->recall, service->now_us, seat->participant.id, leg->down_bps,
		   leg->up_bps);
	view_forget(service, leg);
	for (size_t i = 0; i < leg->params->mline_count; i++)
		track_forget(service, leg, i);
	for (size_t i = 0; i < seat->leg_count; i++) {
		if (seat->legs[i] != leg)
			seat->legs[kept++] = seat->legs[i];
	}
	seat->leg_count = kept;
	seat->meeting->leg_count--;
	service->worker_legs[seat->meeting->worker]--;
	meeting_mark(service, seat->meeting);
	timer_set(service, &leg->timer, DEADLINE_NEVER);
	(void)g_hash_table_remove(service->legs, &leg->transport_id);
	if (leg->resource[0] != '\0')
		(void)g_hash_table_remove(service->resources, leg->resource);
	free(leg->answer);
	free(leg->params);
	g_free(leg);
}

/* --- offers ----------------------------------------------------------------------------------- */

static struct negotiate_abilities abilities_of(const struct service *service,
					       const struct meeting *meeting)
{
	const struct service_worker *worker = &service->config.worker[meeting->worker];

	return (struct negotiate_abilities){
		.fingerprint = service->config.fingerprint,
		.video_codecs = service->config.video_codecs,
		.candidates = worker->candidate,
		.candidate_count = worker->candidate_count,
	};
}

/* Hands the leg's params to the worker; `answer`, which is taken, goes out when it has done. NULL:
 * what waits to go out waits on. */
static void leg_post(struct service *service, struct leg *leg, char *answer)
{
	service_put_media(service, leg->seat->meeting,
			  &(struct media_command){.type = leg->is_open ? MEDIA_TRANSPORT_UPDATE
								       : MEDIA_TRANSPORT_OPEN,
						  .room_id = leg->params->room_id,
						  .transport_id = leg->transport_id,
						  .params = leg->params});
	leg->is_open = true;
	leg->pending++;
	timer_set(service, &leg->timer, service->now_us + SERVICE_MEDIA_US);
	if (answer != NULL) {
		free(leg->answer);
		leg->answer = answer;
	}
	meeting_mark(service, leg->seat->meeting);
}

static enum source source_of(const struct leg_offer *offer, const struct mline_params *mline)
{
	for (size_t i = 0; i < offer->source_count; i++) {
		if (strcmp(offer->sources[i].mid, mline->mid) == 0)
			return offer->sources[i].source;
	}
	return mline->kind == MEDIA_AUDIO ? SOURCE_MICROPHONE : SOURCE_CAMERA;
}

/* Whose picture goes first. True when that is news. */
static bool rank(struct leg *leg)
{
	const struct seat *seat = leg->seat;
	bool is_news = false;

	for (size_t i = 0; i < leg->params->mline_count; i++) {
		struct mline_params *mline = &leg->params->mline[i];
		struct priority is = priority_of(seat->meeting->consultation.mode,
						 seat->participant.role, leg->track[i].source);

		if ((mline->use & MLINE_TRACK) == 0)
			continue;
		is_news = is_news || mline->priority != is.priority ||
			  mline->floor_bps != is.floor_bps || mline->keep != is.keep;
		mline->priority = is.priority;
		mline->floor_bps = is.floor_bps;
		mline->keep = is.keep;
	}
	return is_news;
}

void leg_rank_anew(struct service *service, struct leg *leg)
{
	if (rank(leg) && leg->is_open)
		leg_post(service, leg, NULL);
}

/* Takes the new params over and enters its tracks. */
static void leg_take_params(struct service *service, struct leg *leg,
			    const struct transport_params *params, const struct leg_offer *offer)
{
	for (size_t i = 0; i < leg->params->mline_count; i++) {
		if (i >= params->mline_count || (params->mline[i].use & MLINE_TRACK) == 0)
			track_forget(service, leg, i);
	}
	free(leg->params);
	leg->params = service_params_dup(params);
	for (size_t i = 0; i < params->mline_count; i++) {
		const struct mline_params *mline = &params->mline[i];

		if ((mline->use & MLINE_SLOT) == 0)
			view_put_slot(service, leg, i, 0);
		if ((mline->use & MLINE_TRACK) == 0)
			continue;
		leg->track[i].source = source_of(offer, mline);
		(void)g_hash_table_insert(service->tracks, GUINT_TO_POINTER(mline->track_id), leg);
	}
	(void)rank(leg);
	leg->has_slots_news = true;
}

/* Where a new connection begins, both ways: where the person's last one ended. */
static uint32_t recall_start(const struct service *service, struct leg *leg)
{
	uint32_t down_bps, up_bps;

	recall_get(&service->recall, service->now_us, leg->seat->participant.id, &down_bps,
		   &up_bps);
	/* The page understands it, whatever its browser; others need not. */
	if (leg->kind == LEG_PAGE && leg->publisher_start_kbps == 0)
		leg->publisher_start_kbps =
			CLAMP(up_bps / 1000, PUBLISHER_START_MIN_KBPS, PUBLISHER_START_MAX_KBPS);
	return MIN(down_bps, START_MAX_BPS);
}

int leg_negotiate(struct service *service, struct leg *leg, const struct leg_offer *offer,
		  struct negotiate_error *error)
{
	static const unsigned uses[] = {
		[LEG_PAGE] = MLINE_TRACK | MLINE_SLOT,
		[LEG_WHIP] = MLINE_TRACK,
		[LEG_WHEP] = MLINE_SLOT,
	};
	struct negotiate_abilities abilities = abilities_of(service, leg->seat->meeting);
	struct negotiate_request request = {
		.sdp = offer->sdp,
		.previous = leg->is_open ? leg->params : NULL,
		.room_id = leg->seat->meeting->room_id,
		.transport_id = leg->transport_id,
		.owner = leg->seat->owner,
		.only_owner = offer->only_owner,
		.uses = uses[leg->kind],
		.start_bps = recall_start(service, leg),
		.version = leg->version + 1,
		.rng = &service->rng,
		.next_track_id = &service->next_track,
	};
	struct transport_params *params = g_new(struct transport_params, 1);
	char *answer = NULL;
	int result;

	request.publisher_start_kbps = leg->publisher_start_kbps;
	result = negotiate(params, &answer, &abilities, &request, error);
	params->circle = admit_circle(leg->seat);
	params->is_mirror = leg->seat->meeting->is_check;
	params->is_signalled = leg->kind == LEG_PAGE;
	if (result == 0) {
		leg->version++;
		leg->seq = offer->seq;
		leg->is_deflated = offer->is_deflated;
		leg_take_params(service, leg, params, offer);
		leg_post(service, leg, answer);
	}
	g_free(params);
	return result;
}

void leg_restart(struct service *service, struct leg *leg, const struct ice_credentials *remote)
{
	struct negotiate_abilities abilities = abilities_of(service, leg->seat->meeting);

	leg->params->remote = *remote;
	negotiate_credentials(&service->rng, &leg->params->local);
	leg_post(service, leg,
		 whip_fragment(leg->params, abilities.candidates, abilities.candidate_count));
}

/* --- the worker's answers --------------------------------------------------------------------- */

static void leg_fail(struct service *service, struct leg *leg, enum problem problem)
{
	struct seat *seat = leg->seat;
	bool is_page = leg->kind == LEG_PAGE;

	if (leg->request != 0)
		http_refuse(service, leg->request, problem, problem_text(problem));
	leg->request = 0;
	leg_close(service, leg, false);
	if (is_page && seat->client != NULL)
		client_refuse(service, seat->client, problem, problem_text(problem), "offer");
	seat_release(service, seat, DEPARTURE_LOST);
}

/* Packed as the offer was: whoever packs can unpack. */
static void tell_answer(struct service *service, const struct leg *leg)
{
	struct message answer = {.type = MESSAGE_ANSWER, .seq = leg->seq, .sdp = leg->answer};
	char *packed = leg->is_deflated ? deflate_pack(leg->answer) : NULL;

	if (packed != NULL) {
		answer.sdp = NULL;
		answer.sdp_deflate = packed;
	}
	tell(service, leg->seat->client, &answer);
	free(packed);
}

static void leg_answer(struct service *service, struct leg *leg)
{
	const struct client *client = leg->seat->client;

	timer_set(service, &leg->timer, DEADLINE_NEVER);
	if (leg->kind != LEG_PAGE)
		http_leg_done(service, leg);
	else if (client != NULL && client->session.state == SESSION_JOINED && leg->answer != NULL)
		tell_answer(service, leg);
	free(leg->answer);
	leg->answer = NULL;
	meeting_mark(service, leg->seat->meeting);
}

void service_media_done(struct service *service, int64_t now_us, uint32_t transport_id, int result)
{
	struct leg *leg = g_hash_table_lookup(service->legs, &transport_id);

	service->now_us = now_us;
	if (leg == NULL || leg->pending == 0)
		return;
	leg->pending--;
	if (result < 0)
		leg_fail(service, leg, result == -ENOSPC ? PROBLEM_SERVER_FULL : PROBLEM_TRY_AGAIN);
	else if (leg->pending == 0)
		leg_answer(service, leg);
}

void leg_timeout(struct service *service, struct leg *leg)
{
	leg_fail(service, leg, PROBLEM_TRY_AGAIN);
}

/* --- the worker's events ---------------------------------------------------------------------- */

static void on_link(struct service *service, struct leg *leg, const struct engine_event *event)
{
	bool is_silent = event->type == ENGINE_TRANSPORT_SILENT;

	leg->state = is_silent ? LEG_SILENT : LEG_HERE;
	leg->seat->is_lost = false;
	figures_hear(leg);
	if (is_silent && consultation_quality_lost(&leg->seat->participant))
		leg->seat->has_quality_news = true;
	meeting_mark(service, leg->seat->meeting);
}

static void on_gone(struct service *service, struct leg *leg, const struct engine_event *event)
{
	static const enum media_loss losses[] = {
		[ENGINE_GONE_EXPIRED] = MEDIA_LOSS_EXPIRED,
		[ENGINE_GONE_DTLS_FAILED] = MEDIA_LOSS_DTLS_FAILED,
		[ENGINE_GONE_PEER_CLOSED] = MEDIA_LOSS_PEER_CLOSED,
	};
	struct seat *seat = leg->seat;
	const struct client *client = leg->kind == LEG_PAGE ? seat->client : NULL;
	bool has_left = event->reason == ENGINE_GONE_PEER_CLOSED;

	leg_close(service, leg, true);
	seat->is_lost = true;
	if (consultation_quality_lost(&seat->participant))
		seat->has_quality_news = true;
	if (client != NULL && client->session.state == SESSION_JOINED)
		tell(service, client,
		     &(struct message){.type = MESSAGE_MEDIA_LOST,
				       .media_loss = losses[event->reason]});
	seat_release(service, seat, has_left ? DEPARTURE_LEFT : DEPARTURE_LOST);
}

static void on_slot(struct service *service, struct leg *leg, const struct engine_event *event)
{
	for (size_t i = 0; i < leg->params->mline_count; i++) {
		if (strcmp(leg->params->mline[i].mid, event->mid) != 0)
			continue;
		view_put_slot(service, leg, i, event->track_id);
		leg->has_slots_news = true;
		meeting_mark(service, leg->seat->meeting);
		return;
	}
}

static void on_slots_short(struct service *service, struct leg *leg,
			   const struct engine_event *event)
{
	/* Half of the m-lines for each kind: an offer has to fit LIMIT_MLINES. */
	leg->wanted[event->kind] = MIN(event->wanted, LIMIT_SLOTS);
	meeting_mark(service, leg->seat->meeting);
}

static void on_speaking(struct service *service, struct leg *leg, const struct engine_event *event)
{
	/* The event's transport is the publisher's, or the track says whose it is. */
	struct leg *from = g_hash_table_lookup(service->tracks, GUINT_TO_POINTER(event->track_id));

	if (from == NULL)
		return;
	for (size_t i = 0; i < from->params->mline_count; i++) {
		struct leg_track *track = &from->track[i];

		if (from->params->mline[i].track_id != event->track_id ||
		    track->is_speaking == event->is_speaking)
			continue;
		track->is_speaking = event->is_speaking;
		if (consultation_speaking(&from->seat->participant, event->is_speaking))
			tell_speaking(service, from->seat);
	}
}

static void on_quality(struct service *service, struct leg *leg, const struct engine_event *event)
{
	struct seat *seat = leg->seat;
	struct quality_figures figures = {
		.rtt_us = event->rtt_us,
		.loss_up_permille = event->loss_up_permille,
		.loss_down_permille = event->loss_down_permille,
		.down_bps = event->down_bps,
		.up_bps = event->up_bps,
	};

	leg->down_bps = event->down_bps;
	leg->up_bps = event->up_bps;
	/* Of several connections the page's counts. */
	if (leg->state != LEG_HERE || (leg->kind != LEG_PAGE && seat_page(seat) != NULL))
		return;
	figures_link(&seat->figures, &figures);
	if (!consultation_quality(&seat->participant, &figures))
		return;
	seat->has_quality_news = true;
	meeting_mark(service, seat->meeting);
}

static void on_track_live(struct service *service, struct leg *leg,
			  const struct engine_event *event)
{
	/* Slots tell who is seen; nothing else depends on a first packet yet. */
}

void service_media_event(struct service *service, int64_t now_us, const struct engine_event *event)
{
	static void (*const handlers[])(struct service *, struct leg *,
					const struct engine_event *) = {
		[ENGINE_TRANSPORT_CONNECTED] = on_link, [ENGINE_TRANSPORT_SILENT] = on_link,
		[ENGINE_TRANSPORT_BACK] = on_link,	[ENGINE_TRANSPORT_GONE] = on_gone,
		[ENGINE_TRACK_LIVE] = on_track_live,	[ENGINE_SLOT] = on_slot,
		[ENGINE_SLOTS_SHORT] = on_slots_short,	[ENGINE_SPEAKING] = on_speaking,
		[ENGINE_QUALITY] = on_quality,		[ENGINE_PICTURE] = view_on_picture,
		[ENGINE_WANT] = view_on_want,
	};
	uint32_t transport_id = event->transport_id;
	struct leg *leg = g_hash_table_lookup(service->legs, &transport_id);

	service->now_us = now_us;
	assert((size_t)event->type < G_N_ELEMENTS(handlers));
	/* Of a transport closed meanwhile; speaking is about a track. */
	if (leg != NULL || event->type == ENGINE_SPEAKING)
		handlers[event->type](service, leg, event);
}

bool leg_find_track(const struct service *service, uint32_t track_id, const char **participant,
		    enum source *source)
{
	const struct leg *leg =
		track_id != 0 ? g_hash_table_lookup(service->tracks, GUINT_TO_POINTER(track_id))
			      : NULL;

	for (size_t i = 0; leg != NULL && i < leg->params->mline_count; i++) {
		if (leg->params->mline[i].track_id != track_id)
			continue;
		*participant = leg->seat->participant.id;
		*source = leg->track[i].source;
		return true;
	}
	return false;
}
