/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/webhook_command.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "server/clock.h"
#include "server/command.h"
#include "server/config.h"
#include "server/file.h"
#include "server/http_client.h"
#include "server/operator.h"
#include "server/random.h"
#include "server/store_webhook.h"
#include "server/token_text.h"
#include "server/webhook_event.h"
#include "server/webhook_post.h"

#define ID_BYTES 9

static const char help[] =
	"Usage: vidd webhook COMMAND [--FLAG VALUE ...]\n\n"
	"Other systems that are told of events, beside a running vidd or before its first "
	"start.\n\n"
	"  list      One line each: id, unit (- for all), events, address.\n"
	"            --unit ID      of one unit only\n"
	"  add       Print its id and, once, the secret that signs what it is told.\n"
	"            --url URL      https://, or http://localhost: with a port\n"
	"            --unit ID      told of that unit's events only\n"
	"            --events WORDS told of these only, as \"consultation.ended message.failed\"\n"
	"  remove    It is told no more, and what waits for it is dropped.\n"
	"            --id ID\n"
	"  test      Post the event \"test\" to it, once, and print what it answered.\n"
	"            --id ID\n\n"
	"For all:      --data DIR or --config FILE says where the data directory is.\n\n"
	"Ends with 0, with 1 when a test is not answered with 2xx, with 2 for wrong flags, 4 when\n"
	"the database cannot be used.\n";

struct options {
	const char *url, *events, *id;
};

struct command {
	const struct options *o;
	const struct config *config;
	const char *path; /* of the database */
	struct store *store;
};

