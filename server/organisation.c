/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/organisation.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "server/permission.h"

/* --- a table per kind of object ----------------------------------------------------------------
 */

enum kind {
	KIND_TEXT,
	KIND_ID,
	KIND_BOOL,
	KIND_DAYS,
	KIND_ASSURANCE,
	KIND_DUTY,
	KIND_LIST, /* read by whoever reads the object */
};

struct field {
	const char *name; /* NULL after the last */
	size_t offset, size;
	enum kind kind;
	bool is_needed;
};

#define SIZE_OF(type, member) sizeof(((struct type *)NULL)->member)
#define FIELD(type, member, name, kind, is_needed)                                                 \
	{                                                                                          \
		name, offsetof(struct type, member), SIZE_OF(type, member), kind, is_needed        \
	}
#define LIST(name)                                                                                 \
	{                                                                                          \
		name, 0, 0, KIND_LIST, false                                                       \
	}
#define END                                                                                        \
	{                                                                                          \
		NULL, 0, 0, KIND_LIST, false                                                       \
	}

static const struct field root_fields[] = {LIST("providers"), LIST("staff"), END};
static const struct field provider_fields[] = {
	FIELD(organisation_provider, id, "id", KIND_ID, true),
	FIELD(organisation_provider, name, "name", KIND_TEXT, true),
	FIELD(organisation_provider, hsa_id, "hsa_id", KIND_TEXT, false),
	LIST("units"),
	END,
};
static const struct field unit_fields[] = {
	FIELD(organisation_unit, id, "id", KIND_ID, true),
	FIELD(organisation_unit, name, "name", KIND_TEXT, true),
	FIELD(organisation_unit, neutral_name, "neutral_name", KIND_TEXT, false),
	FIELD(organisation_unit, hsa_id, "hsa_id", KIND_TEXT, false),
	FIELD(organisation_unit, municipality, "municipality", KIND_TEXT, false),
	FIELD(organisation_unit, minimum_assurance, "minimum_assurance", KIND_ASSURANCE, false),
	FIELD(organisation_unit, phone, "phone", KIND_TEXT, false),
	FIELD(organisation_unit, retention_days, "retention_days", KIND_DAYS, false),
	LIST("places"),
	END,
};
static const struct field place_fields[] = {
	FIELD(organisation_place, id, "id", KIND_ID, true),
	FIELD(organisation_place, name, "name", KIND_TEXT, true),
	FIELD(organisation_place, municipality, "municipality", KIND_TEXT, false),
	FIELD(organisation_place, is_active, "active", KIND_BOOL, false),
	END,
};
static const struct field staff_fields[] = {
	FIELD(organisation_staff, subject, "subject", KIND_TEXT, true),
	FIELD(organisation_staff, issuer, "issuer", KIND_TEXT, false),
	FIELD(organisation_staff, name, "name", KIND_TEXT, true),
	FIELD(organisation_staff, is_disabled, "disabled", KIND_BOOL, false),
	LIST("commissions"),
	END,
};
static const struct field commission_fields[] = {
	FIELD(organisation_commission, unit_id, "unit", KIND_ID, true),
	FIELD(organisation_commission, duty, "duty", KIND_DUTY, true),
	FIELD(organisation_commission, hsa_id, "hsa_id", KIND_TEXT, false),
	FIELD(organisation_commission, name, "name", KIND_TEXT, false),
	END,
};

/* --- reading one object ------------------------------------------------------------------------
 */

struct reader {
	struct organisation *out;
	struct organisation_fault *fault;
	GHashTable *ids; /* "provider ID", "unit ID", "place ID", "staff SUBJECT": each once */
};

static int fail(const struct reader *r, const char *where, const char *member, const char *why)
{
	const char *dot = where[0] != '\0' && member[0] != '\0' ? "." : "";

	/* Cut when somebody made up a member of a hundred letters. */
	g_snprintf(r->fault->member, sizeof(r->fault->member), "%s%s%s", where, dot, member);
	r->fault->why = why;
	return -EINVAL;
}

/* Without control characters and at least a letter long. NULL, or what is wrong. */
static const char *read_text(char *out, size_t size, const json_t *value)
{
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);

	if (text == NULL)
		return "It is a text.";
	if (len >= size)
		return "The text is too long.";
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return "The text has control characters.";
	}
	memcpy(out, text, len + 1);
	return NULL;
}

static const char *read_id(char *out, size_t size, const json_t *value)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	const char *text = json_string_value(value);

	if (text == NULL || text[0] == '\0' || json_string_length(value) >= size ||
	    strspn(text, letters) != json_string_length(value))
		return "An id is 1 to 63 letters, digits, '.', '_' or '-'.";
	memcpy(out, text, json_string_length(value) + 1);
	return NULL;
}

