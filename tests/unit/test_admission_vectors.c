/* SPDX-License-Identifier: EUPL-1.2 */
/* The rules of the door and who may say what, as tests/vectors have them for the pages, too. */
#include <glib.h>
#include <jansson.h>

#include "signaling/admission.h"
#include "signaling/message_table.h"

static json_t *load(const char *name)
{
	char *path = g_build_filename(g_getenv("VIDD_VECTORS"), name, NULL);
	json_error_t error;
	json_t *root = json_load_file(path, 0, &error);

	if (root == NULL)
		g_error("%s: %s", path, error.text);
	g_free(path);
	return root;
}

static const char *word(const json_t *vector, const char *key)
{
	const char *text = json_string_value(json_object_get(vector, key));

	return text != NULL ? text : "";
}

static bool flag(const json_t *vector, const char *key)
{
	const json_t *value = json_object_get(vector, key);

	g_assert_true(json_is_boolean(value));
	return json_is_true(value);
}

static enum role role_of(const json_t *vector, const char *key)
{
	enum role role = role_from_name(word(vector, key));

	g_assert_cmpint(role, <, ROLE_COUNT);
	return role;
}

static enum admission admission_of(const json_t *vector, const char *key)
{
	enum admission admission = admission_from_name(word(vector, key));

	g_assert_cmpint(admission, <, ADMISSION_COUNT);
	return admission;
}

static void check_first(const json_t *v)
{
	g_assert_cmpint(admission_first(flag(v, "waiting_room"), role_of(v, "role"),
					admission_of(v, "kept")),
			==, admission_of(v, "stands"));
}

static void check_after(const json_t *v)
{
	static const char *const orders[ADMISSION_ORDER_COUNT] = {
		[ADMISSION_ADMIT] = "admit",
		[ADMISSION_PUT_BACK] = "put-back",
		[ADMISSION_HOLD] = "hold",
	};
	enum admission_order order = ADMISSION_ADMIT;

	while (order < ADMISSION_ORDER_COUNT && g_strcmp0(orders[order], word(v, "order")) != 0)
		order++;
	g_assert_cmpint(order, <, ADMISSION_ORDER_COUNT);
	/* null is no name: the count, as of an order that makes no sense. */
	g_assert_cmpint(admission_after(admission_of(v, "now"), order, role_of(v, "role")), ==,
			admission_from_name(word(v, "then")));
}

static void check_sure(const json_t *v)
{
	enum assurance reached = assurance_from_name(word(v, "reached"));
	enum assurance minimum = assurance_from_name(word(v, "minimum"));

	g_assert_true(reached < ASSURANCE_COUNT && minimum < ASSURANCE_COUNT);
	g_assert_cmpint(admission_is_sure(reached, minimum), ==, flag(v, "sure"));
}

/* Whoever the others are, as for relatives. */
static void check_lacks(const json_t *v)
{
	const struct admission_trust trust = {
		.role = role_of(v, "role"),
		.reached = assurance_from_name(word(v, "reached")),
		.minimum = assurance_from_name(word(v, "minimum")),
		.ways = {.has_telephone = flag(v, "telephone"), .has_eid = flag(v, "e_id")},
		.has_code = flag(v, "code"),
	};
	enum lack lack = admission_lacks(&trust);

	g_assert_cmpstr(lack_name(lack), ==, word(v, "lacks"));
	/* What is told is what the door does. */
	if (trust.role == ROLE_PATIENT)
		g_assert_cmpint(lack <= LACK_VOUCH, ==,
				admission_is_sure(trust.reached, trust.minimum));
}

/* Whoever the other is. */
static void check_sees(const json_t *v)
{
	const struct admission_view viewer = {role_of(v, "viewer"), admission_of(v, "stands")};

	for (enum role role = 0; role < ROLE_COUNT; role++) {
		const struct admission_view other = {role, admission_of(v, "other")};

		g_assert_cmpint(admission_sees(&viewer, &other), ==, flag(v, "sees"));
	}
}

static void check_points(const json_t *v)
{
	g_assert_cmpint(admission_points(flag(v, "together"), flag(v, "own"), flag(v, "yes"),
					 flag(v, "end")),
			==, flag(v, "passes"));
}

