/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <string.h>

#include "media/route/frames.h"

/* On the wire from Chromium: a keyframe of L3T3 with its structure (as in test_dd.c). */
static const uint8_t key_descriptor[] = {
	0xc1, 0x01, 0x72, 0x80, 0x08, 0x14, 0x85, 0x21, 0x4e, 0xaf, 0xff, 0xaa, 0xaa, 0x86,
	0x3c, 0xf0, 0x43, 0x0c, 0x10, 0xc3, 0x02, 0xaf, 0xc0, 0xaa, 0xa0, 0x06, 0x3c, 0x00,
	0x43, 0x00, 0x10, 0xc0, 0x02, 0xa0, 0x00, 0xa8, 0x00, 0x06, 0x00, 0x00, 0x40, 0x00,
	0x1d, 0x95, 0x49, 0x26, 0xe0, 0x82, 0xb0, 0x4a, 0x09, 0x41, 0xb8, 0x20, 0xac, 0x12,
	0x82, 0x50, 0x31, 0x57, 0xf9, 0x74, 0x00, 0x0c, 0xa8, 0x64, 0x33, 0x0e, 0x22, 0x22,
	0x22, 0xec, 0xa8, 0x65, 0x53, 0x04, 0x22, 0x42, 0x30, 0xec, 0xa8, 0x77, 0x53, 0x00,
	0x77, 0x00, 0x42, 0x00, 0xef, 0x00, 0x86, 0x01, 0xdf, 0x01, 0x0d,
};
static const struct codec_params vp8 = {.codec = CODEC_VP8};
static const uint8_t delta_payload[] = {0x10, 0x11, 0, 0};

static struct packet make(uint16_t frame_number, uint8_t *storage, bool is_key)
{
	struct packet packet = {.codec = &vp8};
	size_t len = is_key ? sizeof(key_descriptor) : 3;

	memcpy(storage, key_descriptor, sizeof(key_descriptor));
	storage[1] = (uint8_t)(frame_number >> 8);
	storage[2] = (uint8_t)frame_number;
	packet.header.payload = delta_payload;
	packet.header.payload_len = sizeof(delta_payload);
	packet.exts.value[RTP_EXT_DEPENDENCY_DESCRIPTOR] =
		(struct rtp_ext_value){storage, (uint8_t)len};
	return packet;
}

static void an_old_structure_does_not_replace_a_newer_one(void)
{
	static struct frames frames;
	uint8_t bytes[sizeof(key_descriptor)];
	struct packet packet = make(100, bytes, true);

	g_assert_cmpint(frames_inspect(&frames, &packet, true), ==, 0);
	g_assert_true(frames.structure->is_valid);
	g_assert_true(packet.frame.is_keyframe);
	g_assert_cmpuint(frames.structure_frame, ==, 100);
	/* A probe repeats an older keyframe. */
	packet = make(50, bytes, true);
	g_assert_cmpint(frames_inspect(&frames, &packet, false), ==, 0);
	g_assert_cmpuint(frames.structure_frame, ==, 100);
	/* A keyframe that was lost and asked for comes late: it is the newest structure. */
	packet = make(200, bytes, true);
	g_assert_cmpint(frames_inspect(&frames, &packet, false), ==, 0);
	g_assert_cmpuint(frames.structure_frame, ==, 200);
	frames_close(&frames);
}

static void a_descriptor_tells_what_the_frame_is_for(void)
{
	static struct frames frames;
	uint8_t bytes[sizeof(key_descriptor)];
	struct packet packet = make(100, bytes, true);
	const struct codec_frame *f = &packet.frame;

	g_assert_cmpint(frames_inspect(&frames, &packet, true), ==, 0);
	g_assert_true(f->has_descriptor && f->starts_frame && f->ends_frame && !f->is_inter);
	/* Three spatial layers of three temporal ones, all reachable from here. */
	g_assert_cmphex(f->present_mask, ==, 0x777);
	g_assert_cmphex(f->switch_mask, ==, 0x777);
	g_assert_true(f->has_active_mask);
	g_assert_cmphex(f->active_mask, ==, 0x777);
	g_assert_cmpuint(f->height, ==, 67);
	g_assert_false(f->is_discardable);
	g_assert_cmpuint(f->fdiff_count, ==, 0);
	/* Every template of that structure, as a frame of its own. */
	for (uint8_t t = 0; t < frames.structure->template_count; t++) {
		const struct dd_template *template = &frames.structure->templates[t];
		packet = make((uint16_t)(101 + t), bytes, false);
		bytes[0] = (uint8_t)(0xc0 | ((t + frames.structure->template_id_offset) & 0x3f));
		g_assert_cmpint(frames_inspect(&frames, &packet, true), ==, 0);
		g_assert_cmpuint(f->temporal, ==, template->temporal);
		g_assert_cmpuint(f->spatial, ==, template->spatial);
		g_assert_cmpuint(f->fdiff_count, ==, template->fdiff_count);
		g_assert_true(f->is_inter == (template->fdiff_count > 0));
		/* Its own layer gets it, nothing below does. */
		unsigned own = 1u << (f->spatial * 4 + f->temporal);
		g_assert_true((f->present_mask & own) != 0);
		g_assert_cmphex(f->present_mask & ((1u << f->spatial * 4) - 1), ==, 0);
		g_assert_true((f->switch_mask & ~f->present_mask) == 0);
	}
	frames_close(&frames);
}

static void frame_numbers_need_no_structure(void)
{
	static struct frames frames;
	uint8_t bytes[sizeof(key_descriptor)];
	struct packet packet = make(0x1234, bytes, false);

	g_assert_cmpint(frames_inspect(&frames, &packet, true), ==, 0);
	g_assert_false(frames.structure->is_valid);
	g_assert_true(packet.has_frame_number);
	g_assert_cmpuint(packet.frame_number, ==, 0x1234);
	g_assert_false(packet.frame.is_keyframe);
	/* Too short for a number: as if it were not there. */
	packet.exts.value[RTP_EXT_DEPENDENCY_DESCRIPTOR].len = 2;
	g_assert_cmpint(frames_inspect(&frames, &packet, true), ==, 0);
	g_assert_false(packet.has_frame_number);
	frames_close(&frames);
}

static void nonsense_of_a_payload_is_told(void)
{
	static struct frames frames;
	struct packet packet = {.codec = &vp8};

	packet.header.payload = (const uint8_t *)"\x90\xff";
	packet.header.payload_len = 2;
	g_assert_cmpint(frames_inspect(&frames, &packet, true), <, 0);
	packet.header.payload_len = 0; /* padding: nothing to tell, nothing wrong */
	g_assert_cmpint(frames_inspect(&frames, &packet, true), ==, 0);
	frames_close(&frames);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/frames/an-old-structure-does-not-replace-a-newer-one",
			an_old_structure_does_not_replace_a_newer_one);
	g_test_add_func("/frames/a-descriptor-tells-what-the-frame-is-for",
			a_descriptor_tells_what_the_frame_is_for);
	g_test_add_func("/frames/frame-numbers-need-no-structure", frame_numbers_need_no_structure);
	g_test_add_func("/frames/nonsense-of-a-payload-is-told", nonsense_of_a_payload_is_told);
	return g_test_run();
}
