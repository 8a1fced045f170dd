/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/linkem/star.h"

#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "loadtest/link/profile.h"
#include "loadtest/linkem/lane.h"
#include "loadtest/linkem/report.h"
#include "loadtest/linkem/tun.h"

#define LOG_BUFFER_BYTES (1 << 20)
/* t = 0 before it is known: a year from the beginning. */
#define NOT_YET_NS (365LL * 86400 * LINK_S_NS)

struct pair {
	struct profile *profile;
	int fd[2]; /* left, right */
	struct lane lane[PROFILE_WAYS];
};

struct star {
	const struct options *options;
	struct pair pair[OPTIONS_MAX_PAIRS];
	size_t pair_count;
	FILE *log;
	int log_errno;
	struct report *report;
	int signal_fd;
	bool is_started;
	bool is_over;
	bool watches_stdin;
	int64_t end_ns;
};

static int64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * LINK_S_NS + t.tv_nsec;
}

static void packet_ended(void *context, const struct record *record)
{
	struct star *star = context;
	uint8_t bytes[RECORD_BYTES];

	report_add(star->report, record);
	if (!star->log)
		return;
	record_write(record, bytes);
	if (fwrite(bytes, sizeof(bytes), 1, star->log) != 1 && star->log_errno == 0)
		star->log_errno = errno ? errno : EIO;
}

static int open_log(struct star *star, char *error)
{
	uint8_t header[RECORD_HEADER_BYTES];
	const char *path = star->options->log;

	if (!path)
		return 0;
	star->log = fopen(path, "we");
	if (!star->log) {
		int rc = -errno;

		snprintf(error, OPTIONS_ERROR_BYTES, "%s: %s", path, g_strerror(-rc));
		return rc;
	}
	(void)setvbuf(star->log, NULL, _IOFBF, LOG_BUFFER_BYTES);
	record_write_header(header);
	return fwrite(header, sizeof(header), 1, star->log) == 1 ? 0 : -EIO;
}

static int open_devices(struct pair *pair, const struct options *options,
			const struct options_pair *wanted, char *error)
{
	char name[2][TUN_NAME_BYTES];
	struct tun_config left = {wanted->left, wanted->left_address, wanted->right_address,
				  options->mtu};
	struct tun_config right = {wanted->right, wanted->right_address, wanted->left_address,
				   options->mtu};

	pair->fd[0] = tun_open(&left, name[0], error, OPTIONS_ERROR_BYTES);
	if (pair->fd[0] < 0)
		return pair->fd[0];
	pair->fd[1] = tun_open(&right, name[1], error, OPTIONS_ERROR_BYTES);
	return pair->fd[1] < 0 ? pair->fd[1] : 0;
}

/* Way down is from right to left. */
static int open_lane(struct star *star, struct pair *pair, enum profile_way way)
{
	const struct options *options = star->options;
	struct lane *lane = &pair->lane[way];
	enum profile_way link_way = options->is_swapped ? (enum profile_way)(1 - way) : way;
	uint8_t index = (uint8_t)(pair - star->pair);

	lane->in_fd = pair->fd[way == PROFILE_DOWN ? 1 : 0];
	lane->out_fd = pair->fd[way == PROFILE_DOWN ? 0 : 1];
	lane->pair = index;
	lane->way = (uint8_t)way;
	lane->blocks_udp = pair->profile->blocks_udp;
	lane->ended = packet_ended;
	lane->context = star;
	if (lane_init(lane) < 0)
		return -ENOMEM;
	/* Pairs of one run differ in luck. */
	return profile_link(&lane->link, pair->profile, link_way,
			    options->seed * OPTIONS_MAX_PAIRS + index, clock_ns() + NOT_YET_NS);
}

static int open_pair(struct star *star, const struct options_pair *wanted, char *error)
{
	struct pair *pair = &star->pair[star->pair_count++];
	char why[OPTIONS_ERROR_BYTES / 2] = "";
	int rc;

	pair->fd[0] = pair->fd[1] = -1;
	rc = profile_load(&pair->profile, wanted->profile, why, sizeof(why));
	if (rc < 0) {
		snprintf(error, OPTIONS_ERROR_BYTES, "%s: %s", wanted->profile, why);
		return rc;
	}
	rc = open_devices(pair, star->options, wanted, error);
	for (enum profile_way way = 0; way < PROFILE_WAYS && rc == 0; way++) {
		rc = open_lane(star, pair, way);
		if (rc < 0)
			snprintf(error, OPTIONS_ERROR_BYTES, "%s: %s", wanted->profile,
				 g_strerror(-rc));
	}
	return rc;
}

static int open_signals(struct star *star)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	star->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return star->signal_fd < 0 ? -errno : 0;
}

