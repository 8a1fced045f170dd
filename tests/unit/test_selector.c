/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <string.h>

#include "media/base/rng.h"
#include "media/stream/selector.h"
#include "tests/support/layered.h"

static const struct layer_target nothing = {.encoding = LAYERS_NONE};

/* A viewer of one layered stream, and what it could decode. */
struct viewer {
	struct selector_frame frames[SELECTOR_FRAMES];
	struct selector sel;
	struct layered stream;
	bool is_sent[65536];
	bool is_decodable[65536]; /* whole, and all it refers to */
	unsigned shown[3][3];	  /* frames forwarded whole, by layer */
	unsigned needs;
	bool was_end; /* the last picture ended for the viewer */
};

static struct viewer *viewer_new(enum layered_kind kind, struct layer_target want)
{
	struct viewer *v = g_new0(struct viewer, 1);

	selector_init(&v->sel, v->frames);
	selector_want(&v->sel, want);
	v->stream.kind = kind;
	return v;
}

static struct selector_packet packet_of(const struct layered_frame *f,
					const struct codec_frame *codec)
{
	return (struct selector_packet){
		.is_newest = true,
		.has_frame_number = f->has_number,
		.frame_number = f->number,
		.timestamp = f->timestamp,
		.frame = codec,
	};
}

static bool is_decodable(const struct viewer *v, const struct layered_frame *f)
{
	for (unsigned i = 0; i < f->reference_count; i++)
		if (!v->is_decodable[f->reference[i]])
			return false;
	return true;
}

/* Two packets of the next frame. Gives whether both were forwarded. */
static bool step(struct viewer *v, struct layered_frame *out)
{
	struct layered_frame f = layered_next(&v->stream);
	bool is_sent[2];

	for (int i = 0; i < 2; i++) {
		struct codec_frame codec = f.codec;
		codec.starts_frame = i == 0;
		codec.ends_frame = i == 1 && f.codec.ends_frame;
		if (v->stream.kind == LAYERED_VP8_L1T3 && i == 1)
			codec.is_keyframe = false; /* as VP8 tells it */
		struct selector_packet p = packet_of(&f, &codec);
		struct selector_decision d = selector_packet(&v->sel, &p);
		is_sent[i] = d.verdict != SELECTOR_DROP;
		v->needs += d.need != SELECTOR_NEEDS_NOTHING;
		if (f.codec.spatial == 0 && i == 0)
			v->was_end = false;
		v->was_end |= d.ends_picture;
	}
	g_assert_true(is_sent[0] == is_sent[1]); /* no frame is cut */
	if (is_sent[0]) {
		g_assert_true(is_decodable(v, &f));
		v->shown[f.codec.spatial][f.codec.temporal]++;
	}
	v->is_sent[f.number] = is_sent[0];
	v->is_decodable[f.number] = is_sent[0];
	*out = f;
	return is_sent[0];
}

static void pictures(struct viewer *v, unsigned count)
{
	unsigned until = v->stream.total + count;
	struct layered_frame f;

	memset(v->shown, 0, sizeof(v->shown));
	while (v->stream.total < until)
		step(v, &f);
}

static void layers_go_down_and_up(gconstpointer arg)
{
	enum layered_kind kind = GPOINTER_TO_INT(arg);
	unsigned top = layered_spatial_count(kind) - 1;
	struct viewer *v = viewer_new(kind, (struct layer_target){0, (uint8_t)top, 2});

	pictures(v, 16);
	pictures(v, 16);
	for (unsigned s = 0; s <= top; s++) {
		g_assert_cmpuint(v->shown[s][0], ==, 4);
		g_assert_cmpuint(v->shown[s][1], ==, 4);
		g_assert_cmpuint(v->shown[s][2], ==, 8);
	}
	/* Down at once, without a keyframe. */
	selector_want(&v->sel, (struct layer_target){0, 0, 0});
	pictures(v, 16);
	g_assert_cmpuint(v->shown[0][0], ==, 4);
	g_assert_cmpuint(v->shown[0][1] + v->shown[0][2] + v->shown[1][0] + v->shown[2][0], ==, 0);
	/* Temporal layers come back within two turns of the pattern. */
	selector_want(&v->sel, (struct layer_target){0, 0, 2});
	pictures(v, 8);
	v->needs = 0;
	pictures(v, 16);
	g_assert_cmpuint(v->shown[0][0], ==, 4);
	g_assert_cmpuint(v->shown[0][1], ==, 4);
	g_assert_cmpuint(v->shown[0][2], ==, 8);
	g_assert_cmpuint(v->needs, ==, 0);
	if (top > 0) {
		/* A spatial layer asks for a keyframe and comes with it. */
		selector_want(&v->sel, (struct layer_target){0, 1, 2});
		pictures(v, 8);
		g_assert_cmpuint(v->shown[1][0] + v->shown[1][2], ==, 0);
		g_assert_cmpuint(v->needs, >, 0);
		v->stream.wants_keyframe = true;
		v->needs = 0;
		pictures(v, 16);
		g_assert_cmpuint(v->shown[1][0], ==, 4);
		g_assert_cmpuint(v->shown[1][2], ==, 8);
		g_assert_cmpuint(v->shown[2][0], ==, 0);
		g_assert_cmpuint(v->needs, ==, 0);
	}
	g_free(v);
}

