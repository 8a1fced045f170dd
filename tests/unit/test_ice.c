/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>

#include <glib.h>

#include "media/base/heap.h"
#include "tests/support/ice_peer.h"

#define S ICE_PEER_SECOND_US

enum what {
	CHECK,	  /* from address arg, without USE-CANDIDATE */
	NOMINATE, /* from address arg */
	HEARD,
	WAIT,
};

struct step {
	int64_t at_us;
	enum what what;
	unsigned arg;
	enum ice_state state;
	int selected; /* address number, -1: none */
	int64_t deadline_us;
};

static void walk(const struct step *steps, size_t count)
{
	const struct path first = ice_peer_path(0);
	struct ice ice;

	ice_init(&ice, 0, &ice_peer_first);
	for (size_t i = 0; i < count; i++) {
		const struct step *step = &steps[i];

		if (step->what == CHECK || step->what == NOMINATE)
			(void)ice_peer_check(&ice, step->at_us, step->arg, &ice_peer_first,
					     step->what == NOMINATE);
		else if (step->what == HEARD)
			ice_heard(&ice, step->at_us, &first);
		else
			ice_timeout(&ice, step->at_us);
		g_test_message("step %zu: %s", i, ice_state_name(ice.state));
		g_assert_cmpstr(ice_state_name(ice.state), ==, ice_state_name(step->state));
		if (step->selected < 0)
			g_assert_null(ice_selected(&ice));
		else
			g_assert_true(ice_peer_is_selected(&ice, (unsigned)step->selected));
		g_assert_cmpint(ice_deadline_us(&ice), ==, step->deadline_us);
	}
}

static void states_follow_checks_and_time(void)
{
	static const struct step steps[] = {
		{0, WAIT, 0, ICE_WAITING, -1, 30 * S},
		{1 * S, HEARD, 0, ICE_WAITING, -1, 30 * S}, /* media before any check is nothing */
		{29 * S, CHECK, 0, ICE_CONNECTED, 0, 32 * S},
		{32 * S - 1, WAIT, 0, ICE_CONNECTED, 0, 32 * S},
		{32 * S, WAIT, 0, ICE_SILENT, 0, 44 * S},
		{40 * S, CHECK, 0, ICE_CONNECTED, 0, 43 * S}, /* checks again: a browser */
		{43 * S, HEARD, 0, ICE_CONNECTED, 0, 46 * S},
		{54 * S, HEARD, 0, ICE_CONNECTED, 0, 55 * S}, /* its media is no consent */
		{55 * S - 1, CHECK, 0, ICE_CONNECTED, 0, 58 * S - 1},
		{58 * S, WAIT, 0, ICE_SILENT, 0, 70 * S - 1},
		{70 * S - 1, WAIT, 0, ICE_EXPIRED, -1, DEADLINE_NEVER},
		{71 * S, NOMINATE, 0, ICE_EXPIRED, -1, DEADLINE_NEVER},
		{71 * S, HEARD, 0, ICE_EXPIRED, -1, DEADLINE_NEVER},
	};
	static const struct step never[] = {
		{30 * S - 1, WAIT, 0, ICE_WAITING, -1, 30 * S},
		{30 * S, CHECK, 0, ICE_EXPIRED, -1, DEADLINE_NEVER},
	};

	walk(steps, G_N_ELEMENTS(steps));
	walk(never, G_N_ELEMENTS(never));
}

static void the_latest_nomination_is_selected(void)
{
	static const struct step regular[] = {
		{0, CHECK, 0, ICE_CONNECTED, 0, 3 * S}, /* serves until a nomination */
		{0, CHECK, 1, ICE_CONNECTED, 0, 3 * S},
		{1 * S, NOMINATE, 1, ICE_CONNECTED, 1, 4 * S},
		{1 * S, CHECK, 0, ICE_CONNECTED, 1, 4 * S},
		{2 * S, CHECK, 2, ICE_CONNECTED, 1, 5 * S},
		{2 * S, NOMINATE, 2, ICE_CONNECTED, 2, 5 * S},
	};
	static const struct step aggressive[] = {
		{0, NOMINATE, 0, ICE_CONNECTED, 0, 3 * S},
		{0, NOMINATE, 1, ICE_CONNECTED, 1, 3 * S},
		{1 * S, NOMINATE, 0, ICE_CONNECTED, 0, 4 * S},
	};

	walk(regular, G_N_ELEMENTS(regular));
	walk(aggressive, G_N_ELEMENTS(aggressive));
}

static struct ice in_state(enum ice_state state)
{
	struct ice ice;

	ice_init(&ice, 0, &ice_peer_first);
	if (state == ICE_WAITING)
		return ice;
	g_assert_cmpint(ice_peer_check(&ice, 0, 0, &ice_peer_first, true), ==, 0);
	if (state == ICE_SILENT)
		ice_timeout(&ice, 3 * S);
	if (state == ICE_EXPIRED)
		ice_timeout(&ice, 15 * S);
	g_assert_cmpint(ice.state, ==, state);
	return ice;
}

