/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/session.h"

#include <glib.h>

/* Every state with every event, as the header's table has it; SESSION_ACTION_COUNT: never given. */
/* NOLINTNEXTLINE(readability-function-size): a flat table */
static void every_state_meets_every_event(void)
{
	static const struct {
		enum session_state state;
		enum session_event event;
		enum session_action action;
		enum session_state next;
	} steps[] = {
		{SESSION_WAITING, SESSION_ON_JOIN, SESSION_FIND, SESSION_FINDING},
		{SESSION_WAITING, SESSION_ON_RESUME, SESSION_RESUME, SESSION_WAITING},
		{SESSION_WAITING, SESSION_ON_WATCH, SESSION_FIND_TICKET, SESSION_FINDING},
		{SESSION_WAITING, SESSION_ON_OFFER, SESSION_NOT_JOINED, SESSION_WAITING},
		{SESSION_WAITING, SESSION_ON_MUTE, SESSION_NOT_JOINED, SESSION_WAITING},
		{SESSION_WAITING, SESSION_ON_SET_MODE, SESSION_NOT_JOINED, SESSION_WAITING},
		{SESSION_WAITING, SESSION_ON_VISIT, SESSION_NOT_JOINED, SESSION_WAITING},
		{SESSION_WAITING, SESSION_ON_PING, SESSION_PONG, SESSION_WAITING},
		{SESSION_WAITING, SESSION_ON_LEAVE, SESSION_END, SESSION_CLOSED},
		{SESSION_WAITING, SESSION_ON_SEATED, SESSION_IGNORE, SESSION_JOINED},
		{SESSION_WAITING, SESSION_ON_WATCHING, SESSION_ACTION_COUNT, SESSION_WAITING},
		{SESSION_WAITING, SESSION_ON_CLOSED, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_WAITING, SESSION_ON_LATE, SESSION_TIMEOUT, SESSION_CLOSED},
		{SESSION_FINDING, SESSION_ON_JOIN, SESSION_REPEATED, SESSION_FINDING},
		{SESSION_FINDING, SESSION_ON_RESUME, SESSION_REPEATED, SESSION_FINDING},
		{SESSION_FINDING, SESSION_ON_WATCH, SESSION_REPEATED, SESSION_FINDING},
		{SESSION_FINDING, SESSION_ON_OFFER, SESSION_NOT_JOINED, SESSION_FINDING},
		{SESSION_FINDING, SESSION_ON_MUTE, SESSION_NOT_JOINED, SESSION_FINDING},
		{SESSION_FINDING, SESSION_ON_SET_MODE, SESSION_NOT_JOINED, SESSION_FINDING},
		{SESSION_FINDING, SESSION_ON_VISIT, SESSION_NOT_JOINED, SESSION_FINDING},
		{SESSION_FINDING, SESSION_ON_PING, SESSION_PONG, SESSION_FINDING},
		{SESSION_FINDING, SESSION_ON_LEAVE, SESSION_END, SESSION_CLOSED},
		{SESSION_FINDING, SESSION_ON_SEATED, SESSION_IGNORE, SESSION_JOINED},
		{SESSION_FINDING, SESSION_ON_WATCHING, SESSION_IGNORE, SESSION_WATCHING},
		{SESSION_FINDING, SESSION_ON_CLOSED, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_FINDING, SESSION_ON_LATE, SESSION_TIMEOUT, SESSION_CLOSED},
		{SESSION_JOINED, SESSION_ON_JOIN, SESSION_REPEATED, SESSION_JOINED},
		{SESSION_JOINED, SESSION_ON_RESUME, SESSION_REPEATED, SESSION_JOINED},
		{SESSION_JOINED, SESSION_ON_WATCH, SESSION_REPEATED, SESSION_JOINED},
		{SESSION_JOINED, SESSION_ON_OFFER, SESSION_OFFER, SESSION_JOINED},
		{SESSION_JOINED, SESSION_ON_MUTE, SESSION_MUTE, SESSION_JOINED},
		{SESSION_JOINED, SESSION_ON_SET_MODE, SESSION_SET_MODE, SESSION_JOINED},
		{SESSION_JOINED, SESSION_ON_VISIT, SESSION_VISIT, SESSION_JOINED},
		{SESSION_JOINED, SESSION_ON_PING, SESSION_PONG, SESSION_JOINED},
		{SESSION_JOINED, SESSION_ON_LEAVE, SESSION_LEAVE, SESSION_CLOSED},
		{SESSION_JOINED, SESSION_ON_SEATED, SESSION_ACTION_COUNT, SESSION_JOINED},
		{SESSION_JOINED, SESSION_ON_WATCHING, SESSION_ACTION_COUNT, SESSION_JOINED},
		{SESSION_JOINED, SESSION_ON_CLOSED, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_JOINED, SESSION_ON_LATE, SESSION_IGNORE, SESSION_JOINED},
		{SESSION_WATCHING, SESSION_ON_JOIN, SESSION_REPEATED, SESSION_WATCHING},
		{SESSION_WATCHING, SESSION_ON_RESUME, SESSION_REPEATED, SESSION_WATCHING},
		{SESSION_WATCHING, SESSION_ON_WATCH, SESSION_REPEATED, SESSION_WATCHING},
		{SESSION_WATCHING, SESSION_ON_OFFER, SESSION_NOT_JOINED, SESSION_WATCHING},
		{SESSION_WATCHING, SESSION_ON_MUTE, SESSION_NOT_JOINED, SESSION_WATCHING},
		{SESSION_WATCHING, SESSION_ON_SET_MODE, SESSION_NOT_JOINED, SESSION_WATCHING},
		{SESSION_WATCHING, SESSION_ON_VISIT, SESSION_NOT_JOINED, SESSION_WATCHING},
		{SESSION_WATCHING, SESSION_ON_PING, SESSION_PONG, SESSION_WATCHING},
		{SESSION_WATCHING, SESSION_ON_LEAVE, SESSION_END, SESSION_CLOSED},
		{SESSION_WATCHING, SESSION_ON_SEATED, SESSION_ACTION_COUNT, SESSION_WATCHING},
		{SESSION_WATCHING, SESSION_ON_WATCHING, SESSION_ACTION_COUNT, SESSION_WATCHING},
		{SESSION_WATCHING, SESSION_ON_CLOSED, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_WATCHING, SESSION_ON_LATE, SESSION_IGNORE, SESSION_WATCHING},
		{SESSION_CLOSED, SESSION_ON_JOIN, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_CLOSED, SESSION_ON_RESUME, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_CLOSED, SESSION_ON_WATCH, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_CLOSED, SESSION_ON_OFFER, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_CLOSED, SESSION_ON_MUTE, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_CLOSED, SESSION_ON_SET_MODE, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_CLOSED, SESSION_ON_VISIT, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_CLOSED, SESSION_ON_PING, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_CLOSED, SESSION_ON_LEAVE, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_CLOSED, SESSION_ON_SEATED, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_CLOSED, SESSION_ON_WATCHING, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_CLOSED, SESSION_ON_CLOSED, SESSION_IGNORE, SESSION_CLOSED},
		{SESSION_CLOSED, SESSION_ON_LATE, SESSION_IGNORE, SESSION_CLOSED},
	};

	g_assert_cmpuint(G_N_ELEMENTS(steps), ==, SESSION_STATE_COUNT * SESSION_EVENT_COUNT);
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct session session = {.state = steps[i].state};

		/* The table is complete and in order. */
		g_assert_cmpuint(steps[i].state, ==, i / SESSION_EVENT_COUNT);
		g_assert_cmpuint(steps[i].event, ==, i % SESSION_EVENT_COUNT);
		if (steps[i].action == SESSION_ACTION_COUNT)
			continue;
		g_assert_cmpuint(session_step(&session, steps[i].event), ==, steps[i].action);
		g_assert_cmpstr(session_state_name(session.state), ==,
				session_state_name(steps[i].next));
	}
}

