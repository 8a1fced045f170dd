/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/budget.h"

#include <string.h>

#include "media/rate/want.h"
#include "media/route/match.h"
#include "media/route/track.h"
#include "media/stream/lastn.h"

enum {
	/* Shared out again at least this often: rates of sources move. */
	BUDGET_PERIOD_US = 500000,
	/* Who speaks and is not heard yet gets a place as soon as one is free (stream/lastn). */
	BUDGET_VOICE_PERIOD_US = 30000,
	/* RTP with our extensions and the GCM tag, beside IP and UDP. */
	BUDGET_RTP_BYTES = 12 + 12 + 16,
	/* Retransmissions take at most this part of what pictures get. Guess: what helps at 20 %
	 * loss; beyond it smaller pictures help more. */
	BUDGET_MAX_REPAIR_PERMILLE = 300,
	/* Of its budget a viewer's encoder gets: pictures vary in size, and headers come on top. */
	BUDGET_SHAPE_PERCENT = 88,
	BUDGET_TOLD_PART = 20,
	/* What is asked of the estimate where the publisher keeps to less than it could send: room
	 * to grow. */
	BUDGET_GROW_PERCENT = 125,
	/* Quiet for so long, and the turn may be another's: two packets of thin publishers. */
	BUDGET_TURN_US = 120000,
	/* A turn lasts this long at least: a cough moves no pictures. Guess. */
	BUDGET_TURN_LEAST_US = 1500000,
	/* Pictures a 1000 s that a face needs to move (10/s, docs/adaptation.md 4). */
	BUDGET_SMOOTH_MHZ = 9500,
	/* Of the link, what voices may take: all of it when there is nothing to be seen. */
	BUDGET_SOUND_PERCENT = 35,
	/* Of the link, what a voice and its protection may take. */
	BUDGET_VOICE_PERCENT = 90,
	/* What a voice is taken to need before it was heard: Opus as browsers send it. */
	BUDGET_VOICE_BPS = 32000,
};

/* All streams of a transport, gathered for the leaves. */
struct gathered {
	const struct bwe_state *state; /* NULL: no feedback */
	int64_t now_us;
	uint32_t target_bps;
	uint32_t budget_bps; /* of it, without room for repair */
	uint16_t overhead;
	struct sub *sub[LIMIT_MLINES];
	struct share_stream stream[LIMIT_MLINES];
	struct layers_point points[LIMIT_MLINES][LAYERS_MAX_POINTS];
	uint32_t point_bps[LIMIT_MLINES][LAYERS_MAX_POINTS];
	size_t count;
	uint32_t sound_bps;
	uint32_t heard; /* voices, 1 at least */
	bool has_picture;
	bool is_new_turn;      /* somebody else speaks now */
	bool is_voice_waiting; /* somebody speaks and is not heard */
	double level;	       /* of a picture's share, for each unit of its weight */
};

/* --- sound ----------------------------------------------------------------------------------- */

static const struct codec_params *slot_codec(const struct sub *sub)
{
	return sub->codec[0] == MATCH_NONE ? NULL : &sub->mline->codec[sub->codec[0]];
}

static uint32_t lasting_bps(struct sub *sub)
{
	uint32_t now_bps = voice_bps(&sub->track->voice);

	/* Speech comes and goes: what it took lately is kept for it, falling by half in 10 s. */
	sub->voice_bps -= sub->voice_bps / 30;
	if (now_bps > sub->voice_bps)
		sub->voice_bps = now_bps;
	return sub->voice_bps ? sub->voice_bps : BUDGET_VOICE_BPS;
}

/* It is known to say nothing: silence needs no protection. */
static bool is_quiet(const struct track *track)
{
	return track->level.loud_us != 0 && !track->level.is_speaking;
}

/* Without protection. */
static uint32_t plain_bps(const struct sub *sub, const struct gathered *g)
{
	struct voice_policy plain = {.merge = redundancy_policy(&sub->redundancy).merge};
	struct redundancy_link link = {.overhead_bytes = g->overhead};

	return redundancy_cost_bps(&plain, sub->voice_bps ? sub->voice_bps : BUDGET_VOICE_BPS,
				   &link);
}

