/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/codec/opus.h"

#include <errno.h>

/* RFC 6716 3.2: the code is how many frames there are and how their lengths are told. */
enum {
	CODE_ONE,
	CODE_TWO_EQUAL,
	CODE_TWO,
	CODE_MANY,
};

/* RFC 6716 table 2, at 48 kHz: four durations of SILK-only configurations, two of hybrid ones, four
 * of CELT-only ones. */
static uint16_t frame_samples_of(uint8_t config)
{
	static const uint16_t silk[4] = {480, 960, 1920, 2880};
	static const uint16_t celt[4] = {120, 240, 480, 960};

	if (config < 12)
		return silk[config & 3];
	if (config < 16)
		return config & 1 ? 960 : 480;
	return celt[config & 3];
}

/* RFC 6716 3.2.1: one or two bytes. */
static size_t read_length(struct rd *r)
{
	uint8_t first = rd_u8(r);

	return first < 252 ? first : first + 4u * rd_u8(r);
}

static size_t length_bytes(size_t len)
{
	return len < 252 ? 1 : 2;
}

static void write_length(struct wr *w, size_t len)
{
	if (len < 252) {
		wr_u8(w, (uint8_t)len);
		return;
	}
	/* The first byte's low bits make the rest a multiple of four. */
	uint8_t first = (uint8_t)(252 + (len & 3));
	wr_u8(w, first);
	wr_u8(w, (uint8_t)((len - first) / 4));
}

/* RFC 6716 3.2.5: 255 stands for 254 bytes and another length byte. Returns how many bytes of
 * padding end the packet. */
static size_t read_padding(struct rd *r)
{
	size_t bytes = 0;
	uint8_t more;

	do {
		more = rd_u8(r);
		bytes += more == 255 ? 254 : more;
	} while (more == 255);
	return bytes;
}

static bool is_zero(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (data[i] != 0)
			return false;
	return true;
}

/* Lengths of all frames but the last (VBR), or of each (CBR), of what r holds. */
static int read_many_lengths(struct opus_packet *p, struct rd *r, bool is_vbr)
{
	size_t left;

	if (!is_vbr) {
		left = rd_left(r);
		if (left % p->count != 0) /* R6 */
			return -EBADMSG;
		for (size_t i = 0; i < p->count; i++)
			p->frame[i].len = left / p->count;
		return 0;
	}
	left = 0;
	for (size_t i = 0; i + 1 < p->count; i++) {
		p->frame[i].len = read_length(r);
		left += p->frame[i].len;
	}
	if (!rd_ok(r) || left > rd_left(r)) /* R7 */
		return -EBADMSG;
	p->frame[p->count - 1].len = rd_left(r) - left;
	return 0;
}

static int read_many(struct opus_packet *p, struct rd *r)
{
	uint8_t head = rd_u8(r);
	size_t padding;

	p->count = head & 0x3f;
	if (!rd_ok(r) || p->count == 0 || opus_samples(p) > OPUS_MAX_SAMPLES) /* R5 */
		return -EBADMSG;
	padding = head & 0x40 ? read_padding(r) : 0;
	if (!rd_ok(r) || padding > rd_left(r)) /* R6, R7 */
		return -EBADMSG;
	size_t body_len = rd_left(r) - padding;
	struct rd body = rd_sub(r, body_len);
	p->has_extension = padding > 0 && !is_zero(rd_bytes(r, padding), padding);
	*r = body;
	return read_many_lengths(p, r, head & 0x80);
}

static int read_lengths(struct opus_packet *p, struct rd *r, unsigned code)
{
	size_t left = rd_left(r);

	p->count = code == CODE_ONE ? 1 : 2;
	switch (code) {
	case CODE_ONE:
		p->frame[0].len = left;
		return 0;
	case CODE_TWO_EQUAL:
		if (left & 1) /* R3 */
			return -EBADMSG;
		p->frame[0].len = p->frame[1].len = left / 2;
		return 0;
	case CODE_TWO:
		p->frame[0].len = read_length(r);
		if (!rd_ok(r) || p->frame[0].len > rd_left(r)) /* R4 */
			return -EBADMSG;
		p->frame[1].len = rd_left(r) - p->frame[0].len;
		return 0;
	default:
		return read_many(p, r);
	}
}

