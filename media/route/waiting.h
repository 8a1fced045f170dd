/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Picture packets of one slot that wait for their turn on the link, oldest first, not numbered
 * yet: which of them go is decided when their turn comes, so what is left out leaves no gap.
 * Bounded; when it is full the oldest go. Holds a reference on each packet. One thread.
 *
 * Room grows up to LIMIT_WAITING_PACKETS as more waits, and what is kept of a packet is packed: 136
 * bytes in place of 344.
 */
#ifndef VIDD_MEDIA_ROUTE_WAITING_H
#define VIDD_MEDIA_ROUTE_WAITING_H

#include "media/route/packet.h"

struct waiting_item {
	struct packet packet; /* holds the reference of packet.pkt */
	int64_t queued_us;
	int64_t capture_us; /* when it was captured, in our time */
	bool is_newest;	    /* nothing newer of its encoding came before */
	bool is_replayed;   /* from the cached run: behind the times on purpose */
	bool ends_replay;   /* its last */
};

/* The same, packed: places are offsets in the packet's bytes. */
struct waiting_kept {
	struct pkt *pkt;
	const struct codec_params *codec;
	int64_t queued_us;
	int64_t capture_us;
	struct codec_frame frame;
	uint32_t timestamp;
	uint32_t ssrc;
	uint16_t seq;
	uint16_t frame_number;
	uint16_t payload_at;
	uint16_t payload_len;
	uint16_t ext_at[RTP_EXT_COUNT]; /* 0: absent */
	uint8_t ext_len[RTP_EXT_COUNT];
	uint8_t pt;
	uint8_t codec_index;
	int8_t encoding;
	uint8_t generation;
	bool marker : 1;
	bool has_frame : 1;
	bool has_frame_number : 1;
	bool is_newest : 1;
	bool is_replayed : 1;
	bool ends_replay : 1;
};

/* Zero state: empty. */
struct waiting {
	struct waiting_kept *ring;
	size_t room; /* places of the ring */
	size_t head;
	size_t count;
	size_t bytes; /* of the datagrams as they came */
};

void waiting_close(struct waiting *waiting);
/* Keeps the item, a picture's, and takes a reference. False: it was full (or memory is) and the
 * oldest went for it, or there is no room at all. */
bool waiting_push(struct waiting *waiting, const struct waiting_item *item);
/* The oldest, or NULL. */
const struct waiting_kept *waiting_first(const struct waiting *waiting);
/* As it was pushed; borrows from kept's packet. Of the header what a picture's copy needs. */
void waiting_unpack(const struct waiting_kept *kept, struct waiting_item *out);
/* Gives the oldest back. There must be one. */
void waiting_pop(struct waiting *waiting);
void waiting_clear(struct waiting *waiting);

#endif
