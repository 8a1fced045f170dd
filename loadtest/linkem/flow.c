/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/linkem/flow.h"

#include <string.h>

#include "media/base/bytes.h"

#define FRAGMENT_OFFSET 0x1fff

static void read_ports(struct flow *flow, struct rd r)
{
	size_t head;

	if (flow->protocol != FLOW_UDP && flow->protocol != FLOW_TCP)
		return;
	flow->source_port = rd_u16(&r);
	flow->destination_port = rd_u16(&r);
	if (flow->protocol != FLOW_UDP)
		return;
	rd_skip(&r, 4);
	if (!rd_ok(&r))
		return;
	head = rd_left(&r) < FLOW_HEAD_BYTES ? rd_left(&r) : FLOW_HEAD_BYTES;
	if (head > 0)
		memcpy(flow->head, rd_bytes(&r, head), head);
}

/* RFC 791 3.1. */
static void read_ipv4(struct flow *flow, struct rd r)
{
	size_t header_bytes = (size_t)(rd_u8(&r) & 0x0f) * 4;
	uint16_t fragment;

	flow->traffic_class = rd_u8(&r);
	rd_skip(&r, 4);
	fragment = rd_u16(&r);
	rd_skip(&r, 1);
	flow->protocol = rd_u8(&r);
	rd_skip(&r, 2);
	flow->source = rd_u32(&r);
	flow->destination = rd_u32(&r);
	if (header_bytes < 20 || (fragment & FRAGMENT_OFFSET) != 0)
		return;
	rd_skip(&r, header_bytes - 20);
	read_ports(flow, r);
}

/* RFC 8200 3; extension headers are not followed. */
static void read_ipv6(struct flow *flow, struct rd r)
{
	uint32_t first = rd_u32(&r);

	flow->traffic_class = (uint8_t)(first >> 20);
	rd_skip(&r, 2);
	flow->protocol = rd_u8(&r);
	rd_skip(&r, 1 + 12);
	flow->source = rd_u32(&r);
	rd_skip(&r, 12);
	flow->destination = rd_u32(&r);
	read_ports(flow, r);
}

struct flow flow_of(const uint8_t *packet, size_t len)
{
	struct flow flow = {0};
	uint8_t version = len > 0 ? packet[0] >> 4 : 0;

	if (version == 4)
		read_ipv4(&flow, rd_init(packet, len));
	else if (version == 6)
		read_ipv6(&flow, rd_init(packet, len));
	else
		return flow;
	flow.version = version;
	return flow;
}
