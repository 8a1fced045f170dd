/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/t140.h"

#include "media/base/limits.h"

#define CHAR_US (1000000 / T140_CHARS_PER_S)

_Static_assert(T140_MAX_CHARS * 4 <= LIMIT_T140_BYTES, "what is not too long in characters fits");

/* --- characters ------------------------------------------------------------------------------- */

/* RFC 3629 3: the shortest form alone, so that each character is written in one way. */
static size_t char_len(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* The character at the beginning of the text. 0: there is none. */
static size_t read_char(const uint8_t *text, size_t len, uint32_t *out)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = char_len(text[0]);
	uint32_t c = n == 1 ? text[0] : text[0] & (0x7fU >> n);

	if (n == 0 || n > len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (text[i] & 0x3fU);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*out = c;
	return n;
}

static bool is_taken(uint32_t c)
{
	switch (c) {
	case 0x0007:
	case 0x0008:
	case 0x000a:
	case 0x000d:
	case 0x2028:
		return true;
	default:
		return c >= 0x20 && (c < 0x7f || c > 0x9f) && c != 0x2029;
	}
}

enum t140_fault t140_check(const char *text, size_t len, size_t *chars)
{
	const uint8_t *bytes = (const uint8_t *)text;
	size_t count = 0;

	for (size_t at = 0, n; at < len; at += n) {
		uint32_t c;

		n = read_char(bytes + at, len - at, &c);
		if (n == 0)
			return T140_BAD_UTF8;
		if (!is_taken(c))
			return T140_BAD_CONTROL;
		if (++count > T140_MAX_CHARS)
			return T140_TOO_LONG;
	}
	*chars = count;
	return T140_GOOD;
}

/* --- how much --------------------------------------------------------------------------------- */

bool t140_flows(struct t140_flow *flow, int64_t now_us, size_t chars)
{
	int64_t from_us = flow->made_up_us > now_us ? flow->made_up_us : now_us;
	int64_t then_us = from_us + (int64_t)chars * CHAR_US;

	if (then_us - now_us > (int64_t)T140_BURST_CHARS * CHAR_US)
		return false;
	flow->made_up_us = then_us;
	return true;
}
