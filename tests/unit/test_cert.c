/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "media/wire/cert.h"

#define NOW_S 1790000000

static void pem_round_trip_keeps_the_identity(void)
{
	struct cert *made;
	struct cert *read;

	g_assert_cmpint(cert_new(&made, NOW_S), ==, 0);
	char *pem = cert_to_pem(made);
	g_assert_nonnull(pem);
	g_assert_cmpint(cert_from_pem(&read, pem, strlen(pem)), ==, 0);
	g_assert_cmpmem(cert_fingerprint(made), CERT_FINGERPRINT_BYTES, cert_fingerprint(read),
			CERT_FINGERPRINT_BYTES);
	char *again = cert_to_pem(read);
	g_assert_cmpstr(pem, ==, again);
	/* The key may stand before the certificate. */
	const char *key = strstr(pem, "-----BEGIN PRIVATE KEY-----");
	g_assert_nonnull(key);
	g_autofree char *swapped = g_strdup_printf("%s%.*s", key, (int)(key - pem), pem);
	struct cert *third;
	g_assert_cmpint(cert_from_pem(&third, swapped, strlen(swapped)), ==, 0);
	cert_free(third);
	free(pem);
	free(again);
	cert_free(made);
	cert_free(read);
	cert_free(NULL);
}

static void validity_spans_now(void)
{
	struct cert *cert;

	g_assert_cmpint(cert_new(&cert, NOW_S), ==, 0);
	char *pem = cert_to_pem(cert);
	BIO *bio = BIO_new_mem_buf(pem, -1);
	X509 *x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	time_t day_before = NOW_S - 86400;
	time_t ten_years = NOW_S + (time_t)3650 * 86400;
	g_assert_cmpint(ASN1_TIME_cmp_time_t(X509_get0_notBefore(x509), day_before), ==, 0);
	g_assert_cmpint(ASN1_TIME_cmp_time_t(X509_get0_notAfter(x509), ten_years), ==, 0);
	g_assert_cmpint(X509_verify(x509, X509_get0_pubkey(x509)), ==, 1);
	/* The fingerprint is of the DER, as RFC 8122 wants it. */
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	X509_digest(x509, EVP_sha256(), digest, &len);
	g_assert_cmpmem(digest, len, cert_fingerprint(cert), CERT_FINGERPRINT_BYTES);
	X509_free(x509);
	BIO_free(bio);
	free(pem);
	cert_free(cert);
}

static char *pem_of(EVP_PKEY *cert_key, EVP_PKEY *key)
{
	X509 *x509 = X509_new();
	BIO *bio = BIO_new(BIO_s_mem());
	char *data;

	ASN1_TIME_set(X509_getm_notBefore(x509), NOW_S);
	ASN1_TIME_set(X509_getm_notAfter(x509), NOW_S + 1000);
	X509_set_pubkey(x509, cert_key);
	g_assert_cmpint(X509_sign(x509, cert_key, EVP_sha256()), >, 0);
	PEM_write_bio_X509(bio, x509);
	PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	long len = BIO_get_mem_data(bio, &data);
	char *text = g_strndup(data, (gsize)len);
	BIO_free(bio);
	X509_free(x509);
	return text;
}

static void other_pems_are_refused(void)
{
	EVP_PKEY *a = EVP_EC_gen("P-256");
	EVP_PKEY *b = EVP_EC_gen("P-256");
	EVP_PKEY *c = EVP_EC_gen("P-384");
	EVP_PKEY *rsa = EVP_RSA_gen(2048);
	const struct {
		EVP_PKEY *cert_key, *key;
		int expected;
	} steps[] = {{a, a, 0}, {a, b, -EBADMSG}, {c, c, -EBADMSG}, {rsa, rsa, -EBADMSG}};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_autofree char *pem = pem_of(steps[i].cert_key, steps[i].key);
		struct cert *cert = NULL;

		g_assert_cmpint(cert_from_pem(&cert, pem, strlen(pem)), ==, steps[i].expected);
		g_assert_cmpint(cert != NULL, ==, steps[i].expected == 0);
		cert_free(cert);
	}
	g_autofree char *pem = pem_of(a, a);
	struct cert *cert = NULL;
	g_assert_cmpint(cert_from_pem(&cert, pem, 0), ==, -EBADMSG);
	g_assert_cmpint(cert_from_pem(&cert, pem, strlen(pem) / 2), ==, -EBADMSG);
	g_assert_cmpint(cert_from_pem(&cert, "hello", 5), ==, -EBADMSG);
	EVP_PKEY_free(a);
	EVP_PKEY_free(b);
	EVP_PKEY_free(c);
	EVP_PKEY_free(rsa);
}

static void fingerprint_text_round_trips(void)
{
	uint8_t fp[CERT_FINGERPRINT_BYTES];
	uint8_t back[CERT_FINGERPRINT_BYTES];
	char text[CERT_FINGERPRINT_TEXT];

	for (size_t i = 0; i < sizeof(fp); i++)
		fp[i] = (uint8_t)(i * 37 + 5);
	cert_fingerprint_format(text, fp);
	g_assert_cmpuint(strlen(text), ==, 95);
	g_assert_true(g_str_has_prefix(text, "05:2A:4F:"));
	g_assert_cmpint(cert_fingerprint_parse(back, text), ==, 0);
	g_assert_cmpmem(back, sizeof(back), fp, sizeof(fp));
	g_autofree char *lower = g_ascii_strdown(text, -1);
	memset(back, 0, sizeof(back));
	g_assert_cmpint(cert_fingerprint_parse(back, lower), ==, 0);
	g_assert_cmpmem(back, sizeof(back), fp, sizeof(fp));

	static const char *const bad[] = {"", "05", "05:2A"};
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_cmpint(cert_fingerprint_parse(back, bad[i]), ==, -EBADMSG);
	for (size_t i = 0; i < strlen(text); i++) {
		g_autofree char *changed = g_strdup(text);

		changed[i] = changed[i] == ':' ? '-' : 'g';
		g_assert_cmpint(cert_fingerprint_parse(back, changed), ==, -EBADMSG);
	}
	g_autofree char *longer = g_strconcat(text, ":00", NULL);
	g_assert_cmpint(cert_fingerprint_parse(back, longer), ==, -EBADMSG);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cert/pem_round_trip_keeps_the_identity",
			pem_round_trip_keeps_the_identity);
	g_test_add_func("/cert/validity_spans_now", validity_spans_now);
	g_test_add_func("/cert/other_pems_are_refused", other_pems_are_refused);
	g_test_add_func("/cert/fingerprint_text_round_trips", fingerprint_text_round_trips);
	return g_test_run();
}