/* One VP9 or AV1 picture without its upper layers ends where the last kept layer does. */
static void the_picture_ends_with_the_highest_layer_sent(gconstpointer arg)
{
	struct viewer *v = viewer_new(GPOINTER_TO_INT(arg), (struct layer_target){0, 2, 2});
	struct layered_frame f;

	for (unsigned want = 0; want < 3; want++) {
		selector_want(&v->sel, (struct layer_target){0, (uint8_t)want, 2});
		v->stream.wants_keyframe = true;
		for (unsigned i = 0; i < 30; i++) {
			step(v, &f);
			g_assert_true(v->was_end == (f.codec.spatial >= want));
		}
	}
	g_free(v);
}

static void drop_frame(struct viewer *v, const struct layered_frame *f)
{
	struct selector_packet p = packet_of(f, &f->codec);

	selector_dropped(&v->sel, &p);
	v->is_decodable[f->number] = false;
}

static void what_a_lost_layer_costs(gconstpointer arg)
{
	enum layered_kind kind = GPOINTER_TO_INT(arg);
	struct viewer *v = viewer_new(kind, (struct layer_target){0, 0, 2});
	struct layered_frame f;

	pictures(v, 8);
	/* T2: nothing else. */
	do {
		step(v, &f);
	} while (f.codec.temporal != 2 || !v->is_sent[f.number]);
	drop_frame(v, &f);
	v->needs = 0;
	pictures(v, 12);
	g_assert_cmpuint(v->shown[0][0], ==, 3);
	g_assert_cmpuint(v->shown[0][1], ==, 3);
	/* T1: the T2 that refers to it, and for VP8 T2 until its next sync. */
	do {
		step(v, &f);
	} while (f.codec.temporal != 1 || !v->is_sent[f.number]);
	drop_frame(v, &f);
	pictures(v, 8);
	g_assert_cmpuint(v->shown[0][0], ==, 2);
	g_assert_cmpuint(v->shown[0][2], <, 4);
	pictures(v, 8);
	pictures(v, 8);
	g_assert_cmpuint(v->shown[0][1], ==, 2);
	g_assert_cmpuint(v->shown[0][2], ==, 4);
	g_assert_cmpuint(v->needs, ==, 0);
	/* The base: nothing until a keyframe, which is asked for. */
	do {
		step(v, &f);
	} while (f.codec.temporal != 0 || f.codec.spatial != 0);
	drop_frame(v, &f);
	pictures(v, 8);
	g_assert_cmpuint(v->shown[0][0] + v->shown[0][1] + v->shown[0][2], ==, 0);
	g_assert_cmpuint(v->needs, >, 0);
	v->stream.wants_keyframe = true;
	pictures(v, 8);
	g_assert_cmpuint(v->shown[0][0], ==, 2);
	g_free(v);
}

/* Whatever is wanted and dropped: what is sent refers to what was sent. */
static void everything_sent_can_be_decoded(gconstpointer arg)
{
	enum layered_kind kind = GPOINTER_TO_INT(arg);
	unsigned spatial_count = layered_spatial_count(kind);

	for (uint64_t seed = 1; seed <= 30; seed++) {
		struct rng rng = rng_seeded(seed);
		struct viewer *v = viewer_new(kind, (struct layer_target){0, 0, 0});
		struct layered_frame recent[8] = {0};
		unsigned sent = 0;
		for (unsigned i = 0; i < 4000; i++) {
			if (rng_below(&rng, 10) == 0)
				selector_want(&v->sel,
					      (struct layer_target){
						      0, (uint8_t)rng_below(&rng, spatial_count),
						      (uint8_t)rng_below(&rng, 3)});
			if (v->needs && rng_below(&rng, 40) == 0) {
				v->stream.wants_keyframe = true;
				v->needs = 0;
			}
			sent += step(v, &recent[i % 8]);
			/* A queue may drop what was decided a while ago. */
			unsigned back = rng_below(&rng, 8);
			if (i >= 8 && rng_below(&rng, 25) == 0 &&
			    v->is_sent[recent[(i - back) % 8].number]) {
				struct layered_frame *lost = &recent[(i - back) % 8];
				drop_frame(v, lost);
				/* What stands behind it in the queue is spoilt with it. */
				for (unsigned j = i - back + 1; j <= i; j++)
					if (!is_decodable(v, &recent[j % 8]))
						v->is_decodable[recent[j % 8].number] = false;
			}
		}
		g_test_message("seed %d: %u of 4000 frames sent", (int)seed, sent);
		g_assert_cmpuint(sent, >, 300);
		g_free(v);
	}
}

