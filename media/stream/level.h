/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who speaks: one per audio track, fed by RFC 6464 levels, with hysteresis so that a cough is
 * nobody's turn: speaking after 60 ms (3 packets of 20 ms) of the last 10 packets louder than -45
 * dBov (or with the voice flag and louder than -60), silent after 600 ms without. Pure but for its
 * own state.
 */
#ifndef VIDD_MEDIA_STREAM_LEVEL_H
#define VIDD_MEDIA_STREAM_LEVEL_H

#include <stdbool.h>
#include <stdint.h>

/* Zero state is ready. */
struct level {
	bool is_speaking;
	uint16_t recent; /* a bit per packet, newest lowest */
	int64_t loud_us;
	uint8_t packet_ms; /* how long the publisher's packets last, set by the owner; 0: 20 ms */
};

/* level: 0 (loudest) .. 127 dBov below overload. True when is_speaking changed. */
bool level_packet(struct level *level, int64_t now_us, uint8_t level_dbov, bool is_voice);
bool level_timeout(struct level *level, int64_t now_us);
int64_t level_deadline_us(const struct level *level);

#endif
