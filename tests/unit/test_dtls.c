/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <string.h>

#include <glib.h>
#include <openssl/srtp.h>

#include "media/base/heap.h"
#include "media/base/limits.h"
#include "media/base/rng.h"
#include "media/wire/dtls.h"
#include "tests/support/dtls_peer.h"

#define S 1000000

static struct cert *our_cert;

/* Carries datagrams both ways without loss until neither has any. */
static void converse(struct dtls *dtls, struct dtls_peer *peer)
{
	uint8_t buf[2048];
	size_t len;
	bool is_moving = true;

	while (is_moving) {
		is_moving = false;
		while ((len = dtls_output(dtls, buf, sizeof(buf))) > 0) {
			g_assert_cmpuint(len, <=, LIMIT_DTLS_MTU_BYTES);
			dtls_peer_input(peer, buf, len);
			is_moving = true;
		}
		while ((len = dtls_peer_output(peer, buf, sizeof(buf))) > 0) {
			(void)dtls_input(dtls, 0, buf, len);
			is_moving = true;
		}
	}
}

/* Our keys against the peer's own export, cut up by RFC 5764 4.2. */
static void assert_keys(const struct dtls *dtls, const struct dtls_peer *peer, bool we_are_client)
{
	struct srtp_keys keys;
	uint8_t block[2 * 46];
	static const struct {
		unsigned long profile;
		int key, salt;
	} sizes[] = {{1, 16, 14}, {7, 16, 12}, {8, 32, 12}};
	size_t i = 0;

	g_assert_cmpint(dtls_keys(dtls, &keys), ==, 0);
	g_assert_cmpuint(keys.profile, ==, SSL_get_selected_srtp_profile(peer->ssl)->id);
	while (sizes[i].profile != (unsigned long)keys.profile)
		i++;
	int key = sizes[i].key;
	int salt = sizes[i].salt;
	g_assert_cmpint(SSL_export_keying_material(peer->ssl, block, (size_t)(2 * (key + salt)),
						   "EXTRACTOR-dtls_srtp", 19, NULL, 0, 0),
			==, 1);
	const uint8_t *client = we_are_client ? keys.send : keys.recv;
	const uint8_t *server = we_are_client ? keys.recv : keys.send;
	g_assert_cmpmem(client, key, block, key);
	g_assert_cmpmem(server, key, block + key, key);
	g_assert_cmpmem(client + key, salt, block + 2 * key, salt);
	g_assert_cmpmem(server + key, salt, block + 2 * key + salt, salt);
}

static void both_roles_agree_on_keys(void)
{
	static const struct {
		struct dtls_peer_config peer;
		enum srtp_link_profile expected;
	} steps[] = {
		/* As server our order decides, as client the peer's. */
		{{.is_server = false}, SRTP_LINK_AEAD_AES_128_GCM},
		{{.is_server = true}, SRTP_LINK_AES128_CM_SHA1_80},
		{{.is_server = true, .profiles = "SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80"},
		 SRTP_LINK_AEAD_AES_256_GCM},
		{{.is_server = false, .profiles = "SRTP_AES128_CM_SHA1_32:SRTP_AES128_CM_SHA1_80"},
		 SRTP_LINK_AES128_CM_SHA1_80},
		{{.is_server = false, .profiles = "SRTP_AEAD_AES_256_GCM"},
		 SRTP_LINK_AEAD_AES_256_GCM},
		{{.is_server = false, .is_rsa = true}, SRTP_LINK_AEAD_AES_128_GCM},
		{{.is_server = true, .is_rsa = true}, SRTP_LINK_AES128_CM_SHA1_80},
		{{.is_server = true, .mtu = 300}, SRTP_LINK_AES128_CM_SHA1_80},
		{{.is_server = false, .mtu = 300}, SRTP_LINK_AEAD_AES_128_GCM},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		enum dtls_role role = steps[i].peer.is_server ? DTLS_CLIENT : DTLS_SERVER;
		struct dtls_peer peer;
		struct dtls *dtls;
		struct srtp_keys keys;

		dtls_peer_init(&peer, &steps[i].peer);
		g_assert_cmpint(dtls_new(&dtls, 0, role, our_cert, peer.fingerprint), ==, 0);
		g_assert_cmpint(dtls_keys(dtls, &keys), ==, -EAGAIN);
		dtls_peer_input(&peer, NULL, 0);
		converse(dtls, &peer);
		g_assert_cmpstr(dtls_failure(dtls), ==, "");
		g_assert_cmpint(dtls_state(dtls), ==, DTLS_READY);
		g_assert_true(peer.is_done);
		g_assert_cmpint(dtls_deadline_us(dtls), ==, DEADLINE_NEVER);
		assert_keys(dtls, &peer, role == DTLS_CLIENT);
		g_assert_cmpint(dtls_keys(dtls, &keys), ==, 0);
		g_assert_cmpint(keys.profile, ==, steps[i].expected);
		g_assert_cmpint(SSL_version(peer.ssl), ==, DTLS1_2_VERSION);
		dtls_free(dtls);
		dtls_peer_close(&peer);
	}
}

