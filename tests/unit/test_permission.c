/* SPDX-License-Identifier: EUPL-1.2 */
/* Every cell of who may do what, and docs/permissions.md, which is written from the table:
 * VIDD_WRITE_DOCS=1 writes it anew. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/permission.h"
#include "server/routes.h"
#include "signaling/admission.h"
#include "signaling/message_table.h"

/* One letter per column, in the order of enum asker; a dot is no. */
static const struct {
	enum operation operation;
	const char *cells;
} grid[] = {
	/*                               NCSARU rbmwa PD */
	{OPERATION_OPEN, "NCSARUrbmwaPD"},
	{OPERATION_SESSION_READ, "NCSARU......."},
	{OPERATION_SESSION_CHOOSE, "NCSARU......."},
	{OPERATION_SESSION_END, "NCSARU......."},
	{OPERATION_OWN_SESSION, "NCSARU......."},
	{OPERATION_PASSWORD_CHANGE, "NCSARU......."},
	{OPERATION_TICKET_CREATE, ".CS.........."},
	{OPERATION_UNIT_LIST, ".CSARUrb....."},
	{OPERATION_CONSULTATION_LIST, ".CS...r......"},
	{OPERATION_CONSULTATION_CREATE, ".CS....b....."},
	{OPERATION_CONSULTATION_READ, ".CS...rb....."},
	{OPERATION_CONSULTATION_QUALITY, ".CS...r......"},
	{OPERATION_CONSULTATION_CHANGE, ".CS....b....."},
	{OPERATION_CONSULTATION_ENTER, ".CS.........."},
	{OPERATION_CONSULTATION_END, ".C..........."},
	{OPERATION_CONSULTATION_CANCEL, ".CS....b....."},
	{OPERATION_PARTICIPANT_ADD, ".CS....b....."},
	{OPERATION_PARTICIPANT_REMOVE, ".C.....b....."},
	{OPERATION_MESSAGE_SEND, ".CS.....m...."},
	{OPERATION_SURVEY_ANSWER, "...........P."},
	{OPERATION_EID_BEGIN, "...........P."},
	{OPERATION_STATISTICS_READ, ".CSA..r......"},
	{OPERATION_PLACE_LIST, ".CSA.Urb....."},
	{OPERATION_PLACE_CREATE, "...A.U......."},
	{OPERATION_DEVICE_ENROL, "...A.U......."},
	{OPERATION_DEVICE_REVOKE, "...A.U......."},
	{OPERATION_DEVICE_HELPED, ".CSA.U......."},
	{OPERATION_DEVICE_SELF, "............D"},
	{OPERATION_FHIR_BOOK, ".......b....."},
	{OPERATION_AUDIT_READ, "....R.....a.."},
	{OPERATION_AUDIT_EXTRACT, "....R.....a.."},
	{OPERATION_WEBHOOK_LIST, "...A.....w..."},
	{OPERATION_WEBHOOK_CHANGE, "...A.....w..."},
	{OPERATION_ACCOUNT_LIST, "...A........."},
	{OPERATION_ACCOUNT_CHANGE, "...A........."},
	{OPERATION_STAFF_LOG_OUT, "...A........."},
	{OPERATION_API_KEY_LIST, "...A........."},
	{OPERATION_API_KEY_CHANGE, "...A........."},
};

/* Somebody who has that column and no other. */
static struct principal somebody(enum asker asker)
{
	struct principal who = {.kind = PRINCIPAL_STAFF, .duty = DUTY_COUNT};

	if (asker >= ASKER_CLINICIAN && asker <= ASKER_SUPPORT) {
		who.duty = DUTY_CLINICIAN + (enum duty)(asker - ASKER_CLINICIAN);
		g_strlcpy(who.commission_id, "m1", sizeof(who.commission_id));
	} else if (asker >= ASKER_KEY_READ && asker <= ASKER_KEY_AUDIT) {
		who.kind = PRINCIPAL_API_KEY;
		who.scopes = SCOPE_BIT(asker - ASKER_KEY_READ);
	} else if (asker != ASKER_SIGNED_IN) {
		who.kind = asker == ASKER_DEVICE ? PRINCIPAL_DEVICE : PRINCIPAL_PARTICIPANT;
	}
	return who;
}

