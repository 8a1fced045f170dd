/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * HTTP requests of a client, by libcurl: blocking, over one kept connection. For setting up and
 * for WHIP and WHEP, one at a time. Certificates are not verified, as in wsline.
 */
#ifndef VIDD_LOADTEST_LOAD_WEBREQ_H
#define VIDD_LOADTEST_LOAD_WEBREQ_H

#include <stddef.h>

#define WEBREQ_LOCATION_BYTES 512

struct webreq_client;

struct webreq {
	const char *method;
	const char *url;
	const char *bearer;	  /* NULL: none */
	const char *content_type; /* of the body */
	const char *body;	  /* NULL: none */
};

struct webreq_reply {
	long status; /* 0: nobody answered, and body says why */
	char *body;  /* free() it */
	char location[WEBREQ_LOCATION_BYTES];
};

/* NULL: no memory. */
struct webreq_client *webreq_client_new(void);
void webreq_client_free(struct webreq_client *client);
void webreq_send(struct webreq_client *client, const struct webreq *request,
		 struct webreq_reply *out);

#endif
