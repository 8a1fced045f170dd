/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/want.h"

#define NONE (-1)

enum {
	/* One layer that is good beats three that are not (link profiles L5 to L7). */
	TWO_BELOW_BPS = 600000,
	ONE_BELOW_BPS = 350000,
	LEVEL_UP_PERCENT = 115,
	LEVEL_UP_US = 5000000,
	LEVEL_DOWN_US = 2000000, /* REMB acts meanwhile; an encoding off and on costs a keyframe */

	OFF_AFTER_US = 7000000,
	/* Where the uplink must not carry it besides: so long viewers have to switch. Guess. */
	OFF_SOON_US = 2000000,

	/* To be switched on, an encoding must be usable with so much to spare. */
	ON_PERCENT = 115,
	/* ... and by a viewer that has it already, less a temporal layer. */
	KEEP_PERCENT = 80,
	/* A viewer that lacks no more than a temporal layer of the best encoding uses that one. */
	EQUAL_PERCENT = 125,
	/* Of an encoding's least, before it goes on alone: nothing smaller is there to fall back to
	 * then, and below its least a browser does not heed REMB. Meanwhile the smaller one takes
	 * as much. */
	ALONE_PERCENT = 125,
	/* Of an encoding's least, with headers; and of all that can come. */
	SHOWN_PERCENT = 107,
	NEARLY_PERCENT = 90,
	HEADROOM_PERMILLE = 150,
	LEAST_BPS = 30000, /* libwebrtc's least for 320x180 */
	/* Of pictures' part of the uplink, without headers, repeats and our reports' answers; and
	 * what a still now and then takes. Guesses, tried on 64 kbit/s with real browsers. */
	MEDIA_PERCENT = 60,
	SLOWEST_BPS = 10000,
	/* Speech in full still, and with headers 24 kbit/s in packets of 60 ms: with the least of
	 * video that is what 64 kbit/s carry. Browsers send 32 by themselves. */
	THIN_SOUND_BPS = 16000,
	/* Listeners whose links carry less have more of pictures than of a finer voice, which goes
	 * twice where it is protected (RFC 2198). Guess: 32 kbit/s doubled are half of it. */
	THIN_LISTENER_BPS = 128000,
	NOT_THIN_LISTENER_BPS = 192000,

	TELL_US = 1000000,
	MUCH_MORE_PERCENT = 125, /* told at once */
	MORE_PERCENT = 105,
	LESS_PERCENT = 95,
	LESS_AFTER_US = 500000,
};

/* libwebrtc's targets for simulcast of VP8 at 320x180, 640x360 and 1280x720, the last one cut to
 * what consultations need. */
static const uint32_t FULL_BPS[LIMIT_ENCODINGS][LIMIT_ENCODINGS] = {
	{2500000},
	{150000, 500000},
	{150000, 500000, 1500000},
};

/* What is decided from one look. */
struct plan {
	size_t count;
	uint32_t full_bps[LIMIT_ENCODINGS];
	int best;	   /* NONE: nobody views */
	uint32_t best_bps; /* what the best of its viewers can use of it */
	uint8_t mask;	   /* wanted now */
};

static uint32_t percent_of(uint32_t bps, unsigned percent)
{
	uint64_t result = (uint64_t)bps * percent / 100;

	return result < UINT32_MAX ? (uint32_t)result : UINT32_MAX;
}

static bool is_on(uint8_t mask, int encoding)
{
	return mask >> encoding & 1;
}

uint32_t want_share(uint32_t capacity_bps, uint32_t cap_bps, uint32_t audio_bps,
		    size_t video_track_count)
{
	uint32_t bps = capacity_bps;

	if (bps == 0 || (cap_bps > 0 && cap_bps < bps))
		bps = cap_bps;
	if (bps == 0)
		return WANT_NO_LIMIT;
	bps = bps > audio_bps ? bps - audio_bps : 0;
	return video_track_count > 1 ? (uint32_t)(bps / video_track_count) : bps;
}

/* Below it the encoding is not worth its size: libwebrtc's 30, 150 and 600 kbit/s. */
static uint32_t least_bps(const struct plan *p, int encoding)
{
	static const unsigned PERCENT[LIMIT_ENCODINGS] = {20, 30, 40};
	uint32_t least = percent_of(p->full_bps[encoding], PERCENT[encoding]);

	return encoding == 0 && least > LEAST_BPS ? LEAST_BPS : least;
}

