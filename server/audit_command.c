/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/audit_command.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/audit_extract.h"
#include "server/audit_file.h"
#include "server/clock.h"
#include "server/command.h"
#include "server/config.h"
#include "server/file.h"
#include "server/operator.h"
#include "server/random.h"
#include "server/store_audit.h"

#define MAX_SAMPLE 1000

static const char help[] =
	"Usage: vidd audit COMMAND [--FLAG VALUE ...]\n\n"
	"Reads the audit trail, beside a running vidd or in a copy of its data directory.\n\n"
	"  verify    Check that no record was changed, moved, taken out or cut off.\n"
	"            --key FILE     public key kept elsewhere; else audit-key.pub of the data\n"
	"            --head LINE    a line of `vidd audit head` kept elsewhere, to be found in it\n"
	"  head      Print the newest signed head, to be kept elsewhere.\n"
	"  extract   What a patient may know: which unit reached data, and when. Put on record.\n"
	"            --patient REF  the booking system's reference\n"
	"            --format F     text (default), csv or json\n"
	"            --language L   sv (default) or en\n"
	"            --staff        with names of staff\n"
	"  sample    Records at random, for spot checks. Put on record.\n"
	"            --count N      how many, 20 at first, 1000 at most\n"
	"            --seed N       the same number draws the same records\n"
	"            --unit ID      of one unit only\n\n"
	"For all:      --data DIR or --config FILE says where the data directory is.\n"
	"extract and sample: --from and --to, as 2026-11-26 or 2026-11-26T10:00:00Z (to is not\n"
	"            part of it).\n\n"
	"Ends with 0, with 1 when verify finds a fault, with 2 for wrong flags, 4 when the\n"
	"database or 6 when the key cannot be used.\n";

struct options {
	const char *config, *data;
	const char *key, *head;
	const char *patient, *format, *language;
	const char *from, *to, *count, *seed, *unit;
	bool has_staff;
};

struct command {
	const struct options *o;
	char *data;
	struct store *store;
	struct audit_key *key;
	int64_t now_ms, from_ms, to_ms;
};

