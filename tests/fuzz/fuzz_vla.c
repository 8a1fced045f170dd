/* SPDX-License-Identifier: EUPL-1.2 */
/* One allocation: refused without a trace, or within its limits. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "media/codec/vla.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vla v;
	struct vla before;

	memset(&v, 0x55, sizeof(v));
	before = v;
	if (vla_parse(&v, data, size)) {
		assert(memcmp(&v, &before, sizeof(v)) == 0);
		return 0;
	}
	assert(v.rid < VLA_STREAMS && v.stream_count <= VLA_STREAMS);
	for (unsigned i = 0; i < VLA_STREAMS; i++)
		for (unsigned s = 0; s < VLA_SPATIAL; s++)
			assert(v.layer[i][s].temporal_count <=
			       (i < v.stream_count ? VLA_TEMPORAL : 0));
	return 0;
}
