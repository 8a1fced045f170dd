/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/rtp.h"

#include <errno.h>
#include <string.h>

#define PROFILE_ONE_BYTE 0xbede /* RFC 8285 4.2 */
#define PROFILE_TWO_BYTE 0x1000 /* RFC 8285 4.3; the low 4 bits are the application's */
#define ID_PADDING	 0
#define ID_STOP		 15 /* reserved in the one-byte form */
#define ONE_BYTE_MAX_ID	 14
#define ONE_BYTE_MAX_LEN 16

int rtp_parse(struct rtp_header *out, const uint8_t *buf, size_t len)
{
	struct rtp_header h = {0};
	struct rd r = rd_init(buf, len);
	uint8_t first = rd_u8(&r);
	uint8_t second = rd_u8(&r);

	h.marker = second >> 7;
	h.pt = second & 0x7f;
	h.seq = rd_u16(&r);
	h.timestamp = rd_u32(&r);
	h.ssrc = rd_u32(&r);
	rd_skip(&r, (size_t)(first & 0x0f) * 4);
	if (first & 0x10) {
		h.ext_profile = rd_u16(&r);
		h.ext_len = (size_t)rd_u16(&r) * 4;
		h.ext = rd_bytes(&r, h.ext_len);
	}
	h.payload_len = rd_left(&r);
	h.payload = rd_bytes(&r, h.payload_len);
	if (!rd_ok(&r) || first >> 6 != 2)
		return -EBADMSG;
	if (first & 0x20) {
		/* RFC 3550 5.1: the last byte counts the padding, itself included. */
		h.padding_len = h.payload_len > 0 ? h.payload[h.payload_len - 1] : 0;
		if (h.padding_len == 0 || h.padding_len > h.payload_len)
			return -EBADMSG;
		h.payload_len -= h.padding_len;
	}
	*out = h;
	return 0;
}

static const char *const EXT_URI[RTP_EXT_COUNT] = {
	[RTP_EXT_MID] = "urn:ietf:params:rtp-hdrext:sdes:mid",
	[RTP_EXT_RID] = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
	[RTP_EXT_RRID] = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
	[RTP_EXT_AUDIO_LEVEL] = "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
	[RTP_EXT_TRANSPORT_SEQ] =
		"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
	[RTP_EXT_ABS_SEND_TIME] = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
	[RTP_EXT_ABS_CAPTURE_TIME] =
		"http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
	[RTP_EXT_DEPENDENCY_DESCRIPTOR] = ("https://aomediacodec.github.io/av1-rtp-spec/"
					   "#dependency-descriptor-rtp-header-extension"),
	[RTP_EXT_VIDEO_LAYERS] =
		"http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00",
	[RTP_EXT_PLAYOUT_DELAY] = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
	[RTP_EXT_VIDEO_ORIENTATION] = "urn:3gpp:video-orientation",
};

const char *rtp_ext_uri(enum rtp_ext ext)
{
	return EXT_URI[ext];
}

enum rtp_ext rtp_ext_from_uri(const char *uri)
{
	unsigned ext = 0;

	while (ext < RTP_EXT_COUNT && strcmp(uri, EXT_URI[ext]) != 0)
		ext++;
	return (enum rtp_ext)ext;
}

int rtp_ext_map_set(struct rtp_ext_map *map, enum rtp_ext ext, uint8_t id)
{
	if (ext >= RTP_EXT_COUNT || id == ID_PADDING || id == ID_STOP)
		return -EINVAL;
	unsigned before = rtp_ext_map_find(map, id);
	if (before > 0)
		map->id[before - 1] = 0;
	if (map->id[ext] < sizeof(map->low))
		map->low[map->id[ext]] = 0;
	map->id[ext] = id;
	if (id < sizeof(map->low))
		map->low[id] = (uint8_t)(ext + 1);
	return 0;
}

unsigned rtp_ext_map_find(const struct rtp_ext_map *map, uint8_t id)
{
	if (id < sizeof(map->low))
		return map->low[id];
	for (unsigned ext = 0; ext < RTP_EXT_COUNT; ext++) {
		if (map->id[ext] == id)
			return ext + 1;
	}
	return 0;
}

/* An element's data: len bytes, kept when the id is known. */
static void take_value(struct rtp_exts *exts, struct rd *r, const struct rtp_ext_map *map,
		       uint8_t id, uint8_t len)
{
	const uint8_t *data = rd_bytes(r, len);
	unsigned found = rtp_ext_map_find(map, id);

	if (found > 0)
		exts->value[found - 1] = (struct rtp_ext_value){.data = data, .len = len};
}

