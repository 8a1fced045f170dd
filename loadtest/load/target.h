/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whom the load tester may send to: this machine, and what is reached from a network namespace of
 * one's own. Load on anybody else's server is an attack.
 */
#ifndef VIDD_LOADTEST_LOAD_TARGET_H
#define VIDD_LOADTEST_LOAD_TARGET_H

#include <stdbool.h>

#include "media/base/addr.h"

/* Loopback, an address of this machine (as this namespace sees it), or, in a network namespace that
 * is not that of process 1, a private address. */
bool target_is_ours(const struct addr *addr);

#endif
