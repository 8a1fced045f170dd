/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/webhook_post.h"

#include <glib.h>
#include <string.h>

#include "server/courier.h"
#include "server/http_client.h"

#define TIMEOUT_MS	10000
#define MAX_REPLY_BYTES 4096

_Static_assert(WEBHOOK_POST_WHY_BYTES == HTTP_CLIENT_WHY_BYTES, "one reason is the other");

bool webhook_post(const struct store_delivery *d, int64_t now_unix_s,
		  char why[WEBHOOK_POST_WHY_BYTES])
{
	char signature[COURIER_SIGNATURE_BYTES];
	struct http_client_reply reply = {0};
	char *sign, *event, *id;
	bool is_sent = false;

	g_strlcpy(why, "it cannot be signed", WEBHOOK_POST_WHY_BYTES);
	if (courier_sign(signature, d->secret, now_unix_s, d->body) < 0)
		return false;
	sign = g_strconcat("Vidd-Signature: ", signature, NULL);
	event = g_strconcat("Vidd-Event: ", d->event, NULL);
	id = g_strconcat("Vidd-Delivery: ", d->id, NULL);
	if (http_client_send(
		    &(struct http_client_request){
			    .method = "POST",
			    .url = d->url,
			    .header = {"Content-Type: application/json", sign, event, id},
			    .body = d->body,
			    .body_len = strlen(d->body),
			    .timeout_ms = TIMEOUT_MS,
			    .max_reply_bytes = MAX_REPLY_BYTES},
		    &reply, why) == 0) {
		is_sent = reply.status / 100 == 2;
		g_snprintf(why, WEBHOOK_POST_WHY_BYTES, "%d", reply.status);
	}
	http_client_reply_close(&reply);
	g_free(sign);
	g_free(event);
	g_free(id);
	return is_sent;
}
