/* SPDX-License-Identifier: EUPL-1.2 */
/* Whether who showed an e-ID may be the patient of the booking. Store thread. */
#ifndef VIDD_SERVER_STORE_IDENTITY_H
#define VIDD_SERVER_STORE_IDENTITY_H

#include <stdbool.h>

#include "server/store.h"

/* 0; -EPERM: the booking is for another person; -ENOENT: the participant is no patient any more,
 * or the visit is over; -EIO. subject: what the provider says, kept nowhere. */
int store_identity_check(struct store *store, const char *participant_id, const char *subject);

/* Whether a booking's patient_ref and the provider's subject are personal identity numbers (SKV
 * 704) of two people. patient_ref is whatever the booking system calls a patient: what is no such
 * number, at its end behind ':', '|' or '/', says nothing, and it is the clinician who compares
 * names. Pure. */
bool store_identity_is_other(const char *patient_ref, const char *subject);

#endif
