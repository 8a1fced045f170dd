/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/errand.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "server/log.h"
#include "server/message.h"
#include "server/thread.h"

/* A password takes some 50 ms: who would wait for three seconds is told to come back. A quarter of
 * the room is kept for the end (server/mailbox). */
#define MAILBOX_ERRANDS 64
#define ANSWER_TRIES	1000

struct errand_thread {
	const char *name;
	void *context;
	struct mailbox *errands; /* of struct errand *; NULL: end */
	struct mailbox *front;
	atomic_bool is_ending;
	pthread_t thread;
};

static void answer(struct errand_thread *t, struct errand *errand)
{
	struct front_message m = {.type = FRONT_ERRAND_DONE, .errand = errand};

	for (int tries = 0; mailbox_post_vital(t->front, &m) < 0; tries++) {
		if (tries == ANSWER_TRIES) {
			log_error("front-stuck", "thread=%s", t->name);
			errand_free(errand);
			return;
		}
		(void)poll(NULL, 0, 1); /* sleeps a millisecond */
	}
}

static void *run(void *arg)
{
	struct errand_thread *t = arg;
	struct pollfd wait = {.fd = mailbox_fd(t->errands), .events = POLLIN};
	struct errand *errand;

	pthread_setname_np(pthread_self(), t->name);
	for (;;) {
		if (poll(&wait, 1, -1) < 0 && errno != EINTR)
			log_error("errand-wait", "thread=%s errno=%d", t->name, errno);
		mailbox_clear(t->errands);
		while (mailbox_take(t->errands, &errand)) {
			if (errand == NULL)
				return NULL;
			if (atomic_load(&t->is_ending)) {
				errand_free(errand);
				continue;
			}
			errand->run(t->context, errand);
			answer(t, errand);
		}
	}
}

int errand_thread_new(struct errand_thread **out, const char *name, void *context,
		      struct mailbox *front)
{
	struct errand_thread *t = calloc(1, sizeof(*t));
	int r;

	if (t == NULL)
		return -ENOMEM;
	t->name = name;
	t->context = context;
	t->front = front;
	r = mailbox_new(&t->errands, sizeof(struct errand *), MAILBOX_ERRANDS);
	if (r == 0)
		r = thread_start(&t->thread, run, t);
	if (r < 0) {
		mailbox_free(t->errands);
		free(t);
		return r;
	}
	*out = t;
	return 0;
}

int errand_thread_post(struct errand_thread *t, struct errand *errand)
{
	return mailbox_post(t->errands, &errand) < 0 ? -EAGAIN : 0;
}

void errand_thread_free(struct errand_thread *t)
{
	struct errand *end = NULL;

	if (t == NULL)
		return;
	atomic_store(&t->is_ending, true);
	while (mailbox_post_vital(t->errands, &end) < 0)
		(void)poll(NULL, 0, 1); /* it is emptied in order */
	pthread_join(t->thread, NULL);
	mailbox_free(t->errands);
	free(t);
}

void errand_free(struct errand *errand)
{
	if (errand != NULL)
		errand->close(errand);
}
