/* SPDX-License-Identifier: EUPL-1.2 */
/* The certificate of HTTPS: checked before the library loads it, or made by ourselves. */
#ifndef VIDD_SERVER_TLS_H
#define VIDD_SERVER_TLS_H

#include <stddef.h>
#include <stdint.h>

#include "media/base/addr.h"

#define TLS_WHY_BYTES 256

/* Whether the PEM files can be read and belong together: 0, or -EBADMSG and in why what is wrong.
 */
int tls_check(const char *cert_path, const char *key_path, char why[TLS_WHY_BYTES]);

/* Makes a P-256 certificate for localhost, the host's name and these addresses, valid for a year,
 * unless the files hold one that covers them for another month. Files get mode 0600. 0 or -errno.
 */
int tls_keep_self_signed(const char *cert_path, const char *key_path, const struct addr *addresses,
			 size_t address_count, int64_t now_unix_s);

#endif
