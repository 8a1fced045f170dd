/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/names.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* One pair of functions per enumeration; the table must name every value. */
#define NAMES(type, size, ...)                                                                     \
	static const char *const type##_text[] = {__VA_ARGS__};                                    \
	_Static_assert(sizeof(type##_text) / sizeof(type##_text[0]) == (size),                     \
		       "a value of " #type " has no name");                                        \
	const struct names type##_names = {type##_text, (size)};                                   \
	const char *type##_name(enum type type)                                                    \
	{                                                                                          \
		assert((size_t)type < (size));                                                     \
		return type##_text[type];                                                          \
	}                                                                                          \
	enum type type##_from_name(const char *name)                                               \
	{                                                                                          \
		return (enum type)names_find(&type##_names, name);                                 \
	}

size_t names_find(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->text[i], name) == 0)
			return i;
	}
	return names->count;
}

NAMES(role, ROLE_COUNT, "patient", "clinician", "interpreter", "relative", "staff", "room",
      "observer")
NAMES(source, SOURCE_COUNT, "microphone", "camera", "screen", "exam-camera", "stethoscope",
      "exam-camera-2")
NAMES(link_state, LINK_COUNT, "connecting", "here", "silent", "away")
NAMES(departure, DEPARTURE_COUNT, "left", "lost", "replaced", "removed", "ended")
NAMES(quality, QUALITY_COUNT, "good", "fair", "poor", "lost")
NAMES(notice, NOTICE_COUNT, "restarting")
NAMES(media_loss, MEDIA_LOSS_COUNT, "expired", "dtls-failed", "peer-closed")
NAMES(mode, MODE_COUNT, "talk", "sign", "skin", "movement", "auscultation", "audio-first")
NAMES(picture, PICTURE_COUNT, "full", "reduced", "stills", "none")
NAMES(admission, ADMISSION_COUNT, "admitted", "waiting", "held")
NAMES(assurance, ASSURANCE_COUNT, "none", "C", "B", "A")
NAMES(lack, LACK_COUNT, "none", "vouch", "code", "new-code", "telephone", "e-id", "no-e-id")
NAMES(clinician_state, CLINICIAN_STATE_COUNT, "away", "here", "busy")
NAMES(wait_reason, WAIT_REASON_COUNT, "queue", "held", "interpreter")
NAMES(act, ACT_COUNT, "still", "screen", "relative", "observer", "pointer")
NAMES(wish, WISH_COUNT, "audio-only", "physical-visit", "help", "call-me")
NAMES(reach, REACH_COUNT, "udp", "tcp", "none")
NAMES(verdict, VERDICT_COUNT, "good", "poor", "no")
NAMES(vouch, VOUCH_COUNT, "id-document", "known", "reserve-number")
NAMES(visit_state, VISIT_STATE_COUNT, "planned", "open", "in-progress", "ended")
NAMES(interpreter_state, INTERPRETER_STATE_COUNT, "missing", "late", "waiting", "here")
NAMES(outcome, OUTCOME_COUNT, "solved", "physical-visit", "rebooked", "no-show",
      "technical-failure")
NAMES(outcome_reason, OUTCOME_REASON_COUNT, "examination", "worse", "patient-choice", "link",
      "other")
NAMES(problem, PROBLEM_COUNT, "bad-message", "version", "not-joined", "token-unknown",
      "consultation-ended", "resume-unknown", "bad-sdp", "server-full", "try-again",
      "too-many-messages", "timeout", "not-allowed", "not-admitted", "bad-code", "ticket-unknown",
      "too-large", "token-missing", "not-yours", "resource-unknown", "participant-unknown",
      "precondition-required", "precondition-failed", "bad-fragment")
