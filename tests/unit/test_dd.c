/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "media/codec/dd.h"

/* On the wire from Chromium, L3T3: 9 decode targets, 15 templates, 3 chains, 3 resolutions. */
static const uint8_t captured[] = {
	0xc1, 0x01, 0x72, 0x80, 0x08, 0x14, 0x85, 0x21, 0x4e, 0xaf, 0xff, 0xaa, 0xaa, 0x86,
	0x3c, 0xf0, 0x43, 0x0c, 0x10, 0xc3, 0x02, 0xaf, 0xc0, 0xaa, 0xa0, 0x06, 0x3c, 0x00,
	0x43, 0x00, 0x10, 0xc0, 0x02, 0xa0, 0x00, 0xa8, 0x00, 0x06, 0x00, 0x00, 0x40, 0x00,
	0x1d, 0x95, 0x49, 0x26, 0xe0, 0x82, 0xb0, 0x4a, 0x09, 0x41, 0xb8, 0x20, 0xac, 0x12,
	0x82, 0x50, 0x31, 0x57, 0xf9, 0x74, 0x00, 0x0c, 0xa8, 0x64, 0x33, 0x0e, 0x22, 0x22,
	0x22, 0xec, 0xa8, 0x65, 0x53, 0x04, 0x22, 0x42, 0x30, 0xec, 0xa8, 0x77, 0x53, 0x00,
	0x77, 0x00, 0x42, 0x00, 0xef, 0x00, 0x86, 0x01, 0xdf, 0x01, 0x0d,
};

static const char *dtis(const uint8_t *dti, size_t count)
{
	static char text[DD_MAX_TARGETS + 1];

	for (size_t i = 0; i < count; i++)
		text[i] = "-DSR"[dti[i]];
	text[count] = 0;
	return text;
}

static void captured_structure_is_l3t3(void)
{
	/* Decode target indications of L3T3 by template: spatial and temporal layer of each. */
	static const struct {
		uint8_t spatial;
		uint8_t temporal;
		const char *dtis;
	} want[15] = {
		{0, 0, "SSSRRRRRR"}, {0, 0, "SSSSSSSSS"}, {0, 1, "-DS-RR-RR"}, {0, 2, "--D--R--R"},
		{0, 2, "--D--R--R"}, {1, 0, "---SSSRRR"}, {1, 0, "---SSSSSS"}, {1, 1, "----DS-RR"},
		{1, 2, "-----D--R"}, {1, 2, "-----D--R"}, {2, 0, "------SSS"}, {2, 0, "------SSS"},
		{2, 1, "-------DS"}, {2, 2, "--------D"}, {2, 2, "--------D"},
	};
	struct dd_structure s = {0};
	struct dd_frame f;

	g_assert_cmpint(dd_parse(&f, &s, captured, sizeof(captured)), ==, 0);
	g_assert_true(f.has_structure && f.starts_frame && f.ends_frame);
	g_assert_cmpuint(f.frame_number, ==, 0x172);
	g_assert_cmpuint(f.active_targets, ==, 0x1ff);
	g_assert_cmpstr(dtis(f.dti, 9), ==, "SSSSSSSSS");
	g_assert_cmpint(f.fdiff_count, ==, 0);
	g_assert_cmpint(f.width, ==, 120);
	g_assert_cmpint(s.target_count, ==, 9);
	g_assert_cmpint(s.template_count, ==, 15);
	g_assert_cmpint(s.chain_count, ==, 3);
	g_assert_cmpint(s.resolution_count, ==, 3);
	g_assert_cmpint(s.width[2], ==, 480);
	g_assert_cmpint(s.height[2], ==, 270);
	for (int i = 0; i < 15; i++) {
		g_assert_cmpint(s.templates[i].spatial, ==, want[i].spatial);
		g_assert_cmpint(s.templates[i].temporal, ==, want[i].temporal);
		g_assert_cmpstr(dtis(s.templates[i].dti, 9), ==, want[i].dtis);
	}
	for (int i = 0; i < 9; i++) {
		g_assert_cmpint(s.target_chain[i], ==, i / 3);
		g_assert_cmpint(s.target_spatial[i], ==, i / 3);
		g_assert_cmpint(s.target_temporal[i], ==, i % 3);
	}
	/* S1T1 refers to the one before in time, 6 frames back, and to S0T1. */
	g_assert_cmpint(s.templates[7].fdiff_count, ==, 2);
	g_assert_cmpint(s.templates[7].fdiff[0], ==, 6);
	g_assert_cmpint(s.templates[7].fdiff[1], ==, 1);
	g_assert_cmpint(s.templates[7].chain_diff[0], ==, 7);
	g_assert_cmpint(s.templates[7].chain_diff[2], ==, 5);
}

