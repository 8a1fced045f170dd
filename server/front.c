/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/front.h"

#include <errno.h>
#include <ev.h>
#include <libwebsockets.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "server/clock.h"
#include "server/exit_code.h"
#include "server/front_conn.h"
#include "server/http.h"
#include "server/listener.h"
#include "server/log.h"
#include "server/ws.h"

/* Connections taken per turn, so that a flood does not starve those who are in. */
#define ACCEPTS_PER_TURN 64
/* RFC 6455 with IANA's 1012: the service restarts, come back. */
#define CLOSE_SERVICE_RESTART 1012
/* How long clients may take to read the notice, and then to close. */
#define NOTICE_US  1000000
#define CLOSING_US 1000000
#define STEP_US	   20000
#define TICK_US	   1000000
/* A websocket is pinged after this long without a sign of life, and closed after that. */
#define PING_S	 15
#define HANGUP_S 25

/* The longest write in one piece: an offer's answer of a large room, mostly. */
#define WRITE_BYTES 32768
#define READ_BYTES  2048 /* what each client has: larger messages come in pieces */

/* What a descriptor that the library watches is to us; its opaque pointer. */
enum handle_kind {
	HANDLE_CONN,
	HANDLE_MAILBOX,
	HANDLE_SIGNAL,
	HANDLE_LISTENER,
};

struct handle {
	enum handle_kind kind;
	int fd;			/* not of a connection */
	struct front_conn conn; /* of a connection */
};

enum stage {
	STAGE_SERVING,
	STAGE_NOTICE,  /* clients read that we restart */
	STAGE_CLOSING, /* websockets close */
	STAGE_ENDED,
};

struct front {
	struct ev_loop *loop; /* docs/decisions/019-libev.md */
	struct hub *hub;
	struct lws_context *context;
	struct lws_vhost *vhost;
	struct handle mailbox, signals, listener;
	lws_sorted_usec_list_t timer; /* of the service */
	lws_sorted_usec_list_t tick;  /* every second */
	lws_sorted_usec_list_t step;  /* of the ending */
	struct handle *adopting;      /* being given to the library */
	enum stage stage;
	int64_t stage_began_us;
};

static const lws_retry_bo_t validity = {
	.secs_since_valid_ping = PING_S,
	.secs_since_valid_hangup = HANGUP_S,
};

static struct front *front_of(struct lws *wsi)
{
	return lws_context_user(lws_get_context(wsi));
}

const struct front_conn *front_conn_of(struct lws *wsi)
{
	const struct handle *h = lws_get_opaque_user_data(lws_get_network_wsi(wsi));

	return h != NULL && h->kind == HANDLE_CONN ? &h->conn : NULL;
}

/* --- time --------------------------------------------------------------------------------------
 */

static void on_timer(lws_sorted_usec_list_t *timer);

/* After anything that may have moved the service's deadline. */
static void set_timer(struct front *f)
{
	int64_t deadline_us = service_deadline_us(f->hub->service);
	int64_t wait_us = deadline_us - clock_now_us();

	if (f->stage == STAGE_ENDED || deadline_us == INT64_MAX)
		lws_sul_cancel(&f->timer);
	else
		lws_sul_schedule(f->context, 0, &f->timer, on_timer, wait_us > 1 ? wait_us : 1);
}

static void on_timer(lws_sorted_usec_list_t *timer)
{
	struct front *f = lws_container_of(timer, struct front, timer);

	hub_timeout(f->hub);
	set_timer(f);
}

static void on_tick(lws_sorted_usec_list_t *tick)
{
	struct front *f = lws_container_of(tick, struct front, tick);

	hub_tick(f->hub);
	if (f->stage != STAGE_ENDED)
		lws_sul_schedule(f->context, 0, &f->tick, on_tick, TICK_US);
}

/* --- the end ------------------------------------------------------------------------------------
 */

static void enter(struct front *f, enum stage stage)
{
	static const char *const names[] = {"serving", "notice", "closing", "ended"};

	log_info("stage", "from=%s to=%s websockets=%zu", names[f->stage], names[stage],
		 ws_count(f->hub->ws));
	f->stage = stage;
	f->stage_began_us = clock_now_us();
}

