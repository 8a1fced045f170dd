/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a patient has a right to know (PDL 8 kap. 5 §): from which unit, and when, somebody reached
 * data about them; as text to print, as CSV or as JSON, in Swedish or English. Without names of
 * staff unless they are asked for. Store thread, or a program beside a running vidd.
 */
#ifndef VIDD_SERVER_AUDIT_EXTRACT_H
#define VIDD_SERVER_AUDIT_EXTRACT_H

#include <stdbool.h>
#include <stdint.h>

#include "server/audit_record.h"
#include "server/store.h"

enum audit_format {
	AUDIT_TEXT,
	AUDIT_CSV,
	AUDIT_JSON,
	AUDIT_FORMAT_COUNT,
};

struct audit_extract {
	const char *patient_ref;
	const char *provider; /* only what was done for this care provider; "": all */
	int64_t from_ms, to_ms;
	enum audit_format format;
	bool is_swedish;
	bool has_staff; /* names of staff, too */
};

/* The extract, to be g_free()d. 0, -EIO, -EBADMSG: a row is no record. */
int audit_extract_make(struct store *store, const struct audit_extract *ask, int64_t now_ms,
		       char **out);

/* AUDIT_FORMAT_COUNT when there is none of that name: text, csv, json. */
enum audit_format audit_format_from_name(const char *name);
/* The media type of a format. */
const char *audit_format_type(enum audit_format format);
/* An action in plain words; the action itself when there are none for it. */
const char *audit_action_words(const char *action, bool is_swedish);
/* "2026-11-26" (its first moment in UTC) or RFC 3339, in milliseconds. 0 or -EINVAL. */
int audit_time_parse(int64_t *at_ms, const char *text);
/* "2026-11-26 10:00:00" in UTC. */
void audit_time_format(char out[24], int64_t at_ms);

#endif
