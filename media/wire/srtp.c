/* SPDX-License-Identifier: EUPL-1.2 */
/* Composes: the AEAD profiles go to srtp_aead, AES128_CM_SHA1_80 to libsrtp. */
#include "media/wire/srtp.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

#include <srtp2/srtp.h>

#include "media/base/bytes.h"
#include "media/wire/srtp_aead.h"

#define CM_TAG_BYTES	 10
#define RTCP_INDEX_BYTES 4

struct srtp_link {
	bool is_aead;
	struct srtp_aead aead[4]; /* by enum srtp_aead_use; else */
	srtp_t send_session;
	srtp_t recv_session;
	struct srtp_ssrcs received; /* the streams libsrtp keeps in recv_session */
};

int srtp_link_library_init(void)
{
	gcm_library_init();
	return srtp_init() == srtp_err_status_ok ? 0 : -EIO;
}

/* 0 for a profile we do not know. */
static size_t key_bytes(enum srtp_link_profile profile)
{
	switch (profile) {
	case SRTP_LINK_AES128_CM_SHA1_80:
	case SRTP_LINK_AEAD_AES_128_GCM:
		return 16;
	case SRTP_LINK_AEAD_AES_256_GCM:
		return 32;
	}
	return 0;
}

/* Streams grow out of a template, so they share its key schedule. */
static int open_session(srtp_t *out, srtp_ssrc_type_t direction, const uint8_t *key)
{
	srtp_policy_t policy = {
		.ssrc = {.type = direction},
		.key = (unsigned char *)key, /* libsrtp only reads it */
		/* A sender's window bounds how old a retransmission may be. */
		.window_size = direction == ssrc_any_outbound ? SRTP_INDEX_SENT : SRTP_INDEX_WINDOW,
		/* A plain retransmission has the payload it had at first; see srtp.h. */
		.allow_repeat_tx = 1,
	};

	srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
	srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
	return srtp_create(out, &policy) == srtp_err_status_ok ? 0 : -ENOMEM;
}

static int open_link(struct srtp_link *link, const struct srtp_keys *keys, size_t key_len)
{
	static const enum srtp_aead_use uses[] = {
		SRTP_AEAD_SEND,
		SRTP_AEAD_RECV,
		SRTP_AEAD_SEND_RTCP,
		SRTP_AEAD_RECV_RTCP,
	};
	int error = 0;

	if (!link->is_aead) {
		error = open_session(&link->send_session, ssrc_any_outbound, keys->send);
		if (error == 0)
			error = open_session(&link->recv_session, ssrc_any_inbound, keys->recv);
		return error;
	}
	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]) && error == 0; i++) {
		bool is_sender = uses[i] == SRTP_AEAD_SEND || uses[i] == SRTP_AEAD_SEND_RTCP;

		error = srtp_aead_open(&link->aead[uses[i]], uses[i],
				       is_sender ? keys->send : keys->recv, key_len);
	}
	return error;
}

int srtp_link_new(struct srtp_link **out, const struct srtp_keys *keys)
{
	size_t key_len = key_bytes(keys->profile);
	int error;

	if (key_len == 0)
		return -EINVAL;
	struct srtp_link *link = calloc(1, sizeof(*link));
	if (!link)
		return -ENOMEM;
	link->is_aead = keys->profile != SRTP_LINK_AES128_CM_SHA1_80;
	error = open_link(link, keys, key_len);
	if (error < 0) {
		srtp_link_free(link);
		return error;
	}
	*out = link;
	return 0;
}

void srtp_link_free(struct srtp_link *link)
{
	if (!link)
		return;
	for (size_t i = 0; i < sizeof(link->aead) / sizeof(link->aead[0]); i++)
		srtp_aead_close(&link->aead[i]);
	if (link->send_session)
		(void)srtp_dealloc(link->send_session); /* fails for NULL only */
	if (link->recv_session)
		(void)srtp_dealloc(link->recv_session);
	srtp_ssrcs_close(&link->received);
	free(link);
}

int srtp_link_add_sender(struct srtp_link *link, uint32_t ssrc)
{
	if (!link->is_aead)
		return 0;
	int error = srtp_aead_stream(&link->aead[SRTP_AEAD_SEND], ssrc);
	if (error >= 0)
		error = srtp_aead_stream(&link->aead[SRTP_AEAD_SEND_RTCP], ssrc);
	return error < 0 ? error : 0;
}

