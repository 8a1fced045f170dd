/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/intake.h"

#include "media/base/heap.h"
#include "media/rate/feedback_interval.h"

void intake_start(struct intake *intake, int64_t now_us, uint8_t packet_overhead)
{
	uplink_init(&intake->uplink, now_us, packet_overhead);
}

void intake_close(struct intake *intake)
{
	arrival_close(&intake->arrival);
}

void intake_route_changed(struct intake *intake, int64_t now_us, uint8_t packet_overhead)
{
	uplink_route_changed(&intake->uplink, now_us, packet_overhead);
}

void intake_packet(struct intake *intake, const struct packet *packet,
		   const struct codec_params *codec)
{
	struct uplink_packet arrived = {
		.arrival_us = packet->pkt->arrival_us,
		.bytes = packet->pkt->len,
		.is_audio = codec && !codec_is_video(codec->codec),
		.ssrc = packet->header.ssrc,
		.timestamp = packet->header.timestamp,
		.clock_hz = codec && !packet->is_rtx ? codec->clock_hz : 0,
	};

	arrived.has_send_time = rtp_ext_abs_send_time(&packet->exts, &arrived.send_time);
	arrived.has_transport_seq = intake->has_transport_cc &&
				    rtp_ext_transport_seq(&packet->exts, &arrived.transport_seq);
	uplink_packet(&intake->uplink, &arrived);
	if (!arrived.has_transport_seq)
		return;
	intake->transport_cc_ssrc = packet->header.ssrc;
	arrival_packet(&intake->arrival, arrived.arrival_us, arrived.transport_seq);
}

void intake_feedback(struct intake *intake, struct feedback *f, uint32_t reverse_bps,
		     struct track *const *tracks, size_t count)
{
	const struct uplink_state *state = uplink_state(&intake->uplink);
	struct feedback_interval_in in = {
		.is_unstable = state->is_unstable,
		.reverse_bps = reverse_bps,
		.report_bytes =
			arrival_report_bytes(&intake->arrival, intake->uplink.packet_overhead),
	};

	if (uplink_deadline_us(&intake->uplink) <= f->now_us)
		uplink_timeout(&intake->uplink, f->now_us);
	arrival_set_interval(&intake->arrival, feedback_interval_us(&in));
	if (arrival_deadline_us(&intake->arrival) <= f->now_us)
		feedback_arrival(f, &intake->arrival, intake->transport_cc_ssrc);
	feedback_remb(f, &intake->remb, state->cap_bps, tracks, count);
}

int64_t intake_deadline_us(const struct intake *intake)
{
	const struct uplink_state *state = uplink_state(&intake->uplink);
	int64_t first = arrival_deadline_us(&intake->arrival);
	int64_t uplink = uplink_deadline_us(&intake->uplink);
	int64_t remb = feedback_remb_deadline_us(&intake->remb, state->cap_bps);

	first = uplink < first ? uplink : first;
	return remb < first ? remb : first;
}

/* --- what is asked of the publisher ---------------------------------------------------------- */

/* A slot that was given its part of the link; sound takes what it needs of the whole. */
static uint32_t budget_of(const struct sub *sub)
{
	if (sub->mline->kind == MEDIA_VIDEO)
		return sub->budget_bps;
	return sub->sender->bwe ? sender_target_bps(sub->sender) : WANT_NO_LIMIT;
}

static size_t collect_viewers(const struct track *track, struct want_viewer *viewers, size_t cap)
{
	size_t count = 0;

	for (const struct sub *sub = track->subs; sub && count < cap; sub = sub->next) {
		if (!transport_is_ready(sub->transport))
			continue;
		viewers[count++] = (struct want_viewer){
			.encoding = sub->selector.want.encoding,
			.max_encoding = LIMIT_ENCODINGS - 1,
			.budget_bps = budget_of(sub),
		};
	}
	return count;
}

static void tell_want(struct track *track, const struct want_out *out)
{
	struct engine_event event = transport_event(track->transport, ENGINE_WANT);

	track->asked_bps = out->max_bps;
	track->is_held_back = out->max_bps > 0 || out->encodings + 1u < 1u << track->encoding_count;
	event.track_id = track->id;
	event.kind = track->kind;
	event.want = (struct engine_want){
		.encodings = out->encodings,
		.max_bps = out->max_bps,
		.ptime_ms = out->ptime_ms,
		.is_redundant = out->is_redundant,
	};
	outlet_event(track->transport->outlet, &event);
}

static size_t count_pictures(struct track *const *tracks, size_t count)
{
	size_t pictures = 0;

	for (size_t m = 0; m < count; m++)
		pictures += tracks[m] && tracks[m]->kind == MEDIA_VIDEO && tracks[m]->is_live;
	return pictures ? pictures : 1;
}

static bool is_redundant(const struct intake *intake, int64_t now_us, struct track *track)
{
	const struct codec_params *codec = track_codec(track);
	struct uplink_red_view view = {
		.uplink = uplink_state(&intake->uplink),
		.rtt_us = track->transport->rtt_us,
		.opus_bps = voice_bps(&track->voice),
		.packet_headers = intake->uplink.packet_overhead,
	};

	if (track->kind != MEDIA_AUDIO || !codec || !codec->red_pt)
		return false;
	return uplink_red_update(&track->red, now_us, &view);
}

static void look_at(const struct intake *intake, int64_t now_us, struct track *track,
		    uint32_t uplink_bps, uint32_t arriving_bps)
{
	struct want_viewer viewers[LIMIT_ROOM_TRANSPORTS];
	struct want_in in = {
		.is_audio = track->kind == MEDIA_AUDIO,
		.encoding_count = (uint8_t)track->encoding_count,
		.viewers = viewers,
		.viewer_count = collect_viewers(track, viewers, LIMIT_ROOM_TRANSPORTS),
		.uplink_bps = uplink_bps,
		.arriving_bps = arriving_bps,
		.ptime_ms = uplink_state(&intake->uplink)->ptime_ms,
		.is_redundant = is_redundant(intake, now_us, track),
		/* A viewer's budget says what can be sent to it as it is. */
		.headroom_permille = 1,
	};
	struct want_out out;

	track->is_want_stale = false;
	if (want_update(&track->want, now_us, &in, &out))
		tell_want(track, &out);
}

void intake_wants(const struct intake *intake, int64_t now_us, struct track *const *tracks,
		  size_t count)
{
	const struct uplink_state *state = uplink_state(&intake->uplink);
	uint32_t uplink_bps = want_share(state->capacity_bps, state->cap_bps, state->audio_bps,
					 count_pictures(tracks, count));
	uint32_t arriving_bps = state->arrival_bps
					? want_share(state->arrival_bps, 0, state->audio_bps,
						     count_pictures(tracks, count))
					: 0;

	for (size_t m = 0; m < count; m++)
		if (tracks[m] && tracks[m]->is_live)
			look_at(intake, now_us, tracks[m], uplink_bps, arriving_bps);
}