static size_t number(const json_t *vector, const char *key)
{
	g_assert_true(json_is_integer(json_object_get(vector, key)));
	return (size_t)json_integer_value(json_object_get(vector, key));
}

static void check_visit(const json_t *v)
{
	const struct visit_facts facts = {
		.present = number(v, "present"),
		.admitted = number(v, "admitted"),
		.let_in = number(v, "let_in"),
		.has_clinician = flag(v, "clinician"),
		.has_waiting_room = flag(v, "waiting_room"),
	};
	enum visit_state now = visit_state_from_name(word(v, "now"));

	g_test_message("%s", word(v, "why"));
	g_assert_cmpint(now, <, VISIT_STATE_COUNT);
	g_assert_cmpstr(visit_state_name(visit_next(now, &facts)), ==, word(v, "next"));
}

static const struct {
	const char *name;
	void (*check)(const json_t *vector);
	size_t count; /* all there are, but of the visit */
} rules[] = {
	{"first", check_first, (size_t)2 * ROLE_COUNT *ADMISSION_COUNT},
	{"after", check_after, (size_t)4 * ADMISSION_COUNT *ADMISSION_ORDER_COUNT},
	{"sure", check_sure, (size_t)ASSURANCE_COUNT *ASSURANCE_COUNT},
	{"lacks", check_lacks, (size_t)2 * 2 * 3 * ASSURANCE_COUNT *ASSURANCE_COUNT},
	{"sees", check_sees, (size_t)ROLE_COUNT *ADMISSION_COUNT *ADMISSION_COUNT},
	{"points", check_points, 16},
	{"visit", check_visit, 16},
};

static void each_event_in_each_state_is_as_the_vectors_say(void)
{
	json_t *root = load("admission.json");

	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		const json_t *list = json_object_get(root, rules[i].name);

		g_assert_cmpuint(json_array_size(list), ==, rules[i].count);
		for (size_t k = 0; k < json_array_size(list); k++) {
			g_test_message("%s %zu", rules[i].name, k);
			rules[i].check(json_array_get(list, k));
		}
	}
	json_decref(root);
}

static const char *said(enum message_type type, enum role role)
{
	enum permission in = permission_of(type, role, ADMISSION_ADMITTED);
	enum permission waiting = permission_of(type, role, ADMISSION_WAITING);

	g_assert_cmpint(permission_of(type, role, ADMISSION_HELD), ==, waiting);
	if (waiting == PERMISSION_YES)
		return in == PERMISSION_YES ? "always" : "while it waits";
	/* Who may not yet hears so, and nobody else. */
	g_assert_cmpint(waiting == PERMISSION_NOT_ADMITTED, ==, in == PERMISSION_YES);
	return in == PERMISSION_YES ? "admitted" : "never";
}

static void who_may_say_what_is_as_the_vectors_say(void)
{
	json_t *root = load("permission.json");
	const json_t *roles = json_object_get(root, "roles");
	const json_t *messages = json_object_get(root, "messages");

	g_assert_cmpuint(json_array_size(roles), ==, ROLE_COUNT);
	g_assert_cmpuint(json_object_size(messages), ==, MESSAGE_JOINED);
	for (enum message_type type = 0; type < MESSAGE_JOINED; type++) {
		const json_t *cells = json_object_get(messages, message_type_name(type));

		g_test_message("%s", message_type_name(type));
		g_assert_cmpuint(json_array_size(cells), ==, ROLE_COUNT);
		for (size_t i = 0; i < ROLE_COUNT; i++) {
			enum role role =
				role_from_name(json_string_value(json_array_get(roles, i)));

			g_assert_cmpstr(said(type, role), ==,
					json_string_value(json_array_get(cells, i)));
		}
	}
	json_decref(root);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/admission_vectors/each_event_in_each_state_is_as_the_vectors_say",
			each_event_in_each_state_is_as_the_vectors_say);
	g_test_add_func("/admission_vectors/who_may_say_what_is_as_the_vectors_say",
			who_may_say_what_is_as_the_vectors_say);
	return g_test_run();
}
