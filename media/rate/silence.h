/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Has the other side fallen silent? Feedback is due while something is unanswered; when none comes
 * within max(2 x RTT + interval, 400 ms) the link is taken as gone. Pure; embed it, zero state is
 * not silent.
 */
#ifndef VIDD_MEDIA_RATE_SILENCE_H
#define VIDD_MEDIA_RATE_SILENCE_H

#include <stdbool.h>
#include <stdint.h>

#define SILENCE_MIN_US	 400000
#define SILENCE_FIRST_US 1500000 /* before any RTT is known: two geostationary round trips */
#define SILENCE_PROBE_US 250000

/* Visible for embedding. */
struct silence {
	bool is_silent;
	int64_t unanswered_us; /* when the first packet left since the last feedback; 0: none */
	int64_t since_us;      /* when silence was declared */
	int64_t last_sent_us;
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
/* DEADLINE_NEVER when nothing is awaited. */
int64_t silence_deadline_us(const struct silence *s);

#endif
