/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/track.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "media/base/seq.h"
#include "media/route/dispatch.h"
#include "media/route/hear.h"

/* Longer than any redundancy reaches back. */
#define VOICE_AGE_US   1000000
#define AUDIO_ALIVE_US 1000000
#define RUN_AGE_US     2000000
/* A run this short is in the viewer's link before a new keyframe is made. */
#define RUN_JOIN_US   500000
#define MIN_REPAIR_US 50000
#define MAX_REPAIR_US 300000

size_t track_encodings(const struct mline_params *mline)
{
	size_t count = mline->rid_count ? mline->rid_count : mline->ssrc_count;

	return count ? count : 1;
}

static int new_pictures(struct track *track)
{
	for (size_t i = 0; i < track->encoding_room; i++) {
		struct encoding *e = &track->encoding[i];

		e->pictures = calloc(1, sizeof(*e->pictures));
		if (!e->pictures || run_new(&e->pictures->run))
			return -ENOMEM;
	}
	return 0;
}

static void free_pictures(struct encoding_pictures *pictures)
{
	if (!pictures)
		return;
	run_free(pictures->run);
	frames_close(&pictures->frames);
	free(pictures);
}

int track_new(struct track **out, const struct track_config *config)
{
	const struct mline_params *mline = config->mline;
	size_t room = track_encodings(mline);
	struct track *track = calloc(1, sizeof(*track) + room * sizeof(*track->encoding));

	if (!track)
		return -ENOMEM;
	track->encoding = (struct encoding *)(track + 1);
	track->encoding_room = room;
	track->id = mline->track_id;
	track->kind = mline->kind;
	track->owner = config->owner;
	track->transport = config->transport;
	track->mline = mline;
	track->exts = config->exts;
	track->clock = config->clock;
	track->encoding_count = room;
	for (size_t i = 0; i < room; i++)
		track->encoding[i].nack.is_audio = mline->kind == MEDIA_AUDIO;
	for (size_t i = 0; i < VLA_STREAMS; i++)
		track->allocation.encoding[i] = LAYERS_NONE;
	if (mline->kind == MEDIA_VIDEO && new_pictures(track)) {
		track_free(track);
		return -ENOMEM;
	}
	*out = track;
	return 0;
}

void track_free(struct track *track)
{
	if (!track)
		return;
	assert(!track->subs);
	for (size_t i = 0; i < track->encoding_room; i++) {
		nack_close(&track->encoding[i].nack);
		free_pictures(track->encoding[i].pictures);
	}
	voice_reset(&track->voice);
	free(track);
}

const struct codec_params *track_codec(const struct track *track)
{
	const struct encoding *latest = NULL;

	/* Tones and comfort noise come and go beside a voice; a video codec is a choice. */
	if (track->mline->codec_count == 0)
		return NULL;
	if (track->kind == MEDIA_AUDIO)
		return &track->mline->codec[0];
	for (size_t i = 0; i < track->encoding_count; i++) {
		const struct encoding *e = &track->encoding[i];

		if (e->is_known && e->codec && (!latest || e->last_us > latest->last_us))
			latest = e;
	}
	return latest ? latest->codec : &track->mline->codec[0];
}

/* --- choosing what each subscription gets ---------------------------------------------------- */

/* What is missing may be on its way: a repair within this time makes a keyframe needless. */
static int64_t repair_us(const struct track *track)
{
	int64_t us = track->transport->rtt_us * 3 / 2;

	return us > MIN_REPAIR_US && us < MAX_REPAIR_US ? us : MIN_REPAIR_US;
}

void track_request(struct track *track, int64_t now_us, int encoding, enum keyframe_urgency urgency)
{
	struct encoding *e = &track->encoding[encoding];
	struct keyframe *keyframe = &e->keyframe;

	if (track->kind != MEDIA_VIDEO || !e->is_known)
		return;
	/* Once for each wish: what is not repaired by then is asked for. */
	if (!keyframe->is_wanted && keyframe->has_received && e->nack.count > 0)
		keyframe_hold(keyframe, now_us + repair_us(track));
	keyframe_want(keyframe, now_us, urgency);
	transport_wake(track->transport, keyframe_deadline_us(keyframe, track->transport->rtt_us));
}

