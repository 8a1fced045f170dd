/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/http_client.h"

#include <curl/curl.h>
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_MS 10000L

int http_client_init(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 0 : -ENOMEM;
}

/* A buffer with a cap; what comes after it ends the transfer. */
struct taken {
	char *text;
	size_t len, max;
	bool is_over;
};

static size_t take(char *data, size_t one, size_t count, void *user)
{
	struct taken *t = user;
	size_t len = one * count;
	char *longer;

	if (len > t->max - t->len) {
		t->is_over = true;
		return 0;
	}
	longer = realloc(t->text, t->len + len + 1);
	if (longer == NULL)
		return 0;
	memcpy(longer + t->len, data, len);
	t->text = longer;
	t->len += len;
	t->text[t->len] = '\0';
	return len;
}

/* "http://localhost" and "http://127.0.0.1" with a port or path behind, and nothing else. */
static bool is_this_machine(const char *url)
{
	static const char *const hosts[] = {"http://localhost", "http://127.0.0.1", "http://[::1]"};

	for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++) {
		size_t len = strlen(hosts[i]);

		if (g_ascii_strncasecmp(url, hosts[i], len) == 0 &&
		    (url[len] == '\0' || url[len] == ':' || url[len] == '/'))
			return strchr(url, '@') == NULL;
	}
	return false;
}

static int result_of(CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return 0;
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return -EINVAL;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_USE_SSL_FAILED:
	case CURLE_LOGIN_DENIED:
		return -EPERM;
	default:
		return -EAGAIN;
	}
}

static void set_common(CURL *curl, const char *url, const char *ca_file, long timeout_ms)
{
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
			 timeout_ms < CONNECT_MS ? timeout_ms : CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (ca_file != NULL)
		curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
}

/* --- HTTP --------------------------------------------------------------------------------------
 */

static void set_request(CURL *curl, const struct http_client_request *r, struct curl_slist *headers,
			struct taken *taken)
{
	set_common(curl, r->url, r->ca_file, r->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
			 r->is_plain_allowed || is_this_machine(r->url) ? "http,https" : "https");
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, r->method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "vidd/" VIDD_VERSION);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, taken);
	if (r->body == NULL)
		return;
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_len);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, r->body);
}

static void read_reply(CURL *curl, struct taken *taken, struct http_client_reply *out)
{
	const char *type = NULL;
	long status = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	out->status = (int)status;
	g_strlcpy(out->content_type, type != NULL ? type : "", sizeof(out->content_type));
	out->body = taken->text;
	out->body_len = taken->len;
	taken->text = NULL;
}

static struct curl_slist *list_headers(const struct http_client_request *request)
{
	struct curl_slist *list = NULL;

	for (size_t i = 0; i < HTTP_CLIENT_MAX_HEADERS && request->header[i] != NULL; i++) {
		struct curl_slist *longer = curl_slist_append(list, request->header[i]);

		if (longer == NULL)
			break; /* no memory: GLib would have aborted */
		list = longer;
	}
	return list;
}

int http_client_send(const struct http_client_request *request, struct http_client_reply *out,
		     char why[HTTP_CLIENT_WHY_BYTES])
{
	struct taken taken = {.text = calloc(1, 1), .max = request->max_reply_bytes};
	struct http_client_reply reply = {0};
	CURL *curl = curl_easy_init();
	struct curl_slist *headers;
	CURLcode code;
	int r;

	if (curl == NULL || taken.text == NULL) {
		curl_easy_cleanup(curl);
		free(taken.text);
		g_strlcpy(why, "no memory", HTTP_CLIENT_WHY_BYTES);
		return -EAGAIN;
	}
	headers = list_headers(request);
	set_request(curl, request, headers, &taken);
	code = curl_easy_perform(curl);
	r = taken.is_over ? -EFBIG : result_of(code);
	g_strlcpy(why, r == -EFBIG ? "the reply is too large" : curl_easy_strerror(code),
		  HTTP_CLIENT_WHY_BYTES);
	if (r == 0) {
		read_reply(curl, &taken, &reply);
		*out = reply;
	}
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	free(taken.text);
	return r;
}

void http_client_reply_close(struct http_client_reply *reply)
{
	free(reply->body);
	memset(reply, 0, sizeof(*reply));
}

/* --- mail --------------------------------------------------------------------------------------
 */

struct pouring {
	const char *text;
	size_t left;
};

static size_t pour(char *out, size_t one, size_t count, void *user)
{
	struct pouring *p = user;
	size_t len = one * count < p->left ? one * count : p->left;

	memcpy(out, p->text, len);
	p->text += len;
	p->left -= len;
	return len;
}

/* The last of the server's consents is that to the whole mail: "250 2.0.0 Ok: queued as 4F2A". */
static size_t keep_line(char *data, size_t one, size_t count, void *user)
{
	char *receipt = user;
	size_t len = one * count;

	if (len > 4 && memcmp(data, "250 ", 4) == 0) {
		size_t keep = len < HTTP_CLIENT_WHY_BYTES ? len : HTTP_CLIENT_WHY_BYTES - 1;

		memcpy(receipt, data, keep);
		receipt[keep] = '\0';
		g_strchomp(receipt);
	}
	return len;
}

static void set_mail(CURL *curl, const struct http_client_mail *m, struct curl_slist *to,
		     struct pouring *p)
{
	set_common(curl, m->url, m->ca_file, m->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_USE_SSL,
			 (long)(m->is_plain_allowed ? CURLUSESSL_TRY : CURLUSESSL_ALL));
	if (m->user != NULL)
		curl_easy_setopt(curl, CURLOPT_USERNAME, m->user);
	if (m->password != NULL)
		curl_easy_setopt(curl, CURLOPT_PASSWORD, m->password);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, m->from);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, pour);
	curl_easy_setopt(curl, CURLOPT_READDATA, p);
}

int http_client_mail(const struct http_client_mail *mail, char receipt[HTTP_CLIENT_WHY_BYTES],
		     char why[HTTP_CLIENT_WHY_BYTES])
{
	struct pouring p = {.text = mail->text, .left = strlen(mail->text)};
	struct curl_slist *to = curl_slist_append(NULL, mail->to);
	CURL *curl = curl_easy_init();
	long status = 0;
	CURLcode code;
	int r;

	receipt[0] = '\0';
	if (curl == NULL || to == NULL) {
		curl_easy_cleanup(curl);
		curl_slist_free_all(to);
		g_strlcpy(why, "no memory", HTTP_CLIENT_WHY_BYTES);
		return -EAGAIN;
	}
	set_mail(curl, mail, to, &p);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, keep_line);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, receipt);
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	r = result_of(code);
	if (r == -EAGAIN && status >= 500 && status < 600)
		r = -ENOENT;
	g_snprintf(why, HTTP_CLIENT_WHY_BYTES, "%s (%ld)", curl_easy_strerror(code), status);
	curl_slist_free_all(to);
	curl_easy_cleanup(curl);
	return r;
}