/* What protection may take of the link beside the plain packets of all who are heard. */
static uint32_t spare_bps(const struct sub *sub, const struct gathered *g)
{
	uint64_t own = plain_bps(sub, g);
	uint64_t all = (uint64_t)g->target_bps * BUDGET_VOICE_PERCENT / 100 / g->heard;

	return all > own ? (uint32_t)(all - own) : 0;
}

static uint32_t protect_voice(struct sub *sub, int64_t now_us, const struct gathered *g)
{
	const struct codec_params *codec = slot_codec(sub);
	struct redundancy_view view = {
		.target_bps = g->state ? g->target_bps : 0,
		.opus_bps = lasting_bps(sub),
		.link = {.overhead_bytes = g->overhead},
		.rtt_us = sub->transport->rtt_us,
		.has_red = codec && codec->red_pt && !is_quiet(sub->track),
		.has_nack = codec && codec->has_nack,
	};

	if (g->state) {
		view.loss = g->state->loss_permille / 1000.0;
		view.mean_burst = g->state->loss_burst_tenths / 10.0;
		view.is_silent = g->state->is_silent;
		view.rtt_us = g->state->rtt_us ? g->state->rtt_us : view.rtt_us;
		view.spare_bps = spare_bps(sub, g);
	}
	redundancy_update(&sub->redundancy, now_us, &view);
	voiceout_set_policy(&sub->voiceout, redundancy_policy(&sub->redundancy));
	return redundancy_cost_bps(&sub->voiceout.policy, view.opus_bps, &view.link);
}

static uint32_t for_sound_bps(const struct gathered *g)
{
	uint64_t bps = g->target_bps;

	return g->has_picture ? (uint32_t)(bps * BUDGET_SOUND_PERCENT / 100) : g->target_bps;
}

static void choose_voices(struct budget *budget, int64_t now_us, struct gathered *g)
{
	struct lastn_track tracks[LIMIT_MLINES];
	uint32_t cost[LIMIT_MLINES];
	struct sub *sub[LIMIT_MLINES];
	size_t count = 0;
	uint32_t dearest = 0;
	uint32_t plain = 0;

	for (size_t i = 0; i < g->count; i++) {
		if (g->stream[i].kind != SHARE_SOUND)
			continue;
		sub[count] = g->sub[i];
		cost[count] = protect_voice(g->sub[i], now_us, g);
		dearest = cost[count] > dearest ? cost[count] : dearest;
		plain = plain_bps(g->sub[i], g) > plain ? plain_bps(g->sub[i], g) : plain;
		tracks[count] = (struct lastn_track){
			.level = &g->sub[i]->track->level,
			.priority =
				(uint8_t)(g->stream[i].priority < UINT8_MAX ? g->stream[i].priority
									    : UINT8_MAX),
			.is_selected = g->sub[i]->is_heard,
			.selected_us = g->sub[i]->heard_us,
		};
		count++;
	}
	budget->voices =
		g->state ? lastn_count(for_sound_bps(g), dearest, plain, budget->voices) : count;
	lastn_choose(tracks, count, budget->voices, now_us);
	for (size_t i = 0; i < count; i++) {
		if (sub[i]->is_heard && !tracks[i].is_selected)
			sub[i]->unheard_us = now_us;
		sub[i]->is_heard = tracks[i].is_selected;
		sub[i]->heard_us = tracks[i].selected_us;
		g->is_voice_waiting |= !tracks[i].is_selected && tracks[i].level->is_speaking;
		sub[i]->cost_bps = tracks[i].is_selected ? cost[i] : 0;
		g->sound_bps += sub[i]->cost_bps;
	}
}

/* --- gathering ------------------------------------------------------------------------------- */

/* The fixed cap of the configuration; the smallest encoding is never too large. */
static void drop_capped(struct layers_point *points, size_t *count, int max_encoding)
{
	size_t kept = 0;

	for (size_t p = 0; p < *count; p++)
		if (points[p].target.encoding <= max_encoding ||
		    points[p].target.encoding == points[0].target.encoding)
			points[kept++] = points[p];
	*count = kept;
}