/* --- encodings ------------------------------------------------------------------------------- */

static struct selector_decision give(struct selector *sel, int encoding, uint32_t ts, bool is_key,
				     bool is_newest)
{
	struct codec_frame codec = {.is_keyframe = is_key,
				    .starts_frame = true,
				    .is_up_point = is_key,
				    .is_inter = !is_key};
	struct selector_packet p = {.encoding = (int8_t)encoding,
				    .generation = 7,
				    .is_newest = is_newest,
				    .timestamp = ts,
				    .frame = &codec};

	return selector_packet(sel, &p);
}

static void another_encoding_begins_at_its_keyframe(void)
{
	struct selector_frame frames[SELECTOR_FRAMES];
	struct selector sel;
	struct selector_decision d;

	selector_init(&sel, frames);
	g_assert_cmpint(give(&sel, 0, 1, true, true).verdict, ==, SELECTOR_DROP);
	selector_want(&sel, (struct layer_target){0, 0, 2});
	d = give(&sel, 0, 2, false, true);
	g_assert_cmpint(d.verdict, ==, SELECTOR_DROP);
	g_assert_false(d.is_present);
	g_assert_cmpint(d.need, ==, SELECTOR_NEEDS_URGENT);
	d = give(&sel, 0, 3, true, true);
	g_assert_cmpint(d.verdict, ==, SELECTOR_SWITCH);
	g_assert_true(d.is_present);
	selector_want(&sel, (struct layer_target){2, 0, 2});
	d = give(&sel, 2, 100, false, true);
	g_assert_cmpint(d.need, ==, SELECTOR_NEEDS_LAZY);
	g_assert_cmpint(d.need_encoding, ==, 2);
	/* The keyframe's start was overtaken: it cannot be begun with. */
	d = give(&sel, 2, 101, true, false);
	g_assert_cmpint(d.verdict, ==, SELECTOR_DROP);
	g_assert_cmpint(give(&sel, 0, 4, false, true).verdict, ==, SELECTOR_FORWARD);
	g_assert_cmpint(give(&sel, 2, 102, true, true).verdict, ==, SELECTOR_SWITCH);
	g_assert_false(give(&sel, 0, 5, false, true).is_present);
	g_assert_cmpint(give(&sel, 2, 103, false, true).verdict, ==, SELECTOR_FORWARD);
	selector_want(&sel, nothing);
	g_assert_cmpint(give(&sel, 2, 104, false, true).verdict, ==, SELECTOR_DROP);
	g_assert_cmpint(sel.now.encoding, ==, LAYERS_NONE);
}

static void another_generation_is_another_source(void)
{
	struct selector_frame frames[SELECTOR_FRAMES];
	struct selector sel;
	struct codec_frame codec = {.starts_frame = true};
	struct selector_packet p = {.generation = 8, .is_newest = true, .frame = &codec};

	selector_init(&sel, frames);
	selector_want(&sel, (struct layer_target){0, 0, 0});
	g_assert_cmpint(give(&sel, 0, 1, true, true).verdict, ==, SELECTOR_SWITCH);
	struct selector_decision d = selector_packet(&sel, &p);
	g_assert_cmpint(d.verdict, ==, SELECTOR_DROP);
	g_assert_cmpint(d.need, ==, SELECTOR_NEEDS_URGENT);
	codec.is_keyframe = true;
	g_assert_cmpint(selector_packet(&sel, &p).verdict, ==, SELECTOR_SWITCH);
}

static void a_replayed_run_brings_no_layer_it_does_not_have(gconstpointer arg)
{
	enum layered_kind kind = GPOINTER_TO_INT(arg);
	struct viewer *v = viewer_new(kind, (struct layer_target){0, 0, 2});
	struct layered_frame base[8];
	struct layered_frame f;
	unsigned count = 0;

	/* Nobody looks for six turns; the run keeps the base. */
	while (v->stream.total < 24) {
		f = layered_next(&v->stream);
		if (f.codec.temporal == 0 && f.codec.spatial == 0 && count < 8)
			base[count++] = f;
	}
	selector_begin(&v->sel, 0, 0);
	for (unsigned i = 0; i < count; i++) {
		struct selector_packet p = packet_of(&base[i], &base[i].codec);
		g_assert_cmpint(selector_packet(&v->sel, &p).verdict, ==, SELECTOR_FORWARD);
		v->is_decodable[base[i].number] = true;
		g_assert_cmpint(v->sel.now.temporal, ==, 0);
	}
	selector_resume(&v->sel);
	pictures(v, 8);
	pictures(v, 8);
	g_assert_cmpuint(v->shown[0][0], ==, 2);
	g_assert_cmpuint(v->shown[0][2], ==, 4);
	g_free(v);
}

