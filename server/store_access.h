/* SPDX-License-Identifier: EUPL-1.2 */
/* Who may ask the server from outside: API keys, kept as hashes. Store thread. */
#ifndef VIDD_SERVER_STORE_ACCESS_H
#define VIDD_SERVER_STORE_ACCESS_H

#include <stdint.h>

#include "server/store.h"

#define STORE_API_KEY_BYTES 48 /* the text with its NUL */

/* Makes a key and stores its hash; text holds STORE_API_KEY_BYTES. 0 or -EIO. */
int store_api_key_create(struct store *store, int64_t now_unix_s, const char *label, char *text);
/* 0, -EPERM unknown key, -EIO. */
int store_api_key_check(struct store *store, const char *text);

#endif
