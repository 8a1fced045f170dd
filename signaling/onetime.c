/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/onetime.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

static const struct onetime_person *find(const struct onetime *onetime, int64_t now_us,
					 const char *id)
{
	for (size_t i = 0; i < ONETIME_PEOPLE; i++) {
		const struct onetime_person *p = &onetime->person[i];

		if (p->id[0] != '\0' && strcmp(p->id, id) == 0)
			return now_us - p->since_us < ONETIME_HOUR_US ? p : NULL;
	}
	return NULL;
}

/* That person's place, else a free one, else that of whoever was first. */
static struct onetime_person *place_of(struct onetime *onetime, const char *id)
{
	struct onetime_person *best = &onetime->person[0];

	for (size_t i = 0; i < ONETIME_PEOPLE; i++) {
		struct onetime_person *p = &onetime->person[i];

		if (strcmp(p->id, id) == 0)
			return p;
		if (best->id[0] != '\0' && (p->id[0] == '\0' || p->since_us < best->since_us))
			best = p;
	}
	return best;
}

bool onetime_has(const struct onetime *onetime, int64_t now_us, const char *id)
{
	return onetime_until_us(onetime, now_us, id) > now_us;
}

int64_t onetime_until_us(const struct onetime *onetime, int64_t now_us, const char *id)
{
	const struct onetime_person *p = find(onetime, now_us, id);
	int64_t until_us =
		p != NULL ? MIN(p->made_us + ONETIME_GOOD_US, p->since_us + ONETIME_HOUR_US) : 0;

	return p != NULL && p->code[0] != '\0' && until_us > now_us ? until_us : 0;
}

int64_t onetime_next_us(const struct onetime *onetime, int64_t now_us, const char *id)
{
	const struct onetime_person *p = find(onetime, now_us, id);

	if (p == NULL)
		return 0;
	return p->codes == ONETIME_CODES ? p->since_us + ONETIME_HOUR_US
					 : p->made_us + ONETIME_APART_US;
}

const char *onetime_make(struct onetime *onetime, int64_t now_us, struct rng *rng, const char *id)
{
	struct onetime_person *p = place_of(onetime, id);

	if (find(onetime, now_us, id) == NULL) {
		*p = (struct onetime_person){.since_us = now_us};
		(void)snprintf(p->id, sizeof(p->id), "%s", id);
	}
	p->code[0] = '\0';
	p->tries = 0;
	if (p->codes == ONETIME_CODES)
		return NULL;
	p->codes++;
	p->made_us = now_us;
	for (size_t i = 0; i < ONETIME_DIGITS; i++)
		p->code[i] = (char)('0' + rng_below(rng, 10));
	p->code[ONETIME_DIGITS] = '\0';
	return p->code;
}

static bool is_same(const char *wanted, const char *code)
{
	unsigned char differs = 0;

	if (strlen(code) != ONETIME_DIGITS)
		return false;
	for (size_t i = 0; i < ONETIME_DIGITS; i++)
		differs |= (unsigned char)(wanted[i] ^ code[i]);
	return differs == 0;
}

enum onetime_result onetime_try(struct onetime *onetime, int64_t now_us, const char *id,
				const char *code)
{
	struct onetime_person *p = place_of(onetime, id);

	if (!onetime_has(onetime, now_us, id))
		return ONETIME_WORN;
	if (is_same(p->code, code)) {
		p->code[0] = '\0';
		return ONETIME_RIGHT;
	}
	if (++p->tries < ONETIME_TRIES)
		return ONETIME_WRONG;
	p->code[0] = '\0';
	return ONETIME_WORN;
}
