/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <stdatomic.h>

#include "server/errand.h"
#include "server/message.h"

struct counted {
	struct errand errand;
	int *context; /* what run was given */
	atomic_int *closed;
	atomic_bool *gate; /* run waits until it is open; NULL: does not */
};

static void run(void *context, struct errand *errand)
{
	struct counted *c = (struct counted *)errand;

	while (c->gate != NULL && !atomic_load(c->gate))
		(void)poll(NULL, 0, 1);
	c->context = context;
	(*c->context)++;
}

static void close_counted(struct errand *errand)
{
	struct counted *c = (struct counted *)errand;

	atomic_fetch_add(c->closed, 1);
	g_free(c);
}

static struct counted *counted_new(atomic_int *closed, atomic_bool *gate)
{
	struct counted *c = g_new0(struct counted, 1);

	c->errand = (struct errand){.run = run, .close = close_counted};
	c->closed = closed;
	c->gate = gate;
	return c;
}

static struct mailbox *front_new_mailbox(void)
{
	struct mailbox *front = NULL;

	g_assert_cmpint(mailbox_new(&front, sizeof(struct front_message), 256), ==, 0);
	return front;
}

static struct front_message take(struct mailbox *front)
{
	struct front_message m;

	while (!mailbox_take(front, &m))
		(void)poll(NULL, 0, 1);
	return m;
}

static void an_errand_is_run_with_the_context_and_comes_back(void)
{
	struct mailbox *front = front_new_mailbox();
	struct errand_thread *thread;
	atomic_int closed = 0;
	int context = 0;
	struct counted *c = counted_new(&closed, NULL);
	struct front_message m;

	g_assert_cmpint(errand_thread_new(&thread, "test", &context, front), ==, 0);
	g_assert_cmpint(errand_thread_post(thread, &c->errand), ==, 0);
	m = take(front);
	g_assert_cmpint(m.type, ==, FRONT_ERRAND_DONE);
	g_assert_true(m.errand == &c->errand);
	g_assert_true(c->context == &context);
	g_assert_cmpint(context, ==, 1);
	errand_free(m.errand);
	g_assert_cmpint(closed, ==, 1);
	errand_free(NULL);
	errand_thread_free(thread);
	errand_thread_free(NULL);
	mailbox_free(front);
}

static void too_many_are_refused_and_those_left_at_the_end_are_closed(void)
{
	struct mailbox *front = front_new_mailbox();
	struct errand_thread *thread;
	atomic_int closed = 0;
	atomic_bool gate = false;
	int context = 0, posted = 0;
	struct counted *c = counted_new(&closed, &gate);
	struct front_message m;

	g_assert_cmpint(errand_thread_new(&thread, "test", &context, front), ==, 0);
	while (errand_thread_post(thread, &c->errand) == 0) {
		posted++;
		g_assert_cmpint(posted, <, 200);
		c = counted_new(&closed, &gate);
	}
	errand_free(&c->errand); /* it stayed ours */
	g_assert_cmpint(posted, >=, 32);
	atomic_store(&gate, true);
	errand_thread_free(thread);
	while (mailbox_take(front, &m))
		errand_free(m.errand);
	g_assert_cmpint(closed, ==, posted + 1);
	mailbox_free(front);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/errand/an_errand_is_run_with_the_context_and_comes_back",
			an_errand_is_run_with_the_context_and_comes_back);
	g_test_add_func("/errand/too_many_are_refused_and_those_left_at_the_end_are_closed",
			too_many_are_refused_and_those_left_at_the_end_are_closed);
	return g_test_run();
}
