/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "media/route/bundle.h"

/* m-lines: 0 microphone (pt 111), 1 camera with SSRCs named, 2 a simulcast camera by rid, 3 a slot.
 * 1 and 2 share the payload types 96 and 97 (RTX). */
static struct transport_params params;
static struct bundle bundle;

static void set_up(void)
{
	static const char *const rids[] = {"q", "h", "f"};

	memset(&params, 0, sizeof(params));
	memset(&bundle, 0, sizeof(bundle));
	params.mline_count = 4;
	for (size_t m = 0; m < 4; m++) {
		struct mline_params *mline = &params.mline[m];

		mline->mid[0] = (char)('a' + m);
		mline->use = m == 3 ? MLINE_SLOT : MLINE_TRACK;
		mline->codec_count = 1;
		mline->codec[0].pt = m == 0 ? 111 : 96;
		mline->codec[0].rtx_pt = m == 0 ? 0 : 97;
	}
	params.mline[1].ssrc_count = 1;
	params.mline[1].ssrc[0] = 1000;
	params.mline[1].rtx_ssrc[0] = 1001;
	params.mline[2].rid_count = 3;
	for (size_t i = 0; i < 3; i++)
		g_strlcpy(params.mline[2].rid[i], rids[i], LIMIT_RID_BYTES);
	bundle_update(&bundle, &params);
}

struct arriving {
	uint32_t ssrc;
	uint8_t pt;
	const char *mid;
	const char *rid;
	const char *rrid;
	/* expected */
	int result;
	uint8_t mline;
	uint8_t encoding;
	bool is_rtx;
};

static struct rtp_ext_value text(const char *value)
{
	if (!value)
		return (struct rtp_ext_value){NULL, 0};
	return (struct rtp_ext_value){(const uint8_t *)value, (uint8_t)strlen(value)};
}

static void check(const struct arriving *in)
{
	struct rtp_header header = {.ssrc = in->ssrc, .pt = in->pt};
	struct rtp_exts exts = {0};
	struct bundle_place place = {.mline = 99};

	exts.value[RTP_EXT_MID] = text(in->mid);
	exts.value[RTP_EXT_RID] = text(in->rid);
	exts.value[RTP_EXT_RRID] = text(in->rrid);
	g_assert_cmpint(bundle_find(&bundle, &params, &header, &exts, &place), ==, in->result);
	if (in->result)
		return;
	g_assert_cmpuint(place.mline, ==, in->mline);
	g_assert_cmpuint(place.encoding, ==, in->encoding);
	g_assert_cmpint(place.is_rtx, ==, in->is_rtx);
}

static void packets_find_their_mline(void)
{
	static const struct arriving steps[] = {
		{1000, 96, NULL, NULL, NULL, 0, 1, 0, false}, /* named in the offer */
		{1001, 97, NULL, NULL, NULL, 0, 1, 0, true},
		{5, 111, NULL, NULL, NULL, 0, 0, 0, false}, /* the only m-line with this type */
		{6, 96, NULL, NULL, NULL, -ENOENT, 0, 0, false}, /* two have it */
		{6, 96, "x", NULL, NULL, -ENOENT, 0, 0, false},	 /* no such m-line */
		{6, 96, "d", NULL, NULL, -ENOENT, 0, 0, false},	 /* we send there */
		{6, 96, "c", NULL, NULL, -ENOENT, 0, 0, false},	 /* which encoding? */
		{6, 96, "c", "z", NULL, -ENOENT, 0, 0, false},
		{6, 96, "c", "h", NULL, 0, 2, 1, false},
		{6, 96, NULL, NULL, NULL, 0, 2, 1, false}, /* remembered */
		{7, 97, "c", NULL, "h", 0, 2, 1, true},	   /* RFC 8852: repaired rid */
		{7, 97, NULL, NULL, NULL, 0, 2, 1, true},
		{8, 96, "c", "h", NULL, 0, 2, 1, false}, /* the encoding's SSRC changed ... */
		{6, 96, NULL, NULL, NULL, -ENOENT, 0, 0, false}, /* ... the old one is forgotten */
		{8, 96, "c", NULL, NULL, 0, 2, 1, false},
		{1000, 96, "b", NULL, NULL, 0, 1, 0, false},
		{9, 96, "b", NULL, NULL, 0, 1, 0, false},	 /* MID outranks the offer's SSRC */
		{5, 120, "b", NULL, NULL, -ENOENT, 0, 0, false}, /* a type b does not have */
	};

	set_up();
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		check(&steps[i]);
}

static void learning_is_bounded(void)
{
	size_t known = 0;

	set_up();
	for (uint32_t ssrc = 10000; ssrc < 20000; ssrc++)
		check(&(struct arriving){ssrc, 96, "c", ssrc % 2 ? "q" : "f", NULL, 0, 2,
					 ssrc % 2 ? 0 : 2, false});
	for (size_t i = 0; i < BUNDLE_TABLE; i++)
		known += bundle.source[i].used;
	g_assert_cmpuint(known, ==, 4); /* two named in the offer, one for each encoding heard */
	g_assert_nonnull(bundle_known(&bundle, 19999));
	g_assert_null(bundle_known(&bundle, 19997));
}

static void ended_mlines_are_forgotten(void)
{
	set_up();
	check(&(struct arriving){6, 96, "c", "h", NULL, 0, 2, 1, false});
	params.mline[2].use = MLINE_UNUSED;
	bundle_update(&bundle, &params);
	g_assert_null(bundle_known(&bundle, 6));
	g_assert_nonnull(bundle_known(&bundle, 1000));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/bundle/packets-find-their-mline", packets_find_their_mline);
	g_test_add_func("/bundle/learning-is-bounded", learning_is_bounded);
	g_test_add_func("/bundle/ended-mlines-are-forgotten", ended_mlines_are_forgotten);
	return g_test_run();
}
