/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/link/link.h"

#include <errno.h>
#include <stdlib.h>

#include "loadtest/link/codel.h"
#include "loadtest/link/curve.h"
#include "loadtest/link/luck.h"

#define MAX_RATE_BPS  100000000000LL
#define MAX_TIME_NS   (INT64_MAX / 8) /* 36 years: sums of a few times never overflow */
#define MTU_BYTES     1500
#define BYTE_NANOBITS (8 * (nanobits)NANOBITS_PER_BIT)

struct link {
	struct link_config config;
	struct curve curve;
	struct luck luck;
	struct codel codel;
	int64_t start_ns;
	int64_t now_ns;	    /* latest seen, of the link's own time */
	nanobits busy_sum;  /* the curve's sum at which the last packet accepted has left */
	int64_t arrived_ns; /* of the last packet delivered, of the link's own time */
	struct link_stats stats;
};

static bool is_share(double p)
{
	return p >= 0 && p <= 1;
}

static bool is_time(int64_t t_ns)
{
	return t_ns >= 0 && t_ns <= MAX_TIME_NS;
}

static bool is_trace(const struct link_trace *trace, int64_t least, int64_t most)
{
	if (trace->count == 0)
		return trace->loop_ns == 0;
	if (!is_time(trace->loop_ns) || trace->steps[0].at_ns != 0)
		return false;
	for (size_t i = 0; i < trace->count; i++) {
		if (trace->steps[i].value < least || trace->steps[i].value > most)
			return false;
		if (!is_time(trace->steps[i].at_ns) ||
		    (i > 0 && trace->steps[i].at_ns <= trace->steps[i - 1].at_ns))
			return false;
	}
	return trace->loop_ns == 0 || trace->loop_ns > trace->steps[trace->count - 1].at_ns;
}

static bool are_spans(const struct link_config *config)
{
	int64_t end_ns = 0;

	for (size_t i = 0; i < config->outage_count; i++) {
		const struct link_outage *outage = &config->outages[i];

		if (outage->begin_ns < end_ns || outage->end_ns <= outage->begin_ns ||
		    !is_time(outage->end_ns))
			return false;
		end_ns = outage->end_ns;
	}
	end_ns = 0;
	for (size_t i = 0; i < config->window_count; i++) {
		const struct link_loss_window *window = &config->windows[i];

		if (window->begin_ns < end_ns || window->end_ns <= window->begin_ns ||
		    !is_time(window->end_ns) || !is_share(window->loss))
			return false;
		end_ns = window->end_ns;
	}
	return true;
}

static bool is_valid(const struct link_config *config)
{
	return is_time(config->start_ns) && is_time(config->delay_ns) &&
	       is_time(config->jitter_ns) && is_time(config->queue_ns) &&
	       config->queue_bytes >= 0 && is_trace(&config->rate, 0, MAX_RATE_BPS) &&
	       is_trace(&config->delay, -config->delay_ns, MAX_TIME_NS) && are_spans(config) &&
	       is_share(config->loss) && is_share(config->ge_p_bad) &&
	       is_share(config->ge_p_good) && is_share(config->ge_loss_good) &&
	       is_share(config->ge_loss_bad);
}

int link_new(struct link **out, const struct link_config *config, uint64_t seed)
{
	struct link *link;
	int rc;

	if (!is_valid(config))
		return -EINVAL;
	link = calloc(1, sizeof(*link));
	if (!link)
		return -ENOMEM;
	rc = curve_init(&link->curve, config);
	if (rc < 0) {
		free(link);
		return rc;
	}
	link->config = *config;
	link->luck = luck_init(seed);
	link->start_ns = config->start_ns;
	link->now_ns = -MAX_TIME_NS;
	link->arrived_ns = -MAX_TIME_NS;
	if (config->rate.count > 0)
		link->busy_sum = curve_sum(&link->curve, link->now_ns);
	*out = link;
	return 0;
}

void link_free(struct link *link)
{
	if (!link)
		return;
	curve_close(&link->curve);
	free(link);
}

static bool is_unlimited(const struct link *link)
{
	return link->config.rate.count == 0;
}

static const struct link_outage *outage_at(const struct link *link, int64_t t_ns)
{
	const struct link_outage *outage = curve_outage(&link->curve, t_ns);

	return outage && outage->begin_ns <= t_ns ? outage : NULL;
}

static nanobits backlog(const struct link *link, int64_t t_ns)
{
	nanobits left;

	if (is_unlimited(link))
		return 0;
	left = link->busy_sum - curve_sum(&link->curve, t_ns);
	return left > 0 ? left : 0;
}

