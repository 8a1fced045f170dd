/* SPDX-License-Identifier: EUPL-1.2 */
/* vidd-floor: see help below. */
#include <getopt.h>
#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loadtest/floor/floor.h"
#include "media/wire/srtp.h"

static const char help[] =
	"vidd-floor: what forwarding a packet must cost on this machine\n"
	"\n"
	"  vidd-floor [--bytes N] [--viewers N] [--frame N] [--rounds N] [--packets N]\n"
	"             [--reader-cpu N] [--json FILE]\n"
	"\n"
	"Measures, with no routing at all, each step that a forwarder takes: out of the socket,\n"
	"decrypt, copy, encrypt, into the socket, one by one and in runs of a frame's packets\n"
	"(UDP_SEGMENT), to viewers whose sockets take runs apart or whole (UDP_GRO). Prints\n"
	"nanoseconds of CPU per packet: the median of the rounds, which go through all steps in\n"
	"turn. On loopback the sender pays for the delivery, too.\n"
	"\n"
	"  --bytes N       of a datagram; 1200\n"
	"  --viewers N     a socket each; 50\n"
	"  --frame N       packets of a frame; 5\n"
	"  --rounds N      9\n"
	"  --packets N     of each step in a round; 20000\n"
	"  --reader-cpu N  where the viewers' thread runs; pin the program itself with taskset\n"
	"  --json FILE     the same as JSON; - is standard output\n";

enum step {
	STEP_RECEIVE,
	STEP_RECEIVE_RUNS,
	STEP_UNPROTECT,
	STEP_COPY,
	STEP_PROTECT,
	STEP_SENDTO,
	STEP_SENDMMSG,
	STEP_SEGMENTS,
	STEP_SEGMENTS_WHOLE,
	STEP_COUNT,
};

static const struct {
	const char *key, *words;
} steps[STEP_COUNT] = {
	{"receive", "out of the socket, recvmmsg"},
	{"receive_gro", "the same in runs, UDP_GRO"},
	{"unprotect", "decrypt, AEAD_AES_128_GCM"},
	{"copy", "copy"},
	{"protect", "encrypt"},
	{"sendto", "into the socket, a call each"},
	{"sendmmsg", "32 a call"},
	{"gso", "runs of a frame, UDP_SEGMENT"},
	{"gso_gro", "the same, viewers take them whole"},
};

struct options {
	long bytes, viewers, frame, rounds, packets, reader_cpu;
	const char *json;
};

static double measure(const struct options *o, enum step step)
{
	struct floor_send send = {
		.viewers = (size_t)o->viewers,
		.frame = (size_t)o->frame,
		.bytes = (size_t)o->bytes,
		.packets = (size_t)o->packets,
		.is_gathering = step == STEP_SEGMENTS_WHOLE,
		.reader_cpu = (int)o->reader_cpu,
	};

	switch (step) {
	case STEP_RECEIVE:
	case STEP_RECEIVE_RUNS:
		return floor_receive(send.bytes, send.packets, step == STEP_RECEIVE_RUNS).ns;
	case STEP_UNPROTECT:
		return floor_unprotect(send.bytes, send.packets).ns;
	case STEP_COPY:
		return floor_copy(send.bytes, send.packets).ns;
	case STEP_PROTECT:
		return floor_protect(send.bytes, send.packets).ns;
	default:
		send.way = step == STEP_SENDTO	   ? FLOOR_SENDTO
			   : step == STEP_SENDMMSG ? FLOOR_SENDMMSG
						   : FLOOR_SEGMENTS;
		return floor_send(&send).ns;
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* What one packet out costs with so many viewers of each that comes in. */
static double forward(const double cost[STEP_COUNT], double viewers, bool has_segments)
{
	return (cost[STEP_RECEIVE] + cost[STEP_UNPROTECT]) / viewers + cost[STEP_COPY] +
	       cost[STEP_PROTECT] + cost[has_segments ? STEP_SEGMENTS : STEP_SENDMMSG];
}

static const int fans[] = {1, 10, 50};

static json_t *as_json(const struct options *o, const double cost[STEP_COUNT])
{
	json_t *each = json_object(), *whole = json_object();

	for (size_t i = 0; i < STEP_COUNT; i++)
		json_object_set_new(each, steps[i].key, json_integer((json_int_t)(cost[i] + 0.5)));
	for (size_t i = 0; i < G_N_ELEMENTS(fans); i++) {
		char key[32];

		(void)snprintf(key, sizeof(key), "one_to_%d", fans[i]);
		json_object_set_new(whole, key,
				    json_pack("{s:I, s:I}", "sendmmsg",
					      (json_int_t)forward(cost, fans[i], false), "gso",
					      (json_int_t)forward(cost, fans[i], true)));
	}
	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:o, s:o}", "tool", "vidd-floor " VIDD_VERSION,
			 "bytes", (json_int_t)o->bytes, "viewers", (json_int_t)o->viewers, "frame",
			 (json_int_t)o->frame, "rounds", (json_int_t)o->rounds, "ns", each,
			 "forward_ns", whole);
}

