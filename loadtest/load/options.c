/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char load_options_help[] =
	"vidd-load: many people at once on a media server of one's own\n"
	"\n"
	"  vidd-load --profile FILE [--driver vidd] [--demo FILE | --url URL --api-key KEY] "
	"[options]\n"
	"\n"
	"  --profile FILE       what the people do: loadtest/load/profiles/*.json\n"
	"  --driver NAME        whose rooms: vidd (the default); whip, the same by WHIP and WHEP; "
	"or\n"
	"                       janus, Debian's VideoRoom, with --url ws://HOST:8188\n"
	"  --demo FILE          where `vidd --demo` wrote its address and API key;\n"
	"                       var/demo.json if not given\n"
	"  --url URL, --api-key KEY\n"
	"                       the same by hand\n"
	"  --server-pid PID     the server's process: its CPU time and memory are in the report\n"
	"  --rooms N, --people N, --seconds S, --warmup S\n"
	"                       in place of what the profile says; seconds of the window\n"
	"  --seed N             of arrivals, voices and cameras; 1\n"
	"  --turn US            the tester's pace; 500. It counts as no latency.\n"
	"  --gro                take runs of packets as one, as some network cards do: cheaper "
	"for\n"
	"                       a server that sends them so\n"
	"  --json FILE          everything that was measured; - is standard output\n"
	"  --html FILE          the same as a page with plots\n"
	"  --quiet              no progress\n"
	"  --i-own-this-server  send to addresses that are neither of this machine nor in a "
	"network\n"
	"                       namespace of one's own\n"
	"  --help\n"
	"\n"
	"Ends with 0, with 1 when the run failed, with 3 when it says nothing (\"void\"): most\n"
	"likely because the tester itself was short of time. Pin both to cores of their own\n"
	"(taskset) for figures that mean something. docs/loadtest.md has all of it.\n";

enum option_id {
	OPTION_PROFILE = 1,
	OPTION_DRIVER,
	OPTION_DEMO,
	OPTION_URL,
	OPTION_API_KEY,
	OPTION_SERVER_PID,
	OPTION_ROOMS,
	OPTION_PEOPLE,
	OPTION_SECONDS,
	OPTION_WARMUP,
	OPTION_SEED,
	OPTION_TURN,
	OPTION_GRO,
	OPTION_JSON,
	OPTION_HTML,
	OPTION_QUIET,
	OPTION_OWN,
	OPTION_HELP,
};

static const struct option known[] = {
	{"profile", required_argument, NULL, OPTION_PROFILE},
	{"driver", required_argument, NULL, OPTION_DRIVER},
	{"demo", required_argument, NULL, OPTION_DEMO},
	{"url", required_argument, NULL, OPTION_URL},
	{"api-key", required_argument, NULL, OPTION_API_KEY},
	{"server-pid", required_argument, NULL, OPTION_SERVER_PID},
	{"rooms", required_argument, NULL, OPTION_ROOMS},
	{"people", required_argument, NULL, OPTION_PEOPLE},
	{"seconds", required_argument, NULL, OPTION_SECONDS},
	{"warmup", required_argument, NULL, OPTION_WARMUP},
	{"seed", required_argument, NULL, OPTION_SEED},
	{"turn", required_argument, NULL, OPTION_TURN},
	{"gro", no_argument, NULL, OPTION_GRO},
	{"json", required_argument, NULL, OPTION_JSON},
	{"html", required_argument, NULL, OPTION_HTML},
	{"quiet", no_argument, NULL, OPTION_QUIET},
	{"i-own-this-server", no_argument, NULL, OPTION_OWN},
	{"help", no_argument, NULL, OPTION_HELP},
	{0},
};

static int refuse(char error[LOAD_OPTIONS_ERROR_BYTES], const char *what, const char *value)
{
	(void)snprintf(error, LOAD_OPTIONS_ERROR_BYTES, "%s%s%s", what, value ? ": " : "",
		       value ? value : "");
	return -EINVAL;
}

static int read_number(double *out, const char *text, double least, double most,
		       char error[LOAD_OPTIONS_ERROR_BYTES])
{
	char *end;

	errno = 0;
	*out = strtod(text, &end);
	if (end == text || *end || errno || !isfinite(*out) || *out < least || *out > most)
		return refuse(error, "not a number in range", text);
	return 0;
}

static int read_numeric(struct load_options *out, int id, char error[LOAD_OPTIONS_ERROR_BYTES])
{
	static const struct {
		int id;
		double least, most;
	} ranges[] = {
		{OPTION_SERVER_PID, 1, 4194304}, {OPTION_ROOMS, 1, 5000}, {OPTION_PEOPLE, 1, 1000},
		{OPTION_SECONDS, 0.1, 604800},	 {OPTION_SEED, 0, 1e15},  {OPTION_WARMUP, 0, 3600},
		{OPTION_TURN, 50, 100000},
	};
	double value = 0;
	int result = -EINVAL;

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (ranges[i].id == id)
			result =
				read_number(&value, optarg, ranges[i].least, ranges[i].most, error);
	if (result != 0)
		return result;
	if (id == OPTION_SERVER_PID)
		out->server_pid = (pid_t)value;
	else if (id == OPTION_ROOMS)
		out->rooms = (int64_t)value;
	else if (id == OPTION_PEOPLE)
		out->people = (int64_t)value;
	else if (id == OPTION_SECONDS)
		out->window_s = value;
	else if (id == OPTION_WARMUP)
		out->warmup_s = value;
	else if (id == OPTION_SEED)
		out->seed = (uint64_t)value;
	else
		out->turn_us = (int64_t)value;
	return 0;
}

static int read_option(struct load_options *out, int id, char error[LOAD_OPTIONS_ERROR_BYTES])
{
	switch (id) {
	case OPTION_PROFILE:
		out->profile = optarg;
		return 0;
	case OPTION_DRIVER:
		out->driver = optarg;
		return 0;
	case OPTION_DEMO:
		out->demo = optarg;
		return 0;
	case OPTION_URL:
		out->url = optarg;
		return 0;
	case OPTION_API_KEY:
		out->api_key = optarg;
		return 0;
	case OPTION_JSON:
		out->json = optarg;
		return 0;
	case OPTION_HTML:
		out->html = optarg;
		return 0;
	case OPTION_GRO:
		out->is_gathering = true;
		return 0;
	case OPTION_QUIET:
		out->is_quiet = true;
		return 0;
	case OPTION_OWN:
		out->is_anywhere_ok = true;
		return 0;
	case OPTION_HELP:
		out->shows_help = true;
		return 0;
	case '?':
		error[0] = '\0'; /* getopt has told */
		return -EINVAL;
	default:
		return read_numeric(out, id, error);
	}
}

int load_options_parse(struct load_options *out, int argc, char **argv,
		       char error[LOAD_OPTIONS_ERROR_BYTES])
{
	struct load_options options = {.driver = "vidd",
				       .demo = "var/demo.json",
				       .seed = 1,
				       .turn_us = 500,
				       .warmup_s = -1};
	int id, result = 0;

	optind = 1;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): before any thread */
	while (result == 0 && (id = getopt_long(argc, argv, "", known, NULL)) != -1)
		result = read_option(&options, id, error);
	if (result == 0 && optind < argc)
		result = refuse(error, "not an option", argv[optind]);
	if (result == 0 && !options.profile && !options.shows_help)
		result = refuse(error, "--profile FILE is missing; --help tells more", NULL);
	if (result == 0)
		*out = options;
	return result;
}