/* How long what waits would take by the trace alone. */
static int64_t trace_wait_ns(const struct link *link, int64_t t_ns, nanobits waiting)
{
	int64_t end;

	if (waiting == 0)
		return 0;
	end = curve_raw_time(&link->curve, curve_raw(&link->curve, t_ns) + waiting);
	return end == CURVE_NEVER ? CURVE_NEVER : end - t_ns;
}

static bool fits_queue(const struct link *link, int64_t t_ns, int64_t wire_bytes)
{
	const struct link_config *config = &link->config;
	nanobits waiting = backlog(link, t_ns);

	if (waiting == 0)
		return true;
	if (config->queue_bytes > 0 &&
	    waiting + wire_bytes * BYTE_NANOBITS > config->queue_bytes * BYTE_NANOBITS)
		return false;
	return config->queue_ns == 0 || trace_wait_ns(link, t_ns, waiting) <= config->queue_ns;
}

/* When the server, at t_ns or later, begins with what comes after sum: a nanobit more has left by
 * the nanosecond after. */
static int64_t begin_time(const struct link *link, int64_t t_ns, nanobits sum)
{
	int64_t t = curve_time(&link->curve, t_ns, sum + 1);

	return t == CURVE_NEVER ? t : t - 1;
}

static bool codel_drops_at(struct link *link, int64_t t_ns, int64_t begin_ns)
{
	int64_t target_ns = CODEL_TARGET_NS;
	int64_t bps = trace_value(&link->config.rate, begin_ns);

	if (!link->config.has_codel)
		return false;
	if (bps > 0) {
		int64_t mtu_ns = link_wire_bytes(link, MTU_BYTES) * 8 * LINK_S_NS / bps;

		target_ns = mtu_ns > target_ns ? mtu_ns : target_ns;
	}
	return codel_drops(&link->codel, begin_ns, begin_ns - t_ns, target_ns);
}

/* An outage that drops takes what has not left by its beginning. */
static bool is_caught(const struct link *link, int64_t t_ns, int64_t depart_ns)
{
	const struct link_outage *outage = curve_outage(&link->curve, t_ns);

	for (; outage && outage->begin_ns < depart_ns;
	     outage = curve_outage_next(&link->curve, outage))
		if (outage->kind == LINK_OUTAGE_DROP)
			return true;
	return false;
}

/* Time in the queue and on the wire, in the link's own time. */
static enum link_verdict serve(struct link *link, int64_t t_ns, int64_t bytes,
			       struct link_fate *fate)
{
	const struct link_outage *outage = outage_at(link, t_ns);
	int64_t wire_bytes = link_wire_bytes(link, bytes);

	if (outage && outage->kind == LINK_OUTAGE_DROP)
		return LINK_DROP_OUTAGE;
	if (is_unlimited(link)) {
		fate->depart_ns = outage ? outage->end_ns : t_ns;
		fate->queue_ns = fate->depart_ns - t_ns;
		return LINK_DELIVERED;
	}
	nanobits waiting = backlog(link, t_ns);
	if (!fits_queue(link, t_ns, wire_bytes))
		return LINK_DROP_QUEUE;
	nanobits begin_sum = waiting > 0 ? link->busy_sum : curve_sum(&link->curve, t_ns);
	int64_t begin_ns = begin_time(link, t_ns, begin_sum);
	if (begin_ns != CURVE_NEVER && codel_drops_at(link, t_ns, begin_ns))
		return LINK_DROP_CODEL;
	link->busy_sum = begin_sum + wire_bytes * BYTE_NANOBITS;
	fate->depart_ns = curve_time(&link->curve, t_ns, link->busy_sum);
	fate->queue_ns = begin_ns - t_ns;
	if (fate->depart_ns == CURVE_NEVER || is_caught(link, t_ns, fate->depart_ns))
		return LINK_DROP_OUTAGE;
	return LINK_DELIVERED;
}

/* What an outage that drops has thrown away no longer waits. */
static void flush(struct link *link, int64_t t_ns)
{
	const struct link_outage *outage = curve_outage(&link->curve, link->now_ns);

	for (; outage && outage->begin_ns <= t_ns; outage = curve_outage_next(&link->curve, outage))
		if (outage->kind == LINK_OUTAGE_DROP && outage->begin_ns >= link->now_ns &&
		    !is_unlimited(link))
			link->busy_sum = curve_sum(&link->curve, outage->begin_ns);
}

static int64_t own_time(const struct link *link, int64_t now_ns)
{
	return now_ns - link->start_ns;
}

