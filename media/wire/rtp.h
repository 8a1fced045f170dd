/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * RTP headers (RFC 3550 5.1) and header extensions (RFC 8285, one- and two-byte form): parse into
 * plain structs that borrow from the packet, write anew for each receiver. No state.
 */
#ifndef VIDD_MEDIA_WIRE_RTP_H
#define VIDD_MEDIA_WIRE_RTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/bytes.h"

struct rtp_header {
	bool marker;
	uint8_t pt;
	uint16_t seq;
	uint32_t timestamp;
	uint32_t ssrc;
	uint16_t ext_profile; /* 0xbede one-byte, 0x100x two-byte, 0: none */
	const uint8_t *ext;   /* extension bytes behind the 4-byte extension header, or NULL */
	size_t ext_len;
	const uint8_t *payload; /* without padding */
	size_t payload_len;
	uint8_t padding_len;
};

/* Checks version, CSRC list, extension length and padding. 0 or -EBADMSG; *out only on success. */
int rtp_parse(struct rtp_header *out, const uint8_t *buf, size_t len);

/* The extensions Vidd knows; what is not in this list is not negotiated and so not forwarded. */
enum rtp_ext {
	RTP_EXT_MID,
	RTP_EXT_RID,
	RTP_EXT_RRID,
	RTP_EXT_AUDIO_LEVEL,
	RTP_EXT_TRANSPORT_SEQ,
	RTP_EXT_ABS_SEND_TIME,
	RTP_EXT_ABS_CAPTURE_TIME,
	RTP_EXT_DEPENDENCY_DESCRIPTOR,
	RTP_EXT_VIDEO_LAYERS,
	RTP_EXT_PLAYOUT_DELAY,
	RTP_EXT_VIDEO_ORIENTATION,
	RTP_EXT_COUNT,
};

/* NULL-free for every id below RTP_EXT_COUNT. */
const char *rtp_ext_uri(enum rtp_ext ext);
/* RTP_EXT_COUNT when the URI is not known. */
enum rtp_ext rtp_ext_from_uri(const char *uri);

/* The ids of one m-line or transport, both ways round. Zero state: nothing negotiated. */
struct rtp_ext_map {
	uint8_t id[RTP_EXT_COUNT]; /* 0: not negotiated */
	uint8_t low[15];	   /* by id, of the ids that browsers use: as rtp_ext_map_find */
};

/* id 1..255 except 15. Replaces what either side had. -EINVAL otherwise. */
int rtp_ext_map_set(struct rtp_ext_map *map, enum rtp_ext ext, uint8_t id);
/* enum rtp_ext + 1; 0: unknown id. */
unsigned rtp_ext_map_find(const struct rtp_ext_map *map, uint8_t id);

/* Present when data is not NULL; borrowed from the packet (or from the writer's caller). */
struct rtp_ext_value {
	const uint8_t *data;
	uint8_t len;
};

struct rtp_exts {
	struct rtp_ext_value value[RTP_EXT_COUNT];
};

/* Sorts a packet's extensions by the map; unknown ids are passed over. A packet without any gives
 * an empty set. 0, or -EBADMSG when an element runs past the block. */
int rtp_exts_parse(struct rtp_exts *out, const struct rtp_header *header,
		   const struct rtp_ext_map *map);

/* Writes the fixed header and, for each value present whose id is in the map, its element: one-byte
 * form when every id is <= 14 and every length 1..16, else two-byte form. The payload follows at
 * wr_len(). CSRCs and padding are not written. The writer goes bad when it does not fit. */
void rtp_write(struct wr *w, const struct rtp_header *header, const struct rtp_exts *exts,
	       const struct rtp_ext_map *map);

/* Helpers for single values; each returns false when the value is absent or its length wrong. */
bool rtp_ext_audio_level(const struct rtp_exts *exts, uint8_t *level_dbov,
			 bool *is_voice); /* RFC 6464 */
bool rtp_ext_transport_seq(const struct rtp_exts *exts, uint16_t *seq);
/* Seconds in 6.18 fixed point, 24 bits that wrap after 64 s: when the packet left its sender
 * (www.webrtc.org/experiments/rtp-hdrext/abs-send-time). */
bool rtp_ext_abs_send_time(const struct rtp_exts *exts, uint32_t *time);

#endif
