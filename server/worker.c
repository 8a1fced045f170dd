/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/worker.h"

#include <errno.h>
#include <glib.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "media/base/heap.h"
#include "server/backlog.h"
#include "server/clock.h"
#include "server/log.h"
#include "server/loop.h"
#include "server/message.h"
#include "server/pace.h"
#include "server/random.h"
#include "server/thread.h"
#include "server/udp.h"
#include "server/udp_tx.h"

/* Commands are joins and leaves: 4096 waiting means that the thread hangs. */
#define MAILBOX_MESSAGES 4096
#define MAILBOX_NUMBER	 UINT32_MAX /* among the loop's numbers, which are sockets */
/* Of packets in one turn: a few milliseconds at most before timers are looked at. */
#define TURN_BATCHES 8
/* Of commands in one turn: thousands may leave at once, and who stays goes on hearing. */
#define COMMANDS_US 1000
/* How old the figures of a busy worker may be. */
#define PUBLISH_US 250000
/* The front's mailbox was full: try again after. */
#define RETRY_US 5000

struct worker {
	size_t index;
	struct engine *engine;
	struct mailbox *commands;
	struct mailbox *front;
	struct metrics *metrics;
	struct loop loop;
	struct addr local[WORKER_MAX_SOCKETS];
	int fd[WORKER_MAX_SOCKETS];
	size_t socket_count;
	struct pace pace;
	struct backlog backlog;
	int64_t waited_us; /* in a socket, the most of what the turn took */
	struct udp_rx rx;
	struct udp_tx *tx; /* one per socket */
	GArray *rooms;	   /* ids, to close them at the end */
	struct worker_stats stats;
	int64_t publish_due_us; /* INT64_MAX: nothing changed */
	/* An event the front's mailbox had no room for; later ones wait inside the engine. */
	struct front_message held;
	bool is_holding;
	bool has_commands; /* more than one turn takes */
	bool is_stopping;
	bool is_started;
	pthread_t thread;
};

/* --- out of the engine ------------------------------------------------------------------------ */

static void flush(struct worker *w, size_t i)
{
	struct udp_tx *tx = &w->tx[i];
	int64_t now_us;

	if (tx->count == 0)
		return;
	w->stats.tx_dropped += udp_tx_send(w->fd[i], tx);
	w->stats.tx_batches++;
	now_us = clock_now_us();
	for (size_t k = 0; k < tx->count; k++) {
		if (tx->pkt[k]->arrival_us > 0)
			histogram_add(&w->stats.transit, now_us - tx->pkt[k]->arrival_us);
	}
	udp_tx_clear(tx);
}

static void flush_all(struct worker *w)
{
	for (size_t i = 0; i < w->socket_count; i++)
		flush(w, i);
}

static void drain_output(struct worker *w)
{
	struct pkt *pkt;

	while ((pkt = engine_output(w->engine)) != NULL) {
		size_t i = pkt->path.local;

		if (i >= w->socket_count) { /* it was never received from there */
			w->stats.tx_dropped++;
			pkt_unref(pkt);
			continue;
		}
		udp_tx_add(&w->tx[i], pkt);
		if (w->tx[i].count == UDP_TX_BATCH)
			flush(w, i);
	}
}

/* Events go out in order and none is lost: what the front has no room for waits here and in the
 * engine, which bounds it. */
static void drain_events(struct worker *w)
{
	if (w->is_holding && mailbox_post(w->front, &w->held) < 0)
		return;
	w->is_holding = false;
	w->held.type = FRONT_MEDIA_EVENT;
	while (engine_event(w->engine, &w->held.event)) {
		if (mailbox_post(w->front, &w->held) < 0) {
			w->is_holding = true;
			w->stats.events_late++;
			return;
		}
	}
}

static void drain(struct worker *w)
{
	drain_output(w);
	drain_events(w);
}

/* --- into the engine -------------------------------------------------------------------------- */

