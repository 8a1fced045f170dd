/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/support/engine_media.h"

#include <string.h>

#include "media/base/bytes.h"

/* Of a captured L3T3 of Chromium (tests/unit/test_dd.c); the frame number is put in. */
static const uint8_t structure[] = {
	0xc1, 0x01, 0x72, 0x80, 0x08, 0x14, 0x85, 0x21, 0x4e, 0xaf, 0xff, 0xaa, 0xaa, 0x86,
	0x3c, 0xf0, 0x43, 0x0c, 0x10, 0xc3, 0x02, 0xaf, 0xc0, 0xaa, 0xa0, 0x06, 0x3c, 0x00,
	0x43, 0x00, 0x10, 0xc0, 0x02, 0xa0, 0x00, 0xa8, 0x00, 0x06, 0x00, 0x00, 0x40, 0x00,
	0x1d, 0x95, 0x49, 0x26, 0xe0, 0x82, 0xb0, 0x4a, 0x09, 0x41, 0xb8, 0x20, 0xac, 0x12,
	0x82, 0x50, 0x31, 0x57, 0xf9, 0x74, 0x00, 0x0c, 0xa8, 0x64, 0x33, 0x0e, 0x22, 0x22,
	0x22, 0xec, 0xa8, 0x65, 0x53, 0x04, 0x22, 0x42, 0x30, 0xec, 0xa8, 0x77, 0x53, 0x00,
	0x77, 0x00, 0x42, 0x00, 0xef, 0x00, 0x86, 0x01, 0xdf, 0x01, 0x0d,
};

/* Temporal layers by place in the pattern, and that structure's templates: of key pictures, then by
 * place. */
static const uint8_t temporal[4] = {0, 2, 1, 2};
static const uint8_t templates[3][5] = {
	{1, 0, 3, 2, 4},
	{6, 5, 8, 7, 9},
	{11, 10, 13, 12, 14},
};

static const uint8_t payload_types[ENGINE_MEDIA_KINDS] = {111, 63, 110, 96, 98, 102};

static bool is_sound(enum engine_media_kind kind)
{
	return kind <= ENGINE_MEDIA_TONE;
}

static unsigned spatial_count(enum engine_media_kind kind)
{
	return kind == ENGINE_MEDIA_VP8 ? 1 : 3;
}

/* --- header ---------------------------------------------------------------------------------- */

/* RFC 8285 two-byte form: ids in the order of enum rtp_ext, from 1. */
static void write_element(struct wr *w, uint8_t id, const void *data, size_t len)
{
	wr_u8(w, id);
	wr_u8(w, (uint8_t)len);
	wr_bytes(w, data, len);
}

static void write_descriptor(struct wr *w, const struct engine_media *media,
			     const struct engine_media_packet *packet)
{
	uint8_t dd[sizeof(structure)];
	bool has_structure = media->is_key_picture && media->spatial == 0 && packet->starts;
	unsigned place = media->is_key_picture ? 0 : 1 + media->picture % 4;

	memcpy(dd, structure, sizeof(dd));
	dd[0] = (uint8_t)((packet->starts ? 0x80 : 0) | (packet->ends ? 0x40 : 0) |
			  templates[media->spatial][place]);
	dd[1] = (uint8_t)(media->frame_number >> 8);
	dd[2] = (uint8_t)media->frame_number;
	write_element(w, 8, dd, has_structure ? sizeof(dd) : 3);
}

static void write_extensions(struct wr *w, const struct engine_media *media,
			     const struct engine_media_packet *packet)
{
	uint8_t block[160];
	struct wr e = wr_init(block, sizeof(block));
	uint8_t seq[2] = {(uint8_t)(packet->transport_seq >> 8), (uint8_t)packet->transport_seq};
	uint8_t level = 0x94;

	write_element(&e, 1, &media->mid, 1);
	if (media->rid)
		write_element(&e, 2, &media->rid, 1);
	if (is_sound(packet->kind))
		write_element(&e, 4, &level, 1);
	write_element(&e, 5, seq, sizeof(seq));
	if (packet->kind == ENGINE_MEDIA_AV1)
		write_descriptor(&e, media, packet);
	while (wr_len(&e) % 4 != 0)
		wr_u8(&e, 0);
	wr_u16(w, 0x1000);
	wr_u16(w, (uint16_t)(wr_len(&e) / 4));
	wr_bytes(w, block, wr_len(&e));
}

/* --- payloads -------------------------------------------------------------------------------- */

static void write_opus(struct wr *w, const struct engine_media *media)
{
	wr_u8(w, 0x78); /* CELT, 20 ms, one frame */
	wr_u32(w, media->timestamp);
}

/* RFC 2198, one older block. */
static void write_red(struct wr *w, const struct engine_media *media)
{
	struct engine_media before = *media;

	before.timestamp -= 960;
	wr_u8(w, 0x80 | 111);
	wr_u24(w, 960 << 10 | 5);
	wr_u8(w, 111);
	write_opus(w, &before);
	write_opus(w, media);
}

