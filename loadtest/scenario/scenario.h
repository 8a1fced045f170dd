/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A scenario of the bench: which links, who is there, what happens when, and which figures tell how
 * it went. adaptation.md 7 has the list; marks.json the marks on the figures.
 *
 * A run's result is one JSON object on one line:
 *   {"name","mode":"sim","system":"vidd","seed","void","reason","measures":{...},"series":{...}}
 * Rates are bit/s on the bottleneck (IP bytes; cells on ATM), shares 0..1, _ms and _s as named.
 */
#ifndef VIDD_LOADTEST_SCENARIO_SCENARIO_H
#define VIDD_LOADTEST_SCENARIO_SCENARIO_H

#include <jansson.h>

#include "loadtest/scenario/call.h"
#include "loadtest/scenario/watch.h"

#define SCENARIO_STEPS	 16
#define SCENARIO_OUTAGES 32
#define SCENARIO_S	 1000000LL

/* One way of an access. Zero fields: none of it. */
struct way {
	struct {
		double at_s;
		double kbps;
	} step[SCENARIO_STEPS];
	size_t step_count;
	double owd_ms;
	double queue_ms;
	double queue_kbytes;
	double jitter_ms;
	double loss;
	double ge_p_bad; /* Gilbert-Elliott, lossless in the good state and losing all in the bad */
	double ge_p_good;
	bool is_atm;
};

struct access {
	struct way down;
	struct way up;
};

/* Arrays that links borrow during the run. */
struct way_data {
	struct link_step step[SCENARIO_STEPS];
	struct link_outage outage[SCENARIO_OUTAGES];
	size_t outage_count;
	struct link_step *trace; /* in place of step; freed with g_free */
	size_t trace_count;
	int64_t trace_loop_ns;
	struct link_step *delay;
	size_t delay_count;
	struct link_loss_window window[SCENARIO_OUTAGES];
	size_t window_count;
};

struct scenario;

struct run {
	const struct scenario *scenario;
	struct call call;
	struct way_data data[CALL_MEMBERS][2]; /* down, up */
	json_t *measures;
	double ceiling_bps; /* of what can be sent down to the patient, headers included */
	void *extra;	    /* of the scenario's own */
};

struct scenario {
	const char *name;
	int duration_s;
	struct access access; /* of the patient */
	bool is_thin_up;      /* the patient's uplink is what is tested */
	bool has_audio_nack;  /* negotiated with the page */
	int variant;	      /* the scenario's meaning */
	double variant_b;
	const char *path; /* of a trace */
	void (*build)(struct run *run);
	void (*measure)(struct run *run);
	/* Runs twice or more and compares, in place of the ordinary run. */
	void (*whole)(struct run *run, uint64_t seed);
};

/* Runs it and returns the JSON object, owned by the caller; *digest of what was seen and heard. */
json_t *scenario_run(const struct scenario *scenario, uint64_t seed, uint64_t *digest);

/* --- for scenarios ---------------------------------------------------------------------------- */

/* Patient on the scenario's access, clinician clean; both join at once. */
void build_pair(struct run *run);
/* Adds a person on that access. */
struct member *add_person(struct run *run, const struct access *access,
			  const struct party_config *party);
/* 20/20 Mbit/s, 20 ms round trip. */
/* The ordinary person: 24 kbit/s of continuous speech, a 720p camera, two slots of each kind. */
struct party_config person_config(const struct run *run);

void measure_set(struct run *run, const char *name, double value);
/* The figures that every scenario has, of the patient. */
void measure_common(struct run *run);
json_t *series_of(const struct run *run, const struct member *member);
int64_t run_end_us(const struct run *run);

#endif