static int64_t capture_of(const struct track *track, const struct packet *packet)
{
	return sync_capture_us(track->clock, &track->encoding[packet->encoding].report,
			       packet->header.timestamp, packet->codec->clock_hz,
			       packet->pkt->arrival_us);
}

static void choose_all(struct track *track, int64_t now_us)
{
	for (struct sub *sub = track->subs; sub; sub = sub->next)
		track_choose(track, now_us, sub);
}

void track_add_sub(struct track *track, int64_t now_us, struct sub *sub)
{
	sub_show(sub, &(struct sub_source){track, track->mline, track->exts});
	sub->next = track->subs;
	track->subs = sub;
	track_choose(track, now_us, sub);
}

void track_remove_sub(struct track *track, int64_t now_us, struct sub *sub)
{
	struct sub **at = &track->subs;

	while (*at && *at != sub)
		at = &(*at)->next;
	assert(*at == sub);
	*at = sub->next;
	sub->next = NULL;
	if (track->kind == MEDIA_AUDIO)
		hear_end(sub, now_us, &track->voice);
	sub_show(sub, NULL);
}

void track_forget(struct track *track, int64_t now_us)
{
	for (struct sub *sub = track->subs; sub && track->kind == MEDIA_AUDIO; sub = sub->next)
		hear_flush(sub, now_us, &track->voice);
	voice_expire(&track->voice, now_us + 1);
	for (size_t i = 0; i < track->encoding_room; i++)
		if (track->encoding[i].pictures)
			run_clear(track->encoding[i].pictures->run);
}

/* --- packets --------------------------------------------------------------------------------- */

/* Another SSRC is another stream: numbers, figures and requests start again. */
static void enter_stream(struct track *track, struct encoding *e, const struct packet *packet)
{
	uint8_t generation = (uint8_t)(e->generation + 1);
	uint8_t fir_seq = e->fir_seq;
	struct encoding_pictures *pictures = e->pictures;

	voice_reset(&track->voice);
	nack_close(&e->nack);
	memset(e, 0, sizeof(*e));
	e->pictures = pictures;
	if (pictures) {
		run_clear(pictures->run);
		frames_close(&pictures->frames);
		memset(&pictures->meter, 0, sizeof(pictures->meter));
	}
	e->generation = generation;
	e->fir_seq = fir_seq;
	e->is_known = true;
	e->last_us = packet->pkt->arrival_us;
	e->ssrc = packet->header.ssrc;
	e->highest_seq = (uint16_t)(packet->header.seq - 1);
	e->nack.is_audio = track->kind == MEDIA_AUDIO;
	e->recv.ssrc = e->ssrc;
	e->recv.clock_hz = packet->codec->clock_hz;
}

static void tell_live(struct track *track)
{
	struct engine_event event = transport_event(track->transport, ENGINE_TRACK_LIVE);

	track->is_live = true;
	event.track_id = track->id;
	outlet_event(track->transport->outlet, &event);
}

static void tell_speaking(struct track *track)
{
	struct engine_event event = transport_event(track->transport, ENGINE_SPEAKING);

	event.track_id = track->id;
	event.is_speaking = track->level.is_speaking;
	outlet_event(track->transport->outlet, &event);
}

/* Another codec may not suit every subscriber: the room looks again. */
static void follow_codec(struct track *track, struct encoding *e, const struct packet *packet)
{
	const struct codec_params *before = track_codec(track);

	e->codec = packet->codec;
	if (track_codec(track) != before)
		track->transport->slots_stale = true;
}

/* False: a retransmission of what was not missing. Browsers fill the probes of their uplink with
 * such, hundreds a second: counted as media, a camera of 150 kbit/s seemed to send 900. */
