/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/fhir.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/fhir_json.h"

#define VIRTUAL_SERVICE_R4                                                                         \
	"http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.virtualService"
#define INTERPRETER_REQUIRED "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"

/* --- the appointment itself --------------------------------------------------------------------
 */

static int check_kind(const struct fhir_json *f, const char *where, const json_t *a)
{
	static const char *const planned[] = {"proposed", "pending", "booked", "arrived",
					      "checked-in"};
	const char *status = fhir_json_text(a, "status");

	for (size_t i = 0; i < G_N_ELEMENTS(planned); i++) {
		if (strcmp(status, planned[i]) != 0)
			continue;
		if (json_array_size(json_object_get(a, "virtualService")) == 0 &&
		    fhir_json_extension(a, VIRTUAL_SERVICE_R4) == NULL)
			return fhir_json_fail(f, where, "virtualService",
					      "There is none, nor the R4 extension for it: nobody "
					      "asks for video.");
		return 0;
	}
	return fhir_json_fail(
		f, where, "status",
		"The status is one of proposed, pending, booked, arrived, checked-in; "
		"end a visit with DELETE /api/v1/consultations/{id}.");
}

/* RFC 3339 with its zone, as an instant has. 0 when absent or wrong. */
static int64_t read_instant(const json_t *a, const char *name)
{
	GDateTime *time = g_date_time_new_from_iso8601(fhir_json_text(a, name), NULL);
	int64_t unix_s = time != NULL ? g_date_time_to_unix(time) : 0;

	if (time != NULL)
		g_date_time_unref(time);
	return unix_s > 0 ? unix_s : 0;
}

static int read_time(const struct fhir_json *f, const char *where, const json_t *a,
		     struct store_consultation *c)
{
	const json_t *minutes = json_object_get(a, "minutesDuration");
	int64_t end;

	c->planned_unix_s = read_instant(a, "start");
	if (c->planned_unix_s == 0)
		return fhir_json_fail(f, where, "start",
				      "The start is an instant with its zone, like "
				      "2026-11-26T10:00:00+01:00.");
	if (minutes != NULL) {
		c->minutes = json_integer_value(minutes);
		if (c->minutes < 1 || c->minutes > FHIR_MAX_MINUTES)
			return fhir_json_fail(f, where, "minutesDuration",
					      "The minutes are a whole number from 1 to 600.");
		return 0;
	}
	if (json_object_get(a, "end") == NULL)
		return 0;
	end = read_instant(a, "end");
	c->minutes = (end - c->planned_unix_s + 59) / 60;
	if (end <= c->planned_unix_s || c->minutes > FHIR_MAX_MINUTES)
		return fhir_json_fail(f, where, "end",
				      "The end is an instant at most 600 minutes after the start.");
	return 0;
}

static int read_texts(const struct fhir_json *f, const char *where, const json_t *a,
		      struct store_consultation *c)
{
	const json_t *identifier = json_array_get(json_object_get(a, "identifier"), 0);
	const char *reference = fhir_json_text(identifier, "value");

	if (reference[0] == '\0')
		reference = fhir_json_text(a, "id");
	if (!fhir_json_copy(c->external_ref, sizeof(c->external_ref), reference))
		return fhir_json_fail(f, where, "identifier[0].value",
				      "An identifier is at most 64 bytes.");
	if (!fhir_json_copy(c->title, sizeof(c->title), fhir_json_text(a, "description")))
		return fhir_json_fail(f, where, "description",
				      "A description is at most 128 bytes without control "
				      "characters: people see it.");
	return 0;
}

/* --- who takes part ----------------------------------------------------------------------------
 */

