/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a browser's congestion control makes of arrival times: whether delay grows (groups of 5 ms,
 * a line through the last 20, a threshold that adapts) and how much arrives (docs/adaptation.md 1,
 * 1 to 3 and 5). Part of upload.h.
 */
#ifndef VIDD_LOADTEST_MODEL_UPLOAD_DELAY_H
#define VIDD_LOADTEST_MODEL_UPLOAD_DELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UPLOAD_POINTS  20
#define UPLOAD_ARRIVED 512

enum upload_usage {
	UPLOAD_NORMAL,
	UPLOAD_OVER,
	UPLOAD_UNDER,
};

struct upload_group {
	bool is_set;
	int64_t first_sent_us;
	int64_t sent_us;
	int64_t first_arrival_us;
	int64_t arrival_us;
};

struct upload_delay {
	struct upload_group now;
	struct upload_group before;
	double grown_ms; /* sum of the deltas */
	double smooth_ms;
	struct {
		double at_ms;
		double delay_ms;
	} point[UPLOAD_POINTS]; /* the newest last */
	size_t point_count;
	unsigned deltas;
	int64_t first_us; /* of the times of points */
	int64_t heard_us; /* when packets were last told of */
	double threshold_ms;
	int64_t adapted_us; /* 0: never */
	double over_ms;	    /* negative: not over */
	unsigned overs;
	double slope;
	enum upload_usage usage;
};

struct upload_arrived {
	int64_t sent_us;
	int64_t arrival_us;
	uint16_t bytes;
};

struct upload_throughput {
	struct upload_arrived packet[UPLOAD_ARRIVED]; /* by order of feedback, oldest first */
	size_t count;
};

void upload_delay_init(struct upload_delay *delay);
void upload_delay_packet(struct upload_delay *delay, int64_t now_us, int64_t sent_us,
			 int64_t arrival_us);
void upload_throughput_packet(struct upload_throughput *throughput,
			      const struct upload_arrived *packet);
/* 0: not known yet. */
double upload_throughput_bps(const struct upload_throughput *throughput);

#endif
