/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>

#include "server/mailbox.h"

struct message {
	uint32_t from;
	uint32_t number;
};

static bool is_readable(const struct mailbox *m)
{
	struct pollfd p = {.fd = mailbox_fd(m), .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

static void keeps_order_and_wakes_once(void)
{
	struct mailbox *m = NULL;
	struct message msg = {0};

	g_assert_cmpint(mailbox_new(&m, sizeof(msg), 8), ==, 0);
	g_assert_false(is_readable(m));
	g_assert_false(mailbox_take(m, &msg));
	for (uint32_t round = 0; round < 5; round++) { /* the ring wraps */
		for (uint32_t i = 0; i < 5; i++) {
			msg.number = i;
			g_assert_cmpint(mailbox_post(m, &msg), ==, 0);
		}
		g_assert_true(is_readable(m));
		mailbox_clear(m);
		g_assert_false(is_readable(m));
		for (uint32_t i = 0; i < 5; i++) {
			g_assert_true(mailbox_take(m, &msg));
			g_assert_cmpuint(msg.number, ==, i);
		}
		g_assert_false(mailbox_take(m, &msg));
	}
	mailbox_free(m);
}

static void keeps_a_quarter_for_vital_messages(void)
{
	struct mailbox *m = NULL;
	struct message msg = {0};

	g_assert_cmpint(mailbox_new(&m, sizeof(msg), 8), ==, 0);
	for (int i = 0; i < 6; i++)
		g_assert_cmpint(mailbox_post(m, &msg), ==, 0);
	g_assert_cmpint(mailbox_post(m, &msg), ==, -EAGAIN);
	g_assert_cmpint(mailbox_post_vital(m, &msg), ==, 0);
	g_assert_cmpint(mailbox_post_vital(m, &msg), ==, 0);
	g_assert_cmpint(mailbox_post_vital(m, &msg), ==, -EAGAIN);
	g_assert_true(mailbox_take(m, &msg));
	g_assert_cmpint(mailbox_post(m, &msg), ==, -EAGAIN);
	g_assert_cmpint(mailbox_post_vital(m, &msg), ==, 0);
	mailbox_free(m);
}

#define POSTERS	 4
#define MESSAGES 20000

struct poster {
	struct mailbox *mailbox;
	uint32_t from;
};

static void *post_all(void *arg)
{
	struct poster *p = arg;

	for (uint32_t i = 0; i < MESSAGES; i++) {
		struct message msg = {.from = p->from, .number = i};

		while (mailbox_post(p->mailbox, &msg) == -EAGAIN)
			g_thread_yield();
	}
	return NULL;
}

/* Sleeps in poll like a worker does: a lost wake-up would hang the test, so the wait is bounded. */
static void loses_nothing_between_threads(void)
{
	struct mailbox *m = NULL;
	struct poster posters[POSTERS];
	pthread_t threads[POSTERS];
	uint32_t next[POSTERS] = {0};
	uint32_t taken = 0;

	g_assert_cmpint(mailbox_new(&m, sizeof(struct message), 64), ==, 0);
	for (uint32_t i = 0; i < POSTERS; i++) {
		posters[i] = (struct poster){.mailbox = m, .from = i};
		g_assert_cmpint(pthread_create(&threads[i], NULL, post_all, &posters[i]), ==, 0);
	}
	while (taken < POSTERS * MESSAGES) {
		struct pollfd p = {.fd = mailbox_fd(m), .events = POLLIN};
		struct message msg;

		g_assert_cmpint(poll(&p, 1, 10000), ==, 1);
		mailbox_clear(m);
		while (mailbox_take(m, &msg)) {
			g_assert_cmpuint(msg.number, ==, next[msg.from]);
			next[msg.from]++;
			taken++;
		}
	}
	for (int i = 0; i < POSTERS; i++)
		pthread_join(threads[i], NULL);
	mailbox_free(m);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mailbox/keeps_order_and_wakes_once", keeps_order_and_wakes_once);
	g_test_add_func("/mailbox/keeps_a_quarter_for_vital_messages",
			keeps_a_quarter_for_vital_messages);
	g_test_add_func("/mailbox/loses_nothing_between_threads", loses_nothing_between_threads);
	return g_test_run();
}
