/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The sending half of a bot: a voice and a camera by the models of loadtest/model, as RTP with
 * stamps in it. Frames of realistic sizes, simulcast by RID, temporal layers, retransmission by RTX
 * made anew from what is remembered of a packet, keyframes when asked for. At a fixed rate, or by
 * feedback, REMB and the server's wishes as a browser. Sans-IO.
 */
#ifndef VIDD_LOADTEST_LOAD_PUBLISHER_H
#define VIDD_LOADTEST_LOAD_PUBLISHER_H

#include "loadtest/load/channel.h"
#include "loadtest/load/tally.h"
#include "loadtest/model/encoder.h"
#include "loadtest/model/simulcast.h"
#include "loadtest/model/upload.h"
#include "loadtest/model/voice.h"
#include "media/route/params.h"

#define PUBLISHER_HISTORY 512 /* packets of an encoding that can be sent again; a power of two */
#define PUBLISHER_QUEUE	  32  /* frames on their way out; a power of two */

struct publisher_config {
	uint32_t id; /* in stamps */
	bool has_audio;
	bool has_video;
	struct voice_config voice;
	uint16_t height;
	uint8_t fps;
	uint32_t video_bps;  /* of one encoding; of several the model's table decides */
	uint8_t encodings;   /* 1..LIMIT_ENCODINGS */
	bool has_layers;     /* L1T3 */
	bool has_descriptor; /* where it is agreed on */
	bool is_adaptive;    /* follows feedback, REMB and wishes; else keeps its rate */
	int64_t keyframe_us; /* one at least so often; 0: only when asked for */
};

/* What was agreed on for what we send. */
struct publisher_terms {
	char mid[2][LIMIT_MID_BYTES + 1]; /* by kind */
	uint8_t opus_pt;
	uint8_t vp8_pt;
	uint8_t rtx_pt; /* 0: none */
	struct rtp_ext_map exts;
};

/* A packet of video, so that it can be made again. */
struct publisher_packet {
	uint32_t number;
	uint32_t frame;
	uint32_t needs;
	uint32_t timestamp;
	int64_t captured_us;
	int64_t sent_us;
	uint16_t seq;
	uint16_t part;
	uint16_t parts;
	uint16_t bytes; /* of the payload; 0: none here */
	uint16_t picture_id;
	uint8_t tl0picidx;
	uint8_t temporal;
	bool is_sync;
	bool is_keyframe;
};

struct publisher_encoding {
	struct encoder encoder;
	const struct simulcast_row *row;
	uint16_t height;
	uint32_t ssrc;
	uint32_t rtx_ssrc;
	uint16_t seq;
	uint16_t rtx_seq;
	uint32_t ts_base;
	uint32_t number;
	uint32_t frame;
	uint32_t last_frame[2]; /* of T0 and T1 */
	uint16_t picture_id;
	uint8_t tl0picidx;
	uint32_t packets;
	uint32_t octets;
	int64_t key_us; /* when the last keyframe was made */
	struct publisher_packet *history;
};

/* A frame that is being sent. */
struct publisher_frame {
	struct publisher_packet packet; /* of its next part */
	uint32_t bytes;
	uint8_t encoding;
};

struct publisher {
	struct publisher_config config;
	struct publisher_terms terms;
	struct channel *channel;
	struct tally *tally;
	bool is_on;
	struct voice voice;
	struct publisher_encoding sound; /* its encoder and history are not in use */
	int64_t voice_us;
	struct publisher_encoding video[LIMIT_ENCODINGS];
	size_t video_count;
	int64_t video_us;
	struct publisher_frame queue[PUBLISHER_QUEUE];
	size_t queue_head, queue_count;
	int64_t pace_us;       /* when what was sent will have left at the pacer's rate */
	uint32_t video_bps;    /* of all encodings now */
	struct upload *upload; /* NULL: fixed rate */
	uint32_t remb_bps;     /* 0: none */
	uint32_t most_bps;     /* wished by the server; 0: no cap */
	unsigned wanted;       /* encodings, by bit */
	uint16_t transport_seq;
};

/* 0 or -ENOMEM. */
int publisher_init(struct publisher *publisher, const struct publisher_config *config,
		   struct channel *channel, struct tally *tally, struct rng *rng);
void publisher_close(struct publisher *publisher);
/* Media flows from now on. */
void publisher_start(struct publisher *publisher, int64_t now_us,
		     const struct publisher_terms *terms);
void publisher_timeout(struct publisher *publisher, int64_t now_us);
int64_t publisher_deadline_us(const struct publisher *publisher);
/* RTCP from the server about what we send. */
void publisher_nack(struct publisher *publisher, int64_t now_us, uint32_t ssrc, uint16_t seq);
void publisher_keyframe(struct publisher *publisher, uint32_t ssrc);
void publisher_remb(struct publisher *publisher, uint64_t bps);
void publisher_feedback(struct publisher *publisher, int64_t now_us,
			const struct twcc_feedback *feedback);
/* A wish for the camera: encodings by bit, and a cap; 0: none. */
void publisher_wish(struct publisher *publisher, unsigned encodings, uint32_t most_bps);
/* Appends sender reports of what was sent. */
void publisher_report(const struct publisher *publisher, int64_t now_us, struct wr *w);

#endif
