/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the packets of one encoding tell of their frames: by the payload and, where there is one,
 * by the dependency descriptor, whose structure comes with a keyframe and is kept here.
 */
#ifndef VIDD_MEDIA_ROUTE_FRAMES_H
#define VIDD_MEDIA_ROUTE_FRAMES_H

#include "media/codec/dd.h"
#include "media/route/packet.h"

/* Zero state: no structure yet. */
struct frames {
	struct dd_structure
		*structure;	  /* from the first descriptor on: 5 kB that few codecs need */
	uint16_t structure_frame; /* the frame that brought it */
};

/* Fills packet->frame and frame_number. frames: NULL where there are none, as of sound. is_newest:
 * nothing newer of its encoding came before. 0 or -EBADMSG: no payload of its codec. A descriptor
 * that cannot be read leaves the payload's word. */
int frames_inspect(struct frames *frames, struct packet *packet, bool is_newest);

/* Back to the zero state. */
void frames_close(struct frames *frames);

#endif
