/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/consultation.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* Rural links idle at 100-250 ms; ITU-T G.114 calls 400 ms one way the limit of conversation, and
 * Opus with FEC hides about 10 % loss. Guesses within those bounds, to be tuned by what users say.
 */
#define FAIR_RTT_US	   300000
#define POOR_RTT_US	   600000
#define FAIR_LOSS_PERMILLE 30
#define POOR_LOSS_PERMILLE 100

/* Sound in both directions takes about 60 k with its headers; a face in 320x180 150 k more
 * (libwebrtc's target for the size). */
#define FAIR_DOWN_BPS 250000
#define POOR_DOWN_BPS 100000

#define SLOTS_MIN 3
#define SLOTS_MAX 7

int consultation_add(struct consultation *consultation, struct participant *participant)
{
	if (consultation->participant_count == LIMIT_PARTICIPANTS)
		return -ENOSPC;
	consultation->participants[consultation->participant_count++] = participant;
	return 0;
}

void consultation_remove(struct consultation *consultation, const struct participant *participant)
{
	size_t kept = 0;

	for (size_t i = 0; i < consultation->participant_count; i++) {
		if (consultation->participants[i] != participant)
			consultation->participants[kept++] = consultation->participants[i];
	}
	consultation->participant_count = kept;
}

struct participant *consultation_find(const struct consultation *consultation, const char *id)
{
	for (size_t i = 0; i < consultation->participant_count; i++) {
		if (strcmp(consultation->participants[i]->id, id) == 0)
			return consultation->participants[i];
	}
	return NULL;
}

enum link_state consultation_link(const enum leg_state *legs, size_t count, bool is_lost)
{
	enum link_state best = is_lost ? LINK_AWAY : LINK_CONNECTING;

	for (size_t i = 0; i < count; i++) {
		if (legs[i] == LEG_HERE)
			return LINK_HERE;
		if (legs[i] == LEG_SILENT)
			best = LINK_SILENT;
		else if (best == LINK_AWAY)
			best = LINK_CONNECTING;
	}
	return best;
}

bool consultation_mute(struct participant *participant, enum source source, bool is_muted)
{
	unsigned bit = 1U << source;
	unsigned before = participant->muted;

	participant->muted = is_muted ? before | bit : before & ~bit;
	return participant->muted != before;
}

bool consultation_speaking(struct participant *participant, bool begins)
{
	if (begins)
		return participant->speaking_tracks++ == 0;
	assert(participant->speaking_tracks > 0);
	return --participant->speaking_tracks == 0;
}

static enum quality quality_level(const struct quality_figures *figures, int32_t loss_permille)
{
	/* What came from a person says nothing of what its link would carry. */
	uint32_t down_bps = figures->down_bps != 0 ? figures->down_bps : UINT32_MAX;

	if (figures->rtt_us >= POOR_RTT_US || loss_permille >= POOR_LOSS_PERMILLE ||
	    down_bps < POOR_DOWN_BPS)
		return QUALITY_POOR;
	if (figures->rtt_us >= FAIR_RTT_US || loss_permille >= FAIR_LOSS_PERMILLE ||
	    down_bps < FAIR_DOWN_BPS)
		return QUALITY_FAIR;
	return QUALITY_GOOD;
}

static int64_t kbps_of(uint32_t bps)
{
	return bps != 0 ? (bps + INT64_C(500)) / 1000 : -1;
}

bool consultation_quality(struct participant *participant, const struct quality_figures *figures)
{
	int32_t loss = figures->loss_up_permille > figures->loss_down_permille
			       ? figures->loss_up_permille
			       : figures->loss_down_permille;
	enum quality level = quality_level(figures, loss);
	/* News as much as a level is: an estimate of the delay waits for it. */
	bool is_first_rtt = participant->rtt_ms < 0 && figures->rtt_us >= 0;

	participant->rtt_ms = figures->rtt_us < 0 ? -1 : (figures->rtt_us + 500) / 1000;
	participant->down_kbps = kbps_of(figures->down_bps);
	participant->up_kbps = kbps_of(figures->up_bps);
	participant->loss_percent = loss < 0 ? -1 : (loss + 5) / 10;
	if (participant->loss_percent > 100)
		participant->loss_percent = 100;
	if (participant->has_quality && level == participant->level) {
		participant->better_count = 0;
		return is_first_rtt;
	}
	if (participant->has_quality && level < participant->level &&
	    ++participant->better_count < 2)
		return is_first_rtt;
	participant->better_count = 0;
	participant->has_quality = true;
	participant->level = level;
	return true;
}

bool consultation_quality_lost(struct participant *participant)
{
	bool is_news = participant->has_quality && participant->level != QUALITY_LOST;

	participant->level = QUALITY_LOST;
	participant->rtt_ms = -1;
	participant->loss_percent = -1;
	participant->down_kbps = -1;
	participant->up_kbps = -1;
	/* What comes back shows at once. */
	participant->better_count = 1;
	return is_news;
}

bool consultation_set_mode(struct consultation *consultation, const struct participant *by,
			   enum mode mode)
{
	if (by->role != ROLE_CLINICIAN)
		return false;
	consultation->mode = mode;
	return true;
}

size_t consultation_slots(size_t tracks)
{
	if (tracks < SLOTS_MIN)
		return SLOTS_MIN;
	return tracks > SLOTS_MAX ? SLOTS_MAX : tracks;
}
