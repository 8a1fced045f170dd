/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One person of a bench call: a browser modelled from its sources (voice, simulcast camera, uplink)
 * to what is heard and seen (jitter buffer, decoder), with the feedback a Chromium gives. Speaks
 * real STUN, DTLS, SRTP, RTP and RTCP to the engine. What of it a person would notice is written
 * down in the slots' logs. Sans-IO; one thread.
 */
#ifndef VIDD_LOADTEST_SCENARIO_PARTY_H
#define VIDD_LOADTEST_SCENARIO_PARTY_H

#include <glib.h>

#include "loadtest/model/encoder.h"
#include "loadtest/model/hearing.h"
#include "loadtest/model/picture.h"
#include "loadtest/model/receipts.h"
#include "loadtest/model/simulcast.h"
#include "loadtest/model/upload.h"
#include "loadtest/model/voice.h"
#include "loadtest/scenario/wire.h"
#include "media/route/engine.h"
#include "media/stream/recv.h"
#include "media/wire/rtcp.h"

#define PARTY_SLOTS	      16
#define PARTY_HISTORY	      1024 /* packets of one encoding kept for repair: 1 s and more */
#define PARTY_OWNERS	      10
#define PARTY_SECONDS	      1024
#define PARTY_QUEUE	      128 /* frames waiting for their turn on the wire */
#define PARTY_TRACK(id, kind) ((id)*10 + (kind))

/* Payload types, the same for everybody. */
enum party_pt {
	PARTY_PT_OPUS = 96,
	PARTY_PT_RED = 97,
	PARTY_PT_VP8 = 98,
	PARTY_PT_RTX = 99,
};

struct party_config {
	uint32_t id;
	uint64_t seed;
	struct wire_config wire;
	size_t audio_slots;
	size_t video_slots;
	bool has_audio_nack;
	bool has_red;
	bool has_voice;
	struct voice_config voice;
	uint16_t video_height; /* of the camera; 0: none */
	uint8_t fps;
	uint16_t priority;   /* of its tracks */
	bool is_thin_up;     /* the uplink model decides its rate */
	int64_t feedback_us; /* fixed interval of transport-wide feedback; 0: Chromium's */
	int64_t signal_us;   /* from the engine's wish to the encoder's settings */
};

struct party_encoding {
	const struct simulcast_row *row;
	struct encoder encoder;
	uint32_t ssrc;
	uint32_t rtx_ssrc;
	uint16_t seq;
	uint16_t rtx_seq;
	uint32_t ts_base;
	uint32_t last_ts;
	uint16_t picture_id;
	uint8_t tl0picidx;
	uint32_t packets;
	uint32_t octets;
	uint32_t keyframes;
	uint32_t requests; /* PLI and FIR heard */
	struct party_kept {
		uint16_t seq;
		uint16_t len;
		uint8_t plain[1300];
	} * history;
};

/* Sound is sent again as it was, ciphertext and all: it has no RTX. */
#define PARTY_SOUND_KEPT 128
struct party_sealed {
	uint16_t seq;
	uint16_t len;
	uint8_t data[600];
};

/* A frame on its way out. */
struct party_frame {
	size_t encoding;
	struct encoder_frame frame;
	struct label label;
	uint32_t timestamp;
	uint16_t picture_id;
	uint8_t tl0picidx;
	uint16_t parts;
	uint16_t part;
};

/* What a slot showed or played, one entry per frame or tick. */
struct party_shown {
	int64_t now_us;
	int64_t captured_us;
	uint32_t track_id;
	uint16_t height;
	bool is_keyframe;
};
struct party_heard {
	int64_t captured_us; /* of what is played */
	uint8_t tick;	     /* enum hearing_tick */
	uint8_t owner;
};

struct party_slot {
	enum media_kind kind;
	uint32_t ssrc;
	uint32_t rtx_ssrc;
	struct recv_stats recv;
	struct hearing *hearing; /* of a sound slot */
	struct missing *missing;
	struct picture *picture; /* of a picture slot */
	bool has_seq;
	uint16_t last_seq;
	int64_t high;
	GArray *shown;
	GArray *heard;
	uint64_t bytes;
	uint64_t rtx_packets;
};

