/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_link.h"

#include <errno.h>
#include <glib.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#include "server/file.h"
#include "server/store_db.h"
#include "server/token_text.h"

#define TOKEN_BYTES 16

_Static_assert((TOKEN_BYTES * 4 + 2) / 3 == STORE_LINK_TOKEN_TEXT, "128 bits of base64url");

int store_link_load(uint8_t key[STORE_LINK_KEY_BYTES], const char *database_path, struct rng *rng)
{
	char *directory = g_path_get_dirname(database_path);
	char *path = g_build_filename(directory, "link-key", NULL);
	char *bytes = NULL;
	size_t len = 0;
	int r = file_read(path, STORE_LINK_KEY_BYTES, &bytes, &len);

	if (r == -ENOENT) {
		rng_bytes(rng, key, STORE_LINK_KEY_BYTES);
		r = file_write_secret(path, key, STORE_LINK_KEY_BYTES);
	} else if (r == 0 && len == STORE_LINK_KEY_BYTES) {
		memcpy(key, bytes, STORE_LINK_KEY_BYTES);
	} else if (r == 0) {
		r = -EIO;
	}
	if (bytes != NULL)
		explicit_bzero(bytes, len);
	free(bytes);
	g_free(path);
	g_free(directory);
	return r == 0 || r == -EACCES ? r : r == -EROFS || r == -EPERM ? -EACCES : -EIO;
}

int store_link_token(struct store *store, const char *participant_id,
		     char token[STORE_LINK_TOKEN_TEXT + 1])
{
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	char *text = g_strconcat("vidd link 1 ", participant_id, NULL);
	bool ok = HMAC(EVP_sha256(), store_link_key(store), STORE_LINK_KEY_BYTES,
		       (const uint8_t *)text, strlen(text), mac, &len) != NULL;

	g_free(text);
	if (!ok)
		return -EIO;
	token_text_base64url(token, mac, TOKEN_BYTES);
	OPENSSL_cleanse(mac, sizeof(mac));
	return 0;
}
