/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The log of vidd-linkem: a header of 16 bytes, then records of 72 bytes, network order.
 *
 *   header   "VIDDLINK", u32 version (1), u32 bytes per record (72)
 *   record    0 i64 in_ns       read from the sender's device
 *             8 i64 depart_ns   its last bit leaves the bottleneck
 *            16 i64 due_ns      should be at the far end
 *            24 i64 out_ns      was written to the receiver's device
 *            32 u32 queue_us    waited before its first bit left
 *            36 u16 bytes       of IP, header included
 *            38 u8  pair        from 0
 *            39 u8  way         0 down (towards the client), 1 up
 *            40 u8  outcome     enum record_outcome
 *            41 u8  IP version, 42 u8 protocol, 43 u8 traffic class
 *            44 u32 source, 48 u32 destination, 52 u16 and 54 u16 their ports (flow.h)
 *            56 12 bytes        the head of a UDP payload: an RTP header
 *            68 u32 0
 *
 * Times are of CLOCK_MONOTONIC, 0 when there is none; a packet dropped has only in_ns. RECORD_START
 * has only in_ns: t = 0 of the run. Records stand in the order in which packets end, not in which
 * they came. Pure.
 */
#ifndef VIDD_LOADTEST_LINKEM_RECORD_H
#define VIDD_LOADTEST_LINKEM_RECORD_H

#include "loadtest/link/link.h"
#include "loadtest/linkem/flow.h"

#define RECORD_HEADER_BYTES 16
#define RECORD_BYTES	    72

/* The link's verdicts and what only an emulator knows. */
enum record_outcome {
	RECORD_BLOCKED = LINK_VERDICTS, /* UDP on a link that lets none through */
	RECORD_OVERRUN,			/* more under way than the emulator keeps */
	RECORD_UNWRITTEN,		/* the receiver's device did not take it */
	RECORD_UNSENT,			/* still under way at the end of the run */
	RECORD_START,
	RECORD_OUTCOMES,
};

struct record {
	int64_t in_ns;
	int64_t depart_ns;
	int64_t due_ns;
	int64_t out_ns;
	uint32_t queue_us;
	uint16_t bytes;
	uint8_t pair;
	uint8_t way;
	uint8_t outcome;
	struct flow flow;
};

void record_write_header(uint8_t out[RECORD_HEADER_BYTES]);
void record_write(const struct record *record, uint8_t out[RECORD_BYTES]);
/* 0, or -EBADMSG: no such log. */
int record_parse_header(const uint8_t in[RECORD_HEADER_BYTES]);
/* 0, or -EBADMSG: a way or outcome that does not exist. */
int record_parse(struct record *out, const uint8_t in[RECORD_BYTES]);
const char *record_outcome_name(uint8_t outcome);

#endif
