/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/linkem/lane.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Read at once, so that writing what is due never waits long: at most 1 ms of work. */
#define READS_AT_ONCE 16

int lane_init(struct lane *lane)
{
	/* Memory that is never reached is never touched. */
	lane->ring = calloc(LANE_PACKETS, sizeof(*lane->ring));
	return lane->ring ? 0 : -ENOMEM;
}

void lane_close(struct lane *lane)
{
	free(lane->ring);
	link_free(lane->link);
	lane->ring = NULL;
	lane->link = NULL;
}

static struct lane_packet *slot(struct lane *lane, size_t i)
{
	return &lane->ring[(lane->first + i) % LANE_PACKETS];
}

static void end(struct lane *lane, struct record *record, uint8_t outcome)
{
	record->outcome = outcome;
	lane->ended(lane->context, record);
}

static uint32_t to_us(int64_t ns)
{
	return ns / 1000 < UINT32_MAX ? (uint32_t)(ns / 1000) : UINT32_MAX;
}

/* The packet stands in the slot behind the last one under way; it stays if it arrives. */
static void accept_packet(struct lane *lane, struct lane_packet *packet, int64_t now_ns)
{
	struct record *record = &packet->record;
	struct link_fate fate;

	*record = (struct record){
		.in_ns = now_ns,
		.bytes = (uint16_t)packet->len,
		.pair = lane->pair,
		.way = lane->way,
		.flow = flow_of(packet->data, packet->len),
	};
	if (lane->blocks_udp && record->flow.protocol == FLOW_UDP) {
		end(lane, record, RECORD_BLOCKED);
		return;
	}
	link_send(lane->link, now_ns, (int64_t)packet->len, &fate);
	if (fate.verdict != LINK_DELIVERED) {
		end(lane, record, (uint8_t)fate.verdict);
		return;
	}
	record->depart_ns = fate.depart_ns;
	record->due_ns = fate.arrive_ns;
	record->queue_us = to_us(fate.queue_ns);
	if (lane->count + 1 == LANE_PACKETS)
		end(lane, record, RECORD_OVERRUN);
	else
		lane->count++;
}

int lane_read(struct lane *lane, int64_t (*clock_ns)(void))
{
	int taken = 0;

	while (taken < READS_AT_ONCE) {
		/* There is always one: the ring is never filled to its last slot. */
		struct lane_packet *packet = slot(lane, lane->count);
		ssize_t len = read(lane->in_fd, packet->data, sizeof(packet->data));

		if (len < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (len < 0)
			return -errno;
		if (len == 0)
			return -ENODEV;
		packet->len = (size_t)len;
		accept_packet(lane, packet, clock_ns());
		taken++;
	}
	return taken;
}

void lane_write(struct lane *lane, int64_t (*clock_ns)(void))
{
	while (lane->count > 0) {
		struct lane_packet *packet = slot(lane, 0);
		int64_t now_ns = clock_ns();
		ssize_t len;

		if (packet->record.due_ns > now_ns)
			return;
		packet->record.out_ns = now_ns;
		len = write(lane->out_fd, packet->data, packet->len);
		end(lane, &packet->record,
		    len == (ssize_t)packet->len ? LINK_DELIVERED : RECORD_UNWRITTEN);
		lane->first = (lane->first + 1) % LANE_PACKETS;
		lane->count--;
	}
}

int64_t lane_deadline_ns(const struct lane *lane)
{
	return lane->count > 0 ? lane->ring[lane->first].record.due_ns : INT64_MAX;
}

void lane_abandon(struct lane *lane)
{
	for (size_t i = 0; i < lane->count; i++)
		end(lane, &slot(lane, i)->record, RECORD_UNSENT);
	lane->count = 0;
}
