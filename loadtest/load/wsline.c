/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/wsline.h"

#include <errno.h>
#include <glib.h>
#include <libwebsockets.h>
#include <string.h>

#define WSLINE_RX_BYTES 65536

struct wsline_hub {
	struct wsline_hub_config config;
	struct lws_context *context;
	struct lws_protocols protocols[2];
	GPtrArray *gone; /* lines to free when nothing calls them any more */
};

struct wsline {
	struct wsline_hub *hub;
	struct lws *wsi;
	void *arg;
	GQueue *out; /* GByteArray, with LWS_PRE before the text */
	GString *in; /* a message that is not whole yet */
	bool is_open;
	bool is_closing; /* as soon as nothing waits */
	bool is_over;	 /* libwebsockets knows it no more */
};

static void drop(gpointer data)
{
	struct wsline *line = data;

	g_queue_free_full(line->out, (GDestroyNotify)g_byte_array_unref);
	g_string_free(line->in, TRUE);
	g_free(line);
}

static void tell(struct wsline *line, bool is_open, const char *why)
{
	line->is_open = is_open;
	if (!line->is_closing)
		line->hub->config.on_state(line->arg, is_open, why);
}

static void end(struct wsline *line, const char *why)
{
	if (line->is_over)
		return;
	line->is_over = true;
	line->wsi = NULL;
	tell(line, false, why);
	if (line->is_closing)
		g_ptr_array_add(line->hub->gone, line);
}

static void take(struct wsline *line, struct lws *wsi, const char *data, size_t len)
{
	g_string_append_len(line->in, data, (gssize)len);
	if (lws_remaining_packet_payload(wsi) > 0 || !lws_is_final_fragment(wsi))
		return;
	if (!line->is_closing)
		line->hub->config.on_text(line->arg, line->in->str, line->in->len);
	g_string_truncate(line->in, 0);
}

/* -1: close it. */
static int write_next(struct wsline *line, struct lws *wsi)
{
	GByteArray *next = g_queue_pop_head(line->out);
	int result = 0;

	if (next) {
		size_t len = next->len - LWS_PRE;

		if (lws_write(wsi, next->data + LWS_PRE, len, LWS_WRITE_TEXT) < (int)len)
			result = -1;
		g_byte_array_unref(next);
	} else if (line->is_closing) {
		return -1;
	}
	if (!g_queue_is_empty(line->out) || line->is_closing)
		lws_callback_on_writable(wsi);
	return result;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		    size_t len)
{
	struct wsline *line = user;

	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		tell(line, true, NULL);
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		take(line, wsi, in, len);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return write_next(line, wsi);
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		end(line, in ? in : "no connection");
		break;
	case LWS_CALLBACK_CLIENT_CLOSED:
		end(line, "the server closed the websocket");
		break;
	default:
		break;
	}
	return 0;
}

int wsline_hub_new(struct wsline_hub **out, const struct wsline_hub_config *config)
{
	struct wsline_hub *hub = g_new0(struct wsline_hub, 1);
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
		.gid = (gid_t)-1,
		.uid = (uid_t)-1,
	};

	lws_set_log_level(0, NULL);
	hub->config = *config;
	hub->gone = g_ptr_array_new_with_free_func(drop);
	hub->protocols[0] = (struct lws_protocols){
		.name = config->protocol, .callback = on_event, .rx_buffer_size = WSLINE_RX_BYTES};
	info.protocols = hub->protocols;
	hub->context = lws_create_context(&info);
	if (!hub->context) {
		wsline_hub_free(hub);
		return -ENOMEM;
	}
	*out = hub;
	return 0;
}

void wsline_hub_free(struct wsline_hub *hub)
{
	if (!hub)
		return;
	if (hub->context)
		lws_context_destroy(hub->context);
	g_ptr_array_free(hub->gone, TRUE);
	g_free(hub);
}

void wsline_service(struct wsline_hub *hub)
{
	(void)lws_service(hub->context, -1); /* negative: without waiting; errors show per line */
	g_ptr_array_set_size(hub->gone, 0);
}

struct wsline *wsline_open(struct wsline_hub *hub, void *arg)
{
	struct wsline *line = g_new0(struct wsline, 1);
	struct lws_client_connect_info info = {
		.context = hub->context,
		.address = hub->config.host,
		.port = hub->config.port,
		.path = hub->config.path,
		.host = hub->config.host,
		.origin = hub->config.host,
		.protocol = hub->config.protocol,
		.userdata = line,
		.pwsi = &line->wsi,
	};

	if (hub->config.is_secure)
		info.ssl_connection = LCCSCF_USE_SSL | LCCSCF_ALLOW_SELFSIGNED |
				      LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK |
				      LCCSCF_ALLOW_EXPIRED | LCCSCF_ALLOW_INSECURE;
	line->hub = hub;
	line->arg = arg;
	line->out = g_queue_new();
	line->in = g_string_new(NULL);
	if (!lws_client_connect_via_info(&info))
		end(line, "no connection");
	return line;
}

void wsline_send(struct wsline *line, const char *text)
{
	static const guint8 before[LWS_PRE];
	GByteArray *message = g_byte_array_new();

	g_byte_array_append(message, before, LWS_PRE);
	g_byte_array_append(message, (const guint8 *)text, (guint)strlen(text));
	g_queue_push_tail(line->out, message);
	if (line->is_open)
		lws_callback_on_writable(line->wsi);
}

void wsline_close(struct wsline *line)
{
	if (!line)
		return;
	line->is_closing = true;
	if (line->is_over)
		drop(line);
	else if (line->wsi)
		lws_callback_on_writable(line->wsi);
}
