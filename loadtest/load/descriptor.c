/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/descriptor.h"

#include <string.h>

struct frame_template {
	uint8_t temporal;
	uint8_t dti[3]; /* 0 not present, 1 discardable, 2 switch */
	uint8_t fdiff;	/* 0: none */
	uint8_t chain_diff;
};

struct structure {
	unsigned targets;
	unsigned count;
	struct frame_template templates[5];
};

/* libwebrtc's ScalabilityStructure L1T1 and L1T3. */
static const struct structure structures[2] = {
	{1, 2, {{0, {2}, 0, 0}, {0, {2}, 1, 1}}},
	{3,
	 5,
	 {{0, {2, 2, 2}, 0, 0},
	  {0, {2, 2, 2}, 4, 4},
	  {1, {0, 1, 2}, 2, 2},
	  {2, {0, 0, 1}, 1, 1},
	  {2, {0, 0, 1}, 1, 3}}},
};

/* Bits, most significant first. */
struct bit_writer {
	uint8_t *out;
	size_t count;
};

static void put(struct bit_writer *w, unsigned value, unsigned bits)
{
	while (bits-- > 0) {
		w->out[w->count / 8] |= (uint8_t)((value >> bits & 1) << (7 - w->count % 8));
		w->count++;
	}
}

static unsigned template_of(const struct descriptor *d)
{
	if (d->is_keyframe)
		return 0;
	if (!d->has_layers || d->temporal == 0)
		return 1;
	return d->temporal == 1 ? 2 : d->is_sync ? 3 : 4;
}

/* A.8.2 template_layers: what leads to the next template, and the end. */
static void put_layers(struct bit_writer *w, const struct structure *s)
{
	for (unsigned i = 0; i + 1 < s->count; i++)
		put(w, s->templates[i + 1].temporal > s->templates[i].temporal ? 1 : 0, 2);
	put(w, 3, 2);
}

static void put_structure(struct bit_writer *w, const struct structure *s,
			  const struct descriptor *d)
{
	put(w, 0, 6); /* template_id_offset */
	put(w, s->targets - 1, 5);
	put_layers(w, s);
	for (unsigned i = 0; i < s->count; i++)
		for (unsigned t = 0; t < s->targets; t++)
			put(w, s->templates[i].dti[t], 2);
	for (unsigned i = 0; i < s->count; i++) {
		if (s->templates[i].fdiff) {
			put(w, 1, 1);
			put(w, s->templates[i].fdiff - 1u, 4);
		}
		put(w, 0, 1);
	}
	/* One chain. ns(n) of 1 takes 1 bit where n is 2, and 2 where it is 4; of 0 in ns(1) none.
	 */
	put(w, 1, s->targets == 1 ? 1 : 2);
	for (unsigned i = 0; i < s->count; i++)
		put(w, s->templates[i].chain_diff, 4);
	put(w, 1, 1); /* resolutions_present_flag */
	put(w, d->width - 1u, 16);
	put(w, d->height - 1u, 16);
}

size_t descriptor_write(uint8_t out[DESCRIPTOR_BYTES], const struct descriptor *d)
{
	struct bit_writer w = {.out = out};

	memset(out, 0, DESCRIPTOR_BYTES);
	put(&w, d->starts_frame, 1);
	put(&w, d->ends_frame, 1);
	put(&w, template_of(d), 6);
	put(&w, d->frame, 16);
	if (!d->is_keyframe || !d->starts_frame)
		return 3;
	put(&w, 0x10, 5); /* the structure follows; nothing is custom */
	put_structure(&w, &structures[d->has_layers], d);
	return (w.count + 7) / 8;
}
