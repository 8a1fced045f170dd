/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_invite.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/store_db.h"

#define SHOWN_DIGITS 4

void store_invite_mask(const char *phone, char *out, size_t size)
{
	char digits[64];
	size_t count = 0;

	for (; *phone != '\0' && count + 1 < sizeof(digits); phone++) {
		if (g_ascii_isdigit(*phone))
			digits[count++] = *phone;
	}
	if (count < SHOWN_DIGITS) {
		g_strlcpy(out, "", size);
		return;
	}
	digits[count] = '\0';
	g_snprintf(out, (gulong)size, "•••• %.2s %s", digits + count - 4, digits + count - 2);
}

/* Words of a later version must not become others. */
static int read_words(struct db_query *q, struct service_invite *invite)
{
	invite->role = role_from_name(db_peek(q, 5));
	invite->state = visit_state_from_name(db_peek(q, 6));
	invite->admission = admission_from_name(db_peek(q, 7));
	invite->assurance = assurance_from_name(db_peek(q, 8));
	invite->minimum_assurance = assurance_from_name(db_peek(q, 9));
	if (invite->role == ROLE_COUNT || invite->state == VISIT_STATE_COUNT ||
	    invite->admission == ADMISSION_COUNT || invite->assurance == ASSURANCE_COUNT ||
	    invite->minimum_assurance == ASSURANCE_COUNT)
		return -EIO;
	return 0;
}

static void read_rest(struct db_query *q, struct service_invite *invite)
{
	db_text(q, 0, invite->consultation_id, sizeof(invite->consultation_id));
	db_text(q, 1, invite->title, sizeof(invite->title));
	invite->is_ended = db_int(q, 2) != 0;
	db_text(q, 3, invite->participant_id, sizeof(invite->participant_id));
	db_text(q, 4, invite->name, sizeof(invite->name));
	invite->has_waiting_room = db_int(q, 10) != 0;
	invite->needs_interpreter = db_int(q, 11) != 0;
	invite->planned_unix_s = db_int(q, 12);
	db_text(q, 13, invite->unit_id, sizeof(invite->unit_id));
	db_text(q, 14, invite->unit_name, sizeof(invite->unit_name));
	db_text(q, 15, invite->responsible_id, sizeof(invite->responsible_id));
	db_text(q, 16, invite->responsible_name, sizeof(invite->responsible_name));
	db_text(q, 17, invite->staff_id, sizeof(invite->staff_id));
	store_invite_mask(db_peek(q, 18), invite->code_hint, sizeof(invite->code_hint));
	db_text(q, 19, invite->unit_phone, sizeof(invite->unit_phone));
	invite->planned_minutes = db_int(q, 20);
	invite->check = verdict_from_name(db_peek(q, 21));
	invite->has_check = invite->check < VERDICT_COUNT;
	db_text(q, 22, invite->identified_as, sizeof(invite->identified_as));
}

int store_invite_find(struct store *store, const char *token, struct service_invite *out)
{
	static const char find[] =
		"SELECT c.id, c.title, c.ended_unix_s, p.id, p.name, p.role, c.state, p.admission,"
		"  p.assurance, COALESCE(u.minimum_assurance, 'none'), c.has_waiting_room,"
		"  c.needs_interpreter, c.planned_unix_s, c.unit_id,"
		"  COALESCE(NULLIF(u.neutral_name, ''), u.name, ''), c.responsible_staff_id,"
		"  COALESCE(s.name, ''), p.staff_id, p.phone, COALESCE(u.phone, ''), c.minutes,"
		"  (SELECT json_extract(k.verdicts, '$.talk') FROM link_check k"
		"   WHERE k.participant_id = p.id ORDER BY k.at_unix_s DESC LIMIT 1), "
		"p.identified_as "
		"FROM participant p JOIN consultation c ON c.id = p.consultation_id"
		"  LEFT JOIN unit u ON u.id = c.unit_id"
		"  LEFT JOIN staff s ON s.id = c.responsible_staff_id "
		"WHERE p.token_hash = ? AND p.removed_unix_s = 0";
	struct service_invite invite = {0};
	struct db_query *q = db_query(store_db(store), find);
	int r;

	db_put_hash(q, token);
	r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	r = read_words(q, &invite);
	read_rest(q, &invite);
	db_end(q);
	if (r == 0)
		*out = invite;
	return r;
}