static void on_step(lws_sorted_usec_list_t *step)
{
	struct front *f = lws_container_of(step, struct front, step);
	int64_t spent_us = clock_now_us() - f->stage_began_us;

	if (f->stage == STAGE_NOTICE &&
	    (ws_queued_bytes(f->hub->ws) == 0 || spent_us > NOTICE_US)) {
		enter(f, STAGE_CLOSING);
		ws_close_all(f->hub->ws, CLOSE_SERVICE_RESTART);
	} else if (f->stage == STAGE_CLOSING &&
		   (ws_count(f->hub->ws) == 0 || spent_us > CLOSING_US)) {
		enter(f, STAGE_ENDED);
		return;
	}
	lws_sul_schedule(f->context, 0, &f->step, on_step, STEP_US);
}

static void begin_end(struct front *f)
{
	f->hub->is_draining = true;
	service_drain(f->hub->service, clock_now_us());
	hub_drain(f->hub);
	enter(f, STAGE_NOTICE);
	lws_sul_schedule(f->context, 0, &f->step, on_step, STEP_US);
}

static void on_signal(struct front *f)
{
	struct signalfd_siginfo info;

	while (read(f->signals.fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		log_info("signal", "number=%u", info.ssi_signo);
		if (f->stage != STAGE_SERVING)
			_exit(EXIT_CODE_FAILED); /* somebody cannot wait */
		begin_end(f);
	}
}

/* --- connections --------------------------------------------------------------------------------
 */

static void release(struct front *f, struct handle *h)
{
	if (f->adopting == h)
		f->adopting = NULL;
	guard_disconnect(f->hub->guard, &h->conn.addr);
	free(h);
}

static void adopt(struct front *f, int fd, const struct addr *from, bool is_local)
{
	struct handle *h = calloc(1, sizeof(*h));
	const lws_adopt_desc_t desc = {
		.vh = f->vhost,
		.type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL,
		.fd = {.sockfd = fd},
		.opaque = h,
	};

	if (h == NULL) {
		guard_disconnect(f->hub->guard, from);
		close(fd);
		return;
	}
	h->kind = HANDLE_CONN;
	h->conn = (struct front_conn){.addr = *from, .is_local = is_local};
	f->adopting = h;
	if (lws_adopt_descriptor_vhost_via_info(&desc) == NULL) {
		log_warn("adopt-failed", "connections=%zu", guard_connections(f->hub->guard));
		/* The library has closed the descriptor, but tells of a wsi's end only when it had
		 * got that far. */
		if (f->adopting != NULL)
			release(f, h);
	}
	f->adopting = NULL;
}

static int connect_from(struct front *f, const struct addr *from)
{
	if (proxy_trusts(&f->hub->config->trusted_proxy, from))
		return guard_connect_proxy(f->hub->guard, clock_now_us(), from);
	return guard_connect(f->hub->guard, clock_now_us(), from);
}

static void on_connections(struct front *f)
{
	for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
		struct addr from;
		bool is_local;
		int fd = listener_accept(f->listener.fd, &from, &is_local);
		int r;

		if (fd == -EAGAIN)
			return;
		if (fd < 0) {
			log_warn("accept-failed", "errno=%d", -fd);
			return;
		}
		r = connect_from(f, &from);
		if (r < 0) {
			f->hub->stats.connections_refused++;
			log_warn("connection-refused", "reason=%s",
				 r == -EUSERS	? "per-address"
				 : r == -EAGAIN ? "rate"
						: "full");
			close(fd);
			continue;
		}
		adopt(f, fd, &from, is_local);
	}
}

/* The end of any wsi; only a TCP connection has an opaque pointer of its own to give back. */
static void on_wsi_end(struct front *f, struct lws *wsi)
{
	struct handle *h = lws_get_opaque_user_data(wsi);

	if (h == NULL || h->kind != HANDLE_CONN)
		return;
	lws_set_opaque_user_data(wsi, NULL);
	release(f, h);
}

/* --- the library's callbacks ---------------------------------------------------------------------
 */

static bool is_websocket_path(struct lws *wsi)
{
	char path[8];

	return lws_hdr_copy(wsi, path, sizeof(path), WSI_TOKEN_GET_URI) > 0 &&
	       strcmp(path, "/ws") == 0;
}

