/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/stream/nack.h"

#include <stdlib.h>
#include <string.h>

#include "media/base/heap.h"
#include "media/base/seq.h"

#define REORDER_US	5000 /* a gap that closes by itself within this is reordering */
#define MIN_INTERVAL_US 20000
#define RTT_UNKNOWN_US	100000
#define ROOM_AT_FIRST	8
#define MAX_TRIES	10
#define VIDEO_AGE_US	1000000
#define VIDEO_AGE_RTTS	3
#define AUDIO_AGE_US	400000 /* later than this no jitter buffer waits for it */

static void remove_at(struct nack *nack, size_t at)
{
	memmove(&nack->missing[at], &nack->missing[at + 1],
		(nack->count - at - 1) * sizeof(nack->missing[0]));
	nack->count--;
}

static bool found(struct nack *nack, int64_t seq)
{
	for (size_t i = 0; i < nack->count; i++) {
		if (nack->missing[i].seq == seq) {
			remove_at(nack, i);
			return true;
		}
	}
	return false;
}

/* Room for so many; it doubles, from a few. */
static bool make_room(struct nack *nack, size_t count)
{
	size_t room = nack->room ? nack->room : ROOM_AT_FIRST;
	struct nack_item *missing;

	if (count <= nack->room)
		return true;
	while (room < count)
		room *= 2;
	missing = realloc(nack->missing, room * sizeof(*missing));
	if (!missing)
		return false;
	nack->missing = missing;
	nack->room = room;
	return true;
}

static void add_gap(struct nack *nack, int64_t now_us, int64_t next)
{
	int64_t gap = next - nack->highest - 1;

	if (gap == 0)
		return;
	if (gap > (int64_t)(LIMIT_NACK_MISSING - nack->count) ||
	    !make_room(nack, nack->count + (size_t)gap)) {
		nack->count = 0;
		nack->overflow = true;
		return;
	}
	for (int64_t seq = nack->highest + 1; seq < next; seq++) {
		nack->missing[nack->count++] = (struct nack_item){
			.seq = seq,
			.found_us = now_us,
			.next_us = now_us + REORDER_US,
		};
	}
}

bool nack_received(struct nack *nack, int64_t now_us, uint16_t seq)
{
	if (!nack->started) {
		nack->started = true;
		nack->highest = seq;
		return true;
	}
	int64_t at = nack->highest + seq_diff(seq, (uint16_t)nack->highest);
	if (at <= nack->highest)
		return found(nack, at);
	add_gap(nack, now_us, at);
	nack->highest = at;
	return true;
}

static int64_t max_age_us(const struct nack *nack, int64_t rtt)
{
	if (nack->is_audio)
		return AUDIO_AGE_US;
	return VIDEO_AGE_RTTS * rtt > VIDEO_AGE_US ? VIDEO_AGE_RTTS * rtt : VIDEO_AGE_US;
}

size_t nack_due(struct nack *nack, int64_t now_us, int64_t rtt_us, uint16_t *seqs, size_t cap)
{
	int64_t rtt = rtt_us > 0 ? rtt_us : RTT_UNKNOWN_US;
	int64_t interval = rtt * 12 / 10 > MIN_INTERVAL_US ? rtt * 12 / 10 : MIN_INTERVAL_US;
	int64_t max_age = max_age_us(nack, rtt);
	size_t asked = 0;
	size_t kept = 0;

	for (size_t i = 0; i < nack->count; i++) {
		struct nack_item item = nack->missing[i];
		if (now_us - item.found_us > max_age)
			continue;
		/* What comes too late to be played only takes the link's bits from what would not.
		 */
		if (nack->is_audio && now_us - item.found_us + rtt > max_age)
			continue;
		if (item.next_us <= now_us && asked < cap) {
			seqs[asked++] = (uint16_t)item.seq;
			item.next_us = now_us + interval;
			item.tries++;
		}
		if (item.tries < MAX_TRIES)
			nack->missing[kept++] = item;
	}
	nack->count = kept;
	return asked;
}

int64_t nack_deadline_us(const struct nack *nack)
{
	int64_t first = DEADLINE_NEVER;

	for (size_t i = 0; i < nack->count; i++) {
		if (nack->missing[i].next_us < first)
			first = nack->missing[i].next_us;
	}
	return first;
}

void nack_close(struct nack *nack)
{
	free(nack->missing);
	*nack = (struct nack){.is_audio = nack->is_audio};
}

bool nack_take_overflow(struct nack *nack)
{
	bool overflow = nack->overflow;

	nack->overflow = false;
	return overflow;
}
