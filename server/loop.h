/* SPDX-License-Identifier: EUPL-1.2 */
/* A worker's wait: epoll over few descriptors until one is readable or a deadline comes. */
#ifndef VIDD_SERVER_LOOP_H
#define VIDD_SERVER_LOOP_H

#include <stddef.h>
#include <stdint.h>

#define LOOP_MAX_READY 32

struct loop {
	int epoll_fd;
};

/* 0 or -errno. */
int loop_init(struct loop *loop);
void loop_close(struct loop *loop);
/* Tells of fd with this number while it is readable. 0 or -errno. */
int loop_add(struct loop *loop, int fd, uint32_t number);
/* Waits until deadline_us (INT64_MAX: for ever) in now_us's clock, to the microsecond. How many
 * numbers were written to ready; 0 on the deadline or a signal. */
size_t loop_wait(struct loop *loop, int64_t now_us, int64_t deadline_us,
		 uint32_t ready[LOOP_MAX_READY]);
/* Sleeps until then in that clock, whatever is ready: what comes meanwhile is found together. */
void loop_rest(int64_t until_us);

#endif
