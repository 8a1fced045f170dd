/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One direction of SRTP (not SRTCP) under AEAD_AES_128_GCM or AEAD_AES_256_GCM (RFC 7714) on
 * OpenSSL EVP: one cipher context whose key schedule stays, nothing allocated per packet of a known
 * stream. Private to media/wire/srtp*.c. One thread.
 */
#ifndef VIDD_MEDIA_WIRE_SRTP_AEAD_H
#define VIDD_MEDIA_WIRE_SRTP_AEAD_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/wire/srtp_index.h"
#include "media/wire/srtp_ssrcs.h"

#define SRTP_AEAD_SALT_BYTES 12
#define SRTP_AEAD_TAG_BYTES  16

/* Visible for embedding. Zero state is safe to close. */
struct srtp_aead {
	EVP_CIPHER_CTX *cipher;
	bool is_sender;
	uint8_t salt[SRTP_AEAD_SALT_BYTES];
	struct srtp_ssrcs ssrcs;
	struct srtp_sent **sent;    /* by the number in ssrcs; a sender's */
	struct srtp_replay *replay; /* likewise; a receiver's */
	int cap;
};

/* RFC 3711 4.3.3: the key derivation of SRTP. master_salt has 14 bytes (AEAD: 12 and two zeros, RFC
 * 7714 11). key_len is 16 or 32. 0 or -ENOMEM. */
int srtp_aead_derive(uint8_t *out, size_t out_len, uint8_t label, const uint8_t *master_key,
		     size_t key_len, const uint8_t master_salt[14]);

/* With session key and salt. 0 or -ENOMEM. */
int srtp_aead_init(struct srtp_aead *aead, bool is_sender, const uint8_t *key, size_t key_len,
		   const uint8_t salt[SRTP_AEAD_SALT_BYTES]);
void srtp_aead_close(struct srtp_aead *aead);
/* Makes a sender's stream ahead of its first packet. 0, -ENOMEM, -ENOSPC. */
int srtp_aead_add_sender(struct srtp_aead *aead, uint32_t ssrc);
/* See srtp_link_protect and srtp_link_unprotect. */
int srtp_aead_protect(struct srtp_aead *aead, uint8_t *buf, size_t *len, size_t cap);
int srtp_aead_unprotect(struct srtp_aead *aead, uint8_t *buf, size_t *len);

#endif
