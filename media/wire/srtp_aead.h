/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One direction of SRTP or SRTCP under AEAD_AES_128_GCM or AEAD_AES_256_GCM (RFC 7714) on gcm.h:
 * one key schedule that stays, nothing allocated per packet of a known stream.
 * SRTCP is here too because a libsrtp session for it alone costs tens of kB and 0.35 ms of key
 * setup in each direction, measured. Private to media/wire/srtp*.c. One thread.
 */
#ifndef VIDD_MEDIA_WIRE_SRTP_AEAD_H
#define VIDD_MEDIA_WIRE_SRTP_AEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/wire/gcm.h"
#include "media/wire/srtp_index.h"
#include "media/wire/srtp_ssrcs.h"

#define SRTP_AEAD_SALT_BYTES GCM_NONCE_BYTES
#define SRTP_AEAD_TAG_BYTES  GCM_TAG_BYTES

enum srtp_aead_use {
	SRTP_AEAD_SEND,
	SRTP_AEAD_RECV,
	SRTP_AEAD_SEND_RTCP,
	SRTP_AEAD_RECV_RTCP,
};

/* Visible for embedding. Zero state is safe to close. */
struct srtp_aead {
	struct gcm *gcm;
	enum srtp_aead_use use;
	uint8_t salt[SRTP_AEAD_SALT_BYTES];
	struct srtp_ssrcs ssrcs;
	/* By the number in ssrcs. SEND has sent, each NULL until its first packet; RECV and
	 * RECV_RTCP have replay; SEND_RTCP counts in replay[].highest. */
	struct srtp_sent **sent;
	struct srtp_replay *replay;
	int cap;
};

/* RFC 3711 4.3.3: the key derivation of SRTP. master_salt has 14 bytes (AEAD: 12 and two zeros, RFC
 * 7714 11). key_len is 16 or 32. 0 or -ENOMEM. */
int srtp_aead_derive(uint8_t *out, size_t out_len, uint8_t label, const uint8_t *master_key,
		     size_t key_len, const uint8_t master_salt[14]);

/* The session key and salt for this use derived from master key and salt (key_len and 12 bytes in
 * one piece). 0 or -ENOMEM. */
int srtp_aead_open(struct srtp_aead *aead, enum srtp_aead_use use, const uint8_t *master,
		   size_t key_len);
/* With session key and salt. 0 or -ENOMEM. */
int srtp_aead_init(struct srtp_aead *aead, enum srtp_aead_use use, const uint8_t *key,
		   size_t key_len, const uint8_t salt[SRTP_AEAD_SALT_BYTES]);
void srtp_aead_close(struct srtp_aead *aead);

/* The number of a stream that is made if need be: its number, -ENOMEM, -ENOSPC. */
int srtp_aead_stream(struct srtp_aead *aead, uint32_t ssrc);
/* See srtp_link_protect and its kin; the first two in srtp_aead.c, the others in
 * srtp_aead_rtcp.c. */
int srtp_aead_protect(struct srtp_aead *aead, uint8_t *buf, size_t *len, size_t cap);
int srtp_aead_unprotect(struct srtp_aead *aead, uint8_t *buf, size_t *len);
int srtp_aead_protect_rtcp(struct srtp_aead *aead, uint8_t *buf, size_t *len, size_t cap);
int srtp_aead_unprotect_rtcp(struct srtp_aead *aead, uint8_t *buf, size_t *len);

#endif