static void travel(struct link *link, int64_t jitter_ns, struct link_fate *fate)
{
	int64_t delay_ns = link->config.delay_ns + jitter_ns;

	if (link->config.delay.count > 0)
		delay_ns += trace_value(&link->config.delay, fate->depart_ns);
	fate->arrive_ns = fate->depart_ns + delay_ns;
	if (fate->arrive_ns < link->arrived_ns)
		fate->arrive_ns = link->arrived_ns;
	link->arrived_ns = fate->arrive_ns;
	fate->depart_ns += link->start_ns;
	fate->arrive_ns += link->start_ns;
}

void link_send(struct link *link, int64_t now_ns, int64_t bytes, struct link_fate *out)
{
	int64_t t_ns = own_time(link, now_ns);
	int64_t jitter_ns;
	bool is_lost;

	*out = (struct link_fate){0};
	if (t_ns < link->now_ns)
		t_ns = link->now_ns;
	flush(link, t_ns);
	link->now_ns = t_ns;
	is_lost = luck_next(&link->luck, &link->config, t_ns, &jitter_ns);
	out->verdict = is_lost ? LINK_DROP_LOSS : serve(link, t_ns, bytes, out);
	if (out->verdict == LINK_DELIVERED)
		travel(link, jitter_ns, out);
	link->stats.packets[out->verdict]++;
	link->stats.bytes[out->verdict] += (uint64_t)bytes;
}

void link_start(struct link *link, int64_t now_ns)
{
	int64_t t_ns = own_time(link, now_ns);
	nanobits waiting = backlog(link, t_ns);

	link->arrived_ns += link->start_ns - now_ns;
	link->now_ns += link->start_ns - now_ns;
	link->start_ns = now_ns;
	if (!is_unlimited(link))
		link->busy_sum = curve_sum(&link->curve, 0) + waiting;
}

int64_t link_capacity_bits(const struct link *link, int64_t from_ns, int64_t to_ns)
{
	if (is_unlimited(link))
		return INT64_MAX;
	if (to_ns <= from_ns)
		return 0;
	return (int64_t)((curve_sum(&link->curve, own_time(link, to_ns)) -
			  curve_sum(&link->curve, own_time(link, from_ns))) /
			 NANOBITS_PER_BIT);
}

int64_t link_rate_bps(const struct link *link, int64_t now_ns)
{
	int64_t t_ns = own_time(link, now_ns);

	if (outage_at(link, t_ns))
		return 0;
	return is_unlimited(link) ? INT64_MAX : trace_value(&link->config.rate, t_ns);
}

/* What waits at t_ns, when nothing was handed over since: an outage that drops empties it. */
static nanobits waiting_at(const struct link *link, int64_t t_ns)
{
	const struct link_outage *outage = curve_outage(&link->curve, link->now_ns);

	for (; outage && outage->begin_ns <= t_ns; outage = curve_outage_next(&link->curve, outage))
		if (outage->kind == LINK_OUTAGE_DROP)
			return 0;
	return backlog(link, t_ns);
}

int64_t link_queue_bytes(const struct link *link, int64_t now_ns)
{
	nanobits waiting = waiting_at(link, own_time(link, now_ns));

	return (int64_t)((waiting + BYTE_NANOBITS - 1) / BYTE_NANOBITS);
}

int64_t link_queue_ns(const struct link *link, int64_t now_ns)
{
	int64_t t_ns = own_time(link, now_ns);
	nanobits waiting = waiting_at(link, t_ns);

	if (waiting == 0)
		return 0;
	int64_t end_ns = curve_time(&link->curve, t_ns, link->busy_sum);
	return end_ns == CURVE_NEVER ? INT64_MAX : end_ns - t_ns;
}

int64_t link_wire_bytes(const struct link *link, int64_t bytes)
{
	/* PPPoE 8, Ethernet 14, LLC 10, AAL5's trailer 8; cells of 53 bytes carry 48. */
	if (link->config.framing == LINK_FRAMING_ATM)
		return (bytes + 40 + 47) / 48 * 53;
	return bytes;
}

const struct link_stats *link_stats(const struct link *link)
{
	return &link->stats;
}

const char *link_verdict_name(enum link_verdict verdict)
{
	static const char *const name[LINK_VERDICTS] = {
		[LINK_DELIVERED] = "delivered", [LINK_DROP_LOSS] = "loss",
		[LINK_DROP_QUEUE] = "queue",	[LINK_DROP_CODEL] = "codel",
		[LINK_DROP_OUTAGE] = "outage",
	};

	return name[verdict];
}
