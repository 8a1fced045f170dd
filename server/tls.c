/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/tls.h"

#include <errno.h>
#include <glib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/file.h"

#define DAY_S		   86400
#define VALID_DAYS	   365
#define RENEW_DAYS	   30
#define MAX_PEM_BYTES	   65536
#define HOST_NAME_BYTES	   64
#define X509_VERSION_THREE 2

/* --- checking ----------------------------------------------------------------------------------
 */

static int told(char why[TLS_WHY_BYTES], const char *what, const char *path)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = ERR_reason_error_string(code);

	g_snprintf(why, TLS_WHY_BYTES, "%s%s: %s", what, path,
		   reason != NULL ? reason : g_strerror(errno));
	ERR_clear_error();
	return -EBADMSG;
}

int tls_check(const char *cert_path, const char *key_path, char why[TLS_WHY_BYTES])
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	int r = 0;

	if (ctx == NULL)
		return told(why, "OpenSSL", "");
	ERR_clear_error();
	errno = 0;
	if (SSL_CTX_use_certificate_chain_file(ctx, cert_path) != 1)
		r = told(why, "cannot use the certificate ", cert_path);
	else if (SSL_CTX_use_PrivateKey_file(ctx, key_path, SSL_FILETYPE_PEM) != 1)
		r = told(why, "cannot use the key ", key_path);
	else if (SSL_CTX_check_private_key(ctx) != 1)
		r = told(why, "the certificate does not belong to the key ", key_path);
	SSL_CTX_free(ctx);
	return r;
}

/* --- making -------------------------------------------------------------------------------------
 */

/* "DNS:localhost,IP:127.0.0.1,..." as the extension's text form wants it. */
static char *alternative_names(const struct addr *addresses, size_t count)
{
	GString *names = g_string_new("DNS:localhost,IP:127.0.0.1,IP:::1");
	char host[HOST_NAME_BYTES + 1] = "";
	char text[ADDR_TEXT_MAX];

	if (gethostname(host, HOST_NAME_BYTES) == 0 && host[0] != '\0' &&
	    strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
		    strlen(host))
		g_string_append_printf(names, ",DNS:%s", host);
	for (size_t i = 0; i < count; i++)
		g_string_append_printf(names, ",IP:%s", addr_format_ip(&addresses[i], text));
	return g_string_free(names, FALSE);
}

static int add_extension(X509 *cert, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;
	int r;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	if (ext == NULL)
		return -EIO;
	r = X509_add_ext(cert, ext, -1) == 1 ? 0 : -EIO;
	X509_EXTENSION_free(ext);
	return r;
}

static int set_random_serial(X509 *cert)
{
	BIGNUM *n = BN_new();
	int r = -EIO;

	if (n != NULL && BN_rand(n, 120, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
	    BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert)) != NULL)
		r = 0;
	BN_free(n);
	return r;
}

static X509 *make_certificate(EVP_PKEY *key, const char *names, int64_t now_unix_s)
{
	X509 *cert = X509_new();
	X509_NAME *name = cert != NULL ? X509_get_subject_name(cert) : NULL;
	const unsigned char common[] = "Vidd";
	bool is_made =
		name != NULL && X509_set_version(cert, X509_VERSION_THREE) == 1 &&
		set_random_serial(cert) == 0 &&
		X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, common, -1, -1, 0) == 1 &&
		X509_set_issuer_name(cert, name) == 1 &&
		ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)(now_unix_s - DAY_S)) != NULL &&
		ASN1_TIME_set(X509_getm_notAfter(cert),
			      (time_t)(now_unix_s + (int64_t)VALID_DAYS * DAY_S)) != NULL &&
		X509_set_pubkey(cert, key) == 1 &&
		add_extension(cert, NID_basic_constraints, "critical,CA:FALSE") == 0 &&
		add_extension(cert, NID_ext_key_usage, "serverAuth") == 0 &&
		add_extension(cert, NID_subject_alt_name, names) == 0 &&
		X509_sign(cert, key, EVP_sha256()) > 0;

	if (!is_made) {
		X509_free(cert);
		return NULL;
	}
	return cert;
}

static int write_bio(const char *path, BIO *bio)
{
	char *data;
	long len = BIO_get_mem_data(bio, &data);

	return len > 0 ? file_write_secret(path, data, (size_t)len) : -EIO;
}

static int write_pair(const char *cert_path, const char *key_path, X509 *cert, EVP_PKEY *key)
{
	BIO *cert_bio = BIO_new(BIO_s_mem()), *key_bio = BIO_new(BIO_s_secmem());
	int r = -EIO;

	if (cert_bio != NULL && key_bio != NULL && PEM_write_bio_X509(cert_bio, cert) == 1 &&
	    PEM_write_bio_PrivateKey(key_bio, key, NULL, NULL, 0, NULL, NULL) == 1)
		r = write_bio(key_path, key_bio);
	if (r == 0)
		r = write_bio(cert_path, cert_bio);
	BIO_free(cert_bio);
	BIO_free(key_bio);
	return r;
}

/* --- keeping ------------------------------------------------------------------------------------
 */

static X509 *read_certificate(const char *path)
{
	char *pem;
	size_t len;
	BIO *bio;
	X509 *cert;

	if (file_read(path, MAX_PEM_BYTES, &pem, &len) < 0)
		return NULL;
	bio = BIO_new_mem_buf(pem, (int)len);
	cert = bio != NULL ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	BIO_free(bio);
	free(pem);
	return cert;
}

/* Whether the kept certificate is still good for these addresses. */
static bool is_good(X509 *cert, const struct addr *addresses, size_t count, int64_t now_unix_s)
{
	time_t renew = (time_t)(now_unix_s + (int64_t)RENEW_DAYS * DAY_S);
	char text[ADDR_TEXT_MAX];

	if (cert == NULL || X509_cmp_time(X509_get0_notAfter(cert), &renew) <= 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (X509_check_ip_asc(cert, addr_format_ip(&addresses[i], text), 0) != 1)
			return false;
	}
	return true;
}

int tls_keep_self_signed(const char *cert_path, const char *key_path, const struct addr *addresses,
			 size_t address_count, int64_t now_unix_s)
{
	X509 *kept = read_certificate(cert_path), *made = NULL;
	char why[TLS_WHY_BYTES];
	EVP_PKEY *key = NULL;
	char *names = NULL;
	int r = 0;

	if (is_good(kept, addresses, address_count, now_unix_s) &&
	    tls_check(cert_path, key_path, why) == 0)
		goto out;
	names = alternative_names(addresses, address_count);
	key = EVP_EC_gen("P-256");
	made = key != NULL ? make_certificate(key, names, now_unix_s) : NULL;
	r = made != NULL ? write_pair(cert_path, key_path, made, key) : -EIO;
out:
	ERR_clear_error();
	X509_free(kept);
	X509_free(made);
	EVP_PKEY_free(key);
	g_free(names);
	return r;
}
