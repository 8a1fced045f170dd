/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/webhook_event.h"

#include <errno.h>
#include <glib.h>

#define EVERYTHING "consultation.waiting consultation.started consultation.ended message.failed"

static void words_are_read_in_any_order_and_kept_once(void)
{
	static const struct {
		const char *words, *kept;
	} steps[] = {
		{"", ""},
		{"consultation.ended", "consultation.ended"},
		{"message.failed,consultation.waiting", "consultation.waiting message.failed"},
		{"  consultation.ended , consultation.ended ", "consultation.ended"},
		{EVERYTHING, EVERYTHING},
		{" ", NULL},
		{",", NULL},
		{"*", NULL},
		{"consultation", NULL},
		{"consultation.ende", NULL},
		{"consultation.endedx", NULL},
		{"Consultation.ended", NULL},
		{"consultation.ended visit.ended", NULL},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		char out[WEBHOOK_EVENTS_BYTES] = "as it was";
		int r = webhook_events_parse(steps[i].words, out);

		g_test_message("%s", steps[i].words);
		g_assert_cmpint(r, ==, steps[i].kept != NULL ? 0 : -EINVAL);
		g_assert_cmpstr(out, ==, steps[i].kept != NULL ? steps[i].kept : "as it was");
	}
}

static void no_choice_is_told_as_all_of_them(void)
{
	char out[WEBHOOK_EVENTS_BYTES];

	webhook_events_format("", out);
	g_assert_cmpstr(out, ==, EVERYTHING);
	webhook_events_format("message.failed", out);
	g_assert_cmpstr(out, ==, "message.failed");
	g_assert_cmpuint(sizeof(EVERYTHING), <=, WEBHOOK_EVENTS_BYTES);
}

static void what_a_visit_tells_is_few_of_its_records(void)
{
	static const struct {
		enum record_kind kind;
		enum role role;
		enum visit_state state;
		enum webhook_event event;
	} steps[] = {
		{RECORD_PRESENT, ROLE_PATIENT, VISIT_OPEN, WEBHOOK_WAITING},
		{RECORD_PRESENT, ROLE_CLINICIAN, VISIT_OPEN, WEBHOOK_EVENT_COUNT},
		{RECORD_PRESENT, ROLE_INTERPRETER, VISIT_OPEN, WEBHOOK_EVENT_COUNT},
		{RECORD_STATE, ROLE_COUNT, VISIT_OPEN, WEBHOOK_EVENT_COUNT},
		{RECORD_STATE, ROLE_COUNT, VISIT_IN_PROGRESS, WEBHOOK_STARTED},
		{RECORD_STATE, ROLE_COUNT, VISIT_PLANNED, WEBHOOK_EVENT_COUNT},
		{RECORD_ENDED, ROLE_COUNT, VISIT_ENDED, WEBHOOK_ENDED},
		{RECORD_GONE, ROLE_PATIENT, VISIT_IN_PROGRESS, WEBHOOK_EVENT_COUNT},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		const struct service_record record = {
			.kind = steps[i].kind, .role = steps[i].role, .state = steps[i].state};

		g_test_message("%zu", i);
		g_assert_cmpint(webhook_event_of(&record), ==, steps[i].event);
	}
}

static void a_safe_address_is_encrypted_or_of_this_machine(void)
{
	static const struct {
		const char *url;
		bool is_safe, is_safe_here;
	} steps[] = {
		{"https://example.se/hook", true, true},
		{"http://localhost:8080/hook", false, true},
		{"http://localhost", false, false},
		{"http://localhost.example.se/", false, false},
		{"http://localhost:x@example.se/", false, false},
		{"https://user:secret@example.se/", false, false},
		{"https://example.se/\r\nX: y", false, false},
		{"https://example.se/ b", false, false},
		{"https://ex\xc3\xa4mple.se/", false, false},
		{"http://example.se/", false, false},
		{"HTTPS://example.se", false, false},
		{"file:///etc/passwd", false, false},
		{"", false, false},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_test_message("%s", steps[i].url);
		g_assert_cmpint(webhook_url_is_safe(steps[i].url, false), ==, steps[i].is_safe);
		g_assert_cmpint(webhook_url_is_safe(steps[i].url, true), ==, steps[i].is_safe_here);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/webhook_event/words", words_are_read_in_any_order_and_kept_once);
	g_test_add_func("/webhook_event/all", no_choice_is_told_as_all_of_them);
	g_test_add_func("/webhook_event/visit", what_a_visit_tells_is_few_of_its_records);
	g_test_add_func("/webhook_event/url", a_safe_address_is_encrypted_or_of_this_machine);
	return g_test_run();
}
