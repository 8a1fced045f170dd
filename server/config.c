/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/config.h"

#include <errno.h>
#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/audit_limits.h"
#include "server/config_value.h"

#define GROUP	 "vidd"
#define FIELD(x) offsetof(struct config, x)

/* The table: what --help prints, what a file may hold, what docs/operations.md must name. */
static const struct config_key keys[] = {
	{"listen", VALUE_ADDRESS_OR_EMPTY, FIELD(listen), "", 0, 0, "ADDRESS",
	 "Address HTTPS is served on. Empty: every address of the machine."},
	{"port", VALUE_NUMBER, FIELD(port), "8443", 0, 65535, "PORT",
	 "TCP port of HTTPS, websockets, WHIP and REST. 0: any free port."},
	{"public-url", VALUE_URL_OR_EMPTY, FIELD(public_url), "", 0, 0, "URL",
	 "What links begin with, as people outside reach us: https://vidd.example.se"},
	{"media-port", VALUE_NUMBER, FIELD(media_port), "10000", 0, 65535, "PORT",
	 "First UDP port of media; worker n uses this port plus n. 0: any free ports."},
	{"address", VALUE_ADDRESSES, FIELD(address), "", 0, 0, "ADDRESS",
	 "Host address for media; may be repeated. None: every address of the machine."},
	{"advertise", VALUE_ADDRESSES, FIELD(advertise), "", 0, 0, "ADDRESS",
	 "Public address that reaches us through NAT; may be repeated."},
	{"trusted-proxy", VALUE_PROXIES, FIELD(trusted_proxy), "", 0, 0, "ADDRESSES",
	 "Reverse proxies whose X-Forwarded-For is believed: 10.1.0.7 10.2.0.0/16. Empty: none."},
	{"data", VALUE_TEXT, FIELD(data), "/var/lib/vidd", 0, 0, "DIR",
	 "Directory of the database and the certificates (with --demo: var)."},
	{"web", VALUE_TEXT, FIELD(web), "/usr/share/vidd/web", 0, 0, "DIR",
	 "Directory of the built page (with --demo: web/dist)."},
	{"cert", VALUE_TEXT, FIELD(cert), "", 0, 0, "FILE",
	 "PEM certificate chain of HTTPS. Empty: self-signed, kept in the data directory."},
	{"key", VALUE_TEXT, FIELD(key), "", 0, 0, "FILE", "PEM private key of that certificate."},
	{"workers", VALUE_NUMBER, FIELD(workers), "0", 0, CONFIG_MAX_WORKERS, "N",
	 "Media threads. 0: one per core."},
	{"max-clients", VALUE_NUMBER, FIELD(max_clients), "2000", 1, 100000, "N",
	 "Participants connected at the same time; joins beyond are refused."},
	{"max-connections", VALUE_NUMBER, FIELD(max_connections), "4000", 1, 200000, "N",
	 "TCP connections at the same time."},
	{"max-connections-per-address", VALUE_NUMBER, FIELD(max_connections_per_address), "400", 1,
	 200000, "N", "TCP connections from one address; a hospital's NAT is one address."},
	{"requests-per-second", VALUE_NUMBER, FIELD(requests_per_second), "50", 1, 100000, "N",
	 "New connections and requests from one address, in the long run; bursts may be 10 s' "
	 "worth."},
	{"request-timeout", VALUE_NUMBER, FIELD(request_timeout_s), "10", 1, 300, "SECONDS",
	 "How long TLS, the header or the body of a request may take."},
	{"answer-timeout", VALUE_NUMBER, FIELD(answer_timeout_s), "15", 1, 300, "SECONDS",
	 "How long a client may wait for an answer before its connection is closed."},
	{"idle-timeout", VALUE_NUMBER, FIELD(idle_timeout_s), "30", 1, 3600, "SECONDS",
	 "How long an idle HTTP connection is kept."},
	{"packet-buffers", VALUE_NUMBER, FIELD(packet_buffers), "65536", 1024, 4194304, "N",
	 "Packet buffers of one worker at most, of 1.6 kB each; taken as needed."},
	{"max-encoding", VALUE_NUMBER, FIELD(max_encoding), "2", 0, 2, "N",
	 "Largest simulcast encoding forwarded: 0 small, 1 medium, 2 large."},
	{"log-level", VALUE_LOG_LEVEL, FIELD(log_level), "info", 0, 0, "LEVEL",
	 "error, warn, info or debug."},
	{"metrics-open", VALUE_BOOL, FIELD(metrics_open), "false", 0, 0, "BOOL",
	 "true: /metrics answers everybody; false: only programs on this machine."},
	{"security-contact", VALUE_CONTACT, FIELD(security_contact), "", 0, 0, "ADDRESS",
	 "Whom to tell of a hole in security, in /.well-known/security.txt: mailto: or https:"},
	{"session-idle", VALUE_NUMBER, FIELD(session_idle_min), "30", 1, 720, "MINUTES",
	 "A staff session ends after so long without a request."},
	{"session-hours", VALUE_NUMBER, FIELD(session_hours), "10", 1, 24, "HOURS",
	 "A staff session ends after so long in any case."},
	{"local-accounts", VALUE_BOOL, FIELD(local_accounts), "false", 0, 0, "BOOL",
	 "true: staff may log in with a password: for development and the first start."},
	{"oidc-issuer", VALUE_URL_OR_EMPTY, FIELD(oidc_issuer), "", 0, 0, "URL",
	 "Identity provider of staff, letter by letter as it calls itself. Empty: none."},
	{"oidc-name", VALUE_TEXT, FIELD(oidc_name), "SITHS eID", 0, 0, "TEXT",
	 "What the page calls it."},
	{"oidc-client-id", VALUE_TEXT, FIELD(oidc_client_id), "vidd", 0, 0, "TEXT",
	 "What the provider calls us."},
	{"oidc-secret-file", VALUE_TEXT, FIELD(oidc_secret_file), "", 0, 0, "FILE",
	 "File with our secret there. Empty: a public client."},
	{"oidc-ca", VALUE_TEXT, FIELD(oidc_ca), "", 0, 0, "FILE",
	 "PEM file of the authorities to trust for the provider. Empty: the system's."},
	{"oidc-scopes", VALUE_TEXT, FIELD(oidc_scopes), "openid", 0, 0, "WORDS",
	 "Scopes to ask for, openid among them."},
	{"oidc-acr", VALUE_TEXT, FIELD(oidc_acr), "", 0, 0, "WORDS",
	 "Values of acr that are sure enough, separated by spaces. Empty: any."},
	{"oidc-claim-subject", VALUE_TEXT, FIELD(oidc_claim_subject), "employeeHsaId", 0, 0,
	 "CLAIM", "Claim that says who it is."},
	{"oidc-claim-name", VALUE_TEXT, FIELD(oidc_claim_name), "name", 0, 0, "CLAIM",
	 "Claim with the name that others see."},
	{"oidc-claim-list", VALUE_TEXT, FIELD(oidc_claim_list), "", 0, 0, "CLAIM",
	 "List of objects that have the next five as members. Empty: those are claims."},
	{"oidc-claim-commission", VALUE_TEXT, FIELD(oidc_claim_commission), "commissionHsaId", 0, 0,
	 "CLAIM", "HSA-id of a commission."},
	{"oidc-claim-commission-name", VALUE_TEXT, FIELD(oidc_claim_commission_name),
	 "commissionName", 0, 0, "CLAIM", "Name of a commission."},
	{"oidc-claim-unit", VALUE_TEXT, FIELD(oidc_claim_unit), "healthCareUnitHsaId", 0, 0,
	 "CLAIM", "HSA-id of its unit; without it the commission's is looked for among units."},
	{"oidc-claim-provider", VALUE_TEXT, FIELD(oidc_claim_provider), "healthCareProviderHsaId",
	 0, 0, "CLAIM", "HSA-id of its care provider."},
	{"oidc-claim-purpose", VALUE_TEXT, FIELD(oidc_claim_purpose), "commissionPurpose", 0, 0,
	 "CLAIM", "What a commission is for."},
	{"oidc-duties", VALUE_DUTIES, FIELD(oidc_duties), "*=clinician", 0, 0, "PAIRS",
	 "purpose=duty pairs separated by semicolons; * stands for every other purpose."},
	{"eid-issuer", VALUE_URL_OR_EMPTY, FIELD(eid_issuer), "", 0, 0, "URL",
	 "Identity provider of patients, letter by letter as it calls itself. Empty: none."},
	{"eid-name", VALUE_TEXT, FIELD(eid_name), "e-legitimation", 0, 0, "TEXT",
	 "What the page calls an e-ID."},
	{"eid-client-id", VALUE_TEXT, FIELD(eid_client_id), "vidd", 0, 0, "TEXT",
	 "What that provider calls us."},
	{"eid-secret-file", VALUE_TEXT, FIELD(eid_secret_file), "", 0, 0, "FILE",
	 "File with our secret there. Empty: a public client."},
	{"eid-ca", VALUE_TEXT, FIELD(eid_ca), "", 0, 0, "FILE",
	 "PEM file of the authorities to trust for it. Empty: the system's."},
	{"eid-scopes", VALUE_TEXT, FIELD(eid_scopes), "openid profile", 0, 0, "WORDS",
	 "Scopes to ask for, openid among them."},
	{"eid-acr", VALUE_TEXT, FIELD(eid_acr), "", 0, 0, "WORDS",
	 "Values of acr that are sure enough, separated by spaces. Empty: any."},
	{"eid-claim-subject", VALUE_TEXT, FIELD(eid_claim_subject),
	 "https://id.oidc.se/claim/personalIdentityNumber", 0, 0, "CLAIM",
	 "Claim with the personal identity number."},
	{"eid-claim-name", VALUE_TEXT, FIELD(eid_claim_name), "name", 0, 0, "CLAIM",
	 "Claim with the name that the clinician sees."},
	{"message-command", VALUE_TEXT, FIELD(message_command), "", 0, 0, "COMMAND",
	 "Program, with its whole path, that sends a message given as JSON on standard input."},
	{"message-webhook", VALUE_TEXT, FIELD(message_webhook), "", 0, 0, "URL",
	 "Where messages are posted to when there is no command: https://, or http://localhost."},
	{"message-secret-file", VALUE_TEXT, FIELD(message_secret_file), "", 0, 0, "FILE",
	 "File with the secret that signs what the webhook gets."},
	{"smtp-url", VALUE_TEXT, FIELD(smtp_url), "", 0, 0, "URL",
	 "Mail server for e-mail: smtps://host:465, or smtp://host:587 with STARTTLS."},
	{"smtp-user", VALUE_TEXT, FIELD(smtp_user), "", 0, 0, "NAME", "Our user there."},
	{"smtp-password-file", VALUE_TEXT, FIELD(smtp_password_file), "", 0, 0, "FILE",
	 "File with our password there."},
	{"smtp-from", VALUE_TEXT, FIELD(smtp_from), "", 0, 0, "ADDRESS",
	 "The address e-mail comes from."},
	{"smtp-plain", VALUE_BOOL, FIELD(smtp_plain), "false", 0, 0, "BOOL",
	 "true: go on without TLS where the mail server has none, as on this machine."},
	{"reminder-hours", VALUE_NUMBER, FIELD(reminder_hours), "0", 0, 336, "HOURS",
	 "Remind patients and relatives so long before the planned time; 0: only when asked"},
	{"retention-days", VALUE_NUMBER, FIELD(retention_days), "90", 1, 3650, "DAYS",
	 "How long a visit that is over is kept, where its unit says nothing else."},
	{"audit-days", VALUE_NUMBER, FIELD(audit_days), "1827", AUDIT_MIN_DAYS, 36500, "DAYS",
	 "How long the audit trail is kept; the law asks for five years at least."},
	{"time-zone", VALUE_TEXT, FIELD(time_zone), "Europe/Stockholm", 0, 0, "ZONE",
	 "In which times in messages are told."},
};