/* A websocket through a trusted proxy costs its client a request; others paid with theirs of the
 * connection. */
static bool may_open(struct front *f, struct lws *wsi)
{
	const struct proxy_list *proxies = &f->hub->config->trusted_proxy;
	const struct front_conn *conn = front_conn_of(wsi);
	char forwarded[HTTP_VALUE_BYTES];
	struct addr client;

	if (conn == NULL || !proxy_trusts(proxies, &conn->addr))
		return true;
	if (lws_hdr_copy(wsi, forwarded, sizeof(forwarded), WSI_TOKEN_X_FORWARDED_FOR) < 0)
		forwarded[0] = '\0';
	client = proxy_client(proxies, &conn->addr, forwarded);
	if (guard_request(f->hub->guard, clock_now_us(), &client) == 0)
		return true;
	f->hub->stats.rate_limited++;
	return false;
}

/* Our own descriptors become readable. */
static int fd_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		       size_t len)
{
	struct front *f = front_of(wsi);
	const struct handle *h = lws_get_opaque_user_data(wsi);

	(void)user;
	(void)in;
	(void)len;
	if (reason != LWS_CALLBACK_RAW_RX_FILE || h == NULL)
		return 0;
	if (h->kind == HANDLE_MAILBOX)
		hub_read_mailbox(f->hub);
	else if (h->kind == HANDLE_SIGNAL)
		on_signal(f);
	else if (h->kind == HANDLE_LISTENER)
		on_connections(f);
	set_timer(f);
	return 0;
}

static int http_protocol_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
				  void *in, size_t len)
{
	struct front *f = front_of(wsi);
	int r;

	switch (reason) {
	case LWS_CALLBACK_WSI_DESTROY:
		on_wsi_end(f, wsi);
		return 0;
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		/* Nothing but our websocket; `in` names what is asked for. */
		if (strcasecmp(in, "websocket") == 0 && is_websocket_path(wsi))
			return 0;
		return lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, NULL) < 0 ? -1 : 1;
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return -1; /* a websocket without the subprotocol vidd.1 */
	case LWS_CALLBACK_HTTP:
	case LWS_CALLBACK_HTTP_BODY:
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
	case LWS_CALLBACK_HTTP_WRITEABLE:
	case LWS_CALLBACK_CLOSED_HTTP:
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
		r = http_callback(f->hub->http, wsi, reason, user, in, len);
		set_timer(f);
		return r;
	default:
		return 0;
	}
}

static int ws_protocol_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
				void *in, size_t len)
{
	struct front *f = front_of(wsi);
	int r;

	switch (reason) {
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return is_websocket_path(wsi) && may_open(f, wsi) ? 0 : -1;
	case LWS_CALLBACK_ESTABLISHED:
	case LWS_CALLBACK_RECEIVE:
	case LWS_CALLBACK_SERVER_WRITEABLE:
	case LWS_CALLBACK_CLOSED:
	case LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL:
		r = ws_callback(f->hub->ws, wsi, reason, user, in, len);
		set_timer(f);
		return r;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{.name = "http",
	 .callback = http_protocol_callback,
	 .per_session_data_size = sizeof(struct http_session)},
	{.name = "vidd.1",
	 .callback = ws_protocol_callback,
	 .per_session_data_size = sizeof(struct ws_session),
	 .rx_buffer_size = READ_BYTES,
	 .tx_packet_size = WRITE_BYTES},
	{.name = "descriptor", .callback = fd_callback},
	{.name = NULL},
};

static void emit_library_log(int level, const char *line)
{
	log_line(level == LLL_ERR ? LOG_LEVEL_WARN : LOG_LEVEL_DEBUG, "libwebsockets",
		 "message=\"%.*s\"", (int)strcspn(line, "\n"), line);
}

/* --- setting up
 * ----------------------------------------------------------------------------------- */

static int make_context(struct front *f, const struct front_config *config)
{
	const struct config *c = config->hub->config;
	void *loops[] = {f->loop = ev_loop_new(EVFLAG_AUTO)};
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN_SERVER,
		.protocols = protocols,
		/* No permessage-deflate: docs/decisions/009-no-permessage-deflate.md */
		.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
			   LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
			   LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME | LWS_SERVER_OPTION_LIBEV,
		.foreign_loops = loops,
		.user = f,
		.gid = (gid_t)-1,
		.uid = (uid_t)-1,
		.timeout_secs = (unsigned)c->request_timeout_s,
		.timeout_secs_ah_idle = (unsigned)c->request_timeout_s,
		.keepalive_timeout = (int)c->idle_timeout_s,
		.max_http_header_data = 8192,
		/* A longer write is cut by the library, whatever the socket would take. */
		.pt_serv_buf_size = WRITE_BYTES,
		.retry_and_idle_policy = &validity,
		.vhost_name = "vidd",
		.alpn = "http/1.1", /* docs/decisions/008-http1-only.md */
		.ssl_cert_filepath = config->cert_path,
		.ssl_private_key_filepath = config->key_path,
		.ssl_options_set = (long)(SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 |
					  SSL_OP_NO_RENEGOTIATION),
		.ssl_cipher_list = "ECDHE+AESGCM:ECDHE+CHACHA20",
	};

	if (f->loop == NULL)
		return -ENOMEM;
	lws_set_log_level(LLL_ERR | LLL_WARN, emit_library_log);
	f->context = lws_create_context(&info);
	if (f->context == NULL)
		return -ELIBACC;
	f->vhost = lws_create_vhost(f->context, &info);
	return f->vhost != NULL ? 0 : -EIO;
}

