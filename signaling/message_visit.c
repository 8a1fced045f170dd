/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/message_visit.h"

#include "signaling/figures.h"
#include "signaling/message_field.h"

const struct field message_whom_fields[] = {
	TEXT("participant", struct message, participant_id, MAX_ID),
	END,
};

const struct field message_talk_apart_fields[] = {
	TEXTS("participants", participant_ids, participant_id_count, LIMIT_PARTICIPANTS, MAX_ID),
	END,
};

const struct field message_apart_fields[] = {
	TEXTS("participants", participant_ids, participant_id_count, LIMIT_PARTICIPANTS, MAX_ID),
	FLAG_OR_NONE("outside", is_outside),
	END,
};

const struct field message_vouch_fields[] = {
	TEXT("participant", struct message, participant_id, MAX_ID),
	WORD("how", struct message, vouch, vouch_names),
	END,
};

const struct field message_code_fields[] = {
	TEXT("code", struct message, code, MAX_CODE),
	END,
};

const struct field message_code_needed_fields[] = {
	TEXT("sent_to", struct message, sent_to, LIMIT_NAME_BYTES),
	END,
};

const struct field message_request_invite_fields[] = {
	WORD("role", struct message, role, role_names),
	TEXT("name", struct message, name, LIMIT_NAME_BYTES),
	END,
};

const struct field message_invite_requested_fields[] = {
	TEXT("participant", struct message, participant_id, MAX_ID),
	WORD("role", struct message, role, role_names),
	TEXT("name", struct message, name, LIMIT_NAME_BYTES),
	END,
};

const struct field message_invite_made_fields[] = {
	TEXT("participant", struct message, participant_id, MAX_ID),
	TEXT("link", struct message, link, LIMIT_LINK_BYTES),
	TEXT_OR_NONE("name", name, LIMIT_NAME_BYTES),
	END,
};

const struct field message_invite_fields[] = {
	TEXT("link", struct message, link, LIMIT_LINK_BYTES),
	TEXT("name", struct message, name, LIMIT_NAME_BYTES),
	END,
};

const struct field message_give_consent_fields[] = {
	WORD("act", struct message, act, act_names),
	TEXT("id", struct message, id, MAX_OWN_ID),
	FLAG("given", struct message, is_given),
	TEXT("wording", struct message, wording, LIMIT_WORDING_BYTES),
	END,
};

const struct field message_consent_fields[] = {
	TEXT("participant", struct message, participant_id, MAX_ID),
	WORD("act", struct message, act, act_names),
	TEXT("id", struct message, id, MAX_OWN_ID),
	FLAG("given", struct message, is_given),
	END,
};

const struct field message_ask_fields[] = {
	TEXT("id", struct message, id, MAX_OWN_ID),
	WORD("act", struct message, act, act_names),
	TEXT("participant", struct message, participant_id, MAX_ID),
	END,
};

const struct field message_asked_fields[] = {
	TEXT("id", struct message, id, MAX_OWN_ID),
	WORD("act", struct message, act, act_names),
	TEXT("from", struct message, from_id, MAX_ID),
	END,
};

#define STILL_FIELDS                                                                               \
	TEXT("id", struct message, id, MAX_OWN_ID), NUMBER("bytes", bytes, LIMIT_STILL_BYTES),     \
		NUMBER("seq", seq, LIMIT_STILL_PARTS - 1),                                         \
		NUMBER("count", count, LIMIT_STILL_PARTS),                                         \
		TEXT("data", struct message, data, LIMIT_STILL_DATA),                              \
		TEXT("sha256", struct message, sha256, MAX_SHA256)

const struct field message_send_still_fields[] = {
	TEXT("to", struct message, to_id, MAX_ID),
	STILL_FIELDS,
	END,
};

const struct field message_still_fields[] = {
	TEXT("from", struct message, from_id, MAX_ID),
	STILL_FIELDS,
	END,
};

const struct field message_ack_still_fields[] = {
	TEXT("id", struct message, id, MAX_OWN_ID),
	NUMBER("seq", seq, LIMIT_STILL_PARTS - 1),
	TEXT("to", struct message, to_id, MAX_ID),
	END,
};

