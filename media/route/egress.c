/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/egress.h"

#include <errno.h>
#include <string.h>

#include "media/codec/dd.h"
#include "media/stream/rtx.h"
#include "media/wire/red.h"
#include "media/wire/srtp.h"

/* What of a publisher's extensions is the receiver's business too. RID and transport-wide numbers
 * belong to one hop; layer allocations speak of encodings that the subscriber does not see. */
static const enum rtp_ext passed_on[] = {
	RTP_EXT_AUDIO_LEVEL,
	RTP_EXT_ABS_CAPTURE_TIME,
	RTP_EXT_PLAYOUT_DELAY,
	RTP_EXT_VIDEO_ORIENTATION,
};

/* Bytes of our own that extension values of a copy point to. */
struct own_values {
	uint8_t send_time[3];
	uint8_t transport_seq[2];
	uint8_t descriptor[255];
};

static void set_send_time(struct rtp_exts *exts, struct own_values *own, int64_t now_us)
{
	/* abs-send-time: 6.18 fixed-point seconds, wrapping after 64 s. */
	uint32_t fixed = (uint32_t)(((uint64_t)now_us << 18) / 1000000) & 0xffffff;
	struct wr w = wr_init(own->send_time, sizeof(own->send_time));

	wr_u24(&w, fixed);
	exts->value[RTP_EXT_ABS_SEND_TIME] =
		(struct rtp_ext_value){own->send_time, sizeof(own->send_time)};
}

static void set_transport_seq(struct rtp_exts *exts, struct own_values *own, uint16_t seq)
{
	struct wr w = wr_init(own->transport_seq, sizeof(own->transport_seq));

	wr_u16(&w, seq);
	exts->value[RTP_EXT_TRANSPORT_SEQ] =
		(struct rtp_ext_value){own->transport_seq, sizeof(own->transport_seq)};
}

static void set_descriptor(struct rtp_exts *exts, struct own_values *own, const struct packet *in,
			   uint16_t frame_number)
{
	const struct rtp_ext_value *dd = &in->exts.value[RTP_EXT_DEPENDENCY_DESCRIPTOR];

	if (!in->has_frame_number)
		return;
	memcpy(own->descriptor, dd->data, dd->len);
	dd_set_frame_number(own->descriptor, dd->len, frame_number);
	exts->value[RTP_EXT_DEPENDENCY_DESCRIPTOR] =
		(struct rtp_ext_value){own->descriptor, dd->len};
}

static void collect_exts(struct rtp_exts *out, struct own_values *own, int64_t now_us,
			 const struct rtp_exts *in, const struct egress *how)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(passed_on[0]); i++)
		out->value[passed_on[i]] = in->value[passed_on[i]];
	if (how->mid)
		out->value[RTP_EXT_MID] = (struct rtp_ext_value){(const uint8_t *)how->mid,
								 (uint8_t)strlen(how->mid)};
	if (how->exts->id[RTP_EXT_ABS_SEND_TIME])
		set_send_time(out, own, now_us);
	if (how->exts->id[RTP_EXT_TRANSPORT_SEQ])
		set_transport_seq(out, own, how->transport_seq);
}

/* RFC 2198 3: the payload types inside RED are the publisher's; they become the subscriber's. */
static void write_red(struct wr *w, const struct packet *in, uint8_t pt)
{
	struct rd r = rd_init(in->header.payload, in->header.payload_len);
	uint8_t first;

	do {
		first = rd_u8(&r);
		wr_u8(w, (uint8_t)((first & 0x80) | pt));
		if (first & 0x80)
			wr_u24(w, rd_u24(&r));
	} while ((first & 0x80) && rd_ok(&r));
	wr_bytes(w, r.p, rd_left(&r));
}