static void print(const double cost[STEP_COUNT])
{
	for (size_t i = 0; i < STEP_COUNT; i++)
		printf("%6.0f ns  %s\n", cost[i], steps[i].words);
	for (size_t i = 0; i < G_N_ELEMENTS(fans); i++)
		printf("%6.0f ns  a packet forwarded, one to %d; %.0f with UDP_SEGMENT\n",
		       forward(cost, fans[i], false), fans[i], forward(cost, fans[i], true));
}

static int run(const struct options *o)
{
	double *values = g_new(double, (gsize)o->rounds *STEP_COUNT);
	double cost[STEP_COUNT];
	json_t *root;
	int result = 0;

	for (long r = 0; r < o->rounds; r++)
		for (size_t s = 0; s < STEP_COUNT; s++)
			values[(gsize)o->rounds * s + (gsize)r] = measure(o, (enum step)s);
	for (size_t s = 0; s < STEP_COUNT; s++) {
		double *of = values + (gsize)o->rounds * s;

		qsort(of, (size_t)o->rounds, sizeof(*of), by_value);
		cost[s] = of[o->rounds / 2];
	}
	g_free(values);
	root = as_json(o, cost);
	if (!o->json || strcmp(o->json, "-") != 0)
		print(cost);
	if (o->json)
		result = strcmp(o->json, "-") == 0 ? json_dumpf(root, stdout, JSON_INDENT(1))
						   : json_dump_file(root, o->json, JSON_INDENT(1));
	json_decref(root);
	return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* --- the command line ------------------------------------------------------------------------- */

static const struct option known[] = {
	{"bytes", required_argument, NULL, 'b'},
	{"viewers", required_argument, NULL, 'v'},
	{"frame", required_argument, NULL, 'f'},
	{"rounds", required_argument, NULL, 'r'},
	{"packets", required_argument, NULL, 'p'},
	{"reader-cpu", required_argument, NULL, 'c'},
	{"json", required_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static const struct {
	int id;
	size_t at;
	long least, most;
} numbers[] = {
	{'b', offsetof(struct options, bytes), 60, 1472},
	{'v', offsetof(struct options, viewers), 1, FLOOR_MAX_VIEWERS},
	{'f', offsetof(struct options, frame), 1, 32},
	{'r', offsetof(struct options, rounds), 1, 1000},
	{'p', offsetof(struct options, packets), 100, 10000000},
	{'c', offsetof(struct options, reader_cpu), 0, 1023},
};

static bool read_number(struct options *o, int id)
{
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		char *end;
		long value;

		if (numbers[i].id != id)
			continue;
		value = strtol(optarg, &end, 10);
		if (*optarg == '\0' || *end != '\0' || value < numbers[i].least ||
		    value > numbers[i].most) {
			(void)fprintf(stderr, "vidd-floor: not a number from %ld to %ld: %s\n",
				      numbers[i].least, numbers[i].most, optarg);
			return false;
		}
		*(long *)(void *)((char *)o + numbers[i].at) = value;
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	struct options o = {.bytes = 1200,
			    .viewers = 50,
			    .frame = 5,
			    .rounds = 9,
			    .packets = 20000,
			    .reader_cpu = -1};
	int id;

	/* NOLINTNEXTLINE(concurrency-mt-unsafe): before any thread */
	while ((id = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (id == 'h') {
			(void)fputs(help, stdout);
			return EXIT_SUCCESS;
		}
		if (id == 'j')
			o.json = optarg;
		else if (!read_number(&o, id))
			return 2;
	}
	if (optind < argc) {
		(void)fprintf(stderr, "vidd-floor: not an option: %s\n", argv[optind]);
		return 2;
	}
	g_assert_cmpint(srtp_link_library_init(), ==, 0);
	return run(&o);
}