static void every_event_in_every_state(void)
{
	enum {
		ON_CHECK,
		ON_BAD_CHECK,
		ON_HEARD,
		ON_3_S,
		ON_15_S,
		ON_30_S,
		ON_RESTART,
		EVENTS
	};
	/* All at the moment the state began: 0, 0, 3 s, 15 s. */
	static const int64_t began_us[] = {0, 0, 3 * S, 15 * S};
	static const enum ice_state expected[4][EVENTS] = {
		[ICE_WAITING] = {ICE_CONNECTED, ICE_WAITING, ICE_WAITING, ICE_WAITING, ICE_WAITING,
				 ICE_EXPIRED, ICE_WAITING},
		[ICE_CONNECTED] = {ICE_CONNECTED, ICE_CONNECTED, ICE_CONNECTED, ICE_SILENT,
				   ICE_EXPIRED, ICE_EXPIRED, ICE_CONNECTED},
		[ICE_SILENT] = {ICE_CONNECTED, ICE_SILENT, ICE_CONNECTED, ICE_SILENT, ICE_EXPIRED,
				ICE_EXPIRED, ICE_SILENT},
		[ICE_EXPIRED] = {ICE_EXPIRED, ICE_EXPIRED, ICE_EXPIRED, ICE_EXPIRED, ICE_EXPIRED,
				 ICE_EXPIRED, ICE_WAITING},
	};
	static const struct ice_credentials bad = {"aaaa", "somethingElseAltogether_"};

	for (int state = 0; state < 4; state++) {
		for (int event = 0; event < EVENTS; event++) {
			struct ice ice = in_state((enum ice_state)state);
			int64_t now_us = began_us[state];

			if (event == ON_CHECK || event == ON_BAD_CHECK)
				(void)ice_peer_check(&ice, now_us, 0,
						     event == ON_CHECK ? &ice_peer_first : &bad,
						     true);
			else if (event == ON_HEARD)
				ice_heard(&ice, now_us, &ice.paths[0].path);
			else if (event == ON_RESTART)
				ice_restart(&ice, now_us, &ice_peer_second);
			else
				ice_timeout(&ice, event == ON_3_S    ? 3 * S
						  : event == ON_15_S ? 15 * S
								     : 30 * S);
			g_test_message("%s, event %d", ice_state_name((enum ice_state)state),
				       event);
			g_assert_cmpstr(ice_state_name(ice.state), ==,
					ice_state_name(expected[state][event]));
		}
	}
}

/* Checks on other paths do not keep the selected one's consent. */
static void consent_is_for_the_selected_path(void)
{
	static const struct step steps[] = {
		{0, NOMINATE, 0, ICE_CONNECTED, 0, 3 * S},
		{14 * S, CHECK, 1, ICE_CONNECTED, 0, 15 * S},
		{15 * S, WAIT, 0, ICE_EXPIRED, -1, DEADLINE_NEVER},
	};

	walk(steps, G_N_ELEMENTS(steps));
}

static void only_checked_paths_are_validated(void)
{
	struct ice ice;
	struct path path = ice_peer_path(2);

	ice_init(&ice, 0, &ice_peer_first);
	g_assert_false(ice_is_validated(&ice, &path));
	g_assert_cmpint(ice_peer_check(&ice, 0, 2, &ice_peer_first, false), ==, 0);
	g_assert_true(ice_is_validated(&ice, &path));
	path.local++;
	g_assert_false(ice_is_validated(&ice, &path));
	path.local--;
	path.remote.port++;
	g_assert_false(ice_is_validated(&ice, &path));
	path.remote.port--;
	ice_timeout(&ice, 15 * S);
	g_assert_false(ice_is_validated(&ice, &path));
}

static void the_stalest_unselected_path_makes_room(void)
{
	struct ice ice;
	unsigned n;

	ice_init(&ice, 0, &ice_peer_first);
	g_assert_cmpint(ice_peer_check(&ice, 0, 0, &ice_peer_first, true), ==, 0);
	for (n = 1; n < 100; n++) {
		struct path path = ice_peer_path(n);
		struct path dropped = ice_peer_path(n - (LIMIT_ICE_PATHS - 1));

		g_assert_cmpint(ice_peer_check(&ice, n, n, &ice_peer_first, false), ==, 0);
		g_assert_true(ice_is_validated(&ice, &path));
		g_assert_true(ice_peer_is_selected(&ice, 0));
		if (n > LIMIT_ICE_PATHS - 1)
			g_assert_false(ice_is_validated(&ice, &dropped));
	}
}

static void a_role_conflict_validates_nothing(void)
{
	const struct stun_client_check check = {
		.to = &ice_peer_first, .from_ufrag = "peer", .is_controlled = true};
	struct ice ice;
	struct path path = ice_peer_path(0);
	StunAgent client;
	uint8_t buf[256];
	uint8_t reply[STUN_REPLY_BYTES];
	size_t reply_len = 0;

	ice_init(&ice, 0, &ice_peer_first);
	size_t len = stun_client_write(&client, buf, sizeof(buf), &check);
	g_assert_cmpint(ice_input(&ice, 0, &path, buf, len, reply, sizeof(reply), &reply_len), ==,
			0);
	g_assert_cmpuint(reply_len, >, 0);
	g_assert_cmpint(ice.state, ==, ICE_WAITING);
	g_assert_false(ice_is_validated(&ice, &path));
}

