/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A request as routes see it and the reply they give, free of the HTTP library. Plain values;
 * front thread.
 */
#ifndef VIDD_SERVER_HTTP_MESSAGE_H
#define VIDD_SERVER_HTTP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/addr.h"

#define HTTP_PATH_BYTES	  256
#define HTTP_VALUE_BYTES  512
#define HTTP_MAX_HEADERS  16
#define HTTP_SMALL_BYTES  128
#define HTTP_BEARER_BYTES 127
/* Codes of identity providers are the longest: some hundred characters. */
#define HTTP_QUERY_BYTES 2048
/* All cookies of our host; another program on it may have set some. */
#define HTTP_COOKIES_BYTES 2048
#define HTTP_COOKIE_BYTES  63
/* A value of a reply: the address of a login at an identity provider is the longest. */
#define HTTP_HEADER_BYTES 1536

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_OPTIONS,
	HTTP_OTHER,
	HTTP_METHOD_COUNT,
};

const char *http_method_name(enum http_method method);

struct http_request {
	uint64_t id; /* names the exchange for the answer */
	enum http_method method;
	char path[HTTP_PATH_BYTES + 1];	  /* decoded, begins with '/' */
	char query[HTTP_QUERY_BYTES + 1]; /* behind '?', encoded; read by http_query */
	char host[HTTP_SMALL_BYTES];
	char bearer[HTTP_BEARER_BYTES + 1];  /* of Authorization, "" without */
	char content_type[HTTP_SMALL_BYTES]; /* lower case, without parameters */
	char if_match[HTTP_SMALL_BYTES];     /* "" without */
	char if_none_match[HTTP_VALUE_BYTES];
	char accept_encoding[HTTP_VALUE_BYTES];
	char cookie_session[HTTP_COOKIE_BYTES + 1]; /* __Host-vidd, "" without */
	char cookie_login[HTTP_COOKIE_BYTES + 1];   /* __Host-vidd-login, "" without */
	char cookie_eid[HTTP_COOKIE_BYTES + 1];	    /* __Host-vidd-eid, "" without */
	char csrf[HTTP_SMALL_BYTES];		    /* X-Vidd-CSRF, "" without */
	char idempotency_key[HTTP_SMALL_BYTES];	    /* Idempotency-Key, "" without */
	bool is_idempotency_key_bad;		    /* there was one, but longer than that */
	char forwarded[HTTP_VALUE_BYTES]; /* X-Forwarded-For: what anybody says; too long: "" */
	bool is_forwarded;		  /* there was one */
	/* Who asks: at the other end of the connection, or of that of a trusted proxy. */
	struct addr peer;
	bool is_local;	  /* a program on this machine, and nobody that it speaks for */
	const char *body; /* NUL after body_len bytes; "" without */
	size_t body_len;
};

struct http_header {
	const char *name; /* static, lower case, with colon */
	char value[HTTP_HEADER_BYTES];
};

#define HTTP_SESSION_COOKIE "__Host-vidd"
#define HTTP_LOGIN_COOKIE   "__Host-vidd-login"
#define HTTP_EID_COOKIE	    "__Host-vidd-eid"

struct http_reply {
	int status;
	struct http_header header[HTTP_MAX_HEADERS];
	size_t header_count;
	const void *body; /* lives as long as the server, or is `owned` */
	size_t body_len;
	char *owned; /* free()d after sending */
};

/* Asserts that there is room; values are cut to fit, so callers bound what strangers give. */
void http_reply_header(struct http_reply *reply, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Gives the reply a body it owns (takes text, free()able) and its type. */
void http_reply_take(struct http_reply *reply, const char *content_type, char *text, size_t len);
void http_reply_close(struct http_reply *reply);

/* A problem (RFC 9457): status, a stable code, plain words, and the body's member it is about or
 * NULL. */
void http_reply_problem(struct http_reply *reply, int status, const char *code, const char *detail,
			const char *member);

/* The reason phrase of a status, used as a problem's title. */
const char *http_status_title(int status);

#endif
