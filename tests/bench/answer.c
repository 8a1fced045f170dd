/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Answers an SDP offer from standard input as Vidd would, with a fixed certificate, seed and
 * candidate, so that a browser can be asked whether it takes the answer. Exit 1 and a reason when
 * the offer cannot be answered. --summary prints what was negotiated as JSON instead; it is how
 * the expectations in tests/vectors/offers are made.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/base/limits.h"
#include "tests/vectors/summary.h"

static char *read_all(FILE *from)
{
	char *text = calloc(1, LIMIT_SDP_BYTES + 2);

	if (text != NULL)
		(void)fread(text, 1, LIMIT_SDP_BYTES + 1, from);
	return text;
}

int main(int argc, char **argv)
{
	char *offer = read_all(stdin);
	struct negotiate_error error = {""};
	struct transport_params *params = calloc(1, sizeof(*params));
	char *answer = NULL;
	char *summary;

	if (offer == NULL || params == NULL)
		return 1;
	if (summary_negotiate(params, &answer, offer, NULL, &error) != 0) {
		(void)fprintf(stderr, "answer: %s\n", error.text);
		return 1;
	}
	if (argc > 1 && strcmp(argv[1], "--summary") == 0) {
		summary = summary_build(params);
		(void)puts(summary);
		free(summary);
	} else {
		(void)fputs(answer, stdout);
	}
	free(answer);
	free(params);
	free(offer);
	return 0;
}
