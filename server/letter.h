/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The texts sent to patients and others by SMS and e-mail, in Swedish, easy Swedish and English.
 * They hold a neutral name of the unit, a time and a link, and nothing of health: no reason, no
 * clinician, no speciality (HSLF-FS 2016:40 3 kap. 15 §; docs/decisions/016-messages.md). A code
 * travels alone, without link and sender's name. Pure.
 */
#ifndef VIDD_SERVER_LETTER_H
#define VIDD_SERVER_LETTER_H

#include <stdint.h>

enum letter_kind {
	LETTER_INVITATION,
	LETTER_REMINDER,
	LETTER_ITS_TIME,
	LETTER_CODE,
	LETTER_KIND_COUNT,
};

struct letter {
	enum letter_kind kind;
	const char *language;	/* BCP 47: sv and "", sv-latt; all others read English */
	const char *unit;	/* neutral; "" leaves it out */
	int64_t planned_unix_s; /* 0: not planned */
	const char *time_zone;	/* "Europe/Stockholm"; unknown: UTC, and says so */
	const char *link;	/* "": the one that was sent before */
	const char *code;	/* of CODE */
};

#define LETTER_SUBJECT_BYTES 64
#define LETTER_TEXT_BYTES    1024

struct letter_text {
	char subject[LETTER_SUBJECT_BYTES]; /* of an e-mail */
	char text[LETTER_TEXT_BYTES];
};

void letter_write(struct letter_text *out, const struct letter *letter);

/* "invitation", "reminder", "its-time", "code". */
const char *letter_kind_name(enum letter_kind kind);
/* LETTER_KIND_COUNT when unknown. */
enum letter_kind letter_kind_from_name(const char *name);

#endif
