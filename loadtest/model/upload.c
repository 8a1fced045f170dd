/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/model/upload.h"

#include <math.h>

enum {
	UPLOAD_MIN_BPS = 5000,
	UPLOAD_MAX_BPS = 5000000,
	/* Falling and rising. */
	CUT_LEAST_US = 10000,
	CUT_MOST_US = 200000,
	RESPONSE_US = 100000,
	PACKET_BITS = 9600,
	FRAMES = 30,
	SLOWEST_RISE_BPS = 4000,
	/* Silence. */
	SILENT_US = 3000000,
	BACK_OFF_US = 1000000,
	/* Loss. */
	LOSS_US = 250000,
	LOSS_RISE_US = 300000,
	/* Probes. */
	PROBE_PACKETS = 5,
	PROBE_US = 15000,
	PROBE_RESULT_US = 1000000,
	PROBE_IDLE_US = 5000000,
	PROBE_FALL_US = 5000000,
	IDLE_RECENT_US = 3000000,
	BUDGET_US = 500000,
};

static const double fall = 0.85;
static const double fall_less_bps = 5000;
static const double rise = 1.08; /* a second */
static const double loss_heavy = 0.05;
static const double loss_ceiling_bps = 100000;

void upload_init(struct upload *u, int64_t now_us)
{
	*u = (struct upload){
		.estimate_bps = UPLOAD_START_BPS,
		.heard_us = now_us,
		.changed_us = now_us,
		.loss_us = now_us,
		.budget_us = now_us,
		.rtt_us = CUT_MOST_US,
		.state = UPLOAD_RISE,
		.capacity_var = 0.4,
	};
	upload_delay_init(&u->delay);
}

static double limit(double bps)
{
	return fmin(fmax(bps, UPLOAD_MIN_BPS), UPLOAD_MAX_BPS);
}

static double target(const struct upload *u)
{
	double bps = u->estimate_bps;

	if (u->loss_bps > 0)
		bps = fmin(bps, u->loss_bps);
	if (u->backed_bps > 0)
		bps = fmin(bps, u->backed_bps);
	if (u->remb_bps > 0)
		bps = fmin(bps, u->remb_bps);
	return limit(bps);
}

/* --- probes ----------------------------------------------------------------------------------- */

static struct upload_cluster *cluster_at(const struct upload *u, size_t i)
{
	return (struct upload_cluster *)&u->cluster[(u->cluster_first + i) % UPLOAD_CLUSTERS];
}

static void probe(struct upload *u, int64_t now_us, double bps)
{
	if (u->cluster_count == UPLOAD_CLUSTERS) {
		u->cluster_first = (u->cluster_first + 1) % UPLOAD_CLUSTERS;
		u->cluster_count--;
	}
	*cluster_at(u, u->cluster_count++) =
		(struct upload_cluster){.id = ++u->cluster_id, .bps = limit(bps)};
	u->probed_us = now_us;
}

static struct upload_cluster *cluster_now(const struct upload *u)
{
	for (size_t i = 0; i < u->cluster_count; i++)
		if (!cluster_at(u, i)->is_sent)
			return cluster_at(u, i);
	return NULL;
}

uint32_t upload_probe_bps(const struct upload *u)
{
	const struct upload_cluster *c = cluster_now(u);

	return c ? (uint32_t)c->bps : 0;
}

static uint32_t probe_packet(struct upload *u, int64_t now_us, uint16_t bytes)
{
	struct upload_cluster *c = cluster_now(u);

	if (!c)
		return 0;
	if (c->sent_packets++ == 0)
		c->first_sent_us = now_us;
	c->sent_bytes += bytes;
	c->last_sent_us = now_us;
	c->last_sent_bytes = bytes;
	c->is_sent = c->sent_packets >= PROBE_PACKETS &&
		     c->sent_bytes * 8e6 >= c->bps * (double)PROBE_US;
	return c->id;
}

static void probe_came(struct upload *u, uint32_t id, uint16_t bytes, int64_t arrival_us)
{
	for (size_t i = 0; id && i < u->cluster_count; i++) {
		struct upload_cluster *c = cluster_at(u, i);

		if (c->id != id)
			continue;
		if (c->came_packets++ == 0) {
			c->first_came_us = arrival_us;
			c->first_came_bytes = bytes;
		}
		c->came_bytes += bytes;
		c->last_came_us = arrival_us;
	}
}

/* 0: nothing learnt. */
static double probe_result(const struct upload_cluster *c)
{
	double sent_us = (double)(c->last_sent_us - c->first_sent_us);
	double came_us = (double)(c->last_came_us - c->first_came_us);
	double sent;
	double came;

	if (c->came_packets * 5 < c->sent_packets * 4 || c->came_bytes * 5 < c->sent_bytes * 4 ||
	    sent_us <= 0 || came_us <= 0 || sent_us > PROBE_RESULT_US || came_us > PROBE_RESULT_US)
		return 0;
	sent = (c->sent_bytes - c->last_sent_bytes) * 8e6 / sent_us;
	came = (c->came_bytes - c->first_came_bytes) * 8e6 / came_us;
	if (came > 2 * sent)
		return 0;
	return came < 0.9 * sent ? 0.95 * came : fmin(sent, came);
}

