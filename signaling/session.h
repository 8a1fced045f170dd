/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One client connection's state machine: what a message or an event may do, given what came before.
 * It decides, its owner (service) acts. Also the connection's message limits. Plain values, pure.
 *
 *   event     WAITING       FINDING    JOINED   WATCHING  CLOSED
 *   join      find>FINDING  error      error    error     -
 *   resume    resume        error      error    error     -
 *   watch     find>FINDING  error      error    error     -
 *   offer     error         error      offer    error     -
 *   mute      error         error      mute     error     -
 *   mode      error         error      mode     error     -
 *   visit     error         error      visit    error     -
 *   ping      pong          pong       pong     pong      -
 *   leave     end>C         end>C      leave>C  end>C     -
 *   seated    >JOINED       >JOINED    (never)  (never)   -
 *   watching  (never)       >WATCHING  (never)  (never)   -
 *   closed    >C            >C         >C       >C        -
 *   late      error>C       error>C    -        -         -
 */
#ifndef VIDD_SIGNALING_SESSION_H
#define VIDD_SIGNALING_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "signaling/message.h"

/* docs/protocol.md 1 and 6. */
#define SESSION_JOIN_US	      10000000 /* join or resume must come within */
#define SESSION_RATE_US	      10000000
#define SESSION_RATE_MESSAGES 100
/* Text as it is typed, pointers, and pictures part by part, whose acknowledgements set their pace:
 * one of 8 MB is 450 parts, at once where the link carries it. */
#define SESSION_RELAY_MESSAGES 1000
#define SESSION_RELAY_EVERY_US 10000 /* one more is allowed */
#define SESSION_BAD_US	       60000000
#define SESSION_BAD_MESSAGES   10

enum session_state {
	SESSION_WAITING,  /* open; wants join or resume */
	SESSION_FINDING,  /* its token is being looked up */
	SESSION_JOINED,	  /* holds a seat */
	SESSION_WATCHING, /* is told of queues */
	SESSION_CLOSED,	  /* its last message is out; nothing is listened to any more */
	SESSION_STATE_COUNT,
};

enum session_event {
	SESSION_ON_JOIN,
	SESSION_ON_RESUME,
	SESSION_ON_WATCH,
	SESSION_ON_OFFER,
	SESSION_ON_MUTE,
	SESSION_ON_SET_MODE,
	SESSION_ON_VISIT, /* any of docs/protocol.md 9 to 14 */
	SESSION_ON_PING,
	SESSION_ON_LEAVE,
	SESSION_ON_SEATED,   /* the owner gave it a seat */
	SESSION_ON_WATCHING, /* its ticket was good */
	SESSION_ON_CLOSED,   /* refused, replaced, ended, or the connection is gone */
	SESSION_ON_LATE,     /* SESSION_JOIN_US passed */
	SESSION_EVENT_COUNT,
};

/* What the owner has to do. */
enum session_action {
	SESSION_IGNORE,
	SESSION_FIND,	     /* look the token up, then SEATED or CLOSED */
	SESSION_RESUME,	     /* look the resume token up; SEATED when it is known */
	SESSION_FIND_TICKET, /* look the ticket up, then WATCHING or CLOSED */
	SESSION_OFFER,	     /* negotiate */
	SESSION_MUTE,	     /* note and tell the others */
	SESSION_SET_MODE,    /* set it if this person may, and tell everybody */
	SESSION_VISIT,	     /* what the visit's rules say */
	SESSION_PONG,	     /* answer */
	SESSION_LEAVE,	     /* give the seat up, say ended */
	SESSION_END,	     /* say ended; there is no seat */
	SESSION_NOT_JOINED,  /* error "not-joined" */
	SESSION_REPEATED,    /* error "bad-message": it has joined already */
	SESSION_TIMEOUT,     /* error "timeout" */
	SESSION_ACTION_COUNT,
};

/* At most n things per window: the times of the last n, oldest overwritten. */
struct session_window {
	int64_t at_us[SESSION_RATE_MESSAGES];
	size_t next;
	size_t count;
};

/* Zero state is a new connection. */
struct session {
	enum session_state state;
	struct session_window messages;
	struct session_window bad;
	int64_t relay_us; /* when all that was relayed is made up for */
};

/* Moves on and says what to do. */
enum session_action session_step(struct session *session, enum session_event event);
/* The event of a client's message type; SESSION_EVENT_COUNT when it is the server's type. */
enum session_event session_event_of(enum message_type type);
/* Counts a message; false: more than SESSION_RATE_MESSAGES within SESSION_RATE_US. */
bool session_count_message(struct session *session, int64_t now_us);
/* Whether messages of this type are counted apart, by session_count_relayed. */
bool session_is_relayed(enum message_type type);
/* Counts one; false: more than SESSION_RELAY_MESSAGES, and one each SESSION_RELAY_EVERY_US. */
bool session_count_relayed(struct session *session, int64_t now_us);
/* Counts a bad one; false: the SESSION_BAD_MESSAGES-th within SESSION_BAD_US. */
bool session_count_bad(struct session *session, int64_t now_us);

const char *session_state_name(enum session_state state);

#endif
