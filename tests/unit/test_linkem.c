/* SPDX-License-Identifier: EUPL-1.2 */
/* The parts of vidd-linkem that need no namespace; tests/link/ has the rest. */
#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loadtest/linkem/lane.h"
#include "loadtest/linkem/options.h"
#include "loadtest/linkem/report.h"

/* clang-format off */
static const uint8_t udp4[] = {
	0x46, 0xb8, 0, 40, 0, 1, 0x40, 0, 64, 17, 0, 0, 10, 99, 0, 2, 10, 99, 0, 1, /* 24 bytes */
	1, 1, 1, 0,
	0x13, 0x88, 0x17, 0x70, 0, 16, 0, 0, 0x80, 111, 0, 7, 0, 0, 0, 9,
};
/* clang-format on */

static void flow_is_read_past_options(void)
{
	struct flow flow = flow_of(udp4, sizeof(udp4));

	g_assert_cmpint(flow.version, ==, 4);
	g_assert_cmpint(flow.protocol, ==, FLOW_UDP);
	g_assert_cmpint(flow.traffic_class >> 2, ==, 46);
	g_assert_cmphex(flow.source, ==, 0x0a630002);
	g_assert_cmphex(flow.destination, ==, 0x0a630001);
	g_assert_cmpint(flow.source_port, ==, 5000);
	g_assert_cmpint(flow.destination_port, ==, 6000);
	g_assert_cmpmem(flow.head, 8, udp4 + 32, 8);
	g_assert_cmpint(flow.head[8], ==, 0);
}

static void later_fragments_have_no_ports(void)
{
	uint8_t packet[sizeof(udp4)];
	struct flow flow;

	memcpy(packet, udp4, sizeof(udp4));
	packet[7] = 5;
	flow = flow_of(packet, sizeof(packet));
	g_assert_cmpint(flow.protocol, ==, FLOW_UDP);
	g_assert_cmpint(flow.source_port, ==, 0);
}

static void ipv6_is_read(void)
{
	uint8_t packet[60] = {0x6b, 0x80, 0, 0, 0, 20, FLOW_TCP, 64};
	struct flow flow;

	packet[23] = 7;
	packet[39] = 9;
	packet[41] = 80;
	flow = flow_of(packet, sizeof(packet));
	g_assert_cmpint(flow.traffic_class, ==, 0xb8);
	g_assert_cmpint(flow.source, ==, 7);
	g_assert_cmpint(flow.destination, ==, 9);
	g_assert_cmpint(flow.source_port, ==, 80);
	g_assert_cmpint(flow_of(packet, 0).version, ==, 0);
}

static void record_survives_the_log(void)
{
	struct record record = {.in_ns = -5,
				.depart_ns = 1000,
				.due_ns = 2000,
				.out_ns = 3000,
				.queue_us = 77,
				.bytes = 1500,
				.pair = 3,
				.way = 1,
				.outcome = RECORD_OVERRUN,
				.flow = flow_of(udp4, sizeof(udp4))};
	struct record again = {0};
	uint8_t header[RECORD_HEADER_BYTES];
	uint8_t bytes[RECORD_BYTES];
	int rc;

	record_write(&record, bytes);
	rc = record_parse(&again, bytes);
	g_assert_cmpint(rc, ==, 0);
	g_assert_cmpint(again.in_ns, ==, -5);
	g_assert_cmpint(again.out_ns, ==, 3000);
	g_assert_cmpint(again.queue_us, ==, 77);
	g_assert_cmpint(again.pair, ==, 3);
	g_assert_cmpint(again.outcome, ==, RECORD_OVERRUN);
	g_assert_cmpmem(again.flow.head, FLOW_HEAD_BYTES, record.flow.head, FLOW_HEAD_BYTES);
	g_assert_cmphex(bytes[7], ==, 0xfb); /* network order */
	bytes[40] = RECORD_OUTCOMES;
	g_assert_cmpint(record_parse(&again, bytes), ==, -EBADMSG);
	record_write_header(header);
	g_assert_cmpint(record_parse_header(header), ==, 0);
	header[0] = 'X';
	g_assert_cmpint(record_parse_header(header), ==, -EBADMSG);
}

static void add_delivered(struct report *report, int64_t in_ms, int64_t late_us)
{
	struct record record = {.in_ns = in_ms * LINK_MS_NS, .bytes = 100, .queue_us = 3000};

	record.depart_ns = record.due_ns = record.in_ns + 10 * LINK_MS_NS;
	record.out_ns = record.due_ns + late_us * 1000;
	report_add(report, &record);
}

static void report_counts_from_the_gate_on(void)
{
	struct report *report = report_new();
	struct record lost = {.in_ns = 1100 * LINK_MS_NS, .bytes = 50, .outcome = LINK_DROP_LOSS};
	char *text;

	add_delivered(report, 0, 9000);
	report_add(report, &(struct record){.in_ns = 1000 * LINK_MS_NS, .outcome = RECORD_START});
	add_delivered(report, 1000, 10);
	add_delivered(report, 1180, 10);
	add_delivered(report, 1600, 10);
	report_add(report, &lost);
	text = report_json(report, true);
	g_assert_nonnull(strstr(text, "\"delivered\": 3"));
	g_assert_nonnull(strstr(text, "\"loss\": 1"));
	g_assert_nonnull(strstr(text, "\"delivered_bytes_per_200_ms\": [200, 0, 0, 100]"));
	g_assert_nonnull(strstr(text, "\"void\": false"));
	g_assert_nonnull(strstr(text, "\"queue_ms\": {\"p50\": 3.0"));
	g_free(text);
	report_free(report);
}

