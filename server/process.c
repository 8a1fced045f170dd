/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/process.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "media/wire/srtp.h"
#include "server/audit.h"
#include "server/audit_file.h"
#include "server/clock.h"
#include "server/command.h"
#include "server/demo.h"
#include "server/file.h"
#include "server/front.h"
#include "server/http_client.h"
#include "server/identity.h"
#include "server/listener.h"
#include "server/log.h"
#include "server/login.h"
#include "server/message.h"
#include "server/netif.h"
#include "server/outbox.h"
#include "server/random.h"
#include "server/records.h"
#include "server/webhook.h"

/* Of all threads but the workers' (nice(2)): where a core is short, sound goes before joining.
 * Three times less of it, or nine where the process starts at -5 as by server/vidd.service, so that
 * those who join still get somewhere. */
#define FRONT_NICE 5
/* Events of all workers between two turns of the front; they wait in the engines beyond that. */
#define MAILBOX_MESSAGES 8192
/* Descriptors besides connections: sockets of workers, database, listener, library. */
#define SPARE_FDS 256

/* Everything made, in order; zero is not made. */
struct process {
	const struct config *config;
	struct addr address[WORKER_MAX_SOCKETS]; /* where media is bound */
	size_t address_count;
	char *database_path, *demo_path;
	struct identity identity;
	struct store *store; /* until its thread has it */
	struct demo demo;
	int listen_fd;
	char *public_url;
	struct web *web;
	struct worker *worker[CONFIG_MAX_WORKERS];
	struct hub hub;
	struct front *front;
};

