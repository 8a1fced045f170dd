/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/fhir.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *vector(const char *name)
{
	char *path = g_test_build_filename(G_TEST_DIST, "tests", "vectors", "fhir", name, NULL);
	json_t *root = json_load_file(path, 0, NULL);

	g_assert_nonnull(root);
	g_free(path);
	return root;
}

static int parse(const json_t *root, struct fhir_bookings *out, struct fhir_fault *fault)
{
	char *text = json_dumps(root, 0);
	int r = fhir_parse(text, strlen(text), out, fault);

	free(text);
	return r;
}

static void an_appointment_of_r5_is_a_consultation(void)
{
	json_t *root = vector("appointment-r5.json");
	struct fhir_bookings b = {0};
	struct fhir_fault fault;
	const struct store_consultation *c;

	g_assert_cmpint(parse(root, &b, &fault), ==, 0);
	g_assert_cmpuint(b.count, ==, 1);
	c = &b.list[0];
	g_assert_cmpstr(c->title, ==, "Uppföljning");
	g_assert_cmpstr(c->external_ref, ==, "B-2026-1126-7");
	g_assert_cmpstr(c->patient_ref, ==, "P-77");
	g_assert_cmpstr(c->place_id, ==, "slussfors");
	g_assert_cmpint(c->planned_unix_s, ==, 1795683600);
	g_assert_cmpint(c->minutes, ==, 30);
	g_assert_true(c->needs_interpreter);
	g_assert_cmpuint(c->participant_count, ==, 3);
	g_assert_cmpint(c->participant[0].role, ==, ROLE_PATIENT);
	g_assert_cmpstr(c->participant[0].name, ==, "Elsa Maria Sjögren");
	g_assert_cmpstr(c->participant[0].phone, ==, "+46 70 123 45 67");
	g_assert_cmpstr(c->participant[0].email, ==, "elsa@example.se");
	g_assert_cmpstr(c->participant[0].language, ==, "sv");
	g_assert_cmpint(c->participant[1].role, ==, ROLE_CLINICIAN);
	g_assert_cmpstr(c->participant[1].name, ==, "Anna Berg");
	g_assert_cmpint(c->participant[2].role, ==, ROLE_INTERPRETER);
	free(b.list);
	json_decref(root);
}

static void a_bundle_of_r4_is_several(void)
{
	json_t *root = vector("bundle-r4.json");
	struct fhir_bookings b = {0};
	struct fhir_fault fault;

	g_assert_cmpint(parse(root, &b, &fault), ==, 0);
	g_assert_cmpuint(b.count, ==, 2);
	g_assert_cmpstr(b.list[0].external_ref, ==, "a1");
	g_assert_cmpstr(b.list[0].patient_ref, ==, "Patient/123");
	g_assert_cmpint(b.list[0].minutes, ==, 20);
	g_assert_cmpstr(b.list[0].participant[0].name, ==, "Nils Fjällström");
	g_assert_cmpstr(b.list[0].participant[0].phone, ==, "070-1234567");
	g_assert_cmpstr(b.list[0].participant[1].name, ==, "Karin Lund");
	g_assert_cmpstr(b.list[1].patient_ref, ==, "Patient/123");
	g_assert_cmpint(b.list[1].minutes, ==, 0);
	g_assert_cmpint(b.list[1].participant[1].role, ==, ROLE_RELATIVE);
	g_assert_cmpstr(b.list[1].title, ==, "");
	free(b.list);
	json_decref(root);
}

/* Sets what a path of members and indices leads to; NULL takes it away. */
static void change(json_t *root, const char *path, const char *value)
{
	char **steps = g_strsplit(path, ".", 0);
	json_t *at = root;
	guint last = g_strv_length(steps) - 1;

	for (guint i = 0; i < last; i++)
		at = json_is_array(at)
			     ? json_array_get(at, (size_t)g_ascii_strtoull(steps[i], NULL, 10))
			     : json_object_get(at, steps[i]);
	g_assert_nonnull(at);
	if (value == NULL)
		json_object_del(at, steps[last]);
	else
		json_object_set_new(at, steps[last], json_loads(value, JSON_DECODE_ANY, NULL));
	g_strfreev(steps);
}

