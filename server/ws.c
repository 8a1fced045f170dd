/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/ws.h"

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "media/base/limits.h"
#include "server/clock.h"
#include "server/hub.h"
#include "server/log.h"
#include "signaling/service.h"

/* RFC 6455 7.4.1 */
#define CLOSE_UNSUPPORTED 1003
#define CLOSE_TOO_LARGE	  1009

struct message {
	struct message *next;
	size_t len;
	unsigned char data[]; /* LWS_PRE bytes for the library, then the text */
};

struct ws_client {
	uint64_t id;
	struct lws *wsi;
	char *in; /* the message that is coming in */
	size_t in_len, in_cap;
	struct message *first, *last;
	size_t queued_bytes;
	uint16_t close_code; /* not 0: close when the queue is empty */
};

struct ws_clients {
	struct hub *hub;
	GHashTable *by_id; /* &client->id -> client */
	size_t queued_bytes;
};

int ws_new(struct ws_clients **out, struct hub *hub)
{
	struct ws_clients *ws = calloc(1, sizeof(*ws));

	if (ws == NULL)
		return -ENOMEM;
	ws->hub = hub;
	ws->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
	*out = ws;
	return 0;
}

void ws_free(struct ws_clients *ws)
{
	if (ws == NULL)
		return;
	assert(g_hash_table_size(ws->by_id) == 0);
	g_hash_table_destroy(ws->by_id);
	free(ws);
}

size_t ws_count(const struct ws_clients *ws)
{
	return g_hash_table_size(ws->by_id);
}

size_t ws_queued_bytes(const struct ws_clients *ws)
{
	return ws->queued_bytes;
}

/* --- sending -----------------------------------------------------------------------------------
 */

