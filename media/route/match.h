/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whether a subscriber can take what a publisher sends, and under which of its codec entries
 * (RFC 6184 8.1 profile-level-id and packetization-mode, RFC 9628 7 profile-id, AV1 RTP spec 7.2).
 * Pure.
 */
#ifndef VIDD_MEDIA_ROUTE_MATCH_H
#define VIDD_MEDIA_ROUTE_MATCH_H

#include "media/route/params.h"

#define MATCH_NONE (-1)

/* Index in slot->codec of the entry that takes `source`, an exact profile before a wider one, or
 * MATCH_NONE. */
int match_codec(const struct mline_params *slot, const struct codec_params *source);

#endif
