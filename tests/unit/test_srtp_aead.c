/* SPDX-License-Identifier: EUPL-1.2 */
/* Against the numbers of the RFCs. */
#include <errno.h>
#include <string.h>

#include <glib.h>

#include "media/wire/srtp_aead.h"

static size_t from_hex(uint8_t *out, const char *hex)
{
	size_t n = 0;

	for (; hex[0] && hex[1]; hex += 2)
		out[n++] =
			(uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
	return n;
}

static void keys_derive_as_in_the_rfcs(void)
{
	/* RFC 3711 B.3 and RFC 6188 7.4 */
	static const struct {
		const char *key, *salt, *session_key, *session_salt;
	} steps[] = {
		{"E1F97A0D3E018BE0D64FA32C06DE4139", "0EC675AD498AFEEBB6960B3AABE6",
		 "C61E7A93744F39EE10734AFE3FF7A087", "30CBBC08863D8C85D49DB34A9AE1"},
		{"f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6",
		 "3b04803de51ee7c96423ab5b78d2",
		 "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4",
		 "fa31791685ca444a9e07c6c64e93"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		uint8_t key[32], salt[14], expected[32], derived[32];
		size_t key_len = from_hex(key, steps[i].key);

		from_hex(salt, steps[i].salt);
		from_hex(expected, steps[i].session_key);
		g_assert_cmpint(srtp_aead_derive(derived, key_len, 0, key, key_len, salt), ==, 0);
		g_assert_cmpmem(derived, (int)key_len, expected, (int)key_len);
		from_hex(expected, steps[i].session_salt);
		g_assert_cmpint(srtp_aead_derive(derived, 14, 2, key, key_len, salt), ==, 0);
		g_assert_cmpmem(derived, 14, expected, 14);
	}
}

static void packets_are_those_of_rfc7714(void)
{
	/* RFC 7714 16.1.1 and 16.2.1 */
	static const char plain_hex[] =
		"8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e69732064697669"
		"736120696e207061727465732074726573";
	static const struct {
		const char *key, *wire;
	} steps[] = {
		{"000102030405060708090a0b0c0d0e0f",
		 "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a"
		 "51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce"},
		{"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
		 "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a02"
		 "76ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		uint8_t key[32], salt[12], plain[128], wire[128], buf[128];
		struct srtp_aead send, recv;
		size_t key_len = from_hex(key, steps[i].key);
		size_t plain_len = from_hex(plain, plain_hex);
		size_t wire_len = from_hex(wire, steps[i].wire);
		size_t len = plain_len;

		from_hex(salt, "517569642070726f2071756f");
		g_assert_cmpint(srtp_aead_init(&send, SRTP_AEAD_SEND, key, key_len, salt), ==, 0);
		g_assert_cmpint(srtp_aead_init(&recv, SRTP_AEAD_RECV, key, key_len, salt), ==, 0);
		memcpy(buf, plain, len);
		g_assert_cmpint(srtp_aead_protect(&send, buf, &len, sizeof(buf)), ==, 0);
		g_assert_cmpmem(buf, (int)len, wire, (int)wire_len);
		g_assert_cmpint(srtp_aead_unprotect(&recv, buf, &len), ==, 0);
		g_assert_cmpmem(buf, (int)len, plain, (int)plain_len);
		srtp_aead_close(&send);
		srtp_aead_close(&recv);
	}
}

static void reports_are_those_of_rfc7714(void)
{
	/* RFC 7714 17.1: index 0x5d4 under AEAD_AES_128_GCM */
	static const char plain_hex[] =
		"81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61"
		"deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
	static const char wire_hex[] =
		"81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda"
		"4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4";
	uint8_t key[16], salt[12], plain[128], wire[128], buf[128];
	struct srtp_aead send, recv;
	size_t plain_len = from_hex(plain, plain_hex);
	size_t wire_len = from_hex(wire, wire_hex);
	size_t len = plain_len;

	from_hex(key, "000102030405060708090a0b0c0d0e0f");
	from_hex(salt, "517569642070726f2071756f");
	g_assert_cmpint(srtp_aead_init(&send, SRTP_AEAD_SEND_RTCP, key, 16, salt), ==, 0);
	g_assert_cmpint(srtp_aead_init(&recv, SRTP_AEAD_RECV_RTCP, key, 16, salt), ==, 0);
	g_assert_cmpint(srtp_aead_stream(&send, 0x4d617273), ==, 0);
	send.replay[0].highest = 0x5d3;
	memcpy(buf, plain, len);
	g_assert_cmpint(srtp_aead_protect_rtcp(&send, buf, &len, sizeof(buf)), ==, 0);
	g_assert_cmpmem(buf, (int)len, wire, (int)wire_len);
	/* Without the encryption bit it is refused, whatever else it says. */
	buf[len - 4] &= 0x7f;
	g_assert_cmpint(srtp_aead_unprotect_rtcp(&recv, buf, &len), ==, -EPERM);
	buf[len - 4] |= 0x80;
	g_assert_cmpint(srtp_aead_unprotect_rtcp(&recv, buf, &len), ==, 0);
	g_assert_cmpmem(buf, (int)len, plain, (int)plain_len);
	/* 2^31 reports under one key are its end. */
	send.replay[0].highest = 0x7ffffffe;
	g_assert_cmpint(srtp_aead_protect_rtcp(&send, buf, &len, sizeof(buf)), ==, 0);
	len = plain_len;
	memcpy(buf, plain, len);
	g_assert_cmpint(srtp_aead_protect_rtcp(&send, buf, &len, sizeof(buf)), ==, -EINVAL);
	srtp_aead_close(&send);
	srtp_aead_close(&recv);
}

/* 2^48 packets under one key are the end of it (RFC 3711 9.2). */
static void a_used_up_key_is_refused(void)
{
	uint8_t key[16] = {1}, salt[12] = {2};
	uint8_t first[64] = {0x80, 96};
	uint8_t buf[64] = {0x80, 96, 0xff, 0xfe};
	struct srtp_aead send;
	size_t len = 20;

	g_assert_cmpint(srtp_aead_init(&send, SRTP_AEAD_SEND, key, sizeof(key), salt), ==, 0);
	g_assert_cmpint(srtp_aead_stream(&send, 0), ==, 0);
	g_assert_cmpint(srtp_aead_stream(&send, 0), ==, 0);
	g_assert_cmpint(srtp_aead_protect(&send, first, &len, sizeof(first)), ==, 0);
	len = 20;
	send.sent[0]->highest = SRTP_INDEX_MAX - 1;
	g_assert_cmpint(srtp_aead_protect(&send, buf, &len, sizeof(buf)), ==, 0);
	memset(buf, 0, sizeof(buf));
	buf[0] = 0x80;
	len = 20;
	g_assert_cmpint(srtp_aead_protect(&send, buf, &len, sizeof(buf)), ==, -EINVAL);
	srtp_aead_close(&send);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	gcm_library_init();
	g_test_add_func("/srtp_aead/keys_derive_as_in_the_rfcs", keys_derive_as_in_the_rfcs);
	g_test_add_func("/srtp_aead/packets_are_those_of_rfc7714", packets_are_those_of_rfc7714);
	g_test_add_func("/srtp_aead/reports_are_those_of_rfc7714", reports_are_those_of_rfc7714);
	g_test_add_func("/srtp_aead/a_used_up_key_is_refused", a_used_up_key_is_refused);
	return g_test_run();
}
