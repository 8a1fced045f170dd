/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A thread of its own between who logs and the file that is logged to: a pipe nobody reads or a
 * disk that hangs holds that thread up, and nobody's sound. What there is no room for is lost, and
 * counted.
 */
#ifndef VIDD_SERVER_LOG_WRITER_H
#define VIDD_SERVER_LOG_WRITER_H

#include <stdbool.h>
#include <stddef.h>

struct log_writer;

/* Lines that wait: thousands of people who leave at once. Memory that is not used is not there. */
#define LOG_WRITER_BYTES 2097152

/* The descriptor is borrowed. 0, -ENOMEM, or -errno of the thread. */
int log_writer_new(struct log_writer **out, int fd);
/* Ends the thread when what waits is written. False: the descriptor took nothing for so long, and
 * the thread stays with what it has until the process ends. */
bool log_writer_end(struct log_writer *writer, int wait_ms);
/* After the thread's end; writes what came since. NULL is legal. */
void log_writer_free(struct log_writer *writer);
/* Never blocks. Takes the line whole, or says false. Any thread. */
bool log_writer_put(struct log_writer *writer, const char *line, size_t len);

/* Writes all of it, or as much as the descriptor takes before it fails. */
void log_writer_write(int fd, const char *text, size_t len);

#endif
