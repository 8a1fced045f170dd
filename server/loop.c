/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/loop.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

int loop_init(struct loop *loop)
{
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return loop->epoll_fd < 0 ? -errno : 0;
}

void loop_close(struct loop *loop)
{
	if (loop->epoll_fd >= 0)
		close(loop->epoll_fd);
	loop->epoll_fd = -1;
}

int loop_add(struct loop *loop, int fd, uint32_t number)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};

	return epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

/* epoll_pwait2 (Linux 5.11) waits to the nanosecond; before it, milliseconds, rounded up so that a
 * deadline has passed when we wake. */
static int wait_us(int fd, struct epoll_event *events, int64_t wait)
{
	struct timespec ts = {.tv_sec = wait / 1000000, .tv_nsec = wait % 1000000 * 1000};
	bool is_forever = wait == INT64_MAX;
	int n = epoll_pwait2(fd, events, LOOP_MAX_READY, is_forever ? NULL : &ts, NULL);

	if (n < 0 && errno == ENOSYS) {
		int64_t ms = wait / 1000 + (wait % 1000 != 0);

		n = epoll_wait(fd, events, LOOP_MAX_READY,
			       is_forever   ? -1
			       : ms > 60000 ? 60000
					    : (int)ms);
	}
	return n;
}

size_t loop_wait(struct loop *loop, int64_t now_us, int64_t deadline_us,
		 uint32_t ready[LOOP_MAX_READY])
{
	struct epoll_event events[LOOP_MAX_READY];
	int64_t wait = INT64_MAX;
	int n;

	if (deadline_us != INT64_MAX)
		wait = deadline_us > now_us ? deadline_us - now_us : 0;
	n = wait_us(loop->epoll_fd, events, wait);
	if (n < 0) {
		assert(errno == EINTR); /* the rest are bugs: a bad descriptor or pointer */
		return 0;
	}
	for (int i = 0; i < n; i++)
		ready[i] = events[i].data.u32;
	return (size_t)n;
}

void loop_rest(int64_t until_us)
{
	struct timespec at = {
		.tv_sec = until_us / 1000000,
		.tv_nsec = until_us % 1000000 * 1000,
	};

	(void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at,
			      NULL); /* sooner by a signal: no harm */
}