static enum exit_code fail(enum exit_code code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static enum exit_code fail(enum exit_code code, const char *fmt, ...)
{
	va_list ap;

	fputs("vidd audit: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return code;
}

/* --- verify and head ---------------------------------------------------------------------------
 */

static enum exit_code tell_verdict(const struct audit_walk *walk)
{
	if (walk->fault == AUDIT_INTACT) {
		printf("The audit trail is whole: %" PRId64 " records until number %" PRId64
		       ", %" PRId64 " days signed.\n",
		       walk->records, walk->seq, walk->heads);
		if (walk->records == 0)
			puts("It is empty.");
		return EXIT_CODE_OK;
	}
	printf("The audit trail is NOT whole: record %" PRId64 "%s%s: %s.\n", walk->fault_seq,
	       walk->fault_day[0] != '\0' ? ", head of " : "", walk->fault_day,
	       audit_fault_text(walk->fault));
	return EXIT_CODE_FAILED;
}

static enum exit_code check_kept_head(struct command *c)
{
	struct audit_head head;
	int r;

	if (audit_head_parse(&head, c->o->head) < 0)
		return fail(EXIT_CODE_CONFIG, "--head: give it a line as `vidd audit head` prints");
	if (!audit_head_is_signed(&head, c->key)) {
		puts("The head that was kept was not signed by this key.");
		return EXIT_CODE_FAILED;
	}
	r = store_audit_has_head(c->store, &head);
	if (r == -EIO)
		return fail(EXIT_CODE_DATABASE, "the database cannot be read");
	if (r == 0) {
		printf("The head that was kept is in it: record %" PRId64 " of %s.\n", head.seq,
		       head.day);
		return EXIT_CODE_OK;
	}
	printf("The audit trail is NOT the one whose head was kept: record %" PRId64
	       " of %s is %s.\n",
	       head.seq, head.day, r == -ENOENT ? "not in it" : "another");
	return EXIT_CODE_FAILED;
}

static enum exit_code verify(struct command *c)
{
	struct audit_walk walk;
	enum exit_code code;

	if (store_audit_verify(c->store, c->key, c->now_ms, &walk) < 0)
		return fail(EXIT_CODE_DATABASE, "the database cannot be read");
	code = tell_verdict(&walk);
	return code == EXIT_CODE_OK && c->o->head != NULL ? check_kept_head(c) : code;
}

static enum exit_code print_head(struct command *c)
{
	char line[AUDIT_HEAD_LINE_BYTES];
	struct audit_head head;
	int r = store_audit_head(c->store, &head);

	if (r == -ENOENT)
		return fail(EXIT_CODE_FAILED, "the audit trail is empty: nothing has been signed");
	if (r < 0)
		return fail(EXIT_CODE_DATABASE, "the database cannot be read");
	audit_head_format(line, &head);
	puts(line);
	return EXIT_CODE_OK;
}

/* --- what reads records is itself on record ----------------------------------------------------
 */

static int put_on_record(struct command *c, const char *action, const char *reason)
{
	return operator_record(c->store, c->key,
			       (struct audit_event){.action = action,
						    .patient_ref = c->o->patient,
						    .unit = c->o->unit,
						    .reason = reason});
}

static enum exit_code told_unrecorded(void)
{
	return fail(EXIT_CODE_DATABASE,
		    "reading must be put on record, and the audit trail cannot be written: run it "
		    "as the user of vidd, where the key audit-key.pem is");
}

/* --- extract ------------------------------------------------------------------------------------
 */

static enum exit_code extract(struct command *c)
{
	const struct options *o = c->o;
	const struct audit_extract ask = {
		.patient_ref = o->patient,
		.provider = "",
		.from_ms = c->from_ms,
		.to_ms = c->to_ms,
		.format = audit_format_from_name(o->format != NULL ? o->format : "text"),
		.is_swedish = o->language == NULL || strcmp(o->language, "sv") == 0,
		.has_staff = o->has_staff,
	};
	char *text = NULL;
	int r;

	if (o->patient == NULL || o->patient[0] == '\0')
		return fail(EXIT_CODE_CONFIG, "extract: say of whom with --patient");
	if (ask.format == AUDIT_FORMAT_COUNT)
		return fail(EXIT_CODE_CONFIG, "--format %s: it is text, csv or json", o->format);
	if (!ask.is_swedish && strcmp(o->language, "en") != 0)
		return fail(EXIT_CODE_CONFIG, "--language %s: it is sv or en", o->language);
	if (put_on_record(c, "audit-extract", o->has_staff ? "with staff" : "") < 0)
		return told_unrecorded();
	r = audit_extract_make(c->store, &ask, c->now_ms, &text);
	if (r < 0)
		return fail(EXIT_CODE_DATABASE,
			    "the records cannot be read: vidd audit verify tells where");
	fputs(text, stdout);
	g_free(text);
	return EXIT_CODE_OK;
}

/* --- sample -------------------------------------------------------------------------------------
 */

struct sample {
	struct rng rng;
	size_t count, seen;
	char *row[MAX_SAMPLE];
};

/* Reservoir sampling (Vitter 1985, algorithm R): every record is as likely as any other. */
static int draw(void *user, int64_t seq, const struct audit_record *record)
{
	struct sample *s = user;
	size_t place = s->seen++;
	char *text;

	if (place >= s->count) {
		place = (size_t)(rng_u64(&s->rng) % s->seen);
		if (place >= s->count)
			return 0;
	}
	text = audit_record_text(&record->event);
	g_free(s->row[place]);
	s->row[place] = g_strdup_printf("%" PRId64 "\t%s", seq, text);
	g_free(text);
	return 0;
}

static int by_number(const void *a, const void *b)
{
	int64_t x = g_ascii_strtoll(*(char *const *)a, NULL, 10);
	int64_t y = g_ascii_strtoll(*(char *const *)b, NULL, 10);

	return x < y ? -1 : x > y;
}

static enum exit_code print_sample(struct command *c, struct sample *s, uint64_t seed)
{
	const struct store_audit_query query = {
		.unit = c->o->unit,
		.from_ms = c->from_ms,
		.to_ms = c->to_ms,
		.is_oldest_first = true,
	};
	size_t drawn;
	char reason[96];

	g_snprintf(reason, sizeof(reason), "count %zu, seed %" PRIu64, s->count, seed);
	if (store_audit_list(c->store, &query, draw, s) < 0)
		return fail(EXIT_CODE_DATABASE,
			    "the records cannot be read: vidd audit verify tells where");
	if (put_on_record(c, "audit-sample", reason) < 0)
		return told_unrecorded();
	drawn = s->seen < s->count ? s->seen : s->count;
	qsort(s->row, drawn, sizeof(s->row[0]), by_number);
	printf("# %zu of %zu records, seed %" PRIu64 "\n", drawn, s->seen, seed);
	for (size_t i = 0; i < drawn; i++)
		puts(s->row[i]);
	return EXIT_CODE_OK;
}

static enum exit_code sample(struct command *c)
{
	struct rng system = random_system();
	struct sample *s = g_new0(struct sample, 1);
	guint64 count = 20, seed = rng_u64(&system) >> 32;
	enum exit_code code;

	if (c->o->count != NULL &&
	    !g_ascii_string_to_unsigned(c->o->count, 10, 1, MAX_SAMPLE, &count, NULL))
		code = fail(EXIT_CODE_CONFIG, "--count %s: it is a number from 1 to %d",
			    c->o->count, MAX_SAMPLE);
	else if (c->o->seed != NULL &&
		 !g_ascii_string_to_unsigned(c->o->seed, 10, 0, UINT64_MAX, &seed, NULL))
		code = fail(EXIT_CODE_CONFIG, "--seed %s: it is a whole number", c->o->seed);
	else {
		s->rng = rng_seeded(seed);
		s->count = (size_t)count;
		code = print_sample(c, s, seed);
	}
	for (size_t i = 0; i < MAX_SAMPLE; i++)
		g_free(s->row[i]);
	g_free(s);
	return code;
}

/* --- opening ------------------------------------------------------------------------------------
 */

static enum exit_code find_data(struct command *c)
{
	const char *argv[3] = {"vidd", "--config", c->o->config};
	char error[CONFIG_ERROR_BYTES];
	struct config config;
	enum exit_code code = EXIT_CODE_OK;

	if (c->o->data != NULL) {
		c->data = g_strdup(c->o->data);
		return EXIT_CODE_OK;
	}
	if (config_load(&config, c->o->config != NULL ? 3 : 1, (char *const *)argv, error) < 0)
		code = fail(EXIT_CODE_CONFIG, "%s", error);
	else
		c->data = g_strdup(config.data);
	config_close(&config);
	return code;
}

static enum exit_code open_key(struct command *c, bool is_writing)
{
	char *path =
		c->o->key != NULL
			? g_strdup(c->o->key)
			: g_build_filename(c->data, is_writing ? "audit-key.pem" : "audit-key.pub",
					   NULL);
	char why[AUDIT_FILE_WHY_BYTES];
	int r = audit_file_read_key(&c->key, path, why);

	g_free(path);
	if (r < 0)
		return fail(r == -EACCES ? EXIT_CODE_PERMISSION : EXIT_CODE_CERTIFICATE, "%s", why);
	return EXIT_CODE_OK;
}

static enum exit_code open_all(struct command *c, bool is_writing)
{
	enum exit_code code = find_data(c);
	char *path;
	int r;

	if (code == EXIT_CODE_OK)
		code = open_key(c, is_writing);
	if (code != EXIT_CODE_OK)
		return code;
	c->now_ms = clock_unix_us() / 1000;
	if (c->o->from != NULL && audit_time_parse(&c->from_ms, c->o->from) < 0)
		return fail(EXIT_CODE_CONFIG, "--from %s: it is a day as 2026-11-26", c->o->from);
	if (c->o->to != NULL && audit_time_parse(&c->to_ms, c->o->to) < 0)
		return fail(EXIT_CODE_CONFIG, "--to %s: it is a day as 2026-11-26", c->o->to);
	path = g_build_filename(c->data, "vidd.db", NULL);
	r = is_writing ? store_open_beside(&c->store, path, random_system())
		       : store_open_reading(&c->store, path);
	if (r < 0)
		code = command_told_store(r, path);
	g_free(path);
	return code;
}

/* --- the command line ---------------------------------------------------------------------------
 */

static enum exit_code read_options(struct options *o, int argc, char **argv)
{
	const struct {
		const char *name;
		const char **value;
	} flags[] = {
		{"config", &o->config}, {"data", &o->data},	    {"key", &o->key},
		{"head", &o->head},	{"patient", &o->patient},   {"format", &o->format},
		{"from", &o->from},	{"language", &o->language}, {"to", &o->to},
		{"count", &o->count},	{"seed", &o->seed},	    {"unit", &o->unit},
	};

	for (int i = 2; i < argc; i++) {
		size_t k = 0;
		size_t len = strcspn(argv[i], "=");

		if (strcmp(argv[i], "--staff") == 0) {
			o->has_staff = true;
			continue;
		}
		while (k < G_N_ELEMENTS(flags) &&
		       (strncmp(argv[i], "--", 2) != 0 || strlen(flags[k].name) != len - 2 ||
			strncmp(argv[i] + 2, flags[k].name, len - 2) != 0))
			k++;
		if (k == G_N_ELEMENTS(flags))
			return fail(EXIT_CODE_CONFIG, "unknown flag %s: see vidd audit --help",
				    argv[i]);
		*flags[k].value = argv[i][len] == '=' ? argv[i] + len + 1 : argv[++i];
		if (*flags[k].value == NULL)
			return fail(EXIT_CODE_CONFIG, "--%s: give it a value", flags[k].name);
	}
	return EXIT_CODE_OK;
}

enum exit_code audit_command(int argc, char **argv)
{
	static const struct {
		const char *name;
		enum exit_code (*run)(struct command *c);
		bool is_writing;
	} commands[] = {
		{"verify", verify, false},
		{"head", print_head, false},
		{"extract", extract, true},
		{"sample", sample, true},
	};
	struct options options = {0};
	struct command c = {.o = &options};
	enum exit_code code;
	size_t k = 0;

	if (argc < 2 || strcmp(argv[1], "--help") == 0) {
		fputs(help, argc < 2 ? stderr : stdout);
		return argc < 2 ? EXIT_CODE_CONFIG : EXIT_CODE_OK;
	}
	while (k < G_N_ELEMENTS(commands) && strcmp(commands[k].name, argv[1]) != 0)
		k++;
	if (k == G_N_ELEMENTS(commands))
		return fail(EXIT_CODE_CONFIG, "\"%s\" is no command: see vidd audit --help",
			    argv[1]);
	code = read_options(&options, argc, argv);
	if (code == EXIT_CODE_OK)
		code = open_all(&c, commands[k].is_writing);
	if (code == EXIT_CODE_OK)
		code = commands[k].run(&c);
	store_close(c.store);
	audit_key_free(c.key);
	g_free(c.data);
	return code;
}
