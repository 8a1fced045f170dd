/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "media/base/rng.h"
#include "media/wire/gcm.h"

#define BODY_BYTES 1500

static const size_t key_bytes[] = {16, 32};

/* GCM revised specification, test cases 4 and 16. */
static const uint8_t spec_key[] = {0xfe, 0xff, 0xe9, 0x92, 0x86, 0x65, 0x73, 0x1c, 0x6d, 0x6a, 0x8f,
				   0x94, 0x67, 0x30, 0x83, 0x08, 0xfe, 0xff, 0xe9, 0x92, 0x86, 0x65,
				   0x73, 0x1c, 0x6d, 0x6a, 0x8f, 0x94, 0x67, 0x30, 0x83, 0x08};
static const uint8_t spec_nonce[] = {0xca, 0xfe, 0xba, 0xbe, 0xfa, 0xce,
				     0xdb, 0xad, 0xde, 0xca, 0xf8, 0x88};
static const uint8_t spec_aad[] = {0xfe, 0xed, 0xfa, 0xce, 0xde, 0xad, 0xbe, 0xef, 0xfe, 0xed,
				   0xfa, 0xce, 0xde, 0xad, 0xbe, 0xef, 0xab, 0xad, 0xda, 0xd2};
static const uint8_t spec_body[] = {
	0xd9, 0x31, 0x32, 0x25, 0xf8, 0x84, 0x06, 0xe5, 0xa5, 0x59, 0x09, 0xc5, 0xaf, 0xf5, 0x26,
	0x9a, 0x86, 0xa7, 0xa9, 0x53, 0x15, 0x34, 0xf7, 0xda, 0x2e, 0x4c, 0x30, 0x3d, 0x8a, 0x31,
	0x8a, 0x72, 0x1c, 0x3c, 0x0c, 0x95, 0x95, 0x68, 0x09, 0x53, 0x2f, 0xcf, 0x0e, 0x24, 0x49,
	0xa6, 0xb5, 0x25, 0xb1, 0x6a, 0xed, 0xf5, 0xaa, 0x0d, 0xe6, 0x57, 0xba, 0x63, 0x7b, 0x39};
static const uint8_t spec_tag[2][GCM_TAG_BYTES] = {
	{0x5b, 0xc9, 0x4f, 0xbc, 0x32, 0x21, 0xa5, 0xdb, 0x94, 0xfa, 0xe9, 0x5a, 0xe7, 0x12, 0x1a,
	 0x47},
	{0x76, 0xfc, 0x6e, 0xce, 0x0f, 0x4e, 0x17, 0x68, 0xcd, 0xdf, 0x88, 0x53, 0xbb, 0x2d, 0x55,
	 0x1b},
};

static void gives_the_tags_of_the_specification(void)
{
	for (int i = 0; i < 2; i++) {
		uint8_t body[sizeof(spec_body)];
		uint8_t tag[GCM_TAG_BYTES];
		struct gcm_text text = {spec_nonce, spec_aad, sizeof(spec_aad), body, sizeof(body)};
		struct gcm *gcm = NULL;

		memcpy(body, spec_body, sizeof(body));
		g_assert_cmpint(gcm_new(&gcm, GCM_SEAL, spec_key, key_bytes[i]), ==, 0);
		g_assert_true(gcm_seal(gcm, &text, tag));
		g_assert_cmpmem(tag, sizeof(tag), spec_tag[i], sizeof(spec_tag[i]));
		gcm_free(gcm);
	}
}

/* One text of these lengths through both ways, there and back, and with one bit wrong. */
static void compare(struct rng *rng, struct gcm *const gcm[4], size_t aad_len, size_t body_len)
{
	uint8_t nonce[GCM_NONCE_BYTES], aad[64], plain[BODY_BYTES], body[2][BODY_BYTES];
	uint8_t tag[2][GCM_TAG_BYTES];
	struct gcm_text text = {
		.nonce = nonce, .aad = aad, .aad_len = aad_len, .body_len = body_len};

	rng_bytes(rng, nonce, sizeof(nonce));
	rng_bytes(rng, aad, aad_len);
	rng_bytes(rng, plain, body_len);
	for (int i = 0; i < 2; i++) {
		memcpy(body[i], plain, body_len);
		text.body = body[i];
		g_assert_true(gcm_seal(gcm[i], &text, tag[i]));
	}
	g_assert_true(memcmp(body[0], body[1], body_len) == 0);
	g_assert_cmpmem(tag[0], GCM_TAG_BYTES, tag[1], GCM_TAG_BYTES);
	for (int i = 0; i < 2; i++) {
		text.body = body[i];
		g_assert_true(gcm_open(gcm[2 + i], &text, tag[1 - i]));
		g_assert_true(memcmp(body[i], plain, body_len) == 0);
		tag[1 - i][rng_u32(rng) % GCM_TAG_BYTES] ^= (uint8_t)(1u << rng_u32(rng) % 8);
		g_assert_true(gcm_seal(gcm[i], &text, tag[i]));
		g_assert_false(gcm_open(gcm[2 + i], &text, tag[1 - i]));
		memcpy(tag[1 - i], tag[i], GCM_TAG_BYTES);
	}
}

static void both_ways_give_the_same_bytes(void)
{
	struct rng rng = rng_seeded(7714);

	for (int k = 0; k < 2; k++) {
		uint8_t key[32];
		struct gcm *gcm[4];

		rng_bytes(&rng, key, sizeof(key));
		g_assert_cmpint(gcm_new(&gcm[0], GCM_SEAL, key, key_bytes[k]), ==, 0);
		g_assert_cmpint(gcm_new_portable(&gcm[1], GCM_SEAL, key, key_bytes[k]), ==, 0);
		g_assert_cmpint(gcm_new(&gcm[2], GCM_OPEN, key, key_bytes[k]), ==, 0);
		g_assert_cmpint(gcm_new_portable(&gcm[3], GCM_OPEN, key, key_bytes[k]), ==, 0);
		for (size_t len = 0; len < 300; len++)
			compare(&rng, gcm, 12 + len % 50, len);
		for (size_t len = 300; len <= BODY_BYTES; len += 13)
			compare(&rng, gcm, 12, len);
		for (int i = 0; i < 4; i++)
			gcm_free(gcm[i]);
	}
}

static void refuses_other_keys(void)
{
	struct gcm *gcm = NULL;

	g_assert_cmpint(gcm_new(&gcm, GCM_SEAL, spec_key, 24), ==, -EINVAL);
	g_assert_cmpint(gcm_new_portable(&gcm, GCM_SEAL, spec_key, 0), ==, -EINVAL);
	g_assert_null(gcm);
	gcm_free(NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	gcm_library_init();
	g_test_add_func("/gcm/specification", gives_the_tags_of_the_specification);
	g_test_add_func("/gcm/same-bytes", both_ways_give_the_same_bytes);
	g_test_add_func("/gcm/other-keys", refuses_other_keys);
	return g_test_run();
}
