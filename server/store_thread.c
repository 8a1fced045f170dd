/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_thread.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

#include "server/clock.h"
#include "server/log.h"
#include "server/message.h"
#include "server/thread.h"

/* Lookups take some 50 us; a full mailbox is a disk that hangs, and the client is told to try
 * again. */
#define MAILBOX_JOBS 1024
#define ANSWER_TRIES 1000
/* Jobs that share a commit, for a write to the disk takes longer than all else that most do; and
 * how long the first may wait for the others. */
#define GROUP_JOBS 64
#define GROUP_US   20000

struct store_thread {
	struct store *store;
	struct mailbox *jobs;	/* of struct store_job *; NULL: end */
	struct store_job *next; /* taken out already */
	bool is_ending;
	struct mailbox *front;
	pthread_t thread;
};

/* The front empties its mailbox all the time, so a full one passes and this thread may wait for
 * it; but not for ever, because at the end nobody empties it any more. */
static void answer(struct store_thread *t, struct store_job *job)
{
	struct front_message m = {.type = FRONT_STORE_DONE, .job = job};

	for (int tries = 0; mailbox_post_vital(t->front, &m) < 0; tries++) {
		if (tries == ANSWER_TRIES) {
			log_error("front-stuck", "thread=store");
			store_job_free(job);
			return;
		}
		(void)poll(NULL, 0, 1); /* sleeps a millisecond */
	}
}

/* How many of what waits may run together. */
static size_t take(struct store_thread *t, struct store_job *job[GROUP_JOBS])
{
	size_t count = 0;

	while (count < GROUP_JOBS && !t->is_ending) {
		if (t->next == NULL && !mailbox_take(t->jobs, &t->next))
			break;
		t->is_ending = t->next == NULL;
		if (count > 0 && (t->is_ending || t->next->is_alone || job[0]->is_alone))
			break;
		if (!t->is_ending)
			job[count++] = t->next;
		t->next = NULL;
	}
	return count;
}

/* Runs as many as time allows, at least one, and says how many. */
static size_t run_group(struct store_thread *t, struct store_job **job, size_t count)
{
	int64_t end_us = clock_now_us() + GROUP_US;
	size_t n = 0;
	int r;

	if (count == 1 || store_group_begin(t->store) < 0) {
		for (; n < count; n++)
			job[n]->run(t->store, job[n]);
		return count;
	}
	do {
		job[n]->run(t->store, job[n]);
		n++;
	} while (n < count && store_group_is_open(t->store) && clock_now_us() < end_us);
	r = store_group_finish(t->store);
	for (size_t i = 0; i < n && r < 0; i++)
		job[i]->result = r;
	return n;
}

static void *run(void *arg)
{
	struct store_thread *t = arg;
	struct pollfd wait = {.fd = mailbox_fd(t->jobs), .events = POLLIN};
	struct store_job *job[GROUP_JOBS];
	size_t count;

	pthread_setname_np(pthread_self(), "store");
	while (!t->is_ending) {
		if (poll(&wait, 1, -1) < 0 && errno != EINTR)
			log_error("store-wait", "errno=%d", errno);
		mailbox_clear(t->jobs);
		while ((count = take(t, job)) > 0) {
			for (size_t done = 0, n; done < count; done += n) {
				n = run_group(t, job + done, count - done);
				for (size_t i = done; i < done + n; i++)
					answer(t, job[i]);
			}
		}
	}
	return NULL;
}

int store_thread_new(struct store_thread **out, struct store *store, struct mailbox *front)
{
	struct store_thread *t = calloc(1, sizeof(*t));
	int r;

	if (t == NULL)
		return -ENOMEM;
	t->store = store;
	t->front = front;
	r = mailbox_new(&t->jobs, sizeof(struct store_job *), MAILBOX_JOBS);
	if (r == 0)
		r = thread_start(&t->thread, run, t);
	if (r < 0) {
		mailbox_free(t->jobs);
		free(t);
		return r;
	}
	*out = t;
	return 0;
}

int store_thread_post(struct store_thread *t, struct store_job *job)
{
	job->posted_us = clock_now_us();
	return mailbox_post(t->jobs, &job);
}

void store_thread_free(struct store_thread *t)
{
	struct store_job *end = NULL;

	if (t == NULL)
		return;
	while (mailbox_post_vital(t->jobs, &end) < 0)
		(void)poll(NULL, 0, 1); /* it is emptied in order */
	pthread_join(t->thread, NULL);
	mailbox_free(t->jobs);
	store_close(t->store);
	free(t);
}

void store_job_free(struct store_job *job)
{
	if (job != NULL)
		job->close(job);
}
