/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/session.h"

#include <assert.h>

struct step {
	enum session_action action;
	enum session_state next;
};

static const struct step steps[SESSION_CLOSED][SESSION_EVENT_COUNT] =
	{
		[SESSION_WAITING] =
			{
				[SESSION_ON_JOIN] = {SESSION_FIND, SESSION_FINDING},
				[SESSION_ON_RESUME] = {SESSION_RESUME, SESSION_WAITING},
				[SESSION_ON_WATCH] = {SESSION_FIND_TICKET, SESSION_FINDING},
				[SESSION_ON_OFFER] = {SESSION_NOT_JOINED, SESSION_WAITING},
				[SESSION_ON_MUTE] = {SESSION_NOT_JOINED, SESSION_WAITING},
				[SESSION_ON_SET_MODE] = {SESSION_NOT_JOINED, SESSION_WAITING},
				[SESSION_ON_VISIT] = {SESSION_NOT_JOINED, SESSION_WAITING},
				[SESSION_ON_PING] = {SESSION_PONG, SESSION_WAITING},
				[SESSION_ON_LEAVE] = {SESSION_END, SESSION_CLOSED},
				[SESSION_ON_SEATED] = {SESSION_IGNORE, SESSION_JOINED},
				[SESSION_ON_WATCHING] = {SESSION_ACTION_COUNT, SESSION_WAITING},
				[SESSION_ON_CLOSED] = {SESSION_IGNORE, SESSION_CLOSED},
				[SESSION_ON_LATE] = {SESSION_TIMEOUT, SESSION_CLOSED},
			},
		[SESSION_FINDING] =
			{
				[SESSION_ON_JOIN] = {SESSION_REPEATED, SESSION_FINDING},
				[SESSION_ON_RESUME] = {SESSION_REPEATED, SESSION_FINDING},
				[SESSION_ON_WATCH] = {SESSION_REPEATED, SESSION_FINDING},
				[SESSION_ON_OFFER] = {SESSION_NOT_JOINED, SESSION_FINDING},
				[SESSION_ON_MUTE] = {SESSION_NOT_JOINED, SESSION_FINDING},
				[SESSION_ON_SET_MODE] = {SESSION_NOT_JOINED, SESSION_FINDING},
				[SESSION_ON_VISIT] = {SESSION_NOT_JOINED, SESSION_FINDING},
				[SESSION_ON_PING] = {SESSION_PONG, SESSION_FINDING},
				[SESSION_ON_LEAVE] = {SESSION_END, SESSION_CLOSED},
				[SESSION_ON_SEATED] = {SESSION_IGNORE, SESSION_JOINED},
				[SESSION_ON_WATCHING] = {SESSION_IGNORE, SESSION_WATCHING},
				[SESSION_ON_CLOSED] = {SESSION_IGNORE, SESSION_CLOSED},
				[SESSION_ON_LATE] = {SESSION_TIMEOUT, SESSION_CLOSED},
			},
		[SESSION_JOINED] =
			{
				[SESSION_ON_JOIN] = {SESSION_REPEATED, SESSION_JOINED},
				[SESSION_ON_RESUME] = {SESSION_REPEATED, SESSION_JOINED},
				[SESSION_ON_WATCH] = {SESSION_REPEATED, SESSION_JOINED},
				[SESSION_ON_OFFER] = {SESSION_OFFER, SESSION_JOINED},
				[SESSION_ON_MUTE] = {SESSION_MUTE, SESSION_JOINED},
				[SESSION_ON_SET_MODE] = {SESSION_SET_MODE, SESSION_JOINED},
				[SESSION_ON_VISIT] = {SESSION_VISIT, SESSION_JOINED},
				[SESSION_ON_PING] = {SESSION_PONG, SESSION_JOINED},
				[SESSION_ON_LEAVE] = {SESSION_LEAVE, SESSION_CLOSED},
				/* SEATED cannot come twice: the owner seats only who asked. */
				[SESSION_ON_SEATED] = {SESSION_ACTION_COUNT, SESSION_JOINED},
				[SESSION_ON_WATCHING] = {SESSION_ACTION_COUNT, SESSION_JOINED},
				[SESSION_ON_CLOSED] = {SESSION_IGNORE, SESSION_CLOSED},
				[SESSION_ON_LATE] = {SESSION_IGNORE, SESSION_JOINED},
			},
		[SESSION_WATCHING] =
			{
				[SESSION_ON_JOIN] = {SESSION_REPEATED, SESSION_WATCHING},
				[SESSION_ON_RESUME] = {SESSION_REPEATED, SESSION_WATCHING},
				[SESSION_ON_WATCH] = {SESSION_REPEATED, SESSION_WATCHING},
				[SESSION_ON_OFFER] = {SESSION_NOT_JOINED, SESSION_WATCHING},
				[SESSION_ON_MUTE] = {SESSION_NOT_JOINED, SESSION_WATCHING},
				[SESSION_ON_SET_MODE] = {SESSION_NOT_JOINED, SESSION_WATCHING},
				[SESSION_ON_VISIT] = {SESSION_NOT_JOINED, SESSION_WATCHING},
				[SESSION_ON_PING] = {SESSION_PONG, SESSION_WATCHING},
				[SESSION_ON_LEAVE] = {SESSION_END, SESSION_CLOSED},
				[SESSION_ON_SEATED] = {SESSION_ACTION_COUNT, SESSION_WATCHING},
				[SESSION_ON_WATCHING] = {SESSION_ACTION_COUNT, SESSION_WATCHING},
				[SESSION_ON_CLOSED] = {SESSION_IGNORE, SESSION_CLOSED},
				[SESSION_ON_LATE] = {SESSION_IGNORE, SESSION_WATCHING},
			},
};