int rtp_exts_parse(struct rtp_exts *out, const struct rtp_header *header,
		   const struct rtp_ext_map *map)
{
	struct rtp_exts exts = {0};
	bool one_byte = header->ext_profile == PROFILE_ONE_BYTE;
	bool two_byte = (header->ext_profile & 0xfff0) == PROFILE_TWO_BYTE;
	struct rd r = rd_init(header->ext, one_byte || two_byte ? header->ext_len : 0);

	while (rd_left(&r) > 0) {
		uint8_t id = rd_u8(&r);
		uint8_t len;

		if (id == ID_PADDING)
			continue;
		if (one_byte) {
			len = (id & 0x0f) + 1;
			id >>= 4;
			/* RFC 8285 4.2: id 15 ends the processing. So does an id 0 that claims a
			 * length: neither an element nor padding. */
			if (id == ID_STOP || id == ID_PADDING)
				break;
		} else {
			len = rd_u8(&r);
		}
		take_value(&exts, &r, map, id, len);
	}
	if (!rd_ok(&r))
		return -EBADMSG;
	*out = exts;
	return 0;
}

/* Whether the extension goes out, and whether the one-byte form can hold it. */
static bool is_sent(const struct rtp_exts *exts, const struct rtp_ext_map *map, size_t ext)
{
	return exts->value[ext].data && map->id[ext] != 0;
}

static bool fits_one_byte(const struct rtp_exts *exts, const struct rtp_ext_map *map, size_t ext)
{
	return map->id[ext] <= ONE_BYTE_MAX_ID && exts->value[ext].len >= 1 &&
	       exts->value[ext].len <= ONE_BYTE_MAX_LEN;
}

static void write_exts(struct wr *w, const struct rtp_exts *exts, const struct rtp_ext_map *map,
		       bool one_byte)
{
	wr_u16(w, one_byte ? PROFILE_ONE_BYTE : PROFILE_TWO_BYTE);
	size_t length_at = wr_len(w);
	wr_u16(w, 0);
	for (size_t i = 0; i < RTP_EXT_COUNT; i++) {
		uint8_t id = map->id[i];
		uint8_t len = exts->value[i].len;

		if (!is_sent(exts, map, i))
			continue;
		if (one_byte) {
			wr_u8(w, (uint8_t)(id << 4 | (len - 1)));
		} else {
			wr_u8(w, id);
			wr_u8(w, len);
		}
		wr_bytes(w, exts->value[i].data, len);
	}
	size_t bytes = wr_len(w) - length_at - 2;
	size_t padding = (4 - bytes % 4) % 4;
	wr_zero(w, padding);
	wr_patch_u16(w, length_at, (uint16_t)((bytes + padding) / 4));
}

void rtp_write(struct wr *w, const struct rtp_header *header, const struct rtp_exts *exts,
	       const struct rtp_ext_map *map)
{
	bool any = false;
	bool one_byte = true;

	for (size_t i = 0; i < RTP_EXT_COUNT; i++) {
		if (!is_sent(exts, map, i))
			continue;
		any = true;
		one_byte = one_byte && fits_one_byte(exts, map, i);
	}
	wr_u8(w, any ? 0x90 : 0x80);
	wr_u8(w, (uint8_t)((unsigned)header->marker << 7 | (header->pt & 0x7f)));
	wr_u16(w, header->seq);
	wr_u32(w, header->timestamp);
	wr_u32(w, header->ssrc);
	if (any)
		write_exts(w, exts, map, one_byte);
}

bool rtp_ext_audio_level(const struct rtp_exts *exts, uint8_t *level_dbov, bool *is_voice)
{
	const struct rtp_ext_value *v = &exts->value[RTP_EXT_AUDIO_LEVEL];
	struct rd r = rd_init(v->data, v->data ? v->len : 0);

	if (rd_left(&r) != 1)
		return false;
	uint8_t b = rd_u8(&r);
	*level_dbov = b & 0x7f;
	*is_voice = b >> 7;
	return true;
}

bool rtp_ext_transport_seq(const struct rtp_exts *exts, uint16_t *seq)
{
	const struct rtp_ext_value *v = &exts->value[RTP_EXT_TRANSPORT_SEQ];
	struct rd r = rd_init(v->data, v->data ? v->len : 0);

	if (rd_left(&r) != 2)
		return false;
	*seq = rd_u16(&r);
	return true;
}

bool rtp_ext_abs_send_time(const struct rtp_exts *exts, uint32_t *time)
{
	const struct rtp_ext_value *v = &exts->value[RTP_EXT_ABS_SEND_TIME];
	struct rd r = rd_init(v->data, v->data ? v->len : 0);

	if (rd_left(&r) != 3)
		return false;
	*time = rd_u24(&r);
	return true;
}
