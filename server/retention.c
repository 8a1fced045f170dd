/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/retention.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/audit.h"
#include "server/audit_file.h"
#include "server/clock.h"
#include "server/command.h"
#include "server/config.h"
#include "server/hub.h"
#include "server/log.h"
#include "server/random.h"
#include "server/store_retention.h"

#define DAY_S  (24 * 3600)
#define FROM_S (2 * 3600) /* few visits, and before the morning's backup */

bool retention_is_due(const struct retention *retention, int64_t now_unix_s)
{
	return !retention->is_running && now_unix_s / DAY_S > retention->day &&
	       now_unix_s % DAY_S >= FROM_S;
}

/* --- the running server --------------------------------------------------------------------------
 */

struct retention_job {
	struct store_job job;
	const struct audit_key *key;
	struct store_retention_rules rules;
	struct store_retention_counts counts;
};

static void run(struct store *store, struct store_job *job)
{
	struct retention_job *j = (struct retention_job *)job;

	job->result =
		store_retention_run(store, j->key, clock_unix_s(), &j->rules, false, &j->counts);
}

static void done(struct hub *hub, struct store_job *job)
{
	const struct retention_job *j = (const struct retention_job *)job;

	hub->retention.is_running = false;
	if (job->result < 0)
		log_error("retention-failed", "result=%d", job->result);
	else
		log_info("retention", "visits=%" PRId64 " sessions=%" PRId64 " audit=%" PRId64,
			 j->counts.visits, j->counts.sessions, j->counts.audit);
}

static void close_job(struct store_job *job)
{
	free(job);
}

void retention_tick(struct hub *hub)
{
	int64_t now_s = clock_unix_s();
	struct retention_job *j;

	if (!retention_is_due(&hub->retention, now_s))
		return;
	j = calloc(1, sizeof(*j));
	if (j == NULL)
		return;
	j->job = (struct store_job){.run = run, .done = done, .close = close_job, .is_alone = true};
	j->key = audit_key_of(hub->audit);
	j->rules = (struct store_retention_rules){.visit_days = hub->config->retention_days,
						  .audit_days = hub->config->audit_days};
	hub->retention.day = now_s / DAY_S;
	hub->retention.is_running = hub_post_store(hub, &j->job);
}

/* --- the command ---------------------------------------------------------------------------------
 */

static const char help[] =
	"Usage: vidd retention [--dry-run] [--data DIR | --config FILE] [--FLAG VALUE ...]\n\n"
	"Deletes what is kept no longer, as the running vidd does each night, and tells how much.\n"
	"--dry-run only tells. --retention-days and --audit-days as for vidd.\n";

static void print_counts(const struct store_retention_counts *c, bool is_dry)
{
	const struct {
		const char *what;
		int64_t count;
	} rows[] = {
		{"visits, with all that belongs to them", c->visits},
		{"sessions of staff", c->sessions},
		{"answers kept for repeated requests", c->replies},
		{"codes of devices", c->enrolments},
		{"deliveries of webhooks", c->deliveries},
		{"records of the audit trail", c->audit},
	};

	puts(is_dry ? "Would be deleted:" : "Deleted:");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		printf("%8" PRId64 "  %s\n", rows[i].count, rows[i].what);
}

static enum exit_code sweep(const struct config *config, bool is_dry)
{
	const struct store_retention_rules rules = {.visit_days = config->retention_days,
						    .audit_days = config->audit_days};
	char *path = g_build_filename(config->data, "vidd.db", NULL);
	char *key_path = g_build_filename(config->data, "audit-key.pem", NULL);
	char why[AUDIT_FILE_WHY_BYTES];
	struct store_retention_counts counts = {0};
	struct audit_key *key = NULL;
	struct store *store = NULL;
	enum exit_code code = EXIT_CODE_OK;
	int r = audit_file_read_key(&key, key_path, why);

	if (r < 0) {
		fprintf(stderr, "vidd retention: %s\n", why);
		code = r == -EACCES ? EXIT_CODE_PERMISSION : EXIT_CODE_CERTIFICATE;
	} else {
		r = is_dry ? store_open_reading(&store, path)
			   : store_open_beside(&store, path, random_system());
		if (r == 0)
			r = store_retention_run(store, key, clock_unix_s(), &rules, is_dry,
						&counts);
		if (r < 0)
			code = command_told_store(r, path);
		else
			print_counts(&counts, is_dry);
	}
	store_close(store);
	audit_key_free(key);
	g_free(key_path);
	g_free(path);
	return code;
}

enum exit_code retention_command(int argc, char **argv)
{
	char **rest = g_new0(char *, (size_t)argc + 1);
	char error[CONFIG_ERROR_BYTES];
	struct config config;
	enum exit_code code = EXIT_CODE_OK;
	bool is_dry = false;
	int count = 0;

	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--dry-run") == 0)
			is_dry = true;
		else
			rest[count++] = argv[i];
	}
	if (config_load(&config, count, rest, error) < 0) {
		fprintf(stderr, "vidd retention: %s\n", error);
		code = EXIT_CODE_CONFIG;
	} else if (config.show_help) {
		fputs(help, stdout);
	} else {
		code = sweep(&config, is_dry);
	}
	config_close(&config);
	g_free(rest);
	return code;
}
