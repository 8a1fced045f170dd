/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/srtp_aead.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "media/base/bytes.h"

#define RTP_FIXED_BYTES 12

int srtp_aead_derive(uint8_t *out, size_t out_len, uint8_t label, const uint8_t *master_key,
		     size_t key_len, const uint8_t master_salt[14])
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t iv[16] = {0};
	int n = 0;
	int result = -ENOMEM;

	/* key_id = label || r with r = 0 (no key derivation rate), right-aligned in 112 bits. */
	memcpy(iv, master_salt, 14);
	iv[7] ^= label;
	memset(out, 0, out_len);
	if (ctx &&
	    EVP_EncryptInit_ex(ctx, key_len == 32 ? EVP_aes_256_ctr() : EVP_aes_128_ctr(), NULL,
			       master_key, iv) == 1 &&
	    EVP_EncryptUpdate(ctx, out, &n, out, (int)out_len) == 1)
		result = 0;
	EVP_CIPHER_CTX_free(ctx);
	return result;
}

/* RFC 3711 4.3.2 */
static const struct {
	uint8_t key;
	uint8_t salt;
} labels[] = {
	[SRTP_AEAD_SEND] = {0, 2},
	[SRTP_AEAD_RECV] = {0, 2},
	[SRTP_AEAD_SEND_RTCP] = {3, 5},
	[SRTP_AEAD_RECV_RTCP] = {3, 5},
};

int srtp_aead_open(struct srtp_aead *aead, enum srtp_aead_use use, const uint8_t *master,
		   size_t key_len)
{
	uint8_t master_salt[14] = {0};
	uint8_t key[32];
	uint8_t salt[SRTP_AEAD_SALT_BYTES];
	int error;

	memcpy(master_salt, master + key_len, SRTP_AEAD_SALT_BYTES);
	error = srtp_aead_derive(key, key_len, labels[use].key, master, key_len, master_salt);
	if (error == 0)
		error = srtp_aead_derive(salt, sizeof(salt), labels[use].salt, master, key_len,
					 master_salt);
	if (error == 0)
		error = srtp_aead_init(aead, use, key, key_len, salt);
	OPENSSL_cleanse(key, sizeof(key));
	OPENSSL_cleanse(salt, sizeof(salt));
	return error;
}

int srtp_aead_init(struct srtp_aead *aead, enum srtp_aead_use use, const uint8_t *key,
		   size_t key_len, const uint8_t salt[SRTP_AEAD_SALT_BYTES])
{
	bool is_sender = use == SRTP_AEAD_SEND || use == SRTP_AEAD_SEND_RTCP;

	*aead = (struct srtp_aead){.use = use};
	memcpy(aead->salt, salt, SRTP_AEAD_SALT_BYTES);
	return gcm_new(&aead->gcm, is_sender ? GCM_SEAL : GCM_OPEN, key, key_len);
}

void srtp_aead_close(struct srtp_aead *aead)
{
	for (int i = 0; aead->sent && i < aead->ssrcs.count; i++)
		free(aead->sent[i]);
	free(aead->sent);
	free(aead->replay);
	srtp_ssrcs_close(&aead->ssrcs);
	gcm_free(aead->gcm);
	OPENSSL_cleanse(aead, sizeof(*aead));
}

/* Room in the table beside ssrcs for one stream more. */
static int make_room(struct srtp_aead *aead)
{
	if (aead->ssrcs.count < aead->cap)
		return 0;
	int cap = aead->cap ? 2 * aead->cap : 8;

	if (aead->use == SRTP_AEAD_SEND) {
		struct srtp_sent **sent =
			realloc(aead->sent, (size_t)cap * sizeof(struct srtp_sent *));

		if (!sent)
			return -ENOMEM;
		aead->sent = sent;
	} else {
		struct srtp_replay *replay =
			realloc(aead->replay, (size_t)cap * sizeof(struct srtp_replay));

		if (!replay)
			return -ENOMEM;
		aead->replay = replay;
	}
	aead->cap = cap;
	return 0;
}

int srtp_aead_stream(struct srtp_aead *aead, uint32_t ssrc)
{
	int i = srtp_ssrcs_find(&aead->ssrcs, ssrc);

	if (i >= 0)
		return i;
	if (make_room(aead) < 0)
		return -ENOMEM;
	i = srtp_ssrcs_add(&aead->ssrcs, ssrc);
	if (i < 0)
		return i;
	if (aead->use == SRTP_AEAD_SEND)
		aead->sent[i] = NULL;
	else
		aead->replay[i] = (struct srtp_replay){0};
	return i;
}

struct rtp_start {
	uint16_t seq;
	uint32_t ssrc;
	size_t aad_len; /* fixed header, CSRCs and header extension: in clear, authenticated */
};

/* RFC 7714 8.2. The padding count is under the cipher, so this is not rtp_parse. */
static bool read_start(struct rtp_start *out, const uint8_t *buf, size_t len)
{
	struct rd r = rd_init(buf, len);
	uint8_t first = rd_u8(&r);

	rd_skip(&r, 1);
	out->seq = rd_u16(&r);
	rd_skip(&r, 4);
	out->ssrc = rd_u32(&r);
	rd_skip(&r, 4u * (first & 0x0f));
	if (first & 0x10) {
		rd_skip(&r, 2);
		rd_skip(&r, 4u * rd_u16(&r));
	}
	out->aad_len = len - rd_left(&r);
	return rd_ok(&r) && first >> 6 == 2;
}

