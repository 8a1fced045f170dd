/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/bundle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BITS_AT_FIRST 4

static size_t size_of(const struct bundle *bundle)
{
	return bundle->source ? (size_t)1 << bundle->bits : 0;
}

static size_t slot_of(const struct bundle *bundle, uint32_t ssrc)
{
	return (ssrc * 2654435769u) >> (32 - bundle->bits);
}

/* Where it is or would be; the table has a free place always. */
static struct bundle_source *find_source(const struct bundle *bundle, uint32_t ssrc)
{
	size_t at = slot_of(bundle, ssrc);

	while (bundle->source[at].used && bundle->source[at].ssrc != ssrc)
		at = (at + 1) % size_of(bundle);
	return &bundle->source[at];
}

const struct bundle_place *bundle_known(const struct bundle *bundle, uint32_t ssrc)
{
	const struct bundle_source *source;

	if (!bundle->source)
		return NULL;
	source = find_source(bundle, ssrc);
	return source->used ? &source->place : NULL;
}

/* Twice the table, or the first. */
static int grow(struct bundle *bundle)
{
	struct bundle old = *bundle;
	uint8_t bits = old.source ? (uint8_t)(old.bits + 1) : BITS_AT_FIRST;
	struct bundle_source *source = calloc((size_t)1 << bits, sizeof(*source));

	if (!source)
		return -ENOMEM;
	bundle->source = source;
	bundle->bits = bits;
	for (size_t i = 0; i < size_of(&old); i++)
		if (old.source[i].used)
			*find_source(bundle, old.source[i].ssrc) = old.source[i];
	free(old.source);
	return 0;
}

/* Without memory it is not remembered: packets have to name their m-line then. */
static void add(struct bundle *bundle, uint32_t ssrc, struct bundle_place place)
{
	struct bundle_source *source;

	if (2 * (bundle->count + 1) > size_of(bundle) && grow(bundle) < 0)
		return;
	source = find_source(bundle, ssrc);
	bundle->count += !source->used;
	*source = (struct bundle_source){.ssrc = ssrc, .place = place, .used = true};
}

/* What came after it because its place was taken moves up. */
static void remove_at(struct bundle *bundle, size_t at)
{
	size_t mask = size_of(bundle) - 1;
	size_t next = at;

	while (bundle->source[next = (next + 1) & mask].used) {
		size_t home = slot_of(bundle, bundle->source[next].ssrc);

		if (((next - home) & mask) < ((next - at) & mask))
			continue;
		bundle->source[at] = bundle->source[next];
		at = next;
	}
	bundle->source[at].used = false;
	bundle->count--;
}

static void remove_if(struct bundle *bundle,
		      bool (*is_gone)(const struct bundle_source *source, const void *arg),
		      const void *arg)
{
	for (size_t i = 0; i < size_of(bundle); i++)
		while (bundle->source[i].used && is_gone(&bundle->source[i], arg))
			remove_at(bundle, i);
}

void bundle_close(struct bundle *bundle)
{
	free(bundle->source);
	memset(bundle, 0, sizeof(*bundle));
}

static bool is_same(const struct bundle_place *a, const struct bundle_place *b)
{
	return a->mline == b->mline && a->encoding == b->encoding && a->is_rtx == b->is_rtx;
}

static bool same_place(const struct bundle_source *source, const void *arg)
{
	return is_same(&source->place, arg);
}

static bool no_track(const struct bundle_source *source, const void *arg)
{
	const struct mline_set *mlines = arg;

	return source->place.mline >= mlines->count ||
	       !(mlines->at[source->place.mline]->use & MLINE_TRACK);
}

/* One SSRC per place: what was there before gives way. */
static void learn(struct bundle *bundle, uint32_t ssrc, struct bundle_place place)
{
	const struct bundle_place *known = bundle_known(bundle, ssrc);

	if (known && is_same(known, &place))
		return;
	remove_if(bundle, same_place, &place);
	add(bundle, ssrc, place);
}

void bundle_update(struct bundle *bundle, const struct mline_set *mlines)
{
	remove_if(bundle, no_track, mlines);
	for (size_t m = 0; m < mlines->count; m++) {
		const struct mline_params *mline = mlines->at[m];

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

static int mline_of_mid(const struct mline_set *mlines, const struct rtp_ext_value *mid)
{
	for (size_t m = 0; m < mlines->count; m++)
		if ((mlines->at[m]->use & MLINE_TRACK) && text_is(mid, mlines->at[m]->mid))
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
static int mline_of_pt(const struct mline_set *mlines, uint8_t pt)
{
	int found = -1;
	bool is_rtx;

	for (size_t m = 0; m < mlines->count; m++) {
		if (!(mlines->at[m]->use & MLINE_TRACK) || !takes_pt(mlines->at[m], pt, &is_rtx))
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

int bundle_find(struct bundle *bundle, const struct mline_set *mlines,
		const struct rtp_header *header, const struct rtp_exts *exts,
		struct bundle_place *out)
{
	const struct bundle_place *known = bundle_known(bundle, header->ssrc);
	const struct rtp_ext_value *mid = &exts->value[RTP_EXT_MID];
	bool is_rtx = false;
	int mline;
	int encoding;

	if (known && (!mid->data || text_is(mid, mlines->at[known->mline]->mid))) {
		*out = *known;
		return 0;
	}
	mline = mid->data ? mline_of_mid(mlines, mid) : mline_of_pt(mlines, header->pt);
	if (mline < 0 || !takes_pt(mlines->at[mline], header->pt, &is_rtx))
		return -ENOENT;
	encoding = encoding_of(mlines->at[mline], exts, is_rtx);
	if (encoding < 0)
		return -ENOENT;
	*out = (struct bundle_place){
		.mline = (uint8_t)mline, .encoding = (uint8_t)encoding, .is_rtx = is_rtx};
	learn(bundle, header->ssrc, *out);
	return 0;
}
