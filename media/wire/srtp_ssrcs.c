/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/srtp_ssrcs.h"

#include <errno.h>
#include <stdlib.h>

#define FIRST_CAP 8

void srtp_ssrcs_close(struct srtp_ssrcs *list)
{
	free(list->values);
	*list = (struct srtp_ssrcs){0};
}

int srtp_ssrcs_find(struct srtp_ssrcs *list, uint32_t ssrc)
{
	if (list->last < list->count && list->values[list->last] == ssrc)
		return list->last;
	for (int i = 0; i < list->count; i++) {
		if (list->values[i] == ssrc) {
			list->last = i;
			return i;
		}
	}
	return -1;
}

int srtp_ssrcs_add(struct srtp_ssrcs *list, uint32_t ssrc)
{
	if (list->count == SRTP_SSRCS_MAX)
		return -ENOSPC;
	if (list->count == list->cap) {
		int cap = list->cap ? 2 * list->cap : FIRST_CAP;
		uint32_t *values = realloc(list->values, (size_t)cap * sizeof(*values));

		if (!values)
			return -ENOMEM;
		list->values = values;
		list->cap = cap;
	}
	list->values[list->count] = ssrc;
	return list->count++;
}