static void late_packets_follow_their_frame(void)
{
	struct viewer *v = viewer_new(LAYERED_DD_L1T3, (struct layer_target){0, 0, 0});
	struct layered_frame f[12];

	for (int i = 0; i < 12; i++)
		f[i] = layered_next(&v->stream);
	for (int i = 0; i < 12; i++) {
		struct selector_packet p = packet_of(&f[i], &f[i].codec);
		if (i != 4 && i != 6) /* a base and a T1 do not come */
			selector_packet(&v->sel, &p);
		if (i == 7)
			selector_want(&v->sel, (struct layer_target){0, 0, 2});
	}
	for (int i = 0; i < 12; i++) {
		struct selector_packet p = packet_of(&f[i], &f[i].codec);
		p.is_newest = false;
		bool is_sent = selector_packet(&v->sel, &p).verdict == SELECTOR_FORWARD;
		/* 8 is a base frame, from there everything is sent. */
		g_assert_true(is_sent == (i == 0 || i == 4 || i >= 8));
	}
	g_free(v);
}

/* A stream may refer to any frame: what a descriptor says counts. */
static void a_reference_to_what_was_not_sent_is_not_sent(void)
{
	static const struct {
		uint8_t temporal;
		uint8_t fdiff;
		bool is_sent;
	} steps[] = {
		{1, 1, false},				     /* its layer is not wanted */
		{0, 2, true},  {0, 1, true},  {0, 3, false}, /* refers to the first */
		{0, 1, false}, {0, 9, false},		     /* nothing more without a keyframe */
	};
	struct selector_frame frames[SELECTOR_FRAMES];
	struct selector sel;
	struct codec_frame codec = {.has_descriptor = true,
				    .is_keyframe = true,
				    .starts_frame = true,
				    .switch_mask = 1};
	struct selector_packet p = {.is_newest = true, .has_frame_number = true, .frame = &codec};

	selector_init(&sel, frames);
	selector_want(&sel, (struct layer_target){0, 0, 0});
	p.frame_number = 65534;
	g_assert_cmpint(selector_packet(&sel, &p).verdict, ==, SELECTOR_SWITCH);
	codec.is_keyframe = false;
	codec.fdiff_count = 1;
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_test_message("step %zu", i);
		p.frame_number++;
		p.timestamp += 3000;
		codec.temporal = steps[i].temporal;
		codec.fdiff[0] = steps[i].fdiff;
		g_assert_true((selector_packet(&sel, &p).verdict == SELECTOR_FORWARD) ==
			      steps[i].is_sent);
	}
	g_assert_true(sel.is_broken);
}

#define ADD(name) g_test_add_func("/selector/" #name, name)

static void add_for_each(const char *name, GTestDataFunc func, unsigned least_spatial)
{
	static const char *const kinds[LAYERED_KINDS] = {"vp8_l1t3",	 "vp9_l1t3", "vp9_l3t3",
							 "vp9_l3t3_key", "dd_l1t3",  "dd_l3t3",
							 "dd_l3t3_key"};

	for (int kind = 0; kind < LAYERED_KINDS; kind++) {
		if (layered_spatial_count((enum layered_kind)kind) < least_spatial)
			continue;
		char *path = g_strdup_printf("/selector/%s/%s", name, kinds[kind]);
		g_test_add_data_func(path, GINT_TO_POINTER(kind), func);
		g_free(path);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add_for_each("layers_go_down_and_up", layers_go_down_and_up, 1);
	add_for_each("the_picture_ends_with_the_highest_layer_sent",
		     the_picture_ends_with_the_highest_layer_sent, 3);
	add_for_each("what_a_lost_layer_costs", what_a_lost_layer_costs, 1);
	add_for_each("everything_sent_can_be_decoded", everything_sent_can_be_decoded, 1);
	add_for_each("a_replayed_run_brings_no_layer_it_does_not_have",
		     a_replayed_run_brings_no_layer_it_does_not_have, 1);
	ADD(another_encoding_begins_at_its_keyframe);
	ADD(another_generation_is_another_source);
	ADD(a_reference_to_what_was_not_sent_is_not_sent);
	ADD(late_packets_follow_their_frame);
	return g_test_run();
}