/* How many came: a full batch means that there may be more. */
static size_t receive_batch(struct worker *w, uint32_t i)
{
	const struct udp_moment now = {clock_now_us(), clock_unix_us()};
	struct udp_rx_result got = udp_receive(w->fd[i], i, now, &w->rx, engine_pool(w->engine));

	w->stats.rx_batches += got.count > 0;
	w->stats.rx_no_buffer += got.no_buffer;
	w->stats.rx_truncated += got.truncated;
	if (got.waited_us > w->waited_us)
		w->waited_us = got.waited_us;
	for (size_t k = 0; k < got.count; k++) {
		struct pkt *pkt = w->rx.pkt[k];

		w->rx.pkt[k] = NULL;
		engine_input(w->engine, clock_now_us(), pkt);
		drain(w);
	}
	return got.count + got.truncated + got.no_buffer;
}

/* All that is there, unless it is so much that timers would be late. */
static size_t receive(struct worker *w, uint32_t i, bool *has_more)
{
	size_t count = 0, batch = UDP_RX_BATCH;

	for (int n = 0; n < TURN_BATCHES && batch >= UDP_RX_BATCH; n++) {
		if (n > 0)
			flush_all(w); /* what came first does not wait for what comes last */
		batch = receive_batch(w, i);
		count += batch;
	}
	*has_more |= batch >= UDP_RX_BATCH;
	return count;
}

static void close_room(struct worker *w, int64_t now_us, uint32_t room_id)
{
	engine_room_close(w->engine, now_us, room_id);
	for (guint i = 0; i < w->rooms->len; i++) {
		if (g_array_index(w->rooms, uint32_t, i) == room_id) {
			g_array_remove_index_fast(w->rooms, i);
			return;
		}
	}
}

static void open_room(struct worker *w, uint32_t room_id)
{
	int r = engine_room_open(w->engine, room_id);

	if (r < 0) {
		log_warn("room-refused", "worker=%zu room=%u result=%d", w->index, room_id, r);
		return; /* its transports will be refused with -ENOENT */
	}
	g_array_append_val(w->rooms, room_id);
	log_info("room-open", "worker=%zu room=%u", w->index, room_id);
}

/* Answers are vital; the front empties its mailbox, so room in the kept quarter comes at once. */
static void post_done(struct worker *w, uint32_t transport_id, int result)
{
	struct front_message m = {
		.type = FRONT_MEDIA_DONE,
		.done = {.transport_id = transport_id, .result = result},
	};

	if (mailbox_post_vital(w->front, &m) < 0)
		log_error("front-stuck", "worker=%zu peer=%u", w->index, transport_id);
}

static void run_command(struct worker *w, int64_t now_us, const struct worker_message *m)
{
	const struct media_command *c = &m->command;
	int r;

	switch (c->type) {
	case MEDIA_ROOM_OPEN:
		open_room(w, c->room_id);
		break;
	case MEDIA_ROOM_CLOSE:
		close_room(w, now_us, c->room_id);
		log_info("room-close", "worker=%zu room=%u", w->index, c->room_id);
		break;
	case MEDIA_TRANSPORT_OPEN:
		r = backlog_is_full(&w->backlog)
			    ? -ENOSPC
			    : engine_transport_open(w->engine, now_us, m->params);
		log_info("transport-open", "worker=%zu room=%u peer=%u result=%d", w->index,
			 m->params->room_id, m->params->transport_id, r);
		post_done(w, m->params->transport_id, r);
		break;
	case MEDIA_TRANSPORT_UPDATE:
		r = engine_transport_update(w->engine, now_us, m->params);
		log_debug("transport-update", "worker=%zu room=%u peer=%u result=%d", w->index,
			  m->params->room_id, m->params->transport_id, r);
		post_done(w, m->params->transport_id, r);
		break;
	case MEDIA_TRANSPORT_CLOSE:
		engine_transport_close(w->engine, now_us, c->transport_id);
		log_info("transport-close", "worker=%zu room=%u peer=%u", w->index, c->room_id,
			 c->transport_id);
		break;
	case MEDIA_TRANSPORT_CIRCLE:
		engine_transport_circle(w->engine, now_us, c->transport_id, c->circle);
		log_info("transport-circle", "worker=%zu room=%u peer=%u circle=%u", w->index,
			 c->room_id, c->transport_id, c->circle);
		break;
	}
}