/* The newest result there is; probing goes on when it was good. */
static double judge_probes(struct upload *u, int64_t now_us)
{
	double result = 0;

	for (size_t i = 0; i < u->cluster_count; i++) {
		struct upload_cluster *c = cluster_at(u, i);
		double bps;

		if (!c->is_sent || c->is_judged || c->came_packets < c->sent_packets * 4 / 5)
			continue;
		bps = probe_result(c);
		if (bps <= 0)
			continue;
		c->is_judged = true;
		result = bps;
		if (bps > 0.7 * c->bps && !cluster_now(u) && u->estimate_bps < UPLOAD_MAX_BPS &&
		    now_us - u->probed_us < PROBE_RESULT_US)
			probe(u, now_us, 2 * bps);
	}
	if (result > 0 && result < u->estimate_bps)
		result = fmax(result, fmin(u->estimate_bps, fall * u->acked_bps));
	return result;
}

void upload_allocated(struct upload *u, int64_t now_us, uint32_t bps)
{
	bool is_more = bps > u->allocated_bps;

	u->allocated_bps = bps;
	if (bps && !u->is_started) {
		u->is_started = true;
		probe(u, now_us, 3.0 * UPLOAD_START_BPS);
		probe(u, now_us, 6.0 * UPLOAD_START_BPS);
	} else if (is_more && u->idle_us && u->estimate_bps < bps && !cluster_now(u)) {
		probe(u, now_us, bps);
		probe(u, now_us, 2.0 * bps);
	}
}

static void want_probes(struct upload *u, int64_t now_us)
{
	bool is_idle =
		u->idle_us || (u->idle_ended_us && now_us - u->idle_ended_us < IDLE_RECENT_US);
	double before = fall * u->before_fall_bps;

	if (cluster_now(u) || u->delay.usage == UPLOAD_OVER || u->backed_bps > 0)
		return;
	if (u->was_over && is_idle && u->estimate_bps < 0.95 * before &&
	    now_us - u->deep_fall_us < PROBE_FALL_US && now_us - u->probed_us > PROBE_FALL_US)
		probe(u, now_us, before);
	else if (u->idle_us && now_us - u->idle_us > PROBE_IDLE_US &&
		 now_us - u->probed_us > PROBE_IDLE_US)
		probe(u, now_us, 2 * target(u));
}

/* --- sending ---------------------------------------------------------------------------------- */

static void spend(struct upload *u, int64_t now_us, uint16_t bytes)
{
	double most = 0.65 * target(u) * BUDGET_US / 1e6;

	u->budget_bits += 0.65 * target(u) * (double)(now_us - u->budget_us) / 1e6 - bytes * 8.0;
	u->budget_bits = fmin(fmax(u->budget_bits, -most), most);
	u->budget_us = now_us;
	if (u->budget_bits > 0.8 * most && u->idle_us == 0) {
		u->idle_us = now_us;
	} else if (u->budget_bits < 0.5 * most && u->idle_us) {
		u->idle_us = 0;
		u->idle_ended_us = now_us;
	}
}

void upload_sent(struct upload *u, int64_t now_us, uint16_t seq, uint16_t bytes)
{
	spend(u, now_us, bytes);
	u->last_sent_us = now_us;
	u->sent[seq % UPLOAD_SENT] = (struct upload_sent){.seq = seq,
							  .bytes = bytes,
							  .cluster = probe_packet(u, now_us, bytes),
							  .sent_us = now_us};
}

/* --- what feedback says ----------------------------------------------------------------------- */

static double capacity_off(const struct upload *u)
{
	return 3 * sqrt(u->capacity_var * u->capacity_kbps);
}

static void learn_capacity(struct upload *u, double kbps)
{
	double off;

	if (u->capacity_kbps > 0)
		u->capacity_kbps += 0.05 * (kbps - u->capacity_kbps);
	else
		u->capacity_kbps = kbps;
	off = u->capacity_kbps - kbps;
	u->capacity_var += 0.05 * (off * off / fmax(u->capacity_kbps, 1) - u->capacity_var);
	u->capacity_var = fmin(fmax(u->capacity_var, 0.4), 2.5);
}

static void set_estimate(struct upload *u, int64_t now_us, double bps)
{
	bps = limit(bps);
	if (bps < 0.66 * u->estimate_bps) {
		u->before_fall_bps = u->estimate_bps;
		u->deep_fall_us = now_us;
	}
	u->estimate_bps = bps;
	u->changed_us = now_us;
}

