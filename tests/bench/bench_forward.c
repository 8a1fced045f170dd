/* SPDX-License-Identifier: EUPL-1.2 */
/* CPU per forwarded packet through the whole engine, without sockets: one publisher's video and
 * audio to one viewer and to fifty, beside what AEAD protection alone costs in the same run. Prints
 * nanoseconds per packet sent; judges nothing.
 *
 * Then the same in a call in virtual time, where timers run and viewers report: with transport-wide
 * feedback (the estimate, its pacing and budget at work) and without any. */
#include <glib.h>
#include <stdio.h>
#include <time.h>

#include "tests/sim/world.h"

#define SECOND	1000000
#define PACKETS 20000 /* forwarded per measurement, at least */
#define ROUNDS	5     /* the best of which counts: the machine is shared */

static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static struct client *add_viewer(struct world *world, uint32_t id, bool has_tcc)
{
	struct client_config config = {.id = id,
				       .engine_role = DTLS_SERVER,
				       .audio_slots = 1,
				       .video_slots = 1,
				       .has_rtx = true,
				       .has_tcc = has_tcc};
	struct client *client = world_add(world, &config, 5000);

	world_join(world, client);
	return client;
}

/* Takes what the publisher has put on the network: packets protected ahead of the measurement. */
static size_t collect(struct world *world, struct client *publisher, struct net_datagram **out,
		      size_t cap)
{
	struct net_datagram *datagram;
	int64_t now_us = world->now_us;
	size_t count = 0;

	while (count + 32 < cap) {
		now_us += 10000;
		client_source_timeout(publisher, now_us, &publisher->source[0]);
		client_source_timeout(publisher, now_us, &publisher->source[1]);
		while ((datagram = net_take(&world->net, INT64_MAX))) {
			if (datagram->to_engine && path_equal(&datagram->path, &publisher->path))
				out[count++] = datagram;
			else
				g_free(datagram);
		}
	}
	return count;
}

/* The engine's part alone: in, fan out, protect, and the outputs thrown away. Each comes at its
 * time, so that the pacer is open. */
static double forward_all(struct world *world, struct net_datagram **in, size_t count)
{
	struct engine_stats before = world_stats(world);
	struct engine_stats after;
	double start = cpu_ns();

	for (size_t i = 0; i < count; i++) {
		struct pkt *pkt = pkt_get(engine_pool(world->engine));

		g_assert_nonnull(pkt);
		memcpy(pkt->data, in[i]->data, in[i]->len);
		pkt->len = (uint16_t)in[i]->len;
		pkt->path = in[i]->path;
		world->now_us = in[i]->due_us;
		pkt->arrival_us = world->now_us;
		engine_input(world->engine, world->now_us, pkt);
		while ((pkt = engine_output(world->engine)))
			pkt_unref(pkt);
	}
	start = cpu_ns() - start;
	after = world_stats(world);
	g_assert_cmpuint(after.rtp_forwarded - before.rtp_forwarded, >=, count);
	return start / (double)(after.rtp_forwarded - before.rtp_forwarded);
}

static double measure_forward(uint32_t viewers)
{
	size_t cap = PACKETS / viewers > 256 ? PACKETS / viewers : 256;
	struct net_datagram **in = g_new(struct net_datagram *, cap);
	struct client *publisher;
	struct world world;
	double best = 1e12;

	world_init(&world, &(struct world_config){.seed = 1,
						  .max_pkts = 65536,
						  .max_transports = 64,
						  .video_max_encoding = -1});
	publisher = world_add(&world, &(struct client_config){.id = 1, .has_rtx = true}, 5000);
	client_add_source(publisher, MEDIA_AUDIO, 10, 1);
	client_add_source(publisher, MEDIA_VIDEO, 11, 1);
	world_join(&world, publisher);
	for (uint32_t i = 0; i < viewers; i++)
		add_viewer(&world, 2 + i, false);
	world_run(&world, 3 * SECOND);
	for (size_t round = 0; round < ROUNDS; round++) {
		size_t count = collect(&world, publisher, in, cap);
		double cost = forward_all(&world, in, count);

		best = cost < best ? cost : best;
		for (size_t i = 0; i < count; i++)
			g_free(in[i]);
	}
	g_free(in);
	world_close(&world);
	return best;
}

