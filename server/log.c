/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const level_names[LOG_LEVEL_COUNT] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARN] = "warn",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};

static atomic_int max_level = LOG_LEVEL_INFO;

/* One writer at a time, so that lines are whole and the warning budget is one. */
static pthread_mutex_t writer = PTHREAD_MUTEX_INITIALIZER;
static struct {
	int64_t refilled_us;
	int64_t credit_us; /* a warning costs 1/LOG_WARN_PER_S s of it */
	unsigned long suppressed;
	bool is_started;
} warnings;

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
	if (warnings.credit_us < cost_us) {
		warnings.suppressed++;
		return false;
	}
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
	if (level == LOG_LEVEL_WARN) {
		if (!warning_allowed()) {
			pthread_mutex_unlock(&writer);
			return;
		}
		if (warnings.suppressed > 0)
			len = append(line, len, " suppressed=%lu", warnings.suppressed);
		warnings.suppressed = 0;
	}
	while (len > 0 && line[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	}
	line[len] = '\n';
	/* Nobody can be told when standard error is gone. */
	if (write(STDERR_FILENO, line, len + 1) < 0) {
	}
	pthread_mutex_unlock(&writer);
}
