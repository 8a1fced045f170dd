/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Writes the SDP answer to an offer from what was negotiated (RFC 8829 5.3). Text comes from our
 * own tables and from values that were checked; of the offer's text only mids, rids, formats of
 * refused m-lines and numbers of fmtp lines are repeated. Pure.
 */
#ifndef VIDD_SIGNALING_ANSWER_H
#define VIDD_SIGNALING_ANSWER_H

#include <stddef.h>

#include "media/base/addr.h"
#include "media/route/params.h"
#include "signaling/negotiate.h"
#include "signaling/offer.h"

/* Large enough for any a=candidate value. */
#define ANSWER_CANDIDATE_TEXT 128

/* The value of a=candidate for the index-th host address (RFC 8839 5.1). */
void answer_candidate(char out[ANSWER_CANDIDATE_TEXT], const struct addr *addr, size_t index);

/* is_refused: by m-line, answered with port 0. The text is to be freed with free(); NULL when
 * memory is gone. */
char *answer_write(const struct offer *offer, const struct transport_params *params,
		   const bool *is_refused, const struct negotiate_abilities *abilities,
		   const struct negotiate_request *request);

#endif