/* Gives the library a descriptor to watch, which it closes at the end. */
static int watch(struct front *f, struct handle *h, enum handle_kind kind, int fd)
{
	const lws_adopt_desc_t desc = {
		.vh = f->vhost,
		.type = LWS_ADOPT_RAW_FILE_DESC,
		.fd = {.filefd = fd},
		.vh_prot_name = "descriptor",
		.opaque = h,
	};

	*h = (struct handle){.kind = kind, .fd = fd};
	if (fd < 0)
		return -EIO;
	return lws_adopt_descriptor_vhost_via_info(&desc) != NULL ? 0 : -EIO;
}

static int watch_all(struct front *f, int listen_fd)
{
	sigset_t signals;
	int r;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	r = watch(f, &f->listener, HANDLE_LISTENER, listen_fd);
	if (r == 0)
		r = watch(f, &f->mailbox, HANDLE_MAILBOX, dup(mailbox_fd(f->hub->mailbox)));
	if (r == 0)
		r = watch(f, &f->signals, HANDLE_SIGNAL,
			  signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
	return r;
}

int front_new(struct front **out, const struct front_config *config)
{
	struct front *f = calloc(1, sizeof(*f));
	int r = f != NULL ? 0 : -ENOMEM;

	if (r == 0) {
		f->hub = config->hub;
		r = http_new(&config->hub->http, config->hub);
	}
	if (r == 0)
		r = ws_new(&config->hub->ws, config->hub);
	if (r == 0)
		r = make_context(f, config);
	if (r < 0) {
		close(config->listen_fd);
		front_free(f);
		return r;
	}
	r = watch_all(f, config->listen_fd);
	if (r < 0) {
		front_free(f);
		return r;
	}
	*out = f;
	return 0;
}

void front_run(struct front *f)
{
	set_timer(f);
	lws_sul_schedule(f->context, 0, &f->tick, on_tick, TICK_US);
	while (f->stage != STAGE_ENDED)
		(void)ev_run(f->loop, EVRUN_ONCE);
}

void front_free(struct front *f)
{
	if (f == NULL)
		return;
	f->stage = STAGE_ENDED; /* the library's last callbacks set no timer any more */
	if (f->context != NULL) {
		lws_sul_cancel(&f->timer);
		lws_sul_cancel(&f->tick);
		lws_sul_cancel(&f->step);
		lws_context_destroy(f->context);
	}
	if (f->loop != NULL)
		ev_loop_destroy(f->loop);
	http_free(f->hub->http);
	ws_free(f->hub->ws);
	f->hub->http = NULL;
	f->hub->ws = NULL;
	free(f);
}
