/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One piece of work for the store thread and its result. An area embeds it as the first member of a
 * struct of its own; the front makes that, the mailbox carries it to the store and back, and
 * whoever holds it owns it.
 */
#ifndef VIDD_SERVER_STORE_JOB_H
#define VIDD_SERVER_STORE_JOB_H

#include <stdbool.h>
#include <stdint.h>

struct hub;
struct store;

struct store_job {
	/* Store thread: does the work and sets result. */
	void (*run)(struct store *store, struct store_job *job);
	/* Front thread: answers whoever asked. Not called when the process ends first. */
	void (*done)(struct hub *hub, struct store_job *job);
	/* Wipes secrets and frees it; any thread. */
	void (*close)(struct store_job *job);
	int result;    /* 0 or negative errno; -EIO: the database fails */
	bool is_alone; /* shares no transaction: it works on the database as a whole */
	uint64_t tag;  /* what it answers: an HTTP request, a lookup */
	int64_t posted_us;
};

/* Frees the job by its own close. NULL is legal. */
void store_job_free(struct store_job *job);

#endif
