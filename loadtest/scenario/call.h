/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A call in virtual time: one real engine, its people, a metered link each way for each of them,
 * one clock. Also what signaling would do: answers, wishes for publishers, a new connection after
 * one was lost. The same configuration and seed give the same packets.
 *
 * DTLS draws its own randomness and its signatures vary by a few bytes, so handshake datagrams are
 * charged to the links at 200 or 800 bytes.
 */
#ifndef VIDD_LOADTEST_SCENARIO_CALL_H
#define VIDD_LOADTEST_SCENARIO_CALL_H

#include "loadtest/scenario/leg.h"
#include "loadtest/scenario/party.h"
#include "loadtest/scenario/post.h"

#define CALL_MEMBERS  8
#define CALL_ACTIONS  64
#define CALL_SAMPLES  2048
#define CALL_START_US 1000000
#define CALL_ROOM     1
#define CALL_PATIENT  0 /* by custom the first member, on the thin link */

struct call_sample {
	float estimate_bps; /* of the way down to each member, by ENGINE_QUALITY */
};

struct member {
	struct party party;
	struct leg up;
	struct leg down;
	struct post *post; /* the call's */
	struct path path;
	int64_t deadline_us;
	int64_t joined_us; /* 0: not yet */
	int64_t lost_us;   /* the engine gave it up; 0: it did not */
	int64_t back_us;   /* when it will join again; INT64_MAX: not */
	int64_t signal_us; /* one way through signaling */
	uint32_t reconnects;
	struct call_sample sample[CALL_SAMPLES];
	float estimate_bps;
};

enum call_action_kind {
	CALL_JOIN,
	CALL_CAMERA,   /* value: 1 on, 0 off */
	CALL_SPEAK,    /* value: 1 speaks, 0 is silent */
	CALL_BURST_UP, /* value: bytes beside the call, at once */
	CALL_BURST_DOWN,
};

struct call_action {
	int64_t at_us; /* from the begin */
	enum call_action_kind kind;
	size_t member;
	int64_t value;
};

struct call_config {
	uint64_t seed;
	int64_t duration_us;
};

struct call {
	struct call_config config;
	int64_t now_us;
	struct cert *cert;
	struct cert *member_cert;
	struct engine *engine;
	struct post post;
	struct member *member[CALL_MEMBERS];
	size_t member_count;
	struct call_action action[CALL_ACTIONS]; /* in order of time */
	size_t action_count;
	size_t action_next;
	int64_t sample_us;
	size_t samples;
	/* Outside: something that lives beside the call, such as a TCP flow. */
	int64_t (*other_deadline_us)(void *other);
	void (*other_timeout)(void *other, int64_t now_us);
	void *other;
	uint64_t gone; /* transports that the engine gave up */
};

struct member_config {
	struct party_config party; /* id, seed and wire are filled in */
	struct link *up;	   /* taken */
	struct link *down;	   /* taken */
	int64_t signal_us;
};

void call_init(struct call *call, const struct call_config *config);
void call_close(struct call *call);
struct member *call_add(struct call *call, const struct member_config *config);
/* To be added in order of time. */
void call_act(struct call *call, int64_t at_us, enum call_action_kind kind, size_t member,
	      int64_t value);
/* Joins of members without a CALL_JOIN are not made up: a scenario says when. */
void call_run(struct call *call);
/* Of all that was shown and heard. */
uint64_t call_digest(const struct call *call);

#endif
