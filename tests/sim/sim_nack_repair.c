/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A publisher, our side, and a subscriber, with a lossy path on either side: everything in between
 * is what the router uses (nack, sent, rtx, rewrite, and the RTP and RTCP writers), the two ends
 * are modelled with the same modules. Each packet carries its number, so what comes out of the far
 * end is checked one by one. NACKs and retransmissions are lost like all else.
 */
#include <glib.h>
#include <string.h>

#include "media/base/rng.h"
#include "media/stream/nack.h"
#include "media/stream/rtx.h"
#include "media/stream/sent.h"
#include "media/wire/rtcp.h"

#define MS	       1000
#define SECOND	       1000000
#define INTERVAL_US    5000 /* 200 packets a second */
#define DELAY_US       (50 * MS)
#define RTT_US	       (2 * DELAY_US)
#define PACKETS	       (60 * 200)
#define RUN_US	       (63LL * SECOND)
#define TOO_LATE_US    (500 * MS)
#define DATAGRAM_BYTES 128
#define QUEUE	       256
#define MEDIA_SSRC     0x1111
#define RTX_SSRC       0x2222

struct link {
	struct rng rng;
	uint32_t loss_permille;
	size_t first;
	size_t count;
	uint64_t offered;
	uint64_t lost;
	struct datagram {
		int64_t at_us;
		size_t len;
		uint8_t data[DATAGRAM_BYTES];
	} queue[QUEUE];
};

static void link_send(struct link *link, int64_t now, const uint8_t *data, size_t len)
{
	link->offered++;
	if (rng_below(&link->rng, 1000) < link->loss_permille) {
		link->lost++;
		return;
	}
	g_assert_cmpuint(link->count, <, QUEUE);
	g_assert_cmpuint(len, <=, DATAGRAM_BYTES);
	struct datagram *d = &link->queue[(link->first + link->count++) % QUEUE];
	d->at_us = now + DELAY_US;
	d->len = len;
	memcpy(d->data, data, len);
}

static const struct datagram *link_take(struct link *link, int64_t now)
{
	struct datagram *d = &link->queue[link->first];

	if (link->count == 0 || d->at_us > now)
		return NULL;
	link->first = (link->first + 1) % QUEUE;
	link->count--;
	return d;
}

/* One direction of media over one path: who sends and remembers, who receives and asks. */
struct hop {
	struct link there;
	struct link back;
	struct sent *sent;
	uint16_t rtx_seq;
	uint64_t resent;
	struct nack nack;
};

static void hop_init(struct hop *hop, uint64_t seed, uint32_t loss_permille)
{
	*hop = (struct hop){0};
	hop->there.rng = rng_seeded(seed);
	hop->there.loss_permille = loss_permille;
	hop->back.rng = rng_seeded(seed + 1000);
	hop->back.loss_permille = loss_permille;
	g_assert_cmpint(sent_new(&hop->sent, LIMIT_SENT_PACKETS), ==, 0);
}

static void write_packet(struct link *link, int64_t now, struct rtp_header header, int osn,
			 const struct pkt *pkt)
{
	static const struct rtp_ext_map no_map;
	static const struct rtp_exts no_exts;
	uint8_t buf[DATAGRAM_BYTES];
	struct wr w = wr_init(buf, sizeof(buf));

	rtp_write(&w, &header, &no_exts, &no_map);
	if (osn >= 0)
		rtx_write(&w, (uint16_t)osn);
	wr_bytes(&w, pkt->data, pkt->len);
	g_assert_true(wr_ok(&w));
	link_send(link, now, buf, wr_len(&w));
}

static void hop_send(struct hop *hop, int64_t now, struct pkt *pkt,
		     const struct rewrite_out *numbers)
{
	const struct sent_packet entry = {
		.pkt = pkt, .sent_us = now, .numbers = *numbers, .codec = CODEC_VP8, .pt = 96};
	const struct rtp_header header = {
		.pt = 96, .seq = numbers->seq, .timestamp = numbers->timestamp, .ssrc = MEDIA_SSRC};

	sent_put(hop->sent, &entry);
	write_packet(&hop->there, now, header, -1, pkt);
}

