/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/packet.h"

#include <errno.h>
#include <string.h>

#include "media/stream/rtx.h"

int packet_parse(struct packet *out, struct pkt *pkt, const struct rtp_ext_map *map)
{
	memset(out, 0, sizeof(*out));
	out->pkt = pkt;
	if (rtp_parse(&out->header, pkt->data, pkt->len))
		return -EBADMSG;
	return rtp_exts_parse(&out->exts, &out->header, map);
}

int packet_set_codec(struct packet *packet, const struct mline_params *mline)
{
	uint8_t pt = packet->header.pt;

	for (size_t i = 0; i < mline->codec_count; i++) {
		const struct codec_params *codec = &mline->codec[i];

		packet->is_red = codec->red_pt != 0 && codec->red_pt == pt;
		packet->is_rtx = codec->rtx_pt != 0 && codec->rtx_pt == pt;
		if (codec->pt != pt && !packet->is_red && !packet->is_rtx)
			continue;
		packet->codec = codec;
		packet->codec_index = i;
		return 0;
	}
	return -ENOENT;
}

int packet_restore(struct packet *packet, uint32_t ssrc, const struct rtp_ext_map *map)
{
	struct pkt *pkt = packet->pkt;
	const struct codec_params *codec = packet->codec;
	size_t codec_index = packet->codec_index;
	size_t header_len = (size_t)(packet->header.payload - pkt->data);
	const uint8_t *payload;
	struct wr w;
	uint16_t osn;
	size_t len;
	int err = rtx_parse(&packet->header, &osn, &payload, &len);

	if (err)
		return err;
	memmove(pkt->data + header_len, payload, len);
	pkt->len = (uint16_t)(header_len + len);
	/* RFC 3550 5.1: V, no padding any more, X and CC as they were; M and the payload type; then
	 * the number; the timestamp is the original's already; then the SSRC. */
	w = wr_init(pkt->data, pkt->len);
	wr_u8(&w, (uint8_t)(pkt->data[0] & 0xdf));
	wr_u8(&w, (uint8_t)((packet->header.marker ? 0x80 : 0) | codec->pt));
	wr_u16(&w, osn);
	wr_u32(&w, packet->header.timestamp);
	wr_u32(&w, ssrc);
	err = packet_parse(packet, pkt, map);
	packet->codec = codec;
	packet->codec_index = codec_index;
	return err;
}

int packet_inspect(struct packet *packet)
{
	if (!codec_is_video(packet->codec->codec) || packet->header.payload_len == 0)
		return 0;
	packet->has_frame = true;
	return codec_inspect(&packet->frame, packet->codec->codec, packet->header.payload,
			     packet->header.payload_len);
}

void packet_read_frame_number(struct packet *packet)
{
	const struct rtp_ext_value *dd = &packet->exts.value[RTP_EXT_DEPENDENCY_DESCRIPTOR];
	struct rd r = rd_init(dd->data, dd->len);

	/* AV1 RTP spec A.8.2: start, end and template id, then the number. */
	rd_skip(&r, 1);
	packet->frame_number = rd_u16(&r);
	packet->has_frame_number = packet->has_frame && rd_ok(&r);
}
