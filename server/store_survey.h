/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What people answer after a visit. That somebody has answered is kept with the participant; what,
 * with the visit, the role and the day only, so that no answer leads to a person. Store thread.
 */
#ifndef VIDD_SERVER_STORE_SURVEY_H
#define VIDD_SERVER_STORE_SURVEY_H

#include <stdint.h>

#include "server/store.h"

/* answers: JSON. 0; -ENOENT: no such participant in the consultation; -EEXIST: has answered; -EIO.
 */
int store_survey_add(struct store *store, int64_t now_unix_s, const char *consultation_id,
		     const char *participant_id, const char *answers);

#endif
