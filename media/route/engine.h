/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The media engine of one worker: its rooms and transports, found by address or ICE user name,
 * their deadlines, and the datagrams they want sent. Sans-IO: the worker feeds it datagrams and
 * time and sends what comes out; simulations and fuzzers do the same without sockets.
 *
 * It composes media/route/{transport,track,sub,room} and computes nothing itself. One thread.
 *
 * Rule: after any call below, drain engine_output and engine_event until they give nothing.
 * A datagram from an address that passed no authenticated check changes nothing and allocates
 * nothing.
 */
#ifndef VIDD_MEDIA_ROUTE_ENGINE_H
#define VIDD_MEDIA_ROUTE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/addr.h"
#include "media/base/pkt.h"
#include "media/base/rng.h"
#include "media/route/params.h"

struct engine;

struct engine_config {
	const struct cert *cert; /* borrowed for the engine's life */
	struct rng rng;
	int64_t unix_offset_us; /* Unix time minus now_us: for NTP times in reports */
	size_t max_pkts;	/* packet buffers of this worker, at most */
	size_t max_rooms;
	size_t max_transports;
	int video_max_encoding; /* the fixed simulcast cap: an index */
};

int engine_new(struct engine **out, int64_t now_us, const struct engine_config *config);
void engine_free(struct engine *engine);

/* --- commands ------------------------------------------------------------------------------- */

/* 0; -EEXIST; -ENOSPC: max_rooms. */
int engine_room_open(struct engine *engine, uint32_t room_id);
/* Closes its transports first (DTLS close_notify, RTCP BYE). Unknown ids are no error. */
void engine_room_close(struct engine *engine, int64_t now_us, uint32_t room_id);
/* 0; -ENOENT no such room; -EEXIST; -ENOSPC a limit; -ENOMEM. */
int engine_transport_open(struct engine *engine, int64_t now_us,
			  const struct transport_params *params);
/* A new round of offer/answer: m-lines may be added, changed in use, or fall unused; a changed
 * params->local.ufrag is an ICE restart. Role and fingerprint may not change (-EINVAL). -ENOENT. */
int engine_transport_update(struct engine *engine, int64_t now_us,
			    const struct transport_params *params);
void engine_transport_close(struct engine *engine, int64_t now_us, uint32_t transport_id);
/* Moves a transport to another circle (params.h): from this call on not a packet goes between it
 * and those it left, repeats and kept pictures among them, and what was sent in its new circle
 * before it came stays unsent. An update of the transport moves it likewise. Unknown ids are no
 * error. */
void engine_transport_circle(struct engine *engine, int64_t now_us, uint32_t transport_id,
			     uint8_t circle);

/* --- packets and time ----------------------------------------------------------------------- */

/* A datagram as received: pkt->data, len, path and arrival_us are set. Takes the reference. Buffers
 * for receiving come from the engine's own pool. */
struct pkt_pool *engine_pool(struct engine *engine);
void engine_input(struct engine *engine, int64_t now_us, struct pkt *pkt);
void engine_timeout(struct engine *engine, int64_t now_us);
int64_t engine_deadline_us(const struct engine *engine);
/* More comes than can be sent on: so many of ENGINE_SPARE_PARTS of all slots get no pictures from
 * now on, always the same first; what has begun is finished, and sound goes on as it is. 0: none.
 */
#define ENGINE_SPARE_PARTS 16
void engine_spare(struct engine *engine, unsigned parts);
/* The next datagram to send (to pkt->path), or NULL. The caller owns the reference. */
struct pkt *engine_output(struct engine *engine);

/* --- events --------------------------------------------------------------------------------- */

enum engine_event_type {
	ENGINE_TRANSPORT_CONNECTED, /* ICE and DTLS are up */
	ENGINE_TRANSPORT_SILENT,    /* nothing heard for 3 s */
	ENGINE_TRANSPORT_BACK,	    /* heard again */
	ENGINE_TRANSPORT_GONE, /* expired, DTLS failed or closed by the peer: it is closed already
				*/
	ENGINE_TRACK_LIVE,     /* its first packet came */
	ENGINE_SLOT,	       /* a slot shows track_id now, or nothing when 0 */
	ENGINE_SLOTS_SHORT,    /* more tracks than slots: `wanted` slots of `kind` would do */
	ENGINE_SPEAKING,       /* an audio track began or ended speaking */
	ENGINE_QUALITY,	       /* every 2 s per connected transport */
	ENGINE_PICTURE,	       /* a slot's picture is sent in another way now */
	ENGINE_WANT,	       /* what a track's publisher should send has changed */
};

/* What the link of a subscriber leaves of a picture, best first. */
enum engine_picture {
	ENGINE_PICTURE_FULL,	/* the best that is sent, or that was asked for */
	ENGINE_PICTURE_REDUCED, /* fewer or smaller pictures */
	ENGINE_PICTURE_STILLS,	/* a fresh still every few seconds */
	ENGINE_PICTURE_NONE,	/* sound alone */
};

/* What the publisher of a track is asked to send: no more than somebody uses and its uplink
 * carries. */
struct engine_want {
	uint8_t encodings; /* a bit per encoding that somebody uses; bit 0 is the smallest */
	uint32_t max_bps;  /* of media, all encodings together; 0: no cap */
	uint8_t ptime_ms;  /* audio: the packet duration that suits the uplink; 0: any */
	bool is_redundant; /* audio: each packet repeats the one before, in RED */
};

enum engine_gone_reason {
	ENGINE_GONE_EXPIRED,
	ENGINE_GONE_DTLS_FAILED,
	ENGINE_GONE_PEER_CLOSED,
};

struct engine_event {
	enum engine_event_type type;
	uint32_t room_id;
	uint32_t transport_id;
	uint32_t track_id;
	char mid[LIMIT_MID_BYTES + 1]; /* SLOT, PICTURE */
	enum media_kind kind;	       /* SLOTS_SHORT */
	uint32_t wanted;	       /* SLOTS_SHORT */
	bool is_speaking;	       /* SPEAKING */
	enum engine_gone_reason reason;
	/* QUALITY: of the last interval; -1 where unknown */
	int32_t rtt_us;
	int32_t loss_up_permille;    /* peer -> us */
	int32_t loss_down_permille;  /* us -> peer */
	uint32_t down_bps;	     /* QUALITY: what the link to the peer carries; 0 unknown */
	uint32_t up_bps;	     /* QUALITY: what came from the peer, headers included */
	enum engine_picture picture; /* PICTURE */
	struct engine_want want;     /* WANT */
};

/* The next event: true and *out, or false. */
bool engine_event(struct engine *engine, struct engine_event *out);

/* --- figures -------------------------------------------------------------------------------- */

/* Counters since start (monotonic) and gauges (rooms, transports, tracks, pool_*). */
struct engine_stats {
	uint64_t packets_in, bytes_in, packets_out, bytes_out;
	uint64_t rtp_in, rtp_forwarded, rtx_in, rtx_out, nacks_in, nacks_out, keyframe_requests_out;
	uint64_t dropped_unknown, dropped_auth, dropped_replay, dropped_malformed,
		dropped_no_buffer, dropped_late, dropped_spared;
	uint64_t replays;
	uint64_t ice_bad_integrity, dtls_failed;
	uint64_t rooms, transports, tracks, pool_used, pool_bytes;
};

void engine_stats(const struct engine *engine, struct engine_stats *out);

#endif
