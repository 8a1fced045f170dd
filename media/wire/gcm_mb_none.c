/* SPDX-License-Identifier: EUPL-1.2 */
/* Built without ipsec-mb: gcm.c asks whether it is there before anything else. */
#include "media/wire/gcm_mb.h"

#include <stdlib.h>

void gcm_mb_library_init(void)
{
}

bool gcm_mb_is_there(void)
{
	return false;
}

struct gcm_mb *gcm_mb_new(const uint8_t *key, size_t key_len)
{
	return NULL;
}

void gcm_mb_free(struct gcm_mb *mb)
{
}

void gcm_mb_seal(const struct gcm_mb *mb, const struct gcm_text *text, uint8_t tag[GCM_TAG_BYTES])
{
	abort();
}

bool gcm_mb_open(const struct gcm_mb *mb, const struct gcm_text *text,
		 const uint8_t tag[GCM_TAG_BYTES])
{
	abort();
}
