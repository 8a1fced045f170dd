/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/dtls.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>

#include "media/base/heap.h"
#include "media/wire/dtls_bio.h"
#include "media/wire/dtls_context.h"

/* RFC 6347 4.2.4.1 says 1 s at first; a call should not wait that long for one lost packet, and a
 * browser's own timer starts at 50 ms. */
#define RETRANSMIT_FIRST_US 200000
#define RETRANSMIT_MOST_US  3200000
#define GIVE_UP_US	    20000000

struct dtls {
	SSL *ssl;
	struct dtls_bio bio;
	enum dtls_state state;
	enum dtls_role role;
	uint8_t remote_fingerprint[CERT_FINGERPRINT_BYTES];
	int64_t interval_us;
	int64_t retransmit_us; /* DEADLINE_NEVER: no flight of ours waits for an answer */
	int64_t give_up_us;
	const char *failure;
	struct srtp_keys keys;
};

static void set_state(struct dtls *dtls, enum dtls_state state)
{
	assert(dtls->state == DTLS_HANDSHAKING || dtls->state == DTLS_READY);
	dtls->state = state;
	if (state == DTLS_HANDSHAKING)
		return;
	dtls->retransmit_us = DEADLINE_NEVER;
	dtls->give_up_us = DEADLINE_NEVER;
}

static void fail(struct dtls *dtls, const char *why)
{
	dtls->failure = why;
	set_state(dtls, DTLS_FAILED);
}

/* In words of ours or OpenSSL's own table: nothing a peer wrote gets into it. */
static const char *explain(const SSL *ssl, int ssl_error)
{
	const char *reason;

	if (SSL_get_verify_result(ssl) != X509_V_OK)
		return "the certificate does not match the fingerprint";
	reason = ERR_reason_error_string(ERR_peek_error());
	if (ssl_error == SSL_ERROR_SSL && reason)
		return reason;
	return "protocol error";
}

static bool key_lengths(enum srtp_link_profile profile, size_t *key_len, size_t *salt_len)
{
	switch (profile) {
	case SRTP_LINK_AES128_CM_SHA1_80:
		*key_len = 16;
		*salt_len = 14;
		return true;
	case SRTP_LINK_AEAD_AES_128_GCM:
		*key_len = 16;
		*salt_len = 12;
		return true;
	case SRTP_LINK_AEAD_AES_256_GCM:
		*key_len = 32;
		*salt_len = 12;
		return true;
	}
	return false;
}

/* RFC 5764 4.2: client key, server key, client salt, server salt. */
static bool export_keys(struct dtls *dtls)
{
	static const char label[] = "EXTRACTOR-dtls_srtp";
	const SRTP_PROTECTION_PROFILE *chosen = SSL_get_selected_srtp_profile(dtls->ssl);
	uint8_t block[2 * (32 + 14)];
	size_t key_len = 0;
	size_t salt_len = 0;
	uint8_t *client = dtls->role == DTLS_CLIENT ? dtls->keys.send : dtls->keys.recv;
	uint8_t *server = dtls->role == DTLS_CLIENT ? dtls->keys.recv : dtls->keys.send;

	if (!chosen || !key_lengths((enum srtp_link_profile)chosen->id, &key_len, &salt_len))
		return false;
	if (SSL_export_keying_material(dtls->ssl, block, 2 * (key_len + salt_len), label,
				       sizeof(label) - 1, NULL, 0, 0) != 1)
		return false;
	dtls->keys.profile = (enum srtp_link_profile)chosen->id;
	memcpy(client, block, key_len);
	memcpy(server, block + key_len, key_len);
	memcpy(client + key_len, block + 2 * key_len, salt_len);
	memcpy(server + key_len, block + 2 * key_len + salt_len, salt_len);
	OPENSSL_cleanse(block, sizeof(block));
	return true;
}

static void finish_handshake(struct dtls *dtls)
{
	if (!export_keys(dtls)) {
		(void)SSL_shutdown(dtls->ssl); /* tells the peer; its answer is not waited for */
		fail(dtls, "no common SRTP profile");
		return;
	}
	set_state(dtls, DTLS_READY);
}

static void handshake(struct dtls *dtls)
{
	int result = SSL_do_handshake(dtls->ssl);

	if (result == 1) {
		finish_handshake(dtls);
		return;
	}
	int error = SSL_get_error(dtls->ssl, result);
	if (error != SSL_ERROR_WANT_READ)
		fail(dtls, explain(dtls->ssl, error));
}

/* After the handshake: alerts, and a peer's repeated last flight, which OpenSSL answers with ours.
 * Application data is none of ours (no data channels) and falls away. */
static void read_records(struct dtls *dtls)
{
	uint8_t scratch[LIMIT_DATAGRAM_BYTES];
	int result;

	do {
		result = SSL_read(dtls->ssl, scratch, sizeof(scratch));
	} while (result > 0);
	int error = SSL_get_error(dtls->ssl, result);
	if (error == SSL_ERROR_ZERO_RETURN) {
		(void)SSL_shutdown(dtls->ssl); /* RFC 5246 7.2.1: answer in kind */
		set_state(dtls, DTLS_CLOSED);
	} else if (error != SSL_ERROR_WANT_READ) {
		fail(dtls, explain(dtls->ssl, error));
	}
}