/* The sender's side: NACKs that come back. */
static void hop_answer(struct hop *hop, int64_t now)
{
	static struct rtcp_packet packet;
	const struct datagram *d;

	while ((d = link_take(&hop->back, now)) != NULL) {
		struct rtcp_reader reader = rtcp_reader_init(d->data, d->len);
		g_assert_cmpint(rtcp_next(&reader, &packet), ==, 1);
		g_assert_cmpint(packet.type, ==, RTCP_NACK);
		for (size_t i = 0; i < packet.nack_count; i++) {
			const struct sent_packet *p =
				sent_resend(hop->sent, now, packet.nack[i], RTT_US);
			if (!p)
				continue;
			const struct rtp_header header = {.pt = 97,
							  .seq = hop->rtx_seq++,
							  .timestamp = p->numbers.timestamp,
							  .ssrc = RTX_SSRC};
			write_packet(&hop->there, now, header, p->numbers.seq, p->pkt);
			hop->resent++;
		}
	}
	if (now % (100 * MS) == 0)
		sent_expire(hop->sent, now - SECOND);
}

/* The receiver's side: true and the original header and payload of the next packet. */
static bool hop_receive(struct hop *hop, int64_t now, struct rtp_header *out)
{
	const struct datagram *d = link_take(&hop->there, now);

	if (!d)
		return false;
	g_assert_cmpint(rtp_parse(out, d->data, d->len), ==, 0);
	if (out->ssrc == RTX_SSRC) {
		struct rtp_header rtx = *out;
		g_assert_cmpint(rtx_parse(&rtx, &out->seq, &out->payload, &out->payload_len), ==,
				0);
	}
	nack_received(&hop->nack, now, out->seq);
	return true;
}

static void hop_ask(struct hop *hop, int64_t now)
{
	uint16_t seqs[LIMIT_NACK_MISSING];
	uint8_t buf[DATAGRAM_BYTES];

	if (nack_deadline_us(&hop->nack) > now)
		return;
	size_t count = nack_due(&hop->nack, now, RTT_US, seqs, 16);
	struct wr w = wr_init(buf, sizeof(buf));
	rtcp_write_nack(&w, 1, MEDIA_SSRC, seqs, count);
	g_assert_true(wr_ok(&w));
	if (count > 0)
		link_send(&hop->back, now, buf, wr_len(&w));
}

struct sim {
	struct pkt_pool *pool;
	struct hop up;
	struct hop down;
	struct rewrite rewrite;
	uint16_t first_out; /* outgoing number of packet 0's place */
	bool got[PACKETS];
	uint32_t delivered;
	uint32_t late;
	uint64_t digest;
};

static struct pkt *make_packet(struct sim *sim, uint32_t number)
{
	struct pkt *pkt = pkt_get(sim->pool);
	struct wr w = wr_init(pkt->data, 40);

	wr_u32(&w, number);
	wr_zero(&w, 36);
	pkt->len = 40;
	return pkt;
}

static void publish(struct sim *sim, int64_t now)
{
	uint32_t number = (uint32_t)(now / INTERVAL_US);

	if (now % INTERVAL_US != 0 || number >= PACKETS)
		return;
	struct pkt *pkt = make_packet(sim, number);
	/* From 60000, so that the numbers wrap early. */
	const struct rewrite_out numbers = {.seq = (uint16_t)(60000 + number),
					    .timestamp = number * 450};
	hop_send(&sim->up, now, pkt, &numbers);
	pkt_unref(pkt);
}

/* What the router does with a packet of the slot's source. */
static void forward(struct sim *sim, int64_t now, const struct rtp_header *header)
{
	const struct rewrite_in in = {.seq = header->seq,
				      .timestamp = header->timestamp,
				      .arrival_us = now,
				      .clock_hz = 90000};
	struct rewrite_out out;

	if (!sim->rewrite.started) {
		rewrite_switch(&sim->rewrite, &in);
		sim->first_out = (uint16_t)(100 - (header->seq - 60000));
	}
	if (rewrite_packet(&sim->rewrite, &in, &out) < 0)
		return;
	struct pkt *pkt = pkt_get(sim->pool);
	memcpy(pkt->data, header->payload, header->payload_len);
	pkt->len = (uint16_t)header->payload_len;
	hop_send(&sim->down, now, pkt, &out);
	pkt_unref(pkt);
}

