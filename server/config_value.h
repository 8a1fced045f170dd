/* SPDX-License-Identifier: EUPL-1.2 */
/* One configuration value: from text, checked, into struct config. */
#ifndef VIDD_SERVER_CONFIG_VALUE_H
#define VIDD_SERVER_CONFIG_VALUE_H

#include <stddef.h>
#include <stdint.h>

#include "server/config.h"

#define CONFIG_WHY_BYTES 256

enum config_value_type {
	VALUE_TEXT,		/* char * */
	VALUE_NUMBER,		/* int64_t */
	VALUE_BOOL,		/* bool */
	VALUE_ADDRESSES,	/* struct config_addresses; each value adds one */
	VALUE_PROXIES,		/* struct proxy_list: addresses and prefixes */
	VALUE_ADDRESS_OR_EMPTY, /* char * */
	VALUE_URL_OR_EMPTY,	/* char *, without a slash at the end */
	VALUE_CONTACT,		/* char *: mailto: or https://, or empty */
	VALUE_LOG_LEVEL,	/* enum log_level */
	VALUE_DUTIES,		/* char *: purpose=duty pairs */
};

struct config_key {
	const char *name;
	enum config_value_type type;
	size_t offset; /* in struct config */
	const char *fallback;
	int64_t min, max; /* of a number */
	const char *unit; /* what --help calls the value */
	const char *help;
};

/* 0, or -EINVAL and in why what is wrong and what would be right. */
int config_value_set(struct config *config, const struct config_key *key, const char *text,
		     char why[CONFIG_WHY_BYTES]);
/* Frees what the value holds and empties a list. */
void config_value_clear(struct config *config, const struct config_key *key);

#endif