static enum exit_code fail(enum exit_code code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static enum exit_code fail(enum exit_code code, const char *fmt, ...)
{
	va_list ap;

	log_stop(); /* the lines before come before */
	fputs("vidd: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return code;
}

/* --- files --------------------------------------------------------------------------------------
 */

static enum exit_code open_data(struct process *p)
{
	const char *data = p->config->data;
	int r = file_make_directory(data);

	if (r < 0)
		return fail(r == -EACCES || r == -EPERM || r == -EROFS ? EXIT_CODE_PERMISSION
								       : EXIT_CODE_FAILED,
			    "cannot make the data directory %s: %s; name another with --data", data,
			    g_strerror(-r));
	p->database_path = g_build_filename(data, "vidd.db", NULL);
	p->demo_path = g_build_filename(data, "demo.json", NULL);
	r = store_open(&p->store, p->database_path, random_system());
	return r < 0 ? command_told_store(r, p->database_path) : EXIT_CODE_OK;
}

static enum exit_code open_audit(struct process *p)
{
	char why[AUDIT_FILE_WHY_BYTES];
	struct audit_key *key = NULL;
	int r = audit_file_load_key(&key, p->config->data, why);

	if (r < 0)
		return fail(r == -EACCES ? EXIT_CODE_PERMISSION : EXIT_CODE_CERTIFICATE, "%s", why);
	if (audit_new(&p->hub.audit, key, random_system()) < 0) {
		audit_key_free(key);
		return fail(EXIT_CODE_FAILED, "out of memory");
	}
	return EXIT_CODE_OK;
}

static enum exit_code open_identity(struct process *p)
{
	char why[IDENTITY_WHY_BYTES];
	int r = identity_load(&p->identity, p->config, p->address, p->address_count, why);

	if (r == -EACCES)
		return fail(EXIT_CODE_PERMISSION, "%s", why);
	return r < 0 ? fail(EXIT_CODE_CERTIFICATE, "%s", why) : EXIT_CODE_OK;
}

/* Without the page the server still serves WHIP, WHEP and REST. */
static enum exit_code load_web(struct process *p)
{
	int r = web_load(&p->web, p->config->web);

	if (r < 0)
		log_error("web-missing", "directory=%s result=%d", p->config->web, r);
	else
		log_info("web-loaded", "files=%zu", web_file_count(p->web));
	return EXIT_CODE_OK;
}

/* --- sockets ------------------------------------------------------------------------------------
 */

static enum exit_code find_addresses(struct process *p)
{
	const struct config_addresses *named = &p->config->address;
	int n;

	if (named->count > 0) {
		memcpy(p->address, named->addr, named->count * sizeof(named->addr[0]));
		p->address_count = named->count;
		return EXIT_CODE_OK;
	}
	n = netif_addresses(p->address, SERVICE_MAX_CANDIDATES - p->config->advertise.count);
	if (n <= 0)
		return fail(EXIT_CODE_FAILED,
			    "this machine has no address; name one with --address");
	p->address_count = (size_t)n;
	return EXIT_CODE_OK;
}

static enum exit_code told_bind(int r, const char *what, const char *where)
{
	if (r == -EADDRINUSE)
		return fail(EXIT_CODE_PORT_TAKEN,
			    "%s %s is taken by another program: stop it or choose another port",
			    what, where);
	if (r == -EACCES || r == -EPERM)
		return fail(EXIT_CODE_PERMISSION,
			    "no permission for %s %s: ports below 1024 need "
			    "CAP_NET_BIND_SERVICE",
			    what, where);
	if (r == -EADDRNOTAVAIL)
		return fail(EXIT_CODE_CONFIG, "%s %s: this machine does not have that address",
			    what, where);
	return fail(EXIT_CODE_FAILED, "%s %s: %s", what, where, g_strerror(-r));
}

static char *url_of(const struct addr *address, uint16_t port)
{
	struct addr a = *address;
	char text[ADDR_TEXT_MAX];

	a.port = port;
	return g_strconcat("https://", addr_format(&a, text), NULL);
}

static enum exit_code open_listener(struct process *p)
{
	const struct config *c = p->config;
	char where[32];
	uint16_t port = 0;

	p->listen_fd = listener_open(c->listen, (uint16_t)c->port, &port);
	if (p->listen_fd < 0) {
		int r = p->listen_fd;

		p->listen_fd = -1;
		g_snprintf(where, sizeof(where), "%d", (int)c->port);
		return told_bind(r, "the HTTPS port", where);
	}
	if (c->public_url[0] != '\0')
		p->public_url = g_strdup(c->public_url);
	else if (c->demo && c->listen[0] == '\0')
		p->public_url = g_strdup_printf("https://localhost:%u", port);
	else
		p->public_url = url_of(&p->address[0], port);
	p->hub.public_url = p->public_url;
	log_info("listening", "port=%u", port);
	return EXIT_CODE_OK;
}

/* --- threads ------------------------------------------------------------------------------------
 */

static enum exit_code start_workers(struct process *p)
{
	const struct config *c = p->config;
	size_t count = c->workers > 0 ? (size_t)c->workers : g_get_num_processors();
	struct worker_config w = {
		.cert = p->identity.dtls,
		.front = p->hub.mailbox,
		.address_count = p->address_count,
		.max_pkts = (size_t)c->packet_buffers,
		.max_encoding = (int)c->max_encoding,
	};

	if (count > CONFIG_MAX_WORKERS)
		count = CONFIG_MAX_WORKERS;
	if (c->media_port != 0 && (size_t)c->media_port + count > 65536)
		return fail(EXIT_CODE_CONFIG,
			    "--media-port %d: %zu workers need as many ports below 65536",
			    (int)c->media_port, count);
	if (metrics_new(&p->hub.metrics, count) < 0)
		return fail(EXIT_CODE_FAILED, "out of memory");
	if (srtp_link_library_init() < 0)
		return fail(EXIT_CODE_FAILED, "libsrtp cannot be initialised");
	w.metrics = p->hub.metrics;
	memcpy(w.address, p->address, sizeof(w.address));
	p->hub.worker = p->worker;
	for (w.index = 0; w.index < count; w.index++) {
		struct addr failed = p->address[0];
		char text[ADDR_TEXT_MAX];
		int r;

		w.port = c->media_port != 0 ? (uint16_t)(c->media_port + (int64_t)w.index) : 0;
		r = worker_new(&p->worker[w.index], &w, &failed);
		if (r < 0)
			return told_bind(r, "the media address", addr_format(&failed, text));
		p->hub.worker_count = w.index + 1;
	}
	return EXIT_CODE_OK;
}

/* The main thread, and those that it starts from here: on Linux a thread has a priority of its own,
 * and hands it on. */
static enum exit_code yield_to_media(struct process *p)
{
	(void)p;
	/* Less is always allowed, where the call is. */
	if (setpriority(PRIO_PROCESS, 0, FRONT_NICE) < 0)
		log_warn("media-not-first", "errno=%d", errno);
	return EXIT_CODE_OK;
}

/* Host addresses, then public ones with the port of the first socket of their family. */
static void list_candidates(const struct process *p, size_t index, struct service_worker *out)
{
	const struct config_addresses *public = &p->config->advertise;
	size_t bound = worker_addresses(p->worker[index], out->candidate, SERVICE_MAX_CANDIDATES);

	out->candidate_count = bound;
	for (size_t i = 0; i < public->count; i++) {
		for (size_t k = 0; k < bound; k++) {
			struct addr a = public->addr[i];

			if (out->candidate[k].family != a.family ||
			    out->candidate_count == SERVICE_MAX_CANDIDATES)
				continue;
			a.port = out->candidate[k].port;
			out->candidate[out->candidate_count++] = a;
			break;
		}
	}
}

static enum exit_code start_service(struct process *p)
{
	struct service_config *s = g_new0(struct service_config, 1);
	static const enum codec_id video[] = {CODEC_VP8, CODEC_H264, CODEC_VP9, CODEC_AV1};
	int r;

	s->rng = random_system();
	s->has_eid = p->config->eid_issuer[0] != '\0';
	s->unix_offset_us = clock_unix_us() - clock_now_us();
	s->worker_count = p->hub.worker_count;
	for (size_t i = 0; i < s->worker_count; i++)
		list_candidates(p, i, &s->worker[i]);
	memcpy(s->fingerprint, cert_fingerprint(p->identity.dtls), sizeof(s->fingerprint));
	s->max_clients = (size_t)p->config->max_clients;
	memcpy(s->video_codecs, video, sizeof(video));
	r = service_new(&p->hub.service, clock_now_us(), s);
	g_free(s);
	return r < 0 ? fail(EXIT_CODE_FAILED, "out of memory") : EXIT_CODE_OK;
}

/* Descriptors for all connections; when the system gives fewer, fewer connections. */
static size_t raise_fd_limit(size_t max_connections)
{
	rlim_t wanted = max_connections + SPARE_FDS + CONFIG_MAX_WORKERS * WORKER_MAX_SOCKETS;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return max_connections;
	if (limit.rlim_cur >= wanted)
		return max_connections;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur < wanted) {
		size_t most =
			limit.rlim_cur > 2 * SPARE_FDS ? limit.rlim_cur - SPARE_FDS : SPARE_FDS;

		log_warn("few-descriptors", "max_connections=%zu remedy=LimitNOFILE", most);
		return most < max_connections ? most : max_connections;
	}
	return max_connections;
}

static enum exit_code start_front(struct process *p)
{
	const struct guard_config guard = {
		.max_connections = raise_fd_limit((size_t)p->config->max_connections),
		.max_per_address = (size_t)p->config->max_connections_per_address,
		.rate_per_s = (uint32_t)p->config->requests_per_second,
	};
	const struct front_config front = {
		.hub = &p->hub,
		.listen_fd = p->listen_fd,
		.cert_path = p->identity.https_cert_path,
		.key_path = p->identity.https_key_path,
	};
	int r;

	p->hub.config = p->config;
	p->hub.web = p->web;
	if (guard_new(&p->hub.guard, &guard) < 0)
		return fail(EXIT_CODE_FAILED, "out of memory");
	p->listen_fd = -1; /* the front takes it */
	r = front_new(&p->front, &front);
	if (r == -ELIBACC)
		return fail(EXIT_CODE_FAILED,
			    "HTTPS cannot start: libwebsockets says why in the line "
			    "before; its libev plugin is the package "
			    "libwebsockets-evlib-ev");
	return r < 0 ? fail(EXIT_CODE_FAILED, "HTTPS cannot start: %s", g_strerror(-r))
		     : EXIT_CODE_OK;
}

static enum exit_code start_login(struct process *p)
{
	int r = login_new(&p->hub.login, p->config, p->public_url, p->hub.mailbox);

	if (r == -EINVAL)
		return fail(EXIT_CODE_CONFIG,
			    "oidc-secret-file or eid-secret-file cannot be read, or is empty: it "
			    "holds the client secret (the line before names it)");
	return r < 0 ? fail(EXIT_CODE_FAILED, "the login threads cannot start") : EXIT_CODE_OK;
}

static enum exit_code start_store(struct process *p)
{
	if (store_thread_new(&p->hub.store, p->store, p->hub.mailbox) < 0)
		return fail(EXIT_CODE_FAILED, "the database thread cannot start");
	p->store = NULL; /* its thread has it */
	return EXIT_CODE_OK;
}

/* --- demo ---------------------------------------------------------------------------------------
 */

static enum exit_code start_outbox(struct process *p)
{
	char why[CONFIG_ERROR_BYTES];
	struct courier *courier = NULL;

	if (courier_new(&courier, p->config, why) < 0)
		return fail(EXIT_CODE_CONFIG, "%s", why);
	if (outbox_new(&p->hub.outbox, courier, p->hub.mailbox) < 0) {
		courier_free(courier);
		return fail(EXIT_CODE_FAILED, "the sending thread cannot start");
	}
	if (webhooks_new(&p->hub.webhooks, p->hub.mailbox) < 0)
		return fail(EXIT_CODE_FAILED, "the sending thread cannot start");
	return EXIT_CODE_OK;
}

static enum exit_code prepare_demo(struct process *p)
{
	int r = p->config->demo ? demo_prepare(&p->demo, p->store, p->demo_path, clock_unix_s())
				: 0;

	return r < 0 ? fail(EXIT_CODE_DATABASE, "the sample consultation cannot be made")
		     : EXIT_CODE_OK;
}

static enum exit_code show_demo(struct process *p)
{
	const char *urls[2] = {p->public_url};
	const char *colon = strrchr(p->public_url, ':');
	char *other = NULL;
	size_t count = 1;
	int r;

	if (!p->config->demo)
		return EXIT_CODE_OK;
	r = demo_write(&p->demo, p->demo_path, p->public_url);
	if (r < 0)
		return fail(EXIT_CODE_PERMISSION, "cannot write %s: %s", p->demo_path,
			    g_strerror(-r));
	/* The machine's address beside localhost, for a browser across the network. */
	if (strncmp(p->public_url, "https://localhost:", 18) == 0) {
		other = url_of(&p->address[0], (uint16_t)g_ascii_strtoull(colon + 1, NULL, 10));
		urls[count++] = other;
	}
	demo_print(&p->demo, urls, count);
	g_free(other);
	return EXIT_CODE_OK;
}

/* --- from start to end ---------------------------------------------------------------------------
 */

/* SIGTERM and SIGINT are read from a descriptor by the front; a broken pipe is an error code. */
static void set_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	(void)signal(SIGPIPE, SIG_IGN); /* cannot fail for this signal */
}