/* Cuts the connection off at the library's next turn: its callback must not run inside ours. */
static void kill_client(struct ws_client *c)
{
	lws_set_timeout(c->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
}

void ws_send(struct ws_clients *ws, uint64_t client, const char *text, size_t len)
{
	struct ws_client *c = g_hash_table_lookup(ws->by_id, &client);
	struct message *m;

	if (c == NULL || c->close_code != 0)
		return;
	if (c->queued_bytes + len > WS_MAX_QUEUED_BYTES) {
		ws->hub->stats.websocket_stalled++;
		log_warn("websocket-stalled", "client=%" G_GUINT64_FORMAT " queued=%zu", c->id,
			 c->queued_bytes);
		c->close_code = LWS_CLOSE_STATUS_POLICY_VIOLATION;
		kill_client(c);
		return;
	}
	m = malloc(sizeof(*m) + LWS_PRE + len);
	if (m == NULL) {
		kill_client(c);
		return;
	}
	m->next = NULL;
	m->len = len;
	memcpy(m->data + LWS_PRE, text, len);
	if (c->last != NULL)
		c->last->next = m;
	else
		c->first = m;
	c->last = m;
	c->queued_bytes += len;
	ws->queued_bytes += len;
	lws_callback_on_writable(c->wsi);
}

void ws_close(struct ws_clients *ws, uint64_t client, uint16_t code)
{
	struct ws_client *c = g_hash_table_lookup(ws->by_id, &client);

	if (c == NULL || c->close_code != 0)
		return;
	c->close_code = code != 0 ? code : LWS_CLOSE_STATUS_NORMAL;
	lws_callback_on_writable(c->wsi);
}

void ws_close_all(struct ws_clients *ws, uint16_t code)
{
	GHashTableIter i;
	gpointer value;

	g_hash_table_iter_init(&i, ws->by_id);
	while (g_hash_table_iter_next(&i, NULL, &value)) {
		struct ws_client *c = value;

		if (c->close_code == 0)
			c->close_code = code;
		lws_callback_on_writable(c->wsi);
	}
}

static void pop_message(struct ws_clients *ws, struct ws_client *c)
{
	struct message *m = c->first;

	c->first = m->next;
	if (c->first == NULL)
		c->last = NULL;
	c->queued_bytes -= m->len;
	ws->queued_bytes -= m->len;
	free(m);
}

/* The library takes one message per turn. */
static int on_writable(struct ws_clients *ws, struct ws_client *c)
{
	struct message *m = c->first;

	if (m != NULL) {
		int n = lws_write(c->wsi, m->data + LWS_PRE, m->len, LWS_WRITE_TEXT);

		pop_message(ws, c);
		if (n < 0)
			return -1;
		if (c->first != NULL || c->close_code != 0)
			lws_callback_on_writable(c->wsi);
		return 0;
	}
	if (c->close_code == 0)
		return 0;
	lws_close_reason(c->wsi, (enum lws_close_status)c->close_code, NULL, 0);
	return -1;
}

/* --- clients ------------------------------------------------------------------------------------
 */

static int on_open(struct ws_clients *ws, struct lws *wsi, struct ws_session *session)
{
	struct ws_client *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return -1;
	c->id = ++ws->hub->next_id;
	c->wsi = wsi;
	session->client = c;
	g_hash_table_insert(ws->by_id, &c->id, c);
	ws->hub->stats.websockets++;
	log_debug("websocket-open", "client=%" G_GUINT64_FORMAT, c->id);
	service_client_open(ws->hub->service, clock_now_us(), c->id);
	hub_drain(ws->hub);
	return 0;
}

static void on_closed(struct ws_clients *ws, struct ws_session *session)
{
	struct ws_client *c = session->client;

	if (c == NULL)
		return;
	session->client = NULL;
	g_hash_table_remove(ws->by_id, &c->id);
	ws->hub->stats.websockets--;
	log_debug("websocket-closed", "client=%" G_GUINT64_FORMAT, c->id);
	service_client_gone(ws->hub->service, clock_now_us(), c->id);
	hub_drain(ws->hub);
	while (c->first != NULL)
		pop_message(ws, c);
	free(c->in);
	free(c);
}

static int close_with(struct ws_client *c, unsigned code)
{
	lws_close_reason(c->wsi, (enum lws_close_status)code, NULL, 0);
	return -1;
}

/* Grows by doubling, so that a long message in small pieces costs no quadratic copying. */
static int append(struct ws_client *c, const void *in, size_t len)
{
	size_t need = c->in_len + len;

	if (need > c->in_cap || c->in == NULL) { /* an empty message too has memory */
		size_t cap = c->in_cap != 0 ? c->in_cap : 1024;
		char *grown;

		while (cap < need)
			cap *= 2;
		grown = realloc(c->in, cap);
		if (grown == NULL)
			return -ENOMEM;
		c->in = grown;
		c->in_cap = cap;
	}
	if (len > 0)
		memcpy(c->in + c->in_len, in, len);
	c->in_len = need;
	return 0;
}

static int on_receive(struct ws_clients *ws, struct ws_client *c, const void *in, size_t len)
{
	if (c->close_code != 0)
		return 0; /* it is being closed: what it still says does not count */
	if (lws_frame_is_binary(c->wsi))
		return close_with(c, CLOSE_UNSUPPORTED);
	/* Counted after inflating, so a small frame cannot become a large message. */
	if (c->in_len + len > LIMIT_MESSAGE_BYTES)
		return close_with(c, CLOSE_TOO_LARGE);
	if (append(c, in, len) < 0)
		return -1;
	if (!lws_is_final_fragment(c->wsi) || lws_remaining_packet_payload(c->wsi) > 0)
		return 0;
	service_client_text(ws->hub->service, clock_now_us(), c->id, c->in, c->in_len);
	/* Offers are large and rare: their memory is not kept. */
	free(c->in);
	c->in = NULL;
	c->in_len = 0;
	c->in_cap = 0;
	hub_drain(ws->hub);
	return 0;
}

int ws_callback(struct ws_clients *ws, struct lws *wsi, enum lws_callback_reasons reason,
		struct ws_session *session, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		return on_open(ws, wsi, session);
	case LWS_CALLBACK_RECEIVE:
		return session->client != NULL ? on_receive(ws, session->client, in, len) : -1;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return session->client != NULL ? on_writable(ws, session->client) : -1;
	case LWS_CALLBACK_CLOSED:
	case LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL:
		if (session != NULL)
			on_closed(ws, session);
		return 0;
	default:
		return 0;
	}
}
