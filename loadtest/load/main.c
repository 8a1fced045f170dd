/* SPDX-License-Identifier: EUPL-1.2 */
/* vidd-load: see load_options_help. */
#include <curl/curl.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "loadtest/load/options.h"
#include "loadtest/load/page.h"
#include "loadtest/load/summary.h"
#include "loadtest/load/target.h"
#include "media/wire/srtp.h"

enum {
	EXIT_VOID = 3,
	SOCKETS_PER_SEAT = 3, /* media twice, signalling */
	SOCKETS_MORE = 64,
};

static volatile sig_atomic_t is_interrupted;

static void on_signal(int number)
{
	is_interrupted = number;
}

static int fail(const char *what, const char *why)
{
	(void)fprintf(stderr, "vidd-load: %s%s%s\n", what, why[0] ? ": " : "", why);
	return EXIT_FAILURE;
}

/* --- what the server is ----------------------------------------------------------------------- */

struct access {
	char url[256];
	char api_key[256];
};

static int read_access(struct access *out, const struct load_options *options)
{
	json_t *demo = options->url ? NULL : json_load_file(options->demo, 0, NULL);
	const char *url =
		options->url ? options->url : json_string_value(json_object_get(demo, "url"));
	const char *key = options->api_key ? options->api_key
					   : json_string_value(json_object_get(demo, "api_key"));
	int result = url ? 0 : -ENOENT;

	(void)snprintf(out->url, sizeof(out->url), "%s", url ? url : "");
	(void)snprintf(out->api_key, sizeof(out->api_key), "%s", key ? key : "");
	json_decref(demo);
	return result;
}

/* Names are not resolved: a name may mean another machine tomorrow. */
static bool is_allowed(const char *url)
{
	char host[128];
	struct addr addr;
	bool is_secure;
	int port;

	if (!driver_split_url(url, &is_secure, host, &port))
		return false;
	if (strcmp(host, "localhost") == 0)
		return true;
	return addr_parse(&addr, host, (uint16_t)port) == 0 && target_is_ours(&addr);
}

/* --- progress --------------------------------------------------------------------------------- */

static void show(const struct run_result *result, const char *phase, double left_s)
{
	const struct run_second *now = &result->second[result->second_count - 1];
	const struct run_mark *mark = &now->mark;
	const struct run_mark *before = result->second_count > 1 ? &now[-1].mark : &result->idle;
	double t = (double)(mark->at_us - before->at_us) / 1e6;
	uint64_t got = mark->counts.received[0] + mark->counts.received[1] -
		       before->counts.received[0] - before->counts.received[1];
	bool is_terminal = isatty(STDERR_FILENO);

	if (!is_terminal && result->second_count % 5 != 1)
		return;
	(void)fprintf(stderr,
		      "%s%-10s %4.0f s left  %5zu connections  %7.0f packets/s out  p50 %lld p99 "
		      "%lld us  "
		      "lost %llu  server %3.0f %%  load %3.0f %%%s",
		      is_terminal ? "\r" : "", phase, left_s > 0 ? left_s : 0, mark->connections,
		      (double)got / t, (long long)histogram_quantile_us(&now->latency, 500),
		      (long long)histogram_quantile_us(&now->latency, 990),
		      (unsigned long long)mark->counts.lost,
		      (double)(mark->server.cpu_us - before->server.cpu_us) / 1e4 / t,
		      (double)(mark->own_cpu_us - before->own_cpu_us) / 1e4 / t,
		      is_terminal ? "\033[K" : "\n");
}

/* --- the whole -------------------------------------------------------------------------------- */

struct session {
	struct load_options options;
	struct access access;
	struct workload workload;
	struct workload_plan plan;
	struct tally tally;
	struct flock *flock;
	struct driver *driver;
	struct run_result result;
};

static const struct {
	const char *name;
	struct driver *(*make)(const struct driver_config *config);
} drivers[] = {
	{"vidd", driver_vidd_new},
	{"whip", driver_whip_new},
	{"janus", driver_janus_new},
};

static bool is_driver(const char *name)
{
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (strcmp(name, drivers[i].name) == 0)
			return true;
	return false;
}

static int raise_file_limit(size_t seats)
{
	rlim_t need = seats * SOCKETS_PER_SEAT + SOCKETS_MORE;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -errno;
	if (limit.rlim_cur >= need)
		return 0;
	limit.rlim_cur = need;
	if (limit.rlim_max < need)
		limit.rlim_max = need;
	return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? -errno : 0;
}

static int read_workload(struct session *s)
{
	char error[WORKLOAD_ERROR_BYTES];

	if (workload_read(&s->workload, s->options.profile, error) != 0)
		return fail(s->options.profile, error);
	if (s->options.window_s > 0)
		s->workload.window_s = s->options.window_s;
	if (s->options.warmup_s >= 0)
		s->workload.warmup_s = s->options.warmup_s;
	if (s->options.rooms)
		s->workload.rooms = s->options.rooms;
	if (s->options.people)
		s->workload.people_min = s->workload.people_max = s->options.people;
	if (workload_plan(&s->plan, &s->workload, s->options.seed) != 0)
		return fail(s->options.profile, "too many people");
	return EXIT_SUCCESS;
}

