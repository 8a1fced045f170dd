/* SPDX-License-Identifier: EUPL-1.2 */
/* What the front knows of a network connection, for limits and metrics. Front thread. */
#ifndef VIDD_SERVER_FRONT_CONN_H
#define VIDD_SERVER_FRONT_CONN_H

#include <libwebsockets.h>
#include <stdbool.h>

#include "media/base/addr.h"

struct front_conn {
	struct addr addr; /* the peer's, as the kernel told it at accept */
	bool is_local;	  /* the peer is a program on this machine */
};

/* Of the TCP connection of wsi; NULL for descriptors of our own. */
const struct front_conn *front_conn_of(struct lws *wsi);

#endif
