/* SPDX-License-Identifier: EUPL-1.2 */
/* The DTLS transport in either role. First byte: role. Then datagrams, each behind two bytes: its
 * length with the top bit saying that 200 ms pass before it. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "media/base/bytes.h"
#include "media/base/limits.h"
#include "media/wire/dtls.h"

static struct cert *cert;

static void drain(struct dtls *dtls)
{
	uint8_t out[LIMIT_DATAGRAM_BYTES];
	size_t len;

	while ((len = dtls_output(dtls, out, sizeof(out))) > 0)
		assert(len <= LIMIT_DTLS_MTU_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t fingerprint[CERT_FINGERPRINT_BYTES] = {0};
	struct rd r = rd_init(data, size);
	struct srtp_keys keys;
	struct dtls *dtls;
	int64_t now_us = 0;

	if (!cert && cert_new(&cert, 1790000000) < 0)
		abort();
	enum dtls_role role = rd_u8(&r) & 1 ? DTLS_CLIENT : DTLS_SERVER;
	if (dtls_new(&dtls, now_us, role, cert, fingerprint) < 0)
		abort();
	drain(dtls);
	while (rd_left(&r) >= 2) {
		uint16_t head = rd_u16(&r);
		size_t len = head & 0x7fff;

		if (len > rd_left(&r))
			len = rd_left(&r);
		const uint8_t *datagram = rd_bytes(&r, len);

		if (head & 0x8000) {
			now_us += 200000;
			dtls_timeout(dtls, now_us);
		}
		int error = dtls_input(dtls, now_us, datagram, len);
		assert(error == 0 || dtls_state(dtls) == DTLS_FAILED);
		/* Nobody here can have the certificate of this fingerprint. */
		assert(dtls_state(dtls) != DTLS_READY && dtls_keys(dtls, &keys) < 0);
		assert((dtls_state(dtls) == DTLS_FAILED) == (dtls_failure(dtls)[0] != '\0'));
		drain(dtls);
	}
	dtls_timeout(dtls, now_us + 3600000000);
	dtls_close(dtls, now_us);
	dtls_free(dtls);
	return 0;
}