static int protect_error(srtp_err_status_t status)
{
	switch (status) {
	case srtp_err_status_ok:
		return 0;
	case srtp_err_status_alloc_fail:
		return -ENOMEM;
	case srtp_err_status_replay_old:
	case srtp_err_status_replay_fail:
		return -EALREADY;
	default:
		return -EINVAL;
	}
}

static int unprotect_error(srtp_err_status_t status)
{
	switch (status) {
	case srtp_err_status_ok:
		return 0;
	case srtp_err_status_alloc_fail:
		return -ENOMEM;
	case srtp_err_status_replay_old:
	case srtp_err_status_replay_fail:
		return -EALREADY;
	case srtp_err_status_bad_param:
	case srtp_err_status_parse_err:
		return -EBADMSG;
	default:
		return -EPERM;
	}
}

typedef srtp_err_status_t (*libsrtp_call)(srtp_t session, void *packet, int *len);

static int protect_by_library(srtp_t session, libsrtp_call protect, uint8_t *buf, size_t *len)
{
	int n = (int)*len;
	int error = protect_error(protect(session, buf, &n));

	if (error == 0)
		*len = (size_t)n;
	return error;
}

/* libsrtp makes a stream for each new SSRC that authenticates, without bound: ours is here. */
static int unprotect_by_library(struct srtp_link *link, libsrtp_call unprotect, uint32_t ssrc,
				uint8_t *buf, size_t *len)
{
	bool is_known = srtp_ssrcs_find(&link->received, ssrc) >= 0;
	int n = (int)*len;

	if (!is_known && link->received.count == SRTP_SSRCS_MAX)
		return -ENOSPC;
	int error = unprotect_error(unprotect(link->recv_session, buf, &n));
	if (error < 0)
		return error;
	if (!is_known) {
		int added = srtp_ssrcs_add(&link->received, ssrc);

		if (added < 0)
			return added;
	}
	*len = (size_t)n;
	return 0;
}

/* The sender's SSRC, at `offset`; false when the packet is too short or of another version. */
static bool read_ssrc(uint32_t *out, const uint8_t *buf, size_t len, size_t offset)
{
	struct rd r = rd_init(buf, len);
	uint8_t first = rd_u8(&r);

	rd_skip(&r, offset - 1);
	*out = rd_u32(&r);
	return rd_ok(&r) && first >> 6 == 2 && len <= INT_MAX;
}

static bool has_room(size_t len, size_t cap, size_t trailer)
{
	return len <= cap && cap - len >= trailer;
}

int srtp_link_protect(struct srtp_link *link, uint8_t *buf, size_t *len, size_t cap)
{
	uint32_t ssrc;

	if (link->is_aead)
		return srtp_aead_protect(&link->aead[SRTP_AEAD_SEND], buf, len, cap);
	if (!read_ssrc(&ssrc, buf, *len, 8) || !has_room(*len, cap, CM_TAG_BYTES))
		return -EINVAL;
	return protect_by_library(link->send_session, srtp_protect, buf, len);
}

int srtp_link_protect_rtcp(struct srtp_link *link, uint8_t *buf, size_t *len, size_t cap)
{
	uint32_t ssrc;

	if (link->is_aead)
		return srtp_aead_protect_rtcp(&link->aead[SRTP_AEAD_SEND_RTCP], buf, len, cap);
	if (!read_ssrc(&ssrc, buf, *len, 4) ||
	    !has_room(*len, cap, CM_TAG_BYTES + RTCP_INDEX_BYTES))
		return -EINVAL;
	return protect_by_library(link->send_session, srtp_protect_rtcp, buf, len);
}

int srtp_link_unprotect(struct srtp_link *link, uint8_t *buf, size_t *len)
{
	uint32_t ssrc;

	if (link->is_aead)
		return srtp_aead_unprotect(&link->aead[SRTP_AEAD_RECV], buf, len);
	if (!read_ssrc(&ssrc, buf, *len, 8))
		return -EBADMSG;
	return unprotect_by_library(link, srtp_unprotect, ssrc, buf, len);
}

int srtp_link_unprotect_rtcp(struct srtp_link *link, uint8_t *buf, size_t *len)
{
	uint32_t ssrc;

	if (link->is_aead)
		return srtp_aead_unprotect_rtcp(&link->aead[SRTP_AEAD_RECV_RTCP], buf, len);
	if (!read_ssrc(&ssrc, buf, *len, 4) || *len < 8 + CM_TAG_BYTES + RTCP_INDEX_BYTES)
		return -EBADMSG;
	return unprotect_by_library(link, srtp_unprotect_rtcp, ssrc, buf, len);
}
