/* SPDX-License-Identifier: EUPL-1.2 */
/* vidd-linkem: the links of a test run between network namespaces; see options_help. */
#include <errno.h>
#include <glib.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "loadtest/linkem/options.h"
#include "loadtest/linkem/star.h"

/* Above ordinary work and below the kernel's own threads. */
#define PRIORITY 50

/* Wake on time, as far as the machine allows: measured, 99.9 % within 0.3 ms with it and 2.4-3.5 ms
 * without beside a browser. Otherwise the run goes on and its lateness is in the summary. */
static bool be_punctual(void)
{
	const struct sched_param param = {.sched_priority = PRIORITY};

	if (prctl(PR_SET_TIMERSLACK, 1) < 0)
		fprintf(stderr, "vidd-linkem: timer slack: %s\n", g_strerror(errno));
	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param) < 0) {
		fprintf(stderr, "vidd-linkem: not real-time: %s\n", g_strerror(errno));
		return false;
	}
	return true;
}

static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	(void)pthread_sigmask(SIG_BLOCK, &set, NULL); /* cannot fail with these arguments */
}

static int run(struct star *star)
{
	bool is_real_time = be_punctual();
	char *summary;
	int rc;

	puts("ready");
	fflush(stdout);
	rc = star_run(star);
	summary = star_summary(star);
	/* The report is an object, so its text is a brace and what is in it. */
	printf("{\"real_time\": %s, %s\n", is_real_time ? "true" : "false", summary + 1);
	free(summary);
	if (rc < 0)
		fprintf(stderr, "vidd-linkem: %s\n", g_strerror(-rc));
	return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	char error[OPTIONS_ERROR_BYTES] = "no memory";
	static struct options options;
	struct star *star = NULL;
	int code;

	if (options_parse(&options, argc, argv, error) < 0) {
		if (error[0])
			fprintf(stderr, "vidd-linkem: %s\n", error);
		return 2;
	}
	if (options.shows_help) {
		fputs(options_help, stdout);
		return EXIT_SUCCESS;
	}
	block_signals();
	if (star_new(&star, &options, error) < 0) {
		fprintf(stderr, "vidd-linkem: %s\n", error);
		return EXIT_FAILURE;
	}
	code = run(star);
	star_free(star);
	return code;
}
