/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A small world around a service: a store that knows some invites, workers that do what they are
 * told, and everything the service puts out, kept for the test to look at. All steps are the
 * test's own; nothing happens by itself but what `is_answering` switches on.
 */
#ifndef VIDD_TESTS_UNIT_WORLD_H
#define VIDD_TESTS_UNIT_WORLD_H

#include <glib.h>
#include <jansson.h>

#include "signaling/service.h"

/* Invite tokens of the two consultations: c1 has three people, c2 one, c3 is over. */
#define TOKEN_ANNA  "AAAAAAAAAAAAAAAAAAAAAA" /* c1 p1 clinician */
#define TOKEN_ELSA  "BBBBBBBBBBBBBBBBBBBBBA" /* c1 p2 patient */
#define TOKEN_OMAR  "CCCCCCCCCCCCCCCCCCCCCA" /* c1 p3 interpreter */
#define TOKEN_NILS  "DDDDDDDDDDDDDDDDDDDDDA" /* c2 p4 patient */
#define TOKEN_ENDED "EEEEEEEEEEEEEEEEEEEEEA" /* c3 p5 */
/* Of unit u1, with a waiting room: c4 has four people, c5 one who needs an interpreter, c6 one who
 * needs a code, and its clinician. */
#define VISIT_ANNA  "GGGGGGGGGGGGGGGGGGGGGA" /* c4 p11 clinician s1 */
#define VISIT_ELSA  "HHHHHHHHHHHHHHHHHHHHHA" /* c4 p12 patient */
#define VISIT_OMAR  "IIIIIIIIIIIIIIIIIIIIIA" /* c4 p13 interpreter */
#define VISIT_KARIN "JJJJJJJJJJJJJJJJJJJJJA" /* c4 p14 relative */
#define VISIT_NILS  "KKKKKKKKKKKKKKKKKKKKKA" /* c5 p15 patient */
#define VISIT_CODE  "LLLLLLLLLLLLLLLLLLLLLA" /* c6 p16 patient */
#define VISIT_BO    "MMMMMMMMMMMMMMMMMMMMMA" /* c6 p17 clinician s2 */
#define VISIT_INES  "NNNNNNNNNNNNNNNNNNNNNA" /* c5 p18 interpreter */
#define VISIT_CECI  "OOOOOOOOOOOOOOOOOOOOOA" /* c5 p19 clinician s1 */
#define VISIT_EID   "PPPPPPPPPPPPPPPPPPPPPA" /* c6 p20 patient: the unit asks for an e-ID */
#define VISIT_MUTE  "QQQQQQQQQQQQQQQQQQQQQA" /* c6 p21 patient: for a code, without a telephone */
/* When visits are planned, on the world's own clock. */
#define WORLD_PLANNED_S 600
#define WATCH_TICKET	"TTTTTTTTTTTTTTTTTTTTTA" /* u1 */
#define WATCH_US	3600000000		 /* that ticket's time */
#define TOKEN_WRONG	"FFFFFFFFFFFFFFFFFFFFFA"

struct world_text {
	uint64_t client;
	json_t *json; /* NULL: the connection was closed */
	uint16_t close_code;
};

struct world_media {
	size_t worker;
	enum media_command_type type;
	uint32_t room_id;
	uint32_t transport_id;
	uint8_t circle;
	struct transport_params *params; /* a copy, or NULL */
};

struct world_reply {
	uint64_t request;
	int status;
	char *body, *resource, *etag, *problem;
};

struct world_record {
	struct service_record record;
	char *text;
};

struct world {
	struct service *service;
	int64_t now_us;
	bool is_store_answering;
	bool is_media_answering;
	int media_result;
	GArray *texts, *medias, *replies;
	GArray *records;
	GArray *lookups; /* uint64_t, not answered */
};

struct world *world_new(size_t workers, size_t max_clients);
/* has_eid: patients can show an e-ID. */
struct world *world_new_with(size_t workers, size_t max_clients, bool has_eid);
void world_free(struct world *w);
/* Takes the outputs until there are none. */
void world_drain(struct world *w);
/* Lets time pass, with every deadline met on the way. */
void world_pass(struct world *w, int64_t us);

void world_open(struct world *w, uint64_t client);
/* Opens and joins; "joined" is among the texts. */
void world_join(struct world *w, uint64_t client, const char *token);
__attribute__((format(printf, 3, 4))) void world_send(struct world *w, uint64_t client,
						      const char *format, ...);
/* An offer with one audio and one video source and `slots` slots of each kind. */
void world_offer(struct world *w, uint64_t client, int seq, size_t slots, bool is_fresh);
char *world_sdp(const char *direction, size_t slots, const char *ufrag);
void world_event(struct world *w, const struct engine_event *event);
void world_answer_lookup(struct world *w, uint64_t lookup, const char *token);

/* The last message of a type that a client got since world_forget; NULL: none. */
const json_t *world_last(const struct world *w, uint64_t client, const char *type);
size_t world_count(const struct world *w, uint64_t client, const char *type);
/* The close code, or 0: not closed. */
uint16_t world_closed(const struct world *w, uint64_t client);
/* The last command of a type, or NULL. */
const struct world_media *world_media(const struct world *w, enum media_command_type type);
size_t world_media_count(const struct world *w, enum media_command_type type);
const struct world_reply *world_reply(const struct world *w, uint64_t request);
/* The last record of a kind, or NULL. */
const struct service_record *world_record(const struct world *w, enum record_kind kind);
void world_forget(struct world *w);

/* --- shorthand -------------------------------------------------------------------------------- */

const char *world_text_of(const json_t *object, const char *key);
/* The code of the last error a client got, or NULL. */
const char *world_code(const struct world *w, uint64_t client);
/* The transport that the last new offer opened, and the track of one of its m-lines. */
uint32_t world_transport(const struct world *w);
uint32_t world_track(const struct world *w, size_t mline);
/* Joins, offers and connects; the transport's id. */
uint32_t world_arrive(struct world *w, uint64_t client, const char *token);
/* The link of the participant that a client was last told about. */
const char *world_told_link(const struct world *w, uint64_t client);
/* The resume token of a client's last message of that type; g_free it. */
char *world_resume_of(const struct world *w, uint64_t client, const char *type);
/* Opens a connection and presents a resume token. */
void world_resume(struct world *w, uint64_t client, const char *token);

#endif
