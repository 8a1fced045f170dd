/* SPDX-License-Identifier: EUPL-1.2 */
/* A restart in mid-call: the old pair serves without a gap until the new one is nominated. */
#include <glib.h>

#include "tests/support/ice_peer.h"

#define S ICE_PEER_SECOND_US

/* The peer checks its selected pair each 2.66 s (Chromium), restarts at 20 s over a signalling path
 * of 400 ms, probes two new addresses and nominates one 3 s later. */
static void the_old_pair_serves_until_the_new_nomination(void)
{
	struct ice ice;
	int64_t now_us = 0;
	int64_t next_check_us = 0;

	ice_init(&ice, 0, &ice_peer_first);
	for (int64_t t = 0; t < 60 * S; t += 20000) {
		bool is_old = t < 23400000;

		ice_peer_run(&ice, &now_us, t);
		if (t == 20400000)
			ice_restart(&ice, t, &ice_peer_second);
		if (t == 20500000 || t == 21500000) {
			g_assert_cmpint(ice_peer_check(&ice, t, 1, &ice_peer_second, false), ==, 0);
			g_assert_cmpint(ice_peer_check(&ice, t, 2, &ice_peer_second, false), ==, 0);
		}
		if (t == 23400000) {
			g_assert_cmpint(ice_peer_check(&ice, t, 2, &ice_peer_second, true), ==, 0);
			next_check_us = t + 2660000;
		}
		if (t >= next_check_us) {
			g_assert_cmpint(ice_peer_check(&ice, t, is_old ? 0 : 2,
						       is_old ? &ice_peer_first : &ice_peer_second,
						       false),
					==, 0);
			next_check_us += 2660000;
		}
		g_assert_true(ice_peer_is_selected(&ice, is_old ? 0 : 2));
		g_assert_cmpint(ice.state, ==, ICE_CONNECTED);
	}
}

/* A restart that never comes to a nomination leaves the call as it was. */
static void an_abandoned_restart_harms_nothing(void)
{
	struct ice ice;
	int64_t now_us = 0;

	ice_init(&ice, 0, &ice_peer_first);
	for (int64_t t = 0; t < 200 * S; t += 2 * S) {
		ice_peer_run(&ice, &now_us, t);
		if (t == 20 * S)
			ice_restart(&ice, t, &ice_peer_second);
		g_assert_cmpint(ice_peer_check(&ice, t, 0, &ice_peer_first, true), ==, 0);
		g_assert_true(ice_peer_is_selected(&ice, 0));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sim/ice_restart/the_old_pair_serves_until_the_new_nomination",
			the_old_pair_serves_until_the_new_nomination);
	g_test_add_func("/sim/ice_restart/an_abandoned_restart_harms_nothing",
			an_abandoned_restart_harms_nothing);
	return g_test_run();
}
