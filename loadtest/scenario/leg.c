/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/scenario/leg.h"

#include <glib.h>
#include <math.h>

#include "loadtest/scenario/party.h"
#include "media/wire/demux.h"

#define US_NS 1000

static const double share_of_capacity = 0.95; /* docs/adaptation.md 4 */

void leg_init(struct leg *leg, struct link *link, int64_t begun_us, int64_t duration_us)
{
	*leg = (struct leg){.link = link, .begun_us = begun_us};
	leg->bin_count = (size_t)(duration_us / LEG_BIN_US) + 1;
	leg->media_bytes = g_new0(uint64_t, leg->bin_count);
	leg->cross_bytes = g_new0(uint64_t, leg->bin_count);
	leg->offered_bytes = g_new0(uint64_t, leg->bin_count);
	leg->sample_count = (size_t)(duration_us / LEG_SAMPLE_US) + 1;
	leg->queue_ms = g_new0(float, leg->sample_count);
}

void leg_close(struct leg *leg)
{
	link_free(leg->link);
	g_free(leg->media_bytes);
	g_free(leg->cross_bytes);
	g_free(leg->offered_bytes);
	g_free(leg->queue_ms);
	*leg = (struct leg){0};
}

enum leg_class leg_classify(const uint8_t *data, size_t len)
{
	switch (demux_classify(data, len)) {
	case DEMUX_RTCP:
		return LEG_FEEDBACK;
	case DEMUX_RTP:
		switch (data[1] & 0x7f) {
		case PARTY_PT_OPUS:
		case PARTY_PT_RED:
			return LEG_AUDIO;
		case PARTY_PT_VP8:
			return LEG_VIDEO;
		default:
			return LEG_RTX;
		}
	default:
		return LEG_OTHER;
	}
}

static void wait_add(struct leg_waits *waits, int64_t us)
{
	size_t bucket = (size_t)(us / 1000);

	waits->bucket[bucket < LEG_BUCKETS ? bucket : LEG_BUCKETS - 1]++;
	waits->count++;
}

static bool is_skipped(const struct leg *leg, int64_t at_us)
{
	for (size_t i = 0; i < leg->skip_count; i++)
		if (at_us >= leg->skip[i].from_us && at_us < leg->skip[i].to_us)
			return true;
	return false;
}

static void count_wait(struct leg *leg, int64_t at_us, int64_t wait_us, enum leg_class class)
{
	if (wait_us > leg->peak_us)
		leg->peak_us = wait_us;
	if (is_skipped(leg, at_us))
		return;
	wait_add(&leg->all, wait_us);
	if (class == LEG_AUDIO)
		wait_add(&leg->audio, wait_us);
	if (class == LEG_VIDEO || class == LEG_RTX)
		wait_add(&leg->video, wait_us);
}

static void count_bytes(struct leg *leg, int64_t depart_us, size_t ip_bytes, enum leg_class class)
{
	size_t bin = (size_t)(depart_us / LEG_BIN_US);
	uint64_t wire = (uint64_t)link_wire_bytes(leg->link, (int64_t)ip_bytes);

	leg->bytes[class] += ip_bytes;
	leg->packets[class]++;
	if (bin >= leg->bin_count)
		return;
	if (class == LEG_CROSS)
		leg->cross_bytes[bin] += wire;
	else
		leg->media_bytes[bin] += wire;
}

int64_t leg_send(struct leg *leg, int64_t now_us, size_t ip_bytes, enum leg_class class)
{
	struct link_fate fate;

	size_t bin = (size_t)((now_us - leg->begun_us) / LEG_BIN_US);

	if (class != LEG_CROSS && bin < leg->bin_count)
		leg->offered_bytes[bin] += (uint64_t)link_wire_bytes(leg->link, (int64_t)ip_bytes);
	link_send(leg->link, now_us * US_NS, (int64_t)ip_bytes, &fate);
	if (fate.verdict != LINK_DELIVERED) {
		leg->lost[class]++;
		return INT64_MAX;
	}
	if (class != LEG_CROSS)
		count_wait(leg, now_us - leg->begun_us, fate.queue_ns / US_NS, class);
	count_bytes(leg, fate.depart_ns / US_NS - leg->begun_us, ip_bytes, class);
	return (fate.arrive_ns + US_NS - 1) / US_NS;
}

void leg_sample(struct leg *leg, int64_t now_us)
{
	size_t at = (size_t)((now_us - leg->begun_us) / LEG_SAMPLE_US);
	int64_t ns = link_queue_ns(leg->link, now_us * US_NS);

	if (at < leg->sample_count)
		leg->queue_ms[at] = ns == INT64_MAX ? 60000.0F : (float)((double)ns / 1e6);
}

/* --- figures ---------------------------------------------------------------------------------- */

