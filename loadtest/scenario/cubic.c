/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/scenario/cubic.h"

#include <math.h>

enum {
	CUBIC_SEGMENT_BYTES = 1500,
	CUBIC_ACK_BYTES = 52,
	CUBIC_MIN_RTO_US = 200000, /* Linux */
	CUBIC_REORDER = 3,	   /* RFC 5681 3.2 */
};

/* RFC 9438 4.1, 4.6; the initial window is RFC 6928's. */
static const double c = 0.4;
static const double beta = 0.7;
static const double initial_window = 10;

void cubic_init(struct cubic *cubic, const struct cubic_config *config)
{
	*cubic = (struct cubic){.config = *config,
				.window = initial_window,
				.threshold = 1e9,
				.srtt_us = 200000,
				.heard_us = config->from_us};
	cubic->left = config->bytes == INT64_MAX
			      ? INT64_MAX
			      : (config->bytes + CUBIC_SEGMENT_BYTES - 1) / CUBIC_SEGMENT_BYTES;
}

static struct cubic_segment *at(struct cubic *cubic, int64_t number)
{
	return &cubic->segment[number & (CUBIC_WINDOW - 1)];
}

static int64_t rto_us(const struct cubic *cubic)
{
	int64_t rto = cubic->srtt_us * 2;

	return rto < CUBIC_MIN_RTO_US ? CUBIC_MIN_RTO_US : rto;
}

static bool is_sending(const struct cubic *cubic, int64_t now_us)
{
	return now_us >= cubic->config.from_us && now_us < cubic->config.to_us && cubic->left > 0 &&
	       cubic->next - cubic->oldest < (int64_t)cubic->window &&
	       cubic->next - cubic->oldest < CUBIC_WINDOW;
}

static void send_one(struct cubic *cubic, int64_t now_us)
{
	struct cubic_segment *segment = at(cubic, cubic->next++);
	int64_t there = leg_send(cubic->config.data, now_us, CUBIC_SEGMENT_BYTES, LEG_CROSS);

	*segment = (struct cubic_segment){.sent_us = now_us, .acked_us = INT64_MAX};
	if (cubic->left != INT64_MAX)
		cubic->left--;
	/* The way back is asked now for a packet of then: acknowledgements are too small to matter
	 * for its order. */
	if (there != INT64_MAX) {
		int64_t back = leg_send(cubic->config.acks, now_us, CUBIC_ACK_BYTES, LEG_CROSS);

		if (back == INT64_MAX)
			return;
		segment->acked_us = there + (back - now_us);
		if (segment->acked_us < cubic->last_ack_us)
			segment->acked_us = cubic->last_ack_us;
		cubic->last_ack_us = segment->acked_us;
	}
}

/* RFC 9438 4.2. */
static void grow(struct cubic *cubic, int64_t now_us)
{
	double t;
	double k;
	double target;

	if (cubic->window < cubic->threshold) {
		cubic->window += 1;
		return;
	}
	if (cubic->epoch_us == 0) {
		cubic->epoch_us = now_us;
		if (cubic->top < cubic->window)
			cubic->top = cubic->window;
	}
	k = cbrt(cubic->top * (1 - beta) / c);
	t = (double)(now_us - cubic->epoch_us + cubic->srtt_us) / 1e6;
	target = c * pow(t - k, 3) + cubic->top;
	if (target > cubic->window)
		cubic->window += (target - cubic->window) / cubic->window;
	else
		cubic->window += 0.01 / cubic->window;
}

static void lost(struct cubic *cubic, int64_t number)
{
	if (cubic->left != INT64_MAX)
		cubic->left++; /* it goes again under a new number */
	if (number < cubic->recover)
		return;
	cubic->top = cubic->window;
	cubic->window = cubic->window * beta < 2 ? 2 : cubic->window * beta;
	cubic->threshold = cubic->window;
	cubic->epoch_us = 0;
	cubic->recover = cubic->next;
}

static void acked(struct cubic *cubic, int64_t now_us, const struct cubic_segment *segment)
{
	cubic->srtt_us += (segment->acked_us - segment->sent_us - cubic->srtt_us) / 8;
	cubic->heard_us = now_us;
	grow(cubic, now_us);
}

/* The first segment after oldest whose acknowledgement is known to come, or next. */
static int64_t next_acked(struct cubic *cubic)
{
	int64_t number = cubic->oldest;

	while (number < cubic->next && at(cubic, number)->acked_us == INT64_MAX)
		number++;
	return number;
}

/* When so many acknowledgements from number on have come that what is missing before it is lost. */
static int64_t evidence_us(struct cubic *cubic, int64_t number)
{
	int count = 0;

	for (; number < cubic->next; number++)
		if (at(cubic, number)->acked_us != INT64_MAX && ++count == CUBIC_REORDER)
			return at(cubic, number)->acked_us;
	return INT64_MAX;
}

static void take_acks(struct cubic *cubic, int64_t now_us)
{
	for (;;) {
		int64_t number = next_acked(cubic);

		if (number == cubic->next || at(cubic, number)->acked_us > now_us)
			return;
		/* Those before it are lost once three later ones are acknowledged. */
		if (number > cubic->oldest) {
			if (evidence_us(cubic, number) > now_us &&
			    now_us - cubic->heard_us < rto_us(cubic))
				return;
			while (cubic->oldest < number)
				lost(cubic, cubic->oldest++);
		}
		acked(cubic, now_us, at(cubic, number));
		cubic->oldest = number + 1;
	}
}

int64_t cubic_deadline_us(void *arg)
{
	struct cubic *cubic = arg;
	int64_t number;
	int64_t first = INT64_MAX;

	if (cubic->done_us != 0)
		return INT64_MAX;
	if (cubic->oldest == cubic->next)
		return cubic->config.from_us > cubic->heard_us ? cubic->config.from_us
							       : cubic->heard_us;
	number = next_acked(cubic);
	if (number < cubic->next)
		first = number > cubic->oldest ? evidence_us(cubic, number)
					       : at(cubic, number)->acked_us;
	return first < cubic->heard_us + rto_us(cubic) ? first : cubic->heard_us + rto_us(cubic);
}

void cubic_timeout(void *arg, int64_t now_us)
{
	struct cubic *cubic = arg;

	if (cubic->done_us != 0 || now_us < cubic->config.from_us)
		return;
	take_acks(cubic, now_us);
	if (cubic->oldest < cubic->next && now_us - cubic->heard_us >= rto_us(cubic)) {
		/* RFC 6298 5: everything under way is taken for lost. */
		while (cubic->oldest < cubic->next)
			lost(cubic, cubic->oldest++);
		cubic->window = 1;
		cubic->recover = cubic->next;
		cubic->heard_us = now_us;
	}
	while (is_sending(cubic, now_us))
		send_one(cubic, now_us);
	if (cubic->oldest == cubic->next && (cubic->left <= 0 || now_us >= cubic->config.to_us))
		cubic->done_us = now_us;
}