/* RFC 7741 4.2 and 4.3. */
static void write_vp8(struct wr *w, const struct engine_media *media,
		      const struct engine_media_packet *packet)
{
	unsigned layer = temporal[media->picture % 4];

	wr_u8(w, (uint8_t)(0x80 | (layer == 2 ? 0x20 : 0) | (packet->starts ? 0x10 : 0)));
	wr_u8(w, 0xf0);
	wr_u16(w, 0x8000 | media->picture_id);
	wr_u8(w, media->tl0picidx);
	wr_u8(w, (uint8_t)(layer << 6 | (media->picture % 4 > 0 ? 0x20 : 0) | 1));
	wr_u8(w, media->is_key_picture ? 0x10 : 0x11);
	wr_u16(w, 0);
}

/* RFC 9628 4.2, not flexible. */
static void write_vp9(struct wr *w, const struct engine_media *media,
		      const struct engine_media_packet *packet)
{
	unsigned layer = temporal[media->picture % 4];
	bool is_inter_layer = media->spatial > 0;

	wr_u8(w, (uint8_t)(0xa0 | (media->is_key_picture ? 0 : 0x40) | (packet->starts ? 0x08 : 0) |
			   (packet->ends ? 0x04 : 0)));
	wr_u16(w, 0x8000 | media->picture_id);
	wr_u8(w, (uint8_t)(layer << 5 | 0x10 | media->spatial << 1 | is_inter_layer));
	wr_u8(w, media->tl0picidx);
	wr_u16(w, 0);
}

/* A sequence header where a coded video sequence begins, else a frame. */
static void write_av1(struct wr *w, const struct engine_media *media,
		      const struct engine_media_packet *packet)
{
	bool is_first = media->is_key_picture && media->spatial == 0 && packet->starts;

	wr_u8(w, (uint8_t)((packet->starts ? 0 : 0x80) | 0x10 | (is_first ? 0x08 : 0)));
	wr_u8(w, is_first ? 1 << 3 : 6 << 3);
	wr_u16(w, 0);
}

static void write_payload(struct wr *w, const struct engine_media *media,
			  const struct engine_media_packet *packet)
{
	switch (packet->kind) {
	case ENGINE_MEDIA_OPUS:
		write_opus(w, media);
		return;
	case ENGINE_MEDIA_RED:
		write_red(w, media);
		return;
	case ENGINE_MEDIA_TONE:
		wr_u32(w, 0x010a00a0);
		return;
	case ENGINE_MEDIA_VP8:
		write_vp8(w, media, packet);
		break;
	case ENGINE_MEDIA_VP9:
		write_vp9(w, media, packet);
		break;
	case ENGINE_MEDIA_AV1:
	case ENGINE_MEDIA_KINDS:
		write_av1(w, media, packet);
		break;
	}
	for (size_t i = 0; i < packet->size; i++)
		wr_u8(w, (uint8_t)i);
	/* The end tells what it is of. */
	wr_u8(w, payload_types[packet->kind]);
}

/* --- what comes next ------------------------------------------------------------------------- */

static void begin_picture(struct engine_media *media)
{
	media->is_key_picture = media->wants_keyframe || media->picture_id == 0;
	media->wants_keyframe = false;
	if (media->is_key_picture)
		media->picture = 0;
	if (temporal[media->picture % 4] == 0)
		media->tl0picidx++;
}

static void end_picture(struct engine_media *media)
{
	media->spatial = 0;
	media->picture++;
	media->picture_id = (uint16_t)((media->picture_id + 1) & 0x7fff);
	media->timestamp += 3000;
}

size_t engine_media_write(struct engine_media *media, struct engine_media_packet *packet,
			  uint8_t *buf, size_t cap)
{
	struct wr w = wr_init(buf, cap);
	bool is_last = !is_sound(packet->kind) && packet->ends &&
		       media->spatial + 1 >= spatial_count(packet->kind);

	if (!is_sound(packet->kind) && media->spatial == 0 && packet->starts)
		begin_picture(media);
	if (spatial_count(packet->kind) == 1)
		media->spatial = 0;
	wr_u8(&w, 0x90);
	wr_u8(&w, (uint8_t)((is_last ? 0x80 : 0) | payload_types[packet->kind]));
	wr_u16(&w, media->seq++);
	wr_u32(&w, media->timestamp);
	wr_u32(&w, media->ssrc);
	write_extensions(&w, media, packet);
	write_payload(&w, media, packet);
	packet->ends_block = is_last || is_sound(packet->kind);
	if (is_sound(packet->kind)) {
		media->timestamp += 960;
	} else if (packet->ends) {
		media->frame_number++;
		media->spatial++;
		if (is_last)
			end_picture(media);
	}
	return wr_len(&w);
}
