/* SPDX-License-Identifier: EUPL-1.2 */
/* The files of the key that signs the audit trail. why always says what is wrong and the remedy. */
#ifndef VIDD_SERVER_AUDIT_FILE_H
#define VIDD_SERVER_AUDIT_FILE_H

#include "server/audit_chain.h"

#define AUDIT_FILE_WHY_BYTES 768

/* Reads audit-key.pem of the data directory; when neither it nor audit-key.pub is there, makes
 * both. 0, -EACCES, -EBADMSG. */
int audit_file_load_key(struct audit_key **out, const char *data, char why[AUDIT_FILE_WHY_BYTES]);
/* A key of either half. 0, -EACCES, -EBADMSG. */
int audit_file_read_key(struct audit_key **out, const char *path, char why[AUDIT_FILE_WHY_BYTES]);

#endif