static void gather_picture(struct gathered *g, size_t i)
{
	struct sub *sub = g->sub[i];
	struct share_stream *stream = &g->stream[i];

	stream->kind = SHARE_VIDEO;
	stream->floor_bps = sub->source->floor_bps;
	stream->point_count = 0; /* not what it was last time */
	if (slot_codec(sub) || sub_can_show(sub))
		stream->point_count =
			track_points(sub->track, g->now_us, g->overhead, g->points[i]);
	drop_capped(g->points[i], &stream->point_count, sub->transport->outlet->video_max_encoding);
	for (size_t p = 0; p < stream->point_count; p++)
		g->point_bps[i][p] = g->points[i][p].cost_bps;
	stream->point_bps = g->point_bps[i];
	stream->point = sub->still_period_us ? SHARE_NONE
					     : layers_index(g->points[i], stream->point_count,
							    sub->selector.want);
	stream->still_bytes = track_still_bytes(sub->track);
	/* One viewer alone: its publisher will be asked for what fits. */
	stream->is_shaped = sub->track->subs == sub && !sub->next;
}

static void gather(struct gathered *g, int64_t now_us, const struct dispatch *dispatch)
{
	g->now_us = now_us;
	g->count = 0;
	g->sound_bps = 0;
	g->heard = 0;
	g->has_picture = false;
	g->is_new_turn = false;
	g->is_voice_waiting = false;
	g->level = 0;
	g->state = sender_state(dispatch->sender);
	g->target_bps = sender_target_bps(dispatch->sender);
	g->overhead = dispatch->sender->packet_overhead + BUDGET_RTP_BYTES;
	for (struct sub *sub = dispatch->subs; sub; sub = sub->next_of_transport) {
		if (!sub->track || g->count == LIMIT_MLINES)
			continue;
		g->sub[g->count] = sub;
		g->stream[g->count] = sub->share;
		g->stream[g->count].kind = SHARE_SOUND;
		g->stream[g->count].priority = sub->source->priority;
		if (sub->mline->kind == MEDIA_VIDEO)
			gather_picture(g, g->count);
		g->has_picture |= g->stream[g->count].point_count > 0;
		g->heard += sub->mline->kind == MEDIA_AUDIO && sub->is_heard && sub->hears;
		g->count++;
	}
	g->heard = g->heard > 0 ? g->heard : 1;
}

/* --- who speaks ------------------------------------------------------------------------------ */

/* Whose turn it is: the loudest of late, until somebody else speaks and is heard. */
static void follow_speaker(struct budget *budget, struct gathered *g)
{
	const struct track *next = NULL;
	bool goes_on = false;

	for (size_t i = 0; i < g->count; i++) {
		const struct track *track = g->sub[i]->track;

		if (g->stream[i].kind != SHARE_SOUND || !g->sub[i]->is_heard ||
		    !track->level.is_speaking)
			continue;
		goes_on |= budget->has_speaker && track->owner == budget->speaker &&
			   g->now_us - track->level.loud_us < BUDGET_TURN_US;
		if (!next || track->level.loud_us > next->level.loud_us)
			next = track;
	}
	if (goes_on || !next || (budget->has_speaker && next->owner == budget->speaker))
		return;
	if (budget->has_speaker && g->now_us - budget->turn_us < BUDGET_TURN_LEAST_US)
		return;
	budget->has_speaker = true;
	budget->speaker = next->owner;
	budget->turn_us = g->now_us;
	g->is_new_turn = true;
}

/* The cheapest point that moves like a face. */
static uint32_t smooth_bps(const struct gathered *g, size_t i)
{
	const struct share_stream *stream = &g->stream[i];

	for (size_t p = 0; p < stream->point_count; p++)
		if (g->points[i][p].frames_mhz >= BUDGET_SMOOTH_MHZ)
			return stream->point_bps[p];
	return 0;
}

/* The face of whoever speaks goes before faces of the same rank, and moves. */
static void prefer_speaker(const struct budget *budget, struct gathered *g)
{
	for (size_t i = 0; i < g->count; i++) {
		struct share_stream *stream = &g->stream[i];
		uint32_t smooth = smooth_bps(g, i);

		if (stream->kind != SHARE_VIDEO || !budget->has_speaker ||
		    g->sub[i]->track->owner != budget->speaker)
			continue;
		if (stream->priority < UINT16_MAX)
			stream->priority++;
		/* It does not wait for its place. */
		if (g->is_new_turn)
			stream->ladder = (struct ladder){.is_started = false};
		stream->floor_bps = stream->floor_bps > smooth ? stream->floor_bps : smooth;
	}
}

/* --- handing out ----------------------------------------------------------------------------- */

