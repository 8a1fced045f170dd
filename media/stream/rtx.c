/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/rtx.h"

#include <errno.h>

int rtx_parse(const struct rtp_header *rtx, uint16_t *osn, const uint8_t **payload, size_t *len)
{
	struct rd r = rd_init(rtx->payload, rtx->payload_len);

	if (rtx->payload_len == 0)
		return -EAGAIN;
	uint16_t seq = rd_u16(&r);
	if (!rd_ok(&r))
		return -EBADMSG;
	size_t left = rd_left(&r);
	*osn = seq;
	*payload = rd_bytes(&r, left);
	*len = left;
	return 0;
}

void rtx_write(struct wr *w, uint16_t osn)
{
	wr_u16(w, osn);
}
