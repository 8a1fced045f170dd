/* SPDX-License-Identifier: EUPL-1.2 */
/* Every cap of the audit trail, with its reason. */
#ifndef VIDD_SERVER_AUDIT_LIMITS_H
#define VIDD_SERVER_AUDIT_LIMITS_H

/* Ids of ours have 13 characters, HSA-ids about 30, subjects of identity providers up to 255
 * (OpenID Connect Core 2: sub). */
#define AUDIT_MAX_ID_BYTES 255
/* "consultation.hand-over": words of ours. */
#define AUDIT_MAX_WORD_BYTES 47
/* A sentence: why another's visit was opened. */
#define AUDIT_MAX_REASON_BYTES 500
/* All members at their longest, each byte escaped as \u00XX, fit. Longer rows are none of ours. */
#define AUDIT_MAX_RECORD_BYTES 32768
/* Records that wait while the database answers: 100 visits of 4 people who all come at once are
 * 2000. What does not fit is counted, logged and refused, never dropped without a word. */
#define AUDIT_MAX_WAITING 8192
/* Records written in one transaction. */
#define AUDIT_MAX_GROUP 256
/* HSLF-FS 2016:40 4 kap. 9 §: kept for at least five years, leap days among them. */
#define AUDIT_MIN_DAYS 1827

#endif
