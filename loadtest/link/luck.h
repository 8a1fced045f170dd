/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What chance does to each packet of a link: loss and jitter. Each stage has a generator of its
 * own and draws the same number of times per packet, so one stage's outcome or setting never
 * changes another's. Pure.
 */
#ifndef VIDD_LOADTEST_LINK_LUCK_H
#define VIDD_LOADTEST_LINK_LUCK_H

#include "loadtest/link/link.h"
#include "media/base/rng.h"

enum luck_stage {
	LUCK_LOSS,
	LUCK_GE_STATE,
	LUCK_GE_LOSS,
	LUCK_WINDOW,
	LUCK_JITTER,
	LUCK_STAGES,
};

/* Zero state is not usable: luck_init(). Visible for embedding. */
struct luck {
	struct rng rng[LUCK_STAGES];
	bool is_bad; /* state of the Gilbert-Elliott chain */
};

struct luck luck_init(uint64_t seed);
/* Draws for the next packet, handed over at t_ns of the link's own time: whether it is lost, and
 * the jitter it would get, 0..3 * config->jitter_ns. */
bool luck_next(struct luck *luck, const struct link_config *config, int64_t t_ns,
	       int64_t *jitter_ns);

#endif
