/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * SRTP and SRTCP (RFC 3711, RFC 7714) of one transport, both directions. The AEAD profiles run on
 * OpenSSL EVP here (no allocation and no lock per packet, half of libsrtp's time with Debian's NSS
 * backend, a tenth of its memory); AES128_CM_SHA1_80 is libsrtp2's. Only srtp*.c include either for
 * this. Names start with srtp_link_ because srtp_ is the library's.
 */
#ifndef VIDD_MEDIA_WIRE_SRTP_H
#define VIDD_MEDIA_WIRE_SRTP_H

#include <stddef.h>
#include <stdint.h>

/* IANA DTLS-SRTP protection profile numbers. */
enum srtp_link_profile {
	SRTP_LINK_AES128_CM_SHA1_80 = 0x0001,
	SRTP_LINK_AEAD_AES_128_GCM = 0x0007,
	SRTP_LINK_AEAD_AES_256_GCM = 0x0008,
};

/* Master key (16 or 32 bytes) followed by master salt (14 or 12 bytes), as the profile says. */
struct srtp_keys {
	enum srtp_link_profile profile;
	uint8_t send[46];
	uint8_t recv[46];
};

#define SRTP_LINK_MAX_TRAILER 20 /* bytes that protection may add: RTCP index and tag */

struct srtp_link;

/* Once per process, before any thread makes a link: libsrtp's tables, gcm_library_init. 0 or -EIO.
 */
int srtp_link_library_init(void);

/* 0, -ENOMEM (also when the library was not initialised), -EINVAL (unknown profile). Keys are
 * copied. */
int srtp_link_new(struct srtp_link **out, const struct srtp_keys *keys);
void srtp_link_free(struct srtp_link *link);

/* Makes an SSRC's sending state ahead of its first packet, which would make it otherwise; under the
 * AEAD profiles its place alone, for most slots never send: the memory of what was sent (2 kB)
 * comes with the first packet, and nothing is allocated after. Twice is no error. 0, -ENOMEM,
 * -ENOSPC. */
int srtp_link_add_sender(struct srtp_link *link, uint32_t ssrc);
/* In place: buf[0..*len) becomes the protected packet, *len its length; cap is the buffer's size.
 * 0; -EINVAL not RTP (RTCP), or no room; -ENOMEM; -ENOSPC too many streams; -EALREADY this sequence
 * number was sent with other bytes, or lies LIMIT_SENT_PACKETS back or more (AEAD only).
 *
 * A packet may be protected again (plain retransmission, RFC 4585 6.2.1) only byte for byte as it
 * was, header extensions such as the transport-wide sequence number included: GCM under one nonce
 * with two different packets gives its authentication key away. On an error buf is no packet any
 * more. */
int srtp_link_protect(struct srtp_link *link, uint8_t *buf, size_t *len, size_t cap);
int srtp_link_protect_rtcp(struct srtp_link *link, uint8_t *buf, size_t *len, size_t cap);
/* In place. 0; -EPERM authentication failed; -EALREADY a replay, or older than the window of 128;
 * -EBADMSG not RTP (RTCP); -ENOSPC more receiving streams than LIMIT_CODECS*LIMIT_MLINES would
 * explain; -ENOMEM. Link state changes only on 0; buf's payload is undefined after an error. */
int srtp_link_unprotect(struct srtp_link *link, uint8_t *buf, size_t *len);
int srtp_link_unprotect_rtcp(struct srtp_link *link, uint8_t *buf, size_t *len);

#endif
