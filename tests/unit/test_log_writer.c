/* SPDX-License-Identifier: EUPL-1.2 */
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

#include "server/clock.h"
#include "server/log_writer.h"

#define LINE_BYTES 100

struct pipe_ends {
	int read, write;
};

static struct pipe_ends make_pipe(void)
{
	int fds[2];

	g_assert_cmpint(pipe(fds), ==, 0);
	return (struct pipe_ends){fds[0], fds[1]};
}

static void make_line(char line[LINE_BYTES], unsigned number)
{
	memset(line, '.', LINE_BYTES);
	line[g_snprintf(line, LINE_BYTES, "%u", number)] = ' ';
	line[LINE_BYTES - 1] = '\n';
}

/* Reads whole lines up to the end of the pipe, and says how many came, in their order. */
static unsigned read_lines(int fd)
{
	char text[LINE_BYTES], line[LINE_BYTES];
	unsigned count = 0;
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, text + len, sizeof(text) - len)) > 0) {
		len += (size_t)n;
		if (len < sizeof(text))
			continue;
		make_line(line, count++);
		g_assert_cmpmem(text, sizeof(text), line, sizeof(line));
		len = 0;
	}
	g_assert_cmpuint(len, ==, 0);
	return count;
}

static void writes_all_that_was_put_before_it_ends(void)
{
	struct pipe_ends ends = make_pipe();
	struct log_writer *writer = NULL;
	char line[LINE_BYTES];

	g_assert_cmpint(log_writer_new(&writer, ends.write), ==, 0);
	for (unsigned i = 0; i < 300; i++) { /* less than a pipe holds */
		make_line(line, i);
		g_assert_true(log_writer_put(writer, line, sizeof(line)));
	}
	g_assert_true(log_writer_end(writer, 10000));
	make_line(line, 300); /* who is late */
	g_assert_true(log_writer_put(writer, line, sizeof(line)));
	log_writer_free(writer);
	close(ends.write);
	g_assert_cmpuint(read_lines(ends.read), ==, 301);
	close(ends.read);
}

struct reader {
	int fd;
	unsigned count;
};

static void *read_all(void *arg)
{
	struct reader *reader = arg;

	reader->count = read_lines(reader->fd);
	return NULL;
}

/* Nobody reads: putting goes on without waiting, until there is no room; then somebody does. */
static void never_holds_up_who_logs(void)
{
	struct pipe_ends ends = make_pipe();
	struct log_writer *writer = NULL;
	struct reader reader = {.fd = ends.read};
	int64_t began_us = clock_now_us();
	unsigned taken = 0;
	char line[LINE_BYTES];
	GThread *thread;

	g_assert_cmpint(log_writer_new(&writer, ends.write), ==, 0);
	for (unsigned i = 0; i < 3 * LOG_WRITER_BYTES / LINE_BYTES; i++) {
		make_line(line, taken);
		taken += log_writer_put(writer, line, sizeof(line));
	}
	g_assert_cmpuint(taken, <, 3 * LOG_WRITER_BYTES / LINE_BYTES);
	g_assert_cmpuint(taken, >=, LOG_WRITER_BYTES / LINE_BYTES);
	g_assert_false(log_writer_end(writer, 20));
	g_assert_cmpint(clock_now_us() - began_us, <, 10000000);
	thread = g_thread_new("reader", read_all, &reader);
	g_assert_true(log_writer_end(writer, 10000));
	log_writer_free(writer);
	close(ends.write);
	g_thread_join(thread);
	g_assert_cmpuint(reader.count, ==, taken);
	close(ends.read);
}

/* A descriptor that others have made non-blocking. */
static void waits_for_room_where_writing_does_not(void)
{
	struct pipe_ends ends = make_pipe();
	struct log_writer *writer = NULL;
	struct reader reader = {.fd = ends.read};
	char line[LINE_BYTES];
	GThread *thread;

	g_assert_cmpint(fcntl(ends.write, F_SETFL, O_NONBLOCK), ==, 0);
	g_assert_cmpint(log_writer_new(&writer, ends.write), ==, 0);
	for (unsigned i = 0; i < 2000; i++) { /* more than a pipe holds */
		make_line(line, i);
		g_assert_true(log_writer_put(writer, line, sizeof(line)));
	}
	thread = g_thread_new("reader", read_all, &reader);
	g_assert_true(log_writer_end(writer, 10000));
	log_writer_free(writer);
	close(ends.write);
	g_thread_join(thread);
	g_assert_cmpuint(reader.count, ==, 2000);
	close(ends.read);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/log_writer/writes_all_that_was_put_before_it_ends",
			writes_all_that_was_put_before_it_ends);
	g_test_add_func("/log_writer/never_holds_up_who_logs", never_holds_up_who_logs);
	g_test_add_func("/log_writer/waits_for_room_where_writing_does_not",
			waits_for_room_where_writing_does_not);
	return g_test_run();
}
