/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/webreq.h"

#include <curl/curl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WEBREQ_TIMEOUT_MS 20000L
#define WEBREQ_MAX_BYTES  (4u * 1024 * 1024)

struct webreq_client {
	CURL *curl;
};

struct webreq_client *webreq_client_new(void)
{
	struct webreq_client *client = calloc(1, sizeof(*client));

	if (!client)
		return NULL;
	client->curl = curl_easy_init();
	if (!client->curl) {
		free(client);
		return NULL;
	}
	return client;
}

void webreq_client_free(struct webreq_client *client)
{
	if (!client)
		return;
	curl_easy_cleanup(client->curl);
	free(client);
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
	char *location = arg;
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

void webreq_send(struct webreq_client *client, const struct webreq *request,
		 struct webreq_reply *out)
{
	struct curl_slist *headers = headers_of(request);
	GString *body = g_string_new(NULL);
	CURL *curl = client->curl;
	CURLcode code;

	*out = (struct webreq_reply){0};
	curl_easy_reset(curl);
	(void)curl_easy_setopt(curl, CURLOPT_URL, request->url);
	(void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
	(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	(void)curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, WEBREQ_TIMEOUT_MS);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, out->location);
	if (request->body)
		(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
	code = curl_easy_perform(curl);
	if (code == CURLE_OK)
		(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
	else
		g_string_assign(body, curl_easy_strerror(code));
	curl_slist_free_all(headers);
	out->body = strdup(body->str);
	g_string_free(body, TRUE);
}
