/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How fast a browser sends on a thin uplink: libwebrtc's congestion control by its published rules
 * (docs/adaptation.md 1), simplified. From transport-wide feedback: the delay's trend
 * (upload_delay.h), a rate that grows by 8 % a second or, near the capacity that it remembers, by a
 * packet a round trip, and falls to 0.85 of what arrives; loss that matters above 5 % and never
 * below what arrives; 0.8 each second after 3 s without feedback; probes at the start, each 5 s
 * while little is sent, after a deep fall and when more may be sent. REMB caps it. Left out: the
 * likelihood that libwebrtc weighs losses with, padding while loss recedes, field trials.
 *
 * It is there so that feedback, caps and requests of the server have somebody to act on; no figure
 * of it is a figure of ours, nor of a real browser.
 */
#ifndef VIDD_LOADTEST_MODEL_UPLOAD_H
#define VIDD_LOADTEST_MODEL_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loadtest/model/upload_delay.h"
#include "media/wire/twcc.h"

#define UPLOAD_SENT	 2048 /* a power of two */
#define UPLOAD_START_BPS 300000
#define UPLOAD_CLUSTERS	 4

/* Packets sent at one rate to see whether they arrive at it. */
struct upload_cluster {
	uint32_t id; /* 0: none */
	double bps;
	uint32_t sent_bytes; /* so far; of sent_packets */
	uint32_t sent_packets;
	int64_t first_sent_us, last_sent_us;
	uint32_t last_sent_bytes; /* of the last packet */
	uint32_t came_bytes;
	uint32_t came_packets;
	uint32_t first_came_bytes;
	int64_t first_came_us, last_came_us;
	bool is_sent;
	bool is_judged;
};

enum upload_state {
	UPLOAD_HOLD,
	UPLOAD_RISE,
};

/* Visible for embedding. */
struct upload {
	double estimate_bps; /* by delay */
	double loss_bps;     /* by loss; 0: no limit */
	double backed_bps;   /* for want of feedback; 0: no limit */
	double remb_bps;     /* 0: none heard */
	double acked_bps;    /* 0: not known */
	struct upload_sent {
		uint16_t seq;
		uint16_t bytes;
		uint32_t cluster;
		int64_t sent_us; /* 0: empty or told already */
	} sent[UPLOAD_SENT];
	struct upload_delay delay;
	struct upload_throughput throughput;
	enum upload_state state;
	double capacity_kbps; /* where overuse was met; 0: not known */
	double capacity_var;
	int64_t changed_us;
	int64_t fell_us;
	int64_t rtt_us;
	int64_t heard_us;
	int64_t last_sent_us;
	int64_t backed_us;
	bool was_over;
	/* Losses: the window under way, and the mean of those before. */
	int64_t loss_us;
	uint32_t lost_bytes;
	uint32_t told_bytes;
	double loss;
	/* Probes. */
	struct upload_cluster cluster[UPLOAD_CLUSTERS];
	size_t cluster_first;
	size_t cluster_count;
	uint32_t cluster_id;
	int64_t probed_us;
	double before_fall_bps;
	int64_t deep_fall_us;
	double allocated_bps;
	bool is_started;
	/* Whether less is sent than may be. */
	double budget_bits;
	int64_t budget_us;
	int64_t idle_us;       /* since when; 0: it is not */
	int64_t idle_ended_us; /* 0: never */
};

void upload_init(struct upload *upload, int64_t now_us);
/* bytes: of the IP packet. */
void upload_sent(struct upload *upload, int64_t now_us, uint16_t seq, uint16_t bytes);
void upload_feedback(struct upload *upload, int64_t now_us, const struct twcc_feedback *feedback);
void upload_remb(struct upload *upload, uint64_t bps);
/* The most that the encoders may send together: with the first figure probing begins, and a higher
 * one is worth a probe. */
void upload_allocated(struct upload *upload, int64_t now_us, uint32_t bps);
/* What may be sent now, headers included. To be asked regularly: silence counts. */
uint32_t upload_bps(struct upload *upload, int64_t now_us);
/* The rate at which packets, useful or not, are to leave now; 0: no probe is due. */
uint32_t upload_probe_bps(const struct upload *upload);

#endif