int star_new(struct star **out, const struct options *options, char error[OPTIONS_ERROR_BYTES])
{
	struct star *star = calloc(1, sizeof(*star));
	int rc;

	if (!star)
		return -ENOMEM;
	star->options = options;
	star->report = report_new();
	star->watches_stdin = options->has_gate;
	star->end_ns = INT64_MAX;
	rc = open_signals(star);
	if (rc == 0)
		rc = open_log(star, error);
	for (size_t i = 0; i < options->pair_count && rc == 0; i++)
		rc = open_pair(star, &options->pair[i], error);
	if (rc < 0) {
		star_free(star);
		return rc;
	}
	*out = star;
	return 0;
}

void star_free(struct star *star)
{
	if (!star)
		return;
	for (size_t i = 0; i < star->pair_count; i++) {
		struct pair *pair = &star->pair[i];

		for (size_t side = 0; side < 2; side++)
			if (pair->fd[side] >= 0)
				close(pair->fd[side]);
		for (enum profile_way way = 0; way < PROFILE_WAYS; way++)
			lane_close(&pair->lane[way]);
		profile_free(pair->profile);
	}
	if (star->log)
		fclose(star->log);
	if (star->signal_fd >= 0)
		close(star->signal_fd);
	report_free(star->report);
	free(star);
}

/* --- the run --------------------------------------------------------------------------------- */

static struct lane *lane_at(struct star *star, size_t i)
{
	return &star->pair[i / PROFILE_WAYS].lane[i % PROFILE_WAYS];
}

static size_t lane_count(const struct star *star)
{
	return star->pair_count * PROFILE_WAYS;
}

/* t = 0. */
static void start(struct star *star)
{
	int64_t now_ns = clock_ns();
	const struct record record = {.in_ns = now_ns, .outcome = RECORD_START};

	if (star->is_started)
		return;
	star->is_started = true;
	star->watches_stdin = false;
	for (size_t i = 0; i < lane_count(star); i++)
		link_start(lane_at(star, i)->link, now_ns);
	packet_ended(star, &record);
	if (star->options->duration_s > 0)
		star->end_ns = now_ns + (int64_t)(star->options->duration_s * 1e9);
}

static void take_signals(struct star *star)
{
	struct signalfd_siginfo info;

	while (read(star->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGUSR1)
			start(star);
		else
			star->is_over = true;
	}
}

static void take_stdin(struct star *star)
{
	char byte;

	/* Its end opens no gate: SIGUSR1 still can. */
	if (read(STDIN_FILENO, &byte, 1) == 1)
		start(star);
	star->watches_stdin = false;
}

static int64_t next_ns(struct star *star)
{
	int64_t next = star->end_ns;

	for (size_t i = 0; i < lane_count(star); i++) {
		int64_t deadline_ns = lane_deadline_ns(lane_at(star, i));

		next = deadline_ns < next ? deadline_ns : next;
	}
	return next;
}

/* Waits for packets, signals or the next deadline; marks what is ready in set. */
static int wait_for(struct star *star, struct pollfd *set, nfds_t count)
{
	int64_t next = next_ns(star);
	int64_t left = next - clock_ns();
	struct timespec timeout;

	if (left < 0)
		left = 0;
	timeout = (struct timespec){left / LINK_S_NS, left % LINK_S_NS};
	if (ppoll(set, count, next == INT64_MAX ? NULL : &timeout, NULL) < 0)
		return errno == EINTR ? 0 : -errno;
	return 0;
}

static void write_due(struct star *star)
{
	for (size_t i = 0; i < lane_count(star); i++)
		lane_write(lane_at(star, i), clock_ns);
}

/* A device whose namespace is gone gives nothing more; the others go on. */
static void read_ready(struct star *star, struct pollfd *set)
{
	for (size_t i = 0; i < lane_count(star); i++) {
		if (set[i].revents == 0)
			continue;
		if (lane_read(lane_at(star, i), clock_ns) < 0)
			set[i].fd = -1;
		write_due(star);
	}
}

int star_run(struct star *star)
{
	struct pollfd set[OPTIONS_MAX_PAIRS * PROFILE_WAYS + 2];
	size_t lanes = lane_count(star);
	int rc = 0;

	for (size_t i = 0; i < lanes; i++)
		set[i] = (struct pollfd){.fd = lane_at(star, i)->in_fd, .events = POLLIN};
	set[lanes] = (struct pollfd){.fd = star->signal_fd, .events = POLLIN};
	set[lanes + 1] = (struct pollfd){.fd = -1, .events = POLLIN};
	if (!star->options->has_gate)
		start(star);
	while (!star->is_over && rc == 0 && clock_ns() < star->end_ns) {
		set[lanes + 1].fd = star->watches_stdin ? STDIN_FILENO : -1;
		rc = wait_for(star, set, lanes + 2);
		write_due(star);
		if (rc < 0)
			break;
		if (set[lanes].revents)
			take_signals(star);
		if (set[lanes + 1].revents)
			take_stdin(star);
		read_ready(star, set);
	}
	for (size_t i = 0; i < lanes; i++)
		lane_abandon(lane_at(star, i));
	if (star->log && fflush(star->log) != 0 && star->log_errno == 0)
		star->log_errno = errno;
	return rc < 0 ? rc : -star->log_errno;
}

char *star_summary(struct star *star)
{
	return report_json(star->report, false);
}