static enum exit_code fail(enum exit_code code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static enum exit_code fail(enum exit_code code, const char *fmt, ...)
{
	va_list ap;

	fputs("vidd webhook: ", stderr);
	va_start(ap, fmt);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is begun above */
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return code;
}

/* --- each command ----------------------------------------------------------------------------- */

static const char *unit_of(const struct command *c)
{
	return c->config->unit != NULL ? c->config->unit : "";
}

static enum exit_code list(struct command *c)
{
	GArray *hooks = g_array_new(FALSE, FALSE, sizeof(struct store_webhook));
	int r = store_webhook_list(c->store, unit_of(c), hooks);

	for (guint i = 0; i < hooks->len && r == 0; i++) {
		const struct store_webhook *w = &g_array_index(hooks, struct store_webhook, i);
		char events[WEBHOOK_EVENTS_BYTES];

		webhook_events_format(w->events, events);
		printf("%s\t%s\t%s\t%s\n", w->id, w->unit_id[0] != '\0' ? w->unit_id : "-", events,
		       w->url);
	}
	g_array_unref(hooks);
	return r < 0 ? command_told_store(r, c->path) : EXIT_CODE_OK;
}

static enum exit_code store_added(struct command *c, struct store_webhook *w)
{
	int r = store_webhook_add(c->store, w);
	enum exit_code code;

	if (r == -ENOENT)
		return fail(EXIT_CODE_CONFIG, "--unit %s: there is no such unit", w->unit_id);
	if (r == -ENOSPC)
		return fail(EXIT_CODE_CONFIG,
			    "there are %d of them already, which is all there may be: remove one",
			    STORE_WEBHOOKS_PER_UNIT);
	if (r < 0)
		return command_told_store(r, c->path);
	code = operator_record_change(c->store, c->config->data,
				      (struct audit_event){.action = "make-webhook",
							   .subject = w->id,
							   .unit = w->unit_id,
							   .reason = w->events});
	if (code == EXIT_CODE_OK)
		printf("%s\n%s\n", w->id, w->secret);
	return code;
}

static enum exit_code add(struct command *c)
{
	struct store_webhook w = {0};
	enum exit_code code;

	if (c->o->url == NULL || !webhook_url_is_safe(c->o->url, true) ||
	    g_strlcpy(w.url, c->o->url, sizeof(w.url)) >= sizeof(w.url))
		return fail(EXIT_CODE_CONFIG, "add: give --url an address as "
					      "https://example.se/vidd, or http://localhost: with "
					      "a port");
	if (webhook_events_parse(c->o->events != NULL ? c->o->events : "", w.events) < 0)
		return fail(EXIT_CODE_CONFIG,
			    "--events \"%s\": events are consultation.waiting, "
			    "consultation.started, consultation.ended and message.failed",
			    c->o->events);
	g_strlcpy(w.unit_id, unit_of(c), sizeof(w.unit_id));
	code = store_added(c, &w);
	explicit_bzero(&w, sizeof(w));
	return code;
}

static enum exit_code told_unknown(const struct command *c)
{
	return fail(EXIT_CODE_CONFIG, "--id %s: there is no such webhook: see vidd webhook list",
		    c->o->id);
}

static enum exit_code remove_one(struct command *c)
{
	int r = store_webhook_remove(c->store, "", c->o->id);

	if (r == -ENOENT)
		return told_unknown(c);
	if (r < 0)
		return command_told_store(r, c->path);
	return operator_record_change(
		c->store, c->config->data,
		(struct audit_event){.action = "remove-webhook", .subject = c->o->id});
}

static enum exit_code post_test(const struct store_webhook *w)
{
	char why[WEBHOOK_POST_WHY_BYTES];
	struct rng rng = random_system();
	struct store_delivery d = {.event = "test"};
	int64_t now_s = clock_unix_s();
	bool is_sent;

	token_text_make(&rng, d.id, "d", ID_BYTES);
	g_strlcpy(d.url, w->url, sizeof(d.url));
	g_strlcpy(d.secret, w->secret, sizeof(d.secret));
	g_snprintf(d.body, sizeof(d.body),
		   "{\"event\":\"test\",\"at\":%" PRId64
		   ",\"unit\":\"%s\",\"consultation\":\"\",\"participant\":\"\"}",
		   now_s, w->unit_id);
	is_sent = webhook_post(&d, now_s, why);
	explicit_bzero(&d, sizeof(d));
	puts(why);
	return is_sent ? EXIT_CODE_OK : EXIT_CODE_FAILED;
}

static enum exit_code test(struct command *c)
{
	struct store_webhook w;
	enum exit_code code;
	int r = store_webhook_find(c->store, c->o->id, &w);

	if (r == -ENOENT)
		return told_unknown(c);
	if (r < 0)
		return command_told_store(r, c->path);
	if (http_client_init() < 0)
		return fail(EXIT_CODE_FAILED, "out of memory");
	code = post_test(&w);
	explicit_bzero(&w, sizeof(w));
	return code;
}

/* --- the command line ------------------------------------------------------------------------- */

static const struct word {
	const char *name;
	enum exit_code (*run)(struct command *c);
	bool needs_id;
} words[] = {
	{"list", list, false},
	{"add", add, false},
	{"remove", remove_one, true},
	{"test", test, true},
};

/* Takes our own flags out of argv, which is then as the server's own: 0, or -EINVAL. */
static int take_options(struct options *o, int *argc, char **argv)
{
	const struct {
		const char *name;
		const char **value;
	} flags[] = {{"--url", &o->url}, {"--events", &o->events}, {"--id", &o->id}};
	int kept = 1;

	for (int i = 1; i < *argc; i++) {
		size_t len = strcspn(argv[i], "="), k = 0;

		while (k < G_N_ELEMENTS(flags) &&
		       (strlen(flags[k].name) != len || strncmp(flags[k].name, argv[i], len) != 0))
			k++;
		if (k == G_N_ELEMENTS(flags)) {
			argv[kept++] = argv[i];
			continue;
		}
		*flags[k].value = argv[i][len] == '=' ? argv[i] + len + 1
				  : i + 1 < *argc     ? argv[++i]
						      : NULL;
		if (*flags[k].value == NULL) {
			(void)fail(EXIT_CODE_CONFIG, "%s: give it a value", flags[k].name);
			return -EINVAL;
		}
	}
	*argc = kept;
	return 0;
}

static enum exit_code open_and_run(const struct word *word, const struct options *o,
				   const struct config *config)
{
	char *path = g_build_filename(config->data, "vidd.db", NULL);
	struct command c = {.o = o, .config = config, .path = path};
	enum exit_code code;
	int r = file_make_directory(config->data);

	if (r == 0)
		r = store_open_beside(&c.store, path, random_system());
	code = r < 0 ? command_told_store(r, path) : word->run(&c);
	store_close(c.store);
	g_free(path);
	return code;
}

static enum exit_code run_word(const struct word *word, int argc, char **argv)
{
	struct options options = {0};
	char error[CONFIG_ERROR_BYTES];
	struct config config;
	enum exit_code code = EXIT_CODE_OK;

	if (take_options(&options, &argc, argv) < 0)
		return EXIT_CODE_CONFIG;
	if (config_load(&config, argc, argv, error) < 0)
		code = fail(EXIT_CODE_CONFIG, "%s", error);
	else if (config.show_help)
		fputs(help, stdout);
	else if (word->needs_id && options.id == NULL)
		code = fail(EXIT_CODE_CONFIG, "%s: say which with --id", word->name);
	else
		code = open_and_run(word, &options, &config);
	config_close(&config);
	return code;
}

enum exit_code webhook_command(int argc, char **argv)
{
	size_t k = 0;

	if (argc < 2 || strcmp(argv[1], "--help") == 0) {
		fputs(help, argc < 2 ? stderr : stdout);
		return argc < 2 ? EXIT_CODE_CONFIG : EXIT_CODE_OK;
	}
	while (k < G_N_ELEMENTS(words) && strcmp(words[k].name, argv[1]) != 0)
		k++;
	if (k == G_N_ELEMENTS(words))
		return fail(EXIT_CODE_CONFIG, "\"%s\" is no command: see vidd webhook --help",
			    argv[1]);
	return run_word(&words[k], argc - 1, argv + 1);
}
