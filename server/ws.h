/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Websocket clients over libwebsockets: puts messages together from the pieces that
 * the library delivers, bounded; queues what goes out, bounded, and drops who does not read.
 * Front thread.
 */
#ifndef VIDD_SERVER_WS_H
#define VIDD_SERVER_WS_H

#include <libwebsockets.h>
#include <stddef.h>
#include <stdint.h>

struct hub;
struct ws_clients;

/* What may wait for a slow client: the state of a large room several times over. Beyond it the
 * client is cut off; it comes back and gets the present state. */
#define WS_MAX_QUEUED_BYTES (1024 * 1024)

/* What libwebsockets keeps for us per websocket. */
struct ws_session {
	struct ws_client *client;
};

int ws_new(struct ws_clients **out, struct hub *hub);
/* No client may be left. */
void ws_free(struct ws_clients *ws);

/* Queues one text message; an unknown client (gone already) is no error. */
void ws_send(struct ws_clients *ws, uint64_t client, const char *text, size_t len);
/* Closes after what is queued has been sent. */
void ws_close(struct ws_clients *ws, uint64_t client, uint16_t code);
void ws_close_all(struct ws_clients *ws, uint16_t code);
size_t ws_count(const struct ws_clients *ws);
/* Bytes queued for all clients. */
size_t ws_queued_bytes(const struct ws_clients *ws);

int ws_callback(struct ws_clients *ws, struct lws *wsi, enum lws_callback_reasons reason,
		struct ws_session *session, void *in, size_t len);

#endif
