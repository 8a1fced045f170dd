/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Shared by the negotiation vectors' test and the answering tool: a fixed server to negotiate with,
 * and transport_params as JSON without what is drawn at random.
 */
#ifndef VIDD_TESTS_VECTORS_SUMMARY_H
#define VIDD_TESTS_VECTORS_SUMMARY_H

#include "signaling/negotiate.h"

/* Negotiates as room 1, transport 2, owner 3 of a server with one IPv4 and one IPv6 candidate and
 * all codecs. round: 1 for a first offer, with previous NULL; each seeds its own randomness and
 * counts new tracks from 100 x round. */
int summary_negotiate(struct transport_params *out, char **answer, const char *sdp, uint32_t round,
		      const struct transport_params *previous, struct negotiate_error *error);

/* A first offer of a client whose link is known: start_bps is 250000, the publisher is told to
 * begin at start_kbps. */
int summary_negotiate_from(struct transport_params *out, char **answer, const char *sdp,
			   uint32_t start_kbps, struct negotiate_error *error);

/* One line of JSON per m-line in a JSON document; to be freed with free(). */
char *summary_build(const struct transport_params *params);

#endif
