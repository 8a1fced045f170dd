/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/linkem/options.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 10.99.0.1 is the right end of every pair, 10.99.0.2 and on are the left ends. */
#define FIRST_ADDRESS 0x0a630001u
#define MIN_MTU	      576
#define MAX_MTU	      2000

const char options_help[] =
	"vidd-linkem: a link between network namespaces\n"
	"\n"
	"  vidd-linkem --profile FILE --left NETNS --right NETNS [options]\n"
	"  vidd-linkem --pair NETNS,NETNS[,FILE[,ADDRESS,ADDRESS]] ... [options]\n"
	"\n"
	"The left end is the client. A namespace is a name of ip-netns(8), a path such as\n"
	"/proc/PID/ns/net, or self.\n"
	"\n"
	"  --profile FILE       the link (loadtest/profiles/README.md); of every pair that names "
	"none\n"
	"  --left NETNS, --right NETNS, --left-addr ADDRESS, --right-addr ADDRESS\n"
	"                       one pair; 10.99.0.2 and 10.99.0.1 if not given\n"
	"  --pair ...           one of many, in a star: the left ends are 10.99.0.2, 10.99.0.3, "
	"...\n"
	"  --swap               down becomes up\n"
	"  --mtu BYTES          of the devices, 1500\n"
	"  --seed N             of loss and jitter, 1\n"
	"  --gate               t = 0 is a byte on standard input or SIGUSR1, not the beginning;\n"
	"                       until then the link is as at t = 0, without outages\n"
	"  --duration S         end S seconds after t = 0; else at SIGTERM or SIGINT\n"
	"  --log FILE           every packet, for vidd-linklog\n"
	"  --help\n"
	"\n"
	"Prints \"ready\" when the devices are up, and at the end a summary in JSON. It says\n"
	"\"void\": true when a packet in a thousand left over 2 ms late: the machine was too "
	"busy.\n";

enum option_id {
	OPTION_PROFILE = 1,
	OPTION_LEFT,
	OPTION_RIGHT,
	OPTION_LEFT_ADDR,
	OPTION_RIGHT_ADDR,
	OPTION_PAIR,
	OPTION_SWAP,
	OPTION_MTU,
	OPTION_SEED,
	OPTION_GATE,
	OPTION_DURATION,
	OPTION_LOG,
	OPTION_HELP,
};

static const struct option known[] = {
	{"profile", required_argument, NULL, OPTION_PROFILE},
	{"left", required_argument, NULL, OPTION_LEFT},
	{"right", required_argument, NULL, OPTION_RIGHT},
	{"left-addr", required_argument, NULL, OPTION_LEFT_ADDR},
	{"right-addr", required_argument, NULL, OPTION_RIGHT_ADDR},
	{"pair", required_argument, NULL, OPTION_PAIR},
	{"swap", no_argument, NULL, OPTION_SWAP},
	{"mtu", required_argument, NULL, OPTION_MTU},
	{"seed", required_argument, NULL, OPTION_SEED},
	{"gate", no_argument, NULL, OPTION_GATE},
	{"duration", required_argument, NULL, OPTION_DURATION},
	{"log", required_argument, NULL, OPTION_LOG},
	{"help", no_argument, NULL, OPTION_HELP},
	{0},
};

/* What is being read, with what counts only when all has been. */
struct work {
	struct options *out;
	struct options_pair single; /* --left, --right */
	char *profile;
	char *error;
};

static int refuse(struct work *work, const char *what, const char *value)
{
	snprintf(work->error, OPTIONS_ERROR_BYTES, "%s%s%s", what, value ? ": " : "",
		 value ? value : "");
	return -EINVAL;
}

static int read_number(struct work *work, const char *text, double least, double most, double *out)
{
	char *end;

	errno = 0;
	*out = strtod(text, &end);
	if (end == text || *end || errno || !isfinite(*out) || *out < least || *out > most)
		return refuse(work, "not a number in range", text);
	return 0;
}

static int read_address(struct work *work, const char *text, uint32_t *out)
{
	struct in_addr address;

	if (inet_pton(AF_INET, text, &address) != 1)
		return refuse(work, "not an IPv4 address", text);
	*out = ntohl(address.s_addr);
	return 0;
}

