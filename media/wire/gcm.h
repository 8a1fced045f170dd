/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * AES-GCM (NIST SP 800-38D) under one key, in place, with the nonces of 12 bytes and the tags of 16
 * that RFC 7714 uses. By Intel's ipsec-mb where that was built in and the processor has what it
 * needs, by OpenSSL elsewhere: the same bytes (docs/decisions/020). One thread at a time.
 */
#ifndef VIDD_MEDIA_WIRE_GCM_H
#define VIDD_MEDIA_WIRE_GCM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GCM_NONCE_BYTES 12
#define GCM_TAG_BYTES	16

enum gcm_use {
	GCM_SEAL,
	GCM_OPEN,
};

struct gcm;

/* What one call works on; borrowed. */
struct gcm_text {
	const uint8_t *nonce; /* GCM_NONCE_BYTES; of a sealing key each at most once */
	const uint8_t *aad;   /* authenticated, not encrypted */
	size_t aad_len;
	uint8_t *body;
	size_t body_len; /* may be 0 */
};

/* Once per process, before any thread makes one: picks the code for this processor. Without it
 * OpenSSL does all. */
void gcm_library_init(void);
/* key_len is 16 or 32 bytes. 0, -EINVAL or -ENOMEM. */
int gcm_new(struct gcm **out, enum gcm_use use, const uint8_t *key, size_t key_len);
/* The same by OpenSSL on any machine: what the other way is compared with. */
int gcm_new_portable(struct gcm **out, enum gcm_use use, const uint8_t *key, size_t key_len);
/* Leaves nothing of the key. NULL is legal. */
void gcm_free(struct gcm *gcm);
/* Encrypts the body and writes the tag. False: the library could not. */
bool gcm_seal(struct gcm *gcm, const struct gcm_text *text, uint8_t tag[GCM_TAG_BYTES]);
/* Decrypts the body. False: the tag is another's, and the body is of no use any more. */
bool gcm_open(struct gcm *gcm, const struct gcm_text *text, const uint8_t tag[GCM_TAG_BYTES]);

#endif