/* NOLINTNEXTLINE(readability-function-size): asserts nest */
static void every_cell_is_as_it_was_decided(void)
{
	g_assert_cmpuint(G_N_ELEMENTS(grid), ==, OPERATION_COUNT);
	for (size_t i = 0; i < G_N_ELEMENTS(grid); i++) {
		enum operation o = grid[i].operation;

		g_assert_cmpuint(o, ==, i);
		g_assert_cmpuint(strlen(grid[i].cells), ==, ASKER_COUNT);
		for (unsigned a = 0; a < ASKER_COUNT; a++) {
			struct principal who = somebody((enum asker)a);
			bool expected = grid[i].cells[a] != '.';

			g_test_message("%s: %s", permission_operation_name(o),
				       permission_asker_name((enum asker)a));
			g_assert_true(permission_cell(o, (enum asker)a) == expected);
			g_assert_true(permission_allows(&who, o) == expected);
			if (expected)
				g_assert_true(permission_knows(o, who.kind));
		}
	}
}

static void nobody_and_nonsense_may_nothing(void)
{
	static const struct principal nobody = {.kind = PRINCIPAL_NOBODY, .scopes = SCOPES_ALL};
	struct principal odd = {.kind = PRINCIPAL_STAFF, .commission_id = "m", .duty = DUTY_COUNT};
	struct principal key = {.kind = PRINCIPAL_API_KEY, .scopes = ~SCOPES_ALL};

	for (unsigned o = OPERATION_OPEN + 1; o < OPERATION_COUNT; o++) {
		g_assert_false(permission_allows(&nobody, (enum operation)o));
		g_assert_false(permission_allows(&odd, (enum operation)o));
		g_assert_false(permission_allows(&key, (enum operation)o));
		g_assert_false(permission_knows((enum operation)o, PRINCIPAL_NOBODY));
	}
	g_assert_true(permission_allows(&nobody, OPERATION_OPEN));
}

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): a table */
static const struct {
	enum principal_kind kind;
	const char *own, *asked;
	bool is_seen;
} units[] = {
	{PRINCIPAL_STAFF, "u1", "u1", true},	    {PRINCIPAL_STAFF, "u1", "u2", false},
	{PRINCIPAL_STAFF, "u1", "", false},	    {PRINCIPAL_STAFF, "", "", false},
	{PRINCIPAL_STAFF, "", "u1", false},	    {PRINCIPAL_API_KEY, "u1", "u1", true},
	{PRINCIPAL_API_KEY, "u1", "u2", false},	    {PRINCIPAL_API_KEY, "u1", "", false},
	{PRINCIPAL_API_KEY, "", "u1", true},	    {PRINCIPAL_API_KEY, "", "", true},
	{PRINCIPAL_PARTICIPANT, "u1", "u1", false}, {PRINCIPAL_DEVICE, "u1", "u1", false},
	{PRINCIPAL_NOBODY, "", "", false},
};

static void nobody_sees_another_unit(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		struct principal who = {.kind = units[i].kind};

		g_strlcpy(who.unit_id, units[i].own, sizeof(who.unit_id));
		g_test_message("row %zu", i);
		g_assert_true(permission_in_unit(&who, units[i].asked) == units[i].is_seen);
	}
}

static const struct {
	const char *words;
	int result;
	unsigned bits;
} words[] = {
	{"read", 0, SCOPE_BIT(SCOPE_READ)},
	{"read book", 0, SCOPE_BIT(SCOPE_READ) | SCOPE_BIT(SCOPE_BOOK)},
	{" audit,message ", 0, SCOPE_BIT(SCOPE_AUDIT) | SCOPE_BIT(SCOPE_MESSAGE)},
	{"*", 0, SCOPES_ALL},
	{"", -EINVAL, 0},
	{" ,", -EINVAL, 0},
	{"reads", -EINVAL, 0},
	{"rea", -EINVAL, 0},
	{"read all", -EINVAL, 0},
	{"**", -EINVAL, 0},
};

static void scopes_are_words(void)
{
	char text[PERMISSION_SCOPES_BYTES];
	unsigned again = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		unsigned bits = 0;

		g_test_message("\"%s\"", words[i].words);
		g_assert_cmpint(permission_scopes_parse(words[i].words, &bits), ==,
				words[i].result);
		g_assert_cmpuint(bits, ==, words[i].bits);
	}
	permission_scopes_format(SCOPES_ALL, text);
	g_assert_cmpstr(text, ==, "read book message webhook audit");
	g_assert_cmpint(permission_scopes_parse(text, &again), ==, 0);
	g_assert_cmpuint(again, ==, SCOPES_ALL);
	for (unsigned d = 0; d < DUTY_COUNT; d++)
		g_assert_cmpuint(permission_duty_from_name(permission_duty_name((enum duty)d)), ==,
				 d);
	g_assert_cmpuint(permission_duty_from_name("doctor"), ==, DUTY_COUNT);
}