static int add_pair(struct work *work, struct options_pair pair)
{
	struct options *out = work->out;

	if (out->pair_count == OPTIONS_MAX_PAIRS)
		return refuse(work, "more pairs than 64", NULL);
	if (!pair.right_address)
		pair.right_address = FIRST_ADDRESS;
	if (!pair.left_address)
		pair.left_address = FIRST_ADDRESS + 1 + (uint32_t)out->pair_count;
	out->pair[out->pair_count++] = pair;
	return 0;
}

/* LEFT,RIGHT[,PROFILE[,LEFT-ADDRESS,RIGHT-ADDRESS]] */
static int read_pair(struct work *work, char *text)
{
	char *field[5] = {NULL};
	struct options_pair pair = {0};
	size_t count = 0;

	for (char *rest = text; rest && count < 5;)
		field[count++] = strsep(&rest, ",");
	if (count < 2 || count == 4 || !*field[0] || !*field[1])
		return refuse(work, "not LEFT,RIGHT[,PROFILE[,ADDRESS,ADDRESS]]", text);
	pair.left = field[0];
	pair.right = field[1];
	pair.profile = field[2] && *field[2] ? field[2] : NULL;
	if (count == 5 && (read_address(work, field[3], &pair.left_address) < 0 ||
			   read_address(work, field[4], &pair.right_address) < 0))
		return -EINVAL;
	return add_pair(work, pair);
}

static int read_numeric(struct work *work, enum option_id id, const char *text)
{
	double number = 0;
	int rc;

	switch (id) {
	case OPTION_MTU:
		rc = read_number(work, text, MIN_MTU, MAX_MTU, &number);
		work->out->mtu = (int)number;
		return rc;
	case OPTION_SEED:
		rc = read_number(work, text, 0, 1e15, &number);
		work->out->seed = (uint64_t)number;
		return rc;
	default:
		return read_number(work, text, 0.001, 1e7, &work->out->duration_s);
	}
}

static int read_option(struct work *work, enum option_id id, char *value)
{
	switch (id) {
	case OPTION_PROFILE:
		work->profile = value;
		return 0;
	case OPTION_LEFT:
		work->single.left = value;
		return 0;
	case OPTION_RIGHT:
		work->single.right = value;
		return 0;
	case OPTION_LEFT_ADDR:
		return read_address(work, value, &work->single.left_address);
	case OPTION_RIGHT_ADDR:
		return read_address(work, value, &work->single.right_address);
	case OPTION_PAIR:
		return read_pair(work, value);
	case OPTION_SWAP:
		work->out->is_swapped = true;
		return 0;
	case OPTION_GATE:
		work->out->has_gate = true;
		return 0;
	case OPTION_LOG:
		work->out->log = value;
		return 0;
	case OPTION_HELP:
		work->out->shows_help = true;
		return 0;
	case OPTION_MTU:
	case OPTION_SEED:
	case OPTION_DURATION:
		return read_numeric(work, id, value);
	}
	return refuse(work, "unknown option (try --help)", NULL);
}

static int complete(struct work *work)
{
	struct options *out = work->out;

	if (work->single.left || work->single.right) {
		if (!work->single.left || !work->single.right)
			return refuse(work, "--left and --right go together", NULL);
		if (add_pair(work, work->single) < 0)
			return -EINVAL;
	}
	if (out->pair_count == 0)
		return refuse(work, "no pair of namespaces (try --help)", NULL);
	for (size_t i = 0; i < out->pair_count; i++) {
		if (!out->pair[i].profile)
			out->pair[i].profile = work->profile;
		if (!out->pair[i].profile)
			return refuse(work, "no --profile for", out->pair[i].left);
	}
	return 0;
}

int options_parse(struct options *out, int argc, char **argv, char error[OPTIONS_ERROR_BYTES])
{
	struct work work = {.out = out};
	int id;

	work.error = error;
	*out = (struct options){.seed = 1, .mtu = 1500};
	/* One thread, before any other: getopt's state is nobody else's. */
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): see above */
	while ((id = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (read_option(&work, (enum option_id)id, optarg) < 0)
			return -EINVAL;
	}
	if (out->shows_help)
		return 0;
	if (optind < argc)
		return refuse(&work, "unknown argument", argv[optind]);
	return complete(&work);
}
