/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/web.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "server/file.h"

enum encoding {
	ENCODING_BR,
	ENCODING_GZIP,
	ENCODING_IDENTITY,
	ENCODING_COUNT,
};

static const struct {
	const char *name;
	const char *suffix;
} encodings[ENCODING_COUNT] = {
	[ENCODING_BR] = {"br", ".br"},
	[ENCODING_GZIP] = {"gzip", ".gz"},
	[ENCODING_IDENTITY] = {"", ""},
};

struct variant {
	char *data;
	size_t len;
	char etag[24]; /* quoted, of this very form of the file */
};

struct web_file {
	struct variant variant[ENCODING_COUNT];
	const char *type;
	bool is_immutable;
};

struct web {
	GHashTable *files; /* path with leading '/' -> struct web_file */
	size_t bytes;
};

static const struct {
	const char *suffix;
	const char *type;
} types[] = {
	{".html", "text/html; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".mjs", "text/javascript; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".json", "application/json"},
	{".map", "application/json"},
	{".webmanifest", "application/manifest+json"},
	{".svg", "image/svg+xml"},
	{".png", "image/png"},
	{".ico", "image/x-icon"},
	{".webp", "image/webp"},
	{".woff2", "font/woff2"},
	{".wasm", "application/wasm"},
	{".mp3", "audio/mpeg"},
	{".opus", "audio/ogg"},
	{".txt", "text/plain; charset=utf-8"},
};

static const char *type_of(const char *path)
{
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
		if (g_str_has_suffix(path, types[i].suffix))
			return types[i].type;
	}
	return "application/octet-stream";
}

/* --- loading ---------------------------------------------------------------------------------- */

static void file_free(gpointer p)
{
	struct web_file *file = p;

	for (int i = 0; i < ENCODING_COUNT; i++)
		free(file->variant[i].data);
	g_free(file);
}

static int load_variant(struct web *web, struct variant *v, const char *path)
{
	char *sum;
	int r = file_read(path, WEB_MAX_BYTES - web->bytes, &v->data, &v->len);

	if (r < 0)
		return r;
	web->bytes += v->len;
	sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)v->data, v->len);
	sum[20] = '\0'; /* 80 bits tell two builds apart */
	g_snprintf(v->etag, sizeof(v->etag), "\"%s\"", sum);
	g_free(sum);
	return 0;
}

static enum encoding encoding_of(const char *name)
{
	for (int i = 0; i < ENCODING_IDENTITY; i++) {
		if (g_str_has_suffix(name, encodings[i].suffix))
			return (enum encoding)i;
	}
	return ENCODING_IDENTITY;
}

static int load_file(struct web *web, const char *path, const char *url)
{
	enum encoding encoding = encoding_of(url);
	char *key = g_strndup(url, strlen(url) - strlen(encodings[encoding].suffix));
	struct web_file *file = g_hash_table_lookup(web->files, key);

	if (file == NULL) {
		if (g_hash_table_size(web->files) == WEB_MAX_FILES) {
			g_free(key);
			return -EFBIG;
		}
		file = g_new0(struct web_file, 1);
		file->type = type_of(key);
		/* The build puts a hash of their content into these names. */
		file->is_immutable = g_str_has_prefix(key, "/assets/");
		g_hash_table_insert(web->files, key, file);
	} else {
		g_free(key);
	}
	return load_variant(web, &file->variant[encoding], path);
}

static int load_directory(struct web *web, const char *path, const char *url, int depth)
{
	GDir *dir = depth > 0 ? g_dir_open(path, 0, NULL) : NULL;
	const char *name;
	int r = 0;

	if (dir == NULL)
		return depth > 0 ? -ENOENT : -EFBIG;
	while (r == 0 && (name = g_dir_read_name(dir)) != NULL) {
		char *child = g_build_filename(path, name, NULL);
		char *child_url = g_strconcat(url, "/", name, NULL);

		if (name[0] == '.')
			r = 0; /* hidden files stay hidden */
		else if (g_file_test(child, G_FILE_TEST_IS_DIR))
			r = load_directory(web, child, child_url, depth - 1);
		else
			r = load_file(web, child, child_url);
		g_free(child);
		g_free(child_url);
	}
	g_dir_close(dir);
	return r;
}

