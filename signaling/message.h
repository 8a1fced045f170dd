/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The messages of docs/protocol.md as one plain struct, to and from JSON. Both directions work from
 * the same table of fields, so what is built can be parsed; both ends of the protocol are here,
 * because bots and tests are clients too. Knows nothing of sessions. Pure; only message.c includes
 * jansson.
 */
#ifndef VIDD_SIGNALING_MESSAGE_H
#define VIDD_SIGNALING_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"
#include "signaling/names.h"

#define MESSAGE_PROTOCOL_VERSION 1

enum message_type {
	/* from a client */
	MESSAGE_JOIN,
	MESSAGE_RESUME,
	MESSAGE_OFFER,
	MESSAGE_MUTE,
	MESSAGE_SET_MODE,
	MESSAGE_PING,
	MESSAGE_LEAVE,
	MESSAGE_ADMIT,
	MESSAGE_PUT_BACK,
	MESSAGE_HOLD,
	MESSAGE_REMOVE,
	MESSAGE_TALK_APART,
	MESSAGE_VOUCH,
	MESSAGE_CODE,
	MESSAGE_WANT_CODE,
	MESSAGE_REQUEST_INVITE,
	MESSAGE_INVITE_MADE,
	MESSAGE_GIVE_CONSENT,
	MESSAGE_ASK,
	MESSAGE_SEND_STILL,
	MESSAGE_ACK_STILL,
	MESSAGE_POINT,
	MESSAGE_TELL_WISH,
	MESSAGE_SIGN,
	MESSAGE_TYPE_TEXT,
	MESSAGE_SAY_CHAT,
	MESSAGE_INTERPRETER_NUMBER,
	MESSAGE_CHECKED,
	MESSAGE_PERCEIVED,
	MESSAGE_END,
	MESSAGE_HAND_OVER,
	MESSAGE_WATCH,
	/* from the server */
	MESSAGE_JOINED,
	MESSAGE_RESUMED,
	MESSAGE_ANSWER,
	MESSAGE_SLOTS,
	MESSAGE_NEED_SLOTS,
	MESSAGE_PICTURE,
	MESSAGE_SEEN,
	MESSAGE_SEND,
	MESSAGE_MODE,
	MESSAGE_PARTICIPANT_JOINED,
	MESSAGE_PARTICIPANT_UPDATED,
	MESSAGE_PARTICIPANT_LEFT,
	MESSAGE_SPEAKING,
	MESSAGE_QUALITY,
	MESSAGE_PONG,
	MESSAGE_NOTICE,
	MESSAGE_MEDIA_LOST,
	MESSAGE_ENDED,
	MESSAGE_WAITING,
	MESSAGE_ADMITTED,
	MESSAGE_HELD,
	MESSAGE_APART,
	MESSAGE_CODE_NEEDED,
	MESSAGE_INVITE_REQUESTED,
	MESSAGE_INVITE,
	MESSAGE_CONSENT,
	MESSAGE_ASKED,
	MESSAGE_STILL,
	MESSAGE_STILL_ACK,
	MESSAGE_POINTER,
	MESSAGE_WISH,
	MESSAGE_SIGNING,
	MESSAGE_TEXT,
	MESSAGE_CHAT,
	MESSAGE_WATCHING,
	MESSAGE_QUEUE,
	MESSAGE_ERROR,
	MESSAGE_COUNT,
};

/* Some types go both ways under one name, with other members. */
enum message_side {
	MESSAGE_OF_CLIENT,
	MESSAGE_OF_SERVER,
};

const char *message_type_name(enum message_type type);

struct message_participant {
	const char *id;
	enum role role;
	const char *name;
	enum link_state link;
	unsigned muted; /* a bit per enum source */
	bool is_speaking;
	enum admission admission;
	enum assurance assurance;
	enum lack lack;
	const char *identified_as; /* by an e-ID; NULL: not, or not for this one to see */
};

/* A person of a visit as those who watch over the queue see it. */
struct message_queued {
	const char *id;
	enum role role;
	const char *name;
	enum admission admission;
	enum assurance assurance;
	enum lack lack;
	const char *identified_as; /* by an e-ID; NULL: not */
	enum link_state link;
	enum quality level;		    /* QUALITY_COUNT: not known */
	int64_t up_kbps, down_kbps, rtt_ms; /* -1: not known */
	int64_t since_s;		    /* how long it has been there */
	enum verdict check; /* of its link, for talking; VERDICT_COUNT: none was made */
};

struct message_source {
	const char *mid;
	enum source source;
};

struct message_slot {
	const char *mid;
	const char *participant; /* NULL: the slot is empty */
	enum source source;	 /* SOURCE_COUNT then */
};

struct message_quality {
	const char *participant;
	enum quality level;
	int64_t rtt_ms;	      /* -1: not known */
	int64_t loss_percent; /* -1: not known */
	int64_t down_kbps;    /* what the link to it carries; -1: not known */
	int64_t up_kbps;      /* what comes from it; -1: not known */
};

/* How a slot's picture is sent. */
struct message_picture {
	const char *mid;
	enum picture picture;
};

