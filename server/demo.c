/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/demo.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/file.h"
#include "server/random.h"
#include "server/store_account.h"
#include "server/store_device.h"
#include "server/store_invite.h"
#include "server/store_unit.h"
#include "server/token_text.h"

#define MAX_FILE_BYTES 65536

/* The token is what stands behind the link's '#'. */
static void copy_token(char out[STORE_TOKEN_TEXT + 1], const json_t *links, const char *who)
{
	const char *link = json_string_value(json_object_get(links, who));
	const char *hash = link != NULL ? strrchr(link, '#') : NULL;

	if (hash != NULL && strlen(hash + 1) == STORE_TOKEN_TEXT)
		memcpy(out, hash + 1, STORE_TOKEN_TEXT + 1);
}

static void read_kept(struct demo *demo, const char *path)
{
	char *text;
	size_t len;
	const char *key;
	json_t *root;

	if (file_read(path, MAX_FILE_BYTES, &text, &len) < 0)
		return;
	root = json_loadb(text, len, 0, NULL);
	free(text);
	copy_token(demo->patient, json_object_get(root, "links"), "patient");
	copy_token(demo->clinician, json_object_get(root, "links"), "clinician");
	copy_token(demo->waiting, json_object_get(root, "links"), "waiting");
	key = json_string_value(json_object_get(root, "password"));
	if (key != NULL && strlen(key) == DEMO_PASSWORD_TEXT)
		memcpy(demo->password, key, DEMO_PASSWORD_TEXT + 1);
	key = json_string_value(json_object_get(root, "api_key"));
	if (key != NULL && strlen(key) < STORE_API_KEY_BYTES)
		memcpy(demo->api_key, key, strlen(key) + 1);
	json_decref(root);
}

/* Both tokens belong to one consultation that has not ended. */
static bool is_consultation_good(const struct demo *demo, struct store *store)
{
	struct service_invite patient, clinician;

	return demo->patient[0] != '\0' && demo->clinician[0] != '\0' &&
	       store_invite_find(store, demo->patient, &patient) == 0 &&
	       store_invite_find(store, demo->clinician, &clinician) == 0 && !patient.is_ended &&
	       strcmp(patient.consultation_id, clinician.consultation_id) == 0;
}

static int make_consultation(struct demo *demo, struct store *store, int64_t now_unix_s)
{
	struct store_consultation c = {
		.title = "Demo",
		.participant_count = 2,
		.participant = {{.role = ROLE_PATIENT, .name = "Elsa"},
				{.role = ROLE_CLINICIAN, .name = "Anna Berg"}},
	};
	int r = store_consultation_create(store, now_unix_s, &c);

	if (r < 0)
		return r;
	memcpy(demo->patient, c.participant[0].token, sizeof(demo->patient));
	memcpy(demo->clinician, c.participant[1].token, sizeof(demo->clinician));
	return 0;
}

static const struct {
	const char *user, *name;
	enum duty duty;
} accounts[] = {
	{"anna", "Anna Berg", DUTY_CLINICIAN},	{"erik", "Erik Sandberg", DUTY_CLINICIAN},
	{"karin", "Karin Lund", DUTY_STAFF},	{"admin", "Per Norrman", DUTY_ADMINISTRATOR},
	{"granskare", "Siv Ek", DUTY_REVIEWER}, {"support", "Ola Dahl", DUTY_SUPPORT},
};

/* Today's visits of the unit, when it has none yet: one in a quarter of an hour, two later. */
static int make_visits(struct demo *demo, struct store *store, int64_t now_unix_s,
		       const char *unit_id)
{
	static const char *const patients[] = {"Elsa Sjögren", "Nils Fjällström", "Märta Lindgren"};
	const struct store_visit_filter today = {.unit_id = unit_id,
						 .from_unix_s = now_unix_s - 43200,
						 .to_unix_s = now_unix_s + 43200,
						 .state = VISIT_STATE_COUNT};
	struct store_consultation *list;
	size_t count = 0;
	int r = store_consultation_list(store, &today, &list, &count);

	if (r < 0)
		return r;
	free(list);
	for (size_t i = 0; i < sizeof(patients) / sizeof(patients[0]) && count == 0 && r == 0;
	     i++) {
		struct store_consultation c = {
			.title = "Videobesök",
			.planned_unix_s = now_unix_s + 900 + 1800 * (int64_t)i,
			.minutes = 30,
			.has_waiting_room = true,
			.needs_interpreter = i == 2,
			.participant_count = 1,
		};

		g_strlcpy(c.unit_id, unit_id, sizeof(c.unit_id));
		c.participant[0].role = ROLE_PATIENT;
		g_strlcpy(c.participant[0].name, patients[i], sizeof(c.participant[0].name));
		r = store_consultation_create(store, now_unix_s, &c);
		if (i == 0 && r == 0)
			memcpy(demo->waiting, c.participant[0].token, sizeof(demo->waiting));
	}
	return r;
}