static enum engine_picture picture_of(enum ladder_mode mode)
{
	switch (mode) {
	case LADDER_NONE:
		return ENGINE_PICTURE_NONE;
	case LADDER_STILLS:
		return ENGINE_PICTURE_STILLS;
	case LADDER_REDUCED:
		return ENGINE_PICTURE_REDUCED;
	case LADDER_FULL:
		break;
	}
	return ENGINE_PICTURE_FULL;
}

static void tell_picture(struct sub *sub, enum engine_picture picture)
{
	struct engine_event event = transport_event(sub->transport, ENGINE_PICTURE);

	if (picture == sub->picture_told)
		return;
	sub->picture_told = picture;
	memcpy(event.mid, sub->mline->mid, sizeof(event.mid));
	event.kind = MEDIA_VIDEO;
	event.track_id = sub->track->id;
	event.picture = picture;
	outlet_event(sub->transport->outlet, &event);
}

/* What a stream is set to send. */
static uint32_t cost_of(const struct share_stream *stream)
{
	if (stream->point != SHARE_NONE)
		return stream->point_bps[stream->point];
	return stream->still_period_us ? (uint32_t)((uint64_t)stream->still_bytes * 8 * 1000000 /
						    (uint64_t)stream->still_period_us)
				       : 0;
}

/* Shares of pictures are as their priorities (RFC 8867 6.1). */
static double weight_of(const struct share_stream *stream)
{
	return stream->priority ? stream->priority : 1;
}

/* What a picture can use at most: its best point, unless its publisher was asked for less. */
static double most_of(const struct gathered *g, size_t i)
{
	const struct share_stream *stream = &g->stream[i];

	if (g->sub[i]->track->is_held_back || stream->is_shaped)
		return g->budget_bps;
	return stream->point_bps[stream->point_count - 1];
}

/* Each picture's share of what sound leaves; what one cannot use goes to the others. */
static void find_level(struct gathered *g)
{
	double left = g->budget_bps > g->sound_bps ? g->budget_bps - g->sound_bps : 0;
	bool is_full[LIMIT_MLINES] = {false};
	bool has_changed = true;

	while (has_changed) {
		double weights = 0;

		has_changed = false;
		for (size_t i = 0; i < g->count; i++)
			if (g->stream[i].kind == SHARE_VIDEO && g->stream[i].point_count &&
			    !is_full[i])
				weights += weight_of(&g->stream[i]);
		/* Where all are full each could have more than it can use. */
		g->level = weights > 0 ? left / weights : g->budget_bps;
		for (size_t i = 0; i < g->count && weights > 0; i++) {
			if (g->stream[i].kind != SHARE_VIDEO || !g->stream[i].point_count ||
			    is_full[i] || most_of(g, i) >= g->level * weight_of(&g->stream[i]))
				continue;
			is_full[i] = true;
			left -= most_of(g, i);
			has_changed = true;
		}
	}
}

/* What the publisher could send for this viewer alone, so that it fits as it is: less headers, and
 * less what an upgrade must leave free where it would be one. */
static void tell_budget(struct gathered *g, size_t i)
{
	const struct share_stream *stream = &g->stream[i];
	struct sub *sub = g->sub[i];
	uint32_t bps = WANT_NO_LIMIT;
	uint32_t moved;

	if (g->state) {
		uint64_t mine = (uint64_t)(g->level * weight_of(stream));
		size_t top = stream->point_count ? stream->point_count - 1 : 0;

		if (stream->point_count && stream->point_bps[top])
			mine = mine * g->points[i][top].payload_bps / stream->point_bps[top];
		bps = (uint32_t)(mine * BUDGET_SHAPE_PERCENT / 100);
	}
	moved = bps > sub->budget_bps ? bps - sub->budget_bps : sub->budget_bps - bps;
	if (moved <= sub->budget_bps / BUDGET_TOLD_PART)
		return;
	sub->budget_bps = bps;
	sub->track->is_want_stale = true;
	transport_wake(sub->track->transport, g->now_us);
}

static void hand_out(struct gathered *g, int64_t now_us, size_t i)
{
	const struct share_stream *stream = &g->stream[i];
	struct sub *sub = g->sub[i];
	struct layer_target target = {.encoding = LAYERS_NONE};

	sub->cost_bps = cost_of(stream);
	sub->share = *stream;
	sub->share.point_bps = NULL;
	tell_budget(g, i);
	if (stream->point_count == 0)
		return;
	if (stream->point != SHARE_NONE)
		target = g->points[i][stream->point].target;
	sub_want(sub, target, stream->still_period_us);
	tell_picture(sub, picture_of(stream->mode));
}

