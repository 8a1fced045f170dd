/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Every consultation this process hosts: composes sessions (one per client connection), the rules
 * of a consultation, SDP negotiation and the JSON protocol (docs/protocol.md). Sans-IO: no socket,
 * clock, file or thread; server/front feeds it and carries out what it puts out. One thread (the
 * front).
 *
 * Rule: after any call below, drain service_output until it gives nothing.
 */
#ifndef VIDD_SIGNALING_SERVICE_H
#define VIDD_SIGNALING_SERVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/addr.h"
#include "media/base/rng.h"
#include "media/route/engine.h"
#include "media/route/params.h"
#include "signaling/figures.h"
#include "signaling/names.h"

#define SERVICE_MAX_WORKERS    64
#define SERVICE_MAX_CANDIDATES 16
#define SERVICE_ID_BYTES       LIMIT_ID_BYTES
#define SERVICE_SEAT_US	       120000000

struct service;

/* Addresses clients can reach a worker's UDP port at; what SDP answers name as host candidates. */
struct service_worker {
	struct addr candidate[SERVICE_MAX_CANDIDATES];
	size_t candidate_count;
};

struct service_config {
	struct rng rng; /* tokens, ids, ICE credentials, SSRCs: cryptographic in production */
	struct service_worker worker[SERVICE_MAX_WORKERS];
	size_t worker_count;
	uint8_t fingerprint[CERT_FINGERPRINT_BYTES];
	int64_t unix_offset_us; /* Unix time minus now_us: for planned times */
	size_t max_clients;	/* joins beyond are refused with "server-full" */
	bool has_eid;		/* patients can show an e-ID */
	/* Video codecs accepted from publishers, in order of preference; CODEC_NONE ends the list.
	 */
	enum codec_id video_codecs[CODEC_COUNT];
};

int service_new(struct service **out, int64_t now_us, const struct service_config *config);
void service_free(struct service *service);

/* --- websocket clients ---------------------------------------------------------------------- */

/* number: the front's for the connection, never 0, not used again; `client` in outputs. */
void service_client_open(struct service *service, int64_t now_us, uint64_t number);
/* One whole text message. */
void service_client_text(struct service *service, int64_t now_us, uint64_t number, const char *text,
			 size_t len);
/* The connection is gone; the seat is kept for SERVICE_SEAT_US. */
void service_client_gone(struct service *service, int64_t now_us, uint64_t number);

/* --- WHIP (RFC 9725) and WHEP ---------------------------------------------------------------- */

enum service_http_kind {
	SERVICE_WHIP,
	SERVICE_WHEP,
};

/* request: the front's number for the HTTP request; exactly one SERVICE_HTTP_REPLY answers each.
 * Strings are borrowed for the call. `from`: a participant id or NULL. */
void service_http_post(struct service *service, int64_t now_us, uint64_t request,
		       enum service_http_kind kind, const char *token, const char *sdp,
		       const char *from);
/* resource: what the Location of the 201 ended with. if_match: the header's value or NULL. */
void service_http_patch(struct service *service, int64_t now_us, uint64_t request,
			enum service_http_kind kind, const char *resource, const char *token,
			const char *if_match, const char *sdpfrag);
void service_http_delete(struct service *service, int64_t now_us, uint64_t request,
			 enum service_http_kind kind, const char *resource, const char *token);

/* --- answers from the store and the workers ----------------------------------------------------
 */

