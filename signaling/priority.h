/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How each source fares where not everything fits, by whose it is, what it shows and what the
 * consultation is about now: one table, from docs/protocol.md 8. Pure.
 *
 * Sound goes before every picture. Of pictures the one that the mode is about goes first, then the
 * clinician's face, the interpreter's, the patient's, and the rest.
 */
#ifndef VIDD_SIGNALING_PRIORITY_H
#define VIDD_SIGNALING_PRIORITY_H

#include <stdint.h>

#include "media/route/params.h"
#include "signaling/names.h"

struct priority {
	uint16_t priority;  /* larger goes first */
	uint32_t floor_bps; /* of a picture; 0: none, and for sound */
	enum media_keep keep;
};

struct priority priority_of(enum mode mode, enum role role, enum source source);

#endif
