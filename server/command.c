/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/command.h"

#include <errno.h>
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/audit_record.h"
#include "server/clock.h"
#include "server/file.h"
#include "server/operator.h"
#include "server/password.h"
#include "server/permission.h"
#include "server/random.h"
#include "server/store_access.h"
#include "server/store_account.h"
#include "server/store_org.h"
#include "server/store_unit.h"

static enum exit_code fail(enum exit_code code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static enum exit_code fail(enum exit_code code, const char *fmt, ...)
{
	va_list ap;

	fputs("vidd: ", stderr);
	va_start(ap, fmt);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it is begun above */
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return code;
}

enum exit_code command_told_store(int r, const char *path)
{
	if (r == -EBUSY)
		return fail(EXIT_CODE_DATABASE,
			    "the database %s is locked by another program, likely another vidd: "
			    "stop that one, or give this one its own --data",
			    path);
	if (r == -EACCES)
		return fail(EXIT_CODE_PERMISSION,
			    "no permission to write the database %s: it must belong to the user "
			    "that vidd runs as",
			    path);
	if (r == -EPROTO)
		return fail(EXIT_CODE_DATABASE,
			    "the database %s was written by a newer vidd: install that version",
			    path);
	return fail(EXIT_CODE_DATABASE,
		    "the database %s cannot be used: it is damaged, or the disk fails", path);
}

/* --- each command ----------------------------------------------------------------------------- */

static enum exit_code make_unit(struct store *store, const struct config *config, const char *path)
{
	const struct store_unit_new unit = {
		.name = config->make_unit,
		.hsa_id = config->hsa_id != NULL ? config->hsa_id : "",
		.provider = config->provider != NULL ? config->provider : config->make_unit,
		.provider_hsa_id = config->provider_hsa_id != NULL ? config->provider_hsa_id : "",
	};
	char id[PRINCIPAL_ID_BYTES + 1];
	int r = store_unit_make(store, &unit, id);
	enum exit_code code;

	if (r < 0)
		return command_told_store(r, path);
	code = operator_record_change(
		store, config->data,
		(struct audit_event){.action = "make-unit", .subject = id, .unit = id});
	if (code == EXIT_CODE_OK)
		puts(id);
	return code;
}

static enum exit_code make_api_key(struct store *store, const struct config *config,
				   const char *path)
{
	struct store_api_key key = {.scopes = SCOPES_ALL};
	char text[STORE_API_KEY_BYTES], scopes[PERMISSION_SCOPES_BYTES];
	enum exit_code code;
	int r;

	if (config->scopes != NULL && permission_scopes_parse(config->scopes, &key.scopes) < 0)
		return fail(EXIT_CODE_CONFIG,
			    "--scopes \"%s\": scopes are read, book, message, webhook and audit",
			    config->scopes);
	if (strlen(config->make_api_key) > LIMIT_NAME_BYTES)
		return fail(EXIT_CODE_CONFIG, "--make-api-key: the label is longer than 128 bytes");
	g_strlcpy(key.label, config->make_api_key, sizeof(key.label));
	g_strlcpy(key.unit_id, config->unit != NULL ? config->unit : "", sizeof(key.unit_id));
	r = store_api_key_create(store, clock_unix_s(), &key, text);
	if (r == -ENOENT)
		return fail(EXIT_CODE_CONFIG, "--unit %s: there is no such unit: --make-unit",
			    config->unit);
	if (r == -ENOSPC)
		return fail(EXIT_CODE_CONFIG, "--unit %s: it has as many keys as it may",
			    config->unit);
	if (r < 0)
		return command_told_store(r, path);
	permission_scopes_format(key.scopes, scopes);
	code = operator_record_change(store, config->data,
				      (struct audit_event){.action = "make-api-key",
							   .subject = key.id,
							   .unit = key.unit_id,
							   .reason = scopes});
	if (code == EXIT_CODE_OK)
		puts(text);
	explicit_bzero(text, sizeof(text));
	return code;
}

/* One line of standard input, without its end. */
static bool read_password(char out[PASSWORD_MAX_BYTES + 3])
{
	if (fgets(out, PASSWORD_MAX_BYTES + 3, stdin) == NULL)
		return false;
	out[strcspn(out, "\r\n")] = '\0';
	return true;
}

static enum exit_code hash_password(const char *user, char hash[PASSWORD_HASH_BYTES])
{
	char password[PASSWORD_MAX_BYTES + 3];
	struct rng rng = random_system();
	const char *fault;
	int r = 0;

	if (!read_password(password))
		return fail(EXIT_CODE_CONFIG,
			    "--make-account: give the password as a line on standard input");
	fault = password_fault(password, user);
	if (fault == NULL)
		r = password_hash(hash, password, &rng);
	explicit_bzero(password, sizeof(password));
	if (fault != NULL)
		return fail(EXIT_CODE_CONFIG, "--make-account: %s", fault);
	return r < 0 ? fail(EXIT_CODE_FAILED, "out of memory") : EXIT_CODE_OK;
}

static enum exit_code store_account(struct store *store, const struct config *config,
				    const struct store_account_new *account, const char *path)
{
	char id[PRINCIPAL_ID_BYTES + 1];
	int r = store_account_create(store, clock_unix_s(), account, id);
	enum exit_code code;

	if (r == -EEXIST)
		return fail(EXIT_CODE_CONFIG, "--make-account: the user name %s is taken",
			    account->user);
	if (r == -ENOENT)
		return fail(EXIT_CODE_CONFIG, "--unit %s: there is no such unit: --make-unit",
			    account->unit_id);
	if (r < 0)
		return command_told_store(r, path);
	code = operator_record_change(
		store, config->data,
		(struct audit_event){.action = "make-account",
				     .subject = id,
				     .unit = account->unit_id,
				     .reason = permission_duty_name(account->duty)});
	if (code == EXIT_CODE_OK)
		puts(id);
	return code;
}

static enum exit_code make_account(struct store *store, const struct config *config,
				   const char *path)
{
	char unit_id[PRINCIPAL_ID_BYTES + 1], hash[PASSWORD_HASH_BYTES];
	struct store_account_new account = {
		.user = config->make_account,
		.name = config->make_account,
		.hash = hash,
		.unit_id = config->unit != NULL ? config->unit : unit_id,
		.duty = permission_duty_from_name(config->duty != NULL ? config->duty
								       : "administrator"),
	};
	enum exit_code code;

	if (account.duty == DUTY_COUNT)
		return fail(EXIT_CODE_CONFIG,
			    "--duty %s: duties are clinician, staff, "
			    "administrator, reviewer and support",
			    config->duty);
	if (strlen(account.user) > LIMIT_NAME_BYTES)
		return fail(EXIT_CODE_CONFIG, "--make-account: the name is longer than 128 bytes");
	if (config->unit == NULL && store_unit_sole(store, unit_id) < 0)
		return fail(EXIT_CODE_CONFIG,
			    "--make-account: there is no unit, or several: --make-unit or --unit");
	code = hash_password(account.user, hash);
	return code == EXIT_CODE_OK ? store_account(store, config, &account, path) : code;
}

static enum exit_code told_fault(const char *file, const struct organisation_fault *fault)
{
	return fail(EXIT_CODE_CONFIG, "--import-organisation %s: %s%s%s", file, fault->member,
		    fault->member[0] != '\0' ? ": " : "", fault->why);
}

/* Plainly, before the first patient stands at a door that nobody can open. */
static void warn_unreachable(const struct config *config, const struct organisation *o)
{
	for (guint i = 0; i < o->units->len; i++) {
		const struct organisation_unit *u =
			&g_array_index(o->units, struct organisation_unit, i);

		if (config->eid_issuer[0] == '\0' && strcmp(u->minimum_assurance, "A") == 0)
			fprintf(stderr,
				"vidd: unit %s asks for assurance A, an e-ID, which patients "
				"cannot show without an eid-issuer: nobody can be let in until "
				"there is one, or it is B or C\n",
				u->id);
	}
}

static enum exit_code tell_imported(struct store *store, const struct config *config,
				    const struct organisation *o)
{
	char *what =
		g_strdup_printf("%u providers, %u units, %u places, %u staff", o->providers->len,
				o->units->len, o->places->len, o->staff->len);
	enum exit_code code = operator_record_change(
		store, config->data,
		(struct audit_event){.action = "import-organisation", .reason = what});

	warn_unreachable(config, o);
	if (code == EXIT_CODE_OK)
		puts(what);
	g_free(what);
	return code;
}

static enum exit_code import_organisation(struct store *store, const struct config *config,
					  const char *path)
{
	const char *file = config->import_organisation;
	struct organisation o = {0};
	struct organisation_fault fault = {.member = ""};
	enum exit_code code = EXIT_CODE_OK;
	char *text = NULL;
	size_t len;
	int r = file_read(file, ORGANISATION_MAX_BYTES, &text, &len);

	if (r < 0)
		return fail(EXIT_CODE_CONFIG, "--import-organisation %s: %s", file, g_strerror(-r));
	r = organisation_parse(text, len, &o, &fault);
	free(text);
	if (r < 0)
		return told_fault(file, &fault);
	r = store_org_import(store, clock_unix_s(), &o, &fault);
	if (r == 0)
		code = tell_imported(store, config, &o);
	organisation_close(&o);
	if (r == -EINVAL)
		return told_fault(file, &fault);
	return r < 0 ? command_told_store(r, path) : code;
}

bool command_is_asked(const struct config *config)
{
	return config->make_unit != NULL || config->make_api_key != NULL ||
	       config->make_account != NULL || config->import_organisation != NULL;
}

enum exit_code command_run(const struct config *config)
{
	char *path = g_build_filename(config->data, "vidd.db", NULL);
	struct store *store = NULL;
	enum exit_code code;
	int r = file_make_directory(config->data);

	if (r == 0)
		r = store_open_beside(&store, path, random_system());
	if (r < 0)
		code = command_told_store(r, path);
	else if (config->make_unit != NULL)
		code = make_unit(store, config, path);
	else if (config->make_api_key != NULL)
		code = make_api_key(store, config, path);
	else if (config->import_organisation != NULL)
		code = import_organisation(store, config, path);
	else
		code = make_account(store, config, path);
	store_close(store);
	g_free(path);
	return code;
}