int opus_parse(struct opus_packet *out, const uint8_t *data, size_t len)
{
	struct rd r = rd_init(data, len);
	uint8_t toc = rd_u8(&r);

	if (!rd_ok(&r)) /* R1 */
		return -EBADMSG;
	struct opus_packet p;
	p.config = toc >> 3;
	p.is_stereo = toc >> 2 & 1;
	p.has_extension = false;
	p.frame_samples = frame_samples_of(p.config);
	if (read_lengths(&p, &r, toc & 3))
		return -EBADMSG;
	for (size_t i = 0; i < p.count; i++) {
		if (p.frame[i].len > OPUS_MAX_FRAME_BYTES) /* R2 */
			return -EBADMSG;
		p.frame[i].data = rd_bytes(&r, p.frame[i].len);
	}
	if (!rd_ok(&r) || rd_left(&r) > 0)
		return -EBADMSG;
	/* Frames that are not there are not copied: a packet has one to three of 48. */
	out->config = p.config;
	out->is_stereo = p.is_stereo;
	out->has_extension = p.has_extension;
	out->count = p.count;
	out->frame_samples = p.frame_samples;
	for (size_t i = 0; i < p.count; i++)
		out->frame[i] = p.frame[i];
	return 0;
}

/* --- one packet of several ------------------------------------------------------------------- */

/* The frames of all packets, as one. 0 or -EINVAL. */
static int collect(struct opus_packet *all, const struct opus_packet *packets, size_t count)
{
	all->config = packets[0].config;
	all->is_stereo = packets[0].is_stereo;
	all->frame_samples = packets[0].frame_samples;
	all->has_extension = false;
	all->count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct opus_packet *p = &packets[i];

		if (p->config != all->config || p->is_stereo != all->is_stereo || p->has_extension)
			return -EINVAL;
		if (opus_samples(all) + opus_samples(p) > OPUS_MAX_SAMPLES)
			return -EINVAL;
		for (size_t j = 0; j < p->count; j++)
			all->frame[all->count++] = p->frame[j];
	}
	return 0;
}

static bool is_equal_sized(const struct opus_packet *p)
{
	for (size_t i = 1; i < p->count; i++)
		if (p->frame[i].len != p->frame[0].len)
			return false;
	return true;
}

static unsigned pick_code(const struct opus_packet *p, bool is_cbr)
{
	if (p->count == 1)
		return CODE_ONE;
	if (p->count == 2)
		return is_cbr ? CODE_TWO_EQUAL : CODE_TWO;
	return CODE_MANY;
}

static size_t merged_bytes(const struct opus_packet *p, unsigned code, bool is_cbr)
{
	size_t bytes = code == CODE_MANY ? 2 : 1;

	for (size_t i = 0; i < p->count; i++) {
		bytes += p->frame[i].len;
		if (!is_cbr && i + 1 < p->count)
			bytes += length_bytes(p->frame[i].len);
	}
	return bytes;
}

int opus_merge(struct wr *w, const struct opus_packet *packets, size_t count)
{
	struct opus_packet all;

	if (count == 0 || collect(&all, packets, count))
		return -EINVAL;
	bool is_cbr = is_equal_sized(&all);
	unsigned code = pick_code(&all, is_cbr);
	if (merged_bytes(&all, code, is_cbr) > wr_left(w))
		return -EINVAL;
	wr_u8(w, (uint8_t)(all.config << 3 | (all.is_stereo ? 4 : 0) | code));
	if (code == CODE_MANY)
		wr_u8(w, (uint8_t)((is_cbr ? 0 : 0x80) | all.count));
	for (size_t i = 0; !is_cbr && i + 1 < all.count; i++)
		write_length(w, all.frame[i].len);
	for (size_t i = 0; i < all.count; i++)
		wr_bytes(w, all.frame[i].data, all.frame[i].len);
	return 0;
}
