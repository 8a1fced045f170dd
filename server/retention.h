/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * When what is kept no longer is deleted: once a day by the running server, at night, and by
 * `vidd retention`. Front thread, but for the command.
 */
#ifndef VIDD_SERVER_RETENTION_H
#define VIDD_SERVER_RETENTION_H

#include <stdbool.h>
#include <stdint.h>

#include "server/exit_code.h"

struct hub;

/* Zero state: not run yet. */
struct retention {
	int64_t day; /* the last it ran on, in days since 1970 */
	bool is_running;
};

/* Whether it is to run: once a UTC day, from two o'clock, or as soon as the server is there after
 * that. Pure. */
bool retention_is_due(const struct retention *retention, int64_t now_unix_s);
/* Once a second. */
void retention_tick(struct hub *hub);

/* `vidd retention [--dry-run]`: argv[0] is "retention". */
enum exit_code retention_command(int argc, char **argv);

#endif
