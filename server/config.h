/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the operator may set: defaults, then the key file, then flags. Every key is one row of the
 * table in config.c: the flag --help shows, the key of the file, its check and its default are the
 * same row, and docs/operations.md is tested against it. Read once at start; immutable afterwards.
 */
#ifndef VIDD_SERVER_CONFIG_H
#define VIDD_SERVER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/addr.h"
#include "server/log.h"
#include "server/proxy.h"

#define CONFIG_MAX_ADDRESSES 8
#define CONFIG_MAX_WORKERS   64
#define CONFIG_ERROR_BYTES   512

struct config_addresses {
	struct addr addr[CONFIG_MAX_ADDRESSES]; /* port 0 */
	size_t count;
};

struct config {
	/* Where we are reached. */
	char *listen; /* "" for every address */
	int64_t port;
	char *public_url; /* "" to make it from the first address and port */
	int64_t media_port;
	struct config_addresses address;
	struct config_addresses advertise;
	struct proxy_list trusted_proxy;
	/* Files. */
	char *data;
	char *web;
	char *cert; /* "": self-signed, kept in data */
	char *key;
	/* Limits. */
	int64_t workers; /* 0: one per core */
	int64_t max_clients;
	int64_t max_connections;
	int64_t max_connections_per_address;
	int64_t requests_per_second;
	int64_t request_timeout_s;
	int64_t answer_timeout_s;
	int64_t idle_timeout_s;
	int64_t packet_buffers;
	int64_t max_encoding;
	/* Insight. */
	enum log_level log_level;
	bool metrics_open;
	char *security_contact; /* "": none told */
	/* Staff. */
	int64_t session_idle_min;
	int64_t session_hours;
	bool local_accounts;
	char *oidc_issuer; /* "": no identity provider */
	char *oidc_name;
	char *oidc_client_id;
	char *oidc_secret_file; /* "": a public client */
	char *oidc_ca;
	char *oidc_scopes;
	char *oidc_acr; /* words; "": any */
	char *oidc_claim_subject;
	char *oidc_claim_name;
	char *oidc_claim_list;
	char *oidc_claim_commission;
	char *oidc_claim_commission_name;
	char *oidc_claim_unit;
	char *oidc_claim_provider;
	char *oidc_claim_purpose;
	char *oidc_duties;
	/* People who are not staff. */
	char *eid_issuer; /* "": they have no e-ID here */
	char *eid_name;
	char *eid_client_id;
	char *eid_secret_file; /* "": a public client */
	char *eid_ca;
	char *eid_scopes;
	char *eid_acr; /* words; "": any */
	char *eid_claim_subject;
	char *eid_claim_name;
	/* Messages to people. */
	char *message_command; /* "": none */
	char *message_webhook;
	char *message_secret_file;
	char *smtp_url;
	char *smtp_user;
	char *smtp_password_file;
	char *smtp_from;
	bool smtp_plain;
	char *time_zone;
	/* What is kept how long. */
	int64_t reminder_hours; /* before the planned time; 0: no reminders by themselves */
	int64_t retention_days;
	int64_t audit_days;
	/* Flags alone; borrowed from argv. */
	const char *make_api_key;			 /* its label; NULL: serve */
	const char *make_account;			 /* its user name; NULL: serve */
	const char *make_unit;				 /* its name; NULL: serve */
	const char *import_organisation;		 /* a file; NULL: serve */
	const char *provider, *hsa_id, *provider_hsa_id; /* of the unit; NULL: none said */
	const char *unit;   /* of what is made; NULL: all, or the only one */
	const char *scopes; /* of the key; NULL: all */
	const char *duty;   /* of the account; NULL: administrator */
	bool demo;
	bool show_help;
	bool show_version;
};

/* Fills in *config from defaults, the file that --config names, and the flags; "--help" and
 * "--version" end the reading. 0, or -EINVAL with a sentence in error that names the flag, or file
 * and line, and the remedy. config_close it in both cases. */
int config_load(struct config *config, int argc, char *const *argv, char error[CONFIG_ERROR_BYTES]);
/* The file alone, over what *config holds. 0 or -EINVAL as above. */
int config_read_file(struct config *config, const char *path, char error[CONFIG_ERROR_BYTES]);
/* Zero state is legal. */
void config_close(struct config *config);

/* The text of --help; free() it. NULL when memory is gone. */
char *config_help(void);

#endif
