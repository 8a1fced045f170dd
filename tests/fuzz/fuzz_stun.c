/* SPDX-License-Identifier: EUPL-1.2 */
/* Connectivity checks. First byte even: the rest is the datagram as it is. Odd: the rest is the
 * attributes, to which this adds header, MESSAGE-INTEGRITY and FINGERPRINT of the right password,
 * so that what lies behind authentication is reached too. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "fuzz.h"
#include "media/base/bytes.h"
#include "media/wire/ice.h"

#define HEADER_BYTES	  20
#define INTEGRITY_BYTES	  24
#define FINGERPRINT_BYTES 8

static const struct ice_credentials local = {"aaaa", "passwordOfTheServer24chr"};

static uint32_t crc32_of(const uint8_t *p, size_t len)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= p[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

/* RFC 8489 14.5 and 14.7: each is computed with the length up to and including itself. */
static size_t sign(uint8_t *buf, size_t cap, const uint8_t *attributes, size_t len)
{
	struct wr w = wr_init(buf, cap);
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned mac_len = 0;

	wr_u16(&w, 0x0001);
	wr_u16(&w, (uint16_t)(len + INTEGRITY_BYTES));
	wr_u32(&w, 0x2112a442);
	wr_bytes(&w, "transaction!", 12);
	wr_bytes(&w, attributes, len);
	HMAC(EVP_sha1(), local.pwd, (int)strlen(local.pwd), buf, wr_len(&w), mac, &mac_len);
	wr_u16(&w, 0x0008);
	wr_u16(&w, (uint16_t)mac_len);
	wr_bytes(&w, mac, mac_len);
	wr_patch_u16(&w, 2, (uint16_t)(len + INTEGRITY_BYTES + FINGERPRINT_BYTES));
	uint32_t crc = crc32_of(buf, wr_len(&w)) ^ 0x5354554e;
	wr_u16(&w, 0x8028);
	wr_u16(&w, 4);
	wr_u32(&w, crc);
	assert(wr_ok(&w));
	return wr_len(&w);
}

static void feed(const uint8_t *buf, size_t len, const struct addr *from)
{
	struct stun_peek peek;
	struct stun_request request;
	uint8_t reply[STUN_REPLY_BYTES] = {0};
	size_t reply_len = 0;
	int peeked = stun_peek_request(&peek, buf, len);
	int answered = stun_answer_request(&request, buf, len, &local, from, reply, sizeof(reply),
					   &reply_len);

	assert(answered == 0 || (reply_len == 0 && reply[0] == 0));
	assert(peeked == 0 || answered == -EBADMSG);
	if (answered == 0) {
		assert(reply_len >= HEADER_BYTES && reply_len <= sizeof(reply));
		assert(reply[0] == 0x01 && reply[1] == (request.is_refused ? 0x11 : 0x01));
		assert(memcmp(reply + 4, buf + 4, 16) == 0);
		assert(strcmp(peek.local_ufrag, local.ufrag) == 0);
	}

	struct path path = {.remote = *from};
	struct ice ice;

	ice_init(&ice, 0, &local);
	(void)ice_input(&ice, 1, &path, buf, len, reply, sizeof(reply), &reply_len);
	assert(ice_is_validated(&ice, &path) == (answered == 0 && !request.is_refused));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct addr froms[2] = {
		{.family = ADDR_IPV4, .port = 4000, .ip = {192, 0, 2, 1}},
		{.family = ADDR_IPV6, .port = 4000, .ip = {0x20, 1}},
	};
	uint8_t buf[2048];

	if (size < 1 || size > 1500)
		return 0;
	const struct addr *from = &froms[data[0] >> 1 & 1];
	if (data[0] & 1)
		feed(buf, sign(buf, sizeof(buf), data + 1, (size - 1) & ~(size_t)3), from);
	else
		feed(data + 1, size - 1, from);
	return 0;
}
