/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * AES-GCM by Intel's ipsec-mb, or its absence: gcm_mb.c where the library was there to build with,
 * gcm_mb_none.c elsewhere. Used by gcm.c alone, which says what the words mean.
 */
#ifndef VIDD_MEDIA_WIRE_GCM_MB_H
#define VIDD_MEDIA_WIRE_GCM_MB_H

#include "media/wire/gcm.h"

struct gcm_mb;

void gcm_mb_library_init(void);
/* Built in, and the processor has instructions for AES. */
bool gcm_mb_is_there(void);
/* The rest only where it is there. NULL: no memory. */
struct gcm_mb *gcm_mb_new(const uint8_t *key, size_t key_len);
void gcm_mb_free(struct gcm_mb *mb);
void gcm_mb_seal(const struct gcm_mb *mb, const struct gcm_text *text, uint8_t tag[GCM_TAG_BYTES]);
bool gcm_mb_open(const struct gcm_mb *mb, const struct gcm_text *text,
		 const uint8_t tag[GCM_TAG_BYTES]);

#endif