static void deliver(struct sim *sim, int64_t now, const struct rtp_header *header)
{
	struct rd r = rd_init(header->payload, header->payload_len);
	uint32_t number = rd_u32(&r);

	g_assert_cmpuint(header->payload_len, ==, 40);
	g_assert_cmpuint(number, <, PACKETS);
	/* The right payload under the right number, however it came. */
	g_assert_cmpuint(header->seq, ==, (uint16_t)(sim->first_out + number));
	if (sim->got[number])
		return;
	sim->got[number] = true;
	sim->delivered++;
	if (now - (int64_t)number * INTERVAL_US > TOO_LATE_US)
		sim->late++;
	sim->digest = (sim->digest ^ number ^ (uint64_t)now << 20) * 0x100000001b3u;
}

static struct sim *run(uint64_t seed, uint32_t loss_permille)
{
	struct sim *sim = g_new0(struct sim, 1);
	struct rtp_header header;

	sim->pool = pkt_pool_new(4096, 0);
	hop_init(&sim->up, seed, loss_permille);
	hop_init(&sim->down, seed + 1, loss_permille);
	rewrite_init(&sim->rewrite, 100, 0);
	for (int64_t now = 0; now < RUN_US; now += MS) {
		publish(sim, now);
		hop_answer(&sim->up, now);
		while (hop_receive(&sim->up, now, &header))
			forward(sim, now, &header);
		hop_ask(&sim->up, now);
		hop_answer(&sim->down, now);
		while (hop_receive(&sim->down, now, &header))
			deliver(sim, now, &header);
		hop_ask(&sim->down, now);
	}
	return sim;
}

/* Packets kept for resending come back by age: nothing leaks. */
static void close_sim(struct sim *sim)
{
	g_assert_cmpuint(sent_count(sim->up.sent), <=, 210);
	sent_free(sim->up.sent);
	sent_free(sim->down.sent);
	nack_close(&sim->up.nack);
	nack_close(&sim->down.nack);
	g_assert_cmpuint(pkt_pool_used(sim->pool), ==, 0);
	pkt_pool_free(sim->pool);
	g_free(sim);
}

static void five_percent_is_repaired_below_one_per_mille(void)
{
	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct sim *sim = run(seed, 50);
		uint32_t lost = PACKETS - sim->delivered;
		g_test_message(
			"seed %d: of %d packets over two hops %u lost, %u later than 500 ms; "
			"on the wire %d + %d lost, %d + %d resent",
			(int)seed, PACKETS, lost, sim->late, (int)sim->up.there.lost,
			(int)sim->down.there.lost, (int)sim->up.resent, (int)sim->down.resent);
		/* The links really lose one packet in twenty. */
		g_assert_cmpuint(sim->up.there.lost, >, sim->up.there.offered * 4 / 100);
		g_assert_cmpuint(sim->up.there.lost, <, sim->up.there.offered * 6 / 100);
		g_assert_cmpuint(sim->up.back.lost, >, 0);
		g_assert_cmpuint(lost * 1000, <, PACKETS);
		g_assert_cmpuint((lost + sim->late) * 1000, <, PACKETS);
		/* No packet is sent again for nothing. */
		g_assert_cmpuint(sim->up.resent, <=, sim->up.there.lost);
		g_assert_cmpuint(sim->down.resent, <=, sim->down.there.lost);
		close_sim(sim);
	}
}

static void without_loss_nothing_is_asked_for(void)
{
	struct sim *sim = run(1, 0);

	g_assert_cmpuint(sim->delivered, ==, PACKETS);
	g_assert_cmpuint(sim->up.back.offered + sim->down.back.offered, ==, 0);
	close_sim(sim);
}

static void same_seed_same_run(void)
{
	struct sim *a = run(7, 50);
	struct sim *b = run(7, 50);
	struct sim *c = run(8, 50);

	g_assert_cmpuint(a->digest, ==, b->digest);
	g_assert_cmpuint(a->digest, !=, c->digest);
	close_sim(a);
	close_sim(b);
	close_sim(c);
}

#define ADD(name) g_test_add_func("/nack_repair/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(five_percent_is_repaired_below_one_per_mille);
	ADD(without_loss_nothing_is_asked_for);
	ADD(same_seed_same_run);
	return g_test_run();
}
