/* SPDX-License-Identifier: EUPL-1.2 */
/* `vidd audit verify | head | extract | sample`: beside a running vidd, or on a copy of its files.
 */
#ifndef VIDD_SERVER_AUDIT_COMMAND_H
#define VIDD_SERVER_AUDIT_COMMAND_H

#include "server/exit_code.h"

/* argv[0] is "audit". What is wrong is one sentence on standard error. */
enum exit_code audit_command(int argc, char **argv);

#endif
