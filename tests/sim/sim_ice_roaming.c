/* SPDX-License-Identifier: EUPL-1.2 */
/* A phone leaves its wireless network for the mobile one in mid-call, and a peer that just goes. */
#include <errno.h>

#include <glib.h>

#include "tests/support/ice_peer.h"

#define S ICE_PEER_SECOND_US

static void a_check_from_a_new_address_moves_the_call(void)
{
	struct ice ice;
	int64_t now_us = 0;
	int64_t moved_us = 0;

	ice_init(&ice, 0, &ice_peer_first);
	for (int64_t t = 0; t < 60 * S; t += 100000) {
		/* The old address dies at 30 s; the new one checks at 30.7 s, nominated at once. */
		bool is_new = t >= 30700000;

		ice_peer_run(&ice, &now_us, t);
		if (t % (2 * S) == 0 && t < 30 * S)
			g_assert_cmpint(ice_peer_check(&ice, t, 0, &ice_peer_first, true), ==, 0);
		if (is_new && (t - 30700000) % (2 * S) == 0)
			g_assert_cmpint(ice_peer_check(&ice, t, 3, &ice_peer_first, true), ==, 0);
		if (moved_us == 0 && ice_peer_is_selected(&ice, 3))
			moved_us = t;
		g_assert_true(ice_peer_is_selected(&ice, is_new ? 3 : 0));
		g_assert_cmpint(ice.state, ==, ICE_CONNECTED);
	}
	g_assert_cmpint(moved_us, ==, 30700000);
}

static void consent_is_lost_15_s_after_the_last_check(void)
{
	const struct path path = ice_peer_path(0);
	struct ice ice;
	int64_t now_us = 0;
	int64_t silent_us = 0;
	int64_t expired_us = 0;

	ice_init(&ice, 0, &ice_peer_first);
	for (int64_t t = 0; t < 60 * S; t += 10000) {
		ice_peer_run(&ice, &now_us, t);
		if (t % S == 0 && t <= 30 * S)
			g_assert_cmpint(ice_peer_check(&ice, t, 0, &ice_peer_first, true), ==, 0);
		/* Its media goes on for 8 s more. */
		if (t <= 38 * S)
			ice_heard(&ice, t, &path);
		if (silent_us == 0 && ice.state == ICE_SILENT)
			silent_us = t;
		if (expired_us == 0 && ice.state == ICE_EXPIRED)
			expired_us = t;
		g_assert_true((ice_selected(&ice) != NULL) == (t < 45 * S));
	}
	g_assert_cmpint(silent_us, ==, 41 * S);
	g_assert_cmpint(expired_us, ==, 45 * S);
	/* Even with media flowing all the time, from a peer that checks only checks give consent.
	 */
	ice_init(&ice, 0, &ice_peer_first);
	now_us = 0;
	for (int64_t t = 0; t < 40 * S; t += 10000) {
		ice_peer_run(&ice, &now_us, t);
		if (t % (3 * S) == 0 && t <= 12 * S)
			g_assert_cmpint(ice_peer_check(&ice, t, 0, &ice_peer_first, true), ==, 0);
		ice_heard(&ice, t, &path);
		g_assert_cmpint(ice.state, ==, t < 27 * S ? ICE_CONNECTED : ICE_EXPIRED);
	}
}

/* As GStreamer 1.22 does: a few checks, then indications, which we do not answer. */
static void media_is_consent_from_a_peer_that_never_checks_again(void)
{
	const struct path path = ice_peer_path(0);
	const struct path other = ice_peer_path(2);
	struct ice ice;
	int64_t now_us = 0;

	ice_init(&ice, 0, &ice_peer_first);
	for (int64_t t = 0; t < 120 * S; t += 20000) {
		ice_peer_run(&ice, &now_us, t);
		if (t % S == 0 && t < 4 * S)
			g_assert_cmpint(ice_peer_check(&ice, t, 0, &ice_peer_first, true), ==, 0);
		/* From 60 s on its packets come from an address that never passed a check. */
		if (t <= 60 * S)
			ice_heard(&ice, t, &path);
		else
			ice_heard(&ice, t, &other);
		g_assert_cmpint(ice.state, ==, t < 75 * S ? ICE_CONNECTED : ICE_EXPIRED);
	}
}

static void ten_thousand_bad_checks_change_nothing(void)
{
	static const struct ice_credentials bad = {"aaaa", "passwordOfSomebodyElse__"};
	struct ice ice;
	struct ice before;

	ice_init(&ice, 0, &ice_peer_first);
	g_assert_cmpint(ice_peer_check(&ice, 0, 0, &ice_peer_first, true), ==, 0);
	before = ice;
	for (int i = 0; i < 10000; i++) {
		/* From the selected address itself and from others, all claiming nomination. */
		g_assert_cmpint(ice_peer_check(&ice, i, (unsigned)i % 20, &bad, true), ==, -EPERM);
	}
	g_assert_cmpmem(&ice, sizeof(ice), &before, sizeof(before));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sim/ice_roaming/a_check_from_a_new_address_moves_the_call",
			a_check_from_a_new_address_moves_the_call);
	g_test_add_func("/sim/ice_roaming/consent_is_lost_15_s_after_the_last_check",
			consent_is_lost_15_s_after_the_last_check);
	g_test_add_func("/sim/ice_roaming/media_is_consent_from_a_peer_that_never_checks_again",
			media_is_consent_from_a_peer_that_never_checks_again);
	g_test_add_func("/sim/ice_roaming/ten_thousand_bad_checks_change_nothing",
			ten_thousand_bad_checks_change_nothing);
	return g_test_run();
}
