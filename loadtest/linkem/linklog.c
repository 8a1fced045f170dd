/* SPDX-License-Identifier: EUPL-1.2 */
/* vidd-linklog: a log of vidd-linkem (record.h) as JSON: a report, or a line per packet. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loadtest/linkem/record.h"
#include "loadtest/linkem/report.h"

static const char help[] =
	"vidd-linklog [--packets] FILE\n"
	"\n"
	"Prints a log of vidd-linkem as JSON: packets and bytes by outcome, bytes delivered per\n"
	"200 ms, queue delay and lateness in ms. With --packets instead one line for each packet, "
	"times\n"
	"in ns since t = 0 (or since the clock's own 0 before that is in the log).\n";

static void print_packet(const struct record *record, int64_t start_ns)
{
	const struct flow *flow = &record->flow;

	printf("{\"pair\": %u, \"way\": \"%s\", \"outcome\": \"%s\", \"bytes\": %u, "
	       "\"in_ns\": %" PRId64,
	       record->pair, record->way ? "up" : "down", record_outcome_name(record->outcome),
	       record->bytes, record->in_ns - start_ns);
	if (record->due_ns)
		printf(", \"queue_us\": %" PRIu32 ", \"depart_ns\": %" PRId64
		       ", \"due_ns\": %" PRId64 ", \"out_ns\": %" PRId64,
		       record->queue_us, record->depart_ns - start_ns, record->due_ns - start_ns,
		       record->out_ns ? record->out_ns - start_ns : 0);
	printf(", \"protocol\": %u, \"dscp\": %u, \"source\": \"%08" PRIx32 ":%u\", "
	       "\"destination\": \"%08" PRIx32 ":%u\", \"head\": \"",
	       flow->protocol, flow->traffic_class >> 2, flow->source, flow->source_port,
	       flow->destination, flow->destination_port);
	for (size_t i = 0; i < FLOW_HEAD_BYTES; i++)
		printf("%02x", flow->head[i]);
	puts("\"}");
}

/* One record: 1, 0 at the end (a record cut short by a kill is left out), -1 when it is none. */
static int next_record(FILE *file, struct record *record)
{
	uint8_t bytes[RECORD_BYTES];

	if (fread(bytes, sizeof(bytes), 1, file) != 1)
		return ferror(file) ? -1 : 0;
	return record_parse(record, bytes) < 0 ? -1 : 1;
}

static int print_packets(FILE *file)
{
	struct record record;
	int64_t start_ns = 0;
	int rc;

	while ((rc = next_record(file, &record)) > 0) {
		if (record.outcome == RECORD_START)
			start_ns = record.in_ns;
		else
			print_packet(&record, start_ns);
	}
	return rc;
}

static int print_report(FILE *file)
{
	struct report *report = report_new();
	struct record record;
	char *text = NULL;
	int rc;

	while ((rc = next_record(file, &record)) > 0)
		report_add(report, &record);
	if (rc == 0)
		text = report_json(report, true);
	if (text)
		puts(text);
	free(text);
	report_free(report);
	return rc;
}

int main(int argc, char **argv)
{
	bool shows_packets = argc > 2 && strcmp(argv[1], "--packets") == 0;
	const char *path = argc > 1 ? argv[argc - 1] : "--help";
	uint8_t header[RECORD_HEADER_BYTES];
	FILE *file;
	int rc = -1;

	if (strcmp(path, "--help") == 0 || argc > 2 + shows_packets) {
		fputs(help, stdout);
		return argc == 2 ? EXIT_SUCCESS : 2;
	}
	file = fopen(path, "re");
	if (!file) {
		perror(path);
		return EXIT_FAILURE;
	}
	if (fread(header, sizeof(header), 1, file) == 1 && record_parse_header(header) == 0)
		rc = shows_packets ? print_packets(file) : print_report(file);
	fclose(file);
	if (rc < 0)
		fprintf(stderr, "%s: not a log of vidd-linkem\n", path);
	return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