double leg_wait_ms(const struct leg_waits *waits, double quantile)
{
	uint64_t wanted = (uint64_t)ceil(quantile * (double)waits->count);
	uint64_t sum = 0;

	if (waits->count == 0)
		return 0;
	for (size_t i = 0; i < LEG_BUCKETS; i++) {
		sum += waits->bucket[i];
		if (sum >= wanted)
			return (double)i;
	}
	return LEG_BUCKETS;
}

double leg_capacity_bps(const struct leg *leg, int64_t from_us, int64_t to_us)
{
	int64_t bits = link_capacity_bits(leg->link, (leg->begun_us + from_us) * US_NS,
					  (leg->begun_us + to_us) * US_NS);

	return bits == INT64_MAX ? 1e9 : (double)bits * 1e6 / (double)(to_us - from_us);
}

static double rate(const struct leg *leg, const uint64_t *bins, int64_t from_us, int64_t to_us)
{
	uint64_t sum = 0;

	for (int64_t at = from_us; at < to_us; at += LEG_BIN_US)
		if ((size_t)(at / LEG_BIN_US) < leg->bin_count)
			sum += bins[at / LEG_BIN_US];
	return (double)sum * 8e6 / (double)(to_us - from_us);
}

double leg_media_bps(const struct leg *leg, int64_t from_us, int64_t to_us)
{
	return rate(leg, leg->media_bytes, from_us, to_us);
}

double leg_cross_bps(const struct leg *leg, int64_t from_us, int64_t to_us)
{
	return rate(leg, leg->cross_bytes, from_us, to_us);
}

double leg_offered_bps(const struct leg *leg, int64_t from_us, int64_t to_us)
{
	return rate(leg, leg->offered_bytes, from_us, to_us);
}

unsigned leg_cuts(const struct leg *leg, int64_t from_us, int64_t to_us, double kept, double ms)
{
	unsigned cuts = 0;

	for (int64_t at = from_us + 3000000; at + 1000000 <= to_us; at += 1000000) {
		double before = leg_offered_bps(leg, at - 3000000, at);

		if (leg_queue_ms(leg, at - 3000000, at + 1000000) > ms)
			continue;
		cuts += leg_offered_bps(leg, at, at + 1000000) < kept * before;
	}
	return cuts;
}

double leg_queue_ms(const struct leg *leg, int64_t from_us, int64_t to_us)
{
	double most = 0;

	for (int64_t at = from_us; at < to_us; at += LEG_SAMPLE_US) {
		size_t i = (size_t)(at / LEG_SAMPLE_US);

		if (i < leg->sample_count && (double)leg->queue_ms[i] > most)
			most = (double)leg->queue_ms[i];
	}
	return most;
}

static double could_bps(const struct leg *leg, int64_t from_us, int64_t to_us, double share,
			double ceiling_bps)
{
	double capacity = share * leg_capacity_bps(leg, from_us, to_us);

	return capacity < ceiling_bps ? capacity : ceiling_bps;
}

double leg_utilisation(const struct leg *leg, int64_t from_us, int64_t to_us, double ceiling_bps)
{
	double could = 0;

	/* Second by second: what a slow second lacks a fast one does not make up for. */
	for (int64_t at = from_us; at < to_us; at += 1000000) {
		int64_t end = at + 1000000 < to_us ? at + 1000000 : to_us;

		could += could_bps(leg, at, end, share_of_capacity, ceiling_bps) *
			 (double)(end - at);
	}
	could /= (double)(to_us - from_us);
	return could > 0 ? leg_media_bps(leg, from_us, to_us) / could : 1;
}

/* The 2 s from `at` on are good in rate, and the queue stays low for 3 s. */
static bool is_recovered(const struct leg *leg, int64_t at, double ceiling_bps)
{
	double wanted = 0.9 * could_bps(leg, at, at + 2000000, 0.9, ceiling_bps);

	return leg_media_bps(leg, at, at + 2000000) >= wanted &&
	       leg_queue_ms(leg, at, at + 3000000) < 100;
}

double leg_recovery_s(const struct leg *leg, int64_t from_us, int64_t until_us, double ceiling_bps)
{
	for (int64_t at = from_us; at + 2000000 <= until_us; at += LEG_BIN_US)
		if (is_recovered(leg, at, ceiling_bps))
			return (double)(at - from_us) / 1e6;
	return (double)(until_us - from_us) / 1e6;
}

double leg_drained_s(const struct leg *leg, int64_t from_us, int64_t until_us, double ms)
{
	for (int64_t at = from_us; at + 1000000 <= until_us; at += LEG_SAMPLE_US)
		if (leg_queue_ms(leg, at, at + 1000000) < ms)
			return (double)(at - from_us) / 1e6;
	return (double)(until_us - from_us) / 1e6;
}
