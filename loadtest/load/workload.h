/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a run is like: a profile file (JSON) read and checked, and the plan that follows from it and
 * a seed: who joins which room when, for how long. The same seed gives the same plan. Pure but for
 * reading the file.
 */
#ifndef VIDD_LOADTEST_LOAD_WORKLOAD_H
#define VIDD_LOADTEST_LOAD_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORKLOAD_NAME_BYTES  64
#define WORKLOAD_ERROR_BYTES 200
#define WORKLOAD_MAX_SEATS   20000

enum workload_kind {
	WORKLOAD_CONSULTATION, /* many rooms of few people */
	WORKLOAD_CONFERENCE,   /* rooms where everybody sends and gets everything */
	WORKLOAD_BROADCAST,    /* one sends, the others watch */
	WORKLOAD_STORM,	       /* so many joins a second */
	WORKLOAD_CHURN,	       /* rooms come and go for hours */
	WORKLOAD_REGION_DAY,   /* a day of a region, faster */
	WORKLOAD_KINDS,
};

struct workload {
	char name[WORKLOAD_NAME_BYTES];
	enum workload_kind kind;
	int64_t rooms;	    /* at a time; of a region-day: visits of the day */
	int64_t people_min; /* of a room */
	int64_t people_max;
	double arrive_s;    /* over which rooms arrive; 0: at once */
	double stay_s;	    /* mean length of a visit; 0: to the end */
	double joins_per_s; /* of a storm */
	double hurry;	    /* of a region-day: how much faster than the day */
	double warmup_s;    /* from the last arrival to the window */
	double window_s;    /* in which is measured */
	/* What each sends. */
	bool has_audio;
	int64_t audio_bps;
	bool is_talk_continuous;
	bool has_dtx;
	bool has_video;
	int64_t video_height;
	int64_t video_fps;
	int64_t video_bps;
	int64_t encodings;
	bool has_layers;
	bool has_descriptor;
	bool is_adaptive;
	double keyframe_s; /* 0: only when asked for */
	/* Of everybody. */
	int64_t rtt_ms;
	bool has_playout;
};

struct workload_seat {
	uint32_t room;
	uint32_t place; /* in the room, from 0 */
	int64_t join_us;
	int64_t leave_us; /* INT64_MAX: to the end */
	bool sends;
	bool watches;
};

struct workload_plan {
	struct workload_seat *seat; /* by join_us */
	size_t seat_count;
	uint32_t *room_size;
	size_t room_count;
	int64_t settled_us; /* the last first arrival; the warm-up begins here */
};

const char *workload_kind_name(enum workload_kind kind);
/* Reads JSON text. 0, or -EINVAL with what is wrong. */
int workload_parse(struct workload *out, const char *text, char error[WORKLOAD_ERROR_BYTES]);
int workload_read(struct workload *out, const char *path, char error[WORKLOAD_ERROR_BYTES]);
/* 0, -ENOMEM, or -EINVAL: more than WORKLOAD_MAX_SEATS. */
int workload_plan(struct workload_plan *out, const struct workload *workload, uint64_t seed);
void workload_plan_close(struct workload_plan *plan);

#endif