static void read_commands(struct worker *w)
{
	int64_t now_us = clock_now_us();
	int64_t end_us = now_us + COMMANDS_US;
	struct worker_message m;

	mailbox_clear(w->commands);
	while (now_us < end_us && mailbox_take(w->commands, &m)) {
		if (m.is_stop)
			w->is_stopping = true;
		else
			run_command(w, now_us, &m);
		free(m.params);
		drain(w);
		now_us = clock_now_us();
	}
	w->has_commands = now_us >= end_us;
}

/* --- the thread ------------------------------------------------------------------------------- */

static void publish(struct worker *w)
{
	engine_stats(w->engine, &w->stats.engine);
	metrics_publish(w->metrics, w->index, &w->stats);
	w->publish_due_us = INT64_MAX;
}

static int64_t next_deadline_us(const struct worker *w, int64_t now_us)
{
	int64_t deadline_us = engine_deadline_us(w->engine);

	if (w->publish_due_us < deadline_us)
		deadline_us = w->publish_due_us;
	if (w->is_holding && now_us + RETRY_US < deadline_us)
		deadline_us = now_us + RETRY_US;
	return w->has_commands ? now_us : deadline_us;
}

/* Waits, and says when the turn began. */
static size_t wait_for_work(struct worker *w, uint32_t ready[LOOP_MAX_READY], int64_t *began_us)
{
	int64_t now_us = clock_now_us();
	size_t n;

	if (now_us < pace_next_us(&w->pace)) {
		loop_rest(pace_next_us(&w->pace));
		now_us = clock_now_us();
		pace_woken(&w->pace, now_us);
	}
	n = loop_wait(&w->loop, now_us, next_deadline_us(w, now_us), ready);
	*began_us = clock_now_us();
	return n;
}

static void turn(struct worker *w)
{
	uint32_t ready[LOOP_MAX_READY];
	int64_t began_us, now_us;
	size_t n = wait_for_work(w, ready, &began_us);
	size_t packets = 0;
	bool has_more = false;

	for (size_t i = 0; i < n; i++) {
		if (ready[i] == MAILBOX_NUMBER)
			w->has_commands = true;
		else
			packets += receive(w, ready[i], &has_more);
	}
	engine_spare(w->engine, backlog_turn(&w->backlog, clock_now_us(), w->waited_us));
	w->waited_us = 0;
	if (w->has_commands)
		read_commands(w);
	has_more |= w->has_commands;
	now_us = clock_now_us();
	if (engine_deadline_us(w->engine) <= now_us) {
		engine_timeout(w->engine, now_us);
		n++;
	}
	drain(w);
	flush_all(w);
	if (w->publish_due_us <= now_us)
		publish(w);
	else if (n > 0 && w->publish_due_us == INT64_MAX)
		w->publish_due_us = now_us + PUBLISH_US;
	pace_turn(&w->pace, began_us, clock_now_us(), packets, has_more);
}

static void *run(void *arg)
{
	struct worker *w = arg;
	char name[16];

	g_snprintf(name, sizeof(name), "worker-%u", (unsigned)w->index);
	pthread_setname_np(pthread_self(), name);
	publish(w);
	while (!w->is_stopping)
		turn(w);
	while (w->rooms->len > 0) {
		close_room(w, clock_now_us(), g_array_index(w->rooms, uint32_t, 0));
		drain(w);
	}
	flush_all(w);
	publish(w);
	log_info("worker-ended", "worker=%zu", w->index);
	return NULL;
}

/* --- the front's side --------------------------------------------------------------------------
 */

