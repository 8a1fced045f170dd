/* SPDX-License-Identifier: EUPL-1.2 */
/* Which protocol a datagram speaks (RFC 7983 figure 3, RFC 5761 section 4). Pure. */
#ifndef VIDD_MEDIA_WIRE_DEMUX_H
#define VIDD_MEDIA_WIRE_DEMUX_H

#include <stddef.h>
#include <stdint.h>

enum demux_kind {
	DEMUX_DROP,
	DEMUX_STUN,
	DEMUX_DTLS,
	DEMUX_RTP,
	DEMUX_RTCP,
};

enum demux_kind demux_classify(const uint8_t *buf, size_t len);

#endif
