/* SPDX-License-Identifier: EUPL-1.2 */
/* The whole server from a configuration to its exit code. Main thread, once. */
#ifndef VIDD_SERVER_PROCESS_H
#define VIDD_SERVER_PROCESS_H

#include "server/config.h"
#include "server/exit_code.h"

/* Serves until told to stop; a failure to start is one plain sentence on standard error. */
enum exit_code process_run(const struct config *config);
#endif
