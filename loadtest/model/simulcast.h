/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How a browser shares one video rate over its simulcast encodings: libwebrtc's VP8 table
 * (docs/adaptation.md 2) and its rule, lower encodings first. Pure.
 */
#ifndef VIDD_LOADTEST_MODEL_SIMULCAST_H
#define VIDD_LOADTEST_MODEL_SIMULCAST_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"

struct simulcast_row {
	uint16_t width;
	uint16_t height;
	uint32_t max_bps;
	uint32_t target_bps;
	uint32_t min_bps;
};

/* The row of this height or the next smaller one; the smallest for less. */
const struct simulcast_row *simulcast_row(uint16_t height);
/* Shares total_bps over the encodings whose bit is set, smallest first; *out in the same order, 0
 * for those left out. The smallest active one always gets something, as browsers do. */
void simulcast_share(const struct simulcast_row *const *rows, size_t count, unsigned active,
		     uint32_t total_bps, uint32_t out[LIMIT_ENCODINGS]);

#endif
