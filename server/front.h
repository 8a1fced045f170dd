/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The front: HTTPS and websockets on libwebsockets, in the main thread, which runs the service. It
 * turns descriptors, signals and timers into calls on http, ws and hub.
 */
#ifndef VIDD_SERVER_FRONT_H
#define VIDD_SERVER_FRONT_H

#include "server/hub.h"

struct front;

struct front_config {
	struct hub *hub;       /* borrowed; gets its http and ws */
	int listen_fd;	       /* taken, also on failure */
	const char *cert_path; /* PEM chain and key of HTTPS, checked before */
	const char *key_path;
};

/* SIGTERM and SIGINT must be blocked in every thread. 0, -ENOMEM, -EIO,
 * or -ELIBACC: libwebsockets gave nothing, for one of its plugins or memory. */
int front_new(struct front **out, const struct front_config *config);
/* Serves until SIGTERM or SIGINT, tells the clients, waits a second at most for them to have heard,
 * and returns. A second signal ends the process at once. */
void front_run(struct front *front);
/* Closes every connection; workers and store must still be there. NULL is legal. */
void front_free(struct front *front);

#endif