static void captured_frames_use_the_structure(void)
{
	static const struct {
		uint8_t bytes[5];
		size_t len;
		bool starts, ends;
		uint16_t number;
		uint8_t spatial;
		int active; /* -1: not told */
	} steps[] = {
		{{0x86, 0x01, 0x73, 0x40, 0xfc}, 5, true, false, 0x173, 1, 0x3f},
		{{0x46, 0x01, 0x73, 0x40, 0xfc}, 5, false, true, 0x173, 1, 0x3f},
		{{0x8b, 0x01, 0x74}, 3, true, false, 0x174, 2, -1},
		{{0xc3, 0x01, 0x75}, 3, true, true, 0x175, 0, -1},
	};
	struct dd_structure s = {0};
	struct dd_frame f;

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		g_assert_cmpint(dd_parse(&f, &s, steps[i].bytes, steps[i].len), ==, -EAGAIN);
	g_assert_cmpint(dd_parse(&f, &s, captured, sizeof(captured)), ==, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_assert_cmpint(dd_parse(&f, &s, steps[i].bytes, steps[i].len), ==, 0);
		g_assert_false(f.has_structure);
		g_assert_cmpint(f.starts_frame, ==, steps[i].starts);
		g_assert_cmpint(f.ends_frame, ==, steps[i].ends);
		g_assert_cmpuint(f.frame_number, ==, steps[i].number);
		g_assert_cmpint(f.spatial, ==, steps[i].spatial);
		g_assert_cmpint(f.has_active_targets ? (int)f.active_targets : -1, ==,
				steps[i].active);
	}
}

static void every_cut_is_refused_and_changes_nothing(void)
{
	struct dd_structure s = {0};
	const struct dd_structure empty = {0};
	struct dd_frame f = {.frame_number = 4711};

	for (size_t len = 0; len < sizeof(captured); len++) {
		uint8_t *data = g_memdup2(captured, len);
		int err = dd_parse(&f, &s, data, len);
		/* Cut after the mandatory fields it is whole and refers to nothing. */
		g_assert_cmpint(err, ==, len == 3 ? -EAGAIN : -EBADMSG);
		g_assert_cmpint(memcmp(&s, &empty, sizeof(s)), ==, 0);
		g_assert_cmpint(f.frame_number, ==, 4711);
		g_free(data);
	}
}

struct writer {
	uint8_t data[512];
	size_t bit;
};

static void put(struct writer *w, unsigned n, uint32_t value)
{
	while (n-- > 0) {
		if (n < 32 && (value >> n & 1))
			w->data[w->bit / 8] |= (uint8_t)(0x80 >> (w->bit % 8));
		w->bit++;
	}
}

static int parse(struct dd_frame *f, struct dd_structure *s, const struct writer *w)
{
	return dd_parse(f, s, w->data, (w->bit + 7) / 8);
}

/* Start, end, template, frame 9, then the five flags of the extension. */
static struct writer begin(uint8_t template_id, uint8_t flags)
{
	struct writer w = {0};

	put(&w, 2, 3);
	put(&w, 6, template_id);
	put(&w, 16, 9);
	put(&w, 5, flags);
	return w;
}

/* One target, one template, one chain; ids from 60 so that they wrap. */
static void put_small_structure(struct writer *w)
{
	put(w, 6, 60);
	put(w, 5, 1);	 /* 2 targets */
	put(w, 2, 1);	 /* template 1: next temporal */
	put(w, 2, 3);	 /* no more */
	put(w, 8, 0xa1); /* dtis: SS, then -D */
	put(w, 1, 0);	 /* template 0 refers to nothing */
	put(w, 1, 1);
	put(w, 4, 0); /* template 1 to the frame before */
	put(w, 1, 0);
	put(w, 2, 2); /* chains: ns(3) = 1 is "10" */
	/* ns(1) twice: no bits */
	put(w, 4, 0);
	put(w, 4, 1);
	put(w, 1, 0); /* no resolutions */
}

static struct dd_structure small_structure(void)
{
	struct dd_structure s = {0};
	struct dd_frame f;
	struct writer w = begin(60, 0x10);

	put_small_structure(&w);
	g_assert_cmpint(parse(&f, &s, &w), ==, 0);
	g_assert_cmpint(s.chain_count, ==, 1);
	g_assert_cmpuint(f.active_targets, ==, 3);
	return s;
}