/* --- in a call ------------------------------------------------------------------------------- */

static uint64_t looks;

static uint64_t look(void)
{
	looks++;
	return (uint64_t)cpu_ns();
}

/* What looking at the clock twice adds to what is between. */
static double look_ns(void)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < PACKETS; i++) {
		uint64_t before = look();

		sum += look() - before;
	}
	return (double)sum / PACKETS;
}

/* The engine's own time per packet forwarded in that long a call, reports and timers included. */
static double measure_seconds(struct world *world, int64_t us, double overhead_ns)
{
	struct engine_stats before = world_stats(world);
	struct engine_stats after;

	world->media_allocs = 0;
	looks = 0;
	world->alloc_count = look;
	world_run(world, us);
	world->alloc_count = NULL;
	after = world_stats(world);
	return ((double)world->media_allocs - (double)looks / 2 * overhead_ns) /
	       (double)(after.rtp_forwarded - before.rtp_forwarded);
}

static double measure_call(uint32_t viewers, bool has_tcc)
{
	struct client *publisher;
	struct world world;
	double overhead_ns = look_ns();
	double best = 1e12;

	world_init(&world, &(struct world_config){.seed = 1,
						  .max_pkts = 65536,
						  .max_transports = 64,
						  .video_max_encoding = -1});
	publisher = world_add(
		&world, &(struct client_config){.id = 1, .has_rtx = true, .has_tcc = true}, 5000);
	client_add_source(publisher, MEDIA_AUDIO, 10, 1);
	client_add_source(publisher, MEDIA_VIDEO, 11, 1);
	world_join(&world, publisher);
	for (uint32_t i = 0; i < viewers; i++)
		add_viewer(&world, 2 + i, has_tcc);
	world_run(&world, 5 * SECOND);
	for (size_t round = 0; round < ROUNDS; round++) {
		double cost = measure_seconds(&world, viewers > 1 ? 4 * SECOND : 40 * SECOND,
					      overhead_ns);

		best = cost < best ? cost : best;
	}
	world_close(&world);
	return best;
}

/* --- protection alone ------------------------------------------------------------------------ */

/* As the viewers' copies: two packets of 950 bytes to one of 110. */
static double measure_protect(void)
{
	struct srtp_keys keys = {.profile = SRTP_LINK_AEAD_AES_128_GCM};
	static uint8_t packet[1536];
	struct srtp_link *link;
	double best = 1e12;

	g_assert_cmpint(srtp_link_new(&link, &keys), ==, 0);
	for (unsigned round = 0; round < ROUNDS; round++) {
		double start = cpu_ns();

		for (unsigned i = 0; i < PACKETS; i++) {
			size_t len = i % 3 ? 950 : 110;
			struct wr w = wr_init(packet, sizeof(packet));

			rtp_write(&w,
				  &(struct rtp_header){.pt = 96, .seq = (uint16_t)i, .ssrc = round},
				  &(struct rtp_exts){0}, &(struct rtp_ext_map){0});
			g_assert_cmpint(srtp_link_protect(link, packet, &len, sizeof(packet)), ==,
					0);
		}
		start = (cpu_ns() - start) / PACKETS;
		best = start < best ? start : best;
	}
	srtp_link_free(link);
	return best;
}

int main(void)
{
	double one = measure_forward(1);
	double fifty = measure_forward(50);
	double protect = measure_protect();
	double call[2][2] = {
		{measure_call(1, false), measure_call(1, true)},
		{measure_call(50, false), measure_call(50, true)},
	};

	printf("forward 1 -> 1   %6.0f ns per packet\n", one);
	printf("forward 1 -> 50  %6.0f ns per packet\n", fifty);
	printf("AEAD alone       %6.0f ns per packet (protect, writing a header included)\n",
	       protect);
	printf("in a call 1 -> 1   %6.0f ns without feedback, %6.0f ns with it\n", call[0][0],
	       call[0][1]);
	printf("in a call 1 -> 50  %6.0f ns without feedback, %6.0f ns with it\n", call[1][0],
	       call[1][1]);
	return 0;
}
