/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One HTTP request to another server, or one e-mail to a mail server, by libcurl. Blocks until the
 * answer or the deadline: for threads of their own (sending of messages, login at an identity
 * provider), never for the front, the store or a worker. TLS is verified; redirects are not
 * followed; proxies of the environment are not used; nothing but HTTP(S) and SMTP(S) is spoken.
 */
#ifndef VIDD_SERVER_HTTP_CLIENT_H
#define VIDD_SERVER_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#define HTTP_CLIENT_MAX_HEADERS 8
#define HTTP_CLIENT_WHY_BYTES	256

struct http_client_request {
	const char *method; /* "GET", "POST" */
	const char *url;    /* https://; http:// only with is_plain_allowed or to this machine */
	const char *header[HTTP_CLIENT_MAX_HEADERS]; /* "Name: value", NULL after the last */
	const void *body;			     /* NULL without */
	size_t body_len;
	const char *ca_file; /* PEM of the authorities to trust; NULL: the system's */
	long timeout_ms;
	size_t max_reply_bytes;
	bool is_plain_allowed;
};

struct http_client_reply {
	int status;
	char *body; /* NUL after body_len bytes */
	size_t body_len;
	char content_type[128];
};

/* Once, before any thread uses it. 0 or -ENOMEM. */
int http_client_init(void);
/* 0 and *out with whatever status came, to be closed; -EINVAL: no such URL; -EAGAIN: nobody
 * answered in time or the connection failed; -EPERM: the certificate is not to be trusted;
 * -EFBIG: the reply is larger than max_reply_bytes. why has it in words, without the URL. */
int http_client_send(const struct http_client_request *request, struct http_client_reply *out,
		     char why[HTTP_CLIENT_WHY_BYTES]);
void http_client_reply_close(struct http_client_reply *reply);

struct http_client_mail {
	const char *url;	     /* smtps://host:port, or smtp://host:port with STARTTLS */
	const char *user, *password; /* NULL: no login */
	const char *from, *to;	     /* addresses without name or brackets */
	const char *text;	     /* header and body with CRLF, "." lines as they are */
	const char *ca_file;
	long timeout_ms;
	bool is_plain_allowed; /* true: go on without TLS where the server has none */
};

/* 0; -EINVAL; -EAGAIN: try again (4xx, no connection); -EPERM: TLS or login refused; -ENOENT: the
 * server refuses the recipient or the mail for good (5xx). receipt: the server's last line, cut. */
int http_client_mail(const struct http_client_mail *mail, char receipt[HTTP_CLIENT_WHY_BYTES],
		     char why[HTTP_CLIENT_WHY_BYTES]);

#endif
