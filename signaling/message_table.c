/* SPDX-License-Identifier: EUPL-1.2 */
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
#define NUMBER(key, member, limit)                                                                 \
	{                                                                                          \
		.name = (key), .kind = FIELD_NUMBER, .at = AT(member), .max = (limit)              \
	}
#define FLAG(key, type, member)                                                                    \
	{                                                                                          \
		.name = (key), .kind = FIELD_FLAG, .at = offsetof(type, member)                    \
	}
#define WORD(key, type, member, table)                                                             \
	{                                                                                          \
		.name = (key), .kind = FIELD_WORD, .at = offsetof(type, member), .words = &(table) \
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
};

#define MAX_NUMBER INT64_C(0x1fffffffffffff) /* 2^53 - 1: what JavaScript holds exactly */

/* One of the two; which, message.c sees to. Packed it is shorter, or there was no use in it. */
#define SDP_FIELDS                                                                                 \
	{.name = "sdp", .kind = FIELD_TEXT_OR_NONE, .at = AT(sdp), .max = LIMIT_SDP_BYTES},        \
	{                                                                                          \
		.name = "sdp_deflate", .kind = FIELD_TEXT_OR_NONE, .at = AT(sdp_deflate),          \
		.max = LIMIT_SDP_BYTES                                                             \
	}

static const struct field person_fields[] = {
	TEXT("id", struct message_participant, id, MAX_ID),
	WORD("role", struct message_participant, role, role_names),
	TEXT("name", struct message_participant, name, LIMIT_NAME_BYTES),
	END,
};

static const struct field participant_fields[] = {
	TEXT("id", struct message_participant, id, MAX_ID),
	WORD("role", struct message_participant, role, role_names),
	TEXT("name", struct message_participant, name, LIMIT_NAME_BYTES),
	WORD("link", struct message_participant, link, link_state_names),
	{.name = "muted",
	 .kind = FIELD_WORDS,
	 .at = offsetof(struct message_participant, muted),
	 .words = &source_names},
	FLAG("speaking", struct message_participant, is_speaking),
	END,
};

static const struct field source_fields[] = {
	TEXT("mid", struct message_source, mid, LIMIT_MID_BYTES),
	WORD("source", struct message_source, source, source_names),
	END,
};

static const struct field slot_fields[] = {
	TEXT("mid", struct message_slot, mid, LIMIT_MID_BYTES),
	{.name = "participant",
	 .kind = FIELD_TEXT_OR_NULL,
	 .at = offsetof(struct message_slot, participant),
	 .max = MAX_ID},
	{.name = "source",
	 .kind = FIELD_WORD_OR_NULL,
	 .at = offsetof(struct message_slot, source),
	 .words = &source_names},
	END,
};

static const struct field quality_fields[] = {
	TEXT("id", struct message_quality, participant, MAX_ID),
	WORD("level", struct message_quality, level, quality_names),
	{.name = "rtt_ms",
	 .kind = FIELD_NUMBER_OR_NULL,
	 .at = offsetof(struct message_quality, rtt_ms),
	 .max = MAX_NUMBER},
	{.name = "loss_percent",
	 .kind = FIELD_NUMBER_OR_NULL,
	 .at = offsetof(struct message_quality, loss_percent),
	 .max = 100},
	{.name = "down_kbps",
	 .kind = FIELD_NUMBER_OR_NULL,
	 .at = offsetof(struct message_quality, down_kbps),
	 .max = MAX_NUMBER},
	{.name = "up_kbps",
	 .kind = FIELD_NUMBER_OR_NULL,
	 .at = offsetof(struct message_quality, up_kbps),
	 .max = MAX_NUMBER},
	END,
};

static const struct field picture_fields[] = {
	TEXT("mid", struct message_picture, mid, LIMIT_MID_BYTES),
	WORD("picture", struct message_picture, picture, picture_names),
	END,
};

static const struct field seen_fields[] = {
	TEXT("participant", struct message_seen, participant, MAX_ID),
	WORD("source", struct message_seen, source, source_names),
	WORD("picture", struct message_seen, picture, picture_names),
	END,
};

