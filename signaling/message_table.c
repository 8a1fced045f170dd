/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/message_table.h"

#include "signaling/message_field.h"
#include "signaling/message_visit.h"

static const struct field person_fields[] = {
	TEXT("id", struct message_participant, id, MAX_ID),
	WORD("role", struct message_participant, role, role_names),
	TEXT("name", struct message_participant, name, LIMIT_NAME_BYTES),
	WORD_OR_NONE("admission", struct message_participant, admission, admission_names),
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
	WORD_OR_NONE("admission", struct message_participant, admission, admission_names),
	WORD_OR_NONE("assurance", struct message_participant, assurance, assurance_names),
	WORD_OR_NONE("lacks", struct message_participant, lack, lack_names),
	{.name = "identified_as",
	 .kind = FIELD_TEXT_OR_NONE,
	 .at = offsetof(struct message_participant, identified_as),
	 .max = LIMIT_NAME_BYTES},
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
	FLAG("redundancy", struct message_send, is_redundant),
	END,
};

static const struct field consultation_fields[] = {
	TEXT("id", struct message, consultation_id, MAX_ID),
	TEXT("title", struct message, title, LIMIT_NAME_BYTES),
	WORD("mode", struct message, mode, mode_names),
	TEXT_OR_NONE("unit", unit, LIMIT_NAME_BYTES),
	FLAG_OR_NONE("waiting_room", has_waiting_room),
	FLAG_OR_NONE("needs_interpreter", needs_interpreter),
	TEXT_OR_NONE("planned", planned, MAX_TIME),
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
	FLAG_OR_NONE("check", is_check),
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
	FLAG_OR_NONE("check", is_check),
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
	[MESSAGE_ADMIT] = {"admit", message_whom_fields},
	[MESSAGE_PUT_BACK] = {"put-back", message_whom_fields},
	[MESSAGE_HOLD] = {"hold", message_whom_fields},
	[MESSAGE_REMOVE] = {"remove", message_whom_fields},
	[MESSAGE_TALK_APART] = {"private", message_talk_apart_fields},
	[MESSAGE_VOUCH] = {"vouch", message_vouch_fields},
	[MESSAGE_CODE] = {"code", message_code_fields},
	[MESSAGE_WANT_CODE] = {"new-code", empty_fields},
	[MESSAGE_REQUEST_INVITE] = {"invite-request", message_request_invite_fields},
	[MESSAGE_INVITE_MADE] = {"invite-made", message_invite_made_fields},
	[MESSAGE_GIVE_CONSENT] = {"consent", message_give_consent_fields},
	[MESSAGE_ASK] = {"ask", message_ask_fields},
	[MESSAGE_SEND_STILL] = {"still", message_send_still_fields},
	[MESSAGE_ACK_STILL] = {"still-ack", message_ack_still_fields},
	[MESSAGE_POINT] = {"pointer", message_point_fields},
	[MESSAGE_TELL_WISH] = {"wish", message_tell_wish_fields},
	[MESSAGE_SIGN] = {"signing", message_sign_fields},
	[MESSAGE_TYPE_TEXT] = {"text", message_type_text_fields},
	[MESSAGE_SAY_CHAT] = {"chat", message_say_chat_fields},
	[MESSAGE_INTERPRETER_NUMBER] = {"interpreter-number", message_interpreter_number_fields},
	[MESSAGE_CHECKED] = {"checked", message_checked_fields},
	[MESSAGE_PERCEIVED] = {"perceived", message_perceived_fields},
	[MESSAGE_END] = {"end", message_end_fields},
	[MESSAGE_HAND_OVER] = {"hand-over", message_hand_over_fields},
	[MESSAGE_WATCH] = {"watch", message_watch_fields},
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
	[MESSAGE_WAITING] = {"waiting", message_waiting_fields},
	[MESSAGE_ADMITTED] = {"admitted", message_admitted_fields},
	[MESSAGE_HELD] = {"held", message_by_fields},
	[MESSAGE_APART] = {"private", message_apart_fields},
	[MESSAGE_CODE_NEEDED] = {"code-needed", message_code_needed_fields},
	[MESSAGE_INVITE_REQUESTED] = {"invite-request", message_invite_requested_fields},
	[MESSAGE_INVITE] = {"invite", message_invite_fields},
	[MESSAGE_CONSENT] = {"consent", message_consent_fields},
	[MESSAGE_ASKED] = {"ask", message_asked_fields},
	[MESSAGE_STILL] = {"still", message_still_fields},
	[MESSAGE_STILL_ACK] = {"still-ack", message_still_ack_fields},
	[MESSAGE_POINTER] = {"pointer", message_pointer_fields},
	[MESSAGE_WISH] = {"wish", message_wish_fields},
	[MESSAGE_SIGNING] = {"signing", message_signing_fields},
	[MESSAGE_TEXT] = {"text", message_text_fields},
	[MESSAGE_CHAT] = {"chat", message_chat_fields},
	[MESSAGE_WATCHING] = {"watching", message_watching_fields},
	[MESSAGE_QUEUE] = {"queue", message_queue_fields},
	[MESSAGE_ERROR] = {"error", error_fields},
};
