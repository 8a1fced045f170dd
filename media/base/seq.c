/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/base/seq.h"

int64_t seq_unwrap16(struct seq_unwrap *u, uint16_t seq)
{
	if (!u->started) {
		u->started = true;
		u->last = seq;
	} else {
		u->last += (int16_t)(uint16_t)(seq - (uint16_t)u->last);
	}
	return u->last;
}

int64_t seq_unwrap32(struct seq_unwrap *u, uint32_t ts)
{
	if (!u->started) {
		u->started = true;
		u->last = ts;
	} else {
		u->last += (int32_t)(ts - (uint32_t)u->last);
	}
	return u->last;
}
