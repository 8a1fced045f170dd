/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Descriptions made small for a thin link: the zlib format (RFC 1950) in base64 (RFC 4648 4), the
 * `sdp_deflate` of docs/protocol.md 2. An offer of 24 kB becomes 2.7 kB, which on 128 kbit/s is
 * 1.3 s (docs/decisions/012). Pure; the only file that knows zlib.
 */
#ifndef VIDD_SIGNALING_DEFLATE_H
#define VIDD_SIGNALING_DEFLATE_H

#include <stddef.h>

/* The text packed, to be freed with free(), or NULL when memory is gone. */
char *deflate_pack(const char *text);
/* What was packed, of at most max bytes, in *out, to be freed with free(). -EBADMSG: not base64,
 * not one whole deflate stream and nothing else, with a NUL inside, or longer than max: work and
 * memory end there, whatever the stream would grow to. -ENOMEM. *out is written on success only. */
int deflate_unpack(char **out, const char *packed, size_t max);

#endif
