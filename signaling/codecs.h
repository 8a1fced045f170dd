/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which of an offered m-line's codecs we take, in our order (audio: Opus with RED, telephone-event;
 * video: as configured). Pure.
 */
#ifndef VIDD_SIGNALING_CODECS_H
#define VIDD_SIGNALING_CODECS_H

#include "media/route/params.h"
#include "signaling/offer.h"

/* Fills mline->codec and codec_count from the offered payload types; kind is set. video: in order
 * of preference, CODEC_NONE ends. Nothing in common: count 0. */
void codecs_choose(struct mline_params *mline, const struct offer_mline *offered,
		   const enum codec_id *video);

#endif
