/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The fixed words of the signalling protocol (docs/protocol.md) as enumerations, and their text.
 * Every *_name is NULL-free for values below its count; every *_from_name gives the count when the
 * word is not known. Pure.
 */
#ifndef VIDD_SIGNALING_NAMES_H
#define VIDD_SIGNALING_NAMES_H

#include <stddef.h>

/* The words of one enumeration, for code that works on tables. */
struct names {
	const char *const *text;
	size_t count;
};

extern const struct names role_names, source_names, link_state_names, departure_names,
	quality_names, notice_names, media_loss_names, problem_names, mode_names, picture_names,
	admission_names, assurance_names, clinician_state_names, wait_reason_names, act_names,
	wish_names, reach_names, verdict_names, vouch_names, visit_state_names,
	interpreter_state_names, lack_names, outcome_names, outcome_reason_names;

/* Index of name, or names->count. */
size_t names_find(const struct names *names, const char *name);

enum role {
	ROLE_PATIENT,
	ROLE_CLINICIAN,
	ROLE_INTERPRETER,
	ROLE_RELATIVE,
	ROLE_STAFF,
	ROLE_ROOM,
	ROLE_OBSERVER,
	ROLE_COUNT,
};

const char *role_name(enum role role);
/* ROLE_COUNT when unknown. */
enum role role_from_name(const char *name);

/* What a sending m-line carries. */
enum source {
	SOURCE_MICROPHONE,
	SOURCE_CAMERA,
	SOURCE_SCREEN,
	SOURCE_EXAM_CAMERA,
	SOURCE_STETHOSCOPE,
	SOURCE_EXAM_CAMERA_2,
	SOURCE_COUNT,
};

const char *source_name(enum source source);
enum source source_from_name(const char *name);

/* How a participant is reached at the moment. */
enum link_state {
	LINK_CONNECTING, /* joined, no media yet */
	LINK_HERE,
	LINK_SILENT, /* nothing heard for 3 s */
	LINK_AWAY,   /* no media; the seat is kept */
	LINK_COUNT,
};

const char *link_state_name(enum link_state link_state);
enum link_state link_state_from_name(const char *name);

/* Why a participant left, or why a connection ended. */
enum departure {
	DEPARTURE_LEFT,
	DEPARTURE_LOST,	    /* the seat's time ran out */
	DEPARTURE_REPLACED, /* the same link was opened elsewhere */
	DEPARTURE_REMOVED,
	DEPARTURE_ENDED, /* the consultation is over */
	DEPARTURE_COUNT,
};

const char *departure_name(enum departure departure);
enum departure departure_from_name(const char *name);

enum quality {
	QUALITY_GOOD,
	QUALITY_FAIR,
	QUALITY_POOR,
	QUALITY_LOST,
	QUALITY_COUNT,
};

const char *quality_name(enum quality quality);
enum quality quality_from_name(const char *name);

enum notice {
	NOTICE_RESTARTING,
	NOTICE_COUNT,
};

const char *notice_name(enum notice notice);
enum notice notice_from_name(const char *name);

enum media_loss {
	MEDIA_LOSS_EXPIRED,
	MEDIA_LOSS_DTLS_FAILED,
	MEDIA_LOSS_PEER_CLOSED,
	MEDIA_LOSS_COUNT,
};

const char *media_loss_name(enum media_loss media_loss);
enum media_loss media_loss_from_name(const char *name);

/* What the consultation is about at the moment: it sets whose picture goes first and how. */
enum mode {
	MODE_TALK,
	MODE_SIGN,
	MODE_SKIN,
	MODE_MOVEMENT,
	MODE_AUSCULTATION,
	MODE_AUDIO_FIRST,
	MODE_COUNT,
};

const char *mode_name(enum mode mode);
enum mode mode_from_name(const char *name);

/* How a picture reaches somebody, best first. */
enum picture {
	PICTURE_FULL,
	PICTURE_REDUCED, /* fewer or smaller pictures */
	PICTURE_STILLS,	 /* one every few seconds */
	PICTURE_NONE,	 /* sound alone */
	PICTURE_COUNT,
};

const char *picture_name(enum picture picture);
enum picture picture_from_name(const char *name);

/* Where somebody stands at the door of a visit. */
enum admission {
	ADMISSION_ADMITTED,
	ADMISSION_WAITING,
	ADMISSION_HELD, /* put back, or on hold */
	ADMISSION_COUNT,
};

const char *admission_name(enum admission admission);
enum admission admission_from_name(const char *name);

/* How sure one is of who it is. */
enum assurance {
	ASSURANCE_NONE,
	ASSURANCE_C, /* link, and the clinician vouches */
	ASSURANCE_B, /* link and one-time code */
	ASSURANCE_A, /* e-ID */
	ASSURANCE_COUNT,
};

const char *assurance_name(enum assurance assurance);
enum assurance assurance_from_name(const char *name);

/* What keeps one who waits from being as sure as the unit asks. */
enum lack {
	LACK_NONE,
	LACK_VOUCH,	/* a clinician's word, given once inside: keeps nobody out */
	LACK_CODE,	/* the code that was sent, to be typed */
	LACK_NEW_CODE,	/* none is good any more: another is to be asked for */
	LACK_TELEPHONE, /* to send a code to */
	LACK_E_ID,	/* to be shown */
	LACK_NO_E_ID,	/* is asked for, and nobody can show one here */
	LACK_COUNT,
};

const char *lack_name(enum lack lack);
enum lack lack_from_name(const char *name);