/* --- the uplink ------------------------------------------------------------------------------ */

static uint8_t level_of(uint32_t uplink_bps, unsigned percent)
{
	if (uplink_bps < percent_of(ONE_BELOW_BPS, percent))
		return 1;
	return uplink_bps < percent_of(TWO_BELOW_BPS, percent) ? 2 : 3;
}

/* When it has been wanted for a while. */
static void set_level(struct want *w, int64_t now_us, uint8_t level)
{
	if (level == w->level) {
		w->level_us = 0;
		return;
	}
	if (w->level_us == 0)
		w->level_us = now_us;
	if (now_us - w->level_us >= (level < w->level ? LEVEL_DOWN_US : LEVEL_UP_US)) {
		w->level = level;
		w->level_us = 0;
	}
}

static void follow_level(struct want *w, int64_t now_us, uint32_t uplink_bps)
{
	uint8_t down = level_of(uplink_bps, 100);
	uint8_t up = level_of(uplink_bps, LEVEL_UP_PERCENT);
	uint8_t level = w->level;

	if (!w->started)
		w->level = level = down;
	if (down < level)
		level = down;
	else if (up > level)
		level = up;
	set_level(w, now_us, level);
}

/* Sound has two levels: 1 when all its listeners are thin. */
static void follow_listeners(struct want *w, int64_t now_us, const struct want_in *in)
{
	uint32_t most = 0;
	uint8_t level = w->level;

	for (size_t i = 0; i < in->viewer_count; i++)
		if (in->viewers[i].budget_bps > most)
			most = in->viewers[i].budget_bps;
	if (in->viewer_count == 0 || most > NOT_THIN_LISTENER_BPS)
		level = 3;
	else if (most < THIN_LISTENER_BPS)
		level = 1;
	set_level(w, now_us, level);
}

/* Whether what comes shows that there is room for an encoding's least; the most that can show is
 * what the others send at their best, or may. */
static bool is_shown(const struct want *w, const struct plan *p, const struct want_in *in,
		     int encoding)
{
	uint64_t need = percent_of(least_bps(p, encoding), SHOWN_PERCENT);
	uint64_t most = 0;

	if (in->arriving_bps == 0 || in->uplink_bps == WANT_NO_LIMIT ||
	    is_on(w->out.encodings, encoding))
		return true;
	for (int e = 0; e < encoding; e++)
		if (is_on(w->out.encodings, e))
			most += percent_of(p->full_bps[e], NEARLY_PERCENT);
	if (w->out.max_bps && most > percent_of(w->out.max_bps, NEARLY_PERCENT))
		most = percent_of(w->out.max_bps, NEARLY_PERCENT);
	return in->arriving_bps >= (need < most ? need : most);
}

static bool uplink_carries(const struct want *w, const struct plan *p, const struct want_in *in,
			   int encoding)
{
	uint64_t beside = w->level > 1 ? p->full_bps[0] : 0;
	unsigned percent = w->level > 1 || is_on(w->out.encodings, encoding) ? 100 : ALONE_PERCENT;

	if (encoding == 0)
		return true;
	return beside + percent_of(least_bps(p, encoding), percent) <= in->uplink_bps &&
	       is_shown(w, p, in, encoding);
}

/* --- who uses what --------------------------------------------------------------------------- */

static bool can_use(const struct want *w, const struct plan *p, const struct want_viewer *v,
		    int encoding)
{
	unsigned percent = is_on(w->out.encodings, encoding) ? 100 : ON_PERCENT;

	if (v->encoding == encoding)
		percent = KEEP_PERCENT;
	return v->max_encoding >= encoding &&
	       v->budget_bps >= percent_of(least_bps(p, encoding), percent);
}

static void choose_best(const struct want *w, const struct want_in *in, struct plan *p)
{
	p->best = in->viewer_count ? 0 : NONE;
	for (int e = (int)p->count - 1; e > 0 && p->best == 0; e--) {
		if (!uplink_carries(w, p, in, e))
			continue;
		for (size_t i = 0; i < in->viewer_count && p->best == 0; i++)
			if (can_use(w, p, &in->viewers[i], e))
				p->best = e;
	}
}