const struct field message_still_ack_fields[] = {
	TEXT("from", struct message, from_id, MAX_ID),
	TEXT("id", struct message, id, MAX_OWN_ID),
	NUMBER("seq", seq, LIMIT_STILL_PARTS - 1),
	END,
};

const struct field message_point_fields[] = {
	TEXT("participant", struct message, participant_id, MAX_ID),
	SHARE_OR_NULL("x", x),
	SHARE_OR_NULL("y", y),
	END,
};

const struct field message_pointer_fields[] = {
	TEXT("from", struct message, from_id, MAX_ID),
	TEXT("participant", struct message, participant_id, MAX_ID),
	SHARE_OR_NULL("x", x),
	SHARE_OR_NULL("y", y),
	END,
};

const struct field message_tell_wish_fields[] = {
	WORD("wish", struct message, wish, wish_names),
	END,
};

const struct field message_wish_fields[] = {
	TEXT("participant", struct message, participant_id, MAX_ID),
	WORD("wish", struct message, wish, wish_names),
	END,
};

const struct field message_sign_fields[] = {
	FLAG("signing", struct message, is_signing),
	END,
};

const struct field message_signing_fields[] = {
	TEXT("participant", struct message, participant_id, MAX_ID),
	FLAG("signing", struct message, is_signing),
	END,
};

const struct field message_type_text_fields[] = {
	NUMBER("seq", seq, MAX_NUMBER),
	T140("t140", t140),
	END,
};

const struct field message_text_fields[] = {
	TEXT("participant", struct message, participant_id, MAX_ID),
	NUMBER("seq", seq, MAX_NUMBER),
	T140("t140", t140),
	END,
};

const struct field message_say_chat_fields[] = {
	TEXT_OR_NONE("to", to_id, MAX_ID),
	TEXT("id", struct message, id, MAX_OWN_ID),
	TEXT("text", struct message, text, LIMIT_CHAT_BYTES),
	END,
};

const struct field message_chat_fields[] = {
	TEXT("participant", struct message, participant_id, MAX_ID),
	TEXT("id", struct message, id, MAX_OWN_ID),
	TEXT("text", struct message, text, LIMIT_CHAT_BYTES),
	END,
};

const struct field message_interpreter_number_fields[] = {
	TEXT("number", struct message, interpreter_number, MAX_NUMBER_TEXT),
	TEXT_OR_NONE("name", name, LIMIT_NAME_BYTES),
	END,
};

static const struct field verdict_fields[] = {
	WORD("talk", struct message, verdict[CHECK_TALK], verdict_names),
	WORD("sign", struct message, verdict[CHECK_SIGN], verdict_names),
	WORD("skin", struct message, verdict[CHECK_SKIN], verdict_names),
	WORD("movement", struct message, verdict[CHECK_MOVEMENT], verdict_names),
	WORD("auscultation", struct message, verdict[CHECK_AUSCULTATION], verdict_names),
	END,
};

const struct field message_checked_fields[] = {
	NUMBER("up_kbps", up_kbps, UINT32_MAX),
	NUMBER("down_kbps", down_kbps, UINT32_MAX),
	NUMBER("loss_percent", loss_percent, 100),
	NUMBER("jitter_ms", jitter_ms, UINT32_MAX),
	NUMBER("rtt_ms", rtt_ms, UINT32_MAX),
	NUMBER("rtt_loaded_ms", rtt_loaded_ms, UINT32_MAX),
	WORD("transport", struct message, reach, reach_names),
	OBJECT("verdicts", 0, verdict_fields),
	END,
};

#define FIGURE(key, member, limit)                                                                 \
	{                                                                                          \
		.name = (key), .kind = FIELD_NUMBER_OR_NULL, .at = AT(member), .max = (limit)      \
	}

const struct field message_perceived_fields[] = {
	TEXT("participant", struct message, participant_id, MAX_ID),
	FIGURE("width", width, FIGURES_MAX_PIXELS),
	FIGURE("height", height, FIGURES_MAX_PIXELS),
	FIGURE("fps", fps, FIGURES_MAX_FPS),
	FIGURE("freeze_ms", freeze_ms, UINT32_MAX),
	FIGURE("apart_ms", apart_ms, UINT32_MAX),
	FIGURE("made_up_permille", made_up_permille, 1000),
	END,
};

