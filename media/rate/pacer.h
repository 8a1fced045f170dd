/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * When the next picture packet may leave. The pacer thinks of the link as busy until what was sent
 * has been carried; sound and reports leave at once and are only counted, so pictures give way to
 * them by themselves. A burst of pictures takes no more than 20 ms of the link: what is sent behind
 * it waits no longer than that, or for one packet where a single one takes longer.
 *
 * Pure: numbers in, numbers out. Embedded; zero state is closed until pacer_set_rate.
 */
#ifndef VIDD_MEDIA_RATE_PACER_H
#define VIDD_MEDIA_RATE_PACER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACER_BURST_US 20000

struct pacer {
	uint32_t rate_bps; /* 0: closed */
	int64_t busy_ns;   /* until when the link carries what was sent */
};

/* What is under way is carried at the new rate from now on. bps 0 closes it. */
void pacer_set_rate(struct pacer *pacer, int64_t now_us, uint32_t bps);
/* bytes on the link left, of any class. */
void pacer_sent(struct pacer *pacer, int64_t now_us, size_t bytes);
/* Whether a picture packet of bytes on the link may leave now. */
bool pacer_is_open(const struct pacer *pacer, int64_t now_us, size_t bytes);
/* When it may, if nothing else leaves before; DEADLINE_NEVER while closed. */
int64_t pacer_opens_us(const struct pacer *pacer, size_t bytes);

#endif
