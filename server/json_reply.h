/* SPDX-License-Identifier: EUPL-1.2 */
/* Answers that are JSON. Front thread. */
#ifndef VIDD_SERVER_JSON_REPLY_H
#define VIDD_SERVER_JSON_REPLY_H

#include <stdint.h>

struct hub;
struct json_t;

/* Takes o; NULL: there was no memory for it. */
void json_reply(struct hub *hub, uint64_t id, int status, struct json_t *o);
/* Takes o. Seconds since 1970 as RFC 3339, or null where 0. */
struct json_t *json_reply_time(int64_t unix_s);

#endif
