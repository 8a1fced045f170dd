/* SPDX-License-Identifier: EUPL-1.2 */
/* The body of PUT /api/v1/consultations/{id}/survey: what is taken is taken again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/rest_survey.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rest_fault fault = {0};
	char *answers = NULL, *again = NULL, *body;
	size_t len;

	if (rest_survey_parse((const char *)data, size, &answers, &fault) < 0) {
		if (fault.why == NULL || answers != NULL)
			abort();
		return 0;
	}
	len = strlen(answers) + sizeof("{\"answers\":}");
	body = malloc(len);
	if (body == NULL)
		abort();
	strcpy(body, "{\"answers\":"); /* NOLINT: sized above */
	strcat(body, answers);	       /* NOLINT */
	strcat(body, "}");	       /* NOLINT */
	if (rest_survey_parse(body, strlen(body), &again, &fault) < 0 ||
	    strcmp(answers, again) != 0)
		abort();
	free(answers);
	free(again);
	free(body);
	return 0;
}
