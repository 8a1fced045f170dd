/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One direction of a person's access with a meter on it: the link (loadtest/link) decides what
 * becomes of each packet, the meter keeps the ground truth of rates, queues and losses by class.
 * The engine's own opinion is never asked. Times are those of the call's clock.
 */
#ifndef VIDD_LOADTEST_SCENARIO_LEG_H
#define VIDD_LOADTEST_SCENARIO_LEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loadtest/link/link.h"

#define LEG_HEADERS   28    /* IPv4 and UDP */
#define LEG_BUCKETS   20000 /* of 1 ms */
#define LEG_BIN_US    100000
#define LEG_WINDOWS   64
#define LEG_SAMPLE_US 20000

enum leg_class {
	LEG_AUDIO,
	LEG_VIDEO,
	LEG_RTX,
	LEG_FEEDBACK,
	LEG_OTHER, /* STUN, DTLS, signalling */
	LEG_CROSS, /* TCP beside the call */
	LEG_CLASSES,
};

struct leg_window {
	int64_t from_us;
	int64_t to_us;
};

/* Waiting times of packets, as a distribution. */
struct leg_waits {
	uint32_t bucket[LEG_BUCKETS];
	uint64_t count;
};

struct leg {
	struct link *link;
	size_t bin_count;
	uint64_t
		*media_bytes; /* left the bottleneck in each bin, as framed; media and its repair */
	uint64_t *cross_bytes;
	uint64_t *offered_bytes; /* handed over in each bin, lost or not; not the cross traffic */
	size_t sample_count;
	float *queue_ms; /* each LEG_SAMPLE_US */
	struct leg_waits all;
	struct leg_waits audio;
	struct leg_waits video;		     /* and its repair */
	struct leg_window skip[LEG_WINDOWS]; /* waits in these are not counted */
	size_t skip_count;
	int64_t peak_us; /* longest wait */
	int64_t begun_us;
	uint64_t bytes[LEG_CLASSES]; /* delivered, IP */
	uint64_t packets[LEG_CLASSES];
	uint64_t lost[LEG_CLASSES];
};

/* Takes the link. duration_us: of the call, from begun_us on. */
void leg_init(struct leg *leg, struct link *link, int64_t begun_us, int64_t duration_us);
void leg_close(struct leg *leg);
/* A packet of ip_bytes; returns when it arrives, or INT64_MAX. */
int64_t leg_send(struct leg *leg, int64_t now_us, size_t ip_bytes, enum leg_class class);
void leg_sample(struct leg *leg, int64_t now_us);
/* What the class of a datagram is, by its first bytes. */
enum leg_class leg_classify(const uint8_t *data, size_t len);

/* --- figures, times from the call's begin ---------------------------------------------------- */

double leg_wait_ms(const struct leg_waits *waits, double quantile);
double leg_capacity_bps(const struct leg *leg, int64_t from_us, int64_t to_us);
double leg_media_bps(const struct leg *leg, int64_t from_us, int64_t to_us);
double leg_offered_bps(const struct leg *leg, int64_t from_us, int64_t to_us);
double leg_cross_bps(const struct leg *leg, int64_t from_us, int64_t to_us);
/* How often the offered rate fell to less than `kept` of the mean of the 3 s before while no queue
 * above ms stood in all that time. */
unsigned leg_cuts(const struct leg *leg, int64_t from_us, int64_t to_us, double kept, double ms);
/* Highest of the samples in between. */
double leg_queue_ms(const struct leg *leg, int64_t from_us, int64_t to_us);
/* Delivered over what min(0.95 x capacity, ceiling) would have been (docs/adaptation.md 4). */
double leg_utilisation(const struct leg *leg, int64_t from_us, int64_t to_us, double ceiling_bps);
/* Time to recover after from_us (docs/adaptation.md 3), in seconds; until_s when it never does. */
double leg_recovery_s(const struct leg *leg, int64_t from_us, int64_t until_us, double ceiling_bps);
/* Seconds from from_us until the queue is below ms for a second; until_s when it never is. */
double leg_drained_s(const struct leg *leg, int64_t from_us, int64_t until_us, double ms);

#endif