static const struct field send_fields[] = {
	TEXT("mid", struct message_send, mid, LIMIT_MID_BYTES),
	FLAG("used", struct message_send, is_used),
	{.name = "rids",
	 .kind = FIELD_TEXTS,
	 .at = offsetof(struct message_send, rids),
	 .max = LIMIT_ENCODINGS,
	 .count_at = offsetof(struct message_send, rid_count),
	 .size = LIMIT_RID_BYTES},
	{.name = "max_bps",
	 .kind = FIELD_NUMBER_OR_NULL,
	 .at = offsetof(struct message_send, max_bps),
	 .max = UINT32_MAX},
	{.name = "ptime_ms",
	 .kind = FIELD_NUMBER_OR_NULL,
	 .at = offsetof(struct message_send, ptime_ms),
	 .max = UINT8_MAX},
	END,
};

static const struct field consultation_fields[] = {
	TEXT("id", struct message, consultation_id, MAX_ID),
	TEXT("title", struct message, title, LIMIT_NAME_BYTES),
	WORD("mode", struct message, mode, mode_names),
	END,
};

static const struct field slot_count_fields[] = {
	NUMBER("audio", audio, LIMIT_MLINES),
	NUMBER("video", video, LIMIT_MLINES),
	END,
};

static const struct field join_fields[] = {
	NUMBER("v", version, MAX_NUMBER),
	TEXT("token", struct message, token, MAX_TOKEN),
	END,
};

static const struct field resume_fields[] = {
	NUMBER("v", version, MAX_NUMBER),
	TEXT("resume", struct message, resume, MAX_TOKEN),
	END,
};

static const struct field offer_fields[] = {
	NUMBER("seq", seq, MAX_NUMBER),
	{.name = "fresh", .kind = FIELD_FLAG_OR_NONE, .at = AT(is_fresh)},
	SDP_FIELDS,
	LIST("sources", sources, source_count, LIMIT_MLINES, source_fields),
	END,
};

static const struct field mute_fields[] = {
	WORD("source", struct message, source, source_names),
	FLAG("muted", struct message, is_muted),
	END,
};

static const struct field set_mode_fields[] = {
	WORD("mode", struct message, mode, mode_names),
	END,
};

static const struct field empty_fields[] = {END};

static const struct field joined_fields[] = {
	NUMBER("v", version, MAX_NUMBER),
	TEXT("resume", struct message, resume, MAX_TOKEN),
	NUMBER("seat_s", seat_s, MAX_NUMBER),
	OBJECT("consultation", 0, consultation_fields),
	OBJECT("self", AT(self), person_fields),
	LIST("participants", participants, participant_count, LIMIT_PARTICIPANTS,
	     participant_fields),
	OBJECT("slots", 0, slot_count_fields),
	{.name = "deflate", .kind = FIELD_FLAG_OR_NONE, .at = AT(takes_deflate)},
	END,
};

static const struct field resumed_fields[] = {
	NUMBER("v", version, MAX_NUMBER),
	TEXT("resume", struct message, resume, MAX_TOKEN),
	NUMBER("seat_s", seat_s, MAX_NUMBER),
	FLAG("media", struct message, has_media),
	OBJECT("consultation", 0, consultation_fields),
	OBJECT("self", AT(self), person_fields),
	LIST("participants", participants, participant_count, LIMIT_PARTICIPANTS,
	     participant_fields),
	OBJECT("slots", 0, slot_count_fields),
	{.name = "deflate", .kind = FIELD_FLAG_OR_NONE, .at = AT(takes_deflate)},
	END,
};

static const struct field answer_fields[] = {
	NUMBER("seq", seq, MAX_NUMBER),
	SDP_FIELDS,
	END,
};

static const struct field slots_fields[] = {
	LIST("slots", slots, slot_count, LIMIT_MLINES, slot_fields),
	END,
};

