/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Any bytes as an offer. What is answered must be answered the same way again, with the same
 * credentials, and the answer must itself be readable.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "signaling/offer.h"
#include "tests/fuzz/fuzz.h"
#include "tests/vectors/summary.h"

static void check_again(const struct transport_params *params, const char *offer)
{
	struct transport_params *again = calloc(1, sizeof(*again));
	struct negotiate_error error = {""};
	char *answer = NULL;

	assert(again != NULL);
	assert(summary_negotiate(again, &answer, offer, 2, params, &error) == 0);
	assert(strcmp(again->local.ufrag, params->local.ufrag) == 0);
	assert(again->mline_count == params->mline_count);
	for (size_t i = 0; i < params->mline_count; i++) {
		assert(again->mline[i].use == params->mline[i].use);
		assert(again->mline[i].track_id == params->mline[i].track_id);
		assert(again->mline[i].send_ssrc == params->mline[i].send_ssrc);
	}
	free(answer);
	free(again);
}

static void check_answer(const struct transport_params *params, const char *answer)
{
	struct negotiate_error error = {""};
	struct offer parsed;

	assert(offer_parse(&parsed, answer, &error) == 0);
	assert(parsed.mline_count == params->mline_count);
	for (size_t i = 0; i < parsed.mline_count; i++)
		assert(parsed.mline[i].is_off == (params->mline[i].codec_count == 0));
	offer_close(&parsed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *offer = strndup((const char *)data, size);
	struct transport_params *params = calloc(1, sizeof(*params));
	struct negotiate_error error = {""};
	char *answer = NULL;

	assert(offer != NULL && params != NULL);
	if (summary_negotiate(params, &answer, offer, 1, NULL, &error) == 0) {
		check_answer(params, answer);
		check_again(params, offer);
		free(answer);
	} else {
		/* Whoever sent it is told why. */
		assert(error.text[0] != '\0');
	}
	free(params);
	free(offer);
	return 0;
}
