/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/model/upload_delay.h"

#include <math.h>
#include <string.h>

enum {
	GROUP_US = 5000,
	BURST_US = 100000,
	STALE_US = 2000000,
	MOST_DELTAS = 60,
	ADAPT_MOST_MS = 100,
	OVER_MS = 10,
	WINDOW_US = 1000000,
	WINDOW_MOST_US = 5000000,
	WINDOW_PACKETS = 20,
	WINDOW_NEEDS = 10,
};

static const double gain = 4;
static const double smoothing = 0.9;
static const double threshold_first_ms = 12.5;
static const double threshold_least_ms = 6;
static const double threshold_most_ms = 600;
static const double adapt_within_ms = 15;
static const double adapt_up = 0.0087;
static const double adapt_down = 0.039;

void upload_delay_init(struct upload_delay *d)
{
	*d = (struct upload_delay){.threshold_ms = threshold_first_ms, .over_ms = -1};
}

static double slope_of(const struct upload_delay *d)
{
	double x = 0;
	double y = 0;
	double over = 0;
	double under = 0;

	for (size_t i = 0; i < UPLOAD_POINTS; i++) {
		x += d->point[i].at_ms / UPLOAD_POINTS;
		y += d->point[i].delay_ms / UPLOAD_POINTS;
	}
	for (size_t i = 0; i < UPLOAD_POINTS; i++) {
		over += (d->point[i].at_ms - x) * (d->point[i].delay_ms - y);
		under += (d->point[i].at_ms - x) * (d->point[i].at_ms - x);
	}
	return under > 0 ? over / under : 0;
}

static void adapt(struct upload_delay *d, double trend, int64_t now_us)
{
	double ms = d->adapted_us ? (double)(now_us - d->adapted_us) / 1e3 : 0;
	double off = fabs(trend) - d->threshold_ms;

	d->adapted_us = now_us;
	if (off > adapt_within_ms)
		return;
	d->threshold_ms += (off < 0 ? adapt_down : adapt_up) * off * fmin(ms, ADAPT_MOST_MS);
	d->threshold_ms = fmin(fmax(d->threshold_ms, threshold_least_ms), threshold_most_ms);
}

static void detect(struct upload_delay *d, double slope, double sent_ms, int64_t now_us)
{
	unsigned deltas = d->deltas < MOST_DELTAS ? d->deltas : MOST_DELTAS;
	double trend = deltas * slope * gain;

	if (d->deltas < 2)
		return;
	if (trend > d->threshold_ms) {
		d->over_ms = d->over_ms < 0 ? sent_ms / 2 : d->over_ms + sent_ms;
		d->overs++;
		if (d->over_ms > OVER_MS && d->overs > 1 && slope >= d->slope) {
			d->over_ms = 0;
			d->overs = 0;
			d->usage = UPLOAD_OVER;
		}
	} else {
		d->over_ms = -1;
		d->overs = 0;
		d->usage = trend < -d->threshold_ms ? UPLOAD_UNDER : UPLOAD_NORMAL;
	}
	d->slope = slope;
	adapt(d, trend, now_us);
}

/* Two groups are whole. */
static void compare(struct upload_delay *d)
{
	double sent_ms = (double)(d->now.sent_us - d->before.sent_us) / 1e3;
	double came_ms = (double)(d->now.arrival_us - d->before.arrival_us) / 1e3;

	if (came_ms < 0)
		return;
	d->deltas++;
	if (d->first_us == 0)
		d->first_us = d->now.arrival_us;
	d->grown_ms += came_ms - sent_ms;
	d->smooth_ms = smoothing * d->smooth_ms + (1 - smoothing) * d->grown_ms;
	if (d->point_count == UPLOAD_POINTS)
		memmove(&d->point[0], &d->point[1], sizeof(d->point) - sizeof(d->point[0]));
	else
		d->point_count++;
	d->point[d->point_count - 1].at_ms = (double)(d->now.arrival_us - d->first_us) / 1e3;
	d->point[d->point_count - 1].delay_ms = d->smooth_ms;
	detect(d, d->point_count == UPLOAD_POINTS ? slope_of(d) : d->slope, sent_ms,
	       d->now.arrival_us);
}

static bool is_of_group(const struct upload_group *g, int64_t sent_us, int64_t arrival_us)
{
	int64_t came = arrival_us - g->arrival_us;

	if (came <= GROUP_US && came - (sent_us - g->sent_us) < 0 &&
	    arrival_us - g->first_arrival_us < BURST_US)
		return true;
	return sent_us - g->first_sent_us <= GROUP_US;
}

void upload_delay_packet(struct upload_delay *d, int64_t now_us, int64_t sent_us,
			 int64_t arrival_us)
{
	struct upload_group *g = &d->now;

	if (d->heard_us && now_us - d->heard_us > STALE_US)
		upload_delay_init(d);
	d->heard_us = now_us;
	if (g->is_set && sent_us < g->first_sent_us)
		return;
	if (g->is_set && !is_of_group(g, sent_us, arrival_us)) {
		if (d->before.is_set)
			compare(d);
		d->before = *g;
		g->is_set = false;
	}
	if (!g->is_set)
		*g = (struct upload_group){.is_set = true,
					   .first_sent_us = sent_us,
					   .first_arrival_us = arrival_us,
					   .sent_us = sent_us};
	if (sent_us > g->sent_us)
		g->sent_us = sent_us;
	if (arrival_us > g->arrival_us)
		g->arrival_us = arrival_us;
}

/* --- throughput ------------------------------------------------------------------------------- */

void upload_throughput_packet(struct upload_throughput *t, const struct upload_arrived *packet)
{
	size_t old = 0;

	if (t->count == UPLOAD_ARRIVED)
		old = 1;
	while (t->count - old > 0) {
		int64_t age = packet->arrival_us - t->packet[old].arrival_us;

		if (age <= WINDOW_MOST_US && (t->count - old < WINDOW_PACKETS || age <= WINDOW_US))
			break;
		old++;
	}
	memmove(&t->packet[0], &t->packet[old], (t->count - old) * sizeof(t->packet[0]));
	t->count -= old;
	t->packet[t->count++] = *packet;
}

/* The longest gap between arrivals is taken for as long as the second longest: outages. */
double upload_throughput_bps(const struct upload_throughput *t)
{
	const struct upload_arrived *first = &t->packet[0];
	const struct upload_arrived *last = &t->packet[t->count - 1];
	int64_t longest = 0;
	int64_t second = 0;
	double bytes = 0;
	double received_us;
	double sent_us;

	if (t->count < WINDOW_NEEDS)
		return 0;
	for (size_t i = 0; i < t->count; i++) {
		int64_t gap = i ? t->packet[i].arrival_us - t->packet[i - 1].arrival_us : 0;

		bytes += t->packet[i].bytes;
		second = gap > longest ? longest : gap > second ? gap : second;
		longest = gap > longest ? gap : longest;
	}
	received_us = fmax(1000, (double)(last->arrival_us - first->arrival_us - longest + second));
	sent_us = fmax(1000, (double)(last->sent_us - first->sent_us));
	return fmin((bytes - first->bytes) / received_us, (bytes - last->bytes) / sent_us) * 8e6;
}