static void restart_takes_new_credentials_beside_the_old(void)
{
	struct ice ice;

	ice_init(&ice, 0, &ice_peer_first);
	g_assert_cmpint(ice_peer_check(&ice, 0, 0, &ice_peer_first, true), ==, 0);
	ice_restart(&ice, 1 * S, &ice_peer_second);
	/* The old ones hold for the path they proved, and open no other. */
	g_assert_cmpint(ice_peer_check(&ice, 1 * S, 0, &ice_peer_first, true), ==, 0);
	g_assert_cmpint(ice_peer_check(&ice, 1 * S, 1, &ice_peer_first, true), ==, -EPERM);
	/* The new ones prove a path, which serves only when nominated. */
	g_assert_cmpint(ice_peer_check(&ice, 1 * S, 1, &ice_peer_second, false), ==, 0);
	g_assert_true(ice_peer_is_selected(&ice, 0));
	g_assert_cmpint(ice_peer_check(&ice, 1 * S, 0, &ice_peer_first, false), ==, 0);
	g_assert_cmpint(ice_peer_check(&ice, 2 * S, 1, &ice_peer_second, true), ==, 0);
	g_assert_true(ice_peer_is_selected(&ice, 1));
	/* With that the old ones end. */
	g_assert_cmpint(ice_peer_check(&ice, 2 * S, 0, &ice_peer_first, true), ==, -EPERM);
	struct path old = ice_peer_path(0);
	g_assert_false(ice_is_validated(&ice, &old));
}

static void a_second_restart_keeps_the_serving_credentials(void)
{
	struct ice ice;

	ice_init(&ice, 0, &ice_peer_first);
	g_assert_cmpint(ice_peer_check(&ice, 0, 0, &ice_peer_first, true), ==, 0);
	ice_restart(&ice, 1 * S, &ice_peer_second);
	g_assert_cmpint(ice_peer_check(&ice, 1 * S, 1, &ice_peer_second, false), ==, 0);
	ice_restart(&ice, 2 * S, &ice_peer_third);
	struct path between = ice_peer_path(1);
	g_assert_false(ice_is_validated(&ice, &between));
	g_assert_cmpint(ice_peer_check(&ice, 2 * S, 1, &ice_peer_second, true), ==, -EPERM);
	g_assert_cmpint(ice_peer_check(&ice, 2 * S, 0, &ice_peer_first, false), ==, 0);
	g_assert_cmpint(ice_peer_check(&ice, 3 * S, 1, &ice_peer_third, true), ==, 0);
	g_assert_true(ice_peer_is_selected(&ice, 1));
}

static void restart_brings_an_expired_agent_back(void)
{
	struct ice ice;

	ice_init(&ice, 0, &ice_peer_first);
	g_assert_cmpint(ice_peer_check(&ice, 0, 0, &ice_peer_first, true), ==, 0);
	/* Expiry is noticed even if no timeout call came in between. */
	ice_restart(&ice, 20 * S, &ice_peer_second);
	g_assert_cmpint(ice.state, ==, ICE_WAITING);
	g_assert_null(ice_selected(&ice));
	g_assert_cmpint(ice_deadline_us(&ice), ==, 50 * S);
	g_assert_cmpint(ice_peer_check(&ice, 20 * S, 0, &ice_peer_first, true), ==, -EPERM);
	g_assert_cmpint(ice_peer_check(&ice, 20 * S, 0, &ice_peer_second, true), ==, 0);
	g_assert_true(ice_peer_is_selected(&ice, 0));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ice/states_follow_checks_and_time", states_follow_checks_and_time);
	g_test_add_func("/ice/every_event_in_every_state", every_event_in_every_state);
	g_test_add_func("/ice/the_latest_nomination_is_selected",
			the_latest_nomination_is_selected);
	g_test_add_func("/ice/consent_is_for_the_selected_path", consent_is_for_the_selected_path);
	g_test_add_func("/ice/only_checked_paths_are_validated", only_checked_paths_are_validated);
	g_test_add_func("/ice/the_stalest_unselected_path_makes_room",
			the_stalest_unselected_path_makes_room);
	g_test_add_func("/ice/a_role_conflict_validates_nothing",
			a_role_conflict_validates_nothing);
	g_test_add_func("/ice/restart_takes_new_credentials_beside_the_old",
			restart_takes_new_credentials_beside_the_old);
	g_test_add_func("/ice/a_second_restart_keeps_the_serving_credentials",
			a_second_restart_keeps_the_serving_credentials);
	g_test_add_func("/ice/restart_brings_an_expired_agent_back",
			restart_brings_an_expired_agent_back);
	return g_test_run();
}
