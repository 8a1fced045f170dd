/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A room of an engine with its people connected, handshakes left out: for tests of the modules of
 * media/route, which look at what leaves, packet by packet, and at the state in between.
 *
 * Person n (from 1) sends sound (SSRC 10n) and one camera (10n + 2) and has a slot for each: SSRCs
 * 1000 + n for sound, 2000 + n for pictures with RTX under 3000 + n.
 */
#ifndef VIDD_TESTS_SUPPORT_ROUTE_CALL_H
#define VIDD_TESTS_SUPPORT_ROUTE_CALL_H

#include <glib.h>

#include "media/route/peer.h"
#include "tests/support/engine_media.h"

#define CALL_PEOPLE  3
#define CALL_PACKETS 4096

/* M-lines of everybody. */
enum {
	CALL_VOICE,
	CALL_CAMERA,
	CALL_HEARD,
	CALL_SHOWN,
};

/* An RTP packet that somebody got. */
struct call_packet {
	int64_t at_us;
	uint32_t ssrc;
	uint16_t seq;
	uint32_t timestamp;
	uint8_t pt;
	bool marker;
	uint16_t original_seq; /* RTX */
	int transport_seq;     /* -1: none */
	size_t len;	       /* of the datagram */
	size_t payload_len;
	uint8_t payload[64]; /* its beginning */
};

struct call_person {
	struct transport_params params;
	struct path path;
	struct srtp_link *link; /* the person's end */
	struct peer *peer;
	struct engine_media voice;
	struct engine_media camera;
	uint16_t transport_seq;
	struct call_packet *got;
	size_t got_count;
	size_t repeated;	    /* datagrams that came before */
	size_t rtcp[256];	    /* by packet type: how many */
	struct twcc_feedback *told; /* the last feedback on what it sent */
	uint16_t reported_seq;
	uint8_t feedback_count;
	bool answers; /* feedback each 100 ms */
	int64_t answered_us;
};

struct call {
	struct engine *engine;
	int64_t now_us;
	struct call_person person[CALL_PEOPLE + 1]; /* from 1 */
	struct engine_event event[1024];
	size_t event_count;
};

/* Nobody is there yet. */
void call_open(struct call *call);
void call_close(struct call *call);
/* Enters and is connected. has_feedback: transport-wide, negotiated and given. */
struct call_person *call_enter(struct call *call, uint32_t n, bool has_feedback);
/* Another round with what is in params now. */
void call_update(struct call *call, struct call_person *p);
void call_leave(struct call *call, struct call_person *p);

/* One sound, or one picture of so many packets of about size bytes; time stands. */
void call_send(struct call *call, struct call_person *p, enum engine_media_kind kind,
	       unsigned parts, size_t size);
/* Sound and pictures of 30 Hz, a keyframe first, for so long. */
void call_talk(struct call *call, struct call_person *p, int64_t us, size_t size);
void call_run(struct call *call, int64_t us);

/* RTCP of the person. */
void call_nack(struct call *call, struct call_person *p, uint32_t ssrc, uint16_t seq);
void call_remb(struct call *call, struct call_person *p, uint64_t bps);
void call_pli(struct call *call, struct call_person *p, uint32_t ssrc);
/* Of everything since the last: it took 20 ms, nothing is lost. */
void call_feedback(struct call *call, struct call_person *p);

/* Looking: what came under the SSRC from the given index on. */
const struct call_packet *call_first(const struct call_person *p, size_t from, uint32_t ssrc);
size_t call_count(const struct call_person *p, size_t from, uint32_t ssrc);
/* Numbers of the SSRC run on without a gap. */
bool call_is_continuous(const struct call_person *p, uint32_t ssrc);
size_t call_events(const struct call *call, enum engine_event_type type, uint32_t transport_id);
struct engine_stats call_stats(const struct call *call);

#endif
