/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/identity.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/clock.h"
#include "server/file.h"
#include "server/tls.h"

#define MAX_PEM_BYTES 65536

static int told(char why[IDENTITY_WHY_BYTES], int r, const char *what, const char *path)
{
	g_snprintf(why, IDENTITY_WHY_BYTES, "%s %s: %s", what, path, g_strerror(-r));
	return r == -EACCES || r == -EPERM || r == -EROFS ? -EACCES : -EBADMSG;
}

/* --- DTLS ---------------------------------------------------------------------------------------
 */

static int make_dtls(struct identity *identity, const char *path, char why[IDENTITY_WHY_BYTES])
{
	struct cert *cert = NULL;
	char *pem;
	int r = cert_new(&cert, clock_unix_s());

	if (r < 0)
		return told(why, r, "cannot make the media certificate", path);
	pem = cert_to_pem(cert);
	r = pem != NULL ? file_write_secret(path, pem, strlen(pem)) : -ENOMEM;
	if (pem != NULL)
		explicit_bzero(pem, strlen(pem));
	free(pem);
	if (r < 0) {
		cert_free(cert);
		return told(why, r, "cannot write the media certificate", path);
	}
	identity->dtls = cert;
	return 0;
}

static int load_dtls(struct identity *identity, const char *path, char why[IDENTITY_WHY_BYTES])
{
	char *pem;
	size_t len;
	int r = file_read(path, MAX_PEM_BYTES, &pem, &len);

	if (r == -ENOENT)
		return make_dtls(identity, path, why);
	if (r < 0)
		return told(why, r, "cannot read the media certificate", path);
	r = cert_from_pem(&identity->dtls, pem, len);
	explicit_bzero(pem, len);
	free(pem);
	if (r < 0)
		g_snprintf(
			why, IDENTITY_WHY_BYTES,
			"%s is no P-256 certificate with its key: remove the file and vidd makes "
			"a new one",
			path);
	return r < 0 ? -EBADMSG : 0;
}

/* --- HTTPS --------------------------------------------------------------------------------------
 */

static int keep_self_signed(struct identity *identity, const struct config *config,
			    const struct addr *addresses, size_t count,
			    char why[IDENTITY_WHY_BYTES])
{
	int r;

	identity->https_cert_path = g_build_filename(config->data, "https-cert.pem", NULL);
	identity->https_key_path = g_build_filename(config->data, "https-key.pem", NULL);
	r = tls_keep_self_signed(identity->https_cert_path, identity->https_key_path, addresses,
				 count, clock_unix_s());
	return r < 0 ? told(why, r, "cannot keep the HTTPS certificate", identity->https_cert_path)
		     : 0;
}

static int check_named(struct identity *identity, const struct config *config,
		       char why[IDENTITY_WHY_BYTES])
{
	char reason[TLS_WHY_BYTES];

	identity->https_cert_path = g_strdup(config->cert);
	identity->https_key_path = g_strdup(config->key);
	if (tls_check(config->cert, config->key, reason) == 0)
		return 0;
	g_snprintf(why, IDENTITY_WHY_BYTES,
		   "%s; give --cert a PEM chain and --key its PEM key, both readable by vidd",
		   reason);
	return -EBADMSG;
}

int identity_load(struct identity *identity, const struct config *config,
		  const struct addr *addresses, size_t address_count, char why[IDENTITY_WHY_BYTES])
{
	char *path = g_build_filename(config->data, "dtls.pem", NULL);
	int r = load_dtls(identity, path, why);

	g_free(path);
	if (r < 0)
		return r;
	if (config->cert[0] != '\0')
		return check_named(identity, config, why);
	return keep_self_signed(identity, config, addresses, address_count, why);
}

void identity_close(struct identity *identity)
{
	g_free(identity->https_cert_path);
	g_free(identity->https_key_path);
	cert_free(identity->dtls);
	memset(identity, 0, sizeof(*identity));
}
