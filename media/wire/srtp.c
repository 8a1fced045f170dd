/* SPDX-License-Identifier: EUPL-1.2 */
/* Composes: RTP under the AEAD profiles goes to srtp_aead, all else to libsrtp. */
#include "media/wire/srtp.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <srtp2/srtp.h>

#include "media/base/bytes.h"
#include "media/wire/srtp_aead.h"

/* RFC 3711 4.3.2 */
#define LABEL_RTP_KEY  0
#define LABEL_RTP_SALT 2

#define CM_TAG_BYTES	 10
#define RTCP_INDEX_BYTES 4

struct srtp_link {
	bool is_aead;
	struct srtp_aead send; /* is_aead: RTP */
	struct srtp_aead recv;
	srtp_t send_session; /* RTCP, and RTP when not is_aead */
	srtp_t recv_session;
	struct srtp_ssrcs received; /* the streams libsrtp keeps in recv_session */
};

int srtp_link_library_init(void)
{
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

static void set_crypto(srtp_crypto_policy_t *policy, enum srtp_link_profile profile)
{
	switch (profile) {
	case SRTP_LINK_AEAD_AES_128_GCM:
		srtp_crypto_policy_set_aes_gcm_128_16_auth(policy);
		break;
	case SRTP_LINK_AEAD_AES_256_GCM:
		srtp_crypto_policy_set_aes_gcm_256_16_auth(policy);
		break;
	case SRTP_LINK_AES128_CM_SHA1_80:
		srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(policy);
		break;
	}
}

/* Streams grow out of a template, so they share its key schedule. */
static int open_session(srtp_t *out, enum srtp_link_profile profile, srtp_ssrc_type_t direction,
			const uint8_t *key)
{
	srtp_policy_t policy = {
		.ssrc = {.type = direction},
		.key = (unsigned char *)key, /* libsrtp only reads it */
		/* A sender's window bounds how old a retransmission may be. */
		.window_size = direction == ssrc_any_outbound ? SRTP_INDEX_SENT : SRTP_INDEX_WINDOW,
		/* A plain retransmission has the payload it had at first; see srtp.h. */
		.allow_repeat_tx = 1,
	};

	set_crypto(&policy.rtp, profile);
	set_crypto(&policy.rtcp, profile);
	return srtp_create(out, &policy) == srtp_err_status_ok ? 0 : -ENOMEM;
}

static int open_aead(struct srtp_aead *aead, bool is_sender, const uint8_t *master, size_t key_len)
{
	uint8_t master_salt[14] = {0};
	uint8_t key[32];
	uint8_t salt[SRTP_AEAD_SALT_BYTES];
	int error;

	memcpy(master_salt, master + key_len, SRTP_AEAD_SALT_BYTES);
	error = srtp_aead_derive(key, key_len, LABEL_RTP_KEY, master, key_len, master_salt);
	if (error == 0)
		error = srtp_aead_derive(salt, sizeof(salt), LABEL_RTP_SALT, master, key_len,
					 master_salt);
	if (error == 0)
		error = srtp_aead_init(aead, is_sender, key, key_len, salt);
	OPENSSL_cleanse(key, sizeof(key));
	OPENSSL_cleanse(salt, sizeof(salt));
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
	error = open_session(&link->send_session, keys->profile, ssrc_any_outbound, keys->send);
	if (error == 0)
		error = open_session(&link->recv_session, keys->profile, ssrc_any_inbound,
				     keys->recv);
	if (error == 0 && link->is_aead)
		error = open_aead(&link->send, true, keys->send, key_len);
	if (error == 0 && link->is_aead)
		error = open_aead(&link->recv, false, keys->recv, key_len);
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
	srtp_aead_close(&link->send);
	srtp_aead_close(&link->recv);
	if (link->send_session)
		(void)srtp_dealloc(link->send_session); /* fails for NULL only */
	if (link->recv_session)
		(void)srtp_dealloc(link->recv_session);
	srtp_ssrcs_close(&link->received);
	free(link);
}

int srtp_link_add_sender(struct srtp_link *link, uint32_t ssrc)
{
	return link->is_aead ? srtp_aead_add_sender(&link->send, ssrc) : 0;
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
		return srtp_aead_protect(&link->send, buf, len, cap);
	if (!read_ssrc(&ssrc, buf, *len, 8) || !has_room(*len, cap, CM_TAG_BYTES))
		return -EINVAL;
	return protect_by_library(link->send_session, srtp_protect, buf, len);
}

int srtp_link_protect_rtcp(struct srtp_link *link, uint8_t *buf, size_t *len, size_t cap)
{
	size_t tag = link->is_aead ? SRTP_AEAD_TAG_BYTES : CM_TAG_BYTES;
	uint32_t ssrc;

	if (!read_ssrc(&ssrc, buf, *len, 4) || !has_room(*len, cap, tag + RTCP_INDEX_BYTES))
		return -EINVAL;
	return protect_by_library(link->send_session, srtp_protect_rtcp, buf, len);
}

int srtp_link_unprotect(struct srtp_link *link, uint8_t *buf, size_t *len)
{
	uint32_t ssrc;

	if (link->is_aead)
		return srtp_aead_unprotect(&link->recv, buf, len);
	if (!read_ssrc(&ssrc, buf, *len, 8))
		return -EBADMSG;
	return unprotect_by_library(link, srtp_unprotect, ssrc, buf, len);
}

int srtp_link_unprotect_rtcp(struct srtp_link *link, uint8_t *buf, size_t *len)
{
	size_t tag = link->is_aead ? SRTP_AEAD_TAG_BYTES : CM_TAG_BYTES;
	uint32_t ssrc;

	if (!read_ssrc(&ssrc, buf, *len, 4) || *len < 8 + tag + RTCP_INDEX_BYTES)
		return -EBADMSG;
	return unprotect_by_library(link, srtp_unprotect_rtcp, ssrc, buf, len);
}
