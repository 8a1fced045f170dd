/* SPDX-License-Identifier: EUPL-1.2 */
/* The bodies of /api/v1/consultations and below. The first byte says which. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/rest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int r, const struct rest_fault *fault)
{
	if (r < 0 &&
	    (fault->why == NULL || memchr(fault->member, '\0', sizeof(fault->member)) == NULL))
		abort();
}

static void check_participant(const struct store_participant *p)
{
	if (p->role >= ROLE_COUNT || strlen(p->name) > LIMIT_NAME_BYTES ||
	    strlen(p->phone) > STORE_PHONE_BYTES || strlen(p->email) > STORE_EMAIL_BYTES)
		abort();
}

static void create(const char *body, size_t len)
{
	struct store_consultation c;
	struct rest_fault fault = {{0}, NULL};
	int r = rest_parse_creation(body, len, false, &c, &fault);

	check(r, &fault);
	if (r < 0)
		return;
	if (c.participant_count == 0 || c.participant_count > LIMIT_PARTICIPANTS ||
	    strlen(c.title) > LIMIT_NAME_BYTES || c.minutes > REST_MINUTES_MAX)
		abort();
	for (size_t i = 0; i < c.participant_count; i++)
		check_participant(&c.participant[i]);
	/* What may be created may be changed so. */
	if (rest_parse_change(body, len, &c, &fault) < 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct store_consultation c = {0};
	struct store_participant p;
	struct rest_fault fault = {{0}, NULL};
	const char *body = (const char *)data + 1;
	bool has_reason;
	int r;

	if (size == 0)
		return 0;
	switch (data[0] & 3) {
	case 0:
		r = rest_parse_participant(body, size - 1, &p, &fault);
		check(r, &fault);
		if (r == 0)
			check_participant(&p);
		break;
	case 1:
		check(rest_parse_close(body, size - 1, &c, &fault), &fault);
		break;
	case 2:
		check(rest_parse_enter(body, size - 1, &has_reason, &fault), &fault);
		break;
	default:
		create((const char *)data, size); /* the corpus is of whole bodies: '{' is 3 */
		break;
	}
	return 0;
}
