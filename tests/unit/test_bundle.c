/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "media/route/bundle.h"

/* m-lines: 0 microphone (pt 111), 1 camera with SSRCs named, 2 a simulcast camera by rid, 3 a slot.
 * 1 and 2 share the payload types 96 and 97 (RTX). */
static struct mline_params mline_of[4];
static struct mline_set mlines;
static struct bundle bundle;

static void set_up(void)
{
	static const char *const rids[] = {"q", "h", "f"};

	memset(mline_of, 0, sizeof(mline_of));
	bundle_close(&bundle);
	mlines.count = 4;
	for (size_t m = 0; m < 4; m++) {
		struct mline_params *mline = mlines.at[m] = &mline_of[m];

		mline->mid[0] = (char)('a' + m);
		mline->use = m == 3 ? MLINE_SLOT : MLINE_TRACK;
		mline->codec_count = 1;
		mline->codec[0].pt = m == 0 ? 111 : 96;
		mline->codec[0].rtx_pt = m == 0 ? 0 : 97;
	}
	mline_of[1].ssrc_count = 1;
	mline_of[1].ssrc[0] = 1000;
	mline_of[1].rtx_ssrc[0] = 1001;
	mline_of[2].rid_count = 3;
	for (size_t i = 0; i < 3; i++)
		g_strlcpy(mline_of[2].rid[i], rids[i], LIMIT_RID_BYTES);
	bundle_update(&bundle, &mlines);
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
	g_assert_cmpint(bundle_find(&bundle, &mlines, &header, &exts, &place), ==, in->result);
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
	set_up();
	for (uint32_t ssrc = 10000; ssrc < 20000; ssrc++)
		check(&(struct arriving){ssrc, 96, "c", ssrc % 2 ? "q" : "f", NULL, 0, 2,
					 ssrc % 2 ? 0 : 2, false});
	g_assert_cmpuint(bundle.count, ==,
			 4); /* two named in the offer, one for each encoding heard */
	g_assert_nonnull(bundle_known(&bundle, 19999));
	g_assert_null(bundle_known(&bundle, 19997));
}

static void ended_mlines_are_forgotten(void)
{
	set_up();
	check(&(struct arriving){6, 96, "c", "h", NULL, 0, 2, 1, false});
	mline_of[2].use = MLINE_UNUSED;
	bundle_update(&bundle, &mlines);
	g_assert_null(bundle_known(&bundle, 6));
	g_assert_nonnull(bundle_known(&bundle, 1000));
}

/* All that offers can name, then every other m-line ends: the rest is found where it was. */
static void most_sources_are_known_and_forgotten(void)
{
	static struct mline_params many[LIMIT_MLINES];
	struct mline_set all = {.count = LIMIT_MLINES};

	set_up();
	for (uint32_t m = 0; m < LIMIT_MLINES; m++) {
		all.at[m] = &many[m];
		many[m].use = MLINE_TRACK;
		many[m].ssrc_count = LIMIT_ENCODINGS;
		for (uint32_t e = 0; e < LIMIT_ENCODINGS; e++) {
			many[m].ssrc[e] = 1 + 7 * (m * LIMIT_ENCODINGS + e);
			many[m].rtx_ssrc[e] = 0x80000000U + many[m].ssrc[e];
		}
	}
	bundle_close(&bundle);
	bundle_update(&bundle, &all);
	g_assert_cmpuint(bundle.count, ==, 2 * LIMIT_MLINES * LIMIT_ENCODINGS);
	for (size_t m = 0; m < LIMIT_MLINES; m += 2)
		many[m].use = MLINE_UNUSED;
	bundle_update(&bundle, &all);
	g_assert_cmpuint(bundle.count, ==, LIMIT_MLINES * LIMIT_ENCODINGS);
	for (size_t m = 0; m < LIMIT_MLINES; m++) {
		for (size_t e = 0; e < LIMIT_ENCODINGS; e++) {
			const struct bundle_place *place =
				bundle_known(&bundle, many[m].rtx_ssrc[e]);

			g_assert_cmpint(place != NULL, ==, m % 2);
			if (place)
				g_assert_cmpuint(place->mline, ==, m);
		}
	}
}

int main(int argc, char **argv)
{
	int result;

	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/bundle/packets-find-their-mline", packets_find_their_mline);
	g_test_add_func("/bundle/learning-is-bounded", learning_is_bounded);
	g_test_add_func("/bundle/ended-mlines-are-forgotten", ended_mlines_are_forgotten);
	g_test_add_func("/bundle/most-sources-are-known-and-forgotten",
			most_sources_are_known_and_forgotten);
	result = g_test_run();
	bundle_close(&bundle);
	return result;
}