/* --- the document ----------------------------------------------------------------------------- */

static const char head[] = "# Who may do what\n\n"
			   "Written by tests/unit/test_permission from server/permission.c and "
			   "server/routes.c (and from\n"
			   "signaling's table for messages); a test compares. What is not marked "
			   "is refused: 401 without valid credentials,\n"
			   "403 `not-allowed` with them. Staff act in one commission, keys in one "
			   "unit: what belongs to another\n"
			   "unit is answered as if it did not exist (404). Keys made on the "
			   "command line without a unit see all.\n\n"
			   "## Over HTTP\n\n";

static void write_row(GString *out, enum operation operation)
{
	g_string_append_printf(out, "| %s |", permission_operation_name(operation));
	for (unsigned a = 0; a < ASKER_COUNT; a++)
		g_string_append(out, permission_cell(operation, (enum asker)a) ? " x |" : " |");
	g_string_append_c(out, '\n');
}

static void write_routes(GString *out)
{
	const struct route *route;

	g_string_append(out, "\n### Each path's operation\n\n| method | path | operation |\n"
			     "| --- | --- | --- |\n");
	for (size_t i = 0; (route = routes_at(i)) != NULL; i++)
		g_string_append_printf(out, "| %s | %s | %s |\n", http_method_name(route->method),
				       route->pattern, permission_operation_name(route->operation));
}

static const char *message_mark(enum message_type type, enum role role)
{
	bool admitted = permission_of(type, role, ADMISSION_ADMITTED) == PERMISSION_YES;
	bool waiting = permission_of(type, role, ADMISSION_WAITING) == PERMISSION_YES;

	g_assert_true(permission_of(type, role, ADMISSION_HELD) ==
		      permission_of(type, role, ADMISSION_WAITING));
	g_assert_true(admitted || !waiting);
	return waiting ? " x |" : admitted ? " a |" : " |";
}

static void write_messages(GString *out)
{
	g_string_append(out,
			"\n## Over the websocket\n\nWhat a client says, by role: x always, a once "
			"admitted.\nWhat comes too early is answered `not-admitted`, what "
			"is not marked `not-allowed`. `watch` needs a ticket\nof a clinician's or "
			"staff's session and no seat.\n\n| message |");
	for (unsigned r = 0; r < ROLE_COUNT; r++)
		g_string_append_printf(out, " %s |", role_name((enum role)r));
	g_string_append(out, "\n| --- |");
	for (unsigned r = 0; r < ROLE_COUNT; r++)
		g_string_append(out, " --- |");
	g_string_append_c(out, '\n');
	for (unsigned m = 0; m < MESSAGE_JOINED; m++) {
		g_string_append_printf(out, "| %s |", message_table[m].type);
		for (unsigned r = 0; r < ROLE_COUNT; r++)
			g_string_append(out, message_mark((enum message_type)m, (enum role)r));
		g_string_append_c(out, '\n');
	}
}

static char *document(void)
{
	GString *out = g_string_new(head);

	g_string_append(out, "| operation |");
	for (unsigned a = 0; a < ASKER_COUNT; a++)
		g_string_append_printf(out, " %s |", permission_asker_name((enum asker)a));
	g_string_append(out, "\n| --- |");
	for (unsigned a = 0; a < ASKER_COUNT; a++)
		g_string_append(out, " --- |");
	g_string_append_c(out, '\n');
	for (unsigned o = OPERATION_OPEN + 1; o < OPERATION_COUNT; o++)
		write_row(out, (enum operation)o);
	write_routes(out);
	write_messages(out);
	return g_string_free(out, FALSE);
}

static void the_document_says_the_same(void)
{
	char *path = g_test_build_filename(G_TEST_DIST, "docs", "permissions.md", NULL);
	char *expected = document();
	char *text = NULL;

	if (g_getenv("VIDD_WRITE_DOCS") != NULL)
		g_assert_true(g_file_set_contents(path, expected, -1, NULL));
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, expected);
	g_free(text);
	g_free(expected);
	g_free(path);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/permission/every_cell_is_as_it_was_decided",
			every_cell_is_as_it_was_decided);
	g_test_add_func("/permission/nobody_and_nonsense_may_nothing",
			nobody_and_nonsense_may_nothing);
	g_test_add_func("/permission/nobody_sees_another_unit", nobody_sees_another_unit);
	g_test_add_func("/permission/scopes_are_words", scopes_are_words);
	g_test_add_func("/permission/the_document_says_the_same", the_document_says_the_same);
	return g_test_run();
}
