/* SPDX-License-Identifier: EUPL-1.2 */
/* What an identity provider says of itself and answers, lists of duties, and small bodies of our
 * own REST interface: the first byte says which of them the rest is. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/json_body.h"
#include "server/oidc_claims.h"
#include "server/oidc_metadata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_metadata(const char *text, size_t len)
{
	static const struct oidc_request request = {.client_id = "vidd",
						    .redirect = "https://vidd.example.se/",
						    .scopes = "openid",
						    .acr = "",
						    .state = "s",
						    .nonce = "n",
						    .challenge = "c"};
	struct oidc_metadata m;
	char url[1024];

	if (oidc_metadata_parse(&m, "https://a", text, len) < 0)
		return;
	if (strncmp(m.authorization, "https://", 8) != 0 || strncmp(m.token, "https://", 8) != 0 ||
	    strncmp(m.keys, "https://", 8) != 0)
		abort();
	/* Goes into a header of ours. */
	if (oidc_authorization_url(&m, &request, url, sizeof(url)) == 0 &&
	    strpbrk(url, "\r\n \"") != NULL)
		abort();
}

static void try_tokens(const char *text, size_t len)
{
	struct oidc_tokens tokens = {0};

	if (oidc_tokens_parse(&tokens, text, len) == 0 && tokens.id_token == NULL)
		abort();
	oidc_tokens_close(&tokens);
}

static void try_body(const char *text, size_t len)
{
	char a[8], b[8];
	const struct json_member members[] = {
		{"a", a, sizeof(a), 1}, {"b", b, sizeof(b), 0}, {.name = NULL}};
	const char *member = NULL, *why = NULL;

	if (json_body_parse(text, len, members, &member, &why) < 0) {
		if (member == NULL || why == NULL)
			abort();
	} else if (a[0] == '\0' || memchr(a, '\0', sizeof(a)) == NULL ||
		   memchr(b, '\0', sizeof(b)) == NULL) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size < 1)
		return 0;
	text = malloc(size);
	if (text == NULL)
		abort();
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	switch (data[0] & 3) {
	case 0:
		try_metadata(text, size - 1);
		break;
	case 1:
		try_tokens(text, size - 1);
		break;
	case 2:
		try_body(text, size - 1);
		break;
	default:
		(void)oidc_duties_valid(text); /* whatever it says, it comes back */
		break;
	}
	free(text);
	return 0;
}
