/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/codec/vla.h"

#include <errno.h>

#include "media/base/bytes.h"

#define LEB128_BYTES 5 /* 32 bits */

/* The first byte: 2 bits of rid, 2 of stream count - 1, 4 of the layers that every stream has, or 0
 * when they differ and follow, 4 bits for each. */
static void read_layers(struct rd *r, struct vla *out, uint8_t active[VLA_STREAMS])
{
	uint8_t first = rd_u8(r);
	uint8_t pair = 0;

	out->rid = first >> 6;
	out->stream_count = (uint8_t)((first >> 4 & 3) + 1);
	for (unsigned i = 0; i < out->stream_count; i++) {
		active[i] = first & 0x0f;
		if (active[i])
			continue;
		if (i % 2 == 0)
			pair = rd_u8(r);
		active[i] = i % 2 == 0 ? pair >> 4 : pair & 0x0f;
	}
}

static void read_temporal_counts(struct rd *r, struct vla *out, const uint8_t *active)
{
	unsigned place = 0;
	uint8_t four = 0;

	for (unsigned i = 0; i < out->stream_count; i++) {
		for (unsigned s = 0; s < VLA_SPATIAL; s++) {
			if (!(active[i] >> s & 1))
				continue;
			if (place % 4 == 0)
				four = rd_u8(r);
			out->layer[i][s].temporal_count =
				(uint8_t)((four >> (6 - 2 * (place % 4)) & 3) + 1);
			place++;
		}
	}
}

static uint32_t read_leb128(struct rd *r)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < LEB128_BYTES; i++) {
		uint8_t b = rd_u8(r);

		value |= (uint64_t)(b & 0x7f) << (7 * i);
		if (!(b & 0x80))
			return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
	}
	r->bad = true;
	return 0;
}

static void read_rates(struct rd *r, struct vla *out)
{
	for (unsigned i = 0; i < out->stream_count; i++)
		for (unsigned s = 0; s < VLA_SPATIAL; s++)
			for (unsigned t = 0; t < out->layer[i][s].temporal_count; t++)
				out->layer[i][s].kbps[t] = read_leb128(r);
}

static uint16_t read_size(struct rd *r)
{
	uint16_t minus_one = rd_u16(r);

	return minus_one < UINT16_MAX ? (uint16_t)(minus_one + 1) : UINT16_MAX;
}

static void read_sizes(struct rd *r, struct vla *out)
{
	for (unsigned i = 0; i < out->stream_count; i++) {
		for (unsigned s = 0; s < VLA_SPATIAL; s++) {
			struct vla_layer *layer = &out->layer[i][s];

			if (layer->temporal_count == 0)
				continue;
			layer->width = read_size(r);
			layer->height = read_size(r);
			layer->fps = rd_u8(r);
		}
	}
}

int vla_parse(struct vla *out, const uint8_t *data, size_t len)
{
	struct rd r = rd_init(data, len);
	struct vla vla = {0};
	uint8_t active[VLA_STREAMS] = {0};

	/* One zero byte: everything is off. */
	if (len == 1 && data[0] == 0) {
		*out = vla;
		return 0;
	}
	read_layers(&r, &vla, active);
	read_temporal_counts(&r, &vla, active);
	read_rates(&r, &vla);
	if (!rd_ok(&r))
		return -EBADMSG;
	if (rd_left(&r) > 0)
		read_sizes(&r, &vla);
	if (!rd_ok(&r) || rd_left(&r) > 0)
		return -EBADMSG;
	*out = vla;
	return 0;
}