struct party {
	struct party_config config;
	struct rng rng;
	struct wire wire;
	struct transport_params *params;
	struct rtp_ext_map exts;
	bool is_begun;
	bool is_camera_off;
	/* out */
	struct voice voice;
	struct party_encoding sound;
	struct party_sealed sealed[PARTY_SOUND_KEPT];
	struct party_encoding video[LIMIT_ENCODINGS];
	size_t video_count;
	struct upload upload;
	uint64_t remb_bps;
	int64_t begun_us;
	int64_t voice_us; /* next frame of sound */
	uint8_t ptime_frames;
	struct voice_frame packed[6];
	int64_t packed_us[6];
	size_t packed_count;
	uint32_t sound_frame;
	int64_t video_us; /* next frame of video */
	uint32_t video_frame;
	struct party_frame queue[PARTY_QUEUE];
	size_t queue_head;
	size_t queue_count;
	int64_t pace_us;
	int64_t probe_us; /* next packet of a probe */
	unsigned probe_count;
	uint32_t video_bps;
	struct engine_want want;
	struct engine_want coming;
	int64_t want_us; /* when coming becomes want; INT64_MAX: nothing */
	int64_t voice_want_us;
	uint8_t voice_ptime_ms;
	uint32_t voice_max_bps; /* 0: no cap */
	int64_t resend_us;	/* when the window of what is sent again began */
	uint64_t resend_bytes;	/* ... and what was in it */
	size_t before_len;	/* of the payload sent last, which RED repeats, */
	uint32_t before_ts;	/* ... and of when it was */
	uint8_t before[300];
	bool is_redundant; /* sends RED with one older payload, as Chromium does */
	bool voice_is_redundant;
	uint16_t transport_seq;
	/* in */
	struct party_slot slot[PARTY_SLOTS];
	size_t slot_count;
	struct receipts receipts;
	int64_t tick_us; /* next of the players */
	int64_t tick_begun_us;
	int64_t report_us;
	int64_t rtt_us;
	uint32_t video_bytes[PARTY_OWNERS][PARTY_SECONDS]; /* that came, by owner and second */
	uint64_t rejected;
	uint64_t digest; /* FNV-1a of what was shown and heard and when */
};

void party_init(struct party *party, const struct party_config *config);
void party_close(struct party *party);
/* As signaling would negotiate it. */
const struct transport_params *party_params(struct party *party, uint32_t room_id);
void party_input(struct party *party, int64_t now_us, const uint8_t *data, size_t len);
void party_timeout(struct party *party, int64_t now_us);
int64_t party_deadline_us(const struct party *party);
/* The engine's wish for one of its tracks. */
void party_want(struct party *party, int64_t now_us, enum media_kind kind,
		const struct engine_want *want);

/* A new connection in place of one that was lost; party_params() then tells of it. */
void party_reconnect(struct party *party);
void party_camera(struct party *party, int64_t now_us, bool is_on);

/* party_send.c and party_recv.c, for party.c. */
void party_send_timeout(struct party *party, int64_t now_us);
int64_t party_send_deadline_us(const struct party *party);
void party_resend(struct party *party, int64_t now_us, uint32_t ssrc, uint16_t seq);
void party_keyframe_wanted(struct party *party, uint32_t ssrc);
void party_take_rtp(struct party *party, int64_t now_us, uint8_t *data, size_t len);
void party_take_rtcp(struct party *party, int64_t now_us, uint8_t *data, size_t len);
void party_recv_timeout(struct party *party, int64_t now_us);
int64_t party_recv_deadline_us(const struct party *party);
void party_send_rtcp(struct party *party, int64_t now_us, struct wr *w, uint8_t *buf, size_t cap);
/* What this browser believes that it may send. */
uint32_t party_up_bps(struct party *party, int64_t now_us);

#endif
