/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Messages to people, as they wait to be sent: to whom, what kind, how often tried. Texts are not
 * kept: they are made when sent (server/letter). The address is erased once a message is sent or
 * given up. Store thread.
 */
#ifndef VIDD_SERVER_STORE_OUTBOX_H
#define VIDD_SERVER_STORE_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/letter.h"
#include "server/store_link.h"
#include "server/store_visit.h"

/* A booking system that repeats itself must not fill somebody's telephone. */
#define STORE_OUTBOX_MAX_PER_DAY 10
/* Taken at a time; sending takes a second or so each. */
#define STORE_OUTBOX_BATCH	16
#define STORE_OUTBOX_GIVE_UP_S	(24 * 3600)
#define STORE_OUTBOX_NOTE_BYTES 200

enum outbox_channel {
	OUTBOX_SMS,
	OUTBOX_EMAIL,
	OUTBOX_CHANNEL_COUNT,
};

struct store_message {
	char id[SERVICE_ID_BYTES + 1];
	char consultation_id[SERVICE_ID_BYTES + 1];
	char participant_id[SERVICE_ID_BYTES + 1];
	enum letter_kind kind;
	enum outbox_channel channel;
	char address[STORE_EMAIL_BYTES + 1];
	char language[STORE_LANGUAGE_BYTES + 1];
	char unit[LIMIT_NAME_BYTES + 1]; /* neutral */
	char unit_id[SERVICE_ID_BYTES + 1];
	char token[STORE_LINK_TOKEN_TEXT + 1]; /* "": of before tokens were derived */
	int64_t planned_unix_s;
	int64_t attempts;
};

/* How long to wait after so many failed tries: 30 s, doubled each time, an hour at most. */
int64_t outbox_backoff_s(int64_t attempts);
const char *outbox_channel_name(enum outbox_channel channel);

/* Adds a message of *m (consultation_id, participant_id, kind) and fills in the rest; SMS where
 * there is a telephone number, else e-mail. A code is not due: its text is not kept, so the caller
 * sends it now. unit_id: of whoever asks, "" for all. 0; -ENOENT: no such participant there;
 * -EALREADY: the visit is over or the participant was removed; -ENODATA: there is no address;
 * -ENOSPC: enough for today; -EIO. */
int store_outbox_add(struct store *store, int64_t now_unix_s, const char *unit_id,
		     struct store_message *m);
/* Adds a reminder for everybody who has not had one for a visit planned within before_s, a batch at
 * a time; *count: how many. 0 or -EIO. */
int store_outbox_remind(struct store *store, int64_t now_unix_s, int64_t before_s, size_t *count);
/* What is due now; each is not due again for some minutes. What is over meanwhile is dropped.
 * 0 or -EIO. */
int store_outbox_due(struct store *store, int64_t now_unix_s,
		     struct store_message out[STORE_OUTBOX_BATCH], size_t *count);

enum outbox_result {
	OUTBOX_SENT,
	OUTBOX_TRY_AGAIN,
	OUTBOX_REFUSED, /* for good */
};

/* How it went; text: the receipt, or why not. *is_failed: it is given up. 0, -ENOENT, -EIO. */
int store_outbox_done(struct store *store, int64_t now_unix_s, const struct store_message *m,
		      enum outbox_result result, const char *text, bool *is_failed);

#endif
