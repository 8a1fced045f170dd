/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * vidd-scenarios: the bench in virtual time. Each run is a process of its own, so a crash is one
 * failed run; results come in order, one JSON object a line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

#include "loadtest/scenario/scenario.h"
#include "loadtest/scenario/tables.h"

#define MAIN_RUNS 4096

static const struct scenario *(*const tables[])(size_t *count) = {
	scenarios_steps, scenarios_flows, scenarios_weather, scenarios_six, scenarios_rural,
};

struct job {
	const struct scenario *scenario;
	uint64_t seed;
	pid_t pid;
	int fd;
};

static struct {
	gboolean list;
	gchar **only;
	gint seeds;
	gint first_seed;
	gchar *json;
	gint jobs;
} options = {.seeds = 1, .first_seed = 1, .jobs = 2};

static const GOptionEntry entries[] = {
	{"list", 'l', 0, G_OPTION_ARG_NONE, &options.list, "Name the scenarios and end", NULL},
	{"only", 'o', 0, G_OPTION_ARG_STRING_ARRAY, &options.only,
	 "Only scenarios whose names begin so; may be given again", "NAME"},
	{"seeds", 'n', 0, G_OPTION_ARG_INT, &options.seeds, "Runs of each", "N"},
	{"first-seed", 0, 0, G_OPTION_ARG_INT, &options.first_seed, "The first one's seed", "N"},
	{"json", 'j', 0, G_OPTION_ARG_FILENAME, &options.json, "Results here, not on stdout",
	 "FILE"},
	{"jobs", 0, 0, G_OPTION_ARG_INT, &options.jobs, "Runs at a time", "N"},
	{NULL, 0, 0, 0, NULL, NULL, NULL},
};

static bool is_wanted(const struct scenario *scenario)
{
	if (!options.only)
		return true;
	for (size_t i = 0; options.only[i]; i++)
		if (g_str_has_prefix(scenario->name, options.only[i]))
			return true;
	return false;
}

/* The child: one run, its line on fd. */
static void run_job(const struct job *job, int fd)
{
	uint64_t digest = 0;
	json_t *result = scenario_run(job->scenario, job->seed, &digest);
	char text[32];

	(void)snprintf(text, sizeof(text), "%016llx", (unsigned long long)digest);
	json_object_set_new(result, "digest", json_string(text));
	if (json_dumpfd(result, fd, JSON_COMPACT | JSON_REAL_PRECISION(8)) != 0)
		_exit(EXIT_FAILURE);
	json_decref(result);
	_exit(EXIT_SUCCESS);
}

static int start(struct job *job)
{
	int fds[2];

	if (pipe(fds) < 0)
		return -errno;
	(void)fflush(NULL); /* nothing may go out twice */
	job->pid = fork();
	if (job->pid < 0)
		return -errno;
	if (job->pid == 0) {
		(void)close(fds[0]); /* ours is the other end */
		run_job(job, fds[1]);
	}
	(void)close(fds[1]); /* the child's */
	job->fd = fds[0];
	return 0;
}

/* A run that ended by itself has no line of its own; without measures it meets no mark. */
static void print_crash(FILE *out, const struct job *job, int status)
{
	(void)fprintf(out,
		      "{\"name\":\"%s\",\"mode\":\"sim\",\"system\":\"vidd\",\"seed\":%llu,"
		      "\"void\":false,\"reason\":\"the run ended with status %d\","
		      "\"measures\":{\"crashed\":1},"
		      "\"series\":{}}\n",
		      job->scenario->name, (unsigned long long)job->seed, status);
}

/* Takes the run's line. False: it crashed. */
static bool finish(const struct job *job, FILE *out)
{
	char buf[65536];
	GString *line = g_string_new(NULL);
	int status = 0;
	ssize_t n;
	bool is_ok;

	while ((n = read(job->fd, buf, sizeof(buf))) > 0)
		g_string_append_len(line, buf, n);
	(void)close(job->fd); /* read to its end */
	is_ok = waitpid(job->pid, &status, 0) == job->pid && status == 0;
	if (is_ok)
		(void)fprintf(out, "%s\n", line->str);
	else
		print_crash(out, job, status);
	(void)fflush(out);
	g_string_free(line, TRUE);
	return is_ok;
}

static size_t plan(struct job *jobs)
{
	size_t count = 0;

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
		size_t n;
		const struct scenario *scenario = tables[t](&n);

		for (size_t i = 0; i < n; i++, scenario++) {
			if (!is_wanted(scenario))
				continue;
			if (options.list)
				(void)printf("%s\n", scenario->name);
			for (int s = 0; s < options.seeds && count < MAIN_RUNS; s++)
				jobs[count++] =
					(struct job){.scenario = scenario,
						     .seed = (uint64_t)(options.first_seed + s)};
		}
	}
	return count;
}

static int run_all(struct job *jobs, size_t count, FILE *out)
{
	size_t started = 0;
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		while (started < count && started < i + (size_t)options.jobs) {
			int rc = start(&jobs[started++]);

			if (rc < 0) {
				(void)fprintf(stderr, "cannot start a run: %s\n", g_strerror(-rc));
				return EXIT_FAILURE;
			}
		}
		failed += !finish(&jobs[i], out);
	}
	if (failed)
		(void)fprintf(stderr, "%d of %zu runs crashed\n", failed, count);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	static struct job jobs[MAIN_RUNS];
	GOptionContext *context = g_option_context_new("- thin links in virtual time");
	GError *error = NULL;
	FILE *out = stdout;
	size_t count;
	bool is_parsed;
	int rc;

	g_option_context_add_main_entries(context, entries, NULL);
	is_parsed = g_option_context_parse(context, &argc, &argv, &error);
	g_option_context_free(context);
	if (!is_parsed || argc > 1 || options.jobs < 1) {
		(void)fprintf(stderr, "%s\n", error ? error->message : "unknown argument");
		return EXIT_FAILURE;
	}
	count = plan(jobs);
	if (options.list)
		return EXIT_SUCCESS;
	if (options.json && !(out = fopen(options.json, "w"))) {
		(void)fprintf(stderr, "%s: %s\n", options.json, g_strerror(errno));
		return EXIT_FAILURE;
	}
	rc = run_all(jobs, count, out);
	if (out != stdout && fclose(out) != 0)
		rc = EXIT_FAILURE;
	return rc;
}
