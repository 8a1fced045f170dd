/* SPDX-License-Identifier: EUPL-1.2 */
/* Short commands beside a running vidd, or before its first start: they make one thing, print it
 * and end. */
#ifndef VIDD_SERVER_COMMAND_H
#define VIDD_SERVER_COMMAND_H

#include <stdbool.h>

#include "server/config.h"
#include "server/exit_code.h"

/* Whether the flags ask for one. */
bool command_is_asked(const struct config *config);
/* --make-unit, --make-api-key, --make-account, --import-organisation. */
enum exit_code command_run(const struct config *config);

/* What is wrong with the database, in words, on standard error. */
enum exit_code command_told_store(int r, const char *path);

#endif
