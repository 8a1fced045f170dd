/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Byte 0 chooses the codec, bytes 1-4 the numbers to write, the rest is the payload. What was
 * written must be read again, nothing else may change, and writing the old numbers back must give
 * the old bytes.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "media/codec/codec.h"

static struct codec_numbers expected(const struct codec_frame *f, const struct codec_numbers *n)
{
	return (struct codec_numbers){
		.picture_id = n->picture_id & (f->is_picture_id_15bit ? 0x7fff : 0x7f),
		.tl0picidx = n->tl0picidx,
		.keyidx = n->keyidx & 0x1f,
	};
}

static void check_same(const struct codec_frame *a, const struct codec_frame *b)
{
	assert(a->is_keyframe == b->is_keyframe);
	assert(a->starts_frame == b->starts_frame);
	assert(a->temporal == b->temporal);
	assert(a->spatial == b->spatial);
	assert(a->is_switch_point == b->is_switch_point);
	assert(a->has_picture_id == b->has_picture_id);
	assert(a->is_picture_id_15bit == b->is_picture_id_15bit);
	assert(a->is_picture_id_dense == b->is_picture_id_dense);
	assert(a->has_tl0picidx == b->has_tl0picidx);
	assert(a->has_keyidx == b->has_keyidx);
}

static void check_rewrite(enum codec_id codec, const struct codec_frame *frame,
			  const struct codec_numbers *numbers, const uint8_t *payload, size_t len)
{
	const struct codec_numbers old = {frame->picture_id, frame->tl0picidx, frame->keyidx};
	const struct codec_numbers want = expected(frame, numbers);
	uint8_t *copy = malloc(len);
	struct codec_frame again;

	assert(copy);
	memcpy(copy, payload, len);
	codec_rewrite(codec, copy, len, numbers);
	assert(codec_inspect(&again, codec, copy, len) == 0);
	check_same(frame, &again);
	assert(!frame->has_picture_id || again.picture_id == want.picture_id);
	assert(!frame->has_tl0picidx || again.tl0picidx == want.tl0picidx);
	assert(!frame->has_keyidx || again.keyidx == want.keyidx);
	codec_rewrite(codec, copy, len, &old);
	assert(memcmp(copy, payload, len) == 0);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 6)
		return 0;
	enum codec_id codec = (enum codec_id)(data[0] % CODEC_COUNT);
	const struct codec_numbers numbers = {
		.picture_id = (uint16_t)((data[1] & 0x7f) << 8 | data[2]),
		.tl0picidx = data[3],
		.keyidx = data[4] & 0x1f,
	};
	struct codec_frame frame;

	if (codec_inspect(&frame, codec, data + 5, size - 5) == 0)
		check_rewrite(codec, &frame, &numbers, data + 5, size - 5);
	return 0;
}
