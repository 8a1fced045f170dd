/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_identity.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/store_db.h"
#include "signaling/names.h"

#define NUMBER_DIGITS 12 /* YYYYMMDDNNNN */
#define REF_BYTES     255

/* Digits of a personal identity number with its century, '-' and '+' left out; false: it is none.
 */
static bool read_number(const char *text, char digits[NUMBER_DIGITS + 1])
{
	const char *last = text + strlen(text);
	size_t count = 0;

	while (last > text && strchr(":|/", last[-1]) == NULL)
		last--;
	for (; *last != '\0'; last++) {
		if ((*last == '-' || *last == '+') && count == NUMBER_DIGITS - 4)
			continue;
		if (!g_ascii_isdigit(*last) || count == NUMBER_DIGITS)
			return false;
		digits[count++] = *last;
	}
	digits[count] = '\0';
	return count == NUMBER_DIGITS;
}

bool store_identity_is_other(const char *patient_ref, const char *subject)
{
	char booked[NUMBER_DIGITS + 1], shown[NUMBER_DIGITS + 1];

	return read_number(patient_ref, booked) && read_number(subject, shown) &&
	       strcmp(booked, shown) != 0;
}

int store_identity_check(struct store *store, const char *participant_id, const char *subject)
{
	static const char find[] =
		"SELECT c.patient_ref FROM participant p JOIN consultation c"
		"  ON c.id = p.consultation_id "
		"WHERE p.id = ? AND p.role = ? AND p.removed_unix_s = 0 AND c.ended_unix_s = 0";
	struct db_query *q = db_query(store_db(store), find);
	char patient_ref[REF_BYTES + 1];
	int r;

	db_put_text(q, participant_id);
	db_put_text(q, role_name(ROLE_PATIENT));
	r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	db_text(q, 0, patient_ref, sizeof(patient_ref));
	db_end(q);
	r = store_identity_is_other(patient_ref, subject) ? -EPERM : 0;
	explicit_bzero(patient_ref, sizeof(patient_ref));
	return r;
}
