/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/idempotency.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/clock.h"
#include "server/http.h"
#include "server/hub.h"
#include "server/log.h"
#include "server/store_idempotency.h"

/* A handler answers within seconds, or its client has gone and it may not answer at all. */
#define OPEN_US 60000000

/* A request whose handler runs, by the exchange's id. */
struct open_request {
	uint64_t id;
	int64_t since_us;
	struct store_idempotency use;
};

/* An answer that waits until it is kept. */
struct held_answer {
	uint64_t id;
	struct http_reply reply;
};

struct idempotency {
	GHashTable *open; /* &open_request->id -> open_request */
	GHashTable *held; /* &held_answer->id -> held_answer */
};

static void open_free(void *pointer)
{
	explicit_bzero(pointer, sizeof(struct open_request));
	g_free(pointer);
}

static void held_free(void *pointer)
{
	struct held_answer *h = pointer;

	http_reply_close(&h->reply);
	g_free(h);
}

struct idempotency *idempotency_new(void)
{
	struct idempotency *i = g_new0(struct idempotency, 1);

	i->open = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, open_free);
	i->held = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, held_free);
	return i;
}

void idempotency_free(struct idempotency *i)
{
	if (i == NULL)
		return;
	g_hash_table_destroy(i->open);
	g_hash_table_destroy(i->held);
	g_free(i);
}

/* --- an answer as bytes: location, media type, body --------------------------------------------
 */

static const char *header_of(const struct http_reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->header_count; i++) {
		if (strcmp(reply->header[i].name, name) == 0)
			return reply->header[i].value;
	}
	return "";
}

static void pack(struct store_idempotency *use, const struct http_reply *reply)
{
	GByteArray *bytes = g_byte_array_new();
	const char *texts[] = {header_of(reply, "location:"), header_of(reply, "content-type:")};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_byte_array_append(bytes, (const guint8 *)texts[i], (guint)strlen(texts[i]) + 1);
	if (reply->body_len > 0)
		g_byte_array_append(bytes, reply->body, (guint)reply->body_len);
	use->status = reply->status;
	use->answer_len = bytes->len;
	use->answer = (char *)g_byte_array_free(bytes, FALSE);
}

/* False when it is not what pack wrote. */
static bool unpack(const struct store_idempotency *use, struct http_reply *reply)
{
	const char *location = use->answer, *end = use->answer + use->answer_len;
	const char *type = memchr(location, '\0', use->answer_len);
	const char *body = type != NULL ? memchr(type + 1, '\0', (size_t)(end - type) - 1) : NULL;
	char *copy;
	size_t len;

	if (body == NULL)
		return false;
	type++;
	len = (size_t)(end - ++body);
	reply->status = use->status;
	if (type[0] != '\0') {
		copy = malloc(len + 1);
		if (copy == NULL)
			return false;
		memcpy(copy, body, len);
		copy[len] = '\0';
		http_reply_take(reply, type, copy, len);
	}
	if (location[0] != '\0')
		http_reply_header(reply, "location:", "%s", location);
	http_reply_header(reply, "idempotency-replayed:", "true");
	return true;
}

/* --- looking for an earlier answer -------------------------------------------------------------
 */

struct use_job {
	struct store_job job;
	struct store_idempotency use;
};

static void close_job(struct store_job *job)
{
	struct use_job *j = (struct use_job *)job;

	if (j->use.answer != NULL)
		explicit_bzero(j->use.answer, j->use.answer_len);
	g_free(j->use.answer);
	explicit_bzero(j, sizeof(*j));
	free(j);
}

static void find_run(struct store *store, struct store_job *job)
{
	struct use_job *j = (struct use_job *)job;

	job->result = store_idempotency_find(store, clock_unix_s(), &j->use);
}

static bool is_under_way(struct idempotency *i, const struct store_idempotency *use)
{
	int64_t now_us = clock_now_us();
	const struct open_request *o;
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, i->open);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		o = value;
		if (now_us - o->since_us > OPEN_US)
			g_hash_table_iter_remove(&iter);
		else if (strcmp(o->use.asker_id, use->asker_id) == 0 &&
			 memcmp(o->use.key_hash, use->key_hash, sizeof(use->key_hash)) == 0)
			return true;
	}
	return false;
}

static void answer_repeated(struct hub *hub, const struct use_job *j)
{
	struct http_reply reply = {0};

	if (!unpack(&j->use, &reply)) {
		http_reply_close(&reply);
		access_answer_busy(hub, j->job.tag);
		return;
	}
	log_info("request-repeated", "who=%s status=%d", j->use.asker_id, j->use.status);
	hub_answer(hub, j->job.tag, &reply);
}

static void answer_under_way(struct hub *hub, uint64_t id)
{
	struct http_reply reply = {0};

	http_reply_problem(&reply, 409, "idempotency-busy",
			   "The first request with this Idempotency-Key is under way.", NULL);
	http_reply_header(&reply, "retry-after:", "2");
	hub_answer(hub, id, &reply);
}

