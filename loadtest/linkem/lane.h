/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One direction of one pair: its link, and the packets under way in the order in which they arrive,
 * which is the order in which they came. Packets end by a callback with their record.
 */
#ifndef VIDD_LOADTEST_LINKEM_LANE_H
#define VIDD_LOADTEST_LINKEM_LANE_H

#include "loadtest/link/link.h"
#include "loadtest/linkem/record.h"

#define LANE_PACKETS	  8192 /* 0.8 s of 120 Mbit/s in full packets */
#define LANE_PACKET_BYTES 2048

struct lane_packet {
	struct record record;
	size_t len;
	uint8_t data[LANE_PACKET_BYTES];
};

/* Visible for embedding. */
struct lane {
	struct link *link; /* owned */
	int in_fd;	   /* borrowed */
	int out_fd;
	uint8_t pair;
	uint8_t way;
	bool blocks_udp;
	/* What became of a packet. */
	void (*ended)(void *context, const struct record *record);
	void *context;
	struct lane_packet *ring; /* owned */
	size_t first;
	size_t count;
};

/* Gives the lane its memory. 0 or -ENOMEM. */
int lane_init(struct lane *lane);
void lane_close(struct lane *lane);
/* Takes over what the device has, but no more than some. Returns how many it took, or a negative
 * errno when the device has gone. */
int lane_read(struct lane *lane, int64_t (*clock_ns)(void));
/* Writes what is due by now. */
void lane_write(struct lane *lane, int64_t (*clock_ns)(void));
/* INT64_MAX: nothing under way. */
int64_t lane_deadline_ns(const struct lane *lane);
/* What is under way is given up. */
void lane_abandon(struct lane *lane);

#endif
