/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/audit_file.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/file.h"

static int told(char why[AUDIT_FILE_WHY_BYTES], int r, const char *what, const char *path)
{
	g_snprintf(why, AUDIT_FILE_WHY_BYTES, "%s %s: %s", what, path, g_strerror(-r));
	return r == -EACCES || r == -EPERM || r == -EROFS ? -EACCES : -EBADMSG;
}

static int write_key(const struct audit_key *key, bool is_private, const char *path)
{
	char *pem = audit_key_to_pem(key, is_private);
	int r = pem != NULL ? file_write_secret(path, pem, strlen(pem)) : -EIO;

	if (pem != NULL)
		explicit_bzero(pem, strlen(pem));
	free(pem);
	return r;
}

/* The public half last: when it is there, the private one was. */
static int make_key(struct audit_key **out, const char *path, const char *public_path,
		    char why[AUDIT_FILE_WHY_BYTES])
{
	struct audit_key *key;
	int r;

	if (g_file_test(public_path, G_FILE_TEST_EXISTS)) {
		g_snprintf(why, AUDIT_FILE_WHY_BYTES,
			   "%s is gone, but %s is there: put the key back from the backup; if it "
			   "is lost, move the .pub file away and vidd makes a new key, with which "
			   "the audit trail until today no longer verifies",
			   path, public_path);
		return -EBADMSG;
	}
	key = audit_key_new();
	if (key == NULL)
		return told(why, -ENOMEM, "cannot make the audit key", path);
	r = write_key(key, true, path);
	if (r == 0)
		r = write_key(key, false, public_path);
	if (r < 0) {
		audit_key_free(key);
		return told(why, r, "cannot write the audit key", path);
	}
	*out = key;
	return 0;
}

static int read_key(struct audit_key **out, const char *path, char why[AUDIT_FILE_WHY_BYTES])
{
	struct audit_key *key = NULL;
	char *pem;
	size_t len;
	int r = file_read(path, 65536, &pem, &len);

	if (r < 0) {
		(void)told(why, r, "cannot read the audit key", path); /* r is the caller's */
		return r;
	}
	r = audit_key_from_pem(&key, pem, len);
	explicit_bzero(pem, len);
	free(pem);
	if (r == 0 && audit_key_is_private(key)) {
		*out = key;
		return 0;
	}
	audit_key_free(key);
	g_snprintf(why, AUDIT_FILE_WHY_BYTES,
		   "%s is no private Ed25519 key: put the right file back from the backup", path);
	return -EBADMSG;
}

int audit_file_load_key(struct audit_key **out, const char *data, char why[AUDIT_FILE_WHY_BYTES])
{
	char *path = g_build_filename(data, "audit-key.pem", NULL);
	char *public_path = g_build_filename(data, "audit-key.pub", NULL);
	int r = read_key(out, path, why);

	if (r == -ENOENT)
		r = make_key(out, path, public_path, why);
	else if (r < 0)
		r = r == -EACCES || r == -EPERM ? -EACCES : -EBADMSG;
	g_free(path);
	g_free(public_path);
	return r;
}

int audit_file_read_key(struct audit_key **out, const char *path, char why[AUDIT_FILE_WHY_BYTES])
{
	char *pem;
	size_t len;
	int r = file_read(path, 65536, &pem, &len);

	if (r < 0)
		return told(why, r, "cannot read the audit key", path);
	r = audit_key_from_pem(out, pem, len);
	explicit_bzero(pem, len);
	free(pem);
	if (r < 0)
		g_snprintf(why, AUDIT_FILE_WHY_BYTES, "%s is no Ed25519 key in PEM", path);
	return r < 0 ? -EBADMSG : 0;
}
