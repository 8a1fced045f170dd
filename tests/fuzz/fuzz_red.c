/* SPDX-License-Identifier: EUPL-1.2 */
/* RED: the blocks must lie one behind the other and end where the payload ends. */
#include <assert.h>

#include "fuzz.h"
#include "media/wire/red.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct red_payload red;

	if (red_parse(&red, data, size) < 0)
		return 0;
	assert(red.count >= 1 && red.count <= LIMIT_RED_BLOCKS);
	size_t headers = (red.count - 1) * 4 + 1;
	const uint8_t *at = data + headers;
	for (size_t i = 0; i < red.count; i++) {
		assert(red.block[i].pt < 128 && red.block[i].ts_offset < 1 << 14);
		assert(red.block[i].data == at || red.block[i].len == 0);
		at += red.block[i].len;
	}
	assert(red.block[red.count - 1].ts_offset == 0);
	assert(at == data + size);
	return 0;
}