/* What the best encoding may take, all there is left over included. */
static uint32_t most_bps(const struct plan *p)
{
	uint32_t full = p->full_bps[p->best];
	bool is_last = p->best + 1 == (int)p->count;

	return is_last && full < WANT_MOST_BPS && p->best > 1 ? WANT_MOST_BPS : full;
}

static void measure_best(const struct want *w, const struct want_in *in, struct plan *p)
{
	uint32_t most = most_bps(p);
	uint64_t all = 0;
	bool is_tight;

	for (size_t e = 0; e < p->count; e++)
		all += p->full_bps[e];
	is_tight = in->uplink_bps < all;
	p->best_bps = least_bps(p, p->best);
	for (size_t i = 0; i < in->viewer_count; i++) {
		struct want_viewer v = in->viewers[i];
		uint32_t bps = v.budget_bps < most ? v.budget_bps : most;

		/* Where it may be all there is for the others, they count too. */
		if (is_tight)
			v.max_encoding = LIMIT_ENCODINGS;
		if (can_use(w, p, &v, p->best) && bps > p->best_bps)
			p->best_bps = bps;
	}
}

/* The largest encoding, as they will be sent, that the viewer has the bits for. */
static int fitting(const struct plan *p, const struct want_viewer *v)
{
	int e = v->max_encoding < p->best ? v->max_encoding : p->best;

	if (e == p->best && percent_of(v->budget_bps, EQUAL_PERCENT) >= p->best_bps)
		return e;
	if (e == p->best)
		e--;
	while (e > 0 && v->budget_bps < p->full_bps[e])
		e--;
	return e > 0 ? e : 0;
}

/* Encodings between the smallest and the best. */
static void add_middle(const struct want *w, const struct want_in *in, struct plan *p)
{
	uint32_t full = p->full_bps[p->best];
	/* What the best would take beyond its target gives way to one in the middle. */
	uint64_t sum = (uint64_t)p->full_bps[0] + (p->best_bps < full ? p->best_bps : full);

	for (int e = p->best - 1; e > 0; e--) {
		bool is_used = false;

		for (size_t i = 0; i < in->viewer_count; i++)
			is_used |= in->viewers[i].encoding == e || fitting(p, &in->viewers[i]) == e;
		if (!is_used || w->level < 3 || sum + p->full_bps[e] > in->uplink_bps)
			continue;
		sum += p->full_bps[e];
		p->mask |= (uint8_t)(1 << e);
	}
}

static void make_plan(const struct want *w, const struct want_in *in, struct plan *p)
{
	p->count = in->encoding_count;
	if (p->count < 1)
		p->count = 1;
	if (p->count > LIMIT_ENCODINGS)
		p->count = LIMIT_ENCODINGS;
	for (size_t e = 0; e < p->count; e++)
		p->full_bps[e] = in->full_bps[e] ? in->full_bps[e] : FULL_BPS[p->count - 1][e];
	choose_best(w, in, p);
	if (p->best == NONE)
		return;
	measure_best(w, in, p);
	p->mask = (uint8_t)(1 << p->best);
	if (w->level > 1)
		p->mask |= 1;
	add_middle(w, in, p);
}

/* --- what follows ---------------------------------------------------------------------------- */

/* What was on stays on for a while. */
static uint8_t linger(struct want *w, int64_t now_us, const struct plan *p)
{
	int64_t after = w->level < 3 && p->best != NONE ? OFF_SOON_US : OFF_AFTER_US;
	uint8_t mask = p->mask;

	for (size_t e = 0; e < p->count; e++) {
		if (is_on(p->mask, (int)e))
			w->used_us[e] = now_us;
		else if (is_on(w->out.encodings, (int)e) && now_us - w->used_us[e] < after)
			mask |= (uint8_t)(1 << e);
	}
	return mask;
}