/* A health room, when the unit has none yet. */
static int make_place(struct store *store, const char *unit_id)
{
	struct store_place_row *list = calloc(STORE_PLACES_MAX, sizeof(*list));
	struct store_place_row room = {.name = "Hälsorummet i Slussfors",
				       .municipality = "Storuman"};
	size_t count = 0;
	int r = list != NULL ? store_place_list(store, unit_id, list, &count) : -ENOMEM;

	free(list);
	return r < 0 || count > 0 ? r : store_place_create(store, unit_id, &room);
}

/* All have one password: the one that was told at the first start, else a new one. */
static int make_accounts(struct demo *demo, struct store *store, int64_t now_unix_s)
{
	static const struct store_unit_new unit = {.name = "Demo",
						   .hsa_id = "SE0000000000-DEMO",
						   .provider = "Demo",
						   .provider_hsa_id = "SE0000000000-DEMOP"};
	char unit_id[PRINCIPAL_ID_BYTES + 1], staff_id[PRINCIPAL_ID_BYTES + 1];
	char hash[PASSWORD_HASH_BYTES];
	struct store_account found;
	struct rng rng = random_system();
	bool is_new = demo->password[0] == '\0';
	int r;

	if (is_new)
		token_text_make(&rng, demo->password, "", 16);
	r = store_unit_make(store, &unit, unit_id);
	for (size_t i = 0; i < sizeof(accounts) / sizeof(accounts[0]) && r == 0; i++) {
		const struct store_account_new account = {.user = accounts[i].user,
							  .name = accounts[i].name,
							  .hash = hash,
							  .unit_id = unit_id,
							  .duty = accounts[i].duty};
		bool is_there = store_account_find(store, account.user, &found) == 0;

		if (is_there && !is_new)
			continue;
		r = password_hash(hash, demo->password, &rng);
		if (r == 0 && is_there)
			r = store_account_change(store, now_unix_s, unit_id, found.staff_id, hash,
						 NULL);
		else if (r == 0)
			r = store_account_create(store, now_unix_s, &account, staff_id);
	}
	if (r == 0)
		r = make_place(store, unit_id);
	return r == 0 ? make_visits(demo, store, now_unix_s, unit_id) : r;
}

int demo_prepare(struct demo *demo, struct store *store, const char *path, int64_t now_unix_s)
{
	struct store_api_key key = {.label = "demo", .scopes = SCOPES_ALL};
	struct principal who;
	int r = 0;

	memset(demo, 0, sizeof(*demo));
	read_kept(demo, path);
	if (!is_consultation_good(demo, store))
		r = make_consultation(demo, store, now_unix_s);
	if (r == 0 && (demo->api_key[0] == '\0' ||
		       store_api_key_find(store, now_unix_s, demo->api_key, &who) < 0))
		r = store_api_key_create(store, now_unix_s, &key, demo->api_key);
	return r == 0 ? make_accounts(demo, store, now_unix_s) : r;
}

int demo_write(const struct demo *demo, const char *path, const char *url)
{
	json_t *root = json_pack(
		"{s:s, s:s, s:s, s:{s:o, s:o, s:o*}}", "url", url, "api_key", demo->api_key,
		"password", demo->password, "links", "patient",
		json_sprintf("%s/#%s", url, demo->patient), "clinician",
		json_sprintf("%s/#%s", url, demo->clinician), "waiting",
		demo->waiting[0] != '\0' ? json_sprintf("%s/#%s", url, demo->waiting) : NULL);
	char *text = root != NULL ? json_dumps(root, JSON_INDENT(2)) : NULL;
	int r = text != NULL ? file_write_secret(path, text, strlen(text)) : -ENOMEM;

	json_decref(root);
	free(text);
	return r;
}

void demo_print(const struct demo *demo, const char *const *urls, size_t url_count)
{
	printf("\nVidd is ready. Open one link each, on this machine or across the network:\n\n");
	for (size_t i = 0; i < url_count; i++)
		printf("  patient    %s/#%s\n  clinician  %s/#%s\n\n", urls[i], demo->patient,
		       urls[i], demo->clinician);
	if (demo->waiting[0] != '\0')
		printf("  a patient who waits to be let in by the staff:\n             %s/#%s\n\n",
		       urls[0], demo->waiting);
	printf("  staff      %s/staff, user names", urls[0]);
	for (size_t i = 0; i < sizeof(accounts) / sizeof(accounts[0]); i++)
		printf(" %s", accounts[i].user);
	printf("\n             password %s\n\n", demo->password);
	printf("  API key    %s\n\n"
	       "The certificate is self-signed: the browser asks once. Ctrl-C stops Vidd.\n\n",
	       demo->api_key);
	fflush(stdout);
}
