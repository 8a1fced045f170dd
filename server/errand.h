/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Work that takes long or waits for others (password hashes, an identity provider), on a thread of
 * its own so that neither the front, the store nor media wait for it. As a store job: made by the
 * front, carried there and back by mailbox; whoever holds it owns it.
 */
#ifndef VIDD_SERVER_ERRAND_H
#define VIDD_SERVER_ERRAND_H

#include "server/mailbox.h"

struct hub;
struct errand_thread;

/* First member of a struct of the area's own. */
struct errand {
	/* The thread: does the work. context: what the thread was made with. */
	void (*run)(void *context, struct errand *errand);
	/* Front thread: goes on. Not called when the process ends first. */
	void (*done)(struct hub *hub, struct errand *errand);
	/* Wipes secrets and frees it; any thread. */
	void (*close)(struct errand *errand);
};

/* name: of the thread, 15 characters at most. context: borrowed, the thread's alone. front: where
 * done errands go, as FRONT_ERRAND_DONE. */
int errand_thread_new(struct errand_thread **out, const char *name, void *context,
		      struct mailbox *front);
/* Takes the errand. -EAGAIN, and it stays the caller's: too many wait already. */
int errand_thread_post(struct errand_thread *thread, struct errand *errand);
/* Waits for the errand under way; those behind it are closed unrun. NULL is legal. */
void errand_thread_free(struct errand_thread *thread);

/* By its own close. NULL is legal. */
void errand_free(struct errand *errand);

#endif