static uint32_t follow(const struct want_in *in, const struct plan *p, uint8_t mask)
{
	unsigned headroom = in->headroom_permille ? in->headroom_permille : HEADROOM_PERMILLE;
	uint64_t sum = 0;

	if (p->best_bps >= most_bps(p))
		return 0;
	for (int e = 0; e < p->best; e++)
		if (is_on(mask, e))
			sum += p->full_bps[e];
	sum += (uint64_t)p->best_bps * (1000 + headroom) / 1000;
	if (sum < LEAST_BPS)
		sum = LEAST_BPS;
	return sum < UINT32_MAX ? (uint32_t)sum : 0;
}

/* Below libwebrtc's least REMB is of no effect: only a cap on the encoder itself is. 0: none. */
static uint32_t below_least(const struct want_in *in)
{
	uint32_t bps = percent_of(in->uplink_bps, MEDIA_PERCENT);

	if (in->uplink_bps == WANT_NO_LIMIT || bps >= LEAST_BPS)
		return 0;
	return bps > SLOWEST_BPS ? bps : SLOWEST_BPS;
}

/* Fewer bits only when they have done for a while; 0 is the most there is. What an encoding took
 * that goes off must not fall to another. */
static uint32_t settle(struct want *w, int64_t now_us, uint32_t bps, bool is_other)
{
	uint32_t told = w->out.max_bps ? w->out.max_bps : WANT_NO_LIMIT;
	uint32_t need = bps ? bps : WANT_NO_LIMIT;

	if (is_other) {
		w->lower_us = 0;
		return bps;
	}
	if (need >= percent_of(told, LESS_PERCENT)) {
		w->lower_us = 0;
		return need >= percent_of(told, MORE_PERCENT) ? bps : w->out.max_bps;
	}
	if (w->lower_us == 0) {
		w->lower_us = now_us;
		w->lower_bps = need;
	}
	if (need > w->lower_bps)
		w->lower_bps = need;
	return now_us - w->lower_us >= LESS_AFTER_US ? w->lower_bps : w->out.max_bps;
}

static bool is_urgent(const struct want_out *told, const struct want_out *next)
{
	if (next->encodings & ~told->encodings)
		return true;
	return told->max_bps > 0 && (next->max_bps == 0 ||
				     next->max_bps >= percent_of(told->max_bps, MUCH_MORE_PERCENT));
}

static bool tell(struct want *w, int64_t now_us, const struct want_out *next)
{
	const struct want_out *told = &w->out;

	if (next->encodings == told->encodings && next->max_bps == told->max_bps &&
	    next->ptime_ms == told->ptime_ms && next->is_redundant == told->is_redundant)
		return false;
	if (now_us - w->told_us < TELL_US && !is_urgent(told, next))
		return false;
	if (next->max_bps != told->max_bps)
		w->lower_us = 0;
	w->out = *next;
	w->told_us = now_us;
	return true;
}

static void start(struct want *w, int64_t now_us, const struct plan *p)
{
	w->started = true;
	w->told_us = now_us - TELL_US;
	w->out.encodings = (uint8_t)((1 << p->count) - 1);
	for (size_t e = 0; e < LIMIT_ENCODINGS; e++)
		w->used_us[e] = now_us;
}

bool want_update(struct want *w, int64_t now_us, const struct want_in *in, struct want_out *out)
{
	struct want_out next = {.encodings = 1, .ptime_ms = in->ptime_ms};
	struct plan p = {.count = 1};
	bool is_told;

	if (in->is_audio) {
		if (!w->started)
			w->level = 3;
		follow_listeners(w, now_us, in);
		next.is_redundant = in->is_redundant;
		next.max_bps = in->ptime_ms || w->level == 1 ? THIN_SOUND_BPS : 0;
	} else {
		follow_level(w, now_us, in->uplink_bps);
		make_plan(w, in, &p);
	}
	if (!w->started)
		start(w, now_us, &p);
	if (!in->is_audio) {
		next.ptime_ms = 0;
		next.encodings = linger(w, now_us, &p);
		/* Without viewers there is nothing to follow. */
		next.max_bps = w->out.max_bps;
		if (p.best != NONE) {
			uint32_t bps = below_least(in);

			next.max_bps = settle(w, now_us, bps ? bps : follow(in, &p, next.encodings),
					      next.encodings != w->out.encodings);
		}
	}
	is_told = tell(w, now_us, &next);
	*out = w->out;
	return is_told;
}
