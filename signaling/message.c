/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/message.h"

#include <assert.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "signaling/message_table.h"
#include "signaling/t140.h"

const char *message_type_name(enum message_type type)
{
	assert(type < MESSAGE_COUNT);
	return message_table[type].type;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Each returns what is wrong with the value, or NULL. */
static const char *read_text(const struct field *field, const json_t *value, void *base)
{
	const char **out = (const char **)((char *)base + field->at);

	if (field->kind == FIELD_TEXT_OR_NULL && json_is_null(value)) {
		*out = NULL;
		return NULL;
	}
	if (!json_is_string(value))
		return "is not a string";
	if (json_string_length(value) > (size_t)field->max)
		return "is too long";
	*out = json_string_value(value);
	return NULL;
}

static const char *read_t140(const struct field *field, const json_t *value, void *base)
{
	static const char *const wrong[T140_FAULT_COUNT] = {
		[T140_BAD_UTF8] = "is not UTF-8",
		[T140_BAD_CONTROL] = "has a control character that is none of T.140's",
		[T140_TOO_LONG] = "is too long",
	};
	size_t chars;

	if (!json_is_string(value))
		return "is not a string";
	*(const char **)((char *)base + field->at) = json_string_value(value);
	return wrong[t140_check(json_string_value(value), json_string_length(value), &chars)];
}

static const char *read_number(const struct field *field, const json_t *value, void *base)
{
	int64_t *out = (int64_t *)((char *)base + field->at);

	if (field->kind == FIELD_NUMBER_OR_NULL && json_is_null(value)) {
		*out = -1;
		return NULL;
	}
	if (!json_is_integer(value))
		return "is not a whole number";
	if (json_integer_value(value) < 0 || json_integer_value(value) > field->max)
		return "is out of range";
	*out = json_integer_value(value);
	return NULL;
}

static const char *read_flag(const struct field *field, const json_t *value, void *base)
{
	if (!json_is_boolean(value))
		return "is not true or false";
	*(bool *)((char *)base + field->at) = json_is_true(value);
	return NULL;
}

static const char *read_share(const struct field *field, const json_t *value, void *base)
{
	double *out = (void *)((char *)base + field->at);
	double share = json_number_value(value);

	if (json_is_null(value)) {
		*out = NAN;
		return NULL;
	}
	if (!json_is_number(value))
		return "is not a number";
	if (share < 0 || share > 1)
		return "is out of range";
	*out = share;
	return NULL;
}

static const char *read_word(const struct field *field, const json_t *value, void *base)
{
	unsigned *out = (unsigned *)((char *)base + field->at);
	size_t word;

	if (field->kind == FIELD_WORD_OR_NULL && json_is_null(value)) {
		*out = (unsigned)field->words->count;
		return NULL;
	}
	if (!json_is_string(value))
		return "is not a string";
	word = names_find(field->words, json_string_value(value));
	if (word == field->words->count)
		return "is not a known word";
	*out = (unsigned)word;
	return NULL;
}

static const char *read_words(const struct field *field, const json_t *value, void *base)
{
	unsigned set = 0;
	size_t word;

	if (!json_is_array(value))
		return "is not a list";
	for (size_t i = 0; i < json_array_size(value); i++) {
		const char *text = json_string_value(json_array_get(value, i));

		if (text == NULL)
			return "holds something that is not a string";
		word = names_find(field->words, text);
		if (word == field->words->count)
			return "holds an unknown word";
		set |= 1U << word;
	}
	*(unsigned *)((char *)base + field->at) = set;
	return NULL;
}

static const char *read_texts(const struct field *field, const json_t *value, void *base)
{
	const char **out = (const char **)((char *)base + field->at);
	size_t count = json_array_size(value);

	if (!json_is_array(value))
		return "is not a list";
	if (count > (size_t)field->max)
		return "has too many elements";
	for (size_t i = 0; i < count; i++) {
		const json_t *text = json_array_get(value, i);

		if (!json_is_string(text))
			return "holds something that is not a string";
		if (json_string_length(text) > field->size)
			return "holds a text that is too long";
		out[i] = json_string_value(text);
	}
	*(size_t *)((char *)base + field->count_at) = count;
	return NULL;
}

static const char *read_fields(const struct field *fields, const json_t *object, void *base,
			       const char **member);

static const char *read_object(const struct field *field, const json_t *value, void *base,
			       const char **member)
{
	if (!json_is_object(value))
		return "is not an object";
	return read_fields(field->fields, value, (char *)base + field->at, member);
}

static const char *read_list(const struct field *field, const json_t *value, void *base,
			     const char **member)
{
	size_t count = json_array_size(value);

	if (!json_is_array(value))
		return "is not a list";
	if (count > (size_t)field->max)
		return "has too many elements";
	for (size_t i = 0; i < count; i++) {
		char *element = (char *)base + field->at + i * field->size;
		const json_t *object = json_array_get(value, i);
		const char *wrong;

		if (!json_is_object(object))
			return "holds something that is not an object";
		wrong = read_fields(field->fields, object, element, member);
		if (wrong != NULL)
			return wrong;
	}
	*(size_t *)((char *)base + field->count_at) = count;
	return NULL;
}

static const char *read_field(const struct field *field, const json_t *value, void *base,
			      const char **member)
{
	switch (field->kind) {
	case FIELD_TEXT:
	case FIELD_TEXT_OR_NULL:
	case FIELD_TEXT_OR_NONE:
		return read_text(field, value, base);
	case FIELD_T140:
		return read_t140(field, value, base);
	case FIELD_NUMBER:
	case FIELD_NUMBER_OR_NULL:
	case FIELD_NUMBER_OR_NONE:
		return read_number(field, value, base);
	case FIELD_FLAG:
	case FIELD_FLAG_OR_NONE:
		return read_flag(field, value, base);
	case FIELD_SHARE_OR_NULL:
		return read_share(field, value, base);
	case FIELD_WORD:
	case FIELD_WORD_OR_NONE:
	case FIELD_WORD_OR_NULL:
		return read_word(field, value, base);
	case FIELD_WORDS:
		return read_words(field, value, base);
	case FIELD_TEXTS:
		return read_texts(field, value, base);
	case FIELD_OBJECT:
		return read_object(field, value, base, member);
	case FIELD_LIST:
		return read_list(field, value, base, member);
	}
	assert(0);
	return NULL;
}

/* Recursion follows the tables, which are two deep, never the input. */
static const char *read_fields(const struct field *fields, const json_t *object, void *base,
			       const char **member)
{
	for (const struct field *field = fields; field->name != NULL; field++) {
		const json_t *value = json_object_get(object, field->name);
		const char *wrong;

		*member = field->name;
		if (value == NULL) {
			if (field->kind == FIELD_FLAG_OR_NONE ||
			    field->kind == FIELD_NUMBER_OR_NONE ||
			    field->kind == FIELD_TEXT_OR_NONE || field->kind == FIELD_WORD_OR_NONE)
				continue;
			return "is missing";
		}
		wrong = read_field(field, value, base, member);
		if (wrong != NULL)
			return wrong;
	}
	return NULL;
}

/* Of the types that have this name: the side's own, else the other's. */
static int find_named(enum message_side side, const char *name)
{
	int found = -1;

	for (int type = 0; type < MESSAGE_COUNT; type++) {
		enum message_side of =
			type < MESSAGE_JOINED ? MESSAGE_OF_CLIENT : MESSAGE_OF_SERVER;

		if (strcmp(message_table[type].type, name) == 0 && (found < 0 || of == side))
			found = type;
	}
	return found;
}

static int find_type(const json_t *root, enum message_side side, struct message_error *error)
{
	const char *name = json_string_value(json_object_get(root, "type"));
	int type;

	if (name == NULL) {
		(void)snprintf(error->text, sizeof(error->text), "There is no string \"type\".");
		return -EBADMSG;
	}
	type = find_named(side, name);
	if (type >= 0) {
		(void)snprintf(error->of, sizeof(error->of), "%s", name);
		return type;
	}
	(void)snprintf(error->text, sizeof(error->text), "The type is not known.");
	return -EBADMSG;
}

static bool lacks_sdp(const struct message *message)
{
	return (message->type == MESSAGE_OFFER || message->type == MESSAGE_ANSWER) &&
	       message->sdp == NULL && message->sdp_deflate == NULL;
}

int message_parse(struct message *out, enum message_side side, const char *text, size_t len,
		  struct message_error *error)
{
	struct message message = {0};
	const char *member = "";
	const char *wrong;
	json_t *root;
	int type;

	error->of[0] = '\0';
	error->text[0] = '\0';
	if (len > LIMIT_MESSAGE_BYTES) {
		(void)snprintf(error->text, sizeof(error->text), "The message is too large.");
		return -EBADMSG;
	}
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	if (root == NULL) {
		(void)snprintf(error->text, sizeof(error->text), "This is not JSON.");
		return -EBADMSG;
	}
	type = find_type(root, side, error);
	if (type < 0) {
		json_decref(root);
		return type;
	}
	message.type = (enum message_type)type;
	message.json = root;
	wrong = read_fields(message_table[type].fields, root, &message, &member);
	if (wrong == NULL && lacks_sdp(&message)) {
		member = "sdp";
		wrong = "is missing";
	}
	if (wrong != NULL) {
		(void)snprintf(error->text, sizeof(error->text), "\"%s\" %s.", member, wrong);
		json_decref(root);
		return -EBADMSG;
	}
	*out = message;
	return 0;
}

void message_close(struct message *message)
{
	json_decref(message->json);
	message->json = NULL;
}

/* --- writing ---------------------------------------------------------------------------------- */

static json_t *text_value(const char *text)
{
	json_t *value = json_string(text);

	return value != NULL ? value : json_string("\xef\xbf\xbd");
}

static json_t *words_value(const struct field *field, unsigned set)
{
	json_t *list = json_array();

	for (size_t i = 0; i < field->words->count; i++) {
		if ((set >> i & 1) != 0)
			(void)json_array_append_new(list, json_string(field->words->text[i]));
	}
	return list;
}

static json_t *texts_value(const struct field *field, const void *base)
{
	const char *const *text = (const char *const *)((const char *)base + field->at);
	size_t count = *(const size_t *)((const char *)base + field->count_at);
	json_t *list = json_array();

	assert(count <= (size_t)field->max);
	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(list, text_value(text[i]));
	return list;
}

static json_t *word_value(const struct field *field, unsigned word)
{
	if (field->kind == FIELD_WORD_OR_NULL && word == field->words->count)
		return json_null();
	assert(word < field->words->count);
	return json_string(field->words->text[word]);
}

static json_t *write_fields(json_t *object, const struct field *fields, const void *base);

static json_t *list_value(const struct field *field, const void *base)
{
	size_t count = *(const size_t *)((const char *)base + field->count_at);
	json_t *list = json_array();

	assert(count <= (size_t)field->max);
	for (size_t i = 0; i < count; i++) {
		const char *element = (const char *)base + field->at + i * field->size;

		(void)json_array_append_new(list,
					    write_fields(json_object(), field->fields, element));
	}
	return list;
}

/* NULL: leave the member out. */
static json_t *field_value(const struct field *field, const void *base)
{
	const void *at = (const char *)base + field->at;
	const char *text;

	switch (field->kind) {
	case FIELD_TEXT:
	case FIELD_T140:
	case FIELD_TEXT_OR_NULL:
	case FIELD_TEXT_OR_NONE:
		text = *(const char *const *)at;
		assert(text != NULL || field->kind == FIELD_TEXT_OR_NULL ||
		       field->kind == FIELD_TEXT_OR_NONE);
		if (text != NULL)
			return text_value(text);
		return field->kind == FIELD_TEXT_OR_NULL ? json_null() : NULL;
	case FIELD_NUMBER:
		return json_integer(*(const int64_t *)at);
	case FIELD_NUMBER_OR_NONE:
		return *(const int64_t *)at != 0 ? json_integer(*(const int64_t *)at) : NULL;
	case FIELD_NUMBER_OR_NULL:
		return *(const int64_t *)at >= 0 ? json_integer(*(const int64_t *)at) : json_null();
	case FIELD_FLAG:
		return json_boolean(*(const bool *)at);
	case FIELD_FLAG_OR_NONE:
		return *(const bool *)at ? json_true() : NULL;
	case FIELD_SHARE_OR_NULL:
		return isnan(*(const double *)at) ? json_null() : json_real(*(const double *)at);
	case FIELD_WORD_OR_NONE:
		return *(const unsigned *)at != 0 ? word_value(field, *(const unsigned *)at) : NULL;
	case FIELD_WORD:
	case FIELD_WORD_OR_NULL:
		return word_value(field, *(const unsigned *)at);
	case FIELD_WORDS:
		return words_value(field, *(const unsigned *)at);
	case FIELD_TEXTS:
		return texts_value(field, base);
	case FIELD_OBJECT:
		return write_fields(json_object(), field->fields, at);
	case FIELD_LIST:
		return list_value(field, base);
	}
	assert(0);
	return NULL;
}

static json_t *write_fields(json_t *object, const struct field *fields, const void *base)
{
	for (const struct field *field = fields; field->name != NULL; field++) {
		json_t *value = field_value(field, base);

		if (value != NULL)
			(void)json_object_set_new(object, field->name, value);
	}
	return object;
}

char *message_build(const struct message *message)
{
	json_t *root = json_object();
	char *text;

	assert(message->type < MESSAGE_COUNT);
	(void)json_object_set_new(root, "type", json_string(message_table[message->type].type));
	(void)write_fields(root, message_table[message->type].fields, message);
	text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	return text;
}