const struct field message_end_fields[] = {
	WORD("outcome", struct message, outcome, outcome_names),
	WORD_OR_NULL("reason", struct message, outcome_reason, outcome_reason_names),
	END,
};

const struct field message_hand_over_fields[] = {
	TEXT("staff", struct message, staff_id, MAX_ID),
	END,
};

const struct field message_watch_fields[] = {
	NUMBER("v", version, MAX_NUMBER),
	TEXT("ticket", struct message, ticket, MAX_TOKEN),
	END,
};

const struct field message_waiting_fields[] = {
	NUMBER("place", place, MAX_NUMBER),
	NUMBER("ahead", ahead, MAX_NUMBER),
	TEXT("meet", struct message, meet, LIMIT_NAME_BYTES),
	WORD("clinician", struct message, clinician, clinician_state_names),
	TEXT_OR_NULL("planned", planned, MAX_TIME),
	WORD("reason", struct message, wait_reason, wait_reason_names),
	TEXT_OR_NONE("phone", phone, LIMIT_NAME_BYTES),
	WORD_OR_NONE("lacks", struct message, lack, lack_names),
	NUMBER_OR_NONE("new_code_s", new_code_s),
	TEXT_OR_NONE("ends", ends, MAX_TIME),
	TEXT_OR_NONE("arrived", arrived, MAX_TIME),
	NUMBER_OR_NONE("late_s", late_s),
	TEXT_OR_NONE("late", late, MAX_TIME),
	END,
};

const struct field message_by_fields[] = {
	TEXT("by", struct message, by_id, MAX_ID),
	END,
};

const struct field message_admitted_fields[] = {
	TEXT("by", struct message, by_id, MAX_ID),
	TEXT_OR_NONE("title", title, LIMIT_NAME_BYTES),
	END,
};

const struct field message_watching_fields[] = {
	TEXTS("units", unit_ids, unit_id_count, LIMIT_WATCHED_UNITS, MAX_ID),
	NUMBER("count", count, MAX_NUMBER),
	END,
};

static const struct field queued_fields[] = {
	TEXT("id", struct message_queued, id, MAX_ID),
	WORD("role", struct message_queued, role, role_names),
	TEXT("name", struct message_queued, name, LIMIT_NAME_BYTES),
	WORD("admission", struct message_queued, admission, admission_names),
	WORD("assurance", struct message_queued, assurance, assurance_names),
	WORD_OR_NONE("lacks", struct message_queued, lack, lack_names),
	{.name = "identified_as",
	 .kind = FIELD_TEXT_OR_NONE,
	 .at = offsetof(struct message_queued, identified_as),
	 .max = LIMIT_NAME_BYTES},
	WORD("link", struct message_queued, link, link_state_names),
	WORD_OR_NULL("level", struct message_queued, level, quality_names),
	NUMBER_OR_NULL("up_kbps", struct message_queued, up_kbps),
	NUMBER_OR_NULL("down_kbps", struct message_queued, down_kbps),
	NUMBER_OR_NULL("rtt_ms", struct message_queued, rtt_ms),
	{.name = "since_s",
	 .kind = FIELD_NUMBER,
	 .at = offsetof(struct message_queued, since_s),
	 .max = MAX_NUMBER},
	WORD_OR_NULL("check", struct message_queued, check, verdict_names),
	END,
};

const struct field message_queue_fields[] = {
	TEXT("consultation", struct message, consultation_id, MAX_ID),
	TEXT("title", struct message, title, LIMIT_NAME_BYTES),
	TEXT("unit", struct message, unit, MAX_ID),
	WORD("state", struct message, visit_state, visit_state_names),
	TEXT_OR_NULL("planned", planned, MAX_TIME),
	TEXT_OR_NULL("responsible", staff_id, MAX_ID),
	WORD("mode", struct message, mode, mode_names),
	WORD_OR_NULL("interpreter", struct message, interpreter, interpreter_state_names),
	LIST("participants", queued, queued_count, LIMIT_PARTICIPANTS, queued_fields),
	END,
};
