/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/gcm_mb.h"

#include <stdlib.h>
#include <string.h>

#include <intel-ipsec-mb.h>
#include <openssl/crypto.h>

#define CACHE_LINE 64 /* the library's code reads its tables by whole lines */

struct gcm_mb {
	struct gcm_key_data key;
	bool is_long; /* 32 bytes of key */
};

/* Functions for this processor; nothing in it changes once it is made. */
static IMB_MGR *library;

void gcm_mb_library_init(void)
{
	IMB_MGR *mgr;

	if (library)
		return;
	mgr = alloc_mb_mgr(0);
	if (!mgr)
		return;
	init_mb_mgr_auto(mgr, NULL);
	if (imb_get_errno(mgr) == 0 && (mgr->features & IMB_FEATURE_AESNI))
		library = mgr;
	else
		free_mb_mgr(mgr);
}

bool gcm_mb_is_there(void)
{
	return library != NULL;
}

struct gcm_mb *gcm_mb_new(const uint8_t *key, size_t key_len)
{
	size_t bytes = (sizeof(struct gcm_mb) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
	struct gcm_mb *mb = aligned_alloc(CACHE_LINE, bytes);

	if (!mb)
		return NULL;
	memset(mb, 0, sizeof(*mb));
	mb->is_long = key_len == 32;
	if (mb->is_long)
		IMB_AES256_GCM_PRE(library, key, &mb->key);
	else
		IMB_AES128_GCM_PRE(library, key, &mb->key);
	return mb;
}

void gcm_mb_free(struct gcm_mb *mb)
{
	if (!mb)
		return;
	OPENSSL_cleanse(mb, sizeof(*mb));
	free(mb);
}

void gcm_mb_seal(const struct gcm_mb *mb, const struct gcm_text *text, uint8_t tag[GCM_TAG_BYTES])
{
	struct gcm_context_data state;

	if (mb->is_long)
		IMB_AES256_GCM_ENC(library, &mb->key, &state, text->body, text->body,
				   text->body_len, text->nonce, text->aad, text->aad_len, tag,
				   GCM_TAG_BYTES);
	else
		IMB_AES128_GCM_ENC(library, &mb->key, &state, text->body, text->body,
				   text->body_len, text->nonce, text->aad, text->aad_len, tag,
				   GCM_TAG_BYTES);
}

bool gcm_mb_open(const struct gcm_mb *mb, const struct gcm_text *text,
		 const uint8_t tag[GCM_TAG_BYTES])
{
	struct gcm_context_data state;
	uint8_t made[GCM_TAG_BYTES];

	if (mb->is_long)
		IMB_AES256_GCM_DEC(library, &mb->key, &state, text->body, text->body,
				   text->body_len, text->nonce, text->aad, text->aad_len, made,
				   GCM_TAG_BYTES);
	else
		IMB_AES128_GCM_DEC(library, &mb->key, &state, text->body, text->body,
				   text->body_len, text->nonce, text->aad, text->aad_len, made,
				   GCM_TAG_BYTES);
	return CRYPTO_memcmp(made, tag, GCM_TAG_BYTES) == 0;
}
