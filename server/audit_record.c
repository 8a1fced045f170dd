/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/audit_record.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

/* Grows when a member changes its meaning; new members alone do not. */
#define VERSION 1
/* Whole numbers up to here are the same for every JSON reader (RFC 8785 3.2.2.3). */
#define MAX_AT_MS 9007199254740991

enum kind {
	TEXT,
	ACTOR,
	RESULT,
	TIME,
	VERSION_NUMBER,
};

struct member {
	const char *key;
	enum kind kind;
	size_t offset; /* of a TEXT in struct audit_event */
	size_t max_bytes;
};

#define ID(field)     TEXT, offsetof(struct audit_event, field), AUDIT_MAX_ID_BYTES
#define WORD(field)   TEXT, offsetof(struct audit_event, field), AUDIT_MAX_WORD_BYTES
#define REASON(field) TEXT, offsetof(struct audit_event, field), AUDIT_MAX_REASON_BYTES

/* In the order of their bytes. */
static const struct member members[] = {
	{"acr", ID(acr)},
	{"action", WORD(action)},
	{"actor", ACTOR, 0, 0},
	{"actor_hsa", ID(actor_hsa)},
	{"actor_id", ID(actor_id)},
	{"address", WORD(address)},
	{"assurance", WORD(assurance)},
	{"at", TIME, 0, 0},
	{"commission", ID(commission)},
	{"commission_hsa", ID(commission_hsa)},
	{"consultation", ID(consultation)},
	{"duty", WORD(duty)},
	{"id", ID(id)},
	{"patient", ID(patient_ref)},
	{"provider", ID(provider)},
	{"provider_hsa", ID(provider_hsa)},
	{"reason", REASON(reason)},
	{"result", RESULT, 0, 0},
	{"role", WORD(role)},
	{"subject", ID(subject)},
	{"unit", ID(unit)},
	{"unit_hsa", ID(unit_hsa)},
	{"v", VERSION_NUMBER, 0, 0},
};

static const char *const actor_names[AUDIT_ACTOR_COUNT] = {
	[AUDIT_SYSTEM] = "system",   [AUDIT_STAFF] = "staff",
	[AUDIT_API_KEY] = "api-key", [AUDIT_PARTICIPANT] = "participant",
	[AUDIT_DEVICE] = "device",   [AUDIT_OPERATOR] = "operator",
};

static const char *const result_names[AUDIT_RESULT_COUNT] = {
	[AUDIT_OK] = "ok",
	[AUDIT_DENIED] = "denied",
	[AUDIT_FAILED] = "failed",
};

const char *audit_actor_name(enum audit_actor actor)
{
	return actor < AUDIT_ACTOR_COUNT ? actor_names[actor] : "";
}

const char *audit_result_name(enum audit_result result)
{
	return result < AUDIT_RESULT_COUNT ? result_names[result] : "";
}

static bool is_action(const char *text)
{
	return text != NULL && text[0] != '\0' && strlen(text) <= AUDIT_MAX_WORD_BYTES &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(text);
}

/* --- writing --------------------------------------------------------------------------------- */

/* RFC 8785 3.2.2.2: only what must be escaped is, in its shortest form. */
static void append_string(GString *out, const char *text)
{
	static const char shorts[] = "btn\0fr"; /* \b is 8; 11 has no short form */

	g_string_append_c(out, '"');
	for (const char *p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '"' || c == '\\')
			g_string_append_printf(out, "\\%c", c);
		else if (c >= 8 && c <= 13 && c != 11)
			g_string_append_printf(out, "\\%c", shorts[c - 8]);
		else if (c < 0x20)
			g_string_append_printf(out, "\\u%04x", c);
		else
			g_string_append_c(out, *p);
	}
	g_string_append_c(out, '"');
}

static void append_text(GString *out, const char *text, size_t max_bytes)
{
	char *valid = g_utf8_make_valid(text, -1);
	size_t len = strlen(valid);

	if (len > max_bytes) {
		len = max_bytes;
		while (len > 0 && ((unsigned char)valid[len] & 0xc0) == 0x80)
			len--; /* not inside a character */
		valid[len] = '\0';
	}
	append_string(out, valid);
	g_free(valid);
}

static const char *text_of(const struct audit_event *event, const struct member *m)
{
	const char *text;

	memcpy(&text, (const char *)event + m->offset, sizeof(text));
	return text != NULL ? text : "";
}

static void append_member(GString *out, const struct audit_event *event, const struct member *m)
{
	if (m->kind == TEXT && text_of(event, m)[0] == '\0')
		return;
	if (out->len > 1)
		g_string_append_c(out, ',');
	g_string_append_printf(out, "\"%s\":", m->key);
	switch (m->kind) {
	case TEXT:
		append_text(out, text_of(event, m), m->max_bytes);
		break;
	case ACTOR:
		append_string(out, audit_actor_name(event->actor));
		break;
	case RESULT:
		append_string(out, audit_result_name(event->result));
		break;
	case TIME:
		g_string_append_printf(out, "%" G_GINT64_FORMAT, event->at_ms);
		break;
	case VERSION_NUMBER:
		g_string_append_printf(out, "%d", VERSION);
		break;
	}
}

