/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/rate/fate.h"

#define MS 1000

struct rig {
	struct history history;
	struct fate fate;
	int64_t now_us;
	uint16_t seq;
};

static struct rig *rig(void)
{
	struct rig *r = g_new0(struct rig, 1);

	r->now_us = 1000 * MS;
	return r;
}

/* `count` packets, one each 10 ms, of which this became. */
static void send(struct rig *r, int count, enum history_state state)
{
	for (int i = 0; i < count; i++, r->now_us += 10 * MS) {
		const struct history_packet packet = {.sent_us = r->now_us, .bytes = 100};
		bool is_first = !r->history.is_started;
		int64_t seq = history_sent(&r->history, r->seq++, &packet);

		if (is_first)
			fate_begin(&r->fate, seq);
		history_find(&r->history, seq)->state = (uint8_t)state;
		history_report(&r->history, seq);
	}
}

static void losses_are_counted_once(void)
{
	struct rig *r = rig();

	send(r, 90, HISTORY_ARRIVED);
	send(r, 10, HISTORY_MISSING);
	send(r, 20, HISTORY_ARRIVED);
	fate_settle(&r->fate, &r->history, r->now_us);
	fate_settle(&r->fate, &r->history, r->now_us);
	g_assert_cmpuint(loss_permille(&r->fate.loss, LOSS_WINDOWS), ==, 83);
	g_assert_cmpuint(r->fate.told, ==, 120);
	history_close(&r->history);
	g_free(r);
}

static void what_may_still_come_is_waited_for(void)
{
	struct rig *r = rig();
	int64_t lost_us;

	send(r, 20, HISTORY_ARRIVED);
	lost_us = r->now_us;
	send(r, 1, HISTORY_MISSING);
	send(r, 5, HISTORY_ARRIVED);
	fate_settle(&r->fate, &r->history, lost_us + 50 * MS);
	g_assert_cmpuint(r->fate.told, ==, 20);
	fate_settle(&r->fate, &r->history, lost_us + FATE_REORDER_US);
	g_assert_cmpuint(r->fate.told, ==, 26);
	history_close(&r->history);
	g_free(r);
}

static void what_a_gone_link_took_is_no_loss(void)
{
	struct rig *r = rig();

	send(r, 100, HISTORY_ARRIVED);
	send(r, 40, HISTORY_MISSING);
	send(r, 20, HISTORY_ARRIVED);
	fate_settle(&r->fate, &r->history, r->now_us);
	g_assert_cmpuint(loss_permille(&r->fate.loss, LOSS_WINDOWS), ==, 0);
	/* A burst is. */
	send(r, 20, HISTORY_MISSING);
	send(r, 20, HISTORY_ARRIVED);
	fate_settle(&r->fate, &r->history, r->now_us);
	g_assert_cmpuint(loss_permille(&r->fate.loss, LOSS_WINDOWS), ==, 125);
	history_close(&r->history);
	g_free(r);
}

static void lost_feedback_makes_blind(void)
{
	struct rig *r = rig();

	send(r, 20, HISTORY_ARRIVED);
	send(r, 30, HISTORY_SENT);
	fate_settle(&r->fate, &r->history, r->now_us);
	g_assert_false(fate_is_blind(&r->fate));
	send(r, 30, HISTORY_SENT);
	send(r, 1, HISTORY_ARRIVED);
	fate_settle(&r->fate, &r->history, r->now_us);
	g_assert_true(fate_is_blind(&r->fate));
	g_assert_cmpuint(loss_permille(&r->fate.loss, LOSS_WINDOWS), ==, 0);
	history_close(&r->history);
	g_free(r);
}

#define ADD(name) g_test_add_func("/fate/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(losses_are_counted_once);
	ADD(what_may_still_come_is_waited_for);
	ADD(what_a_gone_link_took_is_no_loss);
	ADD(lost_feedback_makes_blind);
	return g_test_run();
}
