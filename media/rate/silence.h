/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Has the other side fallen silent? Feedback is due while something is unanswered; when none comes
 * within max(2 x RTT + interval, 400 ms) the link is taken as gone. What is sent then either is
 * lost or waits in front of the link and arrives when it is of no use, before what is of use. So
 * sound rests as well but for a packet now and then that asks whether the link is back. When
 * something of the other side comes that had been quiet too, both ways were gone and are back:
 * sound goes on at once, without waiting for feedback. Pure; embed it, zero state is not silent.
 */
#ifndef VIDD_MEDIA_RATE_SILENCE_H
#define VIDD_MEDIA_RATE_SILENCE_H

#include <stdbool.h>
#include <stdint.h>

#define SILENCE_MIN_US	 400000
#define SILENCE_FIRST_US 1500000 /* before any RTT is known: two geostationary round trips */
#define SILENCE_PROBE_US 250000
#define SILENCE_ASK_US	 100000 /* one packet each: known to be back soon after */
#define SILENCE_RARE_US	 500000 /* the same when something of theirs will tell as well */
#define SILENCE_STALE_US                                                                           \
	1200000			 /* above the queues of thin lines, which sound has to live with   \
				  */
#define SILENCE_QUIET_US 250000	 /* the other side was gone too: guess, DTX pauses for 400 ms */
#define SILENCE_HOPE_US	 1000000 /* feedback may wait behind what the other side had queued */

/* Visible for embedding. */
struct silence {
	bool is_silent;
	int64_t unanswered_us; /* when the first packet left since the last feedback; 0: none */
	int64_t since_us;      /* when silence was declared */
	int64_t last_sent_us;  /* or when a probe was asked for */
	int64_t asked_us;      /* when anything was sent */
	int64_t heard_us;      /* when anything came last; 0: nothing did */
	int64_t hope_us; /* when something came after quiet; 0: nothing did since silence began */
	int64_t timeout_us; /* as set last; 0: SILENCE_FIRST_US */
};

void silence_sent(struct silence *s, int64_t now_us);
/* Feedback of packets we know. True when that ends a silence. */
bool silence_feedback(struct silence *s);
/* rtt_us: smoothed; interval_us: usual distance of feedback. */
void silence_set(struct silence *s, int64_t rtt_us, int64_t interval_us);
/* True when silence begins now. */
bool silence_timeout(struct silence *s, int64_t now_us);
/* While silent: nothing has left for 250 ms, so one small packet may ask whether the link is back.
 */
bool silence_may_probe(const struct silence *s, int64_t now_us);
/* Anything at all came from the other side. */
void silence_heard(struct silence *s, int64_t now_us);
/* Whether sound may leave as it comes. Not either while what was sent before waits for backlog_us:
 * it would come too late, and make that last longer. */
bool silence_takes_sound(const struct silence *s, int64_t now_us, int64_t backlog_us);
/* When it may not: whether it is time for a packet that asks. */
bool silence_may_ask(const struct silence *s, int64_t now_us);
/* DEADLINE_NEVER when nothing is awaited. */
int64_t silence_deadline_us(const struct silence *s);

#endif
