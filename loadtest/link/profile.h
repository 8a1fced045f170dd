/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A link profile: both directions of one access as a JSON text (loadtest/profiles/README.md is the
 * format). profile_parse() is pure and its text is not trusted; profile_load() reads files, the
 * traces named in the profile among them.
 */
#ifndef VIDD_LOADTEST_LINK_PROFILE_H
#define VIDD_LOADTEST_LINK_PROFILE_H

#include "loadtest/link/link.h"

enum profile_way {
	PROFILE_DOWN, /* towards the client */
	PROFILE_UP,
	PROFILE_WAYS,
};

enum profile_limits {
	/* Outages, and loss windows, after repeated ones are written out: 15 s marks for 17 hours.
	 */
	PROFILE_MAX_SPANS = 4096,
	/* An hour in steps of 20 ms is 3 MB of JSON. */
	PROFILE_MAX_BYTES = 8 << 20,
};

/* What the file states about its rate, for the test that compares; -1: nothing stated. */
struct profile_stated {
	double mean_bps;
	double share_below_300k; /* of whole seconds that carry less than 300 kbit */
	double longest_gap_s;	 /* the longest stretch at rate 0 */
};

struct profile_direction {
	struct link_config config; /* its arrays belong to the profile */
	struct profile_stated stated;
	char *rate_file; /* mahimahi (.mahi, .up, .down) or .csv, beside the profile; or NULL */
	int64_t rate_loop_ns;
};

/* Visible to be read. */
struct profile {
	char *name;
	int64_t duration_ns; /* of a run; > 0 */
	bool blocks_udp;     /* a firewall that lets TCP through only (vidd-linkem) */
	struct profile_direction way[PROFILE_WAYS];
};

/* 0, or -EBADMSG with the reason in error. A rate_file is only noted. */
int profile_parse(struct profile **out, const char *text, size_t len, char *error,
		  size_t error_size);
/* 0; -EBADMSG as above; or a negative errno of reading, with the reason in error. */
int profile_load(struct profile **out, const char *path, char *error, size_t error_size);
void profile_free(struct profile *profile);

/* A link of one direction, which borrows from the profile: free it first. Seeds differ by
 * direction. start_ns: the profile's t = 0 on the caller's clock. As link_new(). */
int profile_link(struct link **out, const struct profile *profile, enum profile_way way,
		 uint64_t seed, int64_t start_ns);

#endif