/* RFC 7714 8.1: two zero bytes, SSRC, rollover counter and sequence number, under the salt. */
static void make_iv(uint8_t iv[SRTP_AEAD_SALT_BYTES], const struct srtp_aead *aead, uint32_t ssrc,
		    uint64_t index)
{
	struct wr w = wr_init(iv, SRTP_AEAD_SALT_BYTES);

	wr_u16(&w, 0);
	wr_u32(&w, ssrc);
	wr_u32(&w, (uint32_t)(index >> 16));
	wr_u16(&w, (uint16_t)index);
	for (size_t i = 0; i < SRTP_AEAD_SALT_BYTES; i++)
		iv[i] ^= aead->salt[i];
}

/* Header in clear, payload through the cipher in place. */
static struct gcm_text text_of(const struct rtp_start *start, const uint8_t *iv, uint8_t *buf,
			       size_t len)
{
	return (struct gcm_text){
		.nonce = iv,
		.aad = buf,
		.aad_len = start->aad_len,
		.body = buf + start->aad_len,
		.body_len = len - start->aad_len,
	};
}

static uint32_t mark_of(const uint8_t tag[SRTP_AEAD_TAG_BYTES])
{
	struct rd r = rd_init(tag, SRTP_AEAD_TAG_BYTES);

	return rd_u32(&r) | 1; /* 0 means "not sent" */
}

/* The nonce is made of SSRC and packet index, so one index must never protect two different
 * packets: two plaintexts under one nonce give their XOR away, and two headers or payloads with
 * their tags give GCM's authentication key away, with which anyone can forge. A repeat (plain
 * retransmission) is safe exactly when every byte of it, header extensions included, is what it was
 * the first time: then it is the same ciphertext. So a sender remembers 31 bits of each recent
 * tag, and refuses an index it used for something else; anything older is refused unseen. */
int srtp_aead_protect(struct srtp_aead *aead, uint8_t *buf, size_t *len, size_t cap)
{
	struct rtp_start start;

	if (!read_start(&start, buf, *len) || *len > cap || cap - *len < SRTP_AEAD_TAG_BYTES)
		return -EINVAL;
	int i = srtp_aead_stream(aead, start.ssrc);
	if (i < 0)
		return i;
	if (!aead->sent[i])
		aead->sent[i] = calloc(1, sizeof(struct srtp_sent));
	struct srtp_sent *sent = aead->sent[i];
	if (!sent)
		return -ENOMEM;
	uint64_t index = srtp_index_estimate(sent->has_started, sent->highest, start.seq);
	if (index > SRTP_INDEX_MAX)
		return -EINVAL;
	if (sent->has_started && index + SRTP_INDEX_SENT <= sent->highest)
		return -EALREADY;

	uint8_t *tag = buf + *len;
	uint8_t iv[SRTP_AEAD_SALT_BYTES];
	struct gcm_text text = text_of(&start, iv, buf, *len);
	make_iv(iv, aead, start.ssrc, index);
	if (!gcm_seal(aead->gcm, &text, tag))
		return -EINVAL;
	if (!srtp_sent_note(sent, index, mark_of(tag))) {
		/* Must not leave by any mistake of a caller's. */
		OPENSSL_cleanse(buf, *len + SRTP_AEAD_TAG_BYTES);
		return -EALREADY;
	}
	*len += SRTP_AEAD_TAG_BYTES;
	return 0;
}

int srtp_aead_unprotect(struct srtp_aead *aead, uint8_t *buf, size_t *len)
{
	struct rtp_start start;
	struct srtp_replay fresh = {0};

	if (*len < RTP_FIXED_BYTES + SRTP_AEAD_TAG_BYTES ||
	    !read_start(&start, buf, *len - SRTP_AEAD_TAG_BYTES))
		return -EBADMSG;
	int i = srtp_ssrcs_find(&aead->ssrcs, start.ssrc);
	if (i < 0 && aead->ssrcs.count == SRTP_SSRCS_MAX)
		return -ENOSPC;
	const struct srtp_replay *replay = i < 0 ? &fresh : &aead->replay[i];
	uint64_t index = srtp_index_estimate(replay->has_started, replay->highest, start.seq);
	if (index > SRTP_INDEX_MAX)
		return -EPERM;
	if (!srtp_replay_is_fresh(replay, index))
		return -EALREADY;

	size_t plain_len = *len - SRTP_AEAD_TAG_BYTES;
	uint8_t iv[SRTP_AEAD_SALT_BYTES];
	struct gcm_text text = text_of(&start, iv, buf, plain_len);
	make_iv(iv, aead, start.ssrc, index);
	if (!gcm_open(aead->gcm, &text, buf + plain_len))
		return -EPERM;
	/* The stream exists from here: whoever made this packet has the key. */
	i = srtp_aead_stream(aead, start.ssrc);
	if (i < 0)
		return i;
	srtp_replay_mark(&aead->replay[i], index);
	*len = plain_len;
	return 0;
}