/* Smaller ranks first: by priority, in the order of the slots among equals. */
static void set_ranks(struct gathered *g)
{
	for (size_t i = 0; i < g->count; i++) {
		uint8_t rank = 0;

		for (size_t k = 0; k < g->count; k++)
			if (g->stream[k].priority > g->stream[i].priority)
				rank++;
		g->sub[i]->rank = rank;
	}
}

static uint32_t without_repair(const struct gathered *g)
{
	uint32_t loss = g->state ? g->state->loss_permille : 0;
	uint32_t pictures = g->target_bps > g->sound_bps ? g->target_bps - g->sound_bps : 0;

	if (loss > BUDGET_MAX_REPAIR_PERMILLE)
		loss = BUDGET_MAX_REPAIR_PERMILLE;
	return g->target_bps - (uint32_t)((uint64_t)pictures * loss / 1000);
}

/* No picture is larger than this, with its headers and some of them sent again. */
static uint64_t growth_most_bps(const struct gathered *g)
{
	uint64_t most = g->sound_bps;

	for (size_t i = 0; i < g->count; i++)
		if (g->stream[i].kind == SHARE_VIDEO)
			most += (uint64_t)WANT_MOST_BPS * BUDGET_GROW_PERCENT / 100;
	return most;
}

/* A publisher that was asked to keep to what fits sends more when more does. */
static void ask_for_growth(const struct gathered *g, struct bwe_demand *demand)
{
	uint64_t more = (uint64_t)g->target_bps * BUDGET_GROW_PERCENT / 100;
	uint64_t most = growth_most_bps(g);

	more = more < most ? more : most;

	for (size_t i = 0; i < g->count; i++) {
		if (g->stream[i].kind != SHARE_VIDEO || !g->sub[i]->track->is_held_back)
			continue;
		demand->room_bps = 0; /* it sends what fits, and asks for more in any case */
		if (demand->next_bps < more)
			demand->next_bps = (uint32_t)more;
		if (demand->wanted_bps < more)
			demand->wanted_bps = (uint32_t)more;
	}
}

void budget_share(struct budget *budget, int64_t now_us, struct dispatch *dispatch)
{
	struct gathered g; /* 22 kB, of which little is used: gather() begins it */
	struct share_budget all = {.rtt_us = dispatch->transport->rtt_us};
	struct share_result result;
	struct bwe_demand demand;

	gather(&g, now_us, dispatch);
	choose_voices(budget, now_us, &g);
	follow_speaker(budget, &g);
	prefer_speaker(budget, &g);
	for (size_t i = 0; i < g.count; i++)
		if (g.stream[i].kind == SHARE_SOUND)
			g.stream[i].reserved_bps = g.sub[i]->cost_bps;
	g.budget_bps = without_repair(&g);
	all.bps = g.budget_bps;
	all.may_raise = !g.state ||
			(!g.state->is_congested && !g.state->is_draining && !g.state->is_silent);
	share_assign(&result, now_us, &all, g.stream, g.count);
	find_level(&g);
	set_ranks(&g);
	for (size_t i = 0; i < g.count; i++)
		if (g.stream[i].kind == SHARE_VIDEO)
			hand_out(&g, now_us, i);
	demand = (struct bwe_demand){
		.sending_bps = result.sending_bps,
		.next_bps = result.next_bps,
		.room_bps = result.room_bps,
		.wanted_bps = result.wanted_bps,
	};
	ask_for_growth(&g, &demand);
	sender_demand(dispatch->sender, now_us, &demand);
	dispatch->is_stale = false;
	budget->shared_us = now_us;
	budget->again_us = result.again_us;
	if (g.is_voice_waiting && now_us + BUDGET_VOICE_PERIOD_US < budget->again_us)
		budget->again_us = now_us + BUDGET_VOICE_PERIOD_US;
}

int64_t budget_deadline_us(const struct budget *budget)
{
	int64_t period_us = budget->shared_us + BUDGET_PERIOD_US;

	return budget->again_us < period_us ? budget->again_us : period_us;
}
