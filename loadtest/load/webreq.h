/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * HTTP requests of a client, by libcurl: many at a time over kept connections, without waiting, or
 * one that is waited for. Certificates are not verified, as in wsline.
 */
#ifndef VIDD_LOADTEST_LOAD_WEBREQ_H
#define VIDD_LOADTEST_LOAD_WEBREQ_H

#include <stddef.h>

#define WEBREQ_LOCATION_BYTES 512

struct webreq_client;

/* Texts are borrowed for the call. */
struct webreq {
	const char *method;
	const char *url;
	const char *bearer;	  /* NULL: none */
	const char *content_type; /* of the body */
	const char *body;	  /* NULL: none */
};

struct webreq_reply {
	long status; /* 0: nobody answered, and body says why */
	char *body;
	char location[WEBREQ_LOCATION_BYTES];
};

/* The reply is borrowed for the call, in which no request may be started. */
typedef void (*webreq_done_fn)(void *arg, const struct webreq_reply *reply);

/* NULL: no memory. */
struct webreq_client *webreq_client_new(void);
/* Requests under way are dropped, nobody is told. */
void webreq_client_free(struct webreq_client *client);
void webreq_start(struct webreq_client *client, const struct webreq *request, webreq_done_fn done,
		  void *arg);
/* Does what is due; done functions are called in here only. Returns how many are under way. */
size_t webreq_service(struct webreq_client *client);
/* Waits for it; free() the reply's body. */
void webreq_send(struct webreq_client *client, const struct webreq *request,
		 struct webreq_reply *out);

#endif
