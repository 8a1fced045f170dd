/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The SSRCs of one direction of an SRTP link, each with a number that stays: its place in whatever
 * table the owner keeps beside it. Bounded, since a peer with the key can invent as many as it
 * likes. A linear search: a link has a few, and the last one found is tried first. Private to
 * media/wire/srtp*.c. Zero state: empty.
 */
#ifndef VIDD_MEDIA_WIRE_SRTP_SSRCS_H
#define VIDD_MEDIA_WIRE_SRTP_SSRCS_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"

/* What all m-lines with all their codecs, repair streams included, could come to. */
#define SRTP_SSRCS_MAX (LIMIT_CODECS * LIMIT_MLINES)

struct srtp_ssrcs {
	uint32_t near[16]; /* all, as long as they fit: the usual case costs one cache line */
	uint32_t *far;	   /* all, else */
	int count;
	int cap;
	int last;
};

void srtp_ssrcs_close(struct srtp_ssrcs *list);
/* Its number, or -1. */
int srtp_ssrcs_find(struct srtp_ssrcs *list, uint32_t ssrc);
/* A new one's number; the caller knows it is not there. -ENOSPC: SRTP_SSRCS_MAX; -ENOMEM. */
int srtp_ssrcs_add(struct srtp_ssrcs *list, uint32_t ssrc);

#endif
