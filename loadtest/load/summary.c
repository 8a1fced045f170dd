/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/summary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Above these the load tester itself may be what is measured. */
static const double most_cpu_percent = 85;
static const int64_t most_late_us = 20000; /* 99 of 100 turns */

static double window_s(const struct summary *s)
{
	return (double)(s->result->end.at_us - s->result->begin.at_us) / 1e6;
}

#define DELTA(s, member) ((s)->result->end.member - (s)->result->begin.member)

static uint64_t delivered(const struct summary *s)
{
	return DELTA(s, counts.received[0]) + DELTA(s, counts.received[1]);
}

static uint64_t sent(const struct summary *s)
{
	return DELTA(s, counts.sent[0]) + DELTA(s, counts.sent[1]);
}

/* Four digits are more than is known. */
static json_t *number(double value)
{
	double scale;

	if (!isfinite(value))
		return json_null();
	if (value == 0)
		return json_integer(0);
	scale = pow(10, 3 - floor(log10(fabs(value))));
	value = scale >= 1 ? round(value * scale) / scale : round(value);
	return value == floor(value) && fabs(value) < 1e15 ? json_integer((json_int_t)value)
							   : json_real(value);
}

static json_t *count(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *quantiles(const struct histogram *h, int64_t max, double unit)
{
	json_t *out = json_object();

	json_object_set_new(out, "count", count(h->count));
	if (h->count == 0)
		return out;
	json_object_set_new(out, "mean", number((double)h->sum_us / (double)h->count / unit));
	json_object_set_new(out, "p50", number((double)histogram_quantile_us(h, 500) / unit));
	json_object_set_new(out, "p95", number((double)histogram_quantile_us(h, 950) / unit));
	json_object_set_new(out, "p99", number((double)histogram_quantile_us(h, 990) / unit));
	json_object_set_new(
		out, "max",
		number((double)(max >= 0 ? max : histogram_quantile_us(h, 1000)) / unit));
	return out;
}

static json_t *joins(const struct summary *s)
{
	json_t *out = json_object();

	json_object_set_new(out, "seats", count(s->result->joined));
	json_object_set_new(out, "connected", count(s->tally->join.count));
	json_object_set_new(out, "failed", count(s->failed));
	json_object_set_new(out, "why", json_string(s->why));
	json_object_set_new(out, "connected_ms", quantiles(&s->tally->join, -1, 1000));
	json_object_set_new(out, "first_media_ms", quantiles(&s->tally->first, -1, 1000));
	return out;
}

static json_t *packets(const struct summary *s)
{
	double t = window_s(s);
	json_t *out = json_object();

	json_object_set_new(out, "sent", count(sent(s)));
	json_object_set_new(out, "delivered", count(delivered(s)));
	json_object_set_new(out, "sent_per_s", number((double)sent(s) / t));
	json_object_set_new(out, "delivered_per_s", number((double)delivered(s) / t));
	json_object_set_new(out, "delivered_audio", count(DELTA(s, counts.received[0])));
	json_object_set_new(out, "delivered_video", count(DELTA(s, counts.received[1])));
	json_object_set_new(out, "delivered_mbps",
			    number((double)DELTA(s, counts.received_bytes) * 8 / t / 1e6));
	json_object_set_new(out, "sent_mbps",
			    number((double)DELTA(s, counts.sent_bytes) * 8 / t / 1e6));
	json_object_set_new(out, "datagrams_in", count(DELTA(s, datagrams_in)));
	json_object_set_new(out, "datagrams_out", count(DELTA(s, datagrams_out)));
	json_object_set_new(out, "sent_again", count(DELTA(s, counts.sent_again)));
	json_object_set_new(out, "padding", count(DELTA(s, counts.padding)));
	json_object_set_new(out, "keyframes_sent", count(DELTA(s, counts.keyframes_sent)));
	json_object_set_new(out, "keyframes_asked", count(DELTA(s, counts.plis_heard)));
	return out;
}

static json_t *loss(const struct summary *s)
{
	double all = (double)(delivered(s) + DELTA(s, counts.lost));
	json_t *out = json_object();

	json_object_set_new(out, "lost", count(DELTA(s, counts.lost)));
	json_object_set_new(out, "lost_percent",
			    number(all > 0 ? 100 * (double)DELTA(s, counts.lost) / all : 0));
	json_object_set_new(out, "left_out", count(DELTA(s, counts.skipped)));
	json_object_set_new(out, "repaired", count(DELTA(s, counts.repaired)));
	json_object_set_new(out, "reordered", count(DELTA(s, counts.reordered)));
	json_object_set_new(out, "duplicates", count(DELTA(s, counts.duplicates)));
	json_object_set_new(out, "nacked", count(DELTA(s, counts.nacks_sent)));
	json_object_set_new(out, "socket_full", count(DELTA(s, counts.socket_full)));
	return out;
}

static json_t *integrity(const struct summary *s)
{
	json_t *out = json_object();

	json_object_set_new(out, "corrupt", count(DELTA(s, counts.corrupt)));
	json_object_set_new(out, "rejected", count(DELTA(s, counts.rejected)));
	json_object_set_new(out, "unknown", count(DELTA(s, counts.unknown)));
	json_object_set_new(out, "went_back", count(DELTA(s, counts.went_back)));
	return out;
}

static json_t *playout(const struct summary *s)
{
	double watched = (double)DELTA(s, counts.watched_us);
	double ticks = (double)DELTA(s, counts.ticks);
	json_t *out = json_object();

	json_object_set_new(out, "frames_shown", count(DELTA(s, counts.frames_shown)));
	json_object_set_new(
		out, "frames_per_s",
		number(watched > 0 ? (double)DELTA(s, counts.frames_shown) / watched * 1e6 : NAN));
	json_object_set_new(out, "freezes", count(DELTA(s, counts.freezes)));
	json_object_set_new(
		out, "freeze_percent",
		number(watched > 0 ? 100 * (double)DELTA(s, counts.freeze_us) / watched : NAN));
	json_object_set_new(
		out, "concealed_percent",
		number(ticks > 0 ? 100 * (double)DELTA(s, counts.audible) / ticks : NAN));
	return out;
}

static json_t *server(const struct summary *s)
{
	const struct procstat *a = &s->result->begin.server, *b = &s->result->end.server;
	const struct procstat *idle = &s->result->idle.server;
	double t = window_s(s), out_count = (double)delivered(s);
	double cpu = (double)(b->run_us >= 0 && a->run_us >= 0 ? b->run_us - a->run_us
							       : b->cpu_us - a->cpu_us);
	json_t *out = json_object();

	json_object_set_new(out, "cpu_percent", number(100 * cpu / 1e6 / t));
	json_object_set_new(out, "cpu_percent_by_ticks",
			    number(100 * (double)(b->cpu_us - a->cpu_us) / 1e6 / t));
	json_object_set_new(out, "user_percent",
			    number(100 * (double)(b->user_us - a->user_us) / 1e6 / t));
	json_object_set_new(out, "ns_per_packet_out", number(cpu * 1000 / out_count));
	json_object_set_new(out, "ns_per_packet_in_and_out",
			    number(cpu * 1000 / (out_count + (double)sent(s))));
	json_object_set_new(out, "rss_mb", number((double)b->rss_bytes / 1e6));
	json_object_set_new(out, "rss_idle_mb", number((double)idle->rss_bytes / 1e6));
	json_object_set_new(out, "peak_mb", number((double)b->peak_bytes / 1e6));
	json_object_set_new(out, "kb_per_participant",
			    number((double)(b->rss_bytes - idle->rss_bytes) / 1000 /
				   (double)s->result->seats_at_end));
	json_object_set_new(out, "threads", json_integer(b->threads));
	json_object_set_new(out, "switches_per_s", number((double)(b->switches - a->switches) / t));
	return out;
}

static double own_percent(const struct summary *s)
{
	return 100 * (double)DELTA(s, own_cpu_us) / 1e6 / window_s(s);
}

static json_t *load(const struct summary *s)
{
	json_t *out = json_object();

	json_object_set_new(out, "cpu_percent", number(own_percent(s)));
	json_object_set_new(out, "late_us", quantiles(&s->flock->lateness, -1, 1));
	return out;
}

static json_t *why_void(const struct summary *s)
{
	json_t *out = json_array();

	if (s->result->is_interrupted)
		json_array_append_new(out, json_string("interrupted"));
	if (own_percent(s) > most_cpu_percent)
		json_array_append_new(out, json_string("the load tester used its core up"));
	if (histogram_quantile_us(&s->flock->lateness, 990) > most_late_us)
		json_array_append_new(out,
				      json_string("the load tester came too late to its turns"));
	if (s->failed > 0)
		json_array_append_new(out, json_string("some did not get in, or were thrown out"));
	if (delivered(s) == 0)
		json_array_append_new(out, json_string("nothing was delivered"));
	if (s->has_server && s->result->end.server.rss_bytes == 0)
		json_array_append_new(out, json_string("the server ended"));
	return out;
}

/* Differences between neighbours; the first begins at the idle mark. */
static json_t *seconds(const struct summary *s)
{
	const struct run_mark *before = &s->result->idle;
	json_t *out = json_array();

	for (size_t i = 0; i < s->result->second_count; i++) {
		const struct run_second *second = &s->result->second[i];
		const struct run_mark *mark = &second->mark;
		double t = (double)(mark->at_us - before->at_us) / 1e6;
		uint64_t got = mark->counts.received[0] + mark->counts.received[1] -
			       before->counts.received[0] - before->counts.received[1];
		uint64_t gave = mark->counts.sent[0] + mark->counts.sent[1] -
				before->counts.sent[0] - before->counts.sent[1];
		double cpu = mark->server.run_us >= 0
				     ? (double)(mark->server.run_us - before->server.run_us)
				     : (double)(mark->server.cpu_us - before->server.cpu_us);
		json_t *entry = json_object();

		json_object_set_new(entry, "at_s",
				    number((double)(mark->at_us - s->result->idle.at_us) / 1e6));
		json_object_set_new(entry, "measured", json_boolean(second->is_measured));
		json_object_set_new(entry, "connections", count(mark->connections));
		json_object_set_new(entry, "sent_per_s", number((double)gave / t));
		json_object_set_new(entry, "delivered_per_s", number((double)got / t));
		json_object_set_new(entry, "server_percent", number(100 * cpu / 1e6 / t));
		json_object_set_new(entry, "server_rss_mb",
				    number((double)mark->server.rss_bytes / 1e6));
		json_object_set_new(
			entry, "load_percent",
			number(100 * (double)(mark->own_cpu_us - before->own_cpu_us) / 1e6 / t));
		json_object_set_new(entry, "lost", count(mark->counts.lost - before->counts.lost));
		json_object_set_new(entry, "p50_us",
				    json_integer(histogram_quantile_us(&second->latency, 500)));
		json_object_set_new(entry, "p99_us",
				    json_integer(histogram_quantile_us(&second->latency, 990)));
		json_array_append_new(out, entry);
		before = mark;
	}
	return out;
}

static json_t *profile(const struct summary *s)
{
	const struct workload *w = s->workload;

	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:b, s:b, s:I, s:I, s:I, s:b, s:b, s:I}",
			 "name", w->name, "kind", workload_kind_name(w->kind), "rooms",
			 (json_int_t)s->plan->room_count, "seats", (json_int_t)s->plan->seat_count,
			 "video_bps", (json_int_t)w->video_bps, "audio", w->has_audio, "video",
			 w->has_video, "video_height", (json_int_t)w->video_height, "encodings",
			 (json_int_t)w->encodings, "audio_bps", (json_int_t)w->audio_bps,
			 "adaptive", w->is_adaptive, "layers", w->has_layers, "rtt_ms",
			 (json_int_t)w->rtt_ms);
}

