/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * vidd: reads the configuration, makes the parts in the order they need each other, runs the front,
 * and takes everything down in reverse.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/audit_command.h"
#include "server/command.h"
#include "server/config.h"
#include "server/exit_code.h"
#include "server/log.h"
#include "server/process.h"
#include "server/retention.h"
#include "server/webhook_command.h"

int main(int argc, char **argv)
{
	struct config config;
	char error[CONFIG_ERROR_BYTES];
	int code = EXIT_CODE_OK;

	if (argc > 1 && strcmp(argv[1], "audit") == 0) {
		log_set_level(LOG_LEVEL_ERROR);
		return audit_command(argc - 1, argv + 1);
	}
	if (argc > 1 && strcmp(argv[1], "retention") == 0) {
		log_set_level(LOG_LEVEL_ERROR);
		return retention_command(argc - 1, argv + 1);
	}
	if (argc > 1 && strcmp(argv[1], "webhook") == 0) {
		log_set_level(LOG_LEVEL_ERROR);
		return webhook_command(argc - 1, argv + 1);
	}
	if (config_load(&config, argc, argv, error) < 0) {
		fprintf(stderr, "vidd: %s\n", error);
		code = EXIT_CODE_CONFIG;
	} else if (config.show_help) {
		char *help = config_help();

		fputs(help, stdout);
		free(help);
	} else if (config.show_version) {
		puts("vidd " VIDD_VERSION);
	} else {
		log_set_level(config.log_level);
		code = command_is_asked(&config) ? command_run(&config) : process_run(&config);
	}
	config_close(&config);
	return code;
}