static const char *read_assurance(char *out, const json_t *value)
{
	const char *text = json_string_value(value);

	if (text == NULL || strlen(text) != 1 || strchr("ABC", text[0]) == NULL)
		return "The assurance is A, B or C.";
	memcpy(out, text, 2);
	return NULL;
}

static const char *read_duty(enum duty *out, const json_t *value)
{
	const char *text = json_string_value(value);

	*out = text != NULL ? permission_duty_from_name(text) : DUTY_COUNT;
	return *out < DUTY_COUNT ? NULL
				 : "The duty is one of clinician, staff, administrator, reviewer, "
				   "support.";
}

static const char *read_days(int64_t *out, const json_t *value)
{
	json_int_t days = json_integer_value(value);

	if (!json_is_integer(value) || days < 0 || days > ORGANISATION_MAX_RETENTION_DAYS)
		return "The days are a whole number from 0 to 3660.";
	*out = days;
	return NULL;
}

static const char *read_value(const struct field *field, char *base, const json_t *value)
{
	void *out = base + field->offset;

	switch (field->kind) {
	case KIND_TEXT:
		return read_text(out, field->size, value);
	case KIND_ID:
		return read_id(out, field->size, value);
	case KIND_ASSURANCE:
		return read_assurance(out, value);
	case KIND_DUTY:
		return read_duty(out, value);
	case KIND_DAYS:
		return read_days(out, value);
	case KIND_BOOL:
		*(bool *)out = json_is_true(value);
		return json_is_boolean(value) ? NULL : "It is true or false.";
	case KIND_LIST:
		break;
	}
	return json_is_array(value) ? NULL : "It is a list.";
}

static const struct field *find_field(const struct field *fields, const char *name)
{
	while (fields->name != NULL && strcmp(fields->name, name) != 0)
		fields++;
	return fields->name != NULL ? fields : NULL;
}

static int read_object(const struct reader *r, const char *where, const json_t *object,
		       const struct field *fields, void *base)
{
	const char *name;
	json_t *value;

	if (!json_is_object(object))
		return fail(r, where, "", "It is an object.");
	json_object_foreach((json_t *)object, name, value)
	{
		const struct field *field = find_field(fields, name);
		const char *why = field != NULL ? read_value(field, base, value)
						: "There is no member of this name.";

		if (why != NULL)
			return fail(r, where, name, why);
	}
	for (; fields->name != NULL; fields++) {
		if (fields->is_needed &&
		    (json_object_get(object, fields->name) == NULL ||
		     (fields->kind == KIND_TEXT && ((char *)base)[fields->offset] == '\0')))
			return fail(r, where, fields->name, "It is missing.");
	}
	return 0;
}

/* Adds to the list; refuses a second one of the same id, and more than there may be. */
static int take(const struct reader *r, const char *where, GArray *list, const void *element,
		size_t most)
{
	if (list->len >= most)
		return fail(r, where, "", "There are more of them than one installation has.");
	g_array_append_vals(list, element, 1);
	return 0;
}

static int claim(const struct reader *r, const char *where, const char *member, const char *kind,
		 const char *id)
{
	if (!g_hash_table_add(r->ids, g_strconcat(kind, " ", id, NULL)))
		return fail(r, where, member, "Another one has it already.");
	return 0;
}

/* --- the tree ----------------------------------------------------------------------------------
 */

typedef int (*read_element)(const struct reader *r, const char *where, const json_t *element,
			    const char *parent);

static int read_list(const struct reader *r, const char *where, const json_t *list,
		     const char *parent, read_element read)
{
	char element[ORGANISATION_MEMBER_BYTES];
	int result = 0;

	for (size_t i = 0; i < json_array_size(list) && result == 0; i++) {
		g_snprintf(element, sizeof(element), "%s[%zu]", where, i);
		result = read(r, element, json_array_get(list, i), parent);
	}
	return result;
}

static int read_place(const struct reader *r, const char *where, const json_t *element,
		      const char *unit_id)
{
	const GArray *units = r->out->units;
	const struct organisation_unit *unit =
		&g_array_index(units, struct organisation_unit, units->len - 1);
	struct organisation_place place = {.is_active = true};
	int result = read_object(r, where, element, place_fields, &place);

	if (result == 0)
		result = claim(r, where, "id", "place", place.id);
	g_strlcpy(place.unit_id, unit_id, sizeof(place.unit_id));
	if (place.municipality[0] == '\0')
		memcpy(place.municipality, unit->municipality, sizeof(place.municipality));
	return result < 0 ? result
			  : take(r, where, r->out->places, &place, ORGANISATION_MAX_PLACES);
}