static void seating_twice_is_a_broken_invariant(void)
{
	if (g_test_subprocess()) {
		struct session session = {.state = SESSION_JOINED};

		(void)session_step(&session, SESSION_ON_SEATED);
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_failed();
}

static void only_client_messages_are_events(void)
{
	for (int type = 0; type < MESSAGE_COUNT; type++)
		g_assert_cmpint(session_event_of((enum message_type)type) == SESSION_EVENT_COUNT,
				==, type >= MESSAGE_JOINED);
}

static void messages_are_limited_in_any_ten_seconds(void)
{
	struct session session = {0};
	int64_t now_us = 0;

	/* 100 within 9.9 s pass, the next does not. */
	for (int i = 0; i < SESSION_RATE_MESSAGES; i++, now_us += 99000)
		g_assert_true(session_count_message(&session, now_us));
	g_assert_false(session_count_message(&session, now_us));
	/* Ten a second pass for ever. */
	session = (struct session){0};
	for (int i = 0; i < 1000; i++)
		g_assert_true(session_count_message(&session, (int64_t)i * 100000));
}

static void a_whole_picture_passes_at_once_but_not_for_ever(void)
{
	struct session session = {0};

	g_assert_true(session_is_relayed(MESSAGE_SEND_STILL));
	g_assert_false(session_is_relayed(MESSAGE_SAY_CHAT));
	for (int i = 0; i < SESSION_RELAY_MESSAGES; i++)
		g_assert_true(session_count_relayed(&session, 5));
	g_assert_false(session_count_relayed(&session, 5));
	g_assert_true(session_count_relayed(&session, 5 + SESSION_RELAY_EVERY_US));
	g_assert_false(session_count_relayed(&session, 5 + SESSION_RELAY_EVERY_US));
}

static void the_tenth_bad_message_in_a_minute_is_one_too_many(void)
{
	struct session session = {0};

	for (int i = 0; i < SESSION_BAD_MESSAGES - 1; i++)
		g_assert_true(session_count_bad(&session, (int64_t)i * 1000000));
	g_assert_false(session_count_bad(&session, 59000000));
	session = (struct session){0};
	for (int i = 0; i < 50; i++)
		g_assert_true(session_count_bad(&session, (int64_t)i * 7000000));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/session/every_state_meets_every_event", every_state_meets_every_event);
	g_test_add_func("/session/seating_twice_is_a_broken_invariant",
			seating_twice_is_a_broken_invariant);
	g_test_add_func("/session/only_client_messages_are_events",
			only_client_messages_are_events);
	g_test_add_func("/session/messages_are_limited_in_any_ten_seconds",
			messages_are_limited_in_any_ten_seconds);
	g_test_add_func("/session/a_whole_picture_passes_at_once_but_not_for_ever",
			a_whole_picture_passes_at_once_but_not_for_ever);
	g_test_add_func("/session/the_tenth_bad_message_in_a_minute_is_one_too_many",
			the_tenth_bad_message_in_a_minute_is_one_too_many);
	return g_test_run();
}
