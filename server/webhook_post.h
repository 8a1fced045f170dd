/* SPDX-License-Identifier: EUPL-1.2 */
/* One signed POST to somebody who is told of events. Blocks: for a thread of its own, or the
 * command line. */
#ifndef VIDD_SERVER_WEBHOOK_POST_H
#define VIDD_SERVER_WEBHOOK_POST_H

#include <stdbool.h>
#include <stdint.h>

#include "server/store_webhook.h"

#define WEBHOOK_POST_WHY_BYTES 256

/* Whether it was taken, by a status of 2xx. why: the status, or what came in the way; never the
 * URL. */
bool webhook_post(const struct store_delivery *delivery, int64_t now_unix_s,
		  char why[WEBHOOK_POST_WHY_BYTES]);

#endif