static bool count_received(struct track *track, int64_t now_us, struct encoding *e,
			   const struct packet *packet, bool is_recovered)
{
	uint16_t seq = packet->header.seq;
	bool is_new;

	/* What RTX brought was lost all the same: RFC 4588 5.1 counts the streams apart. */
	if (!is_recovered)
		recv_packet(&e->recv, now_us, seq, packet->header.timestamp, packet->pkt->len);
	if (!packet->codec->has_nack)
		return true;
	is_new = nack_received(&e->nack, now_us, seq);
	if (nack_take_overflow(&e->nack))
		track_request(track, now_us, (int)(e - track->encoding), KEYFRAME_URGENT);
	transport_wake(track->transport, nack_deadline_us(&e->nack));
	return is_new || !is_recovered;
}

static void read_level(struct track *track, int64_t now_us, const struct packet *packet)
{
	uint8_t level_dbov;
	bool is_voice;

	if (!rtp_ext_audio_level(&packet->exts, &level_dbov, &is_voice))
		return;
	if (level_packet(&track->level, now_us, level_dbov, is_voice)) {
		tell_speaking(track);
		/* Who speaks is heard and seen: viewers share out anew. */
		if (track->level.is_speaking)
			choose_all(track, now_us);
	}
	transport_wake(track->transport, level_deadline_us(&track->level));
}

/* What RED brought need not be asked for. */
static void forgive_missing(struct track *track, int64_t now_us, const struct packet *packet)
{
	struct nack *nack = &track->encoding[packet->encoding].nack;

	for (uint16_t back = 1; back < LIMIT_RED_BLOCKS && nack->count > 0; back++) {
		uint16_t seq = (uint16_t)(packet->header.seq - back);

		if (voice_has(&track->voice, seq))
			(void)nack_received(nack, now_us, seq); /* told of by RED alone */
	}
}

static void fan_out(struct track *track, int64_t now_us, const struct packet *packet,
		    bool is_newest)
{
	struct waiting_item item = {
		.packet = *packet,
		.queued_us = now_us,
		.capture_us = capture_of(track, packet),
		.is_newest = is_newest,
	};

	if (track->kind == MEDIA_AUDIO && packet->codec->codec == CODEC_OPUS) {
		if (hear_packet(&track->voice, now_us, track->subs, packet, item.capture_us))
			track->transport->outlet->stats.dropped_malformed++;
		else if (packet->is_red && packet->codec->has_nack)
			forgive_missing(track, now_us, packet);
		return;
	}
	for (struct sub *sub = track->subs; sub; sub = sub->next) {
		if (track->kind == MEDIA_AUDIO)
			hear_flush(sub, now_us, &track->voice);
		dispatch_forward(sub->dispatch, now_us, sub, &item);
		track_serve(track, now_us, sub);
	}
}

/* Restores a retransmission. True when the packet is to go on. */
static bool take_rtx(struct track *track, struct encoding *e, struct packet *packet)
{
	struct engine_stats *stats = &track->transport->outlet->stats;

	stats->rtx_in++;
	if (!e->is_known)
		return false;
	return packet_restore(packet, e->ssrc, track->exts) == 0;
}

static void take_stream(struct track *track, int64_t now_us, struct packet *packet,
			bool is_recovered)
{
	struct encoding *e = &track->encoding[packet->encoding];
	bool was_alive = e->is_alive;
	/* Padding and old packets come as probes of encodings that send no picture. */
	bool has_media =
		track->kind == MEDIA_AUDIO || (packet->header.payload_len > 0 && !is_recovered);

	if (!e->is_known || e->ssrc != packet->header.ssrc) {
		enter_stream(track, e, packet);
		was_alive = false;
	}
	if (e->codec != packet->codec)
		follow_codec(track, e, packet);
	packet->generation = e->generation;
	e->is_alive = e->is_alive || has_media;
	if (!was_alive && has_media)
		choose_all(track, now_us);
	if (!track->is_live)
		tell_live(track);
}

