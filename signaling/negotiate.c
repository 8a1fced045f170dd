/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/negotiate.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "signaling/answer.h"
#include "signaling/codecs.h"
#include "signaling/offer.h"

/* RFC 8839 5.4 wants 24 and 128 bits; the worker finds transports by ufrag, so more of that. */
#define UFRAG_CHARS 12
#define PWD_CHARS   24
#define CNAME_CHARS 16 /* RFC 7022 4.2: 96 bits */

/* What is being worked out. */
struct work {
	const struct negotiate_request *request;
	const struct negotiate_abilities *abilities;
	struct offer offer;
	struct transport_params params;
	bool is_refused[LIMIT_MLINES];
	size_t accepted;
	enum rtp_ext ext_of_id[256]; /* of the whole bundle; RTP_EXT_COUNT: free */
	struct negotiate_error *error;
};

__attribute__((format(printf, 2, 3))) static int fail(struct work *work, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(work->error->text, sizeof(work->error->text), format, args);
	va_end(args);
	return -EBADMSG;
}

void negotiate_credentials(struct rng *rng, struct ice_credentials *out)
{
	memset(out, 0, sizeof(*out));
	rng_ice_chars(rng, out->ufrag, UFRAG_CHARS);
	rng_ice_chars(rng, out->pwd, PWD_CHARS);
}

/* --- the transport ---------------------------------------------------------------------------- */

/* The offerer-tagged m-line (RFC 9143 7.2.1) speaks for the bundle, the session for what it leaves
 * out. */
static struct offer_transport find_transport(const struct work *work)
{
	const struct offer *offer = &work->offer;
	const struct offer_mline *tagged = NULL;
	const char *first = offer->bundle != NULL ? offer->bundle + strspn(offer->bundle, " ") : "";
	size_t first_len = strcspn(first, " ");
	struct offer_transport out;

	for (size_t i = 0; i < offer->mline_count; i++) {
		const struct offer_mline *mline = &offer->mline[i];

		if (mline->mid != NULL && strlen(mline->mid) == first_len &&
		    memcmp(mline->mid, first, first_len) == 0) {
			tagged = mline;
			break;
		}
		if (tagged == NULL && !work->is_refused[i])
			tagged = mline;
	}
	assert(tagged != NULL);
	out = tagged->transport;
	if (out.ufrag == NULL)
		out.ufrag = offer->transport.ufrag;
	if (out.pwd == NULL)
		out.pwd = offer->transport.pwd;
	if (out.fingerprint == NULL)
		out.fingerprint = offer->transport.fingerprint;
	if (out.setup == NULL)
		out.setup = offer->transport.setup;
	return out;
}

