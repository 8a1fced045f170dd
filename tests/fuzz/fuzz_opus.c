/* SPDX-License-Identifier: EUPL-1.2 */
/* Opus: frames lie inside the packet and keep to RFC 6716 3.4; a packet merged with itself up to
 * 120 ms parses again to the same frames. */
#include <assert.h>
#include <string.h>

#include "fuzz.h"
#include "media/codec/opus.h"

static void check_packet(const struct opus_packet *p, const uint8_t *data, size_t size)
{
	const uint8_t *at = data + 1;

	assert(p->count >= 1 && p->count <= OPUS_MAX_FRAMES);
	assert(p->frame_samples >= 120 && opus_samples(p) <= OPUS_MAX_SAMPLES);
	for (size_t i = 0; i < p->count; i++) {
		assert(p->frame[i].len <= OPUS_MAX_FRAME_BYTES);
		assert(p->frame[i].data >= at || p->frame[i].len == 0);
		if (p->frame[i].len > 0)
			at = p->frame[i].data + p->frame[i].len;
	}
	assert(at <= data + size);
}

static void check_merged(const struct opus_packet *p, size_t copies)
{
	static struct opus_packet in[OPUS_MAX_FRAMES];
	static uint8_t out[2 + OPUS_MAX_FRAMES * (OPUS_MAX_FRAME_BYTES + 2)];
	struct opus_packet merged;
	struct wr w = wr_init(out, sizeof(out));

	for (size_t i = 0; i < copies; i++)
		in[i] = *p;
	int err = opus_merge(&w, in, copies);
	assert((err == 0) == (!p->has_extension && copies * opus_samples(p) <= OPUS_MAX_SAMPLES));
	if (err)
		return;
	assert(opus_parse(&merged, out, wr_len(&w)) == 0);
	assert(merged.count == copies * p->count && !merged.has_extension);
	assert(merged.config == p->config && merged.is_stereo == p->is_stereo);
	for (size_t i = 0; i < merged.count; i++) {
		const struct opus_frame *want = &p->frame[i % p->count];

		assert(merged.frame[i].len == want->len);
		assert(want->len == 0 || !memcmp(merged.frame[i].data, want->data, want->len));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct opus_packet p;

	if (opus_parse(&p, data, size) < 0)
		return 0;
	check_packet(&p, data, size);
	for (size_t copies = 1; copies <= 3; copies++)
		check_merged(&p, copies);
	return 0;
}
