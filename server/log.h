/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One line per event to standard error: "<time> level=info event=join room=3 peer=7". Any thread.
 *
 * Never give it tokens, keys, names of people, titles or SDP. Nothing on the path of a forwarded
 * packet logs: it counts (server/metrics). Warnings are what strangers can cause, so they are
 * rate-limited for the whole process; what was left out is told by the next one (suppressed=N).
 *
 * Between log_start and log_stop a thread writes (server/log_writer), so that nobody who logs waits
 * for standard error; lines it has no room for are counted, and told by the next one (lost=N).
 */
#ifndef VIDD_SERVER_LOG_H
#define VIDD_SERVER_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level {
	LOG_LEVEL_ERROR, /* an operator has to act */
	LOG_LEVEL_WARN,	 /* a peer misbehaves */
	LOG_LEVEL_INFO,	 /* a lifecycle step */
	LOG_LEVEL_DEBUG, /* a state change */
	LOG_LEVEL_COUNT,
};

/* Warnings that may come at once, and how many per second after that. */
#define LOG_WARN_BURST 20
#define LOG_WARN_PER_S 5
/* Longer lines are cut. */
#define LOG_LINE_BYTES 512

void log_set_level(enum log_level level);
bool log_is_on(enum log_level level);
const char *log_level_name(enum log_level level);
/* LOG_LEVEL_COUNT when unknown. */
enum log_level log_level_from_name(const char *name);

/* fmt: more "key=value" words, or "". Control characters become '?'. */
void log_line(enum log_level level, const char *event, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Once each, around the threads that log. log_stop waits a second for what is not written yet. */
void log_start(void);
void log_stop(void);
/* Lines lost since the start. */
unsigned long log_lost(void);

#define log_error(event, ...) log_line(LOG_LEVEL_ERROR, event, __VA_ARGS__)
#define log_warn(event, ...)  log_line(LOG_LEVEL_WARN, event, __VA_ARGS__)
#define log_info(event, ...)  log_line(LOG_LEVEL_INFO, event, __VA_ARGS__)
#define log_debug(event, ...)                                                                      \
	do {                                                                                       \
		if (log_is_on(LOG_LEVEL_DEBUG))                                                    \
			log_line(LOG_LEVEL_DEBUG, event, __VA_ARGS__);                             \
	} while (0)

#endif
