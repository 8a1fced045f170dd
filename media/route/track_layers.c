/* SPDX-License-Identifier: EUPL-1.2 */
/* What a track has to offer: its layers, operating points and cached runs. */
#include <errno.h>

#include "media/route/track.h"

/* A declaration is sent with keyframes and when it changes; later the picture may have calmed down
 * (guess). */
#define FRESH_US 5000000
/* What a measured packet has and a declared rate leaves out: RTP header, and the extensions of a
 * browser on average. */
#define HEADER_BYTES 24

_Static_assert((int)LAYERS_KEEP_FRAME_RATE == (int)MEDIA_KEEP_FRAME_RATE &&
		       (int)LAYERS_KEEP_RESOLUTION == (int)MEDIA_KEEP_RESOLUTION,
	       "layers.h says what params.h says");

static void declare_layer(struct layers_encoding *e, const struct vla_layer *layer, unsigned s)
{
	for (unsigned t = 0; t < layer->temporal_count && t < LAYERS_TEMPORAL; t++) {
		struct layers_rate *rate = &e->rate[s][t];
		uint32_t below = t > 0 ? layer->kbps[t - 1] : 0;
		uint64_t bps;

		if (rate->frames_mhz == 0 || layer->kbps[t] <= below)
			continue;
		bps = (layer->kbps[t] - below) * 1000ull +
		      (uint64_t)rate->packets_mhz * HEADER_BYTES * 8 / 1000;
		rate->bps = bps < UINT32_MAX ? (uint32_t)bps : UINT32_MAX;
	}
	if (layer->temporal_count > 0 && layer->height > 0)
		e->height[s] = layer->height;
}

static void declare(struct layers_view *view, const struct track_allocation *a)
{
	for (unsigned i = 0; i < a->vla.stream_count; i++) {
		uint8_t encoding = (uint8_t)a->encoding[i];

		/* LAYERS_NONE is above every count. */
		if (encoding >= view->encoding_count)
			continue;
		for (unsigned s = 0; s < VLA_SPATIAL && s < LAYERS_SPATIAL; s++)
			declare_layer(&view->encoding[encoding], &a->vla.layer[i][s], s);
	}
}

static void view_encoding(const struct encoding *e, int64_t now_us, struct layers_encoding *out)
{
	*out = (struct layers_encoding){0};
	if (e->pictures)
		meter_view(&e->pictures->meter, now_us, out);
}

void track_view(const struct track *track, int64_t now_us, struct layers_view *out)
{
	const struct track_allocation *a = &track->allocation;

	*out = (struct layers_view){.encoding_count = track->encoding_count};
	for (size_t i = 0; i < track->encoding_count; i++)
		view_encoding(&track->encoding[i], now_us, &out->encoding[i]);
	if (a->is_known && now_us - a->told_us < FRESH_US)
		declare(out, a);
}

uint32_t track_encoding_bps(const struct track *track, int64_t now_us, int encoding)
{
	struct layers_encoding view;
	uint64_t bps = 0;

	view_encoding(&track->encoding[encoding], now_us, &view);
	for (unsigned s = 0; s < LAYERS_SPATIAL; s++)
		for (unsigned t = 0; t < LAYERS_TEMPORAL; t++)
			bps += view.rate[s][t].bps;
	return bps < UINT32_MAX ? (uint32_t)bps : UINT32_MAX;
}

size_t track_points(const struct track *track, int64_t now_us, uint16_t overhead_bytes,
		    struct layers_point out[LAYERS_MAX_POINTS])
{
	struct layers_view view;

	track_view(track, now_us, &view);
	return layers_points(&view, (enum layers_keep)track->mline->keep, overhead_bytes, out);
}

const struct run *track_run(const struct track *track, int encoding)
{
	return track->encoding[encoding].pictures->run;
}

int track_run_packet(const struct track *track, int encoding, size_t at, struct packet *out)
{
	const struct encoding *e = &track->encoding[encoding];
	const struct run_packet *item = run_at(e->pictures->run, at);

	/* It parsed when it came; the m-line may have changed since. */
	if (packet_parse(out, item->pkt, track->exts) || packet_set_codec(out, track->mline) ||
	    !codec_is_video(out->codec->codec))
		return -EBADMSG;
	out->encoding = encoding;
	out->generation = e->generation;
	out->has_frame = true;
	out->frame = item->frame;
	out->has_frame_number = item->has_frame_number;
	out->frame_number = item->frame_number;
	return 0;
}
