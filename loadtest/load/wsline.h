/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Websocket connections of a client, by libwebsockets: text messages both ways, whole. No thread of
 * its own: wsline_service() does what is due and does not wait. TLS certificates are not verified:
 * what is under load is ours and mostly self-signed.
 */
#ifndef VIDD_LOADTEST_LOAD_WSLINE_H
#define VIDD_LOADTEST_LOAD_WSLINE_H

#include <stdbool.h>
#include <stddef.h>

struct wsline_hub;
struct wsline;

struct wsline_hub_config {
	const char *host;
	int port;
	bool is_secure;
	const char *path;
	const char *protocol;
	/* A whole message; text is NUL-terminated and borrowed. Both are called inside
	 * wsline_service() only, and may send, but not close. */
	void (*on_text)(void *arg, const char *text, size_t len);
	/* It is open: (why NULL), or gone, or never came about. */
	void (*on_state)(void *arg, bool is_open, const char *why);
};

/* config's texts are borrowed for its life. 0, -ENOMEM. */
int wsline_hub_new(struct wsline_hub **out, const struct wsline_hub_config *config);
void wsline_hub_free(struct wsline_hub *hub);
void wsline_service(struct wsline_hub *hub);
/* Begins to connect; arg comes with the calls. NULL: no memory. */
struct wsline *wsline_open(struct wsline_hub *hub, void *arg);
/* Copies text; waits until the line is open. */
void wsline_send(struct wsline *line, const char *text);
/* Sends what waits, then ends it; nothing is called for it any more. */
void wsline_close(struct wsline *line);

#endif
