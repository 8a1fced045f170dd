/* SPDX-License-Identifier: EUPL-1.2 */
/* Real-time text: what is good is UTF-8 to GLib as well, has as many characters, and none that is
 * a control beside the five; what is not good is one of these or too long. The rest of the input
 * are amounts: what flows never passes more than the burst and the rate. */
#include <assert.h>
#include <glib.h>

#include "fuzz.h"
#include "signaling/t140.h"

static bool has_other_control(const char *text, const char *end)
{
	for (; text < end; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		bool is_control = g_unichar_type(c) == G_UNICODE_CONTROL || c == 0x2029;

		if (is_control && c != 7 && c != 8 && c != 10 && c != 13)
			return true;
	}
	return false;
}

static void check_text(const char *text, size_t size)
{
	const char *end = text;
	size_t chars = SIZE_MAX, whole;
	enum t140_fault fault = t140_check(text, size, &chars);

	/* GLib stops at a NUL, which is a control character. */
	(void)g_utf8_validate(text, (gssize)size, &end);
	whole = (size_t)g_utf8_strlen(text, end - text);
	assert((chars == SIZE_MAX) == (fault != T140_GOOD));
	switch (fault) {
	case T140_GOOD:
		assert(end == text + size && chars == whole && chars <= T140_MAX_CHARS);
		assert(!has_other_control(text, end));
		break;
	case T140_BAD_UTF8:
		assert(end < text + size && *end != '\0');
		break;
	case T140_BAD_CONTROL:
		assert(has_other_control(text, end) || (end < text + size && *end == '\0'));
		break;
	case T140_TOO_LONG:
		assert(whole > T140_MAX_CHARS);
		break;
	case T140_FAULT_COUNT:
		assert(0);
	}
}

static void check_flow(const uint8_t *data, size_t size)
{
	struct t140_flow flow = {0};
	int64_t now_us = 0, passed = 0;

	for (size_t i = 0; i + 1 < size; i += 2) {
		size_t chars = data[i] * 2U;

		now_us += data[i + 1] * INT64_C(10000);
		if (t140_flows(&flow, now_us, chars))
			passed += (int64_t)chars;
		assert((passed - T140_BURST_CHARS) * (1000000 / T140_CHARS_PER_S) <= now_us);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 0)
		check_text((const char *)data, size);
	check_flow(data, size);
	return 0;
}
