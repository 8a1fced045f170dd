/* SPDX-License-Identifier: EUPL-1.2 */
/* The fields of the messages of a visit (docs/protocol.md 9 to 15), for message_table. */
#ifndef VIDD_SIGNALING_MESSAGE_VISIT_H
#define VIDD_SIGNALING_MESSAGE_VISIT_H

#include "signaling/message_table.h"

extern const struct field message_whom_fields[], message_talk_apart_fields[],
	message_apart_fields[], message_vouch_fields[], message_code_fields[],
	message_code_needed_fields[], message_request_invite_fields[],
	message_invite_requested_fields[], message_invite_made_fields[], message_invite_fields[],
	message_give_consent_fields[], message_consent_fields[], message_ask_fields[],
	message_asked_fields[], message_send_still_fields[], message_still_fields[],
	message_ack_still_fields[], message_still_ack_fields[], message_point_fields[],
	message_pointer_fields[], message_tell_wish_fields[], message_wish_fields[],
	message_sign_fields[], message_signing_fields[], message_type_text_fields[],
	message_text_fields[], message_say_chat_fields[], message_chat_fields[],
	message_interpreter_number_fields[], message_checked_fields[], message_perceived_fields[],
	message_end_fields[], message_hand_over_fields[], message_watch_fields[],
	message_waiting_fields[], message_by_fields[], message_admitted_fields[],
	message_watching_fields[], message_queue_fields[];

#endif
