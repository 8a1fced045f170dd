/* SPDX-License-Identifier: EUPL-1.2 */
/* The command line of vidd-linkem. Borrows from argv. */
#ifndef VIDD_LOADTEST_LINKEM_OPTIONS_H
#define VIDD_LOADTEST_LINKEM_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum options_limits {
	/* Each pair has two devices and 17 MB for what is under way, in either direction. */
	OPTIONS_MAX_PAIRS = 64,
	OPTIONS_ERROR_BYTES = 400,
};

/* One client's access. The left end is the client: a profile's "down" is towards it. */
struct options_pair {
	char *left; /* network namespaces, see tun.h */
	char *right;
	char *profile;	       /* path */
	uint32_t left_address; /* host order */
	uint32_t right_address;
};

struct options {
	struct options_pair pair[OPTIONS_MAX_PAIRS];
	size_t pair_count;
	char *log; /* path, or NULL */
	uint64_t seed;
	double duration_s; /* 0: until a signal */
	int mtu;
	bool has_gate;
	bool is_swapped;
	bool shows_help;
};

/* 0, or -EINVAL with the reason in error. */
int options_parse(struct options *out, int argc, char **argv, char error[OPTIONS_ERROR_BYTES]);
extern const char options_help[];

#endif
