/* SPDX-License-Identifier: EUPL-1.2 */
/* RED: the blocks must lie one behind the other and end where the payload ends; written again they
 * are the same bytes, but for older blocks of offset 0, which are not written. */
#include <assert.h>
#include <string.h>

#include "fuzz.h"
#include "media/wire/red.h"

static void check_written(const struct red_payload *red, const uint8_t *data, size_t size)
{
	static uint8_t out[1 << 16];
	struct wr w = wr_init(out, size);
	struct red_payload again;
	size_t older = 0;

	if (size > sizeof(out))
		return;
	for (size_t i = 0; i + 1 < red->count; i++)
		older += red->block[i].ts_offset > 0;
	assert(red_write(&w, red->block, red->count) == (int)older);
	assert(wr_ok(&w) && red_parse(&again, out, wr_len(&w)) == 0);
	assert(again.count == older + 1);
	if (older + 1 == red->count)
		assert(wr_len(&w) == size && !memcmp(out, data, size));
	/* In less room the primary is still whole, or nothing is written. */
	w = wr_init(out, size / 2);
	if (red_write(&w, red->block, red->count) < 0) {
		assert(wr_len(&w) == 0);
		return;
	}
	assert(wr_ok(&w) && red_parse(&again, out, wr_len(&w)) == 0);
	assert(again.block[again.count - 1].len == red->block[red->count - 1].len);
}

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
	check_written(&red, data, size);
	return 0;
}
