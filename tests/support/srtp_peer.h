/* SPDX-License-Identifier: EUPL-1.2 */
/* libsrtp alone as the other end of a link, and RTP packets of every shape, for tests. */
#ifndef VIDD_TESTS_SUPPORT_SRTP_PEER_H
#define VIDD_TESTS_SUPPORT_SRTP_PEER_H

#include <glib.h>
#include <srtp2/srtp.h>
#include <string.h>

#include "media/base/bytes.h"
#include "media/base/limits.h"
#include "media/wire/srtp.h"

struct srtp_peer {
	srtp_t send;
	srtp_t recv;
};

/* Every byte of the keys differs, so that no mix-up of parts goes unseen. */
static inline struct srtp_keys srtp_peer_keys(enum srtp_link_profile profile)
{
	struct srtp_keys keys = {.profile = profile};

	for (size_t i = 0; i < sizeof(keys.send); i++) {
		keys.send[i] = (uint8_t)(i * 5 + 1);
		keys.recv[i] = (uint8_t)(i * 3 + 130);
	}
	return keys;
}

static inline struct srtp_keys srtp_peer_swap(const struct srtp_keys *keys)
{
	struct srtp_keys swapped = {.profile = keys->profile};

	memcpy(swapped.send, keys->recv, sizeof(swapped.send));
	memcpy(swapped.recv, keys->send, sizeof(swapped.recv));
	return swapped;
}

static inline void srtp_peer_session(srtp_t *out, enum srtp_link_profile profile,
				     srtp_ssrc_type_t type, const uint8_t *key)
{
	srtp_policy_t policy = {.ssrc = {.type = type},
				.key = (unsigned char *)key,
				.window_size = type == ssrc_any_outbound ? 1024 : 128,
				.allow_repeat_tx = 1};

	if (profile == SRTP_LINK_AEAD_AES_128_GCM) {
		srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
		srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
	} else if (profile == SRTP_LINK_AEAD_AES_256_GCM) {
		srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtp);
		srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtcp);
	} else {
		srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
		srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
	}
	g_assert_cmpint(srtp_create(out, &policy), ==, srtp_err_status_ok);
}

/* The far end of a link with these keys. */
static inline void srtp_peer_init(struct srtp_peer *peer, const struct srtp_keys *keys)
{
	srtp_peer_session(&peer->send, keys->profile, ssrc_any_outbound, keys->recv);
	srtp_peer_session(&peer->recv, keys->profile, ssrc_any_inbound, keys->send);
}

static inline void srtp_peer_close(struct srtp_peer *peer)
{
	srtp_dealloc(peer->send);
	srtp_dealloc(peer->recv);
}

struct srtp_peer_packet {
	uint32_t ssrc;
	uint16_t seq;
	uint8_t csrc_count;
	uint8_t ext_words; /* 0: no extension; else words + 1 of a one-byte-form block */
	uint8_t padding;
	size_t payload_len;
};

static inline size_t srtp_peer_write(uint8_t *buf, size_t cap, const struct srtp_peer_packet *p)
{
	struct wr w = wr_init(buf, cap);

	wr_u8(&w, (uint8_t)(0x80 | (p->padding ? 0x20 : 0) | (p->ext_words ? 0x10 : 0) |
			    p->csrc_count));
	wr_u8(&w, 96);
	wr_u16(&w, p->seq);
	wr_u32(&w, p->seq * 3000u);
	wr_u32(&w, p->ssrc);
	for (uint32_t i = 0; i < p->csrc_count; i++)
		wr_u32(&w, 0xc5000000u + i);
	if (p->ext_words) {
		wr_u16(&w, 0xbede);
		wr_u16(&w, (uint16_t)(p->ext_words - 1));
		for (uint32_t i = 0; i + 1 < p->ext_words; i++)
			wr_u32(&w, 0x12000000u + (i + 1) * 0x010101u);
	}
	for (size_t i = 0; i < p->payload_len; i++)
		wr_u8(&w, (uint8_t)(i * 7 + p->seq));
	if (p->padding) {
		wr_zero(&w, (size_t)p->padding - 1);
		wr_u8(&w, p->padding);
	}
	g_assert_true(wr_ok(&w));
	return wr_len(&w);
}

#endif
