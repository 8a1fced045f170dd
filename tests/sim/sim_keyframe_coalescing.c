/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Seven subscribers and one camera: whenever they ask for a keyframe together, the camera hears one
 * request, and a request or a keyframe that is lost is made good. The path to the camera loses
 * packets, and an encoder needs its time.
 */
#include <glib.h>
#include <stdlib.h>

#include "media/base/heap.h"
#include "media/base/rng.h"
#include "media/stream/keyframe.h"

#define MS	    1000
#define SECOND	    1000000LL
#define SUBSCRIBERS 7
#define DELAY_US    (50 * MS)
#define RTT_US	    (2 * DELAY_US)
#define ENCODE_US   (30 * MS)

struct camera {
	struct rng rng;
	uint32_t loss_permille;
	int64_t keyframe_at_us; /* arrives here then; 0: none under way */
	int requests_heard;
	int keyframes_made;
};

struct sim {
	struct camera camera;
	struct keyframe kf;
	bool needs[SUBSCRIBERS];
	int requests_sent;
	int64_t last_sent_us;
	int64_t least_apart_us;
};

static bool is_lost(struct camera *camera)
{
	return rng_below(&camera->rng, 1000) < camera->loss_permille;
}

static void send_request(struct sim *sim, int64_t now)
{
	if (sim->requests_sent++ > 0 && now - sim->last_sent_us < sim->least_apart_us)
		sim->least_apart_us = now - sim->last_sent_us;
	sim->last_sent_us = now;
	if (is_lost(&sim->camera))
		return;
	sim->camera.requests_heard++;
	if (sim->camera.keyframe_at_us != 0)
		return; /* one is being made */
	sim->camera.keyframes_made++;
	if (!is_lost(&sim->camera))
		sim->camera.keyframe_at_us = now + RTT_US + ENCODE_US;
}

/* A subscriber that waits says so every 20 ms: far more often than any browser. */
static void step(struct sim *sim, int64_t now)
{
	for (int i = 0; i < SUBSCRIBERS; i++) {
		if (sim->needs[i] && now % (20 * MS) == i * MS)
			keyframe_want(&sim->kf, now, KEYFRAME_URGENT);
	}
	if (sim->camera.keyframe_at_us != 0 && sim->camera.keyframe_at_us <= now) {
		sim->camera.keyframe_at_us = 0;
		keyframe_received(&sim->kf, now);
		for (int i = 0; i < SUBSCRIBERS; i++)
			sim->needs[i] = false;
	}
	if (keyframe_deadline_us(&sim->kf, RTT_US) <= now && keyframe_due(&sim->kf, now, RTT_US))
		send_request(sim, now);
}

static struct sim make(uint64_t seed, uint32_t loss_permille)
{
	struct sim sim = {.least_apart_us = INT64_MAX};

	sim.camera.rng = rng_seeded(seed);
	sim.camera.loss_permille = loss_permille;
	return sim;
}

static bool anyone_waits(const struct sim *sim)
{
	for (int i = 0; i < SUBSCRIBERS; i++) {
		if (sim->needs[i])
			return true;
	}
	return false;
}

static void everyone_at_once_is_one_request(void)
{
	struct sim sim = make(1, 0);
	int64_t now = 0;

	for (int i = 0; i < SUBSCRIBERS; i++)
		sim.needs[i] = true;
	for (; now < SECOND; now += MS)
		step(&sim, now);
	g_assert_false(anyone_waits(&sim));
	g_assert_cmpint(sim.requests_sent, ==, 1);
	g_assert_cmpint(sim.camera.keyframes_made, ==, 1);
	g_assert_cmpint(keyframe_deadline_us(&sim.kf, RTT_US), ==, DEADLINE_NEVER);
}

/* Ten minutes in which somebody or other loses the picture twice a second. */
static void a_restless_room_stays_bounded(void)
{
	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct sim sim = make(seed, 50);
		struct rng rng = rng_seeded(seed + 100);
		int64_t waiting_since = -1;
		int64_t longest = 0;
		int wishes = 0;
		for (int64_t now = 0; now < 600 * SECOND; now += MS) {
			if (rng_below(&rng, 500) == 0) {
				sim.needs[rng_below(&rng, SUBSCRIBERS)] = true;
				wishes++;
			}
			step(&sim, now);
			if (!anyone_waits(&sim))
				waiting_since = -1;
			else if (waiting_since < 0)
				waiting_since = now;
			else if (now - waiting_since > longest)
				longest = now - waiting_since;
		}
		g_test_message("seed %d: %d wishes, %d requests, %d keyframes, longest wait %d ms",
			       (int)seed, wishes, sim.requests_sent, sim.camera.keyframes_made,
			       (int)(longest / MS));
		g_assert_cmpint(wishes, >, 1000);
		g_assert_cmpint(sim.requests_sent, <, wishes);
		g_assert_cmpint(sim.camera.keyframes_made, <=, 600);
		g_assert_cmpint(sim.least_apart_us, >=, 300 * MS);
		/* A second after the last keyframe, and three losses in a row at the very most. */
		g_assert_cmpint(longest, <, 2500 * MS);
	}
}

static void a_dead_camera_is_asked_ten_times_per_wish(void)
{
	struct sim sim = make(1, 1000);

	keyframe_want(&sim.kf, 0, KEYFRAME_URGENT);
	for (int64_t now = 0; now < 60 * SECOND; now += MS)
		step(&sim, now);
	g_assert_cmpint(sim.requests_sent, ==, 10);
}

static void same_seed_same_run(void)
{
	struct sim a = make(9, 100);
	struct sim b = make(9, 100);

	for (int64_t now = 0; now < 60 * SECOND; now += MS) {
		a.needs[now / SECOND % SUBSCRIBERS] = true;
		b.needs[now / SECOND % SUBSCRIBERS] = true;
		step(&a, now);
		step(&b, now);
		g_assert_cmpint(a.requests_sent, ==, b.requests_sent);
		g_assert_cmpint(a.camera.keyframe_at_us, ==, b.camera.keyframe_at_us);
	}
	g_assert_cmpint(a.requests_sent, >, 50);
}

#define ADD(name) g_test_add_func("/keyframe_coalescing/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(everyone_at_once_is_one_request);
	ADD(a_restless_room_stays_bounded);
	ADD(a_dead_camera_is_asked_ten_times_per_wish);
	ADD(same_seed_same_run);
	return g_test_run();
}