static int read_unit(const struct reader *r, const char *where, const json_t *element,
		     const char *provider_id)
{
	struct organisation_unit unit = {.minimum_assurance = "C"};
	char list[ORGANISATION_MEMBER_BYTES];
	int result = read_object(r, where, element, unit_fields, &unit);

	if (result == 0)
		result = claim(r, where, "id", "unit", unit.id);
	g_strlcpy(unit.provider_id, provider_id, sizeof(unit.provider_id));
	if (unit.neutral_name[0] == '\0')
		memcpy(unit.neutral_name, unit.name, sizeof(unit.neutral_name));
	if (result == 0)
		result = take(r, where, r->out->units, &unit, ORGANISATION_MAX_UNITS);
	g_snprintf(list, sizeof(list), "%s.places", where);
	return result < 0 ? result
			  : read_list(r, list, json_object_get(element, "places"), unit.id,
				      read_place);
}

static int read_provider(const struct reader *r, const char *where, const json_t *element,
			 const char *parent)
{
	struct organisation_provider provider = {0};
	char list[ORGANISATION_MEMBER_BYTES];
	int result = read_object(r, where, element, provider_fields, &provider);

	(void)parent;
	if (result == 0)
		result = claim(r, where, "id", "provider", provider.id);
	if (result == 0)
		result = take(r, where, r->out->providers, &provider, ORGANISATION_MAX_PROVIDERS);
	g_snprintf(list, sizeof(list), "%s.units", where);
	return result < 0 ? result
			  : read_list(r, list, json_object_get(element, "units"), provider.id,
				      read_unit);
}

static int read_commission(const struct reader *r, const char *where, const json_t *element,
			   const char *subject)
{
	struct organisation_commission commission = {0};
	char key[LIMIT_NAME_BYTES + PRINCIPAL_ID_BYTES + 32];
	int result = read_object(r, where, element, commission_fields, &commission);

	if (result < 0)
		return result;
	g_snprintf(key, sizeof(key), "%s %d %s", subject, (int)commission.duty, commission.unit_id);
	result = claim(r, where, "", "commission", key);
	return result < 0 ? result
			  : take(r, where, r->out->commissions, &commission,
				 (size_t)ORGANISATION_MAX_STAFF * ORGANISATION_MAX_COMMISSIONS);
}

static int read_staff(const struct reader *r, const char *where, const json_t *element,
		      const char *parent)
{
	const json_t *commissions = json_object_get(element, "commissions");
	struct organisation_staff staff = {.commission_count = json_array_size(commissions)};
	char list[ORGANISATION_MEMBER_BYTES];
	int result = read_object(r, where, element, staff_fields, &staff);

	(void)parent;
	if (result == 0 && staff.commission_count > ORGANISATION_MAX_COMMISSIONS)
		result = fail(r, where, "commissions", "Nobody has more than 64.");
	if (result == 0)
		result = claim(r, where, "subject", "staff", staff.subject);
	if (result == 0)
		result = take(r, where, r->out->staff, &staff, ORGANISATION_MAX_STAFF);
	g_snprintf(list, sizeof(list), "%s.commissions", where);
	return result < 0 ? result
			  : read_list(r, list, commissions, staff.subject, read_commission);
}

static int read_root(const struct reader *r, const json_t *root)
{
	char nothing = 0; /* the root has lists alone */
	int result = read_object(r, "", root, root_fields, &nothing);

	if (result == 0)
		result = read_list(r, "providers", json_object_get(root, "providers"), "",
				   read_provider);
	if (result == 0)
		result = read_list(r, "staff", json_object_get(root, "staff"), "", read_staff);
	return result;
}

static GArray *list_of(size_t size)
{
	return g_array_new(FALSE, FALSE, (guint)size);
}

int organisation_parse(const char *text, size_t len, struct organisation *out,
		       struct organisation_fault *fault)
{
	struct organisation found = {
		.providers = list_of(sizeof(struct organisation_provider)),
		.units = list_of(sizeof(struct organisation_unit)),
		.places = list_of(sizeof(struct organisation_place)),
		.staff = list_of(sizeof(struct organisation_staff)),
		.commissions = list_of(sizeof(struct organisation_commission)),
	};
	const struct reader r = {&found, fault,
				 g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
	json_t *root = NULL;
	int result;

	fault->member[0] = '\0';
	if (len > ORGANISATION_MAX_BYTES)
		result = fail(&r, "", "", "The file is larger than 16 MB.");
	else if ((root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL)) == NULL)
		result = fail(&r, "", "", "The file is no JSON text.");
	else
		result = read_root(&r, root);
	json_decref(root);
	g_hash_table_destroy(r.ids);
	if (result < 0) {
		organisation_close(&found);
		return result;
	}
	*out = found;
	return 0;
}

void organisation_close(struct organisation *o)
{
	GArray *lists[] = {o->providers, o->units, o->places, o->staff, o->commissions};

	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		if (lists[i] != NULL)
			g_array_free(lists[i], TRUE);
	}
	memset(o, 0, sizeof(*o));
}