/* What has only compressed forms cannot be given to everybody. */
static gboolean lacks_plain_form(gpointer key, gpointer value, gpointer data)
{
	(void)key;
	(void)data;
	return ((struct web_file *)value)->variant[ENCODING_IDENTITY].data == NULL;
}

int web_load(struct web **out, const char *directory)
{
	struct web *web = g_new0(struct web, 1);
	int r;

	web->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, file_free);
	r = load_directory(web, directory, "", WEB_MAX_DEPTH);
	g_hash_table_foreach_remove(web->files, lacks_plain_form, NULL);
	if (r == 0 && g_hash_table_lookup(web->files, "/index.html") == NULL)
		r = -ENOENT;
	if (r < 0) {
		web_free(web);
		return r;
	}
	*out = web;
	return 0;
}

void web_free(struct web *web)
{
	if (web == NULL)
		return;
	g_hash_table_destroy(web->files);
	g_free(web);
}

size_t web_file_count(const struct web *web)
{
	return web != NULL ? g_hash_table_size(web->files) : 0;
}

/* --- answering -------------------------------------------------------------------------------- */

/* A path without a suffix is a page: /staff is staff.html, and what has none of its own is the
 * patient's. */
static const struct web_file *find(const struct web *web, const char *path)
{
	const struct web_file *file = g_hash_table_lookup(web->files, path);
	const char *last = strrchr(path, '/');
	char *page;

	if (file != NULL || last == NULL || strchr(last, '.') != NULL)
		return file;
	page = g_strconcat(path, ".html", NULL);
	file = g_hash_table_lookup(web->files, page);
	g_free(page);
	return file != NULL ? file : g_hash_table_lookup(web->files, "/index.html");
}

/* Whether one comma-separated element of the header is this word, and not with q=0. */
static bool header_has(const char *header, const char *word)
{
	char **parts = g_strsplit(header, ",", 32);
	bool found = false;

	for (size_t i = 0; parts[i] != NULL && !found; i++) {
		char *parameters = strchr(parts[i], ';');

		if (parameters != NULL)
			*parameters++ = '\0';
		if (g_ascii_strcasecmp(g_strstrip(parts[i]), word) != 0)
			continue;
		if (parameters != NULL)
			g_strstrip(parameters);
		found = parameters == NULL || !g_str_has_prefix(parameters, "q=0") ||
			strpbrk(parameters + 3, "123456789") != NULL;
	}
	g_strfreev(parts);
	return found;
}

static enum encoding choose(const struct web_file *file, const char *accept)
{
	for (int i = 0; i < ENCODING_IDENTITY; i++) {
		if (file->variant[i].data != NULL && header_has(accept, encodings[i].name))
			return (enum encoding)i;
	}
	return ENCODING_IDENTITY;
}

/* RFC 9110 13.1.2: weak comparison, a list, or "*". */
static bool matches(const char *if_none_match, const char *etag)
{
	return strcmp(if_none_match, "*") == 0 || strstr(if_none_match, etag) != NULL;
}

bool web_answer(const struct web *web, const struct http_request *request, struct http_reply *reply)
{
	const char *path = strcmp(request->path, "/") == 0 ? "/index.html" : request->path;
	const struct web_file *file = web != NULL ? find(web, path) : NULL;
	const struct variant *v;
	enum encoding encoding;

	if (file == NULL)
		return false;
	encoding = choose(file, request->accept_encoding);
	v = &file->variant[encoding];
	http_reply_header(reply, "etag:", "%s", v->etag);
	http_reply_header(reply, "vary:", "accept-encoding");
	http_reply_header(reply, "cache-control:", "%s",
			  file->is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
	if (request->if_none_match[0] != '\0' && matches(request->if_none_match, v->etag)) {
		reply->status = 304;
		return true;
	}
	reply->status = 200;
	http_reply_header(reply, "content-type:", "%s", file->type);
	if (encoding != ENCODING_IDENTITY)
		http_reply_header(reply, "content-encoding:", "%s", encodings[encoding].name);
	reply->body = v->data;
	reply->body_len = v->len;
	return true;
}
