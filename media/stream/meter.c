/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/meter.h"

#include <string.h>

#include "media/base/seq.h"

#define MIN_ALIVE_US	500000
#define MAX_ALIVE_US	3000000
#define ALIVE_INTERVALS 3
#define MIN_WINDOW_US	300000 /* a younger stream's rate says nothing */
#define SMOOTHING	4      /* per bucket: 0.4 s on top of the second (guess) */
#define INTERVAL_WEIGHT 8

static void add_counts(struct meter_count *sum, const struct meter_layer *layer, uint32_t *bytes)
{
	for (unsigned i = 0; i < METER_BUCKETS; i++) {
		*bytes += layer->bucket[i].bytes;
		sum->packets = (uint16_t)(sum->packets + layer->bucket[i].packets);
		sum->frames = (uint16_t)(sum->frames + layer->bucket[i].frames);
	}
}

static uint32_t smooth(uint32_t old, uint64_t now, bool is_young)
{
	if (is_young || old == 0)
		return (uint32_t)now;
	return (uint32_t)((int64_t)old + ((int64_t)now - (int64_t)old) / SMOOTHING);
}

static void update_layer(struct meter_layer *layer, int64_t window_us, bool is_young)
{
	struct meter_count sum = {0};
	uint32_t bytes = 0;

	add_counts(&sum, layer, &bytes);
	layer->rate.bps = smooth(layer->rate.bps,
				 (uint64_t)bytes * 8 * 1000000 / (uint64_t)window_us, is_young);
	layer->rate.packets_mhz =
		smooth(layer->rate.packets_mhz,
		       (uint64_t)sum.packets * 1000000000 / (uint64_t)window_us, is_young);
	layer->rate.frames_mhz =
		smooth(layer->rate.frames_mhz,
		       (uint64_t)sum.frames * 1000000000 / (uint64_t)window_us, is_young);
}

static void next_bucket(struct meter *meter)
{
	int64_t window_us = (int64_t)METER_BUCKETS * METER_BUCKET_US;
	int64_t age_us = meter->bucket_us + METER_BUCKET_US - meter->start_us;
	bool is_young = age_us < window_us;

	if (is_young)
		window_us = age_us > MIN_WINDOW_US ? age_us : MIN_WINDOW_US;
	meter->bucket = (meter->bucket + 1) % METER_BUCKETS;
	meter->bucket_us += METER_BUCKET_US;
	for (unsigned i = 0; meter->known >> i; i++) {
		struct meter_layer *layer = &meter->layer[i / LAYERS_TEMPORAL][i % LAYERS_TEMPORAL];

		if (!(meter->known >> i & 1))
			continue;
		update_layer(layer, window_us, is_young);
		layer->bucket[meter->bucket] = (struct meter_count){0};
	}
}

void meter_advance(struct meter *meter, int64_t now_us)
{
	/* After two seconds of nothing all is zero but for the smoothing. */
	if (!meter->is_started)
		return;
	if (now_us - meter->bucket_us > 4LL * METER_BUCKETS * METER_BUCKET_US) {
		memset(meter->layer, 0, sizeof(meter->layer));
		meter->known = 0;
		meter->has_base = false;
		meter->start_us = now_us;
		meter->bucket_us = now_us;
	}
	while (now_us - meter->bucket_us >= METER_BUCKET_US)
		next_bucket(meter);
}

static void count_keyframe(struct meter *meter, size_t bytes, uint32_t timestamp,
			   const struct codec_frame *frame, bool is_newest)
{
	if (frame->is_keyframe && frame->starts_frame && frame->spatial == 0 &&
	    (!meter->is_key_picture || timestamp != meter->key_timestamp)) {
		meter->is_key_picture = true;
		meter->key_timestamp = timestamp;
		meter->key_bytes = 0;
	}
	if (!meter->is_key_picture)
		return;
	if (timestamp == meter->key_timestamp) {
		meter->key_bytes += (uint32_t)bytes;
	} else if (is_newest) {
		meter->done_key_bytes = meter->key_bytes;
		meter->is_key_picture = false;
	}
}

static void count_frame(struct meter_layer *layer, int64_t now_us, uint32_t timestamp)
{
	int64_t interval = now_us - layer->last_us;

	if (layer->is_known)
		layer->interval_us =
			layer->interval_us == 0
				? interval
				: layer->interval_us +
					  (interval - layer->interval_us) / INTERVAL_WEIGHT;
	layer->is_known = true;
	layer->timestamp = timestamp;
	layer->last_us = now_us;
}

static int64_t alive_until(const struct meter_layer *layer)
{
	int64_t limit = layer->interval_us * ALIVE_INTERVALS;

	if (!layer->is_known)
		return INT64_MIN;
	if (limit < MIN_ALIVE_US)
		limit = MIN_ALIVE_US;
	return layer->last_us + (limit < MAX_ALIVE_US ? limit : MAX_ALIVE_US);
}

static void note_alive(struct meter *meter)
{
	int64_t until = INT64_MIN;

	for (unsigned t = 0; t < LAYERS_TEMPORAL; t++)
		if (alive_until(&meter->layer[0][t]) > until)
			until = alive_until(&meter->layer[0][t]);
	meter->has_base = until != INT64_MIN;
	meter->alive_until_us = until;
}

void meter_packet(struct meter *meter, int64_t now_us, size_t bytes, uint32_t timestamp,
		  const struct codec_frame *frame, bool is_newest)
{
	unsigned s = frame->spatial < LAYERS_SPATIAL ? frame->spatial : LAYERS_SPATIAL - 1;
	unsigned t = frame->temporal < LAYERS_TEMPORAL ? frame->temporal : LAYERS_TEMPORAL - 1;
	struct meter_layer *layer = &meter->layer[s][t];
	struct meter_count *count;
	bool is_new_frame;

	if (!meter->is_started) {
		meter->is_started = true;
		meter->start_us = now_us;
		meter->bucket_us = now_us;
	}
	meter_advance(meter, now_us);
	is_new_frame = !layer->is_known || ts_newer(timestamp, layer->timestamp);
	count_keyframe(meter, bytes, timestamp, frame, is_newest);
	if (is_new_frame) {
		count_frame(layer, now_us, timestamp);
		meter->known |= (uint16_t)(1 << (s * LAYERS_TEMPORAL + t));
		note_alive(meter);
	}
	if (frame->height)
		meter->height[s] = frame->height;
	count = &layer->bucket[meter->bucket];
	count->frames = (uint16_t)(count->frames + is_new_frame);
	/* A keyframe's packets count as those of a picture would: not at all. */
	if (meter->is_key_picture && timestamp == meter->key_timestamp)
		return;
	count->bytes += (uint32_t)bytes;
	count->packets++;
}

bool meter_take_keyframe(struct meter *meter, uint32_t *bytes)
{
	if (meter->done_key_bytes == 0)
		return false;
	*bytes = meter->done_key_bytes;
	meter->done_key_bytes = 0;
	return true;
}

int64_t meter_alive_until_us(const struct meter *meter)
{
	return meter->has_base ? meter->alive_until_us : INT64_MIN;
}

void meter_view(const struct meter *meter, int64_t now_us, struct layers_encoding *out)
{
	memset(out, 0, sizeof(*out));
	out->is_alive = now_us < meter_alive_until_us(meter);
	for (unsigned s = 0; s < LAYERS_SPATIAL; s++) {
		out->height[s] = meter->height[s];
		for (unsigned t = 0; t < LAYERS_TEMPORAL; t++)
			if (now_us < alive_until(&meter->layer[s][t]))
				out->rate[s][t] = meter->layer[s][t].rate;
	}
}