static void cut(struct upload *u, int64_t now_us)
{
	double apart = fmin(fmax((double)u->rtt_us, CUT_LEAST_US), CUT_MOST_US);
	double kbps = u->acked_bps / 1e3;
	double bps;

	if (u->acked_bps <= 0) {
		if (now_us - u->fell_us >= CUT_MOST_US)
			set_estimate(u, now_us, u->estimate_bps / 2);
		u->fell_us = now_us;
		return;
	}
	if ((double)(now_us - u->changed_us) < apart && u->acked_bps >= 0.5 * u->estimate_bps)
		return;
	bps = fall * u->acked_bps;
	if (bps > fall_less_bps)
		bps -= fall_less_bps;
	if (bps > u->estimate_bps && u->capacity_kbps > 0)
		bps = fall * u->capacity_kbps * 1e3;
	if (u->capacity_kbps > 0 && kbps < u->capacity_kbps - capacity_off(u))
		u->capacity_kbps = 0;
	learn_capacity(u, kbps);
	u->state = UPLOAD_HOLD;
	u->fell_us = now_us;
	set_estimate(u, now_us, fmin(bps, u->estimate_bps));
	u->changed_us = now_us;
}

static void grow(struct upload *u, int64_t now_us)
{
	double time = fmin((double)(now_us - u->changed_us) / 1e6, 1);
	double most = 1.5 * u->acked_bps + 10000;
	double bps = u->estimate_bps;

	if (u->capacity_kbps > 0 && u->acked_bps / 1e3 > u->capacity_kbps + capacity_off(u))
		u->capacity_kbps = 0;
	if (u->acked_bps > 0 && bps < most) {
		double frame = bps / FRAMES;
		double packet = frame / ceil(frame / PACKET_BITS);
		double step = packet * 1e6 / (double)(2 * (u->rtt_us + RESPONSE_US));

		if (u->capacity_kbps > 0)
			bps += fmax(step, SLOWEST_RISE_BPS) * time;
		else
			bps *= pow(rise, time);
		bps = fmin(bps, most);
	}
	set_estimate(u, now_us, bps);
}

static void decide(struct upload *u, int64_t now_us)
{
	double probed = judge_probes(u, now_us);

	switch (u->delay.usage) {
	case UPLOAD_OVER:
		cut(u, now_us);
		u->was_over = true;
		return;
	case UPLOAD_UNDER:
		u->state = UPLOAD_HOLD;
		break;
	case UPLOAD_NORMAL:
		if (probed > 0)
			set_estimate(u, now_us, probed);
		else if (u->state == UPLOAD_HOLD)
			u->changed_us = now_us;
		else
			grow(u, now_us);
		u->state = UPLOAD_RISE;
		break;
	}
	want_probes(u, now_us);
	u->was_over = false;
}

/* Above 5 % a ceiling that falls with the loss, never below what arrives; it rises by 1.3 each
 * 300 ms when the loss has gone. */
static void heed_loss(struct upload *u, int64_t now_us)
{
	double loss;

	if (now_us - u->loss_us < LOSS_US || u->told_bytes < 3000)
		return;
	loss = (double)u->lost_bytes / u->told_bytes;
	u->loss += 0.1 * (loss - u->loss);
	if (loss > u->loss)
		u->loss += 0.2 * (loss - u->loss);
	if (u->loss_bps > 0) {
		u->loss_bps *= pow(1.3, (double)(now_us - u->loss_us) / LOSS_RISE_US);
		if (u->loss_bps > u->estimate_bps)
			u->loss_bps = 0;
	}
	if (u->loss > loss_heavy) {
		double ceiling = fmax(u->acked_bps, loss_ceiling_bps / (u->loss - loss_heavy));

		if (ceiling < target(u) || (u->loss_bps > 0 && ceiling < u->loss_bps))
			u->loss_bps = ceiling;
	}
	u->loss_us = now_us;
	u->lost_bytes = 0;
	u->told_bytes = 0;
}

void upload_feedback(struct upload *u, int64_t now_us, const struct twcc_feedback *feedback)
{
	int64_t newest = 0;

	for (size_t i = 0; i < feedback->count; i++) {
		uint16_t seq = (uint16_t)(feedback->base_seq + i);
		struct upload_sent *sent = &u->sent[seq % UPLOAD_SENT];
		int64_t arrival = feedback->arrival_us[i];

		if (sent->sent_us == 0 || sent->seq != seq)
			continue;
		u->told_bytes += sent->bytes;
		if (arrival == TWCC_NOT_RECEIVED) {
			u->lost_bytes += sent->bytes;
			continue;
		}
		newest = sent->sent_us > newest ? sent->sent_us : newest;
		probe_came(u, sent->cluster, sent->bytes, arrival);
		upload_throughput_packet(
			&u->throughput,
			&(struct upload_arrived){sent->sent_us, arrival, sent->bytes});
		upload_delay_packet(&u->delay, now_us, sent->sent_us, arrival);
		sent->sent_us = 0;
	}
	if (newest == 0)
		return;
	u->rtt_us = now_us - newest;
	u->heard_us = now_us;
	u->backed_bps = 0;
	u->acked_bps = upload_throughput_bps(&u->throughput);
	decide(u, now_us);
	heed_loss(u, now_us);
}

void upload_remb(struct upload *u, uint64_t bps)
{
	u->remb_bps = (double)bps;
}

uint32_t upload_bps(struct upload *u, int64_t now_us)
{
	if (now_us - u->heard_us > SILENT_US && now_us - u->backed_us >= BACK_OFF_US) {
		u->backed_bps = limit(0.8 * target(u));
		u->backed_us = now_us;
	}
	return (uint32_t)target(u);
}
