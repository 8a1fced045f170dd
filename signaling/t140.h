/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Real-time text as it travels in a `text` message (docs/protocol.md 12): what of ITU-T T.140 it
 * may carry, and how much of it. A character is a code point here, as in web/src/t140.ts.
 * Plain values, pure; tests/vectors/t140.json is what both ends hold to.
 */
#ifndef VIDD_SIGNALING_T140_H
#define VIDD_SIGNALING_T140_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one message: a text that was pasted comes in pieces. At four bytes each they fit into
 * LIMIT_T140_BYTES. */
#define T140_MAX_CHARS 500
/* RFC 4103 6: a receiver is to take 30 characters a second over ten. Twice that, for who erases as
 * fast as it writes, and a page of pasted text at once. */
#define T140_CHARS_PER_S 60
#define T140_BURST_CHARS 4000

enum t140_fault {
	T140_GOOD,
	T140_BAD_UTF8,	  /* RFC 3629: cut, overlong, surrogates, beyond U+10FFFF */
	T140_BAD_CONTROL, /* a control character other than those below */
	T140_TOO_LONG,	  /* more than T140_MAX_CHARS */
	T140_FAULT_COUNT,
};

/*
 * Of the control characters (U+0000..1F, U+007F..9F, U+2028, U+2029) these alone are taken:
 *   U+0007 BEL       asks for attention
 *   U+0008 BS        erases the character before
 *   U+000D, U+000A   CR LF, a new line as RFC 4103's older peers write it; either may come alone,
 *                    for a message may end between them
 *   U+2028           a new line
 * T.140's ESC, CSI and SOS..ST (interrupt, attributes, functions of the application) are not: no
 * page shows them, and what is not shown could hide something. *chars: how many characters, only
 * when good. Empty text is good.
 */
enum t140_fault t140_check(const char *text, size_t len, size_t *chars);

/* What was said of late. Zero state: nothing. */
struct t140_flow {
	int64_t made_up_us; /* when all of it is made up for */
};

/* Counts; false: more than T140_BURST_CHARS at once and T140_CHARS_PER_S, and nothing of it is
 * counted. */
bool t140_flows(struct t140_flow *flow, int64_t now_us, size_t chars);

#endif
