/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A stream of descriptors, each behind a length byte, against one structure. A refused one changes
 * nothing; an accepted one stays within the limits and is the same but for its number after
 * dd_set_frame_number.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "media/codec/dd.h"

static void check_structure(const struct dd_structure *s)
{
	assert(s->is_valid);
	assert(s->template_count >= 1 && s->template_count <= DD_MAX_TEMPLATES);
	assert(s->target_count >= 1 && s->target_count <= DD_MAX_TARGETS);
	assert(s->chain_count <= s->target_count && s->chain_count <= DD_MAX_CHAINS);
	assert(s->resolution_count <= 4);
	for (unsigned i = 0; i < s->target_count; i++) {
		assert(s->target_spatial[i] <= 3 && s->target_temporal[i] <= 7);
		assert(s->chain_count == 0 || s->target_chain[i] < s->chain_count);
	}
	for (unsigned i = 0; i < s->template_count; i++)
		assert(s->templates[i].fdiff_count <= DD_MAX_FDIFFS);
}

static void check_frame(const struct dd_frame *f, const struct dd_structure *s)
{
	assert(f->spatial <= 3 && f->temporal <= 7);
	assert(f->fdiff_count <= DD_MAX_FDIFFS);
	for (unsigned i = 0; i < f->fdiff_count; i++)
		assert(f->fdiff[i] >= 1 && f->fdiff[i] <= 4096);
	for (unsigned i = 0; i < DD_MAX_TARGETS; i++)
		assert(f->dti[i] <= DD_REQUIRED && (i < s->target_count || f->dti[i] == 0));
	assert(s->target_count == 32 || f->active_targets >> s->target_count == 0);
}

static void check_renumbered(const struct dd_frame *f, struct dd_structure s, uint8_t *data,
			     size_t len)
{
	struct dd_frame again;
	uint16_t number = f->frame_number;

	dd_set_frame_number(data, len, (uint16_t)(number + 0x1234));
	assert(dd_parse(&again, &s, data, len) == 0);
	assert(again.frame_number == (uint16_t)(number + 0x1234));
	again.frame_number = number;
	assert(again.starts_frame == f->starts_frame && again.ends_frame == f->ends_frame);
	assert(again.temporal == f->temporal && again.spatial == f->spatial);
	assert(memcmp(again.dti, f->dti, sizeof(f->dti)) == 0);
	assert(memcmp(again.fdiff, f->fdiff, sizeof(f->fdiff)) == 0);
	assert(memcmp(again.chain_diff, f->chain_diff, sizeof(f->chain_diff)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dd_structure s;
	static struct dd_structure before;

	memset(&s, 0, sizeof(s));
	while (size > 0) {
		size_t len = data[0] < size - 1 ? data[0] : size - 1;
		uint8_t *copy = malloc(len + (len == 0));
		struct dd_frame f = {0};
		assert(copy);
		memcpy(copy, data + 1, len);
		memcpy(&before, &s, sizeof(s));
		int err = dd_parse(&f, &s, copy, len);
		assert(err == 0 || err == -EBADMSG || err == -EAGAIN);
		if (err || !f.has_structure)
			assert(memcmp(&before, &s, sizeof(s)) == 0);
		if (!err) {
			check_structure(&s);
			check_frame(&f, &s);
			check_renumbered(&f, s, copy, len);
		}
		free(copy);
		data += len + 1;
		size -= len + 1;
	}
	return 0;
}