/* A new flight starts a new round of retransmissions; no timer running, none is due. */
static void follow_timer(struct dtls *dtls, int64_t now_us)
{
	bool is_new = dtls_bio_take_start(&dtls->bio);

	if (dtls->state != DTLS_HANDSHAKING || !dtls->bio.is_timer_on) {
		dtls->retransmit_us = DEADLINE_NEVER;
	} else if (is_new) {
		dtls->interval_us = RETRANSMIT_FIRST_US;
		dtls->retransmit_us = now_us + dtls->interval_us;
	}
}

static void advance(struct dtls *dtls, int64_t now_us)
{
	ERR_clear_error();
	if (dtls->state == DTLS_HANDSHAKING)
		handshake(dtls);
	if (dtls->state == DTLS_READY) {
		read_records(dtls);
		/* 33 kB that a transport needs again at its end: SSL_read makes new ones. */
		(void)SSL_free_buffers(dtls->ssl);
	}
	ERR_clear_error();
	follow_timer(dtls, now_us);
}

int dtls_new(struct dtls **out, int64_t now_us, enum dtls_role role, const struct cert *cert,
	     const uint8_t remote_fingerprint[CERT_FINGERPRINT_BYTES])
{
	struct dtls *dtls = calloc(1, sizeof(*dtls));

	if (!dtls)
		return -ENOMEM;
	dtls->ssl = SSL_new(cert_dtls_context(cert, role == DTLS_SERVER));
	if (!dtls->ssl || dtls_bio_attach(&dtls->bio, dtls->ssl) < 0) {
		SSL_free(dtls->ssl);
		free(dtls);
		return -ENOMEM;
	}
	dtls->role = role;
	dtls->failure = "";
	dtls->retransmit_us = DEADLINE_NEVER;
	/* A server's time runs from the first datagram: ICE may take longer than the handshake. */
	dtls->give_up_us = role == DTLS_CLIENT ? now_us + GIVE_UP_US : DEADLINE_NEVER;
	memcpy(dtls->remote_fingerprint, remote_fingerprint, CERT_FINGERPRINT_BYTES);
	SSL_set_app_data(dtls->ssl, dtls->remote_fingerprint);
	if (role == DTLS_SERVER) {
		SSL_set_accept_state(dtls->ssl);
	} else {
		SSL_set_connect_state(dtls->ssl);
		advance(dtls, now_us);
	}
	*out = dtls;
	return 0;
}

void dtls_free(struct dtls *dtls)
{
	if (!dtls)
		return;
	SSL_free(dtls->ssl);
	dtls_bio_close(&dtls->bio);
	OPENSSL_cleanse(&dtls->keys, sizeof(dtls->keys));
	free(dtls);
}

int dtls_input(struct dtls *dtls, int64_t now_us, const uint8_t *buf, size_t len)
{
	bool is_open = dtls->state == DTLS_HANDSHAKING || dtls->state == DTLS_READY;

	if (!is_open || len == 0)
		return 0;
	dtls_timeout(dtls, now_us);
	if (dtls->state == DTLS_FAILED)
		return -EBADMSG;
	if (dtls->give_up_us == DEADLINE_NEVER && dtls->state == DTLS_HANDSHAKING)
		dtls->give_up_us = now_us + GIVE_UP_US;
	dtls->bio.in = buf;
	dtls->bio.in_len = len;
	advance(dtls, now_us);
	dtls->bio.in = NULL;
	return dtls->state == DTLS_FAILED ? -EBADMSG : 0;
}

size_t dtls_output(struct dtls *dtls, uint8_t *buf, size_t cap)
{
	return dtls_bio_output(&dtls->bio, buf, cap);
}

void dtls_timeout(struct dtls *dtls, int64_t now_us)
{
	if (dtls->state != DTLS_HANDSHAKING)
		return;
	if (now_us >= dtls->give_up_us) {
		fail(dtls, "the handshake took too long");
		return;
	}
	if (now_us < dtls->retransmit_us)
		return;
	ERR_clear_error();
	dtls_bio_expire_timer(&dtls->bio);
	long result = DTLSv1_handle_timeout(dtls->ssl);
	assert(result != 0); /* 0: OpenSSL saw nothing due, so the BIO does not hold its timer */
	if (result < 0) {
		fail(dtls, "the handshake took too long");
		return;
	}
	dtls->interval_us = dtls->interval_us * 2 < RETRANSMIT_MOST_US ? dtls->interval_us * 2
								       : RETRANSMIT_MOST_US;
	dtls->retransmit_us = now_us + dtls->interval_us;
}

int64_t dtls_deadline_us(const struct dtls *dtls)
{
	return dtls->retransmit_us < dtls->give_up_us ? dtls->retransmit_us : dtls->give_up_us;
}

enum dtls_state dtls_state(const struct dtls *dtls)
{
	return dtls->state;
}

void dtls_close(struct dtls *dtls, int64_t now_us)
{
	if (dtls->state != DTLS_HANDSHAKING && dtls->state != DTLS_READY)
		return;
	ERR_clear_error();
	/* Writing makes no buffers; without memory for them the peer sees consent end instead. */
	if (dtls->state == DTLS_READY && SSL_alloc_buffers(dtls->ssl) == 1)
		(void)SSL_shutdown(dtls->ssl); /* the peer's answer is not waited for */
	ERR_clear_error();
	set_state(dtls, DTLS_CLOSED);
}

int dtls_keys(const struct dtls *dtls, struct srtp_keys *out)
{
	if (dtls->state != DTLS_READY)
		return -EAGAIN;
	*out = dtls->keys;
	return 0;
}

const char *dtls_failure(const struct dtls *dtls)
{
	return dtls->failure;
}