/* Whom a waiting person will meet: not there yet, in the visit, with somebody else. */
enum clinician_state {
	CLINICIAN_AWAY,
	CLINICIAN_HERE,
	CLINICIAN_BUSY,
	CLINICIAN_STATE_COUNT,
};

const char *clinician_state_name(enum clinician_state clinician_state);
enum clinician_state clinician_state_from_name(const char *name);

/* Why somebody waits. */
enum wait_reason {
	WAIT_QUEUE,
	WAIT_HELD,
	WAIT_INTERPRETER, /* the visit does not begin before the interpreter is there */
	WAIT_REASON_COUNT,
};

const char *wait_reason_name(enum wait_reason wait_reason);
enum wait_reason wait_reason_from_name(const char *name);

/* What a person is asked for, one yes at a time. */
enum act {
	ACT_STILL,
	ACT_SCREEN,
	ACT_RELATIVE,
	ACT_OBSERVER,
	ACT_POINTER,
	ACT_COUNT,
};

const char *act_name(enum act act);
enum act act_from_name(const char *name);

enum wish {
	WISH_AUDIO_ONLY,
	WISH_PHYSICAL_VISIT,
	WISH_HELP,
	WISH_CALL_ME,
	WISH_COUNT,
};

const char *wish_name(enum wish wish);
enum wish wish_from_name(const char *name);

/* How media came through in a check of the link. */
enum reach {
	REACH_UDP,
	REACH_TCP,
	REACH_NONE,
	REACH_COUNT,
};

const char *reach_name(enum reach reach);
enum reach reach_from_name(const char *name);

/* What a link is good for. */
enum verdict {
	VERDICT_GOOD,
	VERDICT_POOR,
	VERDICT_NO,
	VERDICT_COUNT,
};

const char *verdict_name(enum verdict verdict);
enum verdict verdict_from_name(const char *name);

/* What a link is judged for, in this order. */
enum check {
	CHECK_TALK,
	CHECK_SIGN,
	CHECK_SKIN,
	CHECK_MOVEMENT,
	CHECK_AUSCULTATION,
	CHECK_COUNT,
};

/* How a clinician knows whom it sees. */
enum vouch {
	VOUCH_ID_DOCUMENT,
	VOUCH_KNOWN,
	VOUCH_RESERVE_NUMBER,
	VOUCH_COUNT,
};

const char *vouch_name(enum vouch vouch);
enum vouch vouch_from_name(const char *name);

enum visit_state {
	VISIT_PLANNED,
	VISIT_OPEN, /* somebody is present */
	VISIT_IN_PROGRESS,
	VISIT_ENDED,
	VISIT_STATE_COUNT,
};

const char *visit_state_name(enum visit_state visit_state);
enum visit_state visit_state_from_name(const char *name);

/* Of a visit that needs one: the visit does not begin before it is there. */
enum interpreter_state {
	INTERPRETER_MISSING,
	INTERPRETER_LATE,    /* missing for longer than one waits */
	INTERPRETER_WAITING, /* at the door */
	INTERPRETER_HERE,
	INTERPRETER_STATE_COUNT,
};

const char *interpreter_state_name(enum interpreter_state interpreter_state);
enum interpreter_state interpreter_state_from_name(const char *name);

enum outcome {
	OUTCOME_SOLVED,
	OUTCOME_PHYSICAL_VISIT,
	OUTCOME_REBOOKED,
	OUTCOME_NO_SHOW,
	OUTCOME_TECHNICAL_FAILURE,
	OUTCOME_COUNT,
};

const char *outcome_name(enum outcome outcome);
enum outcome outcome_from_name(const char *name);

/* Why a physical visit is needed. */
enum outcome_reason {
	OUTCOME_REASON_EXAMINATION,
	OUTCOME_REASON_WORSE,
	OUTCOME_REASON_PATIENT_CHOICE,
	OUTCOME_REASON_LINK,
	OUTCOME_REASON_OTHER,
	OUTCOME_REASON_COUNT,
};

const char *outcome_reason_name(enum outcome_reason outcome_reason);
enum outcome_reason outcome_reason_from_name(const char *name);

/* Codes of `error` messages and of HTTP problem bodies. */
enum problem {
	PROBLEM_BAD_MESSAGE,
	PROBLEM_VERSION,
	PROBLEM_NOT_JOINED,
	PROBLEM_TOKEN_UNKNOWN,
	PROBLEM_CONSULTATION_ENDED,
	PROBLEM_RESUME_UNKNOWN,
	PROBLEM_BAD_SDP,
	PROBLEM_SERVER_FULL,
	PROBLEM_TRY_AGAIN,
	PROBLEM_TOO_MANY_MESSAGES,
	PROBLEM_TIMEOUT,
	PROBLEM_NOT_ALLOWED,
	PROBLEM_NOT_ADMITTED,
	PROBLEM_BAD_CODE,
	PROBLEM_TICKET_UNKNOWN,
	PROBLEM_TOO_LARGE,
	/* HTTP only */
	PROBLEM_TOKEN_MISSING,
	PROBLEM_NOT_YOURS,
	PROBLEM_RESOURCE_UNKNOWN,
	PROBLEM_PARTICIPANT_UNKNOWN,
	PROBLEM_PRECONDITION_REQUIRED,
	PROBLEM_PRECONDITION_FAILED,
	PROBLEM_BAD_FRAGMENT,
	PROBLEM_COUNT,
};

const char *problem_name(enum problem problem);
enum problem problem_from_name(const char *name);

#endif
