/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/bundle.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static_assert(BUNDLE_TABLE >= LIMIT_MLINES * LIMIT_ENCODINGS * 2 * 2, "table would fill up");

static uint32_t slot_of(uint32_t ssrc)
{
	return (ssrc * 2654435769u) >> 23; /* the top 9 bits: 0..511 */
}

static struct bundle_source *find_source(struct bundle *bundle, uint32_t ssrc)
{
	uint32_t at = slot_of(ssrc);

	while (bundle->source[at].used && bundle->source[at].ssrc != ssrc)
		at = (at + 1) % BUNDLE_TABLE;
	return &bundle->source[at];
}

const struct bundle_place *bundle_known(const struct bundle *bundle, uint32_t ssrc)
{
	const struct bundle_source *source = find_source((struct bundle *)bundle, ssrc);

	return source->used ? &source->place : NULL;
}

static void add(struct bundle *bundle, uint32_t ssrc, struct bundle_place place)
{
	struct bundle_source *source = find_source(bundle, ssrc);

	*source = (struct bundle_source){.ssrc = ssrc, .place = place, .used = true};
}

/* Rare, so the probe sequences are mended by putting everything in anew. */
static void remove_if(struct bundle *bundle,
		      bool (*is_gone)(const struct bundle_source *source, const void *arg),
		      const void *arg)
{
	struct bundle old = *bundle;

	memset(bundle, 0, sizeof(*bundle));
	for (size_t i = 0; i < BUNDLE_TABLE; i++)
		if (old.source[i].used && !is_gone(&old.source[i], arg))
			add(bundle, old.source[i].ssrc, old.source[i].place);
}

static bool same_place(const struct bundle_source *source, const void *arg)
{
	const struct bundle_place *place = arg;

	return source->place.mline == place->mline && source->place.encoding == place->encoding &&
	       source->place.is_rtx == place->is_rtx;
}

static bool no_track(const struct bundle_source *source, const void *arg)
{
	const struct transport_params *params = arg;

	return source->place.mline >= params->mline_count ||
	       !(params->mline[source->place.mline].use & MLINE_TRACK);
}

/* One SSRC per place: what was there before gives way. */
static void learn(struct bundle *bundle, uint32_t ssrc, struct bundle_place place)
{
	struct bundle_source *source = find_source(bundle, ssrc);

	if (source->used && same_place(source, &place))
		return;
	remove_if(bundle, same_place, &place);
	add(bundle, ssrc, place);
}

void bundle_update(struct bundle *bundle, const struct transport_params *params)
{
	remove_if(bundle, no_track, params);
	for (size_t m = 0; m < params->mline_count; m++) {
		const struct mline_params *mline = &params->mline[m];

		if (!(mline->use & MLINE_TRACK))
			continue;
		for (size_t e = 0; e < mline->ssrc_count; e++) {
			struct bundle_place place = {.mline = (uint8_t)m, .encoding = (uint8_t)e};

			if (mline->ssrc[e])
				learn(bundle, mline->ssrc[e], place);
			place.is_rtx = true;
			if (mline->rtx_ssrc[e])
				learn(bundle, mline->rtx_ssrc[e], place);
		}
	}
}

static bool text_is(const struct rtp_ext_value *value, const char *text)
{
	return strlen(text) == value->len && memcmp(value->data, text, value->len) == 0;
}

static int mline_of_mid(const struct transport_params *params, const struct rtp_ext_value *mid)
{
	for (size_t m = 0; m < params->mline_count; m++)
		if ((params->mline[m].use & MLINE_TRACK) && text_is(mid, params->mline[m].mid))
			return (int)m;
	return -1;
}

static bool takes_pt(const struct mline_params *mline, uint8_t pt, bool *is_rtx)
{
	/* Zero is how params.h says "not negotiated". */
	if (pt == 0)
		return false;
	for (size_t i = 0; i < mline->codec_count; i++) {
		const struct codec_params *codec = &mline->codec[i];

		*is_rtx = codec->rtx_pt == pt;
		if (codec->pt == pt || codec->red_pt == pt || *is_rtx)
			return true;
	}
	return false;
}

/* RFC 8843 9.2: the payload type alone decides when exactly one m-line uses it. */
static int mline_of_pt(const struct transport_params *params, uint8_t pt)
{
	int found = -1;
	bool is_rtx;

	for (size_t m = 0; m < params->mline_count; m++) {
		if (!(params->mline[m].use & MLINE_TRACK) ||
		    !takes_pt(&params->mline[m], pt, &is_rtx))
			continue;
		if (found >= 0)
			return -1;
		found = (int)m;
	}
	return found;
}

/* The encoding that the packet names by RID (or, in RTX, repaired RID), or the only one. */
static int encoding_of(const struct mline_params *mline, const struct rtp_exts *exts, bool is_rtx)
{
	const struct rtp_ext_value *rid = &exts->value[is_rtx ? RTP_EXT_RRID : RTP_EXT_RID];

	if (mline->rid_count == 0)
		return mline->ssrc_count <= 1 ? 0 : -1;
	if (!rid->data)
		return -1;
	for (size_t e = 0; e < mline->rid_count; e++)
		if (text_is(rid, mline->rid[e]))
			return (int)e;
	return -1;
}

int bundle_find(struct bundle *bundle, const struct transport_params *params,
		const struct rtp_header *header, const struct rtp_exts *exts,
		struct bundle_place *out)
{
	const struct bundle_place *known = bundle_known(bundle, header->ssrc);
	const struct rtp_ext_value *mid = &exts->value[RTP_EXT_MID];
	bool is_rtx = false;
	int mline;
	int encoding;

	if (known && (!mid->data || text_is(mid, params->mline[known->mline].mid))) {
		*out = *known;
		return 0;
	}
	mline = mid->data ? mline_of_mid(params, mid) : mline_of_pt(params, header->pt);
	if (mline < 0 || !takes_pt(&params->mline[mline], header->pt, &is_rtx))
		return -ENOENT;
	encoding = encoding_of(&params->mline[mline], exts, is_rtx);
	if (encoding < 0)
		return -ENOENT;
	*out = (struct bundle_place){
		.mline = (uint8_t)mline, .encoding = (uint8_t)encoding, .is_rtx = is_rtx};
	learn(bundle, header->ssrc, *out);
	return 0;
}
