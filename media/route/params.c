/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/params.h"

#include <stdlib.h>
#include <string.h>

struct transport_params *transport_params_dup(const struct transport_params *params)
{
	size_t size = offsetof(struct transport_params, mline) +
		      params->mline_count * sizeof(params->mline[0]);
	struct transport_params *copy = malloc(size);

	if (copy)
		memcpy(copy, params, size);
	return copy;
}
