/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `vidd --demo`: a sample consultation, an API key, a unit and an account for each duty, printed
 * and kept in demo.json. A restarted server must get its callers back, so what the file holds is
 * used again while the store knows it.
 */
#ifndef VIDD_SERVER_DEMO_H
#define VIDD_SERVER_DEMO_H

#include <stddef.h>
#include <stdint.h>

#include "server/store_access.h"
#include "server/store_visit.h"

#define DEMO_PASSWORD_TEXT 22 /* 128 bits in base64url */

struct demo {
	char patient[STORE_TOKEN_TEXT + 1];
	char clinician[STORE_TOKEN_TEXT + 1];
	char waiting[STORE_TOKEN_TEXT +
		     1]; /* the patient of a visit with a waiting room; "": none */
	char api_key[STORE_API_KEY_BYTES];
	char password[DEMO_PASSWORD_TEXT + 1]; /* of all accounts */
};

/* Before the store has its thread. 0 or -errno. */
int demo_prepare(struct demo *demo, struct store *store, const char *path, int64_t now_unix_s);
/* Writes demo.json (mode 0600): url, api_key, links, accounts. 0 or -errno. */
int demo_write(const struct demo *demo, const char *path, const char *url);
/* Prints to standard output: the links under each url, the accounts, the API key. */
void demo_print(const struct demo *demo, const char *const *urls, size_t url_count);

#endif
