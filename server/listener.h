/* SPDX-License-Identifier: EUPL-1.2 */
/* The TCP socket of HTTPS: bound by us, not by the library, so that each failure can be told apart
 * and connections are counted before they cost anything. */
#ifndef VIDD_SERVER_LISTENER_H
#define VIDD_SERVER_LISTENER_H

#include <stdbool.h>
#include <stdint.h>

#include "media/base/addr.h"

/* Listens on address ("" for every address, IPv6 and IPv4) and port (0: any free one, told in
 * *bound). The descriptor, or -EADDRINUSE, -EACCES, -EADDRNOTAVAIL, -errno. */
int listener_open(const char *address, uint16_t port, uint16_t *bound);
/* The next connection without waiting, its peer's address and whether that is this machine. IPv4
 * inside IPv6 (::ffff:a.b.c.d) is told as IPv4. The descriptor or -errno. */
int listener_accept(int fd, struct addr *from, bool *is_local);

#endif
