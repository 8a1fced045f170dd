/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/rate/silence.h"

#include "media/base/heap.h"

static int64_t timeout_us(const struct silence *s)
{
	return s->timeout_us > 0 ? s->timeout_us : SILENCE_FIRST_US;
}

void silence_sent(struct silence *s, int64_t now_us)
{
	s->last_sent_us = now_us;
	s->asked_us = now_us;
	if (s->unanswered_us == 0)
		s->unanswered_us = now_us;
}

bool silence_feedback(struct silence *s)
{
	bool was_silent = s->is_silent;

	s->is_silent = false;
	s->unanswered_us = 0;
	return was_silent;
}

void silence_set(struct silence *s, int64_t rtt_us, int64_t interval_us)
{
	int64_t wait = 2 * rtt_us + interval_us;

	s->timeout_us = wait > SILENCE_MIN_US ? wait : SILENCE_MIN_US;
}

bool silence_timeout(struct silence *s, int64_t now_us)
{
	if (s->is_silent || s->unanswered_us == 0 || now_us < s->unanswered_us + timeout_us(s))
		return false;
	s->is_silent = true;
	s->since_us = now_us;
	s->hope_us = 0;
	return true;
}

bool silence_may_probe(const struct silence *s, int64_t now_us)
{
	return s->is_silent && now_us >= s->last_sent_us + SILENCE_PROBE_US;
}

void silence_heard(struct silence *s, int64_t now_us)
{
	if (s->is_silent && s->heard_us != 0 && now_us - s->heard_us >= SILENCE_QUIET_US)
		s->hope_us = now_us;
	s->heard_us = now_us;
}

bool silence_takes_sound(const struct silence *s, int64_t now_us, int64_t backlog_us)
{
	if (s->hope_us != 0 && now_us - s->hope_us < SILENCE_HOPE_US)
		return true;
	return !s->is_silent && backlog_us < SILENCE_STALE_US;
}

bool silence_may_ask(const struct silence *s, int64_t now_us)
{
	bool is_quiet = s->heard_us != 0 && now_us - s->heard_us >= SILENCE_QUIET_US;

	return now_us - s->asked_us >= (is_quiet ? SILENCE_RARE_US : SILENCE_ASK_US);
}

int64_t silence_deadline_us(const struct silence *s)
{
	if (s->is_silent)
		return s->last_sent_us + SILENCE_PROBE_US;
	return s->unanswered_us == 0 ? DEADLINE_NEVER : s->unanswered_us + timeout_us(s);
}
