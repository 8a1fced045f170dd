/* SPDX-License-Identifier: EUPL-1.2 */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/http_client.h"

/* A server that takes one connection, keeps what comes, and says one thing. */
struct server {
	int fd;
	uint16_t port;
	const char *reply;
	char got[4096];
	pthread_t thread;
};

static void *serve(void *arg)
{
	struct server *s = arg;
	int fd = accept(s->fd, NULL, NULL);
	size_t len = 0;
	ssize_t n;

	/* The header and, where it announces one, a body of two bytes. */
	while (len < sizeof(s->got) - 1) {
		const char *end = strstr(s->got, "\r\n\r\n");

		if (end != NULL && (strstr(s->got, "Content-Length: 2") == NULL || end[4] != '\0'))
			break;
		n = read(fd, s->got + len, sizeof(s->got) - 1 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	if (s->reply != NULL)
		g_assert_cmpint(write(fd, s->reply, strlen(s->reply)), >, 0);
	else
		g_usleep(600 * 1000);
	close(fd);
	return NULL;
}

static void server_start(struct server *s, const char *reply)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);

	memset(s, 0, sizeof(*s));
	s->reply = reply;
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(bind(s->fd, (struct sockaddr *)&a, sizeof(a)), ==, 0);
	g_assert_cmpint(listen(s->fd, 1), ==, 0);
	g_assert_cmpint(getsockname(s->fd, (struct sockaddr *)&a, &len), ==, 0);
	s->port = ntohs(a.sin_port);
	g_assert_cmpint(pthread_create(&s->thread, NULL, serve, s), ==, 0);
}

static void server_stop(struct server *s)
{
	pthread_join(s->thread, NULL);
	close(s->fd);
}

static int ask(const struct server *s, struct http_client_reply *reply, size_t max)
{
	char why[HTTP_CLIENT_WHY_BYTES];
	char *url = g_strdup_printf("http://127.0.0.1:%u/hook", s->port);
	const struct http_client_request request = {
		.method = "POST",
		.url = url,
		.header = {"Content-Type: application/json", "Vidd-Event: x"},
		.body = "{}",
		.body_len = 2,
		.timeout_ms = 300,
		.max_reply_bytes = max,
	};
	int r = http_client_send(&request, reply, why);

	g_test_message("%s", why);
	g_free(url);
	return r;
}

static void a_request_is_sent_and_its_reply_read(void)
{
	struct http_client_reply reply = {0};
	struct server s;

	server_start(&s, "HTTP/1.1 202 Accepted\r\nContent-Type: text/plain\r\n"
			 "Content-Length: 4\r\n\r\nr-17");
	g_assert_cmpint(ask(&s, &reply, 100), ==, 0);
	server_stop(&s);
	g_assert_cmpint(reply.status, ==, 202);
	g_assert_cmpstr(reply.body, ==, "r-17");
	g_assert_cmpstr(reply.content_type, ==, "text/plain");
	g_assert_true(g_str_has_prefix(s.got, "POST /hook HTTP/1.1\r\n"));
	g_assert_nonnull(strstr(s.got, "Vidd-Event: x\r\n"));
	g_assert_true(g_str_has_suffix(s.got, "\r\n\r\n{}"));
	http_client_reply_close(&reply);
}

static void a_redirect_is_told_and_not_followed(void)
{
	struct http_client_reply reply = {0};
	struct server s;

	server_start(&s, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
			 "Content-Length: 0\r\n\r\n");
	g_assert_cmpint(ask(&s, &reply, 100), ==, 0);
	server_stop(&s);
	g_assert_cmpint(reply.status, ==, 302);
	g_assert_cmpstr(reply.body, ==, "");
	http_client_reply_close(&reply);
}

static void a_reply_that_is_too_large_is_refused(void)
{
	struct http_client_reply reply = {0};
	struct server s;

	server_start(&s, "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n12345678901");
	g_assert_cmpint(ask(&s, &reply, 10), ==, -EFBIG);
	server_stop(&s);
	server_start(&s, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1234567890");
	g_assert_cmpint(ask(&s, &reply, 10), ==, 0);
	server_stop(&s);
	http_client_reply_close(&reply);
}

static void who_does_not_answer_in_time_is_tried_again(void)
{
	struct http_client_reply reply = {0};
	struct server s;

	server_start(&s, NULL);
	g_assert_cmpint(ask(&s, &reply, 10), ==, -EAGAIN);
	server_stop(&s);
	/* Nobody listens any more. */
	g_assert_cmpint(ask(&s, &reply, 10), ==, -EAGAIN);
}

static void only_this_machine_is_spoken_to_in_clear(void)
{
	static const char *const urls[] = {
		"http://192.0.2.1/",	       "http://localhost.example.se/",
		"http://127.0.0.1@192.0.2.1/", "http://127.0.0.1:1@192.0.2.1/",
		"file:///etc/passwd",	       "ftp://127.0.0.1/",
		"gopher://127.0.0.1/",
	};
	struct http_client_reply reply = {0};
	char why[HTTP_CLIENT_WHY_BYTES];

	for (size_t i = 0; i < G_N_ELEMENTS(urls); i++) {
		const struct http_client_request request = {
			.method = "GET",
			.url = urls[i],
			.timeout_ms = 300,
			.max_reply_bytes = 10,
		};

		g_assert_cmpint(http_client_send(&request, &reply, why), ==, -EINVAL);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_cmpint(http_client_init(), ==, 0);
	g_test_add_func("/http_client/reply", a_request_is_sent_and_its_reply_read);
	g_test_add_func("/http_client/redirect", a_redirect_is_told_and_not_followed);
	g_test_add_func("/http_client/cap", a_reply_that_is_too_large_is_refused);
	g_test_add_func("/http_client/time", who_does_not_answer_in_time_is_tried_again);
	g_test_add_func("/http_client/clear", only_this_machine_is_spoken_to_in_clear);
	return g_test_run();
}