char *audit_record_text(const struct audit_event *event)
{
	GString *out = g_string_new("{");

	assert(event->id != NULL && event->id[0] != '\0' && is_action(event->action));
	assert(event->at_ms >= 0 && event->at_ms <= MAX_AT_MS);
	assert(event->actor < AUDIT_ACTOR_COUNT && event->result < AUDIT_RESULT_COUNT);
	for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
		append_member(out, event, &members[i]);
	g_string_append_c(out, '}');
	assert(out->len <= AUDIT_MAX_RECORD_BYTES);
	return g_string_free(out, FALSE);
}

/* --- reading --------------------------------------------------------------------------------- */

/* The place of the value's text among names, or count. */
static size_t place_of(const json_t *value, const char *const *names, size_t count)
{
	const char *text = json_string_value(value);
	size_t i = 0;

	while (i < count && (text == NULL || strcmp(names[i], text) != 0))
		i++;
	return i;
}

static int read_member(struct audit_event *event, const struct member *m, const json_t *value)
{
	const char *text = json_string_value(value);

	switch (m->kind) {
	case TEXT:
		if (value != NULL && text == NULL)
			return -EBADMSG;
		memcpy((char *)event + m->offset, &text, sizeof(text));
		return 0;
	case ACTOR:
		event->actor = (enum audit_actor)place_of(value, actor_names, AUDIT_ACTOR_COUNT);
		return event->actor < AUDIT_ACTOR_COUNT ? 0 : -EBADMSG;
	case RESULT:
		event->result =
			(enum audit_result)place_of(value, result_names, AUDIT_RESULT_COUNT);
		return event->result < AUDIT_RESULT_COUNT ? 0 : -EBADMSG;
	case TIME:
		event->at_ms = json_integer_value(value);
		return json_is_integer(value) && event->at_ms >= 0 && event->at_ms <= MAX_AT_MS
			       ? 0
			       : -EBADMSG;
	case VERSION_NUMBER:
		break;
	}
	return json_integer_value(value) == VERSION ? 0 : -EBADMSG;
}

/* Whatever is not our own writing, byte for byte, was changed by somebody. */
static int check_canonical(const struct audit_event *event, const char *text, size_t len)
{
	char *again;
	int r = 0;

	if (event->id == NULL || event->id[0] == '\0' || !is_action(event->action))
		return -EBADMSG;
	again = audit_record_text(event);
	if (strlen(again) != len || memcmp(again, text, len) != 0)
		r = -EBADMSG;
	g_free(again);
	return r;
}

int audit_record_parse(struct audit_record *out, const char *text, size_t len)
{
	struct audit_event event = {0};
	json_t *json;
	int r = 0;

	if (len == 0 || len > AUDIT_MAX_RECORD_BYTES)
		return -EBADMSG;
	json = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(json) && json_integer_value(json_object_get(json, "v")) > VERSION)
		r = -EPROTO;
	else if (!json_is_object(json))
		r = -EBADMSG;
	for (size_t i = 0; i < G_N_ELEMENTS(members) && r == 0; i++)
		r = read_member(&event, &members[i], json_object_get(json, members[i].key));
	if (r == 0)
		r = check_canonical(&event, text, len);
	if (r < 0) {
		json_decref(json);
		return r;
	}
	out->event = event;
	out->json = json;
	return 0;
}

void audit_record_close(struct audit_record *record)
{
	json_decref(record->json);
	memset(record, 0, sizeof(*record));
}

/* --- addresses -------------------------------------------------------------------------------- */

static const char *class_of_v4(uint32_t a)
{
	if (a >> 24 == 127)
		return "loopback";
	if (a >> 24 == 10 || a >> 20 == 0xac1 || a >> 16 == 0xc0a8)
		return "private"; /* RFC 1918 */
	if (a >> 22 == 0x191)
		return "private"; /* RFC 6598, 100.64.0.0/10: an operator's own */
	return a >> 16 == 0xa9fe ? "link-local" : "public";
}

const char *audit_record_address_class(const char *address)
{
	struct in6_addr six;
	struct in_addr four;
	uint32_t mapped;

	if (inet_pton(AF_INET, address, &four) == 1)
		return class_of_v4(ntohl(four.s_addr));
	if (inet_pton(AF_INET6, address, &six) != 1)
		return "";
	if (IN6_IS_ADDR_V4MAPPED(&six)) {
		memcpy(&mapped, &six.s6_addr[12], sizeof(mapped));
		return class_of_v4(ntohl(mapped));
	}
	if (IN6_IS_ADDR_LOOPBACK(&six))
		return "loopback";
	if (IN6_IS_ADDR_LINKLOCAL(&six))
		return "link-local";
	return (six.s6_addr[0] & 0xfe) == 0xfc ? "private" : "public"; /* RFC 4193 */
}
