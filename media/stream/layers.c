/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/layers.h"

#define MAX_CANDIDATES (LIMIT_ENCODINGS * LAYERS_SPATIAL * LAYERS_TEMPORAL)

/* Below this a layer is padding or a stray packet, not a picture (guess: one small picture per
 * 5 s). */
#define MIN_BPS 200

static bool is_sent(const struct layers_rate *rate)
{
	return rate->bps >= MIN_BPS && rate->frames_mhz > 0;
}

/* Pictures are counted in the highest spatial layer; the lower ones carry the same pictures. */
static void add_layer(struct layers_point *point, const struct layers_rate *rate)
{
	point->payload_bps += rate->bps;
	point->packets_mhz += rate->packets_mhz;
}

/* The point with everything up to target; false when its own layer is not sent. */
static bool make_point(const struct layers_encoding *e, struct layer_target target,
		       uint16_t overhead_bytes, struct layers_point *out)
{
	*out = (struct layers_point){.target = target, .height = e->height[target.spatial]};
	for (int s = 0; s <= target.spatial; s++)
		for (int t = 0; t <= target.temporal; t++)
			if (is_sent(&e->rate[s][t]))
				add_layer(out, &e->rate[s][t]);
	for (int t = 0; t <= target.temporal; t++)
		out->frames_mhz += e->rate[target.spatial][t].frames_mhz;
	out->cost_bps = out->payload_bps +
			(uint32_t)((uint64_t)out->packets_mhz * overhead_bytes * 8 / 1000);
	return is_sent(&e->rate[target.spatial][target.temporal]) && is_sent(&e->rate[0][0]);
}

static size_t collect(const struct layers_view *view, uint16_t overhead_bytes,
		      struct layers_point *all)
{
	size_t count = 0;

	for (size_t i = 0; i < view->encoding_count && i < LIMIT_ENCODINGS; i++) {
		if (!view->encoding[i].is_alive)
			continue;
		for (uint8_t s = 0; s < LAYERS_SPATIAL; s++) {
			for (uint8_t t = 0; t < LAYERS_TEMPORAL; t++) {
				struct layer_target target = {(int8_t)i, s, t};
				count += make_point(&view->encoding[i], target, overhead_bytes,
						    &all[count]);
			}
		}
	}
	return count;
}

/* Encodings and spatial layers are in order of size, also where no height is told. */
static int size_rank(const struct layers_point *point)
{
	return point->target.encoding * LAYERS_SPATIAL + point->target.spatial;
}

/* 1: a has clearly more pictures than b, -1: fewer. A tenth apart is the same: figures are
 * measured. */
static int compare_frames(const struct layers_point *a, const struct layers_point *b)
{
	if ((uint64_t)a->frames_mhz * 10 > (uint64_t)b->frames_mhz * 11)
		return 1;
	return (uint64_t)a->frames_mhz * 11 < (uint64_t)b->frames_mhz * 10 ? -1 : 0;
}

static bool is_better(const struct layers_point *a, const struct layers_point *b,
		      enum layers_keep keep)
{
	int frames = compare_frames(a, b);
	int size = size_rank(a) - size_rank(b);

	if (keep == LAYERS_KEEP_FRAME_RATE)
		return frames > 0 || (frames == 0 && size > 0);
	return size > 0 || (size == 0 && frames > 0);
}

/* By cost; of equal ones the better first, so that the other falls out. */
static void sort_points(struct layers_point *all, size_t count, enum layers_keep keep)
{
	for (size_t i = 1; i < count; i++) {
		struct layers_point point = all[i];
		size_t at = i;

		while (at > 0 && (all[at - 1].cost_bps > point.cost_bps ||
				  (all[at - 1].cost_bps == point.cost_bps &&
				   is_better(&point, &all[at - 1], keep)))) {
			all[at] = all[at - 1];
			at--;
		}
		all[at] = point;
	}
}

size_t layers_points(const struct layers_view *view, enum layers_keep keep, uint16_t overhead_bytes,
		     struct layers_point out[LAYERS_MAX_POINTS])
{
	struct layers_point all[MAX_CANDIDATES];
	size_t total = collect(view, overhead_bytes, all);
	size_t count = 0;

	sort_points(all, total, keep);
	for (size_t i = 0; i < total; i++) {
		if (count > 0 && !is_better(&all[i], &out[count - 1], keep))
			continue;
		/* Too many: the best replaces the one before it. */
		if (count == LAYERS_MAX_POINTS)
			count--;
		out[count++] = all[i];
	}
	return count;
}

int layers_index(const struct layers_point *points, size_t count, struct layer_target target)
{
	int below = LAYERS_NONE;

	if (count == 0 || target.encoding == LAYERS_NONE)
		return LAYERS_NONE;
	for (size_t i = 0; i < count; i++) {
		struct layer_target t = points[i].target;
		bool is_within = t.encoding == target.encoding && t.spatial <= target.spatial &&
				 t.temporal <= target.temporal;

		if (layers_same(t, target))
			return (int)i;
		if (is_within || t.encoding < target.encoding)
			below = (int)i;
	}
	return below == LAYERS_NONE ? 0 : below;
}
