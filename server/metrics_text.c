/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "server/metrics.h"

/* One row per figure of a worker: the family, its help, and where the number stands. */
struct row {
	const char *name;
	const char *type;
	const char *help;
	size_t offset;
};

#define COUNTER(name, field, help)                                                                 \
	{                                                                                          \
		"vidd_" name "_total", "counter", help, offsetof(struct worker_stats, field)       \
	}
#define GAUGE(name, field, help)                                                                   \
	{                                                                                          \
		"vidd_" name, "gauge", help, offsetof(struct worker_stats, field)                  \
	}

static const struct row worker_rows[] = {
	COUNTER("packets_in", engine.packets_in, "Datagrams received."),
	COUNTER("bytes_in", engine.bytes_in, "Bytes received in them."),
	COUNTER("packets_out", engine.packets_out, "Datagrams sent."),
	COUNTER("bytes_out", engine.bytes_out, "Bytes sent in them."),
	COUNTER("rtp_in", engine.rtp_in, "RTP packets accepted."),
	COUNTER("rtp_forwarded", engine.rtp_forwarded, "RTP packets forwarded, per subscriber."),
	COUNTER("rtx_in", engine.rtx_in, "Retransmissions received."),
	COUNTER("rtx_out", engine.rtx_out, "Retransmissions sent."),
	COUNTER("nacks_in", engine.nacks_in, "Packets asked of us again."),
	COUNTER("nacks_out", engine.nacks_out, "Packets we asked for again."),
	COUNTER("keyframe_requests_out", engine.keyframe_requests_out, "Keyframes asked for."),
	COUNTER("dropped_unknown", engine.dropped_unknown, "Datagrams from unvalidated addresses."),
	COUNTER("dropped_auth", engine.dropped_auth, "SRTP packets that failed authentication."),
	COUNTER("dropped_replay", engine.dropped_replay, "SRTP packets seen before."),
	COUNTER("dropped_malformed", engine.dropped_malformed, "Datagrams that parse as nothing."),
	COUNTER("dropped_no_buffer", engine.dropped_no_buffer,
		"Packets lost inside for no buffer."),
	COUNTER("dropped_late", engine.dropped_late,
		"Picture packets left out because they waited too long for the link"),
	COUNTER("dropped_spared", engine.dropped_spared,
		"Picture packets left out because more came than this machine could send."),
	COUNTER("replays", engine.replays,
		"Pictures begun from the cached run in place of a keyframe request"),
	COUNTER("receive_no_buffer", rx_no_buffer, "Datagrams unread for want of a buffer."),
	COUNTER("receive_truncated", rx_truncated, "Datagrams larger than 1500 bytes."),
	COUNTER("send_dropped", tx_dropped, "Datagrams the socket or network refused."),
	COUNTER("receive_batches", rx_batches, "Receiving calls that gave something."),
	COUNTER("send_batches", tx_batches, "Sending calls."),
	COUNTER("events_late", events_late, "Times the front had no room for an event."),
	COUNTER("ice_bad_integrity", engine.ice_bad_integrity,
		"STUN checks with a wrong password."),
	COUNTER("dtls_failed", engine.dtls_failed, "DTLS handshakes that failed."),
	GAUGE("rooms", engine.rooms, "Rooms open."),
	GAUGE("transports", engine.transports, "Peer connections open."),
	GAUGE("tracks", engine.tracks, "Sources published."),
	GAUGE("packet_buffers_used", engine.pool_used, "Packet buffers in use."),
	GAUGE("packet_buffer_bytes", engine.pool_bytes, "Memory of all packet buffers."),
};

