/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool ends(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

static int check_mline(const struct mline_params *mline)
{
	if (!ends(mline->mid, sizeof(mline->mid)) || mline->codec_count > LIMIT_CODECS ||
	    mline->rid_count > LIMIT_ENCODINGS || mline->ssrc_count > LIMIT_ENCODINGS)
		return -EINVAL;
	for (size_t i = 0; i < mline->rid_count; i++)
		if (!ends(mline->rid[i], sizeof(mline->rid[i])))
			return -EINVAL;
	if ((mline->use & MLINE_TRACK) && mline->track_id == 0)
		return -EINVAL;
	if ((mline->use & MLINE_SLOT) && mline->send_ssrc == 0)
		return -EINVAL;
	return 0;
}

int plan_check(const struct transport_params *params)
{
	if (params->mline_count > LIMIT_MLINES || params->transport_id == 0 ||
	    !ends(params->cname, sizeof(params->cname)) ||
	    !ends(params->local.ufrag, sizeof(params->local.ufrag)) ||
	    !ends(params->local.pwd, sizeof(params->local.pwd)) || params->local.ufrag[0] == '\0' ||
	    params->local.pwd[0] == '\0')
		return -EINVAL;
	for (size_t i = 0; i < params->mline_count; i++)
		if (check_mline(&params->mline[i]))
			return -EINVAL;
	return 0;
}

bool plan_keeps_track(const struct track *track, const struct mline_params *mline)
{
	return track && (mline->use & MLINE_TRACK) && track->id == mline->track_id &&
	       track->kind == mline->kind && track_encodings(mline) <= track->encoding_room;
}

bool plan_keeps_sub(const struct sub *sub, const struct mline_params *mline)
{
	return sub && (!(mline->use & MLINE_SLOT) ||
		       (sub->ssrc == mline->send_ssrc && sub->rtx_ssrc == mline->send_rtx_ssrc));
}

static bool is_same_codec(const struct codec_params *a, const struct codec_params *b)
{
	return a->codec == b->codec && a->pt == b->pt && a->rtx_pt == b->rtx_pt &&
	       a->red_pt == b->red_pt && a->clock_hz == b->clock_hz && a->profile == b->profile &&
	       a->h264_profile_idc == b->h264_profile_idc &&
	       a->h264_constraints == b->h264_constraints &&
	       a->h264_packetization_mode == b->h264_packetization_mode;
}

bool plan_keeps_codecs(const struct mline_params *a, const struct mline_params *b)
{
	if (a->codec_count != b->codec_count)
		return false;
	for (size_t i = 0; i < a->codec_count; i++)
		if (!is_same_codec(&a->codec[i], &b->codec[i]))
			return false;
	return true;
}

void plan_close(struct plan *plan)
{
	for (size_t i = 0; i < LIMIT_MLINES; i++) {
		free(plan->mline[i]);
		track_free(plan->track[i]);
		sub_free(plan->sub[i]);
		plan->mline[i] = NULL;
		plan->track[i] = NULL;
		plan->sub[i] = NULL;
	}
}