static int open_all(struct session *s)
{
	const struct flock_config flock = {
		.max_bots = 2 * s->plan.seat_count + 1,
		.turn_us = s->options.turn_us,
		.is_gathering = s->options.is_gathering,
		.seed = s->options.seed,
	};
	struct driver_config driver = {
		.url = s->access.url,
		.api_key = s->access.api_key,
		.workload = &s->workload,
		.plan = &s->plan,
		.is_anywhere_ok = s->options.is_anywhere_ok,
	};

	if (raise_file_limit(s->plan.seat_count) != 0)
		return fail("so many sockets are not allowed", "ulimit -n");
	if (flock_new(&s->flock, &flock, &s->tally) != 0)
		return fail("no memory, or no sockets", "");
	driver.flock = s->flock;
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (strcmp(s->options.driver, drivers[i].name) == 0)
			s->driver = drivers[i].make(&driver);
	if (!s->driver)
		return fail("no memory", "");
	if (s->driver->ops->prepare(s->driver) != 0)
		return fail(s->access.url, s->driver->why);
	return EXIT_SUCCESS;
}

static int write_json(const struct session *s, const json_t *root)
{
	const char *path = s->options.json;
	int result;

	if (!path)
		return EXIT_SUCCESS;
	result = strcmp(path, "-") == 0 ? json_dumpf(root, stdout, JSON_INDENT(1))
					: json_dump_file(root, path, JSON_INDENT(1));
	return result == 0 ? EXIT_SUCCESS : fail(path, "cannot be written");
}

static int write_html(const struct session *s, const json_t *root)
{
	char *text = s->options.html ? page_html(root) : NULL;
	FILE *file = text ? fopen(s->options.html, "we") : NULL;
	bool is_written = file && fputs(text, file) >= 0;

	if (file)
		is_written &= fclose(file) == 0;
	free(text);
	return is_written || !s->options.html ? EXIT_SUCCESS
					      : fail(s->options.html, "cannot be written");
}

static int report(const struct session *s)
{
	const struct summary summary = {
		.driver = s->options.driver,
		.workload = &s->workload,
		.plan = &s->plan,
		.result = &s->result,
		.tally = &s->tally,
		.flock = flock_stats(s->flock),
		.seed = s->options.seed,
		.failed = s->driver->failed,
		.why = s->driver->why,
		.has_server = s->options.server_pid != 0,
	};
	json_t *root = summary_json(&summary);
	bool is_void = json_is_true(json_object_get(root, "void"));
	int code = write_json(s, root);

	if (code == EXIT_SUCCESS)
		code = write_html(s, root);
	if (!s->options.json || strcmp(s->options.json, "-") != 0)
		summary_print(root);
	json_decref(root);
	return code == EXIT_SUCCESS && is_void ? EXIT_VOID : code;
}

static int go(struct session *s)
{
	const struct run_config config = {
		.driver = NULL,
		.workload = &s->workload,
		.plan = &s->plan,
		.tally = &s->tally,
		.server_pid = s->options.server_pid,
		.is_interrupted = &is_interrupted,
		.progress = s->options.is_quiet ? NULL : show,
	};
	struct run_config own = config;
	int code = read_workload(s);
	int error;

	if (code == EXIT_SUCCESS && !is_driver(s->options.driver))
		code = fail("no such driver", s->options.driver);
	if (code == EXIT_SUCCESS && read_access(&s->access, &s->options) != 0)
		code = fail(s->options.demo, "no address of a server there; give --demo or --url");
	if (code == EXIT_SUCCESS && !s->options.is_anywhere_ok && !is_allowed(s->access.url))
		code = fail(s->access.url,
			    "not of this machine; --i-own-this-server would send there");
	if (code == EXIT_SUCCESS)
		code = open_all(s);
	if (code != EXIT_SUCCESS)
		return code;
	own.driver = s->driver;
	own.flock = s->flock;
	error = run(&s->result, &own);
	if (!s->options.is_quiet && isatty(STDERR_FILENO))
		(void)fputc('\n', stderr);
	return error == -ESRCH ? fail("--server-pid", "there is no such process")
	       : error != 0    ? fail("no memory", "")
			       : report(s);
}

int main(int argc, char **argv)
{
	static struct session session;
	char error[LOAD_OPTIONS_ERROR_BYTES] = "";
	int code;

	if (load_options_parse(&session.options, argc, argv, error) != 0) {
		if (error[0])
			(void)fail(error, "");
		return 2;
	}
	if (session.options.shows_help) {
		(void)fputs(load_options_help, stdout);
		return EXIT_SUCCESS;
	}
	(void)signal(SIGINT, on_signal);
	(void)signal(SIGTERM, on_signal);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)prctl(PR_SET_TIMERSLACK, 1); /* turns on time; else a little later */
	if (srtp_link_library_init() != 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return fail("no memory", "");
	code = go(&session);
	if (session.driver)
		session.driver->ops->free(session.driver);
	flock_free(session.flock);
	run_result_close(&session.result);
	workload_plan_close(&session.plan);
	curl_global_cleanup();
	return code;
}
