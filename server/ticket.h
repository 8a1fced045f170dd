/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tickets: what a staff page shows on its websocket in place of its session cookie, so that a
 * websocket from another site is worth nothing. 60 seconds, one use. In memory: a restart costs a
 * page one more request. Front thread.
 */
#ifndef VIDD_SERVER_TICKET_H
#define VIDD_SERVER_TICKET_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/rng.h"
#include "server/principal.h"

#define TICKET_TEXT 22 /* 128 bits in base64url */
#define TICKET_US   60000000
/* All staff of a county opening their page in the same minute. */
#define TICKET_MAX 4096
/* Of one session: several windows, some reloads. */
#define TICKET_MAX_PER_STAFF 8

struct tickets;

struct tickets *tickets_new(void);
/* NULL is legal. */
void tickets_free(struct tickets *tickets);

/* A new ticket for who. -EAGAIN: all that there is room for are out. The oldest of a staff member
 * who has too many ends. */
int ticket_make(struct tickets *tickets, int64_t now_us, struct rng *rng,
		const struct principal *who, char text[TICKET_TEXT + 1]);
/* Uses a ticket up: 0 and who it is for, or -ENOENT. */
int ticket_take(struct tickets *tickets, int64_t now_us, const char *text, struct principal *who);
/* Ends those of a staff member who has logged out. */
void tickets_revoke(struct tickets *tickets, const char *staff_id);
size_t tickets_count(const struct tickets *tickets);

#endif
