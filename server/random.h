/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The system's generator as a struct rng, for everything secret: tokens, keys, ICE credentials.
 * Any thread; keeps no state.
 */
#ifndef VIDD_SERVER_RANDOM_H
#define VIDD_SERVER_RANDOM_H

#include "media/base/rng.h"

struct rng random_system(void);

#endif
