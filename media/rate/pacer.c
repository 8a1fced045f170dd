/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/pacer.h"

#include "media/base/heap.h"

/* A link that carries less is as good as closed; keeps times from overflowing. */
#define MIN_RATE_BPS 1000
#define NS_PER_US    1000
/* Sound goes on while pictures are stopped: its debt is forgiven beyond this. */
#define MAX_DEBT_NS 500000000LL

static int64_t carry_ns(const struct pacer *pacer, size_t bytes)
{
	return (int64_t)bytes * 8 * 1000000000 / pacer->rate_bps;
}

/* Burst allowance that is left for a packet which itself takes that long. */
static int64_t allowance_ns(const struct pacer *pacer, size_t bytes)
{
	int64_t left = (int64_t)PACER_BURST_US * NS_PER_US - carry_ns(pacer, bytes);

	return left > 0 ? left : 0;
}

void pacer_set_rate(struct pacer *pacer, int64_t now_us, uint32_t bps)
{
	int64_t debt_ns = pacer->busy_ns - now_us * NS_PER_US;

	if (bps != 0 && bps < MIN_RATE_BPS)
		bps = MIN_RATE_BPS;
	if (debt_ns > 0 && pacer->rate_bps != 0 && bps != 0) {
		debt_ns = (int64_t)((double)debt_ns * pacer->rate_bps / bps);
		if (debt_ns > MAX_DEBT_NS)
			debt_ns = MAX_DEBT_NS;
		pacer->busy_ns = now_us * NS_PER_US + debt_ns;
	}
	pacer->rate_bps = bps;
}

void pacer_sent(struct pacer *pacer, int64_t now_us, size_t bytes)
{
	int64_t now_ns = now_us * NS_PER_US;

	if (pacer->rate_bps == 0)
		return;
	if (pacer->busy_ns < now_ns)
		pacer->busy_ns = now_ns;
	pacer->busy_ns += carry_ns(pacer, bytes);
	if (pacer->busy_ns > now_ns + MAX_DEBT_NS)
		pacer->busy_ns = now_ns + MAX_DEBT_NS;
}

bool pacer_is_open(const struct pacer *pacer, int64_t now_us, size_t bytes)
{
	return pacer->rate_bps != 0 &&
	       pacer->busy_ns <= now_us * NS_PER_US + allowance_ns(pacer, bytes);
}

int64_t pacer_opens_us(const struct pacer *pacer, size_t bytes)
{
	if (pacer->rate_bps == 0)
		return DEADLINE_NEVER;
	return (pacer->busy_ns - allowance_ns(pacer, bytes) + NS_PER_US - 1) / NS_PER_US;
}
