/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The door of a visit: who waits and who is in, who sees whom, what becomes of an order at the
 * door, in which state the visit is, and who may say what. Tables and pure functions;
 * docs/protocol.md 9, 10 and 13.
 */
#ifndef VIDD_SIGNALING_ADMISSION_H
#define VIDD_SIGNALING_ADMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "signaling/message.h"
#include "signaling/names.h"

/* --- the door --------------------------------------------------------------------------------- */

/* Where somebody who comes stands: where it stood, but that clinicians never wait and that without
 * a waiting room nobody does. */
enum admission admission_first(bool has_waiting_room, enum role role, enum admission kept);

/* What is done to somebody at the door. */
enum admission_order {
	ADMISSION_ADMIT,
	ADMISSION_PUT_BACK,
	ADMISSION_HOLD,
	ADMISSION_ORDER_COUNT,
};

/* Where it stands then. ADMISSION_COUNT: the order makes no sense (clinicians are not kept out). */
enum admission admission_after(enum admission now, enum admission_order order, enum role role);

/* What a unit asks for at least is there. */
bool admission_is_sure(enum assurance reached, enum assurance minimum);

/* How a patient can show who they are. */
struct admission_ways {
	bool has_telephone; /* a code could be sent to */
	bool has_eid;	    /* the installation takes e-IDs, which are sure enough for everything */
};

/* Whether a patient can get there at all. */
bool admission_can_reach(enum assurance minimum, struct admission_ways ways);

/* How sure one is of somebody at the door, and of how one could be surer. */
struct admission_trust {
	enum role role;
	enum assurance reached;
	enum assurance minimum; /* of the unit */
	struct admission_ways ways;
	bool has_code; /* one was sent and is good */
};

/* What is missing of what the unit asks; of patients alone, for nobody else is kept out by it. All
 * but LACK_VOUCH keep out. */
enum lack admission_lacks(const struct admission_trust *trust);

/* --- circles ---------------------------------------------------------------------------------- */

/* How somebody stands to a private talk of the visit. */
enum apart {
	APART_NONE, /* there is none */
	APART_INSIDE,
	APART_OUTSIDE,
	APART_COUNT,
};

/* The circle of media/route/params.h. */
uint8_t admission_circle(enum admission admission, enum apart apart);

/* One who is there, as far as sight is concerned. */
struct admission_view {
	enum role role;
	enum admission admission;
};

/* Whether the viewer is told that the other is there. */
bool admission_sees(const struct admission_view *viewer, const struct admission_view *other);

/* --- pointing --------------------------------------------------------------------------------- */

/* Whether a point in a picture is passed on: the two are together (docs/protocol.md 10), and whose
 * picture it is said yes to this clinician. Who points no more needs no yes, and nobody does in
 * their own picture. */
bool admission_points(bool is_together, bool is_own, bool has_yes, bool is_end);

/* --- the visit -------------------------------------------------------------------------------- */

struct visit_facts {
	size_t present;	    /* people */
	size_t admitted;    /* of them, admitted */
	size_t let_in;	    /* of those, others than clinicians */
	bool has_clinician; /* admitted */
	bool has_waiting_room;
};

/* Planned, open and back as people come and go; in progress once it began, until it is ended by
 * somebody (the service sees to that). */
enum visit_state visit_next(enum visit_state now, const struct visit_facts *facts);

/* --- who may say what ------------------------------------------------------------------------- */

enum permission {
	PERMISSION_YES,
	PERMISSION_NOT_ADMITTED, /* not yet */
	PERMISSION_NO,
	PERMISSION_COUNT,
};

/* Whether a client's message of this type is heard from such a person; `type` is a client's. */
enum permission permission_of(enum message_type type, enum role role, enum admission admission);

#endif
