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
	MESSAGE_ERROR,
	MESSAGE_COUNT,
};

const char *message_type_name(enum message_type type);

struct message_participant {
	const char *id;
	enum role role;
	const char *name;
	enum link_state link;
	unsigned muted; /* a bit per enum source */
	bool is_speaking;
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
	const char *token;
	const char *resume;
	const char *sdp;	 /* NULL: it is in sdp_deflate */
	const char *sdp_deflate; /* signaling/deflate; NULL: it is in sdp */
	const char *text;	 /* of an error, for developers */
	const char *of;		 /* NULL: not known */
	const char *participant_id;
	const char *consultation_id;
	const char *title;
	bool is_fresh;
	bool is_muted;
	bool is_speaking;
	bool is_fatal;
	bool has_media;
	bool takes_deflate;
	enum source source;
	enum departure departure;
	enum problem problem;
	enum notice notice;
	enum media_loss media_loss;
	enum mode mode;
	struct message_participant self; /* id, role and name only */
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
};

#define MESSAGE_OF_BYTES 24

struct message_error {
	char text[160];		   /* what is wrong with it, naming the member; never its content */
	char of[MESSAGE_OF_BYTES]; /* its type when that is known, else "" */
};

/* One whole text message of at most LIMIT_MESSAGE_BYTES. Members not known are passed over. 0, and
 * *out is to be closed; or -EBADMSG, *error says why and there is nothing to close. */
int message_parse(struct message *out, const char *text, size_t len, struct message_error *error);
/* Zero state is safe. */
void message_close(struct message *message);
/* The JSON text, to be freed with free(), or NULL when memory is gone. Text that is not UTF-8 is
 * replaced by U+FFFD. */
char *message_build(const struct message *message);

#endif