static const struct {
	const char *name;
	size_t offset;
	const char *help;
} switches[] = {
	{"demo", FIELD(demo),
	 "Data in ./var, a unit with staff and visits of today; all printed, and in "
	 "var/demo.json."},
	{"help", FIELD(show_help), "Print this and end."},
	{"version", FIELD(show_version), "Print the version and end."},
};

static int fail(char error[CONFIG_ERROR_BYTES], const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int fail(char error[CONFIG_ERROR_BYTES], const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(error, CONFIG_ERROR_BYTES, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static const struct config_key *find_key(const char *name, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (strlen(keys[i].name) == len && memcmp(keys[i].name, name, len) == 0)
			return &keys[i];
	}
	return NULL;
}

static void set_defaults(struct config *config)
{
	memset(config, 0, sizeof(*config));
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		char why[CONFIG_WHY_BYTES];

		if (config_value_set(config, &keys[i], keys[i].fallback, why) < 0)
			g_error("default of %s: %s", keys[i].name, why);
	}
}

/* GKeyFile forgets where a key stood: the line (from 1) of `key = ...`, or of a group when key is
 * NULL; 0 when not found. */
static unsigned find_line(const char *text, const char *group, const char *key)
{
	size_t want = strlen(key != NULL ? key : group);
	unsigned line = 1;

	for (const char *p = text; *p != '\0'; line++) {
		const char *s = p + strspn(p, " \t");
		const char *name = key != NULL ? s : s + 1;

		if ((key != NULL || *s == '[') &&
		    strncmp(name, key != NULL ? key : group, want) == 0) {
			const char *after = name + want + strspn(name + want, " \t");

			if (*after == (key != NULL ? '=' : ']'))
				return line;
		}
		p += strcspn(p, "\n");
		p += *p == '\n';
	}
	return 0;
}

static int read_value(struct config *config, GKeyFile *file, const struct config_key *key,
		      char why[CONFIG_WHY_BYTES])
{
	char **list;
	char *value;
	int r = 0;

	if (key->type != VALUE_ADDRESSES) {
		value = g_key_file_get_string(file, GROUP, key->name, NULL);
		if (value == NULL) {
			g_strlcpy(why, "it is not UTF-8 text", CONFIG_WHY_BYTES);
			return -EINVAL;
		}
		r = config_value_set(config, key, g_strstrip(value), why);
		g_free(value);
		return r;
	}
	/* The file's addresses replace those before, its own come as a list a;b;c. */
	config_value_clear(config, key);
	list = g_key_file_get_string_list(file, GROUP, key->name, NULL, NULL);
	for (size_t i = 0; list != NULL && list[i] != NULL && r == 0; i++)
		r = config_value_set(config, key, g_strstrip(list[i]), why);
	g_strfreev(list);
	return r;
}

static int read_keys(struct config *config, GKeyFile *file, const char *path, const char *text,
		     char error[CONFIG_ERROR_BYTES])
{
	char why[CONFIG_WHY_BYTES];
	char **names = g_key_file_get_keys(file, GROUP, NULL, NULL);
	int r = 0;

	for (size_t i = 0; names != NULL && names[i] != NULL && r == 0; i++) {
		const struct config_key *key = find_key(names[i], strlen(names[i]));
		unsigned line = find_line(text, GROUP, names[i]);

		if (key == NULL)
			r = fail(error,
				 "%s:%u: unknown key \"%s\": remove it or correct its spelling; "
				 "vidd --help lists the keys",
				 path, line, names[i]);
		else if (read_value(config, file, key, why) < 0)
			r = fail(error, "%s:%u: %s: %s", path, line, key->name, why);
	}
	g_strfreev(names);
	return r;
}

static int check_groups(GKeyFile *file, const char *path, const char *text,
			char error[CONFIG_ERROR_BYTES])
{
	char **groups = g_key_file_get_groups(file, NULL);
	int r = 0;

	for (size_t i = 0; groups[i] != NULL && r == 0; i++) {
		if (strcmp(groups[i], GROUP) != 0)
			r = fail(error,
				 "%s:%u: unknown group [%s]: all keys stand under [" GROUP "]",
				 path, find_line(text, groups[i], NULL), groups[i]);
	}
	g_strfreev(groups);
	return r;
}

/* GKeyFile accepts what looks like no key at all only by refusing the whole file without a line
 * number: find the line that is neither comment, group nor key. */
static unsigned find_bad_line(const char *text)
{
	unsigned line = 1;
	bool has_group = false;

	for (const char *p = text; *p != '\0'; line++) {
		size_t len = strcspn(p, "\n");
		const char *s = p + strspn(p, " \t\r");
		size_t rest = len - (size_t)(s - p);

		if (s < p + len && *s != '#' && *s != '\n') {
			if (*s == '[' && memchr(s, ']', rest) != NULL)
				has_group = true;
			else if (!has_group || *s == '[' || *s == '=' ||
				 memchr(s, '=', rest) == NULL)
				return line;
		}
		p += len;
		p += *p == '\n';
	}
	return 1;
}

int config_read_file(struct config *config, const char *path, char error[CONFIG_ERROR_BYTES])
{
	GKeyFile *file = g_key_file_new();
	GError *problem = NULL;
	char *text = NULL;
	gsize len;
	int r;

	if (!g_file_get_contents(path, &text, &len, &problem)) {
		r = fail(error, "%s:0: %s: give --config a file that vidd may read", path,
			 problem->message);
	} else if (!g_key_file_load_from_data(file, text, len, G_KEY_FILE_NONE, &problem)) {
		r = fail(error,
			 "%s:%u: this is no \"key = value\" line: comments begin with #, and keys "
			 "stand under [" GROUP "]",
			 path, find_bad_line(text));
	} else {
		r = check_groups(file, path, text, error);
		if (r == 0)
			r = read_keys(config, file, path, text, error);
	}
	g_clear_error(&problem);
	g_free(text);
	g_key_file_free(file);
	return r;
}

/* The value of `--name=value` or `--name value`; NULL when there is none. */
static const char *flag_value(int argc, char *const *argv, int *i)
{
	const char *equals = strchr(argv[*i], '=');

	if (equals != NULL)
		return equals + 1;
	return *i + 1 < argc ? argv[++*i] : NULL;
}

/* Flags that are no keys of the file. `--config` was read before. */
static const struct {
	const char *name, *unit;
	size_t offset; /* of a const char *; SIZE_MAX: of nothing */
	const char *help, *remedy;
} lone_flags[] = {
	{"config", "FILE", SIZE_MAX, "Key file to read before the flags.", "give it a file"},
	{"make-api-key", "LABEL", FIELD(make_api_key),
	 "Make an API key with this label, print it and end.", "give it a label, as booking"},
	{"make-unit", "NAME", FIELD(make_unit), "Make a unit of this name, print its id and end.",
	 "give it a name"},
	{"import-organisation", "FILE", FIELD(import_organisation),
	 "Read providers, units, places and staff from a JSON file and end.",
	 "give it a file, as organisation.json"},
	{"provider", "NAME", FIELD(provider), "Care provider of the unit. Without: as the unit.",
	 "give it a name"},
	{"hsa-id", "ID", FIELD(hsa_id), "HSA-id of the unit.", "give it an HSA-id"},
	{"provider-hsa-id", "ID", FIELD(provider_hsa_id), "HSA-id of its care provider.",
	 "give it an HSA-id"},
	{"make-account", "USER", FIELD(make_account),
	 "Make a local account, its password from standard input, and end.", "give it a user name"},
	{"unit", "ID", FIELD(unit),
	 "Unit of the key or account. Without: all units; for an account the only one.",
	 "give it a unit's id"},
	{"scopes", "WORDS", FIELD(scopes),
	 "Scopes of the key: read, book, message, webhook, audit. Without: all.",
	 "give it scopes, as \"read book\""},
	{"duty", "DUTY", FIELD(duty),
	 "Duty of the account: clinician, staff, administrator (without), reviewer, support.",
	 "give it a duty, as administrator"},
};

/* 0 when it is none of them, 1, or -EINVAL. */
static int read_lone_flag(struct config *config, int argc, char *const *argv, int *i,
			  char error[CONFIG_ERROR_BYTES])
{
	const char *name = argv[*i] + 2;
	size_t len = strcspn(name, "=");
	const char *value;
	size_t k = 0;

	while (k < G_N_ELEMENTS(lone_flags) &&
	       (strlen(lone_flags[k].name) != len || strncmp(lone_flags[k].name, name, len) != 0))
		k++;
	if (k == G_N_ELEMENTS(lone_flags))
		return 0;
	value = flag_value(argc, argv, i);
	if (value == NULL || value[0] == '\0')
		return fail(error, "--%s: %s", lone_flags[k].name, lone_flags[k].remedy);
	if (lone_flags[k].offset != SIZE_MAX)
		*(const char **)((char *)config + lone_flags[k].offset) = value;
	return 1;
}

static bool set_switch(struct config *config, const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(switches); i++) {
		if (strcmp(switches[i].name, name) == 0) {
			*(bool *)((char *)config + switches[i].offset) = true;
			return true;
		}
	}
	return false;
}

