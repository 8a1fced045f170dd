/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The page: every file of a directory, read at start, with the .br and .gz beside it that the web
 * build made. Answers from memory; immutable after loading. A path that names no file and has no
 * dot in its last part is the application's own (single page): it gets index.html.
 */
#ifndef VIDD_SERVER_WEB_H
#define VIDD_SERVER_WEB_H

#include <stddef.h>

#include "server/http_message.h"

/* A page of 60 kB and its source maps: more than this is the wrong directory. */
#define WEB_MAX_FILES 2000
#define WEB_MAX_BYTES (64 * 1024 * 1024)
#define WEB_MAX_DEPTH 8

struct web;

/* 0; -ENOENT no such directory or no index.html in it; -EFBIG more than the caps; -errno. */
int web_load(struct web **out, const char *directory);
/* NULL is legal. */
void web_free(struct web *web);
/* Fills in the reply to a GET or HEAD: 200, 304, or false when there is no such file. web may be
 * NULL: nothing is there. */
bool web_answer(const struct web *web, const struct http_request *request,
		struct http_reply *reply);
size_t web_file_count(const struct web *web);

#endif