static int write_payload(struct wr *w, const struct packet *in, const struct rewrite_out *numbers,
			 const struct egress *how)
{
	struct red_payload red;
	uint8_t *start = w->p;

	if (!in->is_red) {
		wr_bytes(w, in->header.payload, in->header.payload_len);
		if (in->has_frame && wr_ok(w))
			codec_rewrite(in->codec->codec, start, in->header.payload_len,
				      &numbers->numbers);
		return 0;
	}
	if (red_parse(&red, in->header.payload, in->header.payload_len) || red.count == 0)
		return -EBADMSG;
	if (how->codec->red_pt)
		write_red(w, in, how->codec->pt);
	else
		wr_bytes(w, red.block[red.count - 1].data, red.block[red.count - 1].len);
	return 0;
}

static uint8_t pick_pt(const struct packet *in, const struct egress *how)
{
	if (how->is_rtx)
		return how->codec->rtx_pt;
	return in->is_red && how->codec->red_pt ? how->codec->red_pt : how->codec->pt;
}

static size_t padding_of(struct egress_even *even, uint32_t timestamp, size_t len)
{
	if (len < EGRESS_EVEN_MIN_BYTES)
		return 0;
	if (even->timestamp != timestamp || len > even->len ||
	    len + EGRESS_EVEN_MOST_BYTES < even->len)
		*even = (struct egress_even){timestamp, (uint16_t)(len + 1)};
	return even->len - len;
}

/* RFC 3550 5.1: the last octet counts the padding, itself included. Where there is no room for it
 * the packet stays as it is. */
static void pad(struct wr *w, uint8_t *first_octet, size_t padding)
{
	if (padding == 0 || wr_len(w) + padding > LIMIT_DATAGRAM_BYTES - SRTP_LINK_MAX_TRAILER)
		return;
	wr_zero(w, padding - 1);
	wr_u8(w, (uint8_t)padding);
	*first_octet |= 0x20;
}

/* What left the pool at Ethernet's size must not leave us larger. */
static int finish(struct pkt *out, const struct wr *w)
{
	if (!wr_ok(w) || wr_len(w) > LIMIT_DATAGRAM_BYTES - SRTP_LINK_MAX_TRAILER)
		return -EBADMSG;
	out->len = (uint16_t)wr_len(w);
	return 0;
}

int egress_write(struct pkt *out, int64_t now_us, const struct packet *in,
		 const struct rewrite_out *numbers, const struct egress *how)
{
	struct wr w = wr_init(out->data, out->room - SRTP_LINK_MAX_TRAILER);
	struct rtp_header header = {
		.marker = in->header.marker || how->ends_picture,
		.pt = pick_pt(in, how),
		.seq = how->is_rtx ? how->rtx_seq : numbers->seq,
		.timestamp = numbers->timestamp,
		.ssrc = how->ssrc,
	};
	struct own_values own;
	struct rtp_exts exts;

	collect_exts(&exts, &own, now_us, &in->exts, how);
	set_descriptor(&exts, &own, in, numbers->frame_number);
	rtp_write(&w, &header, &exts, how->exts);
	if (how->is_rtx)
		rtx_write(&w, numbers->seq);
	if (write_payload(&w, in, numbers, how))
		return -EBADMSG;
	if (how->even && in->has_frame && !how->is_rtx && wr_ok(&w))
		pad(&w, out->data, padding_of(how->even, numbers->timestamp, wr_len(&w)));
	return finish(out, &w);
}

int egress_write_voice(struct pkt *out, int64_t now_us, const struct egress_voice *voice,
		       const struct egress *how)
{
	struct wr w = wr_init(out->data, out->room - SRTP_LINK_MAX_TRAILER);
	struct rtp_header header = {
		.marker = voice->marker,
		.pt = voice->pt,
		.seq = voice->seq,
		.timestamp = voice->timestamp,
		.ssrc = how->ssrc,
	};
	struct own_values own;
	struct rtp_exts exts;

	collect_exts(&exts, &own, now_us, voice->exts, how);
	rtp_write(&w, &header, &exts, how->exts);
	wr_bytes(&w, voice->payload.p, rd_left(&voice->payload));
	return finish(out, &w);
}
