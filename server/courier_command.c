/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/courier_command.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/clock.h"

#define STEP_MS 20

struct child {
	GPid pid;
	int in, out;
	const char *input;
	size_t input_left;
	char *line;
	size_t size, len;
};

/* Between fork and exec: our threads block all signals and ignore a broken pipe, the command must
 * not. */
static void unblock_signals(void *user)
{
	sigset_t none;

	(void)user;
	sigemptyset(&none);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread is left after fork */
	(void)sigprocmask(SIG_SETMASK, &none, NULL); /* neither can fail */
	(void)signal(SIGPIPE, SIG_DFL);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void feed(struct child *c)
{
	ssize_t n = write(c->in, c->input, c->input_left);

	if (n > 0) {
		c->input += n;
		c->input_left -= (size_t)n;
	}
	if (c->input_left == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_fd(&c->in); /* it may end without reading all */
}

static void drain(struct child *c)
{
	char rest[256];
	size_t room = c->size - 1 - c->len;
	ssize_t n =
		room > 0 ? read(c->out, c->line + c->len, room) : read(c->out, rest, sizeof(rest));

	if (n > 0 && room > 0)
		c->len += (size_t)n;
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_fd(&c->out);
}

/* Until both ends are closed and it has ended. 0 and its status, or -ETIMEDOUT. */
static int attend(struct child *c, int64_t deadline_us, int *status)
{
	while (clock_now_us() < deadline_us) {
		struct pollfd fds[2] = {{.fd = c->in, .events = POLLOUT},
					{.fd = c->out, .events = POLLIN}};

		(void)poll(fds, 2, STEP_MS); /* an interruption is a step */
		if (fds[0].revents != 0 && c->in >= 0)
			feed(c);
		if (fds[1].revents != 0 && c->out >= 0)
			drain(c);
		if (c->out < 0 && waitpid(c->pid, status, WNOHANG) == c->pid)
			return 0;
	}
	(void)kill(c->pid, SIGKILL); /* it may just have ended */
	(void)waitpid(c->pid, status, 0);
	return -ETIMEDOUT;
}

int courier_command_run(char *const *argv, const char *input, int timeout_ms, char *line,
			size_t size)
{
	struct child c = {.in = -1,
			  .out = -1,
			  .input = input,
			  .input_left = strlen(input),
			  .line = line,
			  .size = size};
	int status = 0, r;

	line[0] = '\0';
	if (!g_spawn_async_with_pipes(NULL, (char **)argv, NULL,
				      G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL,
				      unblock_signals, NULL, &c.pid, &c.in, &c.out, NULL, NULL))
		return -ENOENT;
	(void)fcntl(c.in, F_SETFL, O_NONBLOCK); /* on a fresh pipe it cannot fail */
	(void)fcntl(c.out, F_SETFL, O_NONBLOCK);
	r = attend(&c, clock_now_us() + timeout_ms * INT64_C(1000), &status);
	close_fd(&c.in);
	close_fd(&c.out);
	line[c.len] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	if (r < 0)
		return r;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return 255;
}
