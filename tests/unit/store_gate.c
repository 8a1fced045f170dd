/* SPDX-License-Identifier: EUPL-1.2 */
#include "store_gate.h"

#include <glib.h>
#include <poll.h>
#include <semaphore.h>

#include "server/message.h"

struct store_gate {
	struct store_job job;
	sem_t held, open;
};

static void hold(struct store *store, struct store_job *job)
{
	struct store_gate *gate = (struct store_gate *)job;

	(void)store;
	g_assert_cmpint(sem_post(&gate->held), ==, 0);
	g_assert_cmpint(sem_wait(&gate->open), ==, 0);
}

static void discard(struct store_job *job)
{
	struct store_gate *gate = (struct store_gate *)job;

	sem_destroy(&gate->held);
	sem_destroy(&gate->open);
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

	g_assert_cmpint(sem_init(&gate->held, 0, 0), ==, 0);
	g_assert_cmpint(sem_init(&gate->open, 0, 0), ==, 0);
	gate->job = (struct store_job){.run = hold, .done = nothing, .close = discard};
	g_assert_cmpint(store_thread_post(thread, &gate->job), ==, 0);
	g_assert_cmpint(sem_wait(&gate->held), ==, 0);
	return gate;
}

void store_gate_open(struct store_gate *gate)
{
	g_assert_cmpint(sem_post(&gate->open), ==, 0);
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
