/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/rate/uplink_red.h"

#define SECOND 1000000
#define START  (100 * SECOND)
#define K      1000

static struct uplink_state state;
static struct uplink_red red;
static struct uplink_red_view view;
static int64_t now;

static void begin(uint32_t capacity_bps)
{
	state = (struct uplink_state){.capacity_bps = capacity_bps, .arrival_bps = 200 * K};
	red = (struct uplink_red){.is_on = false};
	view = (struct uplink_red_view){
		.uplink = &state, .rtt_us = 50000, .opus_bps = 32 * K, .packet_headers = 28};
	now = START;
}

/* What holds after so long, looked at each second. */
static bool look(unsigned seconds)
{
	bool is_on = red.is_on;

	for (unsigned i = 0; i < seconds; i++) {
		is_on = uplink_red_update(&red, now, &view);
		now += SECOND;
	}
	return is_on;
}

static void where_there_is_plenty_always(void)
{
	begin(1000 * K);
	g_assert_false(look(2));
	g_assert_true(look(2));
	g_assert_true(look(120));
	/* What arrives tells as well, while no limit was seen. */
	begin(0);
	state.arrival_bps = 400 * K;
	g_assert_true(look(4));
	begin(0);
	state.arrival_bps = 100 * K;
	g_assert_false(look(120));
	begin(300 * K);
	g_assert_false(look(120));
	/* Doubling less sound takes less. */
	view.opus_bps = 20 * K;
	g_assert_true(look(4));
}

static void losses_ask_for_it_and_long_peace_ends_it(void)
{
	begin(250 * K);
	state.loss_permille = 50;
	g_assert_true(look(4));
	state.loss_permille = 0;
	g_assert_true(look(25));
	g_assert_false(look(100));
	/* Seldom ones where a resend is as good as never. */
	state.loss_permille = 5;
	g_assert_false(look(60));
	view.rtt_us = 600000;
	g_assert_true(look(60));
}

static void no_room_no_red(void)
{
	/* 32 kbit/s doubled, with headers, is 93 kbit/s. */
	begin(110 * K);
	state.loss_permille = 100;
	g_assert_false(look(60));
	state.capacity_bps = 130 * K;
	g_assert_true(look(2));
	state.capacity_bps = 110 * K;
	g_assert_true(look(20));
	state.capacity_bps = 100 * K;
	g_assert_false(look(1));
}

static void a_queue_just_filled_is_the_caps_business(void)
{
	begin(250 * K);
	state.loss_permille = 300;
	state.queue_us = 400000;
	g_assert_false(look(2));
	state.queue_us = 0;
	state.loss_permille = 0;
	g_assert_false(look(10));
	/* One that stands is somebody else's. */
	state.loss_permille = 100;
	state.queue_us = 800000;
	g_assert_true(look(4));
	/* Known to be: at once. */
	begin(250 * K);
	state.loss_permille = 100;
	state.queue_us = 800000;
	state.is_foreign = true;
	g_assert_true(look(2));
}

static void where_sound_is_most_of_the_link_only_for_much_loss(void)
{
	begin(62 * K);
	state.ptime_ms = 60;
	view.opus_bps = 16 * K;
	state.loss_permille = 20;
	g_assert_false(look(120));
	state.loss_permille = 60;
	g_assert_true(look(30));
	/* Its own queue explains any. */
	begin(62 * K);
	state.ptime_ms = 60;
	view.opus_bps = 16 * K;
	state.loss_permille = 300;
	state.queue_us = 900000;
	state.is_foreign = true;
	g_assert_false(look(120));
	/* What was lost for want of the room that long packets give is forgotten with them. */
	begin(250 * K);
	state.loss_permille = 200;
	(void)look(1);
	state.ptime_ms = 60;
	state.loss_permille = 0;
	g_assert_cmpfloat(red.usual_loss, <=, 0.2);
	(void)look(1);
	g_assert_cmpfloat(red.usual_loss, ==, 0);
}

static void changes_are_ten_seconds_apart(void)
{
	int64_t changed_us = 0;
	bool was_on = false;
	int changes = 0;

	begin(250 * K);
	for (int i = 0; i < 600; i++) {
		bool is_on;

		state.capacity_bps = i % 3 ? 250 * K : 90 * K;
		state.loss_permille = i % 2 ? 200 : 0;
		is_on = look(1);
		if (is_on == was_on)
			continue;
		g_assert_true(changes == 0 || now - changed_us >= 10 * SECOND);
		changed_us = now;
		was_on = is_on;
		changes++;
	}
	g_assert_cmpint(changes, >=, 4);
}

#define ADD(name) g_test_add_func("/uplink_red/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(where_there_is_plenty_always);
	ADD(losses_ask_for_it_and_long_peace_ends_it);
	ADD(no_room_no_red);
	ADD(a_queue_just_filled_is_the_caps_business);
	ADD(where_sound_is_most_of_the_link_only_for_much_loss);
	ADD(changes_are_ten_seconds_apart);
	return g_test_run();
}