/* One flag; a repeatable one replaces the file's values the first time it comes (seen). */
static int read_flag(struct config *config, int argc, char *const *argv, int *i, bool *seen,
		     char error[CONFIG_ERROR_BYTES])
{
	char why[CONFIG_WHY_BYTES];
	const struct config_key *key;
	const char *flag = argv[*i];
	const char *value;
	int r;

	if (strncmp(flag, "--", 2) != 0)
		return fail(error, "\"%s\": vidd takes flags only, as --port 8443; see vidd --help",
			    flag);
	if (set_switch(config, flag + 2))
		return 0;
	r = read_lone_flag(config, argc, argv, i, error);
	if (r != 0)
		return r < 0 ? r : 0;
	key = find_key(flag + 2, strcspn(flag + 2, "="));
	if (key == NULL)
		return fail(error, "unknown flag %s: see vidd --help", flag);
	value = flag_value(argc, argv, i);
	if (value == NULL)
		return fail(error, "--%s: give it a value: --%s %s", key->name, key->name,
			    key->unit);
	if (!seen[key - keys])
		config_value_clear(config, key);
	seen[key - keys] = true;
	if (config_value_set(config, key, value, why) < 0)
		return fail(error, "--%s: %s", key->name, why);
	return 0;
}

/* What --demo changes where nobody said otherwise. */
static void set_demo_defaults(struct config *config)
{
	char why[CONFIG_WHY_BYTES];

	(void)config_value_set(config, find_key("data", 4), "var", why); /* any text is legal */
	(void)config_value_set(config, find_key("web", 3), "web/dist", why);
}

