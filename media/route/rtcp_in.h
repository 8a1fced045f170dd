/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a peer says by RTCP, carried to the track or slot it is about: sender reports to tracks,
 * report blocks and requests to slots. One thread.
 */
#ifndef VIDD_MEDIA_ROUTE_RTCP_IN_H
#define VIDD_MEDIA_ROUTE_RTCP_IN_H

#include <stdint.h>

struct peer;
struct pkt;

/* A plaintext compound. Borrows it. */
void rtcp_in(struct peer *peer, int64_t now_us, const struct pkt *pkt);

#endif
