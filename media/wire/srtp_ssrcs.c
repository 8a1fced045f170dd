/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/srtp_ssrcs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NEAR (sizeof((struct srtp_ssrcs){0}.near) / sizeof(uint32_t))

static uint32_t *values_of(struct srtp_ssrcs *list)
{
	return list->far ? list->far : list->near;
}

void srtp_ssrcs_close(struct srtp_ssrcs *list)
{
	free(list->far);
	*list = (struct srtp_ssrcs){0};
}

int srtp_ssrcs_find(struct srtp_ssrcs *list, uint32_t ssrc)
{
	const uint32_t *values = values_of(list);

	if (list->last < list->count && values[list->last] == ssrc)
		return list->last;
	for (int i = 0; i < list->count; i++) {
		if (values[i] == ssrc) {
			list->last = i;
			return i;
		}
	}
	return -1;
}

static int grow(struct srtp_ssrcs *list)
{
	int cap = list->far ? 2 * list->cap : 2 * (int)NEAR;
	uint32_t *far = realloc(list->far, (size_t)cap * sizeof(*far));

	if (!far)
		return -ENOMEM;
	if (!list->far)
		memcpy(far, list->near, sizeof(list->near));
	list->far = far;
	list->cap = cap;
	return 0;
}

int srtp_ssrcs_add(struct srtp_ssrcs *list, uint32_t ssrc)
{
	if (list->count == SRTP_SSRCS_MAX)
		return -ENOSPC;
	if (list->count == (list->far ? list->cap : (int)NEAR) && grow(list) < 0)
		return -ENOMEM;
	values_of(list)[list->count] = ssrc;
	return list->count++;
}
