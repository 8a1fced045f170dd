/* SPDX-License-Identifier: EUPL-1.2 */
/* The consultations of a plan at Vidd, made by REST: a link token for each person. */
#ifndef VIDD_LOADTEST_LOAD_VISITS_H
#define VIDD_LOADTEST_LOAD_VISITS_H

#include <stdint.h>

#include "loadtest/load/driver.h"

struct visits;

/* Makes them and waits; room_people says how many people each room has. 0, or -EIO with why in
 * driver->why. */
int visits_new(struct visits **out, struct driver *driver, const uint32_t *room_people);
void visits_free(struct visits *visits);
/* "" when the server told none. */
const char *visits_token(const struct visits *visits, uint32_t room, uint32_t place);

#endif
