/* SPDX-License-Identifier: EUPL-1.2 */
/* The machine's own addresses. */
#ifndef VIDD_SERVER_NETIF_H
#define VIDD_SERVER_NETIF_H

#include <stddef.h>

#include "media/base/addr.h"

/* Addresses others can reach (up, neither loopback nor link-local), IPv4 first, port 0; loopback
 * when there is nothing else. How many were written, or -errno. */
int netif_addresses(struct addr *out, size_t max);

#endif
