/* SPDX-License-Identifier: EUPL-1.2 */
/* SRTP and SRTCP. First byte: profile (two bits), RTCP, and whether the rest is what comes from the
 * wire or a packet to protect: then the other end must read back what went in. */
#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "media/base/limits.h"
#include "media/wire/srtp.h"

#define BUF_BYTES (LIMIT_DATAGRAM_BYTES + SRTP_LINK_MAX_TRAILER)

static void open_links(struct srtp_link **a, struct srtp_link **b, unsigned profile)
{
	static const enum srtp_link_profile profiles[4] = {
		SRTP_LINK_AEAD_AES_128_GCM, SRTP_LINK_AEAD_AES_256_GCM, SRTP_LINK_AES128_CM_SHA1_80,
		SRTP_LINK_AEAD_AES_128_GCM};
	struct srtp_keys keys = {.profile = profiles[profile]};
	struct srtp_keys swapped;

	memset(keys.send, 0x11, sizeof(keys.send));
	memset(keys.recv, 0x22, sizeof(keys.recv));
	swapped = keys;
	memcpy(swapped.send, keys.recv, sizeof(keys.recv));
	memcpy(swapped.recv, keys.send, sizeof(keys.send));
	if (srtp_link_new(a, &keys) < 0 || srtp_link_new(b, &swapped) < 0)
		abort();
}

static void from_wire(struct srtp_link *link, uint8_t *buf, size_t len, bool is_rtcp)
{
	size_t before = len;
	int error = is_rtcp ? srtp_link_unprotect_rtcp(link, buf, &len)
			    : srtp_link_unprotect(link, buf, &len);

	assert(error < 0 && len == before); /* 2^80 at least against anything else */
}

static void there_and_back(struct srtp_link *a, struct srtp_link *b, uint8_t *buf, size_t len,
			   bool is_rtcp)
{
	_Alignas(8) uint8_t plain[BUF_BYTES];
	size_t plain_len = len;

	memcpy(plain, buf, len);
	int error = is_rtcp ? srtp_link_protect_rtcp(a, buf, &len, BUF_BYTES)
			    : srtp_link_protect(a, buf, &len, BUF_BYTES);
	if (error < 0)
		return;
	assert(len > plain_len && len - plain_len <= SRTP_LINK_MAX_TRAILER);
	error = is_rtcp ? srtp_link_unprotect_rtcp(b, buf, &len)
			: srtp_link_unprotect(b, buf, &len);
	assert(error == 0 && len == plain_len && memcmp(buf, plain, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_initialised;
	struct srtp_link *a;
	struct srtp_link *b;
	_Alignas(8) uint8_t buf[BUF_BYTES];

	if (!is_initialised && srtp_link_library_init() < 0)
		abort();
	is_initialised = true;
	if (size < 1 || size - 1 > LIMIT_DATAGRAM_BYTES)
		return 0;
	open_links(&a, &b, data[0] & 3);
	memcpy(buf, data + 1, size - 1);
	if (data[0] & 8)
		there_and_back(a, b, buf, size - 1, data[0] & 4);
	else
		from_wire(a, buf, size - 1, data[0] & 4);
	srtp_link_free(a);
	srtp_link_free(b);
	return 0;
}
