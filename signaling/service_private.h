/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the files of the service share: its objects and who does what with them.
 *
 *   service.c         the public calls, outputs, timers, shutdown
 *   service_client.c  websocket connections: one message in, one action
 *   service_seat.c    seats: taking, resuming, giving up
 *   service_meeting.c consultations somebody is present in, and their rooms
 *   service_leg.c     media connections: negotiation, commands, events
 *   service_http.c    WHIP and WHEP requests
 *   service_tell.c    messages out; the notifications of one drain
 *   service_visit.c   what somebody in a visit says: who may, and to whom it goes
 *   service_admit.c   the door: admitting, putting back, private talks, those who wait
 *   service_wait.c    those who wait: what each is told
 *   service_relay.c   what goes from one to others unread: text, chat, stills, pointers, consent
 *   service_check.c   checks of a link
 *   service_figures.c how it was for each, and how each was seen and heard
 *   service_watch.c   staff who watch over queues
 *   service_record.c  what is to be kept
 *   service_view.c    how pictures reach whom, and what publishers should send
 *
 * A *client* is a websocket connection, a *seat* a participant's place in a consultation while it
 * is present, a *leg* one of its media connections, a *meeting* a consultation that somebody is
 * present in.
 *
 * Changes are not told at once: they mark the meeting, and tell_changes, run when the
 * outputs are drained, compares with what was told. So ten events make one message.
 */
#ifndef VIDD_SIGNALING_SERVICE_PRIVATE_H
#define VIDD_SIGNALING_SERVICE_PRIVATE_H

#include <glib.h>

#include "media/base/heap.h"
#include "signaling/admission.h"
#include "signaling/consultation.h"
#include "signaling/message.h"
#include "signaling/negotiate.h"
#include "signaling/onetime.h"
#include "signaling/priority.h"
#include "signaling/recall.h"
#include "signaling/service.h"
#include "signaling/session.h"
#include "signaling/t140.h"
#include "signaling/token.h"
#include "signaling/whip.h"

#define SERVICE_LOOKUP_US      5000000		  /* the store must answer within; guess */
#define SERVICE_MEDIA_US       5000000		  /* a worker likewise */
#define SERVICE_QUALITY_US     2000000		  /* docs/protocol.md 3 */
#define SERVICE_QUEUE_US       1000000		  /* docs/protocol.md 15 */
#define SERVICE_CHECK_US       60000000		  /* docs/protocol.md 1 */
#define SERVICE_INTERPRETER_US INT64_C(900000000) /* docs/protocol.md 9 */
#define SERVICE_TIME_BYTES     32		  /* RFC 3339, in seconds */
#define SERVICE_MAX_ASKS       8		  /* open questions to one person */
#define SERVICE_STILL_WINDOW   2		  /* docs/protocol.md 11 */
#define SERVICE_RETRY_MS       2000
#define SERVICE_SPARE_CLIENTS  64   /* connections beyond twice max_clients, to be told so */
#define SERVICE_MAX_LOOKUPS    1024 /* asked of the store at a time; more are told to try again */

enum timer_kind {
	TIMER_CLIENT,
	TIMER_SEAT,
	TIMER_LEG,
	TIMER_LOOKUP,
	TIMER_MEETING,
};

/* Embedded in what it wakes; node first, so that a heap node is a timer. */
struct timer {
	struct heap_node node;
	enum timer_kind kind;
	void *owner;
};

struct client {
	uint64_t number;
	struct session session;
	struct seat *seat;	      /* NULL until joined */
	struct service_ticket *watch; /* NULL: it watches nothing */
	bool wants_check;
	struct timer timer;
};

/* RFC 9725 resource, or the page's connection. */
enum leg_kind {
	LEG_PAGE,
	LEG_WHIP,
	LEG_WHEP,
};

struct leg_track {
	enum source source;
	bool is_speaking;
	bool has_want; /* the worker has said what it should send: */
	struct engine_want want;
};

