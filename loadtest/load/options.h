/* SPDX-License-Identifier: EUPL-1.2 */
/* The command line of vidd-load. */
#ifndef VIDD_LOADTEST_LOAD_OPTIONS_H
#define VIDD_LOADTEST_LOAD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define LOAD_OPTIONS_ERROR_BYTES 256

struct load_options {
	const char *profile;
	const char *driver;
	const char *url;     /* NULL: of demo.json */
	const char *api_key; /* NULL: of demo.json */
	const char *demo;
	const char *json; /* NULL: none */
	const char *html; /* NULL: none */
	pid_t server_pid; /* 0: none */
	uint64_t seed;
	double window_s; /* 0: the profile's */
	double warmup_s; /* negative: the profile's */
	int64_t rooms;	 /* 0: the profile's */
	int64_t people;	 /* 0: the profile's */
	int64_t turn_us;
	bool is_gathering;
	bool is_quiet;
	bool is_anywhere_ok;
	bool shows_help;
};

extern const char load_options_help[];

/* Texts are borrowed from argv. 0, or -EINVAL with what is wrong ("" when getopt has told). */
int load_options_parse(struct load_options *out, int argc, char **argv,
		       char error[LOAD_OPTIONS_ERROR_BYTES]);

#endif