static void a_fault_names_its_element(void)
{
	static const struct {
		const char *path, *value, *member;
	} cases[] = {
		{"resourceType", "\"Patient\"", "resourceType"},
		{"status", "\"cancelled\"", "status"},
		{"status", NULL, "status"},
		{"virtualService", NULL, "virtualService"},
		{"virtualService", "[]", "virtualService"},
		{"start", NULL, "start"},
		{"start", "\"2026-11-26\"", "start"},
		{"start", "\"2026-11-26T10:00:00\"", "start"},
		{"end", "\"2026-11-26T10:00:00+01:00\"", "end"},
		{"end", "\"2026-11-26T20:01:00+01:00\"", "end"},
		{"minutesDuration", "0", "minutesDuration"},
		{"minutesDuration", "601", "minutesDuration"},
		{"minutesDuration", "\"20\"", "minutesDuration"},
		{"description", "\"a\\nb\"", "description"},
		{"participant", "[]", "participant"},
		{"participant.0.actor", NULL, "participant[0].actor"},
		{"participant.1.actor.display", NULL, "participant[1].actor.display"},
		{"participant.1.actor.reference", "\"Medication/1\"", "participant[1].actor"},
		{"contained.0.telecom.0.value", "\"call me\"",
		 "participant[0].actor.telecom[0].value"},
		{"contained.0.telecom.1.value", "\"elsa\"",
		 "participant[0].actor.telecom[1].value"},
		{"participant.0.actor.identifier.value",
		 "\"12345678901234567890123456789012345678901234567890123456789012345\"",
		 "participant[0].actor.reference"},
		{"participant.4.actor.reference", "\"Location/123456789012345678901234567890123\"",
		 "participant[4].actor.reference"},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		json_t *root = vector("appointment-r5.json");
		struct fhir_bookings b = {0};
		struct fhir_fault fault = {"unset", NULL};

		change(root, cases[i].path, cases[i].value);
		g_assert_cmpint(parse(root, &b, &fault), ==, -EINVAL);
		g_assert_cmpstr(fault.member, ==, cases[i].member);
		g_assert_nonnull(fault.why);
		g_assert_null(b.list);
		json_decref(root);
	}
}

static void a_fault_in_a_bundle_names_its_entry(void)
{
	json_t *root = vector("bundle-r4.json");
	struct fhir_bookings b = {0};
	struct fhir_fault fault;

	change(root, "entry.4.resource.participant.0.actor.reference", "\"Patient/124\"");
	g_assert_cmpint(parse(root, &b, &fault), ==, -EINVAL);
	g_assert_cmpstr(fault.member, ==, "entry[4].resource.participant[0].actor.display");
	change(root, "entry.4.resource.extension.0.url", "\"x\"");
	g_assert_cmpint(parse(root, &b, &fault), ==, -EINVAL);
	g_assert_cmpstr(fault.member, ==, "entry[4].resource.virtualService");
	change(root, "entry", "[]");
	g_assert_cmpint(parse(root, &b, &fault), ==, -EINVAL);
	g_assert_cmpstr(fault.member, ==, "entry");
	json_decref(root);
	g_assert_cmpint(fhir_parse("[]", 2, &b, &fault), ==, -EINVAL);
	g_assert_cmpstr(fault.member, ==, "");
}

/* A list with as many of the element as said. */
static json_t *times(const json_t *element, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_deep_copy(element));
	return list;
}

static void there_are_caps(void)
{
	json_t *one = vector("appointment-r5.json");
	json_t *entry = json_pack("{s:O}", "resource", one), *other = json_object(), *bundle;
	struct fhir_bookings b = {0};
	struct fhir_fault fault;
	json_t *person = json_deep_copy(json_array_get(json_object_get(one, "participant"), 1));

	for (size_t count = FHIR_MAX_APPOINTMENTS; count <= FHIR_MAX_APPOINTMENTS + 1; count++) {
		bundle = json_pack("{s:s, s:o}", "resourceType", "Bundle", "entry",
				   times(entry, count));
		g_assert_cmpint(parse(bundle, &b, &fault), ==,
				count > FHIR_MAX_APPOINTMENTS ? -EINVAL : 0);
		json_decref(bundle);
	}
	g_assert_cmpuint(b.count, ==, FHIR_MAX_APPOINTMENTS);
	g_assert_cmpstr(fault.member, ==, "entry[20].resource");
	free(b.list);
	bundle = json_pack("{s:s, s:o}", "resourceType", "Bundle", "entry",
			   times(other, FHIR_MAX_ENTRIES + 1));
	g_assert_cmpint(parse(bundle, &b, &fault), ==, -EINVAL);
	g_assert_cmpstr(fault.member, ==, "entry");
	json_decref(bundle);
	for (size_t i = 0; i < 14; i++) /* 3 and 13 are 16, and one more */
		json_array_append(json_object_get(one, "participant"), person);
	g_assert_cmpint(parse(one, &b, &fault), ==, -EINVAL);
	g_assert_cmpstr(fault.member, ==, "participant[19].actor");
	json_decref(person);
	json_decref(entry);
	json_decref(other);
	json_decref(one);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/fhir/an_appointment_of_r5_is_a_consultation",
			an_appointment_of_r5_is_a_consultation);
	g_test_add_func("/fhir/a_bundle_of_r4_is_several", a_bundle_of_r4_is_several);
	g_test_add_func("/fhir/a_fault_names_its_element", a_fault_names_its_element);
	g_test_add_func("/fhir/a_fault_in_a_bundle_names_its_entry",
			a_fault_in_a_bundle_names_its_entry);
	g_test_add_func("/fhir/there_are_caps", there_are_caps);
	return g_test_run();
}
