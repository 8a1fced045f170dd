/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The receiving half of a bot: slots by SSRC; every packet is parsed, its number and its payload
 * checked, its way timed; what is missing is asked for, arrivals are told (transport-wide feedback,
 * reports), and what a person would hear and see is played out. Sans-IO.
 */
#ifndef VIDD_LOADTEST_LOAD_SUBSCRIBER_H
#define VIDD_LOADTEST_LOAD_SUBSCRIBER_H

#include "loadtest/load/channel.h"
#include "loadtest/load/gaps.h"
#include "loadtest/load/tally.h"
#include "loadtest/load/viewing.h"
#include "loadtest/model/hearing.h"
#include "media/rate/arrival.h"
#include "media/route/params.h"
#include "media/stream/nack.h"
#include "media/stream/recv.h"
#include "media/wire/rtcp.h"

#define SUBSCRIBER_SLOTS 64

/* A line that the server sends on, as its description says. */
struct subscriber_line {
	enum media_kind kind;
	uint32_t ssrc;
	uint32_t rtx_ssrc; /* 0: none */
	uint8_t pt;
	uint8_t rtx_pt;
};

struct subscriber_slot {
	struct subscriber_line line;
	struct recv_stats recv;
	struct gaps gaps;
	struct nack *nack;	 /* of video */
	struct hearing *hearing; /* of sound, when played out */
	struct viewing viewing;
	/* The stream of a publisher that is in it. */
	bool has_stream;
	uint32_t publisher;
	uint8_t encoding;
	uint32_t next_number;
};

struct subscriber {
	struct channel *channel;
	struct tally *tally;
	struct rtp_ext_map exts;
	struct subscriber_slot *slot;
	size_t slot_count;
	struct arrival *arrival; /* NULL: no transport-wide numbers agreed on */
	bool has_playout;
	uint32_t ssrc;	  /* of our reports */
	int64_t rtt_us;	  /* told in reports, see subscriber_init */
	int64_t tick_us;  /* of the players; INT64_MAX: none */
	int64_t look_us;  /* when NACKs and keyframe requests are looked at next */
	int64_t media_us; /* the first packet of media came; 0: not yet */
};

/* rtt_us: what reports pretend the round trip to be, so that a server on the same machine keeps
 * packets for repair as for people far away. */
void subscriber_init(struct subscriber *subscriber, struct channel *channel, struct tally *tally,
		     int64_t rtt_us, bool has_playout);
void subscriber_close(struct subscriber *subscriber);
/* What can come, in place of what could before; lines already there keep their state. 0, -ENOMEM,
 * or -EINVAL: more than SUBSCRIBER_SLOTS. */
int subscriber_lines(struct subscriber *subscriber, int64_t now_us, const struct rtp_ext_map *exts,
		     const struct subscriber_line *lines, size_t count);
/* A protected packet; decrypted in place. */
void subscriber_rtp(struct subscriber *subscriber, int64_t now_us, uint8_t *data, size_t len);
void subscriber_sender_report(struct subscriber *subscriber, int64_t now_us,
			      const struct rtcp_packet *packet);
void subscriber_timeout(struct subscriber *subscriber, int64_t now_us);
int64_t subscriber_deadline_us(const struct subscriber *subscriber);
/* Fills report blocks, at most cap; returns how many. */
size_t subscriber_reports(struct subscriber *subscriber, int64_t now_us, struct rtcp_report *blocks,
			  size_t cap);
/* What never came, up to now but for the last moment, joins the tally: at both ends of a window. */
void subscriber_settle(struct subscriber *subscriber);

#endif
