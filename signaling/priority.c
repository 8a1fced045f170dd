/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/priority.h"

#include <assert.h>
#include <stddef.h>

#define BIT(value) (1U << (value))
#define ANY	   (~0U)

#define PATIENT_SIDE (BIT(ROLE_PATIENT) | BIT(ROLE_RELATIVE) | BIT(ROLE_STAFF) | BIT(ROLE_ROOM))
#define EXAM	     (BIT(SOURCE_EXAM_CAMERA) | BIT(SOURCE_EXAM_CAMERA_2))
#define LENSES	     (BIT(SOURCE_CAMERA) | EXAM)

/* Floors, bits per second of media. */
enum {
	/* EN 301 549 6.5.3: 20 fps, which VP8 at 320x180 does from about 150 k (libwebrtc's target
	 * for the size); 200 k leaves room for hands that move. */
	FLOOR_SIGNS = 200000,
	FLOOR_SMOOTH = 150000,
	/* A wound in 480x270 at 5 fps and more; guess. */
	FLOOR_DETAIL = 200000,
	/* 320x180 in some frames a second: libwebrtc's minimum for the size is 30 k. */
	FLOOR_FACE = 60000,
	FLOOR_GLIMPSE = 30000,
};

/* The first that fits counts; sets of bits. */
static const struct {
	unsigned modes, roles, sources;
	struct priority is;
} rules[] = {
	/* Heart and lungs suffer from 2 % loss already; nobody talks meanwhile. */
	{BIT(MODE_AUSCULTATION), ANY, BIT(SOURCE_STETHOSCOPE), {.priority = 1100}},
	{ANY, ANY, BIT(SOURCE_STETHOSCOPE), {.priority = 950}},
	{ANY, BIT(ROLE_OBSERVER), BIT(SOURCE_MICROPHONE), {.priority = 900}},
	{ANY, ANY, BIT(SOURCE_MICROPHONE), {.priority = 1000}},

	{BIT(MODE_SIGN),
	 BIT(ROLE_INTERPRETER),
	 BIT(SOURCE_CAMERA),
	 {600, FLOOR_SIGNS, MEDIA_KEEP_FRAME_RATE}},
	{BIT(MODE_SIGN),
	 BIT(ROLE_PATIENT),
	 BIT(SOURCE_CAMERA),
	 {550, FLOOR_SMOOTH, MEDIA_KEEP_FRAME_RATE}},
	/* Lips are read, too. */
	{BIT(MODE_SIGN),
	 BIT(ROLE_CLINICIAN),
	 BIT(SOURCE_CAMERA),
	 {500, FLOOR_SMOOTH, MEDIA_KEEP_FRAME_RATE}},
	{BIT(MODE_MOVEMENT), PATIENT_SIDE, LENSES, {600, FLOOR_SIGNS, MEDIA_KEEP_FRAME_RATE}},
	{BIT(MODE_SKIN), ANY, EXAM, {650, FLOOR_DETAIL, MEDIA_KEEP_RESOLUTION}},
	{BIT(MODE_SKIN),
	 PATIENT_SIDE,
	 BIT(SOURCE_CAMERA),
	 {600, FLOOR_DETAIL, MEDIA_KEEP_RESOLUTION}},
	/* Where the chest piece sits must be seen. */
	{BIT(MODE_AUSCULTATION), PATIENT_SIDE, LENSES, {550, FLOOR_FACE, MEDIA_KEEP_FRAME_RATE}},

	{ANY, ANY, EXAM, {480, FLOOR_FACE, MEDIA_KEEP_RESOLUTION}},
	{ANY, ANY, BIT(SOURCE_SCREEN), {470, FLOOR_FACE, MEDIA_KEEP_RESOLUTION}},
	{ANY, BIT(ROLE_CLINICIAN), BIT(SOURCE_CAMERA), {500, FLOOR_FACE, MEDIA_KEEP_FRAME_RATE}},
	{ANY, BIT(ROLE_INTERPRETER), BIT(SOURCE_CAMERA), {450, FLOOR_FACE, MEDIA_KEEP_FRAME_RATE}},
	{ANY, BIT(ROLE_PATIENT), BIT(SOURCE_CAMERA), {400, FLOOR_FACE, MEDIA_KEEP_FRAME_RATE}},
	{ANY,
	 BIT(ROLE_STAFF) | BIT(ROLE_ROOM),
	 BIT(SOURCE_CAMERA),
	 {350, FLOOR_GLIMPSE, MEDIA_KEEP_FRAME_RATE}},
	{ANY, BIT(ROLE_RELATIVE), BIT(SOURCE_CAMERA), {300, FLOOR_GLIMPSE, MEDIA_KEEP_FRAME_RATE}},
	{ANY, BIT(ROLE_OBSERVER), BIT(SOURCE_CAMERA), {100, 0, MEDIA_KEEP_FRAME_RATE}},
};

struct priority priority_of(enum mode mode, enum role role, enum source source)
{
	size_t i = 0;
	struct priority is;

	assert(mode < MODE_COUNT && role < ROLE_COUNT && source < SOURCE_COUNT);
	while ((rules[i].modes & BIT(mode)) == 0 || (rules[i].roles & BIT(role)) == 0 ||
	       (rules[i].sources & BIT(source)) == 0) {
		i++;
		assert(i < sizeof(rules) / sizeof(rules[0]));
	}
	is = rules[i].is;
	/* Pictures take only what sound leaves. */
	if (mode == MODE_AUDIO_FIRST)
		is.floor_bps = 0;
	return is;
}
