/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/waiting.h"

#include <assert.h>
#include <stdlib.h>

#define FIRST_PACKETS 10

/* Twice the places, up to the limit; without memory the ring stays as it is. */
static void grow(struct waiting *waiting)
{
	size_t room = waiting->room ? 2 * waiting->room : FIRST_PACKETS;

	if (room > LIMIT_WAITING_PACKETS)
		room = LIMIT_WAITING_PACKETS;
	struct waiting_kept *ring = calloc(room, sizeof(*ring));
	if (!ring)
		return;
	for (size_t i = 0; i < waiting->count; i++)
		ring[i] = waiting->ring[(waiting->head + i) % waiting->room];
	free(waiting->ring);
	waiting->ring = ring;
	waiting->room = room;
	waiting->head = 0;
}

void waiting_close(struct waiting *waiting)
{
	waiting_clear(waiting);
	free(waiting->ring);
	waiting->ring = NULL;
	waiting->room = 0;
}

static uint16_t place_of(const struct pkt *pkt, const uint8_t *at)
{
	return at ? (uint16_t)(at - pkt->data) : 0;
}

static void pack(struct waiting_kept *out, const struct waiting_item *item)
{
	const struct packet *packet = &item->packet;

	*out = (struct waiting_kept){
		.pkt = packet->pkt,
		.codec = packet->codec,
		.queued_us = item->queued_us,
		.capture_us = item->capture_us,
		.frame = packet->frame,
		.timestamp = packet->header.timestamp,
		.ssrc = packet->header.ssrc,
		.seq = packet->header.seq,
		.frame_number = packet->frame_number,
		.payload_at = place_of(packet->pkt, packet->header.payload),
		.payload_len = (uint16_t)packet->header.payload_len,
		.pt = packet->header.pt,
		.codec_index = (uint8_t)packet->codec_index,
		.encoding = (int8_t)packet->encoding,
		.generation = packet->generation,
		.marker = packet->header.marker,
		.has_frame = packet->has_frame,
		.has_frame_number = packet->has_frame_number,
		.is_newest = item->is_newest,
		.is_replayed = item->is_replayed,
		.ends_replay = item->ends_replay,
	};
	for (size_t i = 0; i < RTP_EXT_COUNT; i++) {
		out->ext_at[i] = place_of(packet->pkt, packet->exts.value[i].data);
		out->ext_len[i] = packet->exts.value[i].len;
	}
}

void waiting_unpack(const struct waiting_kept *kept, struct waiting_item *out)
{
	const uint8_t *data = kept->pkt->data;

	*out = (struct waiting_item){
		.packet = {.pkt = kept->pkt,
			   .header = {.marker = kept->marker,
				      .pt = kept->pt,
				      .seq = kept->seq,
				      .timestamp = kept->timestamp,
				      .ssrc = kept->ssrc,
				      .payload = data + kept->payload_at,
				      .payload_len = kept->payload_len},
			   .codec = kept->codec,
			   .codec_index = kept->codec_index,
			   .encoding = kept->encoding,
			   .generation = kept->generation,
			   .has_frame = kept->has_frame,
			   .frame = kept->frame,
			   .has_frame_number = kept->has_frame_number,
			   .frame_number = kept->frame_number},
		.queued_us = kept->queued_us,
		.capture_us = kept->capture_us,
		.is_newest = kept->is_newest,
		.is_replayed = kept->is_replayed,
		.ends_replay = kept->ends_replay,
	};
	for (size_t i = 0; i < RTP_EXT_COUNT; i++)
		if (kept->ext_at[i])
			out->packet.exts.value[i] = (struct rtp_ext_value){
				data + kept->ext_at[i],
				kept->ext_len[i],
			};
}

bool waiting_push(struct waiting *waiting, const struct waiting_item *item)
{
	bool is_full;

	if (waiting->count == waiting->room && waiting->room < LIMIT_WAITING_PACKETS)
		grow(waiting);
	if (waiting->room == 0)
		return false;
	is_full = waiting->count == waiting->room;
	if (is_full)
		waiting_pop(waiting);
	pack(&waiting->ring[(waiting->head + waiting->count) % waiting->room], item);
	pkt_ref(item->packet.pkt);
	waiting->count++;
	waiting->bytes += item->packet.pkt->len;
	return !is_full;
}

const struct waiting_kept *waiting_first(const struct waiting *waiting)
{
	return waiting->count ? &waiting->ring[waiting->head] : NULL;
}

void waiting_pop(struct waiting *waiting)
{
	struct waiting_kept *kept = &waiting->ring[waiting->head];

	assert(waiting->count > 0);
	waiting->bytes -= kept->pkt->len;
	pkt_unref(kept->pkt);
	kept->pkt = NULL;
	waiting->count--;
	/* Empty, it begins anew: mostly few wait, in the same warm places. */
	waiting->head = waiting->count ? (waiting->head + 1) % waiting->room : 0;
}

void waiting_clear(struct waiting *waiting)
{
	while (waiting->count)
		waiting_pop(waiting);
}
