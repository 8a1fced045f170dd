/* SPDX-License-Identifier: EUPL-1.2 */
/* Retransmission payload format (RFC 4588): the original sequence number before the payload. Pure.
 */
#ifndef VIDD_MEDIA_STREAM_RTX_H
#define VIDD_MEDIA_STREAM_RTX_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/bytes.h"
#include "media/wire/rtp.h"

/* Reads the original sequence number of an RTX packet; payload and len then name the original
 * payload. 0; -EBADMSG too short; -EAGAIN nothing but padding (a probe): not a retransmission. */
int rtx_parse(const struct rtp_header *rtx, uint16_t *osn, const uint8_t **payload, size_t *len);
/* Writes the original sequence number; the payload follows. */
void rtx_write(struct wr *w, uint16_t osn);

#endif
