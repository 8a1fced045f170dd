/* SPDX-License-Identifier: EUPL-1.2 */
/* RTP headers and extensions: what parses must come out of rtp_write the same. The first 11 bytes
 * of the input are the negotiated ids. */
#include <assert.h>
#include <string.h>

#include "fuzz.h"
#include "media/wire/rtp.h"

static void assert_inside(const uint8_t *p, size_t len, const uint8_t *data, size_t size)
{
	assert(p >= data && len <= size && p + len <= data + size);
}

static void round_trip(const struct rtp_header *header, const struct rtp_exts *exts,
		       const struct rtp_ext_map *map)
{
	uint8_t buf[4096];
	struct wr w = wr_init(buf, sizeof(buf));
	struct rtp_header again;
	struct rtp_exts exts_again;

	rtp_write(&w, header, exts, map);
	wr_bytes(&w, header->payload, header->payload_len);
	if (!wr_ok(&w))
		return; /* a payload beyond any datagram */
	int rc = rtp_parse(&again, buf, wr_len(&w));
	assert(rc == 0);
	assert(again.marker == header->marker && again.pt == header->pt);
	assert(again.seq == header->seq && again.timestamp == header->timestamp);
	assert(again.ssrc == header->ssrc && again.padding_len == 0);
	assert(again.payload_len == header->payload_len);
	assert(memcmp(again.payload, header->payload, again.payload_len) == 0);
	rc = rtp_exts_parse(&exts_again, &again, map);
	assert(rc == 0);
	for (size_t i = 0; i < RTP_EXT_COUNT; i++) {
		const struct rtp_ext_value *a = &exts->value[i];
		const struct rtp_ext_value *b = &exts_again.value[i];
		assert((a->data == NULL) == (b->data == NULL) && a->len == b->len);
		assert(!a->data || memcmp(a->data, b->data, a->len) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rtp_ext_map map = {0};
	struct rtp_header header;
	struct rtp_exts exts;
	uint8_t level;
	bool is_voice;
	uint16_t seq;
	uint32_t time;

	if (size < RTP_EXT_COUNT)
		return 0;
	for (unsigned i = 0; i < RTP_EXT_COUNT; i++)
		(void)rtp_ext_map_set(&map, (enum rtp_ext)i, data[i]); /* some are not legal ids */
	data += RTP_EXT_COUNT;
	size -= RTP_EXT_COUNT;
	if (rtp_parse(&header, data, size) < 0)
		return 0;
	assert_inside(header.payload, header.payload_len + header.padding_len, data, size);
	if (header.ext)
		assert_inside(header.ext, header.ext_len, data, size);
	if (rtp_exts_parse(&exts, &header, &map) < 0)
		return 0;
	for (size_t i = 0; i < RTP_EXT_COUNT; i++) {
		if (exts.value[i].data)
			assert_inside(exts.value[i].data, exts.value[i].len, header.ext,
				      header.ext_len);
	}
	(void)rtp_ext_audio_level(&exts, &level, &is_voice);
	(void)rtp_ext_transport_seq(&exts, &seq);
	if (rtp_ext_abs_send_time(&exts, &time))
		assert(time < 1u << 24);
	round_trip(&header, &exts, &map);
	return 0;
}
