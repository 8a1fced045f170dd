/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/log_writer.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/thread.h"

struct log_writer {
	int fd;
	pthread_mutex_t lock;
	pthread_cond_t has_lines;
	pthread_t thread;
	/* Under the lock. What is put goes to one, while the thread writes the other. */
	char *filling, *writing;
	size_t filled;
	bool is_ending;
};

void log_writer_write(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);
		struct pollfd wait = {.fd = fd, .events = POLLOUT};

		if (n >= 0) {
			text += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			(void)poll(&wait, 1, -1); /* the write says what is wrong */
		} else if (errno != EINTR) {
			return; /* nobody can be told when standard error is gone */
		}
	}
}

/* How much there is to write; 0: the end. */
static size_t take(struct log_writer *writer)
{
	char *filled = NULL;
	size_t len;

	pthread_mutex_lock(&writer->lock);
	while (writer->filled == 0 && !writer->is_ending)
		pthread_cond_wait(&writer->has_lines, &writer->lock);
	len = writer->filled;
	filled = writer->filling;
	writer->filling = writer->writing;
	writer->writing = filled;
	writer->filled = 0;
	pthread_mutex_unlock(&writer->lock);
	return len;
}

static void *run(void *arg)
{
	struct log_writer *writer = arg;
	size_t len;

	pthread_setname_np(pthread_self(), "log");
	while ((len = take(writer)) > 0)
		log_writer_write(writer->fd, writer->writing, len);
	return NULL;
}

static void discard(struct log_writer *writer)
{
	pthread_cond_destroy(&writer->has_lines);
	pthread_mutex_destroy(&writer->lock);
	free(writer->filling);
	free(writer->writing);
	free(writer);
}

int log_writer_new(struct log_writer **out, int fd)
{
	struct log_writer *writer = calloc(1, sizeof(*writer));
	int r;

	if (writer == NULL)
		return -ENOMEM;
	writer->fd = fd;
	pthread_mutex_init(&writer->lock, NULL);
	pthread_cond_init(&writer->has_lines, NULL);
	writer->filling = malloc(LOG_WRITER_BYTES);
	writer->writing = malloc(LOG_WRITER_BYTES);
	if (writer->filling == NULL || writer->writing == NULL) {
		discard(writer);
		return -ENOMEM;
	}
	r = thread_start(&writer->thread, run, writer);
	if (r < 0) {
		discard(writer);
		return r;
	}
	*out = writer;
	return 0;
}

bool log_writer_end(struct log_writer *writer, int wait_ms)
{
	struct timespec end;

	pthread_mutex_lock(&writer->lock);
	writer->is_ending = true;
	pthread_cond_signal(&writer->has_lines);
	pthread_mutex_unlock(&writer->lock);
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += wait_ms / 1000;
	end.tv_nsec += wait_ms % 1000 * 1000000L;
	if (end.tv_nsec >= 1000000000) {
		end.tv_sec++;
		end.tv_nsec -= 1000000000;
	}
	return pthread_timedjoin_np(writer->thread, NULL, &end) == 0;
}

void log_writer_free(struct log_writer *writer)
{
	if (writer == NULL)
		return;
	log_writer_write(writer->fd, writer->filling, writer->filled);
	discard(writer);
}

bool log_writer_put(struct log_writer *writer, const char *line, size_t len)
{
	bool has_room;

	pthread_mutex_lock(&writer->lock);
	has_room = len <= LOG_WRITER_BYTES - writer->filled;
	if (has_room) {
		memcpy(writer->filling + writer->filled, line, len);
		writer->filled += len;
		pthread_cond_signal(&writer->has_lines);
	}
	pthread_mutex_unlock(&writer->lock);
	return has_room;
}