static void family(GString *out, const char *name, const char *type, const char *help)
{
	g_string_append_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void single(GString *out, const char *name, const char *type, const char *help,
		   uint64_t value)
{
	family(out, name, type, help);
	g_string_append_printf(out, "%s %" G_GUINT64_FORMAT "\n", name, value);
}

static void workers(GString *out, const struct worker_stats *stats, size_t count)
{
	for (size_t i = 0; i < G_N_ELEMENTS(worker_rows); i++) {
		const struct row *row = &worker_rows[i];

		family(out, row->name, row->type, row->help);
		for (size_t w = 0; w < count; w++) {
			uint64_t value;

			memcpy(&value, (const char *)&stats[w] + row->offset, sizeof(value));
			g_string_append_printf(out, "%s{worker=\"%zu\"} %" G_GUINT64_FORMAT "\n",
					       row->name, w, value);
		}
	}
}

static void append_seconds(GString *out, int64_t us)
{
	g_string_append_printf(out, "%" G_GINT64_FORMAT ".%06" G_GINT64_FORMAT "\n", us / 1000000,
			       us % 1000000);
}

/* A Prometheus histogram with a bound per octave, and the exact p50 and p99 since start. */
static void durations(GString *out, const char *name, const char *help, const struct histogram *h)
{
	static const unsigned quantiles[] = {500, 990};
	char *gauge = g_strconcat(name, "_quantile", NULL);

	family(out, name, "histogram", help);
	for (unsigned exponent = 4; exponent <= 20; exponent++) {
		double bound_s = (double)(1u << exponent) / 1e6;

		g_string_append_printf(out, "%s_bucket{le=\"%g\"} %" G_GUINT64_FORMAT "\n", name,
				       bound_s, histogram_below(h, exponent));
	}
	g_string_append_printf(out, "%s_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT "\n%s_sum ", name,
			       h->count, name);
	append_seconds(out, (int64_t)h->sum_us);
	g_string_append_printf(out, "%s_count %" G_GUINT64_FORMAT "\n", name, h->count);
	family(out, gauge, "gauge", "Quantiles of the same since start.");
	for (size_t i = 0; i < G_N_ELEMENTS(quantiles); i++) {
		g_string_append_printf(out, "%s{quantile=\"0.%02u\"} ", gauge, quantiles[i] / 10);
		append_seconds(out, histogram_quantile_us(h, quantiles[i]));
	}
	g_free(gauge);
}

static void front(GString *out, const struct front_stats *s)
{
	single(out, "vidd_connections", "gauge", "TCP connections.", s->connections);
	single(out, "vidd_websockets", "gauge", "Websockets open.", s->websockets);
	single(out, "vidd_connections_refused_total", "counter", "TCP connections over a limit.",
	       s->connections_refused);
	single(out, "vidd_http_requests_total", "counter", "HTTP requests.", s->requests);
	single(out, "vidd_http_rate_limited_total", "counter", "Requests answered 429.",
	       s->rate_limited);
	family(out, "vidd_http_responses_total", "counter", "HTTP responses by kind of status.");
	for (int i = 2; i < 6; i++)
		g_string_append_printf(out,
				       "vidd_http_responses_total{status=\"%dxx\"} "
				       "%" G_GUINT64_FORMAT "\n",
				       i, s->responses[i]);
	single(out, "vidd_websockets_stalled_total", "counter",
	       "Websockets closed because they did not read.", s->websocket_stalled);
	single(out, "vidd_mailbox_full_total", "counter",
	       "Commands a worker or the store had no room for.", s->mailbox_full);
	single(out, "vidd_store_failures_total", "counter", "Database operations that failed.",
	       s->store_failures);
	single(out, "vidd_visit_records_waiting", "gauge",
	       "What must be kept of visits and waits for the database.", s->records_waiting);
	single(out, "vidd_visit_records_lost_total", "counter",
	       "What had to be kept of visits and there was no room for.", s->records_lost);
	single(out, "vidd_audit_records_total", "counter", "Records added to the audit trail.",
	       s->audit.records);
	single(out, "vidd_audit_failures_total", "counter",
	       "Groups of records that could not be written; they are tried again.",
	       s->audit.failures);
	single(out, "vidd_audit_lost_total", "counter", "Records there was no room for.",
	       s->audit.lost);
	single(out, "vidd_audit_waiting", "gauge", "Records that wait to be written.",
	       s->audit.waiting);
	single(out, "vidd_messages_sent_total", "counter", "Messages to people that were sent.",
	       s->outbox.sent);
	single(out, "vidd_messages_retried_total", "counter",
	       "Tries that failed and are made again.", s->outbox.retried);
	single(out, "vidd_messages_failed_total", "counter",
	       "Messages given up, and codes that could not be handed over.",
	       s->outbox.failed + s->outbox.lost);
	single(out, "vidd_log_lines_lost_total", "counter",
	       "Lines of the log there was no room for: standard error is not read.", s->log_lost);
	durations(out, "vidd_store_seconds", "Time from asking the database to its answer.",
		  &s->store);
}

static void service(GString *out, const struct service_stats *s)
{
	single(out, "vidd_clients", "gauge", "Clients connected to the service.", s->clients);
	single(out, "vidd_sessions", "gauge", "Sessions joined.", s->sessions);
	single(out, "vidd_seats_waiting", "gauge", "Seats kept for clients that are away.",
	       s->seats_waiting);
	single(out, "vidd_consultations", "gauge", "Consultations with somebody in them.",
	       s->consultations);
	single(out, "vidd_joins_total", "counter", "Joins.", s->joins);
	single(out, "vidd_join_failures_total", "counter", "Joins refused.", s->join_failures);
	single(out, "vidd_resumes_total", "counter", "Seats taken up again.", s->resumes);
}

static uint64_t resident_bytes(void)
{
	unsigned long size = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f == NULL)
		return 0;
	if (fscanf(f, "%lu %lu", &size, &resident) != 2) /* NOLINT(cert-err34-c): the kernel's */
		resident = 0;
	fclose(f);
	return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void process(GString *out)
{
	struct rusage use = {0};

	(void)getrusage(RUSAGE_SELF, &use); /* cannot fail for oneself */
	family(out, "process_cpu_seconds_total", "counter", "CPU time, user and system.");
	g_string_append(out, "process_cpu_seconds_total ");
	append_seconds(out, (int64_t)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000 +
				    use.ru_utime.tv_usec + use.ru_stime.tv_usec);
	single(out, "process_resident_memory_bytes", "gauge", "Memory in RAM.", resident_bytes());
	family(out, "vidd_info", "gauge", "Version.");
	g_string_append(out, "vidd_info{version=\"" VIDD_VERSION "\"} 1\n");
}

char *metrics_text(struct metrics *metrics, const struct front_stats *front_stats,
		   const struct service_stats *service_stats)
{
	GString *out = g_string_new(NULL);
	size_t count = metrics_worker_count(metrics);
	struct worker_stats *stats = g_new(struct worker_stats, count);
	struct histogram *transit = g_new0(struct histogram, 1);

	for (size_t i = 0; i < count; i++) {
		metrics_copy(metrics, i, &stats[i]);
		histogram_merge(transit, &stats[i].transit);
	}
	process(out);
	workers(out, stats, count);
	durations(out, "vidd_transit_seconds",
		  "Time of a packet in the server: the kernel's receiving it to after the sending "
		  "call.",
		  transit);
	front(out, front_stats);
	service(out, service_stats);
	g_free(transit);
	g_free(stats);
	return g_string_free(out, FALSE);
}