static void template_ids_wrap_at_64(void)
{
	struct dd_structure s = small_structure();
	struct dd_frame f;
	struct writer w = begin(61, 0);

	g_assert_cmpint(parse(&f, &s, &w), ==, 0);
	g_assert_cmpint(f.temporal, ==, 1);
	g_assert_cmpint(f.fdiff_count, ==, 1);
	g_assert_cmpint(f.fdiff[0], ==, 1);
	w = begin(62, 0);
	g_assert_cmpint(parse(&f, &s, &w), ==, -EAGAIN);
	w = begin(0, 0);
	g_assert_cmpint(parse(&f, &s, &w), ==, -EAGAIN);
}

static void custom_fields_replace_the_template(void)
{
	struct dd_structure s = small_structure();
	struct dd_frame f;
	struct writer w = begin(61, 0x0f);

	put(&w, 2, 1);	/* active: the first target */
	put(&w, 4, 13); /* dtis: R, D */
	put(&w, 2, 1);
	put(&w, 4, 15);
	put(&w, 2, 2);
	put(&w, 8, 255);
	put(&w, 2, 3);
	put(&w, 12, 4095);
	put(&w, 2, 0);
	put(&w, 8, 200);
	g_assert_cmpint(parse(&f, &s, &w), ==, 0);
	g_assert_cmpuint(f.active_targets, ==, 1);
	g_assert_cmpstr(dtis(f.dti, 2), ==, "RD");
	g_assert_cmpint(f.fdiff_count, ==, 3);
	g_assert_cmpint(f.fdiff[0], ==, 16);
	g_assert_cmpint(f.fdiff[1], ==, 256);
	g_assert_cmpint(f.fdiff[2], ==, 4096);
	g_assert_cmpint(f.chain_diff[0], ==, 200);
}

static void too_much_of_anything_is_refused(void)
{
	struct dd_structure s = small_structure();
	const struct dd_structure before = s;
	struct dd_frame f;

	struct writer w = begin(60, 0x10); /* 65 templates */
	put(&w, 11, 0);
	for (int i = 0; i < 300; i++)
		put(&w, 2, 0);
	g_assert_cmpint(parse(&f, &s, &w), ==, -EBADMSG);
	for (int too_many = 0; too_many <= 1; too_many++) {
		/* Whole but for one layer or reference too many. */
		int want = too_many ? -EBADMSG : 0;
		struct dd_structure fresh = {0};
		w = begin(0, 0x10); /* 5 spatial layers */
		put(&w, 11, 0);
		for (int i = 0; i < 3 + too_many; i++)
			put(&w, 2, 2);
		put(&w, 2, 3);
		put(&w, 600, 0);
		g_assert_cmpint(parse(&f, &fresh, &w), ==, want);
		w = begin(0, 0x10); /* 9 temporal layers */
		put(&w, 11, 0);
		for (int i = 0; i < 7 + too_many; i++)
			put(&w, 2, 1);
		put(&w, 2, 3);
		put(&w, 600, 0);
		g_assert_cmpint(parse(&f, &fresh, &w), ==, want);
		w = begin(0, 0x10); /* 9 references */
		put(&w, 11, 0);
		put(&w, 2, 3);
		put(&w, 2, 0);
		for (int i = 0; i < 8 + too_many; i++)
			put(&w, 5, 0x1f);
		put(&w, 600, 0);
		g_assert_cmpint(parse(&f, &fresh, &w), ==, want);
	}
	w = begin(60, 0x02); /* 9 references of a frame */
	for (int i = 0; i < 9; i++)
		put(&w, 6, 0x10);
	put(&w, 100, 0);
	g_assert_cmpint(parse(&f, &s, &w), ==, -EBADMSG);
	/* A structure that lacks the template of its own frame. */
	w = begin(20, 0x10);
	put_small_structure(&w);
	g_assert_cmpint(parse(&f, &s, &w), ==, -EBADMSG);
	g_assert_cmpint(memcmp(&s, &before, sizeof(s)), ==, 0);
}

static void frame_number_alone(void)
{
	uint8_t data[4] = {0xc1, 0x12, 0x34, 0x80};

	dd_set_frame_number(data, 4, 0xabcd);
	g_assert_cmpint(memcmp(data, (uint8_t[]){0xc1, 0xab, 0xcd, 0x80}, 4), ==, 0);
	dd_set_frame_number(data, 2, 0x1111);
	dd_set_frame_number(data, 0, 0x1111);
	g_assert_cmpint(memcmp(data, (uint8_t[]){0xc1, 0xab, 0xcd, 0x80}, 4), ==, 0);
}

#define ADD(name) g_test_add_func("/dd/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(captured_structure_is_l3t3);
	ADD(captured_frames_use_the_structure);
	ADD(every_cut_is_refused_and_changes_nothing);
	ADD(template_ids_wrap_at_64);
	ADD(custom_fields_replace_the_template);
	ADD(too_much_of_anything_is_refused);
	ADD(frame_number_alone);
	return g_test_run();
}