static void run_with_late_packets_is_void(void)
{
	for (int late = 0; late < 3; late++) {
		struct report *report = report_new();
		char *text;

		/* One in 1000 is allowed, two are not. */
		for (int i = 0; i < 1000; i++)
			add_delivered(report, i, i < late ? 2500 : 100);
		text = report_json(report, false);
		g_assert_true((strstr(text, "\"void\": true") != NULL) == (late == 2));
		g_free(text);
		report_free(report);
	}
}

static int parse(struct options *options, char *error, const char *line)
{
	static char copy[400];
	char *argv[20];
	int argc = 0;

	g_strlcpy(copy, line, sizeof(copy));
	for (char *rest = copy; rest && argc < 19;)
		argv[argc++] = strsep(&rest, " ");
	argv[argc] = NULL;
	optind = 0; /* getopt(3): begin again */
	return options_parse(options, argc, argv, error);
}

static void pairs_get_addresses_in_turn(void)
{
	char error[OPTIONS_ERROR_BYTES] = "";
	struct options options;
	int rc =
		parse(&options, error,
		      "x --profile p --pair a,s --pair b,s,q --pair c,s,,1.2.3.4,5.6.7.8 --seed 9");

	g_assert_cmpstr(error, ==, "");
	g_assert_cmpint(rc, ==, 0);
	g_assert_cmpint(options.pair_count, ==, 3);
	g_assert_cmpint(options.seed, ==, 9);
	g_assert_cmpstr(options.pair[1].profile, ==, "q");
	g_assert_cmpstr(options.pair[2].profile, ==, "p");
	g_assert_cmphex(options.pair[1].left_address, ==, 0x0a630003);
	g_assert_cmphex(options.pair[1].right_address, ==, 0x0a630001);
	g_assert_cmphex(options.pair[2].left_address, ==, 0x01020304);
}

static void command_lines_that_make_no_sense_are_refused(void)
{
	static const char *const bad[] = {
		"x",
		"x --pair a,b",
		"x --profile p --pair a",
		"x --profile p --pair a,b,c,1.2.3.4",
		"x --profile p --left a",
		"x --profile p --left a --right b --mtu 5",
		"x --profile p --left a --right b --duration -1",
		"x --profile p --left a --right b more",
	};
	char error[OPTIONS_ERROR_BYTES];
	struct options options;

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		error[0] = '\0';
		g_assert_cmpint(parse(&options, error, bad[i]), ==, -EINVAL);
		g_assert_cmpstr(error, !=, "");
	}
}

/* --- a lane over a socket pair, with a clock that stands until it is moved ------------------- */

static int64_t test_now_ns;

static int64_t test_clock(void)
{
	return test_now_ns;
}

static void count_outcome(void *context, const struct record *record)
{
	unsigned *count = context;

	count[record->outcome]++;
}

static void lane_keeps_packets_until_they_are_due(void)
{
	static const struct link_step rate[] = {{0, 320000}}; /* 40 bytes in 1 ms */
	struct link_config config = {.rate = {rate, 1, 0}, .delay_ns = 20 * LINK_MS_NS};
	unsigned count[RECORD_OUTCOMES] = {0};
	struct lane lane = {.ended = count_outcome, .context = count};
	uint8_t got[100];
	int in[2];
	int out[2];
	int rc = socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, in);

	g_assert_cmpint(rc, ==, 0);
	rc = socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, out);
	g_assert_cmpint(rc, ==, 0);
	rc = link_new(&lane.link, &config, 1);
	g_assert_cmpint(rc, ==, 0);
	rc = lane_init(&lane);
	g_assert_cmpint(rc, ==, 0);
	lane.in_fd = in[0];
	lane.out_fd = out[0];
	g_assert_cmpint(lane_deadline_ns(&lane), ==, INT64_MAX);
	for (int i = 0; i < 3; i++)
		g_assert_cmpint(write(in[1], udp4, sizeof(udp4)), ==, sizeof(udp4));
	test_now_ns = 100 * LINK_MS_NS;
	g_assert_cmpint(lane_read(&lane, test_clock), ==, 3);
	g_assert_cmpint(lane_deadline_ns(&lane), ==, 121 * LINK_MS_NS);
	test_now_ns = 122 * LINK_MS_NS;
	lane_write(&lane, test_clock);
	g_assert_cmpuint(count[LINK_DELIVERED], ==, 2);
	g_assert_cmpint(read(out[1], got, sizeof(got)), ==, sizeof(udp4));
	g_assert_cmpmem(got, sizeof(udp4), udp4, sizeof(udp4));
	lane_abandon(&lane);
	g_assert_cmpuint(count[RECORD_UNSENT], ==, 1);
	lane.blocks_udp = true;
	g_assert_cmpint(write(in[1], udp4, sizeof(udp4)), ==, sizeof(udp4));
	g_assert_cmpint(lane_read(&lane, test_clock), ==, 1);
	g_assert_cmpuint(count[RECORD_BLOCKED], ==, 1);
	lane_close(&lane);
	for (int i = 0; i < 2; i++) {
		close(in[i]);
		close(out[i]);
	}
}

#define TEST(name) g_test_add_func("/linkem/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TEST(flow_is_read_past_options);
	TEST(later_fragments_have_no_ports);
	TEST(ipv6_is_read);
	TEST(record_survives_the_log);
	TEST(report_counts_from_the_gate_on);
	TEST(run_with_late_packets_is_void);
	TEST(pairs_get_addresses_in_turn);
	TEST(command_lines_that_make_no_sense_are_refused);
	TEST(lane_keeps_packets_until_they_are_due);
	return g_test_run();
}
