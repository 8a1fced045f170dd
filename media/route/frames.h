/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the packets of one encoding tell of their frames: by the payload and, where there is one,
 * by the dependency descriptor, whose structure comes with a keyframe and is kept here.
 */
#ifndef VIDD_MEDIA_ROUTE_FRAMES_H
#define VIDD_MEDIA_ROUTE_FRAMES_H

#include "media/codec/dd.h"
#include "media/route/packet.h"

/* Zero state: no structure yet. Large: once per encoding. */
struct frames {
	struct dd_structure structure;
	uint16_t structure_frame; /* the frame that brought it */
};

/* Fills packet->frame and frame_number. is_newest: nothing newer of its encoding came before. 0 or
 * -EBADMSG: no payload of its codec. A descriptor that cannot be read leaves the payload's word. */
int frames_inspect(struct frames *frames, struct packet *packet, bool is_newest);

#endif