json_t *summary_json(const struct summary *s)
{
	json_t *why = why_void(s);
	json_t *out = json_object();

	json_object_set_new(out, "tool", json_string("vidd-load " VIDD_VERSION));
	json_object_set_new(out, "driver", json_string(s->driver));
	json_object_set_new(out, "profile", profile(s));
	json_object_set_new(out, "seed", count(s->seed));
	json_object_set_new(out, "void", json_boolean(json_array_size(why) > 0));
	json_object_set_new(out, "void_because", why);
	json_object_set_new(out, "window_s", number(window_s(s)));
	json_object_set_new(out, "participants", count(s->result->seats_at_end));
	json_object_set_new(out, "connections", count(s->result->end.connections));
	json_object_set_new(out, "joins", joins(s));
	json_object_set_new(out, "packets", packets(s));
	json_object_set_new(
		out, "latency_us",
		json_pack("{s:o, s:o}", "audio",
			  quantiles(&s->tally->latency[0], s->tally->latency_max_us[0], 1), "video",
			  quantiles(&s->tally->latency[1], s->tally->latency_max_us[1], 1)));
	json_object_set_new(out, "loss", loss(s));
	json_object_set_new(out, "integrity", integrity(s));
	json_object_set_new(out, "playout", playout(s));
	json_object_set_new(out, "server", s->has_server ? server(s) : json_null());
	json_object_set_new(out, "load", load(s));
	json_object_set_new(out, "seconds", seconds(s));
	return out;
}

