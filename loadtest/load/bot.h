/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One connection of the load tester: channel, publisher and subscriber put together, RTCP in
 * between. What it has to send waits in its own batch until the flock takes it. Sans-IO.
 */
#ifndef VIDD_LOADTEST_LOAD_BOT_H
#define VIDD_LOADTEST_LOAD_BOT_H

#include "loadtest/load/channel.h"
#include "loadtest/load/description.h"
#include "loadtest/load/publisher.h"
#include "loadtest/load/subscriber.h"
#include "media/base/heap.h"

#define BOT_BATCH 64
/* The largest datagram that a bot sends. */
#define BOT_DATAGRAM 1500

struct bot_config {
	const struct cert *cert;
	struct publisher_config publisher; /* has neither kind: sends nothing */
	int64_t rtt_us;
	bool has_playout;
};

/* Datagrams on their way out, shared by all bots: it is emptied after each one's turn. */
struct bot_batch {
	size_t count;
	size_t len[BOT_BATCH];
	uint8_t data[BOT_BATCH][BOT_DATAGRAM];
	/* Called when it is full. */
	void (*flush)(void *arg, struct bot_batch *batch);
	void *arg;
};

struct bot {
	struct heap_node timer; /* first: the flock goes from it to the bot */
	struct bot_config config;
	struct channel channel;
	struct publisher publisher;
	struct subscriber subscriber;
	struct tally *tally;
	struct bot_batch *batch;
	bool is_begun;	   /* media flows */
	int64_t wished_us; /* when somebody wanted to join by it */
	int64_t ready_us;  /* 0: not yet */
	bool is_first_told;
	int64_t report_us;
	struct publisher_terms terms;
	int fd;	     /* the flock's */
	void *owner; /* the flock's caller's */
};

/* 0 or -ENOMEM. */
int bot_init(struct bot *bot, const struct bot_config *config, struct tally *tally,
	     struct bot_batch *batch, struct rng *rng);
void bot_close(struct bot *bot);
/* Its offer; free() it. */
char *bot_offer(const struct bot *bot, size_t audio_slots, size_t video_slots);
/* Its answer to what the other side offers to send; free() it. */
char *bot_answer(const struct bot *bot, const struct description *offered);
/* The other side's description was read: connects, or, when it is connected, takes new lines. 0,
 * -ENOMEM, -EINVAL. */
int bot_described(struct bot *bot, int64_t now_us, const struct description *description);
void bot_input(struct bot *bot, int64_t now_us, uint8_t *data, size_t len);
void bot_timeout(struct bot *bot, int64_t now_us);
int64_t bot_deadline_us(const struct bot *bot);

#endif
