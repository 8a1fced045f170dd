/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/fhir_json.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

int fhir_json_fail(const struct fhir_json *f, const char *where, const char *member,
		   const char *why)
{
	g_snprintf(f->fault->member, sizeof(f->fault->member), "%s%s%s", where,
		   where[0] != '\0' && member[0] != '\0' ? "." : "", member);
	f->fault->why = why;
	return -EINVAL;
}

const char *fhir_json_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

bool fhir_json_copy(char *out, size_t size, const char *text)
{
	size_t len = strlen(text);

	if (len >= size)
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return false;
	}
	memcpy(out, text, len + 1);
	return true;
}

const json_t *fhir_json_extension(const json_t *element, const char *url)
{
	const json_t *list = json_object_get(element, "extension");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *extension = json_array_get(list, i);

		if (strcmp(fhir_json_text(extension, "url"), url) == 0)
			return extension;
	}
	return NULL;
}

/* "#id" of what is contained. */
static const json_t *find_contained(const json_t *contained, const char *id)
{
	for (size_t i = 0; i < json_array_size(contained); i++) {
		const json_t *resource = json_array_get(contained, i);

		if (strcmp(fhir_json_text(resource, "id"), id) == 0)
			return resource;
	}
	return NULL;
}

/* Whether an absolute or relative reference ends with "Type/id" of this resource. */
static bool names_resource(const char *reference, const json_t *resource)
{
	const char *type = fhir_json_text(resource, "resourceType");
	const char *id = fhir_json_text(resource, "id");
	char *tail = g_strconcat(type, "/", id, NULL);
	bool is_it = type[0] != '\0' && id[0] != '\0' && g_str_has_suffix(reference, tail);

	if (is_it && strlen(reference) > strlen(tail))
		is_it = reference[strlen(reference) - strlen(tail) - 1] == '/';
	g_free(tail);
	return is_it;
}

/* R5 bundle.html#references: by fullUrl first, then by type and id. */
static const json_t *find_entry(const json_t *entries, const char *reference)
{
	for (int by_url = 1; by_url >= 0; by_url--) {
		for (size_t i = 0; i < json_array_size(entries); i++) {
			const json_t *entry = json_array_get(entries, i);
			const json_t *resource = json_object_get(entry, "resource");

			if (by_url ? strcmp(fhir_json_text(entry, "fullUrl"), reference) == 0
				   : names_resource(reference, resource))
				return resource;
		}
	}
	return NULL;
}

/* The type in front of the id, as in "https://ehr.example.se/fhir/Patient/123". */
static void read_type(const char *reference, char *out, size_t size)
{
	char **parts = g_strsplit(reference, "/", 0);
	guint count = g_strv_length(parts);

	if (count >= 2)
		g_strlcpy(out, parts[count - 2], size);
	g_strfreev(parts);
}

void fhir_json_resolve(const struct fhir_json *f, const json_t *contained, const json_t *reference,
		       struct fhir_actor *out)
{
	const char *text = fhir_json_text(reference, "reference");

	memset(out, 0, sizeof(*out));
	out->reference = reference;
	out->contained = contained;
	if (text[0] == '#')
		out->resource = find_contained(contained, text + 1);
	else if (text[0] != '\0')
		out->resource = find_entry(f->entries, text);
	if (out->resource != NULL)
		g_strlcpy(out->type, fhir_json_text(out->resource, "resourceType"),
			  sizeof(out->type));
	else if (fhir_json_text(reference, "type")[0] != '\0')
		g_strlcpy(out->type, fhir_json_text(reference, "type"), sizeof(out->type));
	else
		read_type(text, out->type, sizeof(out->type));
}
