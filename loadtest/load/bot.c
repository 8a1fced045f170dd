/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/bot.h"

#include <assert.h>
#include <string.h>

#include "media/wire/demux.h"
#include "media/wire/srtp.h"
#include "media/wire/twcc.h"

enum {
	BOT_REPORT_US = 1000000,
	BOT_REPORTS = 31,
};

static void put(void *arg, const uint8_t *data, size_t len)
{
	struct bot *bot = arg;
	struct bot_batch *batch = bot->batch;

	assert(len <= BOT_DATAGRAM);
	memcpy(batch->data[batch->count], data, len);
	batch->len[batch->count++] = len;
	if (batch->count == BOT_BATCH)
		batch->flush(batch->arg, batch);
}

int bot_init(struct bot *bot, const struct bot_config *config, struct tally *tally,
	     struct bot_batch *batch, struct rng *rng)
{
	*bot = (struct bot){.config = *config,
			    .tally = tally,
			    .batch = batch,
			    .report_us = INT64_MAX,
			    .fd = -1};
	channel_init(&bot->channel,
		     &(struct channel_config){.cert = config->cert, .send = put, .arg = bot}, rng);
	subscriber_init(&bot->subscriber, &bot->channel, tally, config->rtt_us,
			config->has_playout);
	return publisher_init(&bot->publisher, &config->publisher, &bot->channel, tally, rng);
}

void bot_close(struct bot *bot)
{
	subscriber_close(&bot->subscriber);
	publisher_close(&bot->publisher);
	channel_close(&bot->channel);
}

char *bot_offer(const struct bot *bot, size_t audio_slots, size_t video_slots)
{
	const struct description_offer offer = {
		.local = &bot->channel.local,
		.fingerprint = cert_fingerprint(bot->config.cert),
		.publisher = &bot->publisher,
		.audio_slots = audio_slots,
		.video_slots = video_slots,
		.has_feedback = true,
	};

	return description_offer(&offer);
}

char *bot_answer(const struct bot *bot, const struct description *offered)
{
	return description_answer(offered, &bot->channel.local, cert_fingerprint(bot->config.cert));
}

int bot_described(struct bot *bot, int64_t now_us, const struct description *description)
{
	int result = subscriber_lines(&bot->subscriber, now_us, &description->terms.exts,
				      description->line, description->line_count);

	bot->subscriber.ssrc = bot->publisher.sound.ssrc;
	if (result != 0 || bot->channel.state != CHANNEL_IDLE)
		return result;
	bot->terms = description->terms;
	channel_start(&bot->channel, now_us, &description->remote, description->fingerprint,
		      &description->peer);
	return 0;
}

/* --- RTCP ------------------------------------------------------------------------------------- */

static void take_packet(struct bot *bot, int64_t now_us, const struct rtcp_packet *packet)
{
	static struct twcc_feedback feedback;

	switch (packet->type) {
	case RTCP_SR:
		subscriber_sender_report(&bot->subscriber, now_us, packet);
		break;
	case RTCP_NACK:
		for (size_t i = 0; i < packet->nack_count; i++)
			publisher_nack(&bot->publisher, now_us, packet->media_ssrc,
				       packet->nack[i]);
		break;
	case RTCP_PLI:
		publisher_keyframe(&bot->publisher, packet->media_ssrc);
		break;
	case RTCP_FIR:
		for (size_t i = 0; i < packet->ssrc_count; i++)
			publisher_keyframe(&bot->publisher, packet->ssrcs[i]);
		break;
	case RTCP_REMB:
		publisher_remb(&bot->publisher, packet->remb_bps);
		break;
	case RTCP_TWCC:
		if (twcc_parse(&feedback, packet->fci, packet->fci_len) == 0)
			publisher_feedback(&bot->publisher, now_us, &feedback);
		break;
	default:
		break;
	}
}

static void take_rtcp(struct bot *bot, int64_t now_us, uint8_t *data, size_t len)
{
	static struct rtcp_packet packet;
	struct rtcp_reader reader;

	if (!bot->channel.srtp || srtp_link_unprotect_rtcp(bot->channel.srtp, data, &len) != 0) {
		bot->tally->counts.rejected++;
		return;
	}
	reader = rtcp_reader_init(data, len);
	while (rtcp_next(&reader, &packet) > 0)
		take_packet(bot, now_us, &packet);
}

/* One compound per sending SSRC's worth and 31 receptions each, as browsers split them. */
static void send_reports(struct bot *bot, int64_t now_us)
{
	static struct rtcp_report blocks[SUBSCRIBER_SLOTS];
	size_t count = subscriber_reports(&bot->subscriber, now_us, blocks, SUBSCRIBER_SLOTS);
	uint8_t buf[BOT_DATAGRAM];
	struct wr w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);
	size_t done = 0;

	publisher_report(&bot->publisher, now_us, &w);
	do {
		size_t some = count - done < BOT_REPORTS ? count - done : BOT_REPORTS;

		rtcp_write_rr(&w, bot->subscriber.ssrc, blocks + done, some);
		done += some;
		if (wr_ok(&w))
			(void)channel_send_rtcp(&bot->channel, buf, wr_len(&w),
						sizeof(buf)); /* or lost */
		w = wr_init(buf, sizeof(buf) - SRTP_LINK_MAX_TRAILER);
	} while (done < count);
	bot->report_us = now_us + BOT_REPORT_US;
}

/* --- time and packets ------------------------------------------------------------------------- */

static void begin(struct bot *bot, int64_t now_us)
{
	bot->is_begun = true;
	bot->ready_us = now_us;
	bot->report_us = now_us + BOT_REPORT_US;
	histogram_add(&bot->tally->join, now_us - bot->wished_us);
	if (bot->config.publisher.has_audio || bot->config.publisher.has_video)
		publisher_start(&bot->publisher, now_us, &bot->terms);
}

void bot_input(struct bot *bot, int64_t now_us, uint8_t *data, size_t len)
{
	switch (demux_classify(data, len)) {
	case DEMUX_STUN:
	case DEMUX_DTLS:
		channel_input(&bot->channel, now_us, data, len);
		if (bot->channel.state == CHANNEL_READY && !bot->is_begun)
			begin(bot, now_us);
		break;
	case DEMUX_RTP:
		subscriber_rtp(&bot->subscriber, now_us, data, len);
		if (bot->subscriber.media_us && !bot->is_first_told) {
			bot->is_first_told = true;
			histogram_add(&bot->tally->first, now_us - bot->wished_us);
		}
		break;
	case DEMUX_RTCP:
		take_rtcp(bot, now_us, data, len);
		break;
	default:
		break;
	}
}

void bot_timeout(struct bot *bot, int64_t now_us)
{
	channel_timeout(&bot->channel, now_us);
	if (!bot->is_begun || bot->channel.state != CHANNEL_READY)
		return;
	publisher_timeout(&bot->publisher, now_us);
	subscriber_timeout(&bot->subscriber, now_us);
	if (bot->report_us <= now_us)
		send_reports(bot, now_us);
}

int64_t bot_deadline_us(const struct bot *bot)
{
	int64_t first = channel_deadline_us(&bot->channel);
	int64_t other;

	if (!bot->is_begun || bot->channel.state != CHANNEL_READY)
		return first;
	other = publisher_deadline_us(&bot->publisher);
	first = other < first ? other : first;
	other = subscriber_deadline_us(&bot->subscriber);
	first = other < first ? other : first;
	return bot->report_us < first ? bot->report_us : first;
}
