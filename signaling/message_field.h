/* SPDX-License-Identifier: EUPL-1.2 */
/* How the tables of fields are written. Included by those tables alone. */
#ifndef VIDD_SIGNALING_MESSAGE_FIELD_H
#define VIDD_SIGNALING_MESSAGE_FIELD_H

#include "signaling/message_table.h"

#define AT(member) offsetof(struct message, member)
#define END                                                                                        \
	{                                                                                          \
		.name = NULL                                                                       \
	}
#define TEXT(key, type, member, limit)                                                             \
	{                                                                                          \
		.name = (key), .kind = FIELD_TEXT, .at = offsetof(type, member), .max = (limit)    \
	}
#define T140(key, member)                                                                          \
	{                                                                                          \
		.name = (key), .kind = FIELD_T140, .at = AT(member), .max = LIMIT_T140_BYTES       \
	}
#define NUMBER(key, member, limit)                                                                 \
	{                                                                                          \
		.name = (key), .kind = FIELD_NUMBER, .at = AT(member), .max = (limit)              \
	}
#define NUMBER_OR_NONE(key, member)                                                                \
	{                                                                                          \
		.name = (key), .kind = FIELD_NUMBER_OR_NONE, .at = AT(member), .max = MAX_NUMBER   \
	}
#define FLAG(key, type, member)                                                                    \
	{                                                                                          \
		.name = (key), .kind = FIELD_FLAG, .at = offsetof(type, member)                    \
	}
#define WORD(key, type, member, table)                                                             \
	{                                                                                          \
		.name = (key), .kind = FIELD_WORD, .at = offsetof(type, member), .words = &(table) \
	}
/* Left out when it is the first of the table. */
#define WORD_OR_NONE(key, type, member, table)                                                     \
	{                                                                                          \
		.name = (key), .kind = FIELD_WORD_OR_NONE, .at = offsetof(type, member),           \
		.words = &(table)                                                                  \
	}
#define WORD_OR_NULL(key, type, member, table)                                                     \
	{                                                                                          \
		.name = (key), .kind = FIELD_WORD_OR_NULL, .at = offsetof(type, member),           \
		.words = &(table)                                                                  \
	}
#define TEXT_OR_NONE(key, member, limit)                                                           \
	{                                                                                          \
		.name = (key), .kind = FIELD_TEXT_OR_NONE, .at = AT(member), .max = (limit)        \
	}
#define TEXT_OR_NULL(key, member, limit)                                                           \
	{                                                                                          \
		.name = (key), .kind = FIELD_TEXT_OR_NULL, .at = AT(member), .max = (limit)        \
	}
#define FLAG_OR_NONE(key, member)                                                                  \
	{                                                                                          \
		.name = (key), .kind = FIELD_FLAG_OR_NONE, .at = AT(member)                        \
	}
/* 0..1, or null. */
#define SHARE_OR_NULL(key, member)                                                                 \
	{                                                                                          \
		.name = (key), .kind = FIELD_SHARE_OR_NULL, .at = AT(member)                       \
	}
#define NUMBER_OR_NULL(key, type, member)                                                          \
	{                                                                                          \
		.name = (key), .kind = FIELD_NUMBER_OR_NULL, .at = offsetof(type, member),         \
		.max = MAX_NUMBER                                                                  \
	}
#define TEXTS(key, member, count, limit, bytes)                                                    \
	{                                                                                          \
		.name = (key), .kind = FIELD_TEXTS, .at = AT(member), .max = (limit),              \
		.count_at = AT(count), .size = (bytes)                                             \
	}
#define OBJECT(key, base, table)                                                                   \
	{                                                                                          \
		.name = (key), .kind = FIELD_OBJECT, .at = (base), .fields = (table)               \
	}
#define LIST(key, member, count, limit, table)                                                     \
	{                                                                                          \
		.name = (key), .kind = FIELD_LIST, .at = AT(member), .max = (limit),               \
		.fields = (table), .count_at = AT(count),                                          \
		.size = sizeof(((struct message *)NULL)->member[0])                                \
	}

enum {
	MAX_ID = 64,	/* of participants and consultations; more than SERVICE_ID_BYTES */
	MAX_TOKEN = 64, /* longer than ours: a wrong one is "unknown", not "bad-message" */
	MAX_ERROR = 512,
	MAX_TIME = 32,	 /* RFC 3339 */
	MAX_OWN_ID = 64, /* what clients name their own things by */
	MAX_SHA256 = 64,
	MAX_CODE = 16,
	MAX_NUMBER_TEXT = 64, /* of an interpreter, as agencies give them */
};

#define MAX_NUMBER INT64_C(0x1fffffffffffff) /* 2^53 - 1: what JavaScript holds exactly */

/* One of the two; which, message.c sees to. Packed it is shorter, or there was no use in it. */
#define SDP_FIELDS                                                                                 \
	{.name = "sdp", .kind = FIELD_TEXT_OR_NONE, .at = AT(sdp), .max = LIMIT_SDP_BYTES},        \
	{                                                                                          \
		.name = "sdp_deflate", .kind = FIELD_TEXT_OR_NONE, .at = AT(sdp_deflate),          \
		.max = LIMIT_SDP_BYTES                                                             \
	}

#endif
