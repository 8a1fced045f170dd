/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/operator.h"

#include <glib.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "server/audit_file.h"
#include "server/clock.h"
#include "server/random.h"
#include "server/store_audit.h"
#include "server/token_text.h"

#define ID_BYTES 9

/* Who runs it: the system's user, or whoever became it. */
static const char *name(void)
{
	const char *sudo = getenv("SUDO_USER"); /* NOLINT(concurrency-mt-unsafe): one thread */
	const struct passwd *user = getpwuid(getuid()); /* NOLINT(concurrency-mt-unsafe) */

	if (sudo != NULL && sudo[0] != '\0')
		return sudo;
	return user != NULL ? user->pw_name : "unknown";
}

int operator_record(struct store *store, const struct audit_key *key, struct audit_event event)
{
	struct rng rng = random_system();
	char id[ID_BYTES * 2];
	char *text;
	int r;

	token_text_make(&rng, id, "e", ID_BYTES);
	event.id = id;
	event.at_ms = clock_unix_us() / 1000;
	event.actor = AUDIT_OPERATOR;
	event.actor_id = name();
	text = audit_record_text(&event);
	r = store_audit_append(store, key, event.at_ms, (const char *const[]){text}, 1);
	g_free(text);
	return r;
}

enum exit_code operator_record_change(struct store *store, const char *data,
				      struct audit_event event)
{
	char why[AUDIT_FILE_WHY_BYTES];
	struct audit_key *key = NULL;
	int r = audit_file_load_key(&key, data, why);

	if (r == 0)
		r = operator_record(store, key, event);
	audit_key_free(key);
	if (r == 0)
		return EXIT_CODE_OK;
	fprintf(stderr,
		"vidd: %s: it is done, but could not be put on the audit trail: run this as the "
		"user of vidd, where the key audit-key.pem is, and take back what was made\n",
		event.action);
	return EXIT_CODE_DATABASE;
}