static void measure(struct track *track, int64_t now_us, struct encoding *e,
		    const struct packet *packet, bool is_newest)
{
	struct meter *meter = &e->pictures->meter;
	bool was_dead = now_us >= meter_alive_until_us(meter);
	uint32_t bytes;

	meter_packet(meter, now_us, packet->pkt->len, packet->header.timestamp, &packet->frame,
		     is_newest);
	if (meter_take_keyframe(meter, &bytes))
		keyframe_measured(&e->keyframe, bytes);
	if (was_dead)
		transport_wake(track->transport, meter_alive_until_us(meter));
}

static void keep_in_run(struct encoding *e, int64_t now_us, const struct packet *packet)
{
	struct run_packet item = {
		.pkt = packet->pkt,
		.seq = packet->header.seq,
		.timestamp = packet->header.timestamp,
		.marker = packet->header.marker,
		.has_frame_number = packet->has_frame_number,
		.frame_number = packet->frame_number,
		.frame = packet->frame,
	};

	if (packet->has_frame)
		run_put(e->pictures->run, now_us, &item);
	else
		run_skip(e->pictures->run, packet->header.seq);
}

static void read_allocation(struct track *track, int64_t now_us, const struct packet *packet)
{
	const struct rtp_ext_value *ext = &packet->exts.value[RTP_EXT_VIDEO_LAYERS];
	struct track_allocation *a = &track->allocation;

	if (!ext->data || vla_parse(&a->vla, ext->data, ext->len))
		return;
	a->is_known = true;
	a->told_us = now_us;
	a->encoding[a->vla.rid] = (int8_t)packet->encoding;
}

static void take_video(struct track *track, int64_t now_us, struct encoding *e,
		       const struct packet *packet, bool is_newest)
{
	keep_in_run(e, now_us, packet);
	if (is_newest)
		read_allocation(track, now_us, packet);
	if (packet->has_frame)
		measure(track, now_us, e, packet, is_newest);
	/* One that was overtaken begins by way of the run. */
	if (packet_starts_keyframe(packet) &&
	    (is_newest || run_age_us(e->pictures->run, now_us) == 0))
		keyframe_received(&e->keyframe, now_us);
}

/* NULL: an SSRC is known from when its m-line named more of them. */
static struct encoding *encoding_at(struct track *track, size_t encoding)
{
	return encoding < track->encoding_room ? &track->encoding[encoding] : NULL;
}

void track_rtp(struct track *track, int64_t now_us, struct packet *packet,
	       const struct bundle_place *place)
{
	struct encoding *e = encoding_at(track, place->encoding);
	struct engine_stats *stats = &track->transport->outlet->stats;
	bool is_recovered = packet->is_rtx;
	struct frames *frames;
	bool is_newest;

	if (!e) {
		stats->dropped_malformed++;
		return;
	}
	if (packet->is_rtx && !take_rtx(track, e, packet))
		return;
	packet->encoding = place->encoding;
	take_stream(track, now_us, packet, is_recovered);
	if (!count_received(track, now_us, e, packet, is_recovered))
		return;
	is_newest = seq_newer(packet->header.seq, e->highest_seq);
	if (is_newest) {
		e->highest_seq = packet->header.seq;
		e->last_timestamp = packet->header.timestamp;
		e->last_us = packet->pkt->arrival_us;
	}
	read_level(track, now_us, packet);
	frames = track->kind == MEDIA_VIDEO ? &e->pictures->frames : NULL;
	if (frames_inspect(frames, packet, is_newest)) {
		stats->dropped_malformed++;
		return;
	}
	if (track->kind == MEDIA_VIDEO)
		take_video(track, now_us, e, packet, is_newest);
	fan_out(track, now_us, packet, is_newest);
}

/* --- reports and time ------------------------------------------------------------------------ */

/* What was read under the old entries must not go out under the new ones. */
static void forget_codecs(struct track *track)
{
	for (size_t i = 0; i < track->encoding_room; i++) {
		track->encoding[i].codec = NULL;
		if (track->encoding[i].pictures)
			run_clear(track->encoding[i].pictures->run);
	}
	for (struct sub *sub = track->subs; sub; sub = sub->next) {
		if (sub->waiting.count == 0)
			continue;
		waiting_clear(&sub->waiting);
		sub_break(sub);
	}
}

