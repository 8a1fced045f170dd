/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The fields of every message: what message.c reads and writes by. One table per message in the
 * order of docs/protocol.md. Constant data.
 */
#ifndef VIDD_SIGNALING_MESSAGE_TABLE_H
#define VIDD_SIGNALING_MESSAGE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "signaling/message.h"

enum field_kind {
	FIELD_TEXT, /* const char *, at most `max` bytes */
	FIELD_T140, /* the same, as signaling/t140 takes it */
	FIELD_TEXT_OR_NULL,
	FIELD_TEXT_OR_NONE,   /* NULL: the member is left out */
	FIELD_NUMBER,	      /* int64_t, 0..max */
	FIELD_NUMBER_OR_NULL, /* -1: null */
	FIELD_NUMBER_OR_NONE, /* 0: left out */
	FIELD_FLAG,
	FIELD_FLAG_OR_NONE,  /* false: left out */
	FIELD_SHARE_OR_NULL, /* double, 0..1; NAN: null */
	FIELD_WORD,	     /* an enumeration */
	FIELD_WORD_OR_NONE,  /* 0: left out */
	FIELD_WORD_OR_NULL,  /* the count: null */
	FIELD_WORDS,	     /* unsigned, a bit per word of the list */
	FIELD_OBJECT,	     /* an object whose members are `fields` of the same struct base */
	FIELD_TEXTS, /* const char *[max], each of at most `size` bytes; size_t count at `count_at`
		      */
	FIELD_LIST,  /* objects of `fields`, at most `max`; size_t count at `count_at` */
};

struct field {
	const char *name;
	enum field_kind kind;
	size_t at;
	int64_t max;
	const struct names *words;
	const struct field *fields;
	size_t count_at;
	size_t size;
};

struct message_fields {
	const char *type;
	const struct field *fields; /* ended by one whose name is NULL */
};

extern const struct message_fields message_table[MESSAGE_COUNT];

#endif