struct leg {
	enum leg_kind kind;
	struct seat *seat;
	uint32_t transport_id;
	struct transport_params *params; /* as long as its m-lines; before the first offer none */
	uint32_t version;		 /* of the last answer */
	bool is_open;			 /* MEDIA_TRANSPORT_OPEN was posted */
	enum leg_state state;
	uint32_t pending; /* commands that the worker has not answered */
	struct timer timer;
	/* By m-line. */
	struct leg_track track[LIMIT_MLINES];
	uint32_t slot[LIMIT_MLINES];	    /* the track shown; 0: none */
	enum picture picture[LIMIT_MLINES]; /* how what it shows is sent */
	bool has_slots_news;
	bool has_pictures_news;
	bool has_told_less; /* the page thinks that not all pictures are whole */
	bool has_send_news;
	size_t wanted[2]; /* slots of each media_kind that would do; 0: enough */
	/* What its link carried last, and what its publisher was told to begin at. */
	uint32_t down_bps, up_bps;
	uint32_t publisher_start_kbps;
	/* What goes out when the worker has answered; NULL: nothing waits for it. */
	int64_t seq;
	char *answer;
	bool is_deflated; /* the offer was packed, so its answer is */
	/* WHIP, WHEP */
	uint64_t request; /* the HTTP request that waits, or 0 */
	bool is_patch;
	char resource[TOKEN_TEXT + 1];
	char etag[WHIP_ETAG_TEXT + 1];
};

/* A question that a person may have said yes to. */
struct ask {
	char id[SERVICE_ID_BYTES * 2 + 1];
	char from[SERVICE_ID_BYTES + 1]; /* whoever asked */
	enum act act;
	bool is_given;
	/* The still that is sent for it; count 0: none yet. */
	int64_t bytes, count;
	char sha256[65];
	int64_t under_way[SERVICE_STILL_WINDOW]; /* parts that were not answered */
	size_t under_way_count;
	uint8_t answered[LIMIT_STILL_PARTS / 8]; /* a bit for each part */
	int64_t answered_count;
};

