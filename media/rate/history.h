/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What left a transport and was not forgotten yet, by transport-wide sequence number. Bounded by
 * count (a ring) and by time (HISTORY_US): feedback of what is not in it any more finds nothing,
 * and that is visible to the caller. Knows what is in flight. Embed it; zero state is empty. The
 * ring takes memory as more is sent, so it must be closed.
 */
#ifndef VIDD_MEDIA_RATE_HISTORY_H
#define VIDD_MEDIA_RATE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"
#include "media/base/seq.h"

#define HISTORY_PACKETS LIMIT_HISTORY_PACKETS
/* Longest an answer may take: ten round trips over a geostationary satellite (guess). */
#define HISTORY_US 6000000

enum history_state {
	HISTORY_NONE, /* the number was never sent */
	HISTORY_SENT,
	HISTORY_MISSING, /* reported as not received; may still come */
	HISTORY_ARRIVED,
	HISTORY_REPAIRED, /* lost, and arrived when it went again */
};

struct history_packet {
	int64_t sent_us;
	uint32_t bytes; /* as charged on the link */
	uint8_t state;	/* enum history_state */
	uint8_t probe;
	uint8_t class;
	bool is_resent; /* it went again under its number */
};

/* Visible for embedding. */
struct history {
	bool is_started;
	struct seq_unwrap unwrap;
	int64_t oldest;	  /* first number still kept */
	int64_t next;	  /* one past the last sent */
	int64_t reported; /* highest number any feedback spoke of */
	uint32_t in_flight_bytes;
	uint32_t places; /* a power of two, at most HISTORY_PACKETS; 0 at first */
	struct history_packet *packets;
};

void history_close(struct history *h);
/* Returns the unwrapped number. Numbers that were jumped over are HISTORY_NONE. Without memory for
 * more the oldest goes before its time; without any, nothing is kept. */
int64_t history_sent(struct history *h, uint16_t seq, const struct history_packet *packet);
/* The unwrapped number nearest to what was sent last. */
int64_t history_unwrap(const struct history *h, uint16_t seq);
/* NULL when it is not kept (any more), or was never sent. */
struct history_packet *history_find(struct history *h, int64_t seq);
/* Feedback has spoken of everything up to this number: it has left the network, one way or
 * another. */
void history_report(struct history *h, int64_t seq);
/* How long ago the first packet was sent that no feedback spoke of; 0: it spoke of all. */
int64_t history_waiting_us(struct history *h, int64_t now_us);
/* Feedback begins with base: for how long packets were sent before it that lost feedback spoke of.
 */
int64_t history_untold_us(struct history *h, int64_t base);
/* Forgets what was sent more than HISTORY_US ago. */
void history_expire(struct history *h, int64_t now_us);
/* Forgets all that was sent; numbers go on. */
void history_clear(struct history *h);

#endif
