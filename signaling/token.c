/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/token.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static int sextet(char c)
{
	const char *found = c != '\0' ? strchr(alphabet, c) : NULL;

	return found != NULL ? (int)(found - alphabet) : -1;
}

void token_new(struct rng *rng, char out[TOKEN_TEXT + 1])
{
	uint8_t raw[TOKEN_BYTES];
	uint32_t held = 0;
	unsigned bits = 0;
	size_t at = 0;

	rng_bytes(rng, raw, sizeof(raw));
	for (size_t i = 0; i < sizeof(raw); i++) {
		held = held << 8 | raw[i];
		for (bits += 8; bits >= 6; bits -= 6)
			out[at++] = alphabet[held >> (bits - 6) & 0x3f];
	}
	/* 128 bits leave two over: the last character holds them and four zeros. */
	out[at++] = alphabet[held << (6 - bits) & 0x3f];
	out[at] = '\0';
}

bool token_is_valid(const char *text)
{
	if (text == NULL || strnlen(text, TOKEN_TEXT + 1) != TOKEN_TEXT)
		return false;
	for (size_t i = 0; i < TOKEN_TEXT; i++) {
		if (sextet(text[i]) < 0)
			return false;
	}
	return (sextet(text[TOKEN_TEXT - 1]) & 0x0f) == 0;
}

bool token_equal(const char *a, const char *b)
{
	/* volatile: a compiler must not make this loop leave early. */
	volatile uint8_t difference = 0;

	for (size_t i = 0; i < TOKEN_TEXT; i++)
		difference = difference | (uint8_t)(a[i] ^ b[i]);
	return difference == 0;
}

void token_id_new(struct rng *rng, char *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = alphabet[rng_u32(rng) & 0x3f];
	out[len] = '\0';
}
