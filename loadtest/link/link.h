/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One direction of a link, the same for simulations in virtual time and for vidd-linkem on real
 * sockets: loss -> drop-tail or CoDel queue -> server with a rate over time -> delay. It carries no
 * packets and reads no clock: link_send() says at the moment a packet is handed over when it will
 * arrive at the far end, or why it never does (a busy-until model, in whole nanoseconds), so the
 * outcome depends on the packets' times only and never on when somebody woke up.
 *
 * Bytes are those of IP, header included: an RTP packet of n bytes over UDP and IPv4 counts n + 28.
 * Times are nanoseconds on any clock that the caller keeps to; t = 0 of traces, outages and windows
 * is start_ns on it. Before that the first values hold and there are no outages or windows.
 *
 * Luck: every stage draws from its own generator, the same number of times for every packet, so
 * the n-th packet of a seed has the same luck whatever happened to the others or in other stages.
 * One thread per link.
 */
#ifndef VIDD_LOADTEST_LINK_LINK_H
#define VIDD_LOADTEST_LINK_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINK_MS_NS 1000000LL
#define LINK_S_NS  1000000000LL

/* From at_ns on the value holds: bit/s in a rate trace, ns in a delay trace. */
struct link_step {
	int64_t at_ns;
	int64_t value;
};

/* Steps in order of time, the first at 0; count 0: no trace. After the last step its value holds,
 * unless loop_ns > 0 (which must be after the last step): then the trace begins again each
 * loop_ns. */
struct link_trace {
	const struct link_step *steps;
	size_t count;
	int64_t loop_ns;
};

enum link_outage_kind {
	LINK_OUTAGE_HOLD, /* radio: the queue keeps what fits and leaves at the link's rate after */
	LINK_OUTAGE_DROP, /* what waits, and what is sent until it ends, is lost */
};

/* From begin_ns until before end_ns nothing leaves. */
struct link_outage {
	int64_t begin_ns;
	int64_t end_ns;
	enum link_outage_kind kind;
};

/* From begin_ns until before end_ns packets handed over are lost with this probability besides. */
struct link_loss_window {
	int64_t begin_ns;
	int64_t end_ns;
	double loss;
};

enum link_framing {
	LINK_FRAMING_IP,  /* a packet costs its bytes */
	LINK_FRAMING_ATM, /* ADSL with PPPoE: ceil((bytes + 40) / 48) cells of 53 bytes */
};

/* Zero is the perfect link: no limit of rate or queue, no delay, no loss. */
struct link_config {
	int64_t start_ns;
	struct link_trace rate; /* bit/s, 0..100e9; no trace: unlimited */
	enum link_framing framing;

	/* Drop-tail, both limits at once, 0: none. A packet is dropped when it and what waits are
	 * more than queue_bytes (as framed; one packet always fits an empty queue), or when it
	 * would wait longer than queue_ns by the rate trace alone (outages do not count as
	 * waiting). */
	int64_t queue_bytes;
	int64_t queue_ns;
	/* RFC 8289, 5 ms and 100 ms. Decided in order of arrival for the time that the packet
	 * would leave the queue. The target is at least what a full packet takes at the rate of
	 * that moment (RFC 8289 4.4 for slow links). */
	bool has_codel;

	int64_t delay_ns; /* one way */
	struct link_trace
		delay; /* ns, added to delay_ns at the time of departure; never reorders */
	/* Standard deviation s of RFC 8868's jitter that does not reorder (4.5.2, 4.5.3): a packet
	 * gets |clip(N(0, s), +-3s)| and never arrives before the one ahead of it. The RFC lets it
	 * follow by its serialisation at the bottleneck or another appropriate rate; we take a fast
	 * link behind the bottleneck (0), since by the bottleneck's own rate a saturated link would
	 * keep the largest jitter ever drawn. */
	int64_t jitter_ns;

	double loss; /* 0..1, each packet on its own */
	/* Gilbert-Elliott: a step of the chain per packet. All 0: none. */
	double ge_p_bad;     /* good to bad */
	double ge_p_good;    /* bad to good: the mean burst is 1 / ge_p_good packets */
	double ge_loss_good; /* loss in either state */
	double ge_loss_bad;

	/* Both in order of time and apart from each other. */
	const struct link_outage *outages;
	size_t outage_count;
	const struct link_loss_window *windows;
	size_t window_count;
};

enum link_verdict {
	LINK_DELIVERED,
	LINK_DROP_LOSS,	 /* chance: independent, Gilbert-Elliott or a window */
	LINK_DROP_QUEUE, /* drop-tail */
	LINK_DROP_CODEL,
	LINK_DROP_OUTAGE, /* an outage that drops, or a rate that stays 0 for ever */
	LINK_VERDICTS,
};

/* The times are set only when the verdict is LINK_DELIVERED. */
struct link_fate {
	enum link_verdict verdict;
	int64_t queue_ns;  /* waited until its first bit left */
	int64_t depart_ns; /* its last bit left the bottleneck */
	int64_t arrive_ns; /* at the far end; never before the packet ahead of it */
};

struct link_stats {
	uint64_t packets[LINK_VERDICTS];
	uint64_t bytes[LINK_VERDICTS];
};

struct link;

/* Borrows the arrays of config until link_free(); config itself is copied. 0, -EINVAL when a trace,
 * outage or window is out of order or a number out of range, -ENOMEM. */
int link_new(struct link **out, const struct link_config *config, uint64_t seed);
void link_free(struct link *link);

/* Hands over a packet of bytes (>= 1) at now_ns. Time never goes back: an earlier now_ns counts as
 * the latest one seen. */
void link_send(struct link *link, int64_t now_ns, int64_t bytes, struct link_fate *out);

/* t = 0 becomes now_ns (a start gate); what waits stays, and fates already told hold. */
void link_start(struct link *link, int64_t now_ns);

/* What the link can carry between two times, outages taken off: the exact integral, rounded down to
 * whole bits. INT64_MAX: unlimited. With ATM framing these are bits of cells. */
int64_t link_capacity_bits(const struct link *link, int64_t from_ns, int64_t to_ns);
/* What the link carries at this moment: 0 in outages, INT64_MAX when unlimited. */
int64_t link_rate_bps(const struct link *link, int64_t now_ns);
/* What has not left yet, as framed, the unsent part of the packet on the wire with it. */
int64_t link_queue_bytes(const struct link *link, int64_t now_ns);
/* Until the last of it has left; INT64_MAX: never. */
int64_t link_queue_ns(const struct link *link, int64_t now_ns);
/* What a packet of bytes costs on the wire. */
int64_t link_wire_bytes(const struct link *link, int64_t bytes);
/* Since link_new(). */
const struct link_stats *link_stats(const struct link *link);
const char *link_verdict_name(enum link_verdict verdict);

#endif
