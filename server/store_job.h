/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One piece of work for the store thread and its result. Made by the front, carried to the store
 * and back by mailbox, freed by the front; whoever holds it owns it.
 */
#ifndef VIDD_SERVER_STORE_JOB_H
#define VIDD_SERVER_STORE_JOB_H

#include "server/store.h"

enum store_job_type {
	STORE_JOB_FIND_INVITE,
	STORE_JOB_CREATE, /* this and the next two check the API key first */
	STORE_JOB_GET,
	STORE_JOB_END,
};

#define STORE_JOB_TEXT 127

struct store_job {
	enum store_job_type type;
	uint64_t tag;			 /* lookup or HTTP request it answers */
	char secret[STORE_JOB_TEXT + 1]; /* invite token or API key; wiped when answered */
	int64_t posted_us;
	int result;		      /* 0 or what the store said: -EPERM for a bad API key */
	struct service_invite invite; /* FIND_INVITE */
	struct store_consultation consultation; /* CREATE, GET; END: its id */
};

#endif
