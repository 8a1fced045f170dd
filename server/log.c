/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/log_writer.h"

/* What a log that takes nothing may hold up the end of the process. */
#define STOP_MS 1000

static const char *const level_names[LOG_LEVEL_COUNT] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARN] = "warn",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};

static atomic_int max_level = LOG_LEVEL_INFO;

/* One at a time, so that lines are whole and the warning budget is one. */
static pthread_mutex_t writer = PTHREAD_MUTEX_INITIALIZER;
static struct {
	int64_t refilled_us;
	int64_t credit_us; /* a warning costs 1/LOG_WARN_PER_S s of it */
	unsigned long suppressed;
	bool is_started;
} warnings;
static struct log_writer *thread; /* NULL: lines are written by whoever logs */
static unsigned long lost, lost_untold;

void log_set_level(enum log_level level)
{
	atomic_store(&max_level, (int)level);
}

bool log_is_on(enum log_level level)
{
	return (int)level <= atomic_load_explicit(&max_level, memory_order_relaxed);
}

const char *log_level_name(enum log_level level)
{
	return level < LOG_LEVEL_COUNT ? level_names[level] : "?";
}

enum log_level log_level_from_name(const char *name)
{
	for (int i = 0; i < LOG_LEVEL_COUNT; i++) {
		if (strcmp(name, level_names[i]) == 0)
			return (enum log_level)i;
	}
	return LOG_LEVEL_COUNT;
}

/* Whether a warning may be written now; the writer lock is held. */
static bool warning_allowed(void)
{
	const int64_t cost_us = 1000000 / LOG_WARN_PER_S;
	struct timespec ts;
	int64_t now_us;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	now_us = (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
	if (!warnings.is_started) {
		warnings.is_started = true;
		warnings.refilled_us = now_us;
		warnings.credit_us = cost_us * LOG_WARN_BURST;
	}
	warnings.credit_us += now_us - warnings.refilled_us;
	warnings.refilled_us = now_us;
	if (warnings.credit_us > cost_us * LOG_WARN_BURST)
		warnings.credit_us = cost_us * LOG_WARN_BURST;
	if (warnings.credit_us < cost_us)
		return false;
	warnings.credit_us -= cost_us;
	return true;
}

static size_t append(char *line, size_t len, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static size_t append(char *line, size_t len, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line + len, LOG_LINE_BYTES - len, fmt, ap);
	va_end(ap);
	if (n < 0)
		return len;
	len += (size_t)n;
	return len < LOG_LINE_BYTES ? len : LOG_LINE_BYTES - 1;
}

static size_t append_time(char *line)
{
	struct timespec ts;
	struct tm tm;
	size_t len;

	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	len = strftime(line, LOG_LINE_BYTES, "%Y-%m-%dT%H:%M:%S", &tm);
	return append(line, len, ".%03ldZ", ts.tv_nsec / 1000000);
}

/* The end of the line and its way out; the writer lock is held. */
static void put(enum log_level level, char *line, size_t len)
{
	if (level == LOG_LEVEL_WARN && warnings.suppressed > 0)
		len = append(line, len, " suppressed=%lu", warnings.suppressed);
	if (lost_untold > 0)
		len = append(line, len, " lost=%lu", lost_untold);
	while (len > 0 && line[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	}
	line[len++] = '\n';
	if (thread == NULL) {
		log_writer_write(STDERR_FILENO, line, len);
	} else if (!log_writer_put(thread, line, len)) {
		lost++;
		lost_untold++;
		return;
	}
	lost_untold = 0;
	if (level == LOG_LEVEL_WARN)
		warnings.suppressed = 0;
}

void log_line(enum log_level level, const char *event, const char *fmt, ...)
{
	char line[LOG_LINE_BYTES + 1];
	size_t len;
	va_list ap;
	int n;

	if (!log_is_on(level))
		return;
	len = append_time(line);
	len = append(line, len, " level=%s event=%s ", log_level_name(level), event);
	va_start(ap, fmt);
	n = vsnprintf(line + len, LOG_LINE_BYTES - len, fmt, ap);
	va_end(ap);
	if (n > 0)
		len = len + (size_t)n < LOG_LINE_BYTES ? len + (size_t)n : LOG_LINE_BYTES - 1;

	pthread_mutex_lock(&writer);
	if (level == LOG_LEVEL_WARN && !warning_allowed())
		warnings.suppressed++;
	else
		put(level, line, len);
	pthread_mutex_unlock(&writer);
}

void log_start(void)
{
	struct log_writer *made = NULL;

	/* Without a thread of its own it works as before. */
	if (log_writer_new(&made, STDERR_FILENO) < 0)
		return;
	pthread_mutex_lock(&writer);
	thread = made;
	pthread_mutex_unlock(&writer);
}

void log_stop(void)
{
	struct log_writer *made;

	pthread_mutex_lock(&writer);
	made = thread;
	pthread_mutex_unlock(&writer);
	/* What takes nothing now would hold up whoever writes to it. */
	if (made == NULL || !log_writer_end(made, STOP_MS))
		return;
	pthread_mutex_lock(&writer);
	thread = NULL;
	log_writer_free(made);
	pthread_mutex_unlock(&writer);
}

unsigned long log_lost(void)
{
	unsigned long count;

	pthread_mutex_lock(&writer);
	count = lost;
	pthread_mutex_unlock(&writer);
	return count;
}
