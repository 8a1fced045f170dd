/* SPDX-License-Identifier: EUPL-1.2 */
/* How a thread begins: every signal is the front's, so that no other thread's wait ends early. */
#ifndef VIDD_SERVER_THREAD_H
#define VIDD_SERVER_THREAD_H

#include <pthread.h>

/* Runs run(arg) with all signals blocked; join it. 0 or -errno. */
int thread_start(pthread_t *thread, void *(*run)(void *), void *arg);

#endif
