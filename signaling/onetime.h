/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One-time codes that went to people's telephones. They are remembered by person and not by seat:
 * who leaves and comes again gets neither more codes nor more tries. In memory alone. Pure but for
 * the rng.
 */
#ifndef VIDD_SIGNALING_ONETIME_H
#define VIDD_SIGNALING_ONETIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/limits.h"
#include "media/base/rng.h"

#define ONETIME_DIGITS	6
#define ONETIME_TRIES	5
#define ONETIME_CODES	3 /* an hour to one person, so that a stranger cannot flood a telephone */
#define ONETIME_HOUR_US INT64_C(3600000000)
#define ONETIME_GOOD_US INT64_C(600000000) /* a code is good for so long */
#define ONETIME_APART_US                                                                           \
	INT64_C(30000000)   /* an SMS takes some seconds: no other is asked for sooner */
#define ONETIME_PEOPLE 1024 /* remembered; then whoever was first is forgotten */

struct onetime_person {
	char id[LIMIT_ID_BYTES + 1];   /* "": free */
	char code[ONETIME_DIGITS + 1]; /* "": none is good */
	unsigned tries, codes;
	int64_t since_us, made_us;
};

/* Zero state: nobody. */
struct onetime {
	struct onetime_person person[ONETIME_PEOPLE];
};

enum onetime_result {
	ONETIME_RIGHT, /* and used up */
	ONETIME_WRONG,
	ONETIME_WORN, /* wrong, and the code is good no more */
};

/* Whether that person has a code that is good. */
bool onetime_has(const struct onetime *onetime, int64_t now_us, const char *id);
/* Until when that code is good; 0: there is none. */
int64_t onetime_until_us(const struct onetime *onetime, int64_t now_us, const char *id);
/* From when on that person may ask for another; past: at once. */
int64_t onetime_next_us(const struct onetime *onetime, int64_t now_us, const char *id);
/* A new code in place of any other, borrowed until the next call; NULL: enough were made. */
const char *onetime_make(struct onetime *onetime, int64_t now_us, struct rng *rng, const char *id);
/* Takes as long for any wrong code. */
enum onetime_result onetime_try(struct onetime *onetime, int64_t now_us, const char *id,
				const char *code);

#endif
