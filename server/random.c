/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/random.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

#include "server/log.h"

static void fill(struct rng *rng, void *buf, size_t len)
{
	uint8_t *p = buf;

	(void)rng; /* stateless */
	while (len > 0) {
		ssize_t n = getrandom(p, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			/* There is no safe way on without randomness. */
			log_error("random-failed", "errno=%d", errno);
			abort();
		}
		p += n;
		len -= (size_t)n;
	}
}

struct rng random_system(void)
{
	return (struct rng){.fill = fill};
}