/* What the store knows of an invite token. */
struct service_invite {
	char consultation_id[SERVICE_ID_BYTES + 1];
	char title[LIMIT_NAME_BYTES + 1];
	bool is_ended;
	bool is_check_only; /* of a device: good for a look at the link, for no seat */
	char participant_id[SERVICE_ID_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	enum role role;
	/* Zero of what follows: a consultation without unit and waiting room. */
	bool has_waiting_room;
	bool needs_interpreter;
	char unit_id[SERVICE_ID_BYTES + 1];
	char unit_name[LIMIT_NAME_BYTES + 1];	   /* as people are to see it */
	char unit_phone[LIMIT_NAME_BYTES + 1];	   /* "": none */
	char responsible_id[SERVICE_ID_BYTES + 1]; /* a staff member */
	char responsible_name[LIMIT_NAME_BYTES + 1];
	char staff_id[SERVICE_ID_BYTES + 1]; /* of the participant */
	int64_t planned_unix_s;		     /* 0: not */
	int64_t planned_minutes;	     /* 0: not said */
	enum visit_state state;
	enum admission admission; /* as it was last; WAITING of one who never was there */
	enum assurance assurance;
	enum assurance minimum_assurance; /* of the unit */
	bool has_check;			  /* its link was looked at before: */
	enum verdict check;		  /* for talking */
	char code_hint[32];		  /* where a one-time code would go, masked; "": nowhere */
	char identified_as[LIMIT_NAME_BYTES + 1]; /* by an e-ID, in this visit; "": not */
};

enum service_find_result {
	SERVICE_FOUND,
	SERVICE_NOT_FOUND,
	SERVICE_FIND_FAILED, /* the store is busy or broken: "try-again" */
};

/* Answers a SERVICE_FIND_INVITE by its `lookup` number; invite is read only when found. */
void service_invite_found(struct service *service, int64_t now_us, uint64_t number,
			  enum service_find_result result, const struct service_invite *invite);

/* Answers a SERVICE_FIND_TICKET: the units its owner may watch over, and for how long. Then the
 * page shows another ticket, which it gets if its session is still good. */
struct service_ticket {
	char staff_id[SERVICE_ID_BYTES + 1];
	char unit_id[LIMIT_WATCHED_UNITS][SERVICE_ID_BYTES + 1];
	size_t unit_count;
	int64_t ends_us;
};

void service_ticket_found(struct service *service, int64_t now_us, uint64_t number,
			  enum service_find_result result, const struct service_ticket *ticket);

/* A staff member was logged out: nothing more is told to where they watch. */
void service_watch_end(struct service *service, int64_t now_us, const char *staff_id);

/* Whether that person is present at the moment. */
bool service_is_present(const struct service *service, const char *consultation_id,
			const char *participant_id);
/* Somebody's participation was ended outside the visit: it is told "removed" and leaves. */
void service_participant_removed(struct service *service, int64_t now_us,
				 const char *consultation_id, const char *participant_id);
/* A patient who shows who they are on another page. */
struct service_person {
	char consultation_id[SERVICE_ID_BYTES + 1];
	char unit_id[SERVICE_ID_BYTES + 1];
	char participant_id[SERVICE_ID_BYTES + 1];
};

/* They go to that page: their seat is kept so long when the websocket goes. */
void service_person_away(struct service *service, int64_t now_us,
			 const struct service_person *person, int64_t for_us);
/* An e-ID said that they have that name, and how sure it is (acr). It is put on record also when
 * the seat is gone: they come back to it. */
void service_person_identified(struct service *service, int64_t now_us,
			       const struct service_person *person, const char *name,
			       const char *acr);
/* Its responsible staff member is another one now. */
void service_responsible_changed(struct service *service, int64_t now_us,
				 const char *consultation_id, const char *staff_id,
				 const char *name);
/* REST DELETE: everybody is told "ended" and leaves. */
void service_consultation_ended(struct service *service, int64_t now_us,
				const char *consultation_id);
/* Answers a MEDIA_TRANSPORT_OPEN or _UPDATE: 0 or the engine's negative errno. The SDP answer goes
 * out only now, so that no packet can come before the worker knows the transport. */
void service_media_done(struct service *service, int64_t now_us, uint32_t transport_id, int result);
void service_media_event(struct service *service, int64_t now_us, const struct engine_event *event);

/* --- time and shutdown ------------------------------------------------------------------------ */

/* No more joins; clients get a "restarting" notice, with the time after which to come back. */
void service_drain(struct service *service, int64_t now_us);
void service_timeout(struct service *service, int64_t now_us);
int64_t service_deadline_us(const struct service *service);

/* --- outputs ------------------------------------------------------------------------------- */

enum service_output_type {
	SERVICE_CLIENT_TEXT,  /* send text to client */
	SERVICE_CLIENT_CLOSE, /* then close its connection */
	SERVICE_FIND_INVITE,  /* look token up in the store; answer with service_invite_found */
	SERVICE_MEDIA,	      /* hand command to worker `worker` */
	SERVICE_HTTP_REPLY,
	SERVICE_FIND_TICKET, /* as FIND_INVITE; answer with service_ticket_found */
	SERVICE_RECORD,	     /* put `record` where it is kept */
};

/* What must be kept of a visit, or put on record. */
enum record_kind {
	RECORD_PRESENT, /* the participant came */
	RECORD_GONE,
	RECORD_ADMITTED,
	RECORD_PUT_BACK,
	RECORD_HELD,
	RECORD_REMOVED,
	RECORD_PRIVATE_BEGAN,
	RECORD_PRIVATE_ENDED,
	RECORD_ASIDE, /* outside of the private talk; kept as on hold */
	RECORD_BACK,
	RECORD_VOUCHED,	  /* detail: how */
	RECORD_CODE_MADE, /* text: the code, to be sent to the participant and not kept */
	RECORD_CODE_PASSED,
	RECORD_CODE_FAILED,
	RECORD_IDENTIFIED,  /* by an e-ID; detail: the name it gave, text: its acr */
	RECORD_ASKED,	    /* detail: for what */
	RECORD_CONSENT,	    /* detail: to what; text: the wording */
	RECORD_CHECKED,	    /* check */
	RECORD_STATE,	    /* state */
	RECORD_ENDED,	    /* outcome, outcome_reason */
	RECORD_HANDED_OVER, /* detail: to which staff member */
	RECORD_MODE,	    /* detail */
	RECORD_INTERPRETER, /* text: the number; detail: the name, or "" */
	RECORD_WISH,	    /* detail */
	RECORD_INVITE_ASKED,
	RECORD_INTERPRETER_LATE,
	RECORD_FIGURES, /* figure: how it was for the participant, who goes */
	RECORD_KIND_COUNT,
};

const char *record_kind_name(enum record_kind kind);

struct service_check {
	uint32_t up_kbps, down_kbps, loss_percent, jitter_ms, rtt_ms, rtt_loaded_ms;
	enum reach reach;
	enum verdict verdict[CHECK_COUNT];
};

struct service_record {
	enum record_kind kind;
	char consultation_id[SERVICE_ID_BYTES + 1];
	char unit_id[SERVICE_ID_BYTES + 1];
	char participant_id[SERVICE_ID_BYTES + 1]; /* whom it is about; "": the visit */
	enum role role;				   /* of that person */
	char by_id[SERVICE_ID_BYTES + 1];	   /* the participant who did it; "": the server */
	char by_staff_id[SERVICE_ID_BYTES + 1];	   /* its staff member, where it is one */
	enum assurance assurance;
	char detail[LIMIT_NAME_BYTES + 1];
	const char *text; /* borrowed like every pointer here, or NULL */
	bool is_given;	  /* CONSENT */
	enum visit_state state;
	enum outcome outcome;
	enum outcome_reason outcome_reason; /* the count: none */
	struct service_check check;
	int64_t figure[FIGURE_COUNT];
};

enum media_command_type {
	MEDIA_ROOM_OPEN, /* first command of a room; posted to the least loaded worker */
	MEDIA_ROOM_CLOSE,
	MEDIA_TRANSPORT_OPEN,	/* wants service_media_done */
	MEDIA_TRANSPORT_UPDATE, /* wants service_media_done */
	MEDIA_TRANSPORT_CLOSE,
	MEDIA_TRANSPORT_CIRCLE, /* to another circle */
};

struct media_command {
	enum media_command_type type;
	uint32_t room_id;
	uint32_t transport_id;
	uint8_t circle;			       /* CIRCLE: media/route/params.h */
	const struct transport_params *params; /* OPEN, UPDATE: borrowed like every pointer below */
};

/* Pointers are borrowed until the next call on the service. */
struct service_output {
	enum service_output_type type;
	uint64_t client; /* CLIENT_* */
	const char *text;
	size_t text_len;
	uint16_t close_code; /* RFC 6455 7.4 */
	uint64_t lookup;     /* FIND_INVITE */
	const char *token;
	size_t worker; /* MEDIA */
	struct media_command command;
	/* HTTP_REPLY: 2xx with sdp (or empty), or an error with a problem code of docs/protocol.md
	 */
	uint64_t request;
	int status;
	const char *body; /* application/sdp, application/trickle-ice-sdpfrag, or NULL */
	const char *resource;
	const char *etag;		     /* as the header wants it, quotes included */
	const char *problem;		     /* stable code, NULL on success */
	const char *problem_detail;	     /* plain words */
	const struct service_record *record; /* RECORD */
};

bool service_output(struct service *service, struct service_output *out);

/* Gauges for /metrics. */
struct service_stats {
	uint64_t clients, sessions, seats_waiting, consultations, joins, join_failures, resumes;
};

void service_stats(const struct service *service, struct service_stats *out);

#endif
