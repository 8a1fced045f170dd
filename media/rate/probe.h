/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One probe at a time: a short cluster of useful packets sent faster than usual, and how much the
 * queue grew meanwhile: sent at r, growing by g per time, the link gives r / (1 + g). Everything
 * between its first and its last packet counts, whatever it is for. Pure; embed it, zero state is
 * idle.
 */
#ifndef VIDD_MEDIA_RATE_PROBE_H
#define VIDD_MEDIA_RATE_PROBE_H

#include <stdbool.h>
#include <stdint.h>

enum probe_phase {
	PROBE_IDLE,
	PROBE_WANTED, /* until its bytes have left, or nobody had any */
	PROBE_FLYING, /* until feedback has told of all of it */
};

enum probe_verdict {
	PROBE_NONE,
	PROBE_PASSED,  /* arrived about as fast as it left */
	PROBE_FAILED,  /* arrived slower: bps is what the link gave */
	PROBE_UNKNOWN, /* too few packets sent or told of */
};

/* Visible for embedding. */
struct probe {
	enum probe_phase phase;
	uint8_t id; /* 1..255, of the present or last one */
	uint32_t bps;
	uint32_t bytes;
	int64_t deadline_us; /* of the phase */
	uint32_t sent_bytes; /* of probe packets */
	int64_t first_seq, last_seq;
	int64_t first_sent_us, last_sent_us;
	uint32_t between_bytes; /* everything sent after the first up to the last packet */
	uint32_t pending_bytes; /* sent after the last packet of the probe */
	/* Of what arrived, for the slope of one-way delay over the time of sending. */
	int64_t first_owd_us;
	double sum_x, sum_y, sum_xx, sum_xy;
	unsigned sent, pending; /* packets, as the bytes above */
	unsigned arrived;
};

/* Asks for one. bps: everything that leaves meanwhile, together; bytes: those of the probe. */
void probe_ask(struct probe *p, int64_t now_us, uint32_t bps, uint32_t bytes);
/* Every packet that leaves; wait_us: how long its feedback can take. */
void probe_sent(struct probe *p, int64_t now_us, int64_t seq, uint32_t bytes, bool is_probe,
		int64_t wait_us);
/* Every packet told as arrived, once. */
void probe_arrived(struct probe *p, int64_t seq, int64_t sent_us, int64_t arrival_us);
/* After each feedback and timeout: `reported` is the highest number told of. *bps: how much passed,
 * set with PASSED and FAILED. */
enum probe_verdict probe_judge(struct probe *p, int64_t now_us, int64_t reported, uint32_t *bps);
void probe_cancel(struct probe *p);
/* DEADLINE_NEVER when idle. */
int64_t probe_deadline_us(const struct probe *p);

#endif
