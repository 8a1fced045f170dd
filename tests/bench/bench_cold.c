/* SPDX-License-Identifier: EUPL-1.2 */
/* CPU per forwarded packet when calls take turns, as on a server: with many, each packet finds the
 * memory of its call out of the caches. Prints nanoseconds per packet sent; judges nothing. What is
 * fetched for a packet is repeatable under
 *
 *   valgrind --tool=callgrind --cache-sim=yes --LL=1048576,16,64 --collect-atstart=no \
 *            --toggle-collect=forward_in_turn build/tests/bench/bench_cold 100
 *
 * One argument: measure that many calls alone. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/sim/world.h"

#define SECOND	1000000
#define PACKETS 200 /* of each call */
#define ROUNDS	5   /* the best of which counts: the machine is shared */

/* A call of one who sends and one who watches, and what the first has sent. */
struct call {
	struct world world;
	struct net_datagram *in[PACKETS + 32]; /* one source may give that much at once */
};

static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void collect(struct call *call)
{
	struct client *publisher = call->world.client[0];
	struct net_datagram *datagram;
	int64_t now_us = call->world.now_us;
	size_t count = 0;

	while (count < PACKETS) {
		now_us += 10000;
		client_source_timeout(publisher, now_us, &publisher->source[0]);
		client_source_timeout(publisher, now_us, &publisher->source[1]);
		while ((datagram = net_take(&call->world.net, INT64_MAX))) {
			bool is_media = datagram->to_engine &&
					path_equal(&datagram->path, &publisher->path);

			if (is_media && count < G_N_ELEMENTS(call->in))
				call->in[count++] = datagram;
			else
				g_free(datagram);
		}
	}
}

static void begin(struct call *call, uint64_t seed)
{
	struct client *publisher, *viewer;

	world_init(&call->world, &(struct world_config){.seed = seed, .video_max_encoding = -1});
	publisher =
		world_add(&call->world, &(struct client_config){.id = 1, .has_rtx = true}, 5000);
	client_add_source(publisher, MEDIA_AUDIO, 10, 1);
	client_add_source(publisher, MEDIA_VIDEO, 11, 1);
	world_join(&call->world, publisher);
	viewer = world_add(&call->world,
			   &(struct client_config){.id = 2,
						   .engine_role = DTLS_SERVER,
						   .audio_slots = 1,
						   .video_slots = 1,
						   .has_rtx = true},
			   5000);
	world_join(&call->world, viewer);
	world_run(&call->world, 3 * SECOND);
}

/* The engine's part alone: in, fan out, protect, and the outputs thrown away. */
static void forward(struct world *world, const struct net_datagram *in)
{
	struct pkt *pkt = pkt_get(engine_pool(world->engine));

	g_assert_nonnull(pkt);
	memcpy(pkt->data, in->data, in->len);
	pkt->len = (uint16_t)in->len;
	pkt->path = in->path;
	pkt->arrival_us = in->due_us;
	world->now_us = in->due_us;
	if (engine_deadline_us(world->engine) <= in->due_us)
		engine_timeout(world->engine, in->due_us);
	engine_input(world->engine, in->due_us, pkt);
	while ((pkt = engine_output(world->engine)))
		pkt_unref(pkt);
}

/* By its name callgrind knows what to count. */
__attribute__((noinline)) static void forward_in_turn(struct call *calls, size_t count)
{
	for (size_t packet = 0; packet < PACKETS; packet++)
		for (size_t i = 0; i < count; i++)
			forward(&calls[i].world, calls[i].in[packet]);
}

static uint64_t forwarded(const struct call *calls, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += world_stats((struct world *)&calls[i].world).rtp_forwarded;
	return sum;
}

static double measure(size_t count)
{
	struct call *calls = g_new0(struct call, count);
	double best = 1e12;

	for (size_t i = 0; i < count; i++)
		begin(&calls[i], i + 1);
	for (size_t round = 0; round < ROUNDS; round++) {
		uint64_t before = forwarded(calls, count);
		double start;

		for (size_t i = 0; i < count; i++)
			collect(&calls[i]);
		start = cpu_ns();
		forward_in_turn(calls, count);
		start = (cpu_ns() - start) / (double)(forwarded(calls, count) - before);
		best = start < best ? start : best;
		for (size_t i = 0; i < count; i++)
			for (size_t k = 0; k < G_N_ELEMENTS(calls[i].in); k++)
				g_clear_pointer(&calls[i].in[k], g_free);
	}
	for (size_t i = 0; i < count; i++)
		world_close(&calls[i].world);
	g_free(calls);
	return best;
}

int main(int argc, char **argv)
{
	static const size_t counts[] = {1, 10, 100, 400};
	int alone = argc > 1 ? atoi(argv[1]) : 0;

	if (argc > 2 || (argc == 2 && (alone < 1 || alone > 1000))) {
		(void)fprintf(stderr, "usage: bench_cold [CALLS, at most 1000]\n");
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < (alone ? 1 : G_N_ELEMENTS(counts)); i++) {
		size_t count = alone ? (size_t)alone : counts[i];

		printf("%4zu calls in turn %6.0f ns per packet\n", count, measure(count));
	}
	return EXIT_SUCCESS;
}
