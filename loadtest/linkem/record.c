/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/linkem/record.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "media/base/bytes.h"

#define MAGIC	"VIDDLINK"
#define VERSION 1

void record_write_header(uint8_t out[RECORD_HEADER_BYTES])
{
	struct wr w = wr_init(out, RECORD_HEADER_BYTES);

	wr_bytes(&w, MAGIC, 8);
	wr_u32(&w, VERSION);
	wr_u32(&w, RECORD_BYTES);
	assert(wr_ok(&w));
}

void record_write(const struct record *record, uint8_t out[RECORD_BYTES])
{
	struct wr w = wr_init(out, RECORD_BYTES);

	wr_u64(&w, (uint64_t)record->in_ns);
	wr_u64(&w, (uint64_t)record->depart_ns);
	wr_u64(&w, (uint64_t)record->due_ns);
	wr_u64(&w, (uint64_t)record->out_ns);
	wr_u32(&w, record->queue_us);
	wr_u16(&w, record->bytes);
	wr_u8(&w, record->pair);
	wr_u8(&w, record->way);
	wr_u8(&w, record->outcome);
	wr_u8(&w, record->flow.version);
	wr_u8(&w, record->flow.protocol);
	wr_u8(&w, record->flow.traffic_class);
	wr_u32(&w, record->flow.source);
	wr_u32(&w, record->flow.destination);
	wr_u16(&w, record->flow.source_port);
	wr_u16(&w, record->flow.destination_port);
	wr_bytes(&w, record->flow.head, FLOW_HEAD_BYTES);
	wr_u32(&w, 0);
	assert(wr_ok(&w) && wr_left(&w) == 0);
}

int record_parse_header(const uint8_t in[RECORD_HEADER_BYTES])
{
	struct rd r = rd_init(in, RECORD_HEADER_BYTES);
	const uint8_t *magic = rd_bytes(&r, 8);

	if (memcmp(magic, MAGIC, 8) != 0 || rd_u32(&r) != VERSION || rd_u32(&r) != RECORD_BYTES)
		return -EBADMSG;
	return 0;
}

int record_parse(struct record *out, const uint8_t in[RECORD_BYTES])
{
	struct rd r = rd_init(in, RECORD_BYTES);
	struct record record;

	record.in_ns = (int64_t)rd_u64(&r);
	record.depart_ns = (int64_t)rd_u64(&r);
	record.due_ns = (int64_t)rd_u64(&r);
	record.out_ns = (int64_t)rd_u64(&r);
	record.queue_us = rd_u32(&r);
	record.bytes = rd_u16(&r);
	record.pair = rd_u8(&r);
	record.way = rd_u8(&r);
	record.outcome = rd_u8(&r);
	record.flow.version = rd_u8(&r);
	record.flow.protocol = rd_u8(&r);
	record.flow.traffic_class = rd_u8(&r);
	record.flow.source = rd_u32(&r);
	record.flow.destination = rd_u32(&r);
	record.flow.source_port = rd_u16(&r);
	record.flow.destination_port = rd_u16(&r);
	memcpy(record.flow.head, rd_bytes(&r, FLOW_HEAD_BYTES), FLOW_HEAD_BYTES);
	if (record.way > 1 || record.outcome >= RECORD_OUTCOMES)
		return -EBADMSG;
	*out = record;
	return 0;
}

const char *record_outcome_name(uint8_t outcome)
{
	static const char *const own[] = {"blocked", "overrun", "unwritten", "unsent", "start"};

	if (outcome < LINK_VERDICTS)
		return link_verdict_name((enum link_verdict)outcome);
	assert(outcome < RECORD_OUTCOMES);
	return own[outcome - LINK_VERDICTS];
}
