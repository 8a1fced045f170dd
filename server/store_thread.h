/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The thread that owns the store, so that a slow disk stops no packet and no websocket. Jobs come
 * by mailbox and go back to the front's mailbox.
 */
#ifndef VIDD_SERVER_STORE_THREAD_H
#define VIDD_SERVER_STORE_THREAD_H

#include "server/mailbox.h"
#include "server/store.h"
#include "server/store_job.h"

struct store_thread;

/* Takes the store on success. 0 or -errno. */
int store_thread_new(struct store_thread **out, struct store *store, struct mailbox *front);
/* Takes the job on success. 0 or -EAGAIN: too many wait. */
int store_thread_post(struct store_thread *thread, struct store_job *job);
/* Does what was posted, ends the thread and closes the store. NULL is legal. */
void store_thread_free(struct store_thread *thread);

#endif
