/* SPDX-License-Identifier: EUPL-1.2 */
/* SRTCP under AEAD (RFC 7714 9): eight bytes in clear, the rest through the cipher, the tag, and a
 * word with the encryption bit and the index, which is authenticated too. */
#include <errno.h>

#include "media/base/bytes.h"
#include "media/wire/srtp_aead.h"

#define RTCP_CLEAR_BYTES 8
#define WORD_BYTES	 4
#define TRAILER_BYTES	 (SRTP_AEAD_TAG_BYTES + WORD_BYTES)
#define ENCRYPTED	 0x80000000u /* the E bit; RFC 3711 3.4 */
#define INDEX_MAX	 0x7fffffffu

static bool read_ssrc(uint32_t *out, const uint8_t *buf, size_t len)
{
	struct rd r = rd_init(buf, len);
	uint8_t first = rd_u8(&r);

	rd_skip(&r, 3);
	*out = rd_u32(&r);
	return rd_ok(&r) && first >> 6 == 2;
}

/* What surrounds the text: the nonce, and what is authenticated in one piece. */
struct frame {
	uint8_t iv[SRTP_AEAD_SALT_BYTES];
	uint8_t aad[RTCP_CLEAR_BYTES + WORD_BYTES];
};

static struct gcm_text text_of(struct frame *frame, const struct srtp_aead *aead, uint32_t ssrc,
			       uint32_t word, uint8_t *buf, size_t len)
{
	struct wr w = wr_init(frame->iv, sizeof(frame->iv));

	wr_u16(&w, 0);
	wr_u32(&w, ssrc);
	wr_u16(&w, 0);
	wr_u32(&w, word & INDEX_MAX);
	for (size_t i = 0; i < sizeof(frame->iv); i++)
		frame->iv[i] ^= aead->salt[i];
	w = wr_init(frame->aad, sizeof(frame->aad));
	wr_bytes(&w, buf, RTCP_CLEAR_BYTES);
	wr_u32(&w, word);
	return (struct gcm_text){
		.nonce = frame->iv,
		.aad = frame->aad,
		.aad_len = sizeof(frame->aad),
		.body = buf + RTCP_CLEAR_BYTES,
		.body_len = len - RTCP_CLEAR_BYTES,
	};
}

int srtp_aead_protect_rtcp(struct srtp_aead *aead, uint8_t *buf, size_t *len, size_t cap)
{
	uint32_t ssrc;

	if (!read_ssrc(&ssrc, buf, *len) || *len > cap || cap - *len < TRAILER_BYTES)
		return -EINVAL;
	int i = srtp_aead_stream(aead, ssrc);
	if (i < 0)
		return i;
	if (aead->replay[i].highest == INDEX_MAX)
		return -EINVAL; /* the key is used up: RFC 3711 9.2 */
	uint32_t word = ENCRYPTED | (uint32_t)(++aead->replay[i].highest);
	struct frame frame;
	struct gcm_text text = text_of(&frame, aead, ssrc, word, buf, *len);

	if (!gcm_seal(aead->gcm, &text, buf + *len))
		return -EINVAL;
	struct wr w = wr_init(buf + *len + SRTP_AEAD_TAG_BYTES, WORD_BYTES);
	wr_u32(&w, word);
	*len += TRAILER_BYTES;
	return 0;
}

int srtp_aead_unprotect_rtcp(struct srtp_aead *aead, uint8_t *buf, size_t *len)
{
	struct srtp_replay fresh = {0};
	uint32_t ssrc;

	if (*len < RTCP_CLEAR_BYTES + TRAILER_BYTES || !read_ssrc(&ssrc, buf, *len))
		return -EBADMSG;
	size_t plain_len = *len - TRAILER_BYTES;
	struct rd r = rd_init(buf + *len - WORD_BYTES, WORD_BYTES);
	uint32_t word = rd_u32(&r);
	if ((word & ENCRYPTED) == 0)
		return -EPERM; /* the profiles of RFC 5764 encrypt: no way down */
	int i = srtp_ssrcs_find(&aead->ssrcs, ssrc);
	if (i < 0 && aead->ssrcs.count == SRTP_SSRCS_MAX)
		return -ENOSPC;
	if (!srtp_replay_is_fresh(i < 0 ? &fresh : &aead->replay[i], word & INDEX_MAX))
		return -EALREADY;
	struct frame frame;
	struct gcm_text text = text_of(&frame, aead, ssrc, word, buf, plain_len);
	if (!gcm_open(aead->gcm, &text, buf + plain_len))
		return -EPERM;
	i = srtp_aead_stream(aead, ssrc);
	if (i < 0)
		return i;
	srtp_replay_mark(&aead->replay[i], word & INDEX_MAX);
	*len = plain_len;
	return 0;
}