static void begin(struct hub *hub, const struct use_job *j)
{
	struct idempotency *i = hub->idempotency;
	struct open_request *o;

	if (is_under_way(i, &j->use) || g_hash_table_size(i->open) >= IDEMPOTENCY_MAX_OPEN) {
		answer_under_way(hub, j->job.tag);
		return;
	}
	o = g_new0(struct open_request, 1);
	o->id = j->job.tag;
	o->since_us = clock_now_us();
	o->use = j->use;
	g_hash_table_insert(i->open, &o->id, o);
	if (!http_run(hub->http, j->job.tag))
		g_hash_table_remove(i->open,
				    &j->job.tag); /* the client has gone; nothing was done */
}

static void find_done(struct hub *hub, struct store_job *job)
{
	const struct use_job *j = (const struct use_job *)job;

	if (job->result == 1)
		answer_repeated(hub, j);
	else if (job->result == 0)
		begin(hub, j);
	else if (job->result == -EINVAL)
		hub_answer_problem(hub, job->tag, 422, "idempotency-mismatch",
				   "This Idempotency-Key was used for another request.");
	else if (job->result == -EBADMSG)
		hub_answer_problem(hub, job->tag, 409, "idempotency-lost",
				   "This was done, but the answer was for another login.");
	else
		access_answer_busy(hub, job->tag);
}

/* Printable ASCII, so that it is the same text in every header library. */
static bool is_key(const struct http_request *request)
{
	for (const char *p = request->idempotency_key; *p != '\0'; p++) {
		if (*p < 0x21 || *p > 0x7e)
			return false;
	}
	return !request->is_idempotency_key_bad;
}

static int identify(struct store_idempotency *use, const struct http_request *request,
		    const struct principal *who)
{
	const char *secret =
		who->kind == PRINCIPAL_STAFF ? request->cookie_session : request->bearer;
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize len = sizeof(use->request_hash);

	g_strlcpy(use->asker_id, who->id, sizeof(use->asker_id));
	g_checksum_update(sum, (const guchar *)request->path, (gssize)strlen(request->path) + 1);
	g_checksum_update(sum, (const guchar *)request->body, (gssize)request->body_len);
	g_checksum_get_digest(sum, use->request_hash, &len);
	g_checksum_free(sum);
	if (token_text_hash(use->key_hash, request->idempotency_key) < 0)
		return -EIO;
	return token_seal_key(use->seal_key, secret, request->idempotency_key);
}

bool idempotency_ask(struct hub *hub, const struct http_request *request,
		     const struct principal *who)
{
	struct use_job *j;

	if (request->method != HTTP_POST ||
	    (request->idempotency_key[0] == '\0' && !request->is_idempotency_key_bad) ||
	    (who->kind != PRINCIPAL_STAFF && who->kind != PRINCIPAL_API_KEY))
		return false;
	if (!is_key(request)) {
		hub_answer_problem(hub, request->id, 400, "bad-idempotency-key",
				   "An Idempotency-Key is 1 to 127 printable ASCII characters.");
		return true;
	}
	j = calloc(1, sizeof(*j));
	if (j == NULL || identify(&j->use, request, who) < 0) {
		free(j);
		access_answer_busy(hub, request->id);
		return true;
	}
	j->job = (struct store_job){
		.run = find_run, .done = find_done, .close = close_job, .tag = request->id};
	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, request->id);
	return true;
}

/* --- keeping an answer -------------------------------------------------------------------------
 */

static void keep_run(struct store *store, struct store_job *job)
{
	struct use_job *j = (struct use_job *)job;

	job->result = store_idempotency_keep(store, clock_unix_s(), &j->use);
}

/* What was done was done, also when it could not be kept. */
static void keep_done(struct hub *hub, struct store_job *job)
{
	const struct use_job *j = (const struct use_job *)job;
	struct held_answer *h = g_hash_table_lookup(hub->idempotency->held, &job->tag);
	struct http_reply reply = h->reply;

	if (job->result < 0)
		log_warn("answer-not-kept", "who=%s result=%d", j->use.asker_id, job->result);
	memset(&h->reply, 0, sizeof(h->reply));
	g_hash_table_remove(hub->idempotency->held, &job->tag);
	/* Not before: a repetition that looked just before it was kept must find it under way. */
	g_hash_table_remove(hub->idempotency->open, &job->tag);
	hub_answer(hub, job->tag, &reply);
}

static bool keep(struct hub *hub, const struct open_request *o, const struct http_reply *reply)
{
	struct use_job *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return false;
	j->job = (struct store_job){
		.run = keep_run, .done = keep_done, .close = close_job, .tag = o->id};
	j->use = o->use;
	pack(&j->use, reply);
	return hub_post_store(hub, &j->job);
}

bool idempotency_answer(struct hub *hub, uint64_t id, struct http_reply *reply)
{
	const struct open_request *o = g_hash_table_lookup(hub->idempotency->open, &id);
	struct held_answer *h;
	bool is_kept;

	if (o == NULL)
		return false;
	is_kept = reply->status / 100 == 2 && keep(hub, o, reply);
	if (!is_kept) {
		g_hash_table_remove(hub->idempotency->open, &id);
		return false;
	}
	h = g_new0(struct held_answer, 1);
	h->id = id;
	h->reply = *reply;
	memset(reply, 0, sizeof(*reply));
	g_hash_table_insert(hub->idempotency->held, &h->id, h);
	return true;
}
