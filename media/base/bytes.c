/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/base/bytes.h"

uint64_t rd_u64(struct rd *r)
{
	const uint8_t *b = rd_bytes(r, 8);
	uint64_t v = 0;

	for (size_t i = 0; b && i < 8; i++)
		v = v << 8 | b[i];
	return v;
}

void wr_u64(struct wr *w, uint64_t v)
{
	wr_put(wr_take(w, 8), v, 8);
}

void wr_patch_u16(struct wr *w, size_t at, uint16_t v)
{
	if (wr_len(w) < 2 || at > wr_len(w) - 2)
		w->bad = true;
	if (!w->bad)
		wr_put(w->start + at, v, 2);
}