/* What people say and show passes through our memory, and is in no file: nor in one that a crash
 * leaves. */
static void leave_no_core(void)
{
	const struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none); /* it only becomes less, which is always allowed */
}

static enum exit_code make_mailbox(struct process *p)
{
	if (http_client_init() < 0)
		return fail(EXIT_CODE_FAILED, "libcurl cannot be initialised");
	return mailbox_new(&p->hub.mailbox, sizeof(struct front_message), MAILBOX_MESSAGES) < 0
		       ? fail(EXIT_CODE_FAILED, "out of memory")
		       : EXIT_CODE_OK;
}

static void take_down(struct process *p)
{
	struct front_message m;

	/* The front first: its clients' goodbyes are commands to the workers. */
	front_free(p->front);
	for (size_t i = 0; i < p->hub.worker_count; i++)
		worker_stop(p->worker[i]);
	for (size_t i = 0; i < p->hub.worker_count; i++)
		worker_free(p->worker[i]);
	outbox_free(p->hub.outbox);
	webhooks_free(p->hub.webhooks);
	if (p->hub.store != NULL) {
		records_flush(&p->hub);
		audit_flush(&p->hub);
	}
	store_thread_free(p->hub.store);
	login_free(p->hub.login);
	while (p->hub.mailbox != NULL && mailbox_take(p->hub.mailbox, &m)) {
		if (m.type == FRONT_STORE_DONE)
			store_job_free(m.job);
		else if (m.type == FRONT_ERRAND_DONE)
			errand_free(m.errand);
	}
	audit_free(p->hub.audit);
	service_free(p->hub.service);
	store_close(p->store);
	mailbox_free(p->hub.mailbox);
	metrics_free(p->hub.metrics);
	guard_free(p->hub.guard);
	web_free(p->web);
	identity_close(&p->identity);
	if (p->listen_fd >= 0)
		close(p->listen_fd);
	g_free(p->public_url);
	g_free(p->database_path);
	g_free(p->demo_path);
}

enum exit_code process_run(const struct config *config)
{
	static enum exit_code (*const steps[])(struct process *) = {
		find_addresses, open_data,     open_audit,   open_identity,
		prepare_demo,	open_listener, make_mailbox, start_workers,
		yield_to_media, start_service, start_store,  start_login,
		start_outbox,	load_web,      start_front,  show_demo,
	};
	struct process p = {.config = config, .listen_fd = -1};
	enum exit_code code = EXIT_CODE_OK;

	set_signals();
	leave_no_core();
	log_start();
	for (size_t i = 0; i < G_N_ELEMENTS(steps) && code == EXIT_CODE_OK; i++)
		code = steps[i](&p);
	if (code == EXIT_CODE_OK) {
		log_info("ready", "version=%s workers=%zu addresses=%zu", VIDD_VERSION,
			 p.hub.worker_count, p.address_count);
		front_run(p.front);
	}
	take_down(&p);
	if (code == EXIT_CODE_OK)
		log_info("ended", "code=%d", (int)code);
	log_stop();
	return code;
}
