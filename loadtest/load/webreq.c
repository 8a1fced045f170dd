/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/webreq.h"

#include <curl/curl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WEBREQ_TIMEOUT_MS 20000L
#define WEBREQ_WAIT_MS	  100
#define WEBREQ_MAX_BYTES  (4u * 1024 * 1024)

struct webreq_client {
	CURLM *multi;
	GPtrArray *under_way; /* struct transfer, owned */
};

struct transfer {
	CURL *curl;
	struct curl_slist *headers;
	GString *body;
	struct webreq_reply reply;
	webreq_done_fn done;
	void *arg;
};

static void drop(gpointer data)
{
	struct transfer *t = data;

	curl_easy_cleanup(t->curl);
	curl_slist_free_all(t->headers);
	g_string_free(t->body, TRUE);
	g_free(t);
}

struct webreq_client *webreq_client_new(void)
{
	struct webreq_client *client = g_new0(struct webreq_client, 1);

	client->multi = curl_multi_init();
	client->under_way = g_ptr_array_new_with_free_func(drop);
	if (!client->multi) {
		webreq_client_free(client);
		return NULL;
	}
	return client;
}

void webreq_client_free(struct webreq_client *client)
{
	if (!client)
		return;
	for (guint i = 0; i < client->under_way->len; i++) {
		struct transfer *t = g_ptr_array_index(client->under_way, i);

		(void)curl_multi_remove_handle(client->multi, t->curl); /* it is in */
	}
	g_ptr_array_free(client->under_way, TRUE);
	if (client->multi)
		(void)curl_multi_cleanup(client->multi); /* nothing is in it any more */
	g_free(client);
}

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
	GString *body = arg;

	if (body->len + size * count > WEBREQ_MAX_BYTES)
		return 0;
	g_string_append_len(body, data, (gssize)(size * count));
	return size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *arg)
{
	static const char name[] = "location:";
	char *location = ((struct webreq_reply *)arg)->location;
	size_t len = size * count;

	if (len > sizeof(name) && g_ascii_strncasecmp(data, name, sizeof(name) - 1) == 0) {
		(void)snprintf(location, WEBREQ_LOCATION_BYTES, "%.*s",
			       (int)(len - sizeof(name) + 1), data + sizeof(name) - 1);
		g_strstrip(location);
	}
	return len;
}

static struct curl_slist *add_header(struct curl_slist *list, const char *name, const char *value)
{
	char *line = g_strdup_printf("%s: %s", name, value);
	struct curl_slist *more = curl_slist_append(list, line);

	g_free(line);
	return more ? more : list;
}

static struct curl_slist *headers_of(const struct webreq *request)
{
	struct curl_slist *list = add_header(NULL, "Expect", "");

	if (request->bearer) {
		char *value = g_strdup_printf("Bearer %s", request->bearer);

		list = add_header(list, "Authorization", value);
		g_free(value);
	}
	return request->body ? add_header(list, "Content-Type", request->content_type) : list;
}

static void set_up(struct transfer *t, const struct webreq *request)
{
	CURL *curl = t->curl;

	(void)curl_easy_setopt(curl, CURLOPT_URL, request->url);
	(void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
	(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, t->headers);
	(void)curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, WEBREQ_TIMEOUT_MS);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, t->body);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, &t->reply);
	(void)curl_easy_setopt(curl, CURLOPT_PRIVATE, t);
	if (request->body)
		(void)curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, request->body);
}

void webreq_start(struct webreq_client *client, const struct webreq *request, webreq_done_fn done,
		  void *arg)
{
	struct transfer *t = g_new0(struct transfer, 1);

	t->curl = curl_easy_init();
	t->headers = headers_of(request);
	t->body = g_string_new(NULL);
	t->done = done;
	t->arg = arg;
	set_up(t, request);
	g_ptr_array_add(client->under_way, t);
	(void)curl_multi_add_handle(client->multi, t->curl); /* a new one can be added */
}

static void finish(struct webreq_client *client, CURL *curl, CURLcode code)
{
	struct transfer *t = NULL;

	(void)curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&t);
	if (code == CURLE_OK)
		(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &t->reply.status);
	else
		g_string_assign(t->body, curl_easy_strerror(code));
	t->reply.body = t->body->str;
	(void)curl_multi_remove_handle(client->multi, curl); /* it is in */
	t->done(t->arg, &t->reply);
	(void)g_ptr_array_remove_fast(client->under_way, t); /* it is in */
}

size_t webreq_service(struct webreq_client *client)
{
	int running, left;
	CURLMsg *msg;

	if (client->under_way->len == 0)
		return 0;
	(void)curl_multi_perform(client->multi, &running); /* errors come with the messages */
	while ((msg = curl_multi_info_read(client->multi, &left)) != NULL)
		if (msg->msg == CURLMSG_DONE)
			finish(client, msg->easy_handle, msg->data.result);
	return client->under_way->len;
}

static void keep(void *arg, const struct webreq_reply *reply)
{
	struct webreq_reply *out = arg;

	*out = *reply;
	out->body = strdup(reply->body);
}

void webreq_send(struct webreq_client *client, const struct webreq *request,
		 struct webreq_reply *out)
{
	*out = (struct webreq_reply){0};
	webreq_start(client, request, keep, out);
	while (!out->body) {
		(void)curl_multi_poll(client->multi, NULL, 0, WEBREQ_WAIT_MS, NULL); /* or sooner */
		(void)webreq_service(client); /* the count is nothing to us */
	}
}
