/* SPDX-License-Identifier: EUPL-1.2 */
/* A job that holds the store thread up until it is let go, so that others wait behind it. */
#ifndef VIDD_TESTS_STORE_GATE_H
#define VIDD_TESTS_STORE_GATE_H

#include <stddef.h>

#include "server/store_thread.h"

struct store_gate;

/* Posts it, and waits until the thread is held. */
struct store_gate *store_gate_shut(struct store_thread *thread);
/* Lets go: it is the next job that is done, and freed as any other. */
void store_gate_open(struct store_gate *gate);
/* The next job that was done, as the front gets it; fails the test when none comes. */
struct store_job *store_gate_next_done(struct mailbox *front);

#endif
