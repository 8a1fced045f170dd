/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/level.h"

#include "media/base/heap.h"

/* In -dBov, so larger is quieter. Guesses, from how meeting software behaves. */
#define LOUD_DBOV	45
#define LOUD_VOICE_DBOV 60 /* with RFC 6464's voice flag */
#define RECENT_PACKETS	10
#define LOUD_MS		60
#define PACKET_MS	20 /* of most browsers */
#define SILENT_US	600000

static int count_bits(unsigned bits)
{
	int count = 0;

	for (; bits != 0; bits &= bits - 1)
		count++;
	return count;
}

/* Packets that make 60 ms: with a thin publisher's long ones, one alone. */
static int packets_needed(const struct level *level)
{
	int ms = level->packet_ms ? level->packet_ms : PACKET_MS;
	int packets = (LOUD_MS + ms - 1) / ms;

	return packets < RECENT_PACKETS ? packets : RECENT_PACKETS;
}

bool level_packet(struct level *level, int64_t now_us, uint8_t level_dbov, bool is_voice)
{
	bool is_loud = level_dbov < LOUD_DBOV || (is_voice && level_dbov < LOUD_VOICE_DBOV);

	level->recent = (uint16_t)((level->recent << 1 | is_loud) & ((1u << RECENT_PACKETS) - 1));
	if (is_loud)
		level->loud_us = now_us;
	if (!level->is_speaking && count_bits(level->recent) >= packets_needed(level)) {
		level->is_speaking = true;
		return true;
	}
	return level_timeout(level, now_us);
}

bool level_timeout(struct level *level, int64_t now_us)
{
	if (now_us < level_deadline_us(level))
		return false;
	level->is_speaking = false;
	level->recent = 0;
	return true;
}

int64_t level_deadline_us(const struct level *level)
{
	return level->is_speaking ? level->loud_us + SILENT_US : DEADLINE_NEVER;
}
