/* SPDX-License-Identifier: EUPL-1.2 */
/* `vidd webhook list | add | remove | test`: who is told of events, beside a running vidd or before
 * its first start. */
#ifndef VIDD_SERVER_WEBHOOK_COMMAND_H
#define VIDD_SERVER_WEBHOOK_COMMAND_H

#include "server/exit_code.h"

/* argv[0] is "webhook". */
enum exit_code webhook_command(int argc, char **argv);

#endif
