/* SPDX-License-Identifier: EUPL-1.2 */
/* Inside of struct audit_key, for the two files that use it: audit_chain signs, audit_key reads. */
#ifndef VIDD_SERVER_AUDIT_KEY_H
#define VIDD_SERVER_AUDIT_KEY_H

#include <openssl/evp.h>

#include "server/audit_chain.h"

struct audit_key {
	EVP_PKEY *pkey;
	bool is_private;
};

#endif
