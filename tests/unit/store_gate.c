/* SPDX-License-Identifier: EUPL-1.2 */
#include "store_gate.h"

#include <glib.h>
#include <poll.h>

#include "server/message.h"

struct store_gate {
	struct store_job job;
	GMutex lock;
	GCond changed;
	bool is_held, is_open;
};

static void hold(struct store *store, struct store_job *job)
{
	struct store_gate *gate = (struct store_gate *)job;

	(void)store;
	g_mutex_lock(&gate->lock);
	gate->is_held = true;
	g_cond_broadcast(&gate->changed);
	while (!gate->is_open)
		g_cond_wait(&gate->changed, &gate->lock);
	g_mutex_unlock(&gate->lock);
}

static void discard(struct store_job *job)
{
	struct store_gate *gate = (struct store_gate *)job;

	g_cond_clear(&gate->changed);
	g_mutex_clear(&gate->lock);
	g_free(gate);
}

static void nothing(struct hub *hub, struct store_job *job)
{
	(void)hub;
	(void)job;
}

struct store_gate *store_gate_shut(struct store_thread *thread)
{
	struct store_gate *gate = g_new0(struct store_gate, 1);

	g_mutex_init(&gate->lock);
	g_cond_init(&gate->changed);
	gate->job = (struct store_job){.run = hold, .done = nothing, .close = discard};
	g_assert_cmpint(store_thread_post(thread, &gate->job), ==, 0);
	g_mutex_lock(&gate->lock);
	while (!gate->is_held)
		g_cond_wait(&gate->changed, &gate->lock);
	g_mutex_unlock(&gate->lock);
	return gate;
}

void store_gate_open(struct store_gate *gate)
{
	g_mutex_lock(&gate->lock);
	gate->is_open = true;
	g_cond_broadcast(&gate->changed);
	g_mutex_unlock(&gate->lock);
}

struct store_job *store_gate_next_done(struct mailbox *front)
{
	struct pollfd wait = {.fd = mailbox_fd(front), .events = POLLIN};
	struct front_message m;

	while (!mailbox_take(front, &m)) {
		g_assert_cmpint(poll(&wait, 1, 10000), ==, 1);
		mailbox_clear(front);
	}
	g_assert_cmpint(m.type, ==, FRONT_STORE_DONE);
	return m.job;
}
