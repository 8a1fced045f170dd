/* SPDX-License-Identifier: EUPL-1.2 */
/* Who we are to clients: the certificates of HTTPS and of DTLS, kept over restarts. */
#ifndef VIDD_SERVER_IDENTITY_H
#define VIDD_SERVER_IDENTITY_H

#include <stddef.h>

#include "media/base/addr.h"
#include "media/wire/cert.h"
#include "server/config.h"

#define IDENTITY_WHY_BYTES 512

/* Zero state is empty. */
struct identity {
	char *https_cert_path;
	char *https_key_path;
	struct cert *dtls;
};

/* Reads what the configuration names or the data directory holds, and makes what is missing. 0;
 * -EBADMSG a file is no certificate or key; -EACCES one is not ours to read or write. why says
 * which and the remedy. */
int identity_load(struct identity *identity, const struct config *config,
		  const struct addr *addresses, size_t address_count, char why[IDENTITY_WHY_BYTES]);
void identity_close(struct identity *identity);

#endif