static void a_wrong_fingerprint_fails_the_handshake(void)
{
	for (int i = 0; i < 4; i++) {
		const struct dtls_peer_config config = {.is_server = i % 2 == 1};
		struct dtls_peer peer;
		struct dtls *dtls;

		dtls_peer_init(&peer, &config);
		peer.fingerprint[i < 2 ? 0 : 31] ^= 0x01;
		g_assert_cmpint(dtls_new(&dtls, 0, i % 2 ? DTLS_CLIENT : DTLS_SERVER, our_cert,
					 peer.fingerprint),
				==, 0);
		dtls_peer_input(&peer, NULL, 0);
		converse(dtls, &peer);
		g_assert_cmpint(dtls_state(dtls), ==, DTLS_FAILED);
		g_assert_cmpstr(dtls_failure(dtls), ==,
				"the certificate does not match the fingerprint");
		g_assert_true(peer.is_failed); /* the alert reached it */
		struct srtp_keys keys;
		g_assert_cmpint(dtls_keys(dtls, &keys), ==, -EAGAIN);
		g_assert_cmpint(dtls_deadline_us(dtls), ==, DEADLINE_NEVER);
		dtls_free(dtls);
		dtls_peer_close(&peer);
	}
}

static void no_common_profile_fails(void)
{
	static const struct dtls_peer_config configs[] = {
		{.is_server = false, .has_no_srtp = true},
		{.is_server = true, .has_no_srtp = true},
		{.is_server = false, .profiles = "SRTP_AES128_CM_SHA1_32"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(configs); i++) {
		struct dtls_peer peer;
		struct dtls *dtls;

		dtls_peer_init(&peer, &configs[i]);
		g_assert_cmpint(dtls_new(&dtls, 0, configs[i].is_server ? DTLS_CLIENT : DTLS_SERVER,
					 our_cert, peer.fingerprint),
				==, 0);
		dtls_peer_input(&peer, NULL, 0);
		converse(dtls, &peer);
		g_assert_cmpint(dtls_state(dtls), ==, DTLS_FAILED);
		g_assert_cmpstr(dtls_failure(dtls), ==, "no common SRTP profile");
		dtls_free(dtls);
		dtls_peer_close(&peer);
	}
}

static void close_notify_goes_both_ways(void)
{
	for (int i = 0; i < 2; i++) {
		const struct dtls_peer_config config = {0};
		struct dtls_peer peer;
		struct dtls *dtls;

		dtls_peer_init(&peer, &config);
		g_assert_cmpint(dtls_new(&dtls, 0, DTLS_SERVER, our_cert, peer.fingerprint), ==, 0);
		dtls_peer_input(&peer, NULL, 0);
		converse(dtls, &peer);
		g_assert_cmpint(dtls_state(dtls), ==, DTLS_READY);
		if (i == 0) {
			dtls_close(dtls, 0);
		} else {
			SSL_write(peer.ssl, "data is dropped", 15);
			SSL_shutdown(peer.ssl);
		}
		converse(dtls, &peer);
		g_assert_cmpint(dtls_state(dtls), ==, DTLS_CLOSED);
		if (i == 0)
			g_assert_true(peer.is_closed);
		else
			g_assert_cmpint(SSL_shutdown(peer.ssl), ==, 1); /* answered in kind */
		dtls_close(dtls, 0);
		g_assert_cmpint(dtls_input(dtls, 0, (const uint8_t *)"x", 1), ==, 0);
		dtls_free(dtls);
		dtls_peer_close(&peer);
	}
	dtls_free(NULL);
}

static size_t drain(struct dtls *dtls)
{
	uint8_t buf[2048];
	size_t count = 0;

	while (dtls_output(dtls, buf, sizeof(buf)) > 0)
		count++;
	return count;
}

/* Nobody answers a client: the retransmissions follow our clock, whatever the wall clock does. */
static void a_client_repeats_itself_on_our_clock(void)
{
	static const int64_t due_us[] = {200000,  600000,   1400000,  3000000, 6200000,
					 9400000, 12600000, 15800000, 19000000};
	uint8_t fingerprint[CERT_FINGERPRINT_BYTES] = {0};
	struct dtls *dtls;

	g_assert_cmpint(dtls_new(&dtls, 5 * S, DTLS_CLIENT, our_cert, fingerprint), ==, 0);
	g_assert_cmpuint(drain(dtls), ==, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(due_us); i++) {
		int64_t due = 5 * S + due_us[i];

		g_assert_cmpint(dtls_deadline_us(dtls), ==, due);
		dtls_timeout(dtls, due - 1);
		g_assert_cmpuint(drain(dtls), ==, 0);
		dtls_timeout(dtls, due);
		g_assert_cmpuint(drain(dtls), ==, 1);
	}
	g_assert_cmpint(dtls_deadline_us(dtls), ==, 25 * S);
	dtls_timeout(dtls, 25 * S);
	g_assert_cmpint(dtls_state(dtls), ==, DTLS_FAILED);
	g_assert_cmpstr(dtls_failure(dtls), ==, "the handshake took too long");
	dtls_free(dtls);
}

static void a_server_repeats_itself_on_our_clock(void)
{
	const struct dtls_peer_config config = {0};
	struct dtls_peer peer;
	struct dtls *dtls;
	uint8_t buf[2048];
	size_t len;

	dtls_peer_init(&peer, &config);
	g_assert_cmpint(dtls_new(&dtls, 0, DTLS_SERVER, our_cert, peer.fingerprint), ==, 0);
	g_assert_cmpint(dtls_deadline_us(dtls), ==, DEADLINE_NEVER);
	dtls_peer_input(&peer, NULL, 0);
	while ((len = dtls_peer_output(&peer, buf, sizeof(buf))) > 0)
		g_assert_cmpint(dtls_input(dtls, 60 * S, buf, len), ==, 0);
	size_t flight = drain(dtls);
	g_assert_cmpuint(flight, >=, 1);
	g_assert_cmpint(dtls_deadline_us(dtls), ==, 60 * S + 200000);
	/* Input that is no answer moves nothing and repeats nothing. */
	g_assert_cmpint(dtls_input(dtls, 60 * S + 100000, (const uint8_t *)"noise", 5), ==, 0);
	g_assert_cmpuint(drain(dtls), ==, 0);
	g_assert_cmpint(dtls_input(dtls, 60 * S + 100000, NULL, 0), ==, 0);
	dtls_timeout(dtls, 60 * S + 200000);
	g_assert_cmpint(dtls_deadline_us(dtls), ==, 60 * S + 600000);
	g_assert_cmpuint(drain(dtls), ==, flight); /* not a datagram per message */
	dtls_timeout(dtls, 60 * S + 600000);
	/* The repeated flight completes the handshake. */
	converse(dtls, &peer);
	g_assert_cmpint(dtls_state(dtls), ==, DTLS_READY);
	g_assert_true(peer.is_done);
	dtls_free(dtls);
	dtls_peer_close(&peer);
}

static void a_lost_last_flight_is_repeated(void)
{
	const struct dtls_peer_config config = {0};
	struct dtls_peer peer;
	struct dtls *dtls;
	uint8_t buf[2048];
	size_t len;

	dtls_peer_init(&peer, &config);
	g_assert_cmpint(dtls_new(&dtls, 0, DTLS_SERVER, our_cert, peer.fingerprint), ==, 0);
	dtls_peer_input(&peer, NULL, 0);
	while ((len = dtls_peer_output(&peer, buf, sizeof(buf))) > 0)
		(void)dtls_input(dtls, 0, buf, len);
	while ((len = dtls_output(dtls, buf, sizeof(buf))) > 0)
		dtls_peer_input(&peer, buf, len);
	while ((len = dtls_peer_output(&peer, buf, sizeof(buf))) > 0)
		(void)dtls_input(dtls, 0, buf, len);
	g_assert_cmpint(dtls_state(dtls), ==, DTLS_READY);
	for (int i = 0; i < 5; i++) {
		g_assert_cmpuint(drain(dtls), >=, 1); /* lost */
		g_assert_false(peer.is_done);
		dtls_peer_retransmit(&peer);
		while ((len = dtls_peer_output(&peer, buf, sizeof(buf))) > 0)
			(void)dtls_input(dtls, 0, buf, len);
	}
	converse(dtls, &peer);
	g_assert_true(peer.is_done);
	g_assert_cmpint(dtls_state(dtls), ==, DTLS_READY);
	dtls_free(dtls);
	dtls_peer_close(&peer);
}

static void the_output_queue_is_bounded(void)
{
	const struct dtls_peer_config config = {.mtu = 256, .hello_bytes_more = 4000};
	uint8_t fingerprint[CERT_FINGERPRINT_BYTES] = {0};
	struct dtls_peer peer;
	struct dtls *dtls;
	int64_t now_us = 0;

	/* A hello of 20 datagrams. */
	dtls_peer_init(&peer, &config);
	dtls_peer_input(&peer, NULL, 0);
	g_assert_cmpuint(peer.bio.out_count, ==, LIMIT_DTLS_FLIGHT_DATAGRAMS);
	dtls_peer_retransmit(&peer);
	g_assert_cmpuint(peer.bio.out_count, ==, LIMIT_DTLS_FLIGHT_DATAGRAMS);
	dtls_peer_close(&peer);
	/* Ten repeats of 200 bytes that nobody fetches share datagrams. */
	g_assert_cmpint(dtls_new(&dtls, 0, DTLS_CLIENT, our_cert, fingerprint), ==, 0);
	while (now_us = dtls_deadline_us(dtls), now_us < 20 * S)
		dtls_timeout(dtls, now_us);
	size_t count = drain(dtls);
	g_assert_cmpuint(count, >=, 2);
	g_assert_cmpuint(count, <=, 3);
	dtls_free(dtls);
}

/* Once there are keys, nobody without them can end or disturb the connection. */
static void forgeries_change_nothing_after_the_handshake(void)
{
	static const struct dtls_peer_config config = {0};
	static const uint8_t starts[][13] = {
		{21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2}, /* a plain fatal alert */
		{21, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 99, 0, 2}, /* the same, as if encrypted */
		{21, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 98, 0, 40},
		{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 97, 0, 40},
		{22, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 96, 0, 40},
		{23, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 95, 0, 40},
		{20, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 94, 0, 1},
		{23, 0xfe, 0xfd, 0, 2, 0, 0, 0, 0, 0, 0, 0, 40}, /* of the next epoch */
		{23, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 93, 0xff, 0xff},
		{99, 1, 2, 3, 4},
	};
	struct dtls_peer peer;
	struct dtls *dtls;
	uint8_t buf[LIMIT_DATAGRAM_BYTES];
	struct rng rng = rng_seeded(4);

	dtls_peer_init(&peer, &config);
	g_assert_cmpint(dtls_new(&dtls, 0, DTLS_SERVER, our_cert, peer.fingerprint), ==, 0);
	dtls_peer_input(&peer, NULL, 0);
	converse(dtls, &peer);
	g_assert_cmpint(dtls_state(dtls), ==, DTLS_READY);
	for (size_t i = 0; i < 50 * G_N_ELEMENTS(starts); i++) {
		size_t len = 1 + rng_below(&rng, sizeof(buf));

		rng_bytes(&rng, buf, sizeof(buf));
		if (i % 2 == 0)
			len = 13 + starts[i % G_N_ELEMENTS(starts)][12];
		memcpy(buf, starts[i % G_N_ELEMENTS(starts)], 13);
		if (i < G_N_ELEMENTS(starts)) {
			buf[13] = 2; /* fatal */
			buf[14] = 40;
		}
		g_assert_cmpint(dtls_input(dtls, 0, buf, len), ==, 0);
		g_assert_cmpint(dtls_state(dtls), ==, DTLS_READY);
		g_assert_cmpint(dtls_deadline_us(dtls), ==, DEADLINE_NEVER);
	}
	/* The true close still gets through. */
	SSL_shutdown(peer.ssl);
	converse(dtls, &peer);
	g_assert_cmpint(dtls_state(dtls), ==, DTLS_CLOSED);
	dtls_free(dtls);
	dtls_peer_close(&peer);
}

/* Noise and records that make no sense do not end a handshake either. */
static void noise_does_not_end_a_handshake(void)
{
	static const struct dtls_peer_config config = {.mtu = 300};
	struct dtls_peer peer;
	struct dtls *dtls;
	uint8_t buf[2048];
	uint8_t noise[LIMIT_DATAGRAM_BYTES];
	struct rng rng = rng_seeded(5);
	size_t len;

	dtls_peer_init(&peer, &config);
	g_assert_cmpint(dtls_new(&dtls, 0, DTLS_SERVER, our_cert, peer.fingerprint), ==, 0);
	dtls_peer_input(&peer, NULL, 0);
	for (int round = 0; round < 4; round++) {
		while ((len = dtls_peer_output(&peer, buf, sizeof(buf))) > 0) {
			size_t noise_len = 1 + rng_below(&rng, sizeof(noise));

			rng_bytes(&rng, noise, noise_len);
			g_assert_cmpint(dtls_input(dtls, 0, noise, noise_len), ==, 0);
			g_assert_cmpint(dtls_input(dtls, 0, buf, len / 2), ==, 0); /* cut off */
			g_assert_cmpint(dtls_input(dtls, 0, buf, len), ==, 0);
			g_assert_cmpint(dtls_input(dtls, 0, buf, len), ==, 0);
		}
		while ((len = dtls_output(dtls, buf, sizeof(buf))) > 0)
			dtls_peer_input(&peer, buf, len);
	}
	g_assert_cmpint(dtls_state(dtls), ==, DTLS_READY);
	g_assert_true(peer.is_done);
	dtls_free(dtls);
	dtls_peer_close(&peer);
}

static void a_bigger_buffer_is_asked_for(void)
{
	uint8_t fingerprint[CERT_FINGERPRINT_BYTES] = {0};
	struct dtls *dtls;
	uint8_t buf[2048];

	g_assert_cmpint(dtls_new(&dtls, 0, DTLS_CLIENT, our_cert, fingerprint), ==, 0);
	g_assert_cmpuint(dtls_output(dtls, buf, 10), ==, 0);
	g_assert_cmpuint(dtls_output(dtls, buf, sizeof(buf)), >, 100);
	dtls_free(dtls);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_cmpint(cert_new(&our_cert, 1790000000), ==, 0);
	g_test_add_func("/dtls/both_roles_agree_on_keys", both_roles_agree_on_keys);
	g_test_add_func("/dtls/a_wrong_fingerprint_fails_the_handshake",
			a_wrong_fingerprint_fails_the_handshake);
	g_test_add_func("/dtls/no_common_profile_fails", no_common_profile_fails);
	g_test_add_func("/dtls/close_notify_goes_both_ways", close_notify_goes_both_ways);
	g_test_add_func("/dtls/a_client_repeats_itself_on_our_clock",
			a_client_repeats_itself_on_our_clock);
	g_test_add_func("/dtls/a_server_repeats_itself_on_our_clock",
			a_server_repeats_itself_on_our_clock);
	g_test_add_func("/dtls/a_lost_last_flight_is_repeated", a_lost_last_flight_is_repeated);
	g_test_add_func("/dtls/the_output_queue_is_bounded", the_output_queue_is_bounded);
	g_test_add_func("/dtls/forgeries_change_nothing_after_the_handshake",
			forgeries_change_nothing_after_the_handshake);
	g_test_add_func("/dtls/noise_does_not_end_a_handshake", noise_does_not_end_a_handshake);
	g_test_add_func("/dtls/a_bigger_buffer_is_asked_for", a_bigger_buffer_is_asked_for);
	int failed = g_test_run();
	cert_free(our_cert);
	return failed;
}
