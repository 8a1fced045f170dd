/* SPDX-License-Identifier: EUPL-1.2 */
/* Reads the header of a request out of libwebsockets, every value bounded. Front thread. */
#ifndef VIDD_SERVER_HTTP_REQUEST_H
#define VIDD_SERVER_HTTP_REQUEST_H

#include <libwebsockets.h>

#include "server/http_message.h"

/* What the header says of the body. */
struct http_body_info {
	bool is_announced; /* Content-Length was there */
	bool is_chunked;   /* Transfer-Encoding: we do not read it */
	uint64_t len;
};

/* Fills in all but id, peer, is_local and body. uri: as the library gives it. 0, or the status of
 * the refusal: 400, 414. */
int http_request_read(struct http_request *request, struct http_body_info *body, struct lws *wsi,
		      const char *uri, size_t uri_len);

#endif
