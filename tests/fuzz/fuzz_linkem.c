/* SPDX-License-Identifier: EUPL-1.2 */
/* What vidd-linkem reads of packets that anybody sends, and vidd-linklog of its log: a flow
 * survives being logged, and any records make a report. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "loadtest/linkem/record.h"
#include "loadtest/linkem/report.h"

static void log_flow(const uint8_t *data, size_t size)
{
	struct record record = {.outcome = RECORD_UNSENT, .way = 1, .flow = flow_of(data, size)};
	struct record again;
	uint8_t bytes[RECORD_BYTES];

	record_write(&record, bytes);
	int rc = record_parse(&again, bytes);
	assert(rc == 0 && again.outcome == RECORD_UNSENT && again.way == 1);
	assert(again.flow.version == record.flow.version &&
	       again.flow.source == record.flow.source &&
	       again.flow.destination_port == record.flow.destination_port &&
	       memcmp(again.flow.head, record.flow.head, FLOW_HEAD_BYTES) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report *report;
	struct record record;

	log_flow(data, size);
	if (size < RECORD_HEADER_BYTES || record_parse_header(data) < 0)
		return 0;
	report = report_new();
	for (size_t at = RECORD_HEADER_BYTES; at + RECORD_BYTES <= size; at += RECORD_BYTES)
		if (record_parse(&record, data + at) == 0)
			report_add(report, &record);
	/* The series is long when a record is late: not each time. */
	free(report_json(report, size % 8 == 0));
	report_free(report);
	return 0;
}