/* Text, or given names and family name, of the official name or else the first. */
static void read_human_name(const json_t *resource, GString *out)
{
	const json_t *names = json_object_get(resource, "name"), *name = json_array_get(names, 0);
	const json_t *given;

	for (size_t i = 0; i < json_array_size(names); i++) {
		if (strcmp(fhir_json_text(json_array_get(names, i), "use"), "official") == 0)
			name = json_array_get(names, i);
	}
	g_string_assign(out, fhir_json_text(name, "text"));
	if (out->len > 0)
		return;
	given = json_object_get(name, "given");
	for (size_t i = 0; i < json_array_size(given); i++) {
		const char *text = json_string_value(json_array_get(given, i));

		g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "",
				       text != NULL ? text : "");
	}
	g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "",
			       fhir_json_text(name, "family"));
}

/* The display of a PractitionerRole's practitioner is a name, too. */
static bool read_name(const struct fhir_json *f, const struct fhir_actor *actor,
		      struct store_participant *p)
{
	const json_t *person = json_object_get(actor->resource, "practitioner");
	GString *name = g_string_new(NULL);
	struct fhir_actor behind = {0};
	bool is_good;

	read_human_name(actor->resource, name);
	if (name->len == 0 && person != NULL) {
		fhir_json_resolve(f, actor->contained, person, &behind);
		read_human_name(behind.resource, name);
	}
	if (name->len == 0 && person != NULL)
		g_string_assign(name, fhir_json_text(person, "display"));
	if (name->len == 0)
		g_string_assign(name, fhir_json_text(actor->reference, "display"));
	is_good = name->len > 0 && fhir_json_copy(p->name, sizeof(p->name), name->str);
	g_string_free(name, TRUE);
	return is_good;
}

/* The first telephone number and the first address. */
static int read_telecom(const struct fhir_json *f, const struct fhir_actor *actor,
			struct store_participant *p)
{
	const json_t *list = json_object_get(actor->resource, "telecom");
	char member[32];

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *point = json_array_get(list, i);
		const char *system = fhir_json_text(point, "system");
		const char *value = fhir_json_text(point, "value");
		bool is_phone = strcmp(system, "phone") == 0 || strcmp(system, "sms") == 0;
		bool is_good = true;

		if (is_phone && p->phone[0] == '\0')
			is_good = strspn(value, "+0123456789 -()") == strlen(value) &&
				  fhir_json_copy(p->phone, sizeof(p->phone), value);
		else if (strcmp(system, "email") == 0 && p->email[0] == '\0')
			is_good = strchr(value, '@') != NULL &&
				  fhir_json_copy(p->email, sizeof(p->email), value);
		g_snprintf(member, sizeof(member), "telecom[%zu].value", i);
		if (!is_good)
			return fhir_json_fail(f, actor->where, member,
					      "This is no telephone number or e-mail address.");
	}
	return 0;
}

static void read_language(const json_t *resource, struct store_participant *p)
{
	const json_t *list = json_object_get(resource, "communication");
	const json_t *chosen = json_array_get(list, 0), *coding;

	for (size_t i = 0; i < json_array_size(list); i++) {
		if (json_is_true(json_object_get(json_array_get(list, i), "preferred")))
			chosen = json_array_get(list, i);
	}
	coding = json_array_get(json_object_get(json_object_get(chosen, "language"), "coding"), 0);
	/* One that is too long is none that we have words in. */
	(void)fhir_json_copy(p->language, sizeof(p->language), fhir_json_text(coding, "code"));
}

/* "Patient/123": opaque, and what the booking system finds the person by; the identifier's value
 * only when there is no reference. */
static int read_patient(const struct fhir_json *f, const struct fhir_actor *actor,
			struct store_consultation *c)
{
	const json_t *extension = fhir_json_extension(actor->resource, INTERPRETER_REQUIRED);
	const char *reference = fhir_json_text(actor->reference, "reference");
	const char *id = fhir_json_text(actor->resource, "id");
	char named[STORE_REF_BYTES * 2];