/* What one who waits was told last. */
struct told_waiting {
	bool is_told;
	size_t ahead;
	enum clinician_state clinician;
	enum wait_reason reason;
	enum lack lack;
	int64_t next_code_us; /* 0: none is needed */
	char meet[LIMIT_NAME_BYTES + 1];
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order it reads */
struct seat {
	struct participant participant;
	unsigned number; /* in the meeting, below LIMIT_PARTICIPANTS */
	char staff_id[SERVICE_ID_BYTES + 1];
	enum assurance minimum_assurance;
	enum lack lack;
	int64_t came_us;
	int64_t since_us; /* there, or waiting */
	bool is_inside;	  /* in the private talk */
	bool is_aside;	  /* outside of it, which is kept */
	bool is_signing;
	bool wants_standing; /* is to be told of private talk and signing that are under way */
	bool has_check;
	enum verdict check; /* for talking */
	struct told_waiting waiting;
	struct ask asks[SERVICE_MAX_ASKS];
	size_t ask_count;
	char code_hint[32]; /* where a one-time code goes */
	char identified_as[LIMIT_NAME_BYTES + 1];
	int64_t away_until_us; /* showing an e-ID on another page: the seat is kept */
	struct t140_flow text; /* that it wrote */
	struct figures figures;
	struct meeting *meeting;
	uint32_t owner;
	struct client *client;		/* NULL: its websocket is gone, or there never was one */
	char resume[2][TOKEN_TEXT + 1]; /* [1]: presented last, good until the next is presented */
	struct leg *legs[LIMIT_SEAT_LEGS];
	size_t leg_count;
	bool is_lost; /* had media or a websocket and lost it */
	struct timer timer;
	/* What the others were told: a bit per seat number of those who know of it. */
	unsigned told_to;
	bool is_told; /* what follows was told */
	enum link_state told_link;
	unsigned told_muted;
	enum admission told_admission;
	enum assurance told_assurance;
	enum lack told_lack;
	bool has_quality_news;
	bool wants_qualities; /* tell this one everybody's */
	bool has_seen_news;
	bool has_told_seen; /* it thinks that somebody sees it less than whole */
};

struct meeting {
	struct consultation consultation;
	char key[SERVICE_ID_BYTES + 32]; /* in service->meetings: the id, unless it is a check */
	bool is_check;
	bool is_unrecorded; /* the check is of no visit */
	bool has_waiting_room;
	bool needs_interpreter;
	bool has_private_talk;
	bool is_interpreter_late;
	bool has_queue_news;
	bool is_changed;	     /* in service->changed */
	int64_t interpreter_us;	     /* without one it is late then; 0: nobody waits for one */
	int64_t interpreter_late_us; /* it was late then; 0: it never was */
	struct timer interpreter_timer;
	struct timer code_timer; /* somebody's code is good no longer */
	char unit_id[SERVICE_ID_BYTES + 1];
	char unit_name[LIMIT_NAME_BYTES + 1];
	char unit_phone[LIMIT_NAME_BYTES + 1];
	char responsible_id[SERVICE_ID_BYTES + 1];
	char responsible_name[LIMIT_NAME_BYTES + 1];
	int64_t planned_unix_s;
	char planned[SERVICE_TIME_BYTES]; /* RFC 3339, or "" */
	char ends[SERVICE_TIME_BYTES];
	enum visit_state state;
	int64_t queue_us; /* watchers are told not before this */
	struct timer queue_timer;
	struct seat *seats[LIMIT_PARTICIPANTS];
	size_t seat_count;
	uint32_t room_id; /* 0: no room open */
	size_t worker;
	size_t leg_count;
	int64_t quality_us; /* not before this */
	struct timer timer;
};

enum lookup_purpose {
	LOOKUP_JOIN,
	LOOKUP_POST,
	LOOKUP_PATCH,
	LOOKUP_DELETE,
	LOOKUP_WATCH,
};

/* A question to the store, and what to do with the answer. */
struct lookup {
	uint64_t number;
	enum lookup_purpose purpose;
	uint64_t client;  /* JOIN */
	uint64_t request; /* the others */
	enum service_http_kind kind;
	char *body; /* SDP or fragment */
	char *from;
	char *resource;
	char *if_match;
	struct timer timer;
};

struct queued_output {
	struct service_output output;
	char *text; /* every pointer of output leads into one of these */
	char *resource;
	char *etag;
	char *detail;
	struct transport_params *params;
	struct service_record *record;
};

struct service {
	struct service_config config;
	struct rng rng;
	int64_t now_us; /* of the call under way */
	struct heap timers;
	GQueue outputs;
	struct queued_output *handed; /* lent to the caller until its next call */
	GHashTable *clients;	      /* number -> client */
	GHashTable *lookups;	      /* number -> lookup */
	GHashTable *meetings;	      /* consultation id -> meeting */
	GHashTable *resumes;	      /* resume token -> seat */
	GHashTable *legs;	      /* transport id -> leg */
	GHashTable *resources;	      /* text -> leg */
	GHashTable *tracks;	      /* track id -> leg */
	GQueue changed;		      /* meetings */
	struct recall recall;
	struct onetime onetime;
	uint64_t next_lookup;
	uint32_t next_track, next_transport, next_room, next_owner;
	size_t worker_legs[SERVICE_MAX_WORKERS];
	size_t seat_count;
	size_t watcher_count;
	bool is_draining;
	struct service_stats stats;
};

/* --- service.c -------------------------------------------------------------------------------- */

void timer_init(struct timer *timer, enum timer_kind kind, void *owner);
void timer_set(struct service *service, struct timer *timer, int64_t deadline_us);
/* Queues a copy of *output and of all it points to; text_len is counted. */
void service_put(struct service *service, const struct service_output *output);
/* transport_params_dup; without memory the process ends. */
struct transport_params *service_params_dup(const struct transport_params *params);
void service_put_media(struct service *service, const struct meeting *meeting,
		       const struct media_command *command);
/* Asks the store, of a ticket for LOOKUP_WATCH; the lookup's texts are taken. -ENOSPC: too many are
 * under way, nothing taken. */
int service_find(struct service *service, const struct lookup *lookup, const char *token);

/* --- service_client.c ------------------------------------------------------------------------- */

/* The answer to a join's lookup. problem: PROBLEM_COUNT when found. */
/* Whether this lookup is for a look at the link alone. */
bool client_wants_check(const struct service *service, const struct lookup *lookup);
void client_found(struct service *service, const struct lookup *lookup, enum problem problem,
		  const struct service_invite *invite);
/* A last error, and the connection is closed. The seat is left to the caller. */
void client_refuse(struct service *service, struct client *client, enum problem problem,
		   const char *text, const char *of);
/* "ended", and the connection is closed. */
void client_end(struct service *service, struct client *client, enum departure departure);
/* "restarting", and the connection is closed. */
void client_drain(struct service *service, struct client *client);
void client_free(struct service *service, struct client *client);
void client_timeout(struct service *service, struct client *client);
const char *problem_text(enum problem problem);

/* --- service_seat.c --------------------------------------------------------------------------- */

/* The person's seat, made when there is none. PROBLEM_COUNT and *out, or why not. */
enum problem seat_of_invite(struct service *service, const struct service_invite *invite,
			    struct seat **out);
/* In a meeting that has room. */
struct seat *seat_new(struct service *service, struct meeting *meeting,
		      const struct service_invite *invite);
/* Its page is told "removed", all its connections are closed, and it is gone. */
void seat_remove(struct service *service, struct seat *seat);
/* NULL: not known. */
struct seat *seat_of_resume(struct service *service, const char *resume);
/* A newly opened page takes the seat: who was there is ousted, with its transport. */
void seat_join(struct service *service, struct seat *seat, struct client *client);
/* The same page on a new connection: its transport stays. */
void seat_resume(struct service *service, struct seat *seat, struct client *client,
		 const char *presented);
/* The websocket went away by itself. */
void seat_client_gone(struct service *service, struct seat *seat);
/* The person's page leaves; others of its connections may stay. */
void seat_leave(struct service *service, struct seat *seat, enum departure departure);
/* Frees the seat when nothing holds it any more. */
void seat_release(struct service *service, struct seat *seat, enum departure departure);
void seat_timeout(struct service *service, struct seat *seat);
struct leg *seat_page(const struct seat *seat);

/* --- service_meeting.c ------------------------------------------------------------------------ */

/* RFC 3339, UTC, into SERVICE_TIME_BYTES; "" of 0. */
void meeting_write_time(char *out, int64_t unix_s);
/* A meeting under this key, with what the store knows of its consultation. */
struct meeting *meeting_new(struct service *service, const struct service_invite *invite,
			    const char *key);
struct meeting *meeting_of_invite(struct service *service, const struct service_invite *invite);
/* Something is to be told, or to be tidied up, at the end of this drain. */
void meeting_mark(struct service *service, struct meeting *meeting);
/* Opens the room on the least loaded worker unless it is open. */
void meeting_open_room(struct service *service, struct meeting *meeting);
/* Everybody is told and leaves; the meeting is freed. */
void meeting_end(struct service *service, struct meeting *meeting, enum departure departure);
/* The room closes, the seats stay. */
void meeting_drain(struct service *service, struct meeting *meeting);
/* Closes the room when nobody has a leg, frees the meeting when nobody is there. */
void meeting_tidy(struct service *service, struct meeting *meeting);
/* Seats whose page is away and may come back. */
size_t meeting_seats_waiting(const struct meeting *meeting);
/* Tracks of a kind that others than this seat send. */
size_t meeting_others_tracks(const struct meeting *meeting, const struct seat *seat,
			     enum media_kind kind);

/* --- service_leg.c ---------------------------------------------------------------------------- */

struct leg_offer {
	const char *sdp;
	bool is_deflated;		      /* it came so */
	const struct message_source *sources; /* what the m-lines carry, as far as said */
	size_t source_count;
	int64_t seq;
	uint32_t only_owner;
};

/* A leg without a transport yet, or NULL: LIMIT_SEAT_LEGS are there. */
struct leg *leg_new(struct service *service, struct seat *seat, enum leg_kind kind);
/* Negotiates and posts the command; the answer goes out when the worker has done it. 0, or
 * -EBADMSG and *error: the leg is as it was. */
int leg_negotiate(struct service *service, struct leg *leg, const struct leg_offer *offer,
		  struct negotiate_error *error);
/* New ICE credentials on both sides; leg->answer is the fragment to send then. */
void leg_restart(struct service *service, struct leg *leg, const struct ice_credentials *remote);
/* Forgets it, and closes its transport unless the worker did. The seat is left to the caller. */
void leg_close(struct service *service, struct leg *leg, bool is_closed_already);
void leg_timeout(struct service *service, struct leg *leg);
/* The consultation is about something else now: the worker hears whose picture goes first. */
void leg_rank_anew(struct service *service, struct leg *leg);
/* Whose track this is: the participant and the source. False: it is gone. */
bool leg_find_track(const struct service *service, uint32_t track_id, const char **participant,
		    enum source *source);

/* --- service_view.c --------------------------------------------------------------------------- */

/* Of the leg's i-th m-line. */
void view_put_slot(struct service *service, struct leg *leg, size_t i, uint32_t track_id);
void view_put_picture(struct service *service, struct leg *leg, size_t i, enum picture picture);
void view_on_picture(struct service *service, struct leg *leg, const struct engine_event *event);
void view_on_want(struct service *service, struct leg *leg, const struct engine_event *event);
/* The leg goes: whom it saw hears that it sees nobody. */
void view_forget(struct service *service, struct leg *leg);
/* Everything is told once more, to a page that may have missed some. */
void view_repeat(struct seat *seat);
void view_tell_seen(struct service *service, struct seat *seat);
/* Slots are told and the page listens. */
void view_tell_page(struct service *service, const struct seat *seat, struct leg *leg);

/* --- service_visit.c -------------------------------------------------------------------------- */

/* A message of docs/protocol.md 9 to 14, which a seat's page sent. */
void visit_message(struct service *service, struct client *client, const struct message *message);
/* Says why not. */
void visit_refuse(struct service *service, const struct seat *seat, const struct message *message,
		  enum problem problem, const char *text);
/* NULL: nobody of that id is there; the sender has been told. */
struct seat *visit_whom(struct service *service, const struct seat *by,
			const struct message *message);
/* What is missing of what the unit asks of one who waits. */
/* An e-ID said who it is. */
void visit_identified(struct service *service, struct seat *seat, const char *name);
struct admission_ways visit_ways(const struct service *service, const struct seat *seat);
enum lack visit_lacks(const struct service *service, const struct seat *seat);
/* From when on it may ask for another code; 0: no code is asked of it. */
int64_t visit_next_code_us(const struct service *service, const struct seat *seat);
/* Makes a one-time code where the unit wants one and none is good, for somebody who comes. */
void visit_make_code(struct service *service, struct seat *seat);
/* The same, and asks for it. */
void visit_want_code(struct service *service, struct seat *seat);

/* --- service_admit.c -------------------------------------------------------------------------- */

enum apart admit_apart(const struct seat *seat);
uint8_t admit_circle(const struct seat *seat);
/* Whether these hear each other. */
bool admit_is_together(const struct seat *a, const struct seat *b);
/* To one who comes: the private talk and the signing that are under way. */
void admit_tell_standing(struct service *service, struct seat *seat);
/* The legs follow where their people stand. */
void admit_move(struct service *service, struct meeting *meeting);
void admit_door(struct service *service, struct seat *by, const struct message *message);
void admit_remove(struct service *service, struct seat *by, const struct message *message);
void admit_private(struct service *service, struct seat *by, const struct message *message);
/* A seat goes: a private talk may end with it. */
void admit_seat_gone(struct service *service, struct meeting *meeting);
/* Of a visit that needs one. */
enum interpreter_state admit_interpreter(const struct meeting *meeting);
/* The visit does not begin before one is there. */
bool admit_lacks_interpreter(const struct meeting *meeting);
/* Keeps the clock of an interpreter who is not there. */
void admit_follow_interpreter(struct service *service, struct meeting *meeting);
/* Places in the queue of this unit may be others now. */
void admit_mark_unit(struct service *service, const struct meeting *meeting);

/* --- service_wait.c --------------------------------------------------------------------------- */

/* Those who wait hear how long and why, where it changed. */
void wait_tell(struct service *service, struct meeting *meeting);
/* What is missing of each, and until when that holds. */
void wait_follow_lacks(struct service *service, struct meeting *meeting);

/* --- service_relay.c -------------------------------------------------------------------------- */

void relay_message(struct service *service, struct seat *from, const struct message *message);

/* --- service_check.c -------------------------------------------------------------------------- */

/* A seat of its own for a look at the link, in a meeting nobody else can find; NULL: a limit. */
struct seat *check_seat(struct service *service, const struct service_invite *invite,
			uint64_t client_number);
void check_join(struct service *service, struct seat *seat, struct client *client);

/* --- service_watch.c -------------------------------------------------------------------------- */

void watch_begin(struct service *service, struct client *client, const struct message *message);
void watch_found(struct service *service, const struct lookup *lookup, enum problem problem,
		 const struct service_ticket *ticket);
/* The time it may watch is over. */
void watch_late(struct service *service, struct client *client);
/* Tells watchers of the meeting's unit what is news. */
void watch_tell(struct service *service, struct meeting *meeting);
/* The meeting goes: nobody is there any more. */
void watch_gone(struct service *service, struct meeting *meeting);

/* --- service_figures.c -------------------------------------------------------------------------
 */

/* How the pictures that the page gets are sent has changed. */
void figures_see(struct service *service, const struct leg *leg);
/* Its sound has a codec. */
void figures_hear(const struct leg *leg);
/* What a page tells of somebody. */
void figures_message(struct service *service, struct seat *from, const struct message *message);
/* The seat goes. */
void figures_record(struct service *service, const struct seat *seat);

/* --- service_record.c ------------------------------------------------------------------------- */

/* Of a person, done by another (NULL: by itself, or the server). *more: what else, or NULL. */
void record_put(struct service *service, enum record_kind kind, const struct seat *seat,
		const struct seat *by, const struct service_record *more);
/* Of somebody who may have no seat at the moment. */
void record_identified(struct service *service, const struct service_person *person,
		       const char *name, const char *acr);
/* Of the visit as such. */
void record_visit(struct service *service, enum record_kind kind, const struct meeting *meeting,
		  const struct seat *by, const struct service_record *more);

/* --- service_http.c --------------------------------------------------------------------------- */

void http_found(struct service *service, const struct lookup *lookup, enum problem problem,
		const struct service_invite *invite);
/* The worker has done what the leg's request asked for. */
void http_leg_done(struct service *service, struct leg *leg);
void http_refuse(struct service *service, uint64_t request, enum problem problem,
		 const char *detail);

/* --- service_tell.c --------------------------------------------------------------------------- */

void tell(struct service *service, const struct client *client, const struct message *message);
/* The message but for its type. */
void tell_error(struct service *service, const struct client *client,
		const struct message *message);
/* joined or resumed: the whole present state. */
void tell_state(struct service *service, const struct seat *seat, enum message_type type);
void tell_left(struct service *service, const struct seat *seat, enum departure departure);
/* Whether something can be told to it now. */
bool tell_can(const struct seat *seat);
void tell_speaking(struct service *service, const struct seat *seat);
/* To everybody, by whom it was set included. */
void tell_mode(struct service *service, const struct seat *by);
/* To those who hear the sender (its circle), to itself when `also_self`. */
void tell_circle(struct service *service, const struct seat *from, bool also_self,
		 const struct message *message);
/* To clinicians, and staff, who are admitted; not to `from`. */
void tell_care(struct service *service, const struct seat *from, const struct message *message);
/* What changed in the meeting since the last time. */
void tell_changes(struct service *service, struct meeting *meeting);

#endif
