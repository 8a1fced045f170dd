/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/gcm.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "media/wire/gcm_mb.h"

/* One of the two is there. */
struct gcm {
	struct gcm_mb *mb;
	EVP_CIPHER_CTX *evp;
};

void gcm_library_init(void)
{
	gcm_mb_library_init();
}

int gcm_new_portable(struct gcm **out, enum gcm_use use, const uint8_t *key, size_t key_len)
{
	const EVP_CIPHER *cipher = key_len == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
	struct gcm *gcm;

	if (key_len != 16 && key_len != 32)
		return -EINVAL;
	gcm = calloc(1, sizeof(*gcm));
	if (gcm)
		gcm->evp = EVP_CIPHER_CTX_new();
	/* GCM's default nonce has the 12 bytes of RFC 7714 8.1. */
	if (!gcm || !gcm->evp ||
	    EVP_CipherInit_ex(gcm->evp, cipher, NULL, key, NULL, use == GCM_SEAL) != 1) {
		gcm_free(gcm);
		return -ENOMEM;
	}
	*out = gcm;
	return 0;
}

int gcm_new(struct gcm **out, enum gcm_use use, const uint8_t *key, size_t key_len)
{
	struct gcm *gcm;

	if (key_len != 16 && key_len != 32)
		return -EINVAL;
	if (!gcm_mb_is_there())
		return gcm_new_portable(out, use, key, key_len);
	gcm = calloc(1, sizeof(*gcm));
	if (gcm)
		gcm->mb = gcm_mb_new(key, key_len);
	if (!gcm || !gcm->mb) {
		free(gcm);
		return -ENOMEM;
	}
	*out = gcm;
	return 0;
}

void gcm_free(struct gcm *gcm)
{
	if (!gcm)
		return;
	gcm_mb_free(gcm->mb);
	EVP_CIPHER_CTX_free(gcm->evp);
	free(gcm);
}

static bool run(EVP_CIPHER_CTX *evp, const struct gcm_text *text)
{
	int n = 0;

	return text->aad_len <= INT_MAX && text->body_len <= INT_MAX &&
	       EVP_CipherInit_ex(evp, NULL, NULL, NULL, text->nonce, -1) == 1 &&
	       EVP_CipherUpdate(evp, NULL, &n, text->aad, (int)text->aad_len) == 1 &&
	       (text->body_len == 0 ||
		EVP_CipherUpdate(evp, text->body, &n, text->body, (int)text->body_len) == 1);
}

bool gcm_seal(struct gcm *gcm, const struct gcm_text *text, uint8_t tag[GCM_TAG_BYTES])
{
	int n = 0;

	if (gcm->mb) {
		gcm_mb_seal(gcm->mb, text, tag);
		return true;
	}
	return run(gcm->evp, text) && EVP_CipherFinal_ex(gcm->evp, tag, &n) == 1 &&
	       EVP_CIPHER_CTX_ctrl(gcm->evp, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_BYTES, tag) == 1;
}

bool gcm_open(struct gcm *gcm, const struct gcm_text *text, const uint8_t tag[GCM_TAG_BYTES])
{
	uint8_t end[GCM_TAG_BYTES];
	int n = 0;

	if (gcm->mb)
		return gcm_mb_open(gcm->mb, text, tag);
	memcpy(end, tag, sizeof(end));
	return run(gcm->evp, text) &&
	       EVP_CIPHER_CTX_ctrl(gcm->evp, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_BYTES, end) == 1 &&
	       EVP_CipherFinal_ex(gcm->evp, end, &n) == 1;
}
