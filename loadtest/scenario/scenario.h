/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A scenario of the bench: which links, who is there, what happens when, and which figures tell how
 * it went. docs/adaptation.md 4 has the list; marks.json the marks on the figures; the links are
 * loadtest/profiles.
 *
 * A run's result is one JSON object on one line:
 *   {"name","mode":"sim","system":"vidd","seed","void","reason","measures":{...},"series":{...}}
 * Rates are bit/s on the bottleneck (IP bytes; cells on ATM), shares 0..1, _ms and _s as named; -1:
 * it never happened, where marks would take a small figure for a good one 1e6 instead.
 */
#ifndef VIDD_LOADTEST_SCENARIO_SCENARIO_H
#define VIDD_LOADTEST_SCENARIO_SCENARIO_H

#include <jansson.h>

#include "loadtest/link/profile.h"
#include "loadtest/scenario/call.h"
#include "loadtest/scenario/cubic.h"
#include "loadtest/scenario/watch.h"

#define SCENARIO_S     1000000LL
#define SCENARIO_NEVER 1e6

struct scenario;

struct run {
	const struct scenario *scenario;
	struct call call;
	struct profile *profile[CALL_MEMBERS]; /* of each member's access */
	json_t *measures;
	double ceiling_bps; /* of what can be sent over the watched leg, headers included */
	size_t watched;	    /* the member whose hearing and sight are judged */
	struct leg *leg;    /* the bottleneck towards them */
	struct leg *back;   /* the other way */
	struct cubic *cubic;
	bool has_patient;
};

struct scenario {
	const char *name;
	const char *profile;
	int duration_s;	     /* 0: the profile's */
	bool is_swapped;     /* the profile's down is the patient's way up, and that is judged */
	bool is_thin_up;     /* the uplink model decides what the patient sends */
	bool has_audio_nack; /* negotiated with the page */
	bool is_without_patient;   /* only in the second run of a comparison */
	const char *other_profile; /* of a second run to compare with; NULL: none */
	void (*build)(struct run *run);
	void (*measure)(struct run *run);
	/* Compares with a second run, on other_profile and with is_without_patient. */
	void (*compare)(struct run *run, struct run *other);
};

/* Runs it and returns the JSON object, owned by the caller; *digest of what was seen and heard. */
json_t *scenario_run(const struct scenario *scenario, uint64_t seed, uint64_t *digest);

/* --- for scenarios ---------------------------------------------------------------------------- */

/* Patient on the scenario's access, clinician clean; both join at once. */
void build_pair(struct run *run);
/* Adds a person on that profile. */
struct member *add_person(struct run *run, const char *name, const struct party_config *party);
/* The ordinary person: 24 kbit/s of continuous speech, a 720p camera, two slots of each kind. */
struct party_config person_config(const struct run *run);
struct profile *load_profile(const char *name);

void measure_set(struct run *run, const char *name, double value);
/* The figures that every scenario has. */
void measure_common(struct run *run);
/* What the other end sees and hears, as up_... (down_... in a swapped scenario). */
void measure_other_end(struct run *run);
json_t *series_of(const struct run *run);
int64_t run_end_us(const struct run *run);
struct member *run_patient(struct run *run);
struct member *run_watched(struct run *run);

#endif
