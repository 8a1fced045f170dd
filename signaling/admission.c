/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/admission.h"

#include <assert.h>

#include "media/route/params.h"

/* --- the door --------------------------------------------------------------------------------- */

enum admission admission_first(bool has_waiting_room, enum role role, enum admission kept)
{
	return has_waiting_room && role != ROLE_CLINICIAN ? kept : ADMISSION_ADMITTED;
}

enum admission admission_after(enum admission now, enum admission_order order, enum role role)
{
	static const enum admission after[ADMISSION_ORDER_COUNT] = {
		[ADMISSION_ADMIT] = ADMISSION_ADMITTED,
		[ADMISSION_PUT_BACK] = ADMISSION_WAITING,
		[ADMISSION_HOLD] = ADMISSION_HELD,
	};

	if (role == ROLE_CLINICIAN)
		return order == ADMISSION_ADMIT ? now : ADMISSION_COUNT;
	return after[order];
}

bool admission_is_sure(enum assurance reached, enum assurance minimum)
{
	/* C is the clinician's word, given once they see each other. */
	return minimum <= ASSURANCE_C || reached >= minimum;
}

bool admission_can_reach(enum assurance minimum, struct admission_ways ways)
{
	return minimum <= ASSURANCE_C || ways.has_eid ||
	       (minimum == ASSURANCE_B && ways.has_telephone);
}

enum lack admission_lacks(const struct admission_trust *trust)
{
	if (trust->role != ROLE_PATIENT || trust->reached >= trust->minimum)
		return LACK_NONE;
	if (admission_is_sure(trust->reached, trust->minimum))
		return LACK_VOUCH;
	if (trust->minimum == ASSURANCE_B && trust->ways.has_telephone)
		return trust->has_code ? LACK_CODE : LACK_NEW_CODE;
	if (trust->ways.has_eid)
		return LACK_E_ID;
	return trust->minimum == ASSURANCE_B ? LACK_TELEPHONE : LACK_NO_E_ID;
}

/* --- circles ---------------------------------------------------------------------------------- */

#define CIRCLE_PRIVATE 1

uint8_t admission_circle(enum admission admission, enum apart apart)
{
	static const uint8_t circles[APART_COUNT] = {
		[APART_NONE] = MEDIA_CIRCLE_COMMON,
		[APART_INSIDE] = CIRCLE_PRIVATE,
		[APART_OUTSIDE] = MEDIA_CIRCLE_ALONE,
	};

	return admission == ADMISSION_ADMITTED ? circles[apart] : MEDIA_CIRCLE_ALONE;
}

bool admission_sees(const struct admission_view *viewer, const struct admission_view *other)
{
	if (viewer->admission != ADMISSION_ADMITTED)
		return false;
	return other->admission == ADMISSION_ADMITTED || viewer->role == ROLE_CLINICIAN ||
	       viewer->role == ROLE_STAFF;
}

/* --- pointing --------------------------------------------------------------------------------- */

bool admission_points(bool is_together, bool is_own, bool has_yes, bool is_end)
{
	return is_together && (is_own || has_yes || is_end);
}

/* --- the visit -------------------------------------------------------------------------------- */

enum visit_state visit_next(enum visit_state now, const struct visit_facts *facts)
{
	bool is_met = facts->has_clinician && facts->let_in > 0;
	bool begins = facts->admitted >= 2 && (is_met || !facts->has_waiting_room);

	switch (now) {
	case VISIT_PLANNED:
	case VISIT_OPEN:
		if (begins)
			return VISIT_IN_PROGRESS;
		return facts->present > 0 ? VISIT_OPEN : VISIT_PLANNED;
	case VISIT_IN_PROGRESS:
	case VISIT_ENDED:
	case VISIT_STATE_COUNT:
		break;
	}
	return now;
}

/* --- who may say what ------------------------------------------------------------------------- */

#define BIT(role)  (1U << (role))
#define EVERYBODY  (BIT(ROLE_COUNT) - 1)
#define CLINICIANS BIT(ROLE_CLINICIAN)
#define SPEAKERS   (EVERYBODY & ~BIT(ROLE_OBSERVER))
#define CARED_FOR  (BIT(ROLE_PATIENT) | BIT(ROLE_RELATIVE) | BIT(ROLE_ROOM) | BIT(ROLE_STAFF))

/* A bit per role, of those who are admitted and of those who are not. Zero: nobody. */
static const struct {
	unsigned admitted, waiting;
} may[MESSAGE_JOINED] = {
	[MESSAGE_JOIN] = {EVERYBODY, EVERYBODY},
	[MESSAGE_RESUME] = {EVERYBODY, EVERYBODY},
	[MESSAGE_OFFER] = {EVERYBODY, EVERYBODY},
	[MESSAGE_MUTE] = {EVERYBODY, EVERYBODY},
	[MESSAGE_SET_MODE] = {CLINICIANS, 0},
	[MESSAGE_PING] = {EVERYBODY, EVERYBODY},
	[MESSAGE_LEAVE] = {EVERYBODY, EVERYBODY},
	[MESSAGE_ADMIT] = {CLINICIANS | BIT(ROLE_STAFF), 0},
	[MESSAGE_PUT_BACK] = {CLINICIANS, 0},
	[MESSAGE_HOLD] = {CLINICIANS, 0},
	[MESSAGE_REMOVE] = {CLINICIANS, 0},
	[MESSAGE_TALK_APART] = {CLINICIANS, 0},
	[MESSAGE_VOUCH] = {CLINICIANS, 0},
	[MESSAGE_CODE] = {SPEAKERS, SPEAKERS},
	[MESSAGE_WANT_CODE] = {SPEAKERS, SPEAKERS},
	[MESSAGE_REQUEST_INVITE] = {CARED_FOR, 0},
	[MESSAGE_INVITE_MADE] = {CLINICIANS, 0},
	[MESSAGE_GIVE_CONSENT] = {SPEAKERS, 0},
	[MESSAGE_ASK] = {CLINICIANS, 0},
	[MESSAGE_SEND_STILL] = {CARED_FOR, 0},
	[MESSAGE_ACK_STILL] = {CLINICIANS, 0},
	[MESSAGE_POINT] = {CLINICIANS, 0},
	[MESSAGE_TELL_WISH] = {SPEAKERS & ~CLINICIANS, SPEAKERS & ~CLINICIANS},
	[MESSAGE_SIGN] = {SPEAKERS, 0},
	[MESSAGE_TYPE_TEXT] = {SPEAKERS, 0},
	[MESSAGE_SAY_CHAT] = {SPEAKERS, SPEAKERS},
	[MESSAGE_INTERPRETER_NUMBER] = {BIT(ROLE_INTERPRETER), BIT(ROLE_INTERPRETER)},
	[MESSAGE_CHECKED] = {EVERYBODY, EVERYBODY},
	[MESSAGE_PERCEIVED] = {EVERYBODY, 0},
	[MESSAGE_END] = {CLINICIANS, 0},
	[MESSAGE_HAND_OVER] = {CLINICIANS, 0},
	[MESSAGE_WATCH] = {0, 0}, /* not from a seat */
};

enum permission permission_of(enum message_type type, enum role role, enum admission admission)
{
	assert(type < MESSAGE_JOINED);
	if (admission == ADMISSION_ADMITTED)
		return (may[type].admitted & BIT(role)) != 0 ? PERMISSION_YES : PERMISSION_NO;
	if ((may[type].waiting & BIT(role)) != 0)
		return PERMISSION_YES;
	return (may[type].admitted & BIT(role)) != 0 ? PERMISSION_NOT_ADMITTED : PERMISSION_NO;
}