void track_renegotiated(struct track *track, bool codecs_changed)
{
	track->encoding_count = track_encodings(track->mline);
	if (codecs_changed)
		forget_codecs(track);
}

void track_sender_report(struct track *track, int64_t now_us, int encoding,
			 const struct rtcp_packet *sr)
{
	struct encoding *e = encoding_at(track, (size_t)encoding);

	if (!e || !e->is_known || e->ssrc != sr->sender_ssrc)
		return;
	recv_sender_report(&e->recv, now_us, sr->ntp);
	sync_sender_report(track->clock, &e->report, now_us, sr->ntp, sr->rtp_timestamp);
}

void track_bye(struct track *track, int64_t now_us, int encoding)
{
	struct encoding *e = encoding_at(track, (size_t)encoding);

	if (!e)
		return;
	/* The next packet of this encoding is another stream, whatever its SSRC. */
	e->is_known = false;
	e->is_alive = false;
	e->nack.count = 0;
	e->keyframe.is_wanted = false;
	choose_all(track, now_us);
}

bool track_timestamp(const struct track *track, int64_t now_us, const struct sub *sub,
		     uint32_t *out)
{
	bool is_audio = track->kind == MEDIA_AUDIO;
	int encoding = is_audio ? (sub->hears ? 0 : LAYERS_NONE) : sub->selector.now.encoding;
	uint8_t generation = is_audio ? sub->generation : sub->selector.generation;
	const struct encoding *e;

	if (encoding == LAYERS_NONE)
		return false;
	e = &track->encoding[encoding];
	if (!e->is_known || e->generation != generation || e->recv.clock_hz == 0)
		return false;
	*out = sync_timestamp_at(track->clock, &e->report, now_us, e->recv.clock_hz,
				 e->last_timestamp, e->last_us);
	return true;
}

void track_tick(struct track *track, int64_t now_us)
{
	for (size_t i = 0; i < track->encoding_count; i++) {
		struct encoding *e = &track->encoding[i];

		if (track->kind == MEDIA_AUDIO)
			e->is_alive = e->is_known && now_us - e->last_us < AUDIO_ALIVE_US;
		if (e->pictures)
			meter_advance(&e->pictures->meter, now_us);
		/* A pause: a joiner would see an old picture for a live one. */
		if (e->pictures && now_us - e->last_us > RUN_AGE_US)
			run_clear(e->pictures->run);
		keyframe_stream(&e->keyframe, track_encoding_bps(track, now_us, (int)i));
	}
	voice_expire(&track->voice, now_us - VOICE_AGE_US);
	choose_all(track, now_us);
}

static void check_alive(struct track *track, int64_t now_us)
{
	bool has_changed = false;

	for (size_t i = 0; i < track->encoding_count; i++) {
		struct encoding *e = &track->encoding[i];

		if (!e->is_alive || now_us < meter_alive_until_us(&e->pictures->meter))
			continue;
		e->is_alive = false;
		has_changed = true;
	}
	if (has_changed)
		choose_all(track, now_us);
}

void track_timeout(struct track *track, int64_t now_us)
{
	if (track->kind == MEDIA_VIDEO)
		check_alive(track, now_us);
	if (level_timeout(&track->level, now_us))
		tell_speaking(track);
}

int64_t track_deadline_us(const struct track *track)
{
	int64_t first = level_deadline_us(&track->level);

	for (size_t i = 0; i < track->encoding_count; i++) {
		const struct encoding *e = &track->encoding[i];
		int64_t nack = nack_deadline_us(&e->nack);
		int64_t keyframe = keyframe_deadline_us(&e->keyframe, track->transport->rtt_us);

		if (e->is_known && nack < first)
			first = nack;
		if (e->is_known && keyframe < first)
			first = keyframe;
		if (track->kind == MEDIA_VIDEO && e->is_alive &&
		    meter_alive_until_us(&e->pictures->meter) < first)
			first = meter_alive_until_us(&e->pictures->meter);
	}
	return first;
}
