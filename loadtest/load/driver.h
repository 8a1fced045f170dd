/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How people get into a server's rooms: one driver per kind of server. A driver owns what it needs
 * per seat (signalling connections, bots); the runner says who joins and leaves when.
 */
#ifndef VIDD_LOADTEST_LOAD_DRIVER_H
#define VIDD_LOADTEST_LOAD_DRIVER_H

#include "loadtest/load/flock.h"
#include "loadtest/load/workload.h"

#define DRIVER_ERROR_BYTES 256

struct driver_config {
	const char *url;     /* of the server */
	const char *api_key; /* NULL: none */
	const struct workload *workload;
	const struct workload_plan *plan;
	struct flock *flock;
	bool is_anywhere_ok; /* --i-own-this-server */
};

struct driver_ops;

struct driver {
	const struct driver_ops *ops;
	struct driver_config config;
	uint64_t failed;	      /* seats that did not get in, or were thrown out */
	char why[DRIVER_ERROR_BYTES]; /* the first of them */
};

struct driver_ops {
	/* Makes the rooms; may block. 0, or -EIO with why in driver->why. */
	int (*prepare)(struct driver *driver);
	void (*join)(struct driver *driver, size_t seat);
	void (*leave)(struct driver *driver, size_t seat);
	/* Signalling that is due; to be called every few milliseconds. */
	void (*service)(struct driver *driver, int64_t now_us);
	void (*free)(struct driver *driver);
};

/* NULL: no memory. */
struct driver *driver_vidd_new(const struct driver_config *config);
struct driver *driver_whip_new(const struct driver_config *config);
struct driver *driver_janus_new(const struct driver_config *config);

/* For drivers: what this seat sends, by the workload. */
struct bot_config driver_bot_config(const struct driver *driver, size_t seat);
/* Notes that a seat failed. */
void driver_failed(struct driver *driver, const char *why);
/* Reads the description and connects; false: noted as failed. */
bool driver_connect(struct driver *driver, struct bot *bot, const char *sdp);
/* Takes scheme, host and port of a URL apart; false: it is none. */
bool driver_split_url(const char *url, bool *is_secure, char host[128], int *port);

#endif