int config_load(struct config *config, int argc, char *const *argv, char error[CONFIG_ERROR_BYTES])
{
	bool seen[G_N_ELEMENTS(keys)] = {false};
	const char *path = NULL;
	int r = 0;

	set_defaults(config);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--demo") == 0)
			set_demo_defaults(config);
		if (strncmp(argv[i], "--config=", 9) == 0)
			path = argv[i] + 9;
		else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
			path = argv[i + 1];
	}
	if (path != NULL)
		r = config_read_file(config, path, error);
	for (int i = 1; i < argc && r == 0 && !config->show_help && !config->show_version; i++)
		r = read_flag(config, argc, argv, &i, seen, error);
	if (r == 0 && (config->cert[0] != '\0') != (config->key[0] != '\0'))
		r = fail(error, "cert and key belong together: give both or neither");
	return r;
}

void config_close(struct config *config)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		config_value_clear(config, &keys[i]);
}

char *config_help(void)
{
	GString *text = g_string_new(
		"Usage: vidd [--FLAG VALUE ...]\n"
		"       vidd audit verify | head | extract | sample (vidd audit --help)\n"
		"       vidd retention [--dry-run] (vidd retention --help)\n"
		"       vidd webhook list | add | remove | test (vidd webhook --help)\n\n"
		"Vidd: video consultations: signalling server, media server and page.\n\n"
		"Flags from --listen on are also keys of the configuration file, under\n"
		"[" GROUP "]: port = 8443. Lists there are a;b;c. Flags win over the file.\n"
		"Those that make something also work beside a running vidd.\n\n");

	for (size_t i = 0; i < G_N_ELEMENTS(lone_flags); i++)
		g_string_append_printf(text, "  --%s %s\n        %s\n", lone_flags[i].name,
				       lone_flags[i].unit, lone_flags[i].help);
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_string_append_printf(text, "  --%s %s\n        %s", keys[i].name, keys[i].unit,
				       keys[i].help);
		if (keys[i].fallback[0] != '\0')
			g_string_append_printf(text, " Default: %s.", keys[i].fallback);
		g_string_append_c(text, '\n');
	}
	for (size_t i = 0; i < G_N_ELEMENTS(switches); i++)
		g_string_append_printf(text, "  --%s\n        %s\n", switches[i].name,
				       switches[i].help);
	return g_string_free(text, FALSE);
}
