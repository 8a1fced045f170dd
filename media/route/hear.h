/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A voice on its way to one subscription: from the frames of the track (stream/voice) through the
 * subscription's packing and protection (stream/voiceout) to datagrams, which leave at once. One
 * thread.
 */
#ifndef VIDD_MEDIA_ROUTE_HEAR_H
#define VIDD_MEDIA_ROUTE_HEAR_H

#include "media/route/sub.h"
#include "media/stream/voice.h"

/* A packet of the track's voice: keeps it and gives what is new in it to each subscription of the
 * list. 0 or -EBADMSG: malformed RED. */
int hear_packet(struct voice *voice, int64_t now_us, struct sub *subs, const struct packet *packet,
		int64_t capture_us);
/* What is gathered goes: something of the source that does not go this way comes next. */
void hear_flush(struct sub *sub, int64_t now_us, struct voice *voice);
/* What is gathered and has waited long enough goes. */
void hear_timeout(struct sub *sub, int64_t now_us, struct voice *voice);
/* The voice ends, or is not heard any more: what is gathered goes. */
void hear_end(struct sub *sub, int64_t now_us, struct voice *voice);

#endif
