/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * answer [--summary] OFFER...: answers the last of several offers of one connection, the earlier
 * ones being what was agreed before, as Vidd would with a fixed certificate, seed and candidate; so
 * that a browser can be asked whether it takes the answer. Exit 1 and a reason when it cannot.
 * --summary prints what was negotiated as JSON instead: the expectations of tests/vectors/offers.
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/vectors/summary.h"

/* Answers path on top of *params (round > 1) and replaces it. */
static int answer_one(struct transport_params *params, char **answer, const char *path,
		      uint32_t round)
{
	struct transport_params previous = *params;
	struct negotiate_error error = {""};
	char *offer = NULL;
	int result;

	if (!g_file_get_contents(path, &offer, NULL, NULL)) {
		(void)fprintf(stderr, "answer: %s cannot be read\n", path);
		return -1;
	}
	free(*answer);
	*answer = NULL;
	result = summary_negotiate(params, answer, offer, round, round > 1 ? &previous : NULL,
				   &error);
	g_free(offer);
	if (result != 0)
		(void)fprintf(stderr, "answer: %s: %s\n", path, error.text);
	return result;
}

int main(int argc, char **argv)
{
	bool is_summary = argc > 1 && strcmp(argv[1], "--summary") == 0;
	struct transport_params *params = g_new0(struct transport_params, 1);
	char *answer = NULL;
	char *summary;
	int first = is_summary ? 2 : 1;
	int result = first < argc ? 0 : -1;

	for (int i = first; i < argc && result == 0; i++)
		result = answer_one(params, &answer, argv[i], (uint32_t)(i - first + 1));
	if (result == 0 && is_summary) {
		summary = summary_build(params);
		(void)puts(summary);
		free(summary);
	} else if (result == 0) {
		(void)fputs(answer, stdout);
	}
	free(answer);
	g_free(params);
	return result == 0 ? 0 : 1;
}
