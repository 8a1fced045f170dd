/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/demux.h"

/* The least that each protocol can be; anything shorter is noise. */
#define STUN_HEADER 20 /* RFC 8489 5 */
#define DTLS_HEADER 13 /* RFC 6347 4.1 */
#define RTP_HEADER  12 /* RFC 3550 5.1 */
#define RTCP_HEADER 8  /* RFC 3711 3.4: header and sender SSRC stay in the clear */

enum demux_kind demux_classify(const uint8_t *buf, size_t len)
{
	if (len < RTCP_HEADER)
		return DEMUX_DROP;
	uint8_t first = buf[0];
	/* RFC 7983 7; ZRTP (16..19) and TURN channels (64..79) are not spoken here. */
	if (first <= 3)
		return len >= STUN_HEADER ? DEMUX_STUN : DEMUX_DROP;
	if (first >= 20 && first <= 63)
		return len >= DTLS_HEADER ? DEMUX_DTLS : DEMUX_DROP;
	if (first < 128 || first > 191)
		return DEMUX_DROP;
	/* RFC 5761 4: RTCP packet types 192..223 are where RTP would have payload types 64..95
	 * with the marker, which are therefore never negotiated. */
	if (buf[1] >= 192 && buf[1] <= 223)
		return DEMUX_RTCP;
	return len >= RTP_HEADER ? DEMUX_RTP : DEMUX_DROP;
}