/* How somebody gets one of ours. */
struct message_seen {
	const char *participant;
	enum source source;
	enum picture picture;
};

/* What a source should send. */
struct message_send {
	const char *mid;
	bool is_used; /* somebody gets it */
	const char *rids[LIMIT_ENCODINGS];
	size_t rid_count;
	int64_t max_bps;  /* all encodings together; -1: no cap */
	int64_t ptime_ms; /* -1: any */
	bool is_redundant;
};

/* Only the members that the type has in docs/protocol.md mean anything. Text is borrowed: from the
 * message parsed, until message_close, or from whoever builds. */
struct message {
	enum message_type type;
	void *json; /* owned; message_close */

	int64_t version;
	int64_t seq;
	int64_t seat_s;
	int64_t retry_ms;
	int64_t audio, video; /* numbers of slots */
	int64_t place, ahead; /* in a queue, from 1; people before */
	int64_t new_code_s; /* until another code may be asked for; 0: none is needed, or at once */
	int64_t late_s;	    /* so long a visit waits for its interpreter; 0: not said */
	int64_t bytes, count; /* of a still; its parts */
	int64_t up_kbps, down_kbps, loss_percent, jitter_ms, rtt_ms, rtt_loaded_ms;
	int64_t width, height, fps, freeze_ms, apart_ms, made_up_permille; /* -1: not known */
	double x, y; /* 0..1 of a picture; NAN: nowhere */
	const char *token;
	const char *resume;
	const char *sdp;	 /* NULL: it is in sdp_deflate */
	const char *sdp_deflate; /* signaling/deflate; NULL: it is in sdp */
	const char *text;	 /* of an error, for developers */
	const char *of;		 /* NULL: not known */
	const char *participant_id;
	const char *consultation_id;
	const char *title;
	const char *unit;    /* its name before people; NULL: none */
	const char *planned; /* RFC 3339, as the next three; NULL: not */
	const char *ends;
	const char *arrived;
	const char *late;
	const char *phone; /* of the unit; NULL: none */
	const char *from_id;
	const char *to_id;
	const char *by_id;
	const char *staff_id;
	const char *name;
	const char *meet; /* whom one will meet; "": not known */
	const char *link;
	const char *id; /* of what is asked, sent or said: the client's own */
	const char *wording;
	const char *data; /* base64 */
	const char *sha256;
	const char *t140;
	const char *code;
	const char *sent_to;
	const char *interpreter_number;
	const char *ticket;
	const char *participant_ids[LIMIT_PARTICIPANTS];
	size_t participant_id_count;
	const char *unit_ids[LIMIT_WATCHED_UNITS];
	size_t unit_id_count;
	bool is_fresh;
	bool is_muted;
	bool is_speaking;
	bool is_fatal;
	bool has_media;
	bool takes_deflate;
	bool is_check; /* no seat is wanted, only a look at the link */
	bool has_waiting_room;
	bool needs_interpreter;
	bool is_given;
	bool is_signing;
	bool is_outside;
	enum role role;
	enum clinician_state clinician;
	enum wait_reason wait_reason;
	enum lack lack;
	enum act act;
	enum wish wish;
	enum vouch vouch;
	enum outcome outcome;
	enum outcome_reason outcome_reason; /* the count: none */
	enum visit_state visit_state;
	enum interpreter_state interpreter; /* the count: none is needed */
	enum reach reach;
	enum verdict verdict[CHECK_COUNT];
	enum source source;
	enum departure departure;
	enum problem problem;
	enum notice notice;
	enum media_loss media_loss;
	enum mode mode;
	struct message_participant self; /* id, role, name and admission only */
	struct message_participant participant;
	struct message_participant participants[LIMIT_PARTICIPANTS];
	size_t participant_count;
	struct message_source sources[LIMIT_MLINES];
	size_t source_count;
	struct message_slot slots[LIMIT_MLINES];
	size_t slot_count;
	struct message_quality qualities[LIMIT_PARTICIPANTS];
	size_t quality_count;
	struct message_picture pictures[LIMIT_MLINES];
	size_t picture_count;
	struct message_seen seen[LIMIT_MESSAGE_SEEN];
	size_t seen_count;
	struct message_send sends[LIMIT_MLINES];
	size_t send_count;
	struct message_queued queued[LIMIT_PARTICIPANTS];
	size_t queued_count;
};

#define MESSAGE_OF_BYTES 24

struct message_error {
	char text[160];		   /* what is wrong with it, naming the member; never its content */
	char of[MESSAGE_OF_BYTES]; /* its type when that is known, else "" */
};

/* Reads what that side sends: one whole text message of at most LIMIT_MESSAGE_BYTES. Members not
 * known are passed over. 0, and *out is to be closed; or -EBADMSG, *error says why and there is
 * nothing to close. */
int message_parse(struct message *out, enum message_side side, const char *text, size_t len,
		  struct message_error *error);
/* Zero state is safe. */
void message_close(struct message *message);
/* The JSON text, to be freed with free(), or NULL when memory is gone. Text that is not UTF-8 is
 * replaced by U+FFFD. */
char *message_build(const struct message *message);

#endif