enum session_action session_step(struct session *session, enum session_event event)
{
	const struct step *step;

	assert(session->state < SESSION_STATE_COUNT && event < SESSION_EVENT_COUNT);
	if (session->state == SESSION_CLOSED)
		return SESSION_IGNORE;
	step = &steps[session->state][event];
	assert(step->action != SESSION_ACTION_COUNT);
	session->state = step->next;
	return step->action;
}

enum session_event session_event_of(enum message_type type)
{
	switch (type) {
	case MESSAGE_JOIN:
		return SESSION_ON_JOIN;
	case MESSAGE_RESUME:
		return SESSION_ON_RESUME;
	case MESSAGE_OFFER:
		return SESSION_ON_OFFER;
	case MESSAGE_MUTE:
		return SESSION_ON_MUTE;
	case MESSAGE_SET_MODE:
		return SESSION_ON_SET_MODE;
	case MESSAGE_PING:
		return SESSION_ON_PING;
	case MESSAGE_LEAVE:
		return SESSION_ON_LEAVE;
	case MESSAGE_WATCH:
		return SESSION_ON_WATCH;
	default:
		return type < MESSAGE_JOINED ? SESSION_ON_VISIT : SESSION_EVENT_COUNT;
	}
}

/* Notes one more; false when `limit` came within window_us, this one included. */
static bool window_add(struct session_window *window, int64_t now_us, size_t limit,
		       int64_t window_us)
{
	bool within = window->count < limit || now_us - window->at_us[window->next] >= window_us;

	window->at_us[window->next] = now_us;
	window->next = (window->next + 1) % limit;
	if (window->count < limit)
		window->count++;
	return within;
}

bool session_count_message(struct session *session, int64_t now_us)
{
	return window_add(&session->messages, now_us, SESSION_RATE_MESSAGES, SESSION_RATE_US);
}

bool session_is_relayed(enum message_type type)
{
	return type == MESSAGE_SEND_STILL || type == MESSAGE_ACK_STILL || type == MESSAGE_POINT ||
	       type == MESSAGE_TYPE_TEXT;
}

bool session_count_relayed(struct session *session, int64_t now_us)
{
	if (session->relay_us < now_us)
		session->relay_us = now_us;
	if (session->relay_us - now_us >= (int64_t)SESSION_RELAY_MESSAGES * SESSION_RELAY_EVERY_US)
		return false;
	session->relay_us += SESSION_RELAY_EVERY_US;
	return true;
}

bool session_count_bad(struct session *session, int64_t now_us)
{
	/* The tenth is refused: nine are allowed. */
	return window_add(&session->bad, now_us, SESSION_BAD_MESSAGES - 1, SESSION_BAD_US);
}

const char *session_state_name(enum session_state state)
{
	static const char *const names[] = {"waiting", "finding", "joined", "watching", "closed"};

	assert(state < SESSION_STATE_COUNT);
	return names[state];
}