static bool is_ice_text(const char *text, size_t min, size_t max)
{
	size_t len = strlen(text);

	return len >= min && len <= max &&
	       strspn(text,
		      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=#") ==
		       len;
}

static int agree_ice(struct work *work, const struct offer_transport *transport)
{
	const struct transport_params *previous = work->request->previous;
	struct transport_params *params = &work->params;

	if (work->offer.is_lite)
		return fail(work, "Both sides are ICE-lite: nobody would check.");
	if (transport->ufrag == NULL || transport->pwd == NULL)
		return fail(work, "The offer has no ICE credentials.");
	if (!is_ice_text(transport->ufrag, 4, LIMIT_ICE_UFRAG_BYTES) ||
	    !is_ice_text(transport->pwd, 22, LIMIT_ICE_PWD_BYTES))
		return fail(work, "The offer's ICE credentials are not of RFC 8839's form.");
	(void)snprintf(params->remote.ufrag, sizeof(params->remote.ufrag), "%s", transport->ufrag);
	(void)snprintf(params->remote.pwd, sizeof(params->remote.pwd), "%s", transport->pwd);
	/* RFC 8445 9: other credentials are a restart, which we answer with new ones of ours. */
	if (previous != NULL && strcmp(previous->remote.ufrag, params->remote.ufrag) == 0 &&
	    strcmp(previous->remote.pwd, params->remote.pwd) == 0)
		params->local = previous->local;
	else
		negotiate_credentials(work->request->rng, &params->local);
	return 0;
}

/* RFC 8842 5.3: we would rather be passive, because the server's preference among SRTP profiles
 * decides then. Roles stay what they were. */
static int agree_role(struct work *work, const char *setup)
{
	const struct transport_params *previous = work->request->previous;
	bool may_be_server, may_be_client;

	if (setup == NULL)
		return fail(work, "The offer has no a=setup.");
	may_be_server = strcmp(setup, "actpass") == 0 || strcmp(setup, "active") == 0;
	may_be_client = strcmp(setup, "actpass") == 0 || strcmp(setup, "passive") == 0;
	if (!may_be_server && !may_be_client)
		return fail(work, "a=setup is not actpass, active or passive.");
	work->params.dtls_role = may_be_server ? DTLS_SERVER : DTLS_CLIENT;
	if (previous == NULL)
		return 0;
	work->params.dtls_role = previous->dtls_role;
	if (previous->dtls_role == DTLS_SERVER ? !may_be_server : !may_be_client)
		return fail(work, "The DTLS role changed: a fresh offer is needed.");
	return 0;
}

static int agree_transport(struct work *work)
{
	const struct transport_params *previous = work->request->previous;
	struct offer_transport transport = find_transport(work);
	struct transport_params *params = &work->params;
	int result = agree_ice(work, &transport);

	if (result == 0)
		result = agree_role(work, transport.setup);
	if (result != 0)
		return result;
	if (transport.fingerprint == NULL)
		return fail(work, "The offer has no sha-256 fingerprint.");
	if (cert_fingerprint_parse(params->remote_fingerprint, transport.fingerprint) != 0)
		return fail(work, "The offer's fingerprint cannot be read.");
	if (previous != NULL && memcmp(previous->remote_fingerprint, params->remote_fingerprint,
				       CERT_FINGERPRINT_BYTES) != 0)
		return fail(work, "The fingerprint changed: a fresh offer is needed.");
	return 0;
}

/* --- an m-line -------------------------------------------------------------------------------- */

/* RFC 9143 5 with RFC 8866 9: a token, which we will repeat. */
static bool is_mid(const char *mid)
{
	size_t len = strlen(mid);

	return len > 0 && len <= LIMIT_MID_BYTES &&
	       strspn(mid, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
			   "!#$%&'*+-.^_`{|}~") == len;
}

static const struct mline_params *previous_mline(const struct work *work, size_t i)
{
	const struct transport_params *previous = work->request->previous;

	return previous != NULL && i < previous->mline_count ? &previous->mline[i] : NULL;
}

static bool is_mid_taken(const struct work *work, size_t before, const char *mid)
{
	for (size_t i = 0; i < before; i++) {
		if (strcmp(work->params.mline[i].mid, mid) == 0)
			return true;
	}
	return false;
}

/* The m-line's name: there, well-formed, its own, and the one its place had before. */
static int agree_mid(struct work *work, size_t i)
{
	const struct offer_mline *offered = &work->offer.mline[i];
	const struct mline_params *previous = previous_mline(work, i);
	struct mline_params *mline = &work->params.mline[i];

	if (offered->mid == NULL)
		return offered->is_off ? 0 : fail(work, "m-line %zu has no a=mid.", i);
	if (!is_mid(offered->mid))
		return fail(work, "m-line %zu: its mid is not 1 to %d token characters.", i,
			    LIMIT_MID_BYTES);
	if (is_mid_taken(work, i, offered->mid))
		return fail(work, "m-line %zu: its mid is taken by another.", i);
	/* RFC 8829 5.2.2: a place may be used again once it has fallen unused. */
	if (previous != NULL && previous->use != MLINE_UNUSED && previous->mid[0] != '\0' &&
	    strcmp(previous->mid, offered->mid) != 0)
		return fail(work, "m-line %zu: its mid changed.", i);
	(void)snprintf(mline->mid, sizeof(mline->mid), "%s", offered->mid);
	return 0;
}

/* Whether this is media as we carry it; the rest is refused, not an error (RFC 3264 6). */
static bool is_ours(const struct offer_mline *offered, enum media_kind *kind)
{
	*kind = strcmp(offered->media, "video") == 0 ? MEDIA_VIDEO : MEDIA_AUDIO;
	return !offered->is_off && strcmp(offered->proto, "UDP/TLS/RTP/SAVPF") == 0 &&
	       (*kind == MEDIA_VIDEO || strcmp(offered->media, "audio") == 0);
}

static unsigned agree_use(const struct work *work, const struct offer_mline *offered)
{
	unsigned use = (offered->sends ? MLINE_TRACK : 0U) | (offered->receives ? MLINE_SLOT : 0U);

	return use & work->request->uses;
}

/* Ids are one namespace in a bundle (RFC 9143 9.1); who breaks that loses the later one. */
static void agree_exts(struct work *work, struct mline_params *mline,
		       const struct offer_mline *offered)
{
	static const enum rtp_ext uplink_only[] = {RTP_EXT_RID, RTP_EXT_RRID, RTP_EXT_VIDEO_LAYERS};

	for (size_t i = 0; i < offered->ext_count; i++) {
		const struct offer_ext *ext = &offered->ext[i];
		bool is_useful = ((mline->use & MLINE_TRACK) != 0 && ext->is_sent) ||
				 ((mline->use & MLINE_SLOT) != 0 && ext->is_received);

		for (size_t k = 0; k < G_N_ELEMENTS(uplink_only); k++) {
			if (ext->ext == uplink_only[k] && (mline->use & MLINE_TRACK) == 0)
				is_useful = false;
		}
		/* RFC 8285 4.1.2: without leave to mix, one such id makes every packet two-byte. */
		if (!is_useful || (ext->id > 14 && !work->offer.has_mixed_extmaps))
			continue;
		if (work->ext_of_id[ext->id] != RTP_EXT_COUNT &&
		    work->ext_of_id[ext->id] != ext->ext)
			continue;
		if (rtp_ext_map_set(&mline->exts, ext->ext, ext->id) == 0)
			work->ext_of_id[ext->id] = ext->ext;
	}
}

static void agree_feedback(struct mline_params *mline)
{
	bool has_seq = mline->exts.id[RTP_EXT_TRANSPORT_SEQ] != 0;

	for (size_t i = 0; i < mline->codec_count; i++) {
		if (!has_seq)
			mline->codec[i].has_transport_cc = false;
	}
}

static bool is_rtx_ssrc(const struct offer_mline *offered, uint32_t ssrc)
{
	for (size_t i = 0; i < offered->ssrc_count; i++) {
		if (offered->rtx_ssrc[i] == ssrc)
			return true;
	}
	return false;
}

static void agree_track(struct work *work, struct mline_params *mline,
			const struct offer_mline *offered)
{
	bool has_rids = mline->exts.id[RTP_EXT_MID] != 0 && mline->exts.id[RTP_EXT_RID] != 0;

	if (mline->track_id == 0)
		mline->track_id = (*work->request->next_track_id)++;
	if (has_rids && mline->kind == MEDIA_VIDEO) {
		mline->rid_count = offered->rid_count;
		memcpy(mline->rid, offered->rid, sizeof(mline->rid));
	}
	/* With rids the order of the SSRCs says nothing; they are learnt from the packets. */
	if (mline->rid_count > 0)
		return;
	for (size_t i = 0; i < offered->ssrc_count && mline->ssrc_count == 0; i++) {
		if (is_rtx_ssrc(offered, offered->ssrc[i]))
			continue;
		mline->ssrc[0] = offered->ssrc[i];
		mline->rtx_ssrc[0] = offered->rtx_ssrc[i];
		mline->ssrc_count = 1;
	}
}

static bool is_ssrc_taken(const struct work *work, uint32_t ssrc)
{
	for (size_t i = 0; i < LIMIT_MLINES; i++) {
		if (work->params.mline[i].send_ssrc == ssrc ||
		    work->params.mline[i].send_rtx_ssrc == ssrc)
			return true;
	}
	return false;
}

static uint32_t new_ssrc(struct work *work)
{
	uint32_t ssrc;

	/* 0 marks "none", and is what every unset place holds. */
	do
		ssrc = rng_u32(work->request->rng);
	while (is_ssrc_taken(work, ssrc));
	return ssrc;
}

static void agree_slot(struct work *work, struct mline_params *mline)
{
	bool has_rtx = false;

	for (size_t i = 0; i < mline->codec_count; i++)
		has_rtx = has_rtx || mline->codec[i].rtx_pt != 0;
	if (mline->send_ssrc == 0)
		mline->send_ssrc = new_ssrc(work);
	if (has_rtx && mline->send_rtx_ssrc == 0)
		mline->send_rtx_ssrc = new_ssrc(work);
}

/* What stays from the round before: the track's number and our SSRCs. */
static void keep_identity(struct mline_params *mline, const struct mline_params *previous)
{
	if (previous == NULL || previous->kind != mline->kind ||
	    strcmp(previous->mid, mline->mid) != 0)
		return;
	mline->track_id = previous->track_id;
	mline->send_ssrc = previous->send_ssrc;
	mline->send_rtx_ssrc = previous->send_rtx_ssrc;
}

static int check_mline(struct work *work, size_t i)
{
	const struct offer_mline *offered = &work->offer.mline[i];

	if (!offered->has_rtcp_mux)
		return fail(work, "m-line %zu (mid %s): a=rtcp-mux is missing.", i, offered->mid);
	if (work->offer.bundle != NULL ? !offer_list_has(work->offer.bundle, offered->mid)
				       : work->accepted > 0)
		return fail(work, "m-line %zu (mid %s): it is not in the BUNDLE group.", i,
			    offered->mid);
	return 0;
}

static int agree_mline(struct work *work, size_t i)
{
	const struct offer_mline *offered = &work->offer.mline[i];
	struct mline_params *mline = &work->params.mline[i];
	int result = agree_mid(work, i);

	if (result != 0)
		return result;
	work->is_refused[i] = true;
	if (!is_ours(offered, &mline->kind))
		return 0;
	codecs_choose(mline, offered, work->abilities->video_codecs);
	if (mline->codec_count == 0)
		return 0;
	result = check_mline(work, i);
	if (result != 0)
		return result;
	work->is_refused[i] = false;
	work->accepted++;
	mline->use = agree_use(work, offered);
	keep_identity(mline, previous_mline(work, i));
	agree_exts(work, mline, offered);
	agree_feedback(mline);
	if ((mline->use & MLINE_TRACK) != 0)
		agree_track(work, mline, offered);
	if ((mline->use & MLINE_SLOT) != 0)
		agree_slot(work, mline);
	return 0;
}

/* --- the whole -------------------------------------------------------------------------------- */

static void start_params(struct work *work)
{
	const struct negotiate_request *request = work->request;
	const struct transport_params *previous = request->previous;
	struct transport_params *params = &work->params;

	params->room_id = previous != NULL ? previous->room_id : request->room_id;
	params->transport_id = previous != NULL ? previous->transport_id : request->transport_id;
	params->owner = previous != NULL ? previous->owner : request->owner;
	params->start_bps = previous != NULL ? previous->start_bps : request->start_bps;
	params->only_owner = previous != NULL ? previous->only_owner : request->only_owner;
	if (previous != NULL)
		memcpy(params->cname, previous->cname, sizeof(params->cname));
	else
		rng_ice_chars(request->rng, params->cname, CNAME_CHARS);
	params->mline_count = work->offer.mline_count;
	for (size_t i = 0; i < G_N_ELEMENTS(work->ext_of_id); i++)
		work->ext_of_id[i] = RTP_EXT_COUNT;
}

static int agree(struct work *work)
{
	const struct transport_params *previous = work->request->previous;

	if (previous != NULL && work->offer.mline_count < previous->mline_count)
		return fail(work, "The offer has %zu m-lines and the last one had %zu.",
			    work->offer.mline_count, previous->mline_count);
	start_params(work);
	for (size_t i = 0; i < work->offer.mline_count; i++) {
		int result = agree_mline(work, i);

		if (result != 0)
			return result;
	}
	if (work->accepted == 0)
		return fail(work, "No audio or video m-line has a codec that we know.");
	return agree_transport(work);
}

int negotiate(struct transport_params *out, char **answer,
	      const struct negotiate_abilities *abilities, const struct negotiate_request *request,
	      struct negotiate_error *error)
{
	struct work *work = g_new0(struct work, 1);
	int result;

	work->request = request;
	work->abilities = abilities;
	work->error = error;
	result = offer_parse(&work->offer, request->sdp, error);
	if (result == 0)
		result = agree(work);
	if (result == 0) {
		char *text = answer_write(&work->offer, &work->params, work->is_refused, abilities,
					  request);

		if (text != NULL) {
			*out = work->params;
			*answer = text;
		} else {
			result = -ENOMEM;
		}
	}
	offer_close(&work->offer);
	g_free(work);
	return result;
}