/* --- for a terminal --------------------------------------------------------------------------- */

static double at(const json_t *root, const char *first, const char *second)
{
	return json_number_value(json_object_get(json_object_get(root, first), second));
}

static void print_latency(const json_t *root, const char *kind)
{
	const json_t *q = json_object_get(json_object_get(root, "latency_us"), kind);

	printf("  %-11s %8.0f p50  %8.0f p95  %8.0f p99  %8.0f max us\n", kind,
	       json_number_value(json_object_get(q, "p50")),
	       json_number_value(json_object_get(q, "p95")),
	       json_number_value(json_object_get(q, "p99")),
	       json_number_value(json_object_get(q, "max")));
}

static void print_joins(const json_t *root)
{
	const json_t *q = json_object_get(json_object_get(root, "joins"), "connected_ms");

	printf("  joins       %.0f seats, %.0f connections in %.0f ms (median; p99 %.0f), %.0f "
	       "failed %s\n",
	       at(root, "joins", "seats"), at(root, "joins", "connected"),
	       json_number_value(json_object_get(q, "p50")),
	       json_number_value(json_object_get(q, "p99")), at(root, "joins", "failed"),
	       json_string_value(json_object_get(json_object_get(root, "joins"), "why")));
}

void summary_print(const json_t *root)
{
	const json_t *why = json_object_get(root, "void_because");

	print_joins(root);
	printf("  packets     %.0f/s in, %.0f/s out, %.1f Mbit/s out\n",
	       at(root, "packets", "sent_per_s"), at(root, "packets", "delivered_per_s"),
	       at(root, "packets", "delivered_mbps"));
	print_latency(root, "audio");
	print_latency(root, "video");
	printf("  lost        %.0f (%.3f %%), %.0f left out, %.0f repaired; %.0f corrupt, %.0f "
	       "rejected, "
	       "%.0f went back\n",
	       at(root, "loss", "lost"), at(root, "loss", "lost_percent"),
	       at(root, "loss", "left_out"), at(root, "loss", "repaired"),
	       at(root, "integrity", "corrupt"), at(root, "integrity", "rejected"),
	       at(root, "integrity", "went_back"));
	printf("  seen        %.1f frames/s, frozen %.2f %%; concealed speech %.2f %%\n",
	       at(root, "playout", "frames_per_s"), at(root, "playout", "freeze_percent"),
	       at(root, "playout", "concealed_percent"));
	if (!json_is_null(json_object_get(root, "server")))
		printf("  server      %.1f %% of a core, %.0f ns per packet out, %.1f MB, %.0f kB "
		       "per "
		       "participant\n",
		       at(root, "server", "cpu_percent"), at(root, "server", "ns_per_packet_out"),
		       at(root, "server", "rss_mb"), at(root, "server", "kb_per_participant"));
	printf("  load        %.1f %% of a core\n", at(root, "load", "cpu_percent"));
	for (size_t i = 0; i < json_array_size(why); i++)
		printf("  VOID: %s\n", json_string_value(json_array_get(why, i)));
}