static const struct field picture_event_fields[] = {
	LIST("pictures", pictures, picture_count, LIMIT_MLINES, picture_fields),
	END,
};

static const struct field seen_event_fields[] = {
	LIST("by", seen, seen_count, LIMIT_MESSAGE_SEEN, seen_fields),
	END,
};

static const struct field send_event_fields[] = {
	LIST("sources", sends, send_count, LIMIT_MLINES, send_fields),
	END,
};

static const struct field mode_fields[] = {
	WORD("mode", struct message, mode, mode_names),
	TEXT("participant", struct message, participant_id, MAX_ID),
	END,
};

static const struct field participant_event_fields[] = {
	OBJECT("participant", AT(participant), participant_fields),
	END,
};

static const struct field participant_left_fields[] = {
	TEXT("participant", struct message, participant_id, MAX_ID),
	WORD("reason", struct message, departure, departure_names),
	END,
};

static const struct field speaking_fields[] = {
	TEXT("participant", struct message, participant_id, MAX_ID),
	FLAG("speaking", struct message, is_speaking),
	END,
};

static const struct field quality_event_fields[] = {
	LIST("participants", qualities, quality_count, LIMIT_PARTICIPANTS, quality_fields),
	END,
};

static const struct field notice_fields[] = {
	WORD("code", struct message, notice, notice_names),
	NUMBER("retry_ms", retry_ms, MAX_NUMBER),
	END,
};

static const struct field media_lost_fields[] = {
	WORD("reason", struct message, media_loss, media_loss_names),
	END,
};

static const struct field ended_fields[] = {
	WORD("reason", struct message, departure, departure_names),
	END,
};

static const struct field error_fields[] = {
	WORD("code", struct message, problem, problem_names),
	TEXT("message", struct message, text, MAX_ERROR),
	FLAG("fatal", struct message, is_fatal),
	{.name = "of", .kind = FIELD_TEXT_OR_NONE, .at = AT(of), .max = MESSAGE_OF_BYTES - 1},
	END,
};

const struct message_fields message_table[MESSAGE_COUNT] = {
	[MESSAGE_JOIN] = {"join", join_fields},
	[MESSAGE_RESUME] = {"resume", resume_fields},
	[MESSAGE_OFFER] = {"offer", offer_fields},
	[MESSAGE_MUTE] = {"mute", mute_fields},
	[MESSAGE_SET_MODE] = {"set-mode", set_mode_fields},
	[MESSAGE_PING] = {"ping", empty_fields},
	[MESSAGE_LEAVE] = {"leave", empty_fields},
	[MESSAGE_JOINED] = {"joined", joined_fields},
	[MESSAGE_RESUMED] = {"resumed", resumed_fields},
	[MESSAGE_ANSWER] = {"answer", answer_fields},
	[MESSAGE_SLOTS] = {"slots", slots_fields},
	[MESSAGE_NEED_SLOTS] = {"need-slots", slot_count_fields},
	[MESSAGE_PICTURE] = {"picture", picture_event_fields},
	[MESSAGE_SEEN] = {"seen", seen_event_fields},
	[MESSAGE_SEND] = {"send", send_event_fields},
	[MESSAGE_MODE] = {"mode", mode_fields},
	[MESSAGE_PARTICIPANT_JOINED] = {"participant-joined", participant_event_fields},
	[MESSAGE_PARTICIPANT_UPDATED] = {"participant-updated", participant_event_fields},
	[MESSAGE_PARTICIPANT_LEFT] = {"participant-left", participant_left_fields},
	[MESSAGE_SPEAKING] = {"speaking", speaking_fields},
	[MESSAGE_QUALITY] = {"quality", quality_event_fields},
	[MESSAGE_PONG] = {"pong", empty_fields},
	[MESSAGE_NOTICE] = {"notice", notice_fields},
	[MESSAGE_MEDIA_LOST] = {"media-lost", media_lost_fields},
	[MESSAGE_ENDED] = {"ended", ended_fields},
	[MESSAGE_ERROR] = {"error", error_fields},
};
