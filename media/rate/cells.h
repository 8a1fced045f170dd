/* SPDX-License-Identifier: EUPL-1.2 */
/* What a packet takes of an ADSL line. */
#ifndef VIDD_MEDIA_RATE_CELLS_H
#define VIDD_MEDIA_RATE_CELLS_H

#include <stdint.h>

#define CELLS_HEADERS_BYTES 40 /* PPPoE 8, Ethernet 14, LLC 10, AAL5 8 */

/* An IP packet of so many bytes: whole ATM cells of 53 that carry 48 (ITU-T I.361, I.363.5). */
static inline uint64_t cells_bytes(uint64_t packet_bytes)
{
	return (packet_bytes + CELLS_HEADERS_BYTES + 47) / 48 * 53;
}

#endif
