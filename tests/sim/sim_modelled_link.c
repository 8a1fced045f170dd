/* SPDX-License-Identifier: EUPL-1.2 */
/* A client's access by the link model: datagrams come at its rate, headers counted, and a whole
 * call goes over it. */
#include <glib.h>

#include "tests/sim/world.h"

#define MS 1000

static const struct link_step kbit_100[] = {{0, 100000}};
static const struct link_config thin = {
	.rate = {.steps = kbit_100, .count = 1},
	.queue_ns = 400 * LINK_MS_NS,
	.delay_ns = 50 * LINK_MS_NS,
};

static struct link *link_of(const struct link_config *config)
{
	struct link *link = NULL;
	int rc = link_new(&link, config, 1);

	g_assert_cmpint(rc, ==, 0);
	return link;
}

static void datagrams_come_at_the_rate_of_the_model(void)
{
	static const uint8_t data[1222];
	struct link *model = link_of(&thin);
	struct net_link access = {.model = model, .delay_us = 1, .loss = 1};
	struct net_way way = {.link = &access};
	struct net net;

	net_init(&net, 1);
	for (int i = 0; i < 10; i++)
		net_send(&net, 0, &way, data, sizeof(data)); /* 1250 bytes of IP: 100 ms */
	g_assert_cmpuint(net.lost, ==, 5); /* those that would have waited more than 400 ms */
	for (int i = 1; i <= 5; i++) {
		struct net_datagram *datagram;

		g_assert_cmpint(net_deadline_us(&net), ==, (i * 100 + 50) * MS);
		datagram = net_take(&net, (i * 100 + 50) * MS);
		g_assert_nonnull(datagram);
		g_free(datagram);
	}
	g_assert_cmpint(net_deadline_us(&net), ==, INT64_MAX);
	access.is_cut = true;
	net_send(&net, 0, &way, data, sizeof(data));
	g_assert_cmpuint(net.lost, ==, 6);
	net_close(&net);
	link_free(model);
}

static void call_runs_over_modelled_links(void)
{
	static const struct link_step mbit_5[] = {{0, 5000000}};
	struct link_config wide = {.rate = {mbit_5, 1, 0}, .delay_ns = 30 * LINK_MS_NS};
	struct link *up = link_of(&wide);
	struct link *down = link_of(&wide);
	struct world world;

	world_init(&world, &(struct world_config){.seed = 1});
	struct client *patient = world_add_caller(&world, 1, 0);
	patient->up.model = up;
	patient->down.model = down;
	world_add_caller(&world, 2, 20 * MS);
	world_run(&world, 5000 * MS);
	g_assert_cmpuint(link_stats(up)->packets[LINK_DELIVERED], >, 200);
	g_assert_cmpuint(link_stats(down)->packets[LINK_DELIVERED], >, 200);
	g_assert_cmpuint(link_stats(down)->packets[LINK_DROP_QUEUE], ==, 0);
	g_assert_nonnull(world_event(&world, ENGINE_TRANSPORT_CONNECTED, 1));
	world_close(&world);
	link_free(up);
	link_free(down);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sim/modelled_link/datagrams_come_at_the_rate_of_the_model",
			datagrams_come_at_the_rate_of_the_model);
	g_test_add_func("/sim/modelled_link/call_runs_over_modelled_links",
			call_runs_over_modelled_links);
	return g_test_run();
}
