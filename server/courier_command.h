/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Runs the operator's command with a text on its standard input, without a shell. Blocks.
 */
#ifndef VIDD_SERVER_COURIER_COMMAND_H
#define VIDD_SERVER_COURIER_COMMAND_H

#include <stddef.h>

/* 0 and the first line of its standard output; else its exit code (1-255), -ETIMEDOUT (it was
 * killed), or -errno when it cannot be started. */
int courier_command_run(char *const *argv, const char *input, int timeout_ms, char *line,
			size_t size);

#endif