	if (json_is_true(json_object_get(extension, "valueBoolean")))
		c->needs_interpreter = true;
	if (c->patient_ref[0] != '\0')
		return 0;
	if (id[0] != '\0' && reference[0] != '#') {
		g_snprintf(named, sizeof(named), "Patient/%.*s", STORE_REF_BYTES, id);
		reference = named;
	} else if (reference[0] == '\0' || reference[0] == '#') {
		reference =
			fhir_json_text(json_object_get(actor->reference, "identifier"), "value");
	}
	if (!fhir_json_copy(c->patient_ref, sizeof(c->patient_ref), reference))
		return fhir_json_fail(f, actor->where, "reference",
				      "A reference to a patient is at most 64 bytes.");
	return 0;
}

/* A type of participation that says so in its code or its words. */
static bool is_interpreter(const json_t *participant)
{
	const json_t *types = json_object_get(participant, "type");

	for (size_t i = 0; i < json_array_size(types); i++) {
		const json_t *type = json_array_get(types, i);
		const json_t *coding = json_array_get(json_object_get(type, "coding"), 0);

		if (strcmp(fhir_json_text(coding, "code"), "interpreter") == 0 ||
		    g_ascii_strcasecmp(fhir_json_text(type, "text"), "interpreter") == 0)
			return true;
	}
	return false;
}

static int read_place(const struct fhir_json *f, const struct fhir_actor *actor,
		      struct store_consultation *c)
{
	const char *reference = fhir_json_text(actor->reference, "reference");
	const char *slash = strrchr(reference, '/');
	const char *id = fhir_json_text(actor->resource, "id");

	if (id[0] == '\0' && slash != NULL)
		id = slash + 1;
	if (id[0] == '\0')
		id = fhir_json_text(json_object_get(actor->reference, "identifier"), "value");
	if (!fhir_json_copy(c->place_id, sizeof(c->place_id), id))
		return fhir_json_fail(f, actor->where, "reference",
				      "The id of a place is at most 32 bytes.");
	return 0;
}

static const struct {
	const char *type;
	enum role role; /* ROLE_COUNT: nobody who would get a link */
} actors[] = {
	{"Patient", ROLE_PATIENT},
	{"Practitioner", ROLE_CLINICIAN},
	{"PractitionerRole", ROLE_CLINICIAN},
	{"RelatedPerson", ROLE_RELATIVE},
	{"Location", ROLE_COUNT},
	{"HealthcareService", ROLE_COUNT},
	{"CareTeam", ROLE_COUNT},
	{"Group", ROLE_COUNT},
	{"Device", ROLE_COUNT},
};

static int read_person(const struct fhir_json *f, const struct fhir_actor *actor, enum role role,
		       struct store_consultation *c)
{
	struct store_participant *p = &c->participant[c->participant_count];
	int r;

	if (c->participant_count == LIMIT_PARTICIPANTS)
		return fhir_json_fail(f, actor->where, "", "A consultation has at most 16 people.");
	p->role = role;
	if (!read_name(f, actor, p))
		return fhir_json_fail(
			f, actor->where, "display",
			"Nobody without a name of at most 128 bytes is let in: give the "
			"resource with its name, or a display.");
	r = read_telecom(f, actor, p);
	read_language(actor->resource, p);
	if (r == 0 && role == ROLE_PATIENT)
		r = read_patient(f, actor, c);
	if (r == 0)
		c->participant_count++;
	return r;
}

static int read_participant(const struct fhir_json *f, const char *where, const json_t *a,
			    const json_t *participant, struct store_consultation *c)
{
	struct fhir_actor actor = {0};
	size_t i = 0;

	if (strcmp(fhir_json_text(participant, "status"), "declined") == 0)
		return 0;
	fhir_json_resolve(f, json_object_get(a, "contained"), json_object_get(participant, "actor"),
			  &actor);
	g_snprintf(actor.where, sizeof(actor.where), "%s.actor", where);
	while (i < G_N_ELEMENTS(actors) && strcmp(actors[i].type, actor.type) != 0)
		i++;
	if (i == G_N_ELEMENTS(actors))
		return fhir_json_fail(
			f, actor.where, "",
			"The actor is a reference to a Patient, Practitioner, "
			"PractitionerRole, RelatedPerson, Location or another resource "
			"that an Appointment may name.");
	if (strcmp(actor.type, "Location") == 0)
		return read_place(f, &actor, c);
	if (actors[i].role == ROLE_COUNT)
		return 0;
	return read_person(f, &actor,
			   is_interpreter(participant) ? ROLE_INTERPRETER : actors[i].role, c);
}

