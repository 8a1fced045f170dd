/* SPDX-License-Identifier: EUPL-1.2 */
/* The clocks, read here and handed to media/ and signaling/ as arguments. Any thread. */
#ifndef VIDD_SERVER_CLOCK_H
#define VIDD_SERVER_CLOCK_H

#include <stdint.h>

/* CLOCK_MONOTONIC. */
int64_t clock_now_us(void);
int64_t clock_unix_us(void);
int64_t clock_unix_s(void);

#endif
