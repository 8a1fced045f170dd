/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/loss.h"

#define TAIL_QUEUE_US	   30000
#define EXCESS_PERMILLE	   20	/* more than twice the usual loss and that */
#define MIN_HALF	   4	/* windows on each side */
#define MIN_PACKETS	   8	/* a window with less says nothing */
#define POLICED_PERMILLE   80	/* more loss at high rates than at low ones; 2 sigma of iid 20 % */
#define POLICED_RATE_RATIO 1.25 /* the rates must differ for that to mean anything */

static void next_window(struct loss *l)
{
	l->next = (l->next + 1) % LOSS_WINDOWS;
	l->windows[l->next] = (struct loss_window){0};
	l->filled += l->filled < LOSS_WINDOWS - 1;
	l->window_start_us += LOSS_WINDOW_US;
}

void loss_outcome(struct loss *l, int64_t sent_us, uint32_t bytes, bool is_lost)
{
	if (l->window_start_us == 0 || sent_us - l->window_start_us > LOSS_WINDOWS * LOSS_WINDOW_US)
		*l = (struct loss){.window_start_us = sent_us, .crowded_us = l->crowded_us};
	while (sent_us - l->window_start_us >= LOSS_WINDOW_US)
		next_window(l);
	struct loss_window *w = &l->windows[l->next];
	if (w->packets == UINT16_MAX)
		return;
	w->packets++;
	w->sent_bytes += bytes;
	if (!is_lost) {
		w->arrived_bytes += bytes;
	} else {
		w->lost++;
		w->bursts = (uint16_t)(w->bursts + !l->was_lost);
		l->is_any = true;
	}
	l->was_lost = is_lost;
}

/* Rates and losses of the half that sent more and the half that sent less. */
struct halves {
	double sent[2];
	double arrived[2];
	unsigned packets[2];
	unsigned lost[2];
	unsigned count[2];
};

static struct halves split(const struct loss *l)
{
	struct halves h = {{0}, {0}, {0}, {0}, {0}};
	double mean = 0;
	unsigned n = 0;

	for (unsigned age = 1; age <= l->filled; age++) {
		const struct loss_window *w =
			&l->windows[(l->next + LOSS_WINDOWS - age) % LOSS_WINDOWS];
		mean += w->packets >= MIN_PACKETS ? w->sent_bytes : 0;
		n += w->packets >= MIN_PACKETS;
	}
	mean = n > 0 ? mean / n : 0;
	for (unsigned age = 1; age <= l->filled; age++) {
		const struct loss_window *w =
			&l->windows[(l->next + LOSS_WINDOWS - age) % LOSS_WINDOWS];
		int side = w->sent_bytes > mean;
		if (w->packets < MIN_PACKETS)
			continue;
		h.sent[side] += w->sent_bytes;
		h.arrived[side] += w->arrived_bytes;
		h.packets[side] += w->packets;
		h.lost[side] += w->lost;
		h.count[side]++;
	}
	return h;
}

static bool is_policed(const struct loss *l)
{
	struct halves h = split(l);

	if (h.count[0] < MIN_HALF || h.count[1] < MIN_HALF)
		return false;
	double sent_ratio = (h.sent[1] / h.count[1]) / (h.sent[0] / h.count[0]);
	double arrived_low = h.arrived[0] / h.count[0];
	double arrived_ratio = arrived_low > 0 ? (h.arrived[1] / h.count[1]) / arrived_low : 2;
	int more = (int)(1000 * h.lost[1] / h.packets[1]) - (int)(1000 * h.lost[0] / h.packets[0]);
	/* Random loss takes its share of every rate: what arrives grows with what is sent. */
	return sent_ratio >= POLICED_RATE_RATIO && more >= POLICED_PERMILLE &&
	       arrived_ratio < 1 + 0.5 * (sent_ratio - 1);
}

int loss_excess_permille(const struct loss *l)
{
	return loss_permille(l, 1) - 2 * loss_permille(l, LOSS_WINDOWS);
}

bool loss_is_tail(const struct loss *l, int64_t queue_us, int64_t queue_max_us)
{
	return l->is_any && queue_us > TAIL_QUEUE_US && queue_us >= queue_max_us - queue_max_us / 5;
}

enum loss_verdict loss_judge(struct loss *l, int64_t queue_us, int64_t queue_max_us)
{
	bool is_any = l->is_any;
	bool is_tail = loss_is_tail(l, queue_us, queue_max_us);

	l->is_any = false;
	if (!is_any)
		return LOSS_NONE;
	if (is_tail && loss_excess_permille(l) > EXCESS_PERMILLE)
		return LOSS_CONGESTION;
	return is_policed(l) ? LOSS_POLICED : LOSS_INHERENT;
}

uint16_t loss_permille(const struct loss *l, unsigned windows)
{
	unsigned packets = 0;
	unsigned lost = 0;

	for (unsigned age = 0; age <= windows && age <= l->filled; age++) {
		const struct loss_window *w =
			&l->windows[(l->next + LOSS_WINDOWS - age) % LOSS_WINDOWS];
		packets += w->packets;
		lost += w->lost;
	}
	return (uint16_t)(packets > 0 ? 1000 * lost / packets : 0);
}

uint16_t loss_burst_tenths(const struct loss *l, unsigned windows)
{
	unsigned lost = 0;
	unsigned bursts = 0;

	for (unsigned age = 0; age <= windows && age <= l->filled; age++) {
		const struct loss_window *w =
			&l->windows[(l->next + LOSS_WINDOWS - age) % LOSS_WINDOWS];
		lost += w->lost;
		bursts += w->bursts;
	}
	unsigned tenths = bursts > 0 ? 10 * lost / bursts : lost > 0 ? 10 * lost : 0;
	return (uint16_t)(tenths < UINT16_MAX ? tenths : UINT16_MAX);
}

void loss_crowded(struct loss *l, int64_t now_us)
{
	l->crowded_us = now_us;
}

unsigned loss_uncrowded(const struct loss *l, int64_t now_us)
{
	int64_t windows = (now_us - l->crowded_us) / LOSS_WINDOW_US - 1;

	if (windows < 0)
		return 0;
	return windows < LOSS_TOLD ? (unsigned)windows : LOSS_TOLD;
}