static int open_sockets(struct worker *w, const struct worker_config *config, struct addr *failed)
{
	for (size_t i = 0; i < config->address_count; i++) {
		struct addr address = config->address[i];
		int fd, r;

		address.port = config->port;
		fd = udp_open(&address, &w->local[i]);
		if (fd < 0) {
			*failed = address;
			return fd;
		}
		w->fd[i] = fd;
		w->socket_count = i + 1;
		r = loop_add(&w->loop, fd, (uint32_t)i);
		if (r < 0)
			return r;
	}
	w->tx = calloc(w->socket_count, sizeof(*w->tx));
	if (w->tx == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < w->socket_count; i++)
		udp_tx_init(&w->tx[i], w->fd[i]);
	return 0;
}

static int open_engine(struct worker *w, const struct worker_config *config)
{
	int64_t now_us = clock_now_us();
	const struct engine_config engine = {
		.cert = config->cert,
		.rng = random_system(),
		.unix_offset_us = clock_unix_us() - now_us,
		.max_pkts = config->max_pkts,
		.max_rooms = LIMIT_WORKER_ROOMS,
		.max_transports = LIMIT_WORKER_TRANSPORTS,
		.video_max_encoding = config->max_encoding,
	};

	return engine_new(&w->engine, now_us, &engine);
}

static int start_thread(struct worker *w)
{
	int r = thread_start(&w->thread, run, w);
	w->is_started = r == 0;
	return r;
}

int worker_new(struct worker **out, const struct worker_config *config, struct addr *failed)
{
	struct worker *w = calloc(1, sizeof(*w));
	int r;

	if (w == NULL)
		return -ENOMEM;
	w->index = config->index;
	w->front = config->front;
	w->metrics = config->metrics;
	w->publish_due_us = INT64_MAX;
	w->rooms = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	r = loop_init(&w->loop);
	if (r == 0)
		r = mailbox_new(&w->commands, sizeof(struct worker_message), MAILBOX_MESSAGES);
	if (r == 0)
		r = loop_add(&w->loop, mailbox_fd(w->commands), MAILBOX_NUMBER);
	if (r == 0)
		r = open_engine(w, config);
	if (r == 0)
		r = open_sockets(w, config, failed);
	if (r == 0)
		r = start_thread(w);
	if (r < 0) {
		worker_free(w);
		return r;
	}
	*out = w;
	return 0;
}

size_t worker_addresses(const struct worker *w, struct addr *out, size_t max)
{
	size_t n = w->socket_count < max ? w->socket_count : max;

	memcpy(out, w->local, n * sizeof(*out));
	return n;
}

int worker_post(struct worker *w, const struct media_command *command)
{
	struct worker_message m = {.command = *command};
	/* Who is sent out must not go on hearing for want of room. */
	bool is_vital = command->type == MEDIA_ROOM_CLOSE ||
			command->type == MEDIA_TRANSPORT_CLOSE ||
			command->type == MEDIA_TRANSPORT_CIRCLE;
	int r;

	m.command.params = NULL;
	if (command->params != NULL) {
		m.params = transport_params_dup(command->params);
		if (m.params == NULL)
			return -ENOMEM;
	}
	r = is_vital ? mailbox_post_vital(w->commands, &m) : mailbox_post(w->commands, &m);
	if (r < 0)
		free(m.params);
	return r;
}

void worker_stop(struct worker *w)
{
	struct worker_message m = {.is_stop = true};

	if (w->is_started && mailbox_post_vital(w->commands, &m) < 0)
		log_error("worker-stuck", "worker=%zu", w->index);
}

void worker_free(struct worker *w)
{
	struct worker_message m;

	if (w == NULL)
		return;
	if (w->is_started)
		pthread_join(w->thread, NULL);
	while (w->commands != NULL && mailbox_take(w->commands, &m))
		free(m.params);
	mailbox_free(w->commands);
	for (size_t i = 0; i < w->socket_count; i++) {
		if (w->tx != NULL)
			udp_tx_clear(&w->tx[i]);
		close(w->fd[i]);
	}
	udp_rx_close(&w->rx);
	engine_free(w->engine);
	free(w->tx);
	g_array_free(w->rooms, TRUE);
	loop_close(&w->loop);
	free(w);
}
