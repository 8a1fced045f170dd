/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The rules of a consultation: who is in it, how each is reached, who is muted or speaking, how
 * good each one's network is, how many slots a newcomer should ask for. Decides; never sends and
 * never knows a connection. Plain values, pure.
 */
#ifndef VIDD_SIGNALING_CONSULTATION_H
#define VIDD_SIGNALING_CONSULTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"
#include "signaling/names.h"

/* Visible for embedding in the seat. */
struct participant {
	char id[LIMIT_ID_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	enum role role;
	enum admission admission;
	enum assurance assurance;
	enum link_state link;
	unsigned muted;		  /* a bit per enum source */
	unsigned speaking_tracks; /* tracks of this person with speech now */
	bool has_quality;	  /* the rest is known */
	enum quality level;
	unsigned better_count; /* intervals in a row that were better than level */
	int64_t rtt_ms;	       /* -1: not known */
	int64_t loss_percent;  /* the worse direction; -1: not known */
	int64_t down_kbps;     /* -1: not known */
	int64_t up_kbps;       /* -1: not known */
};

/* Of one interval; -1 where not known. */
struct quality_figures {
	int32_t rtt_us;
	int32_t loss_up_permille;
	int32_t loss_down_permille;
	uint32_t down_bps; /* what the link to the person carries; 0: not known */
	uint32_t up_bps;   /* what came from the person; 0: not known */
};

/* Members are borrowed: whoever adds one removes it before freeing it. */
struct consultation {
	char id[LIMIT_ID_BYTES + 1];
	char title[LIMIT_NAME_BYTES + 1];
	struct participant *participants[LIMIT_PARTICIPANTS];
	size_t participant_count;
	enum mode mode;
};

/* 0, or -ENOSPC: LIMIT_PARTICIPANTS are in. */
int consultation_add(struct consultation *consultation, struct participant *participant);
/* Not being in is no error. */
void consultation_remove(struct consultation *consultation, const struct participant *participant);
/* NULL: nobody of that id. */
struct participant *consultation_find(const struct consultation *consultation, const char *id);

/* What is known of one of a person's media connections. */
enum leg_state {
	LEG_CONNECTING,
	LEG_HERE,
	LEG_SILENT,
};

/* How a person is reached: by the best of its connections. Without any: away when it lost what it
 * had (is_lost), else connecting. */
enum link_state consultation_link(const enum leg_state *legs, size_t count, bool is_lost);

/* True when it changed anything. */
bool consultation_mute(struct participant *participant, enum source source, bool is_muted);
/* A track of this person began (or ended) to carry speech. True when the person did. */
bool consultation_speaking(struct participant *participant, bool begins);

/* Worse shows at once, better only after two intervals in a row. True when the level changed or
 * became known, or the round trip became known. */
bool consultation_quality(struct participant *participant, const struct quality_figures *figures);
/* Its media is gone. True when that is news. */
bool consultation_quality_lost(struct participant *participant);

/* Sets what it is about, if this person may: clinicians. False: it may not. */
bool consultation_set_mode(struct consultation *consultation, const struct participant *by,
			   enum mode mode);

/* Slots of one kind for someone to whom `tracks` tracks of others could be shown: 3..7, so that
 * two more people can come without a new round of offer and answer. */
size_t consultation_slots(size_t tracks);

#endif