static int read_appointment(const struct fhir_json *f, const char *where, const json_t *a,
			    struct store_consultation *c)
{
	const json_t *list = json_object_get(a, "participant");
	char element[FHIR_MEMBER_BYTES];
	bool has_patient = false;
	int r = check_kind(f, where, a);

	if (r == 0)
		r = read_time(f, where, a, c);
	if (r == 0)
		r = read_texts(f, where, a, c);
	for (size_t i = 0; i < json_array_size(list) && r == 0; i++) {
		g_snprintf(element, sizeof(element), "%s%sparticipant[%zu]", where,
			   where[0] != '\0' ? "." : "", i);
		r = read_participant(f, element, a, json_array_get(list, i), c);
	}
	for (size_t i = 0; i < c->participant_count; i++)
		has_patient |= c->participant[i].role == ROLE_PATIENT;
	if (r == 0 && !has_patient)
		r = fhir_json_fail(f, where, "participant", "No patient takes part.");
	return r;
}

/* --- the whole ---------------------------------------------------------------------------------
 */

static int read_bundle(const struct fhir_json *f, struct fhir_bookings *out)
{
	char where[FHIR_MEMBER_BYTES];
	int r = 0;

	if (json_array_size(f->entries) > FHIR_MAX_ENTRIES)
		return fhir_json_fail(f, "", "entry", "A Bundle has at most 200 entries.");
	for (size_t i = 0; i < json_array_size(f->entries) && r == 0; i++) {
		const json_t *resource = json_object_get(json_array_get(f->entries, i), "resource");

		if (strcmp(fhir_json_text(resource, "resourceType"), "Appointment") != 0)
			continue;
		g_snprintf(where, sizeof(where), "entry[%zu].resource", i);
		if (out->count == FHIR_MAX_APPOINTMENTS)
			return fhir_json_fail(f, where, "",
					      "A Bundle has at most 20 Appointments.");
		r = read_appointment(f, where, resource, &out->list[out->count]);
		out->count++;
	}
	if (r == 0 && out->count == 0)
		r = fhir_json_fail(f, "", "entry", "There is no Appointment.");
	return r;
}

static int read_root(struct fhir_json *f, const json_t *root, struct fhir_bookings *out)
{
	const char *type = fhir_json_text(root, "resourceType");

	if (strcmp(type, "Bundle") == 0) {
		f->entries = json_object_get(root, "entry");
		return read_bundle(f, out);
	}
	if (strcmp(type, "Appointment") != 0)
		return fhir_json_fail(f, "", "resourceType",
				      "The body is an Appointment or a Bundle.");
	out->count = 1;
	return read_appointment(f, "", root, &out->list[0]);
}

int fhir_parse(const char *text, size_t len, struct fhir_bookings *out, struct fhir_fault *fault)
{
	struct fhir_bookings found = {
		.list = calloc(FHIR_MAX_APPOINTMENTS, sizeof(struct store_consultation))};
	struct fhir_json f = {.fault = fault};
	json_t *root;
	int r;

	if (found.list == NULL)
		return -ENOMEM;
	fault->member[0] = '\0';
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	r = json_is_object(root) ? read_root(&f, root, &found)
				 : fhir_json_fail(&f, "", "", "The body is no JSON object.");
	json_decref(root);
	if (r == 0)
		*out = found;
	else
		free(found.list);
	return r;
}
