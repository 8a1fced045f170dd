/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/audit_record.h"

static struct audit_event full(void)
{
	return (struct audit_event){
		.id = "e1",
		.at_ms = 1795600000123,
		.actor = AUDIT_STAFF,
		.result = AUDIT_DENIED,
		.action = "consultation.open",
		.actor_id = "s1",
		.actor_hsa = "SE2321000222-001A",
		.commission = "m1",
		.commission_hsa = "SE2321000222-001B",
		.duty = "clinician",
		.role = "clinician",
		.unit = "u1",
		.unit_hsa = "SE2321000222-001C",
		.provider = "v1",
		.provider_hsa = "SE2321000222-001D",
		.assurance = "A",
		.acr = "http://id.sambi.se/loa/loa3",
		.patient_ref = "ref-7",
		.consultation = "c1",
		.subject = "p1",
		.reason = "Jourläkaren \"bad\" om det\\n\n",
		.address = "private",
	};
}

static int parse(struct audit_record *out, const char *text)
{
	return audit_record_parse(out, text, strlen(text));
}

static void a_record_is_read_as_it_was_written(void)
{
	struct audit_event e = full();
	struct audit_record back = {0};
	char *text = audit_record_text(&e);
	char *again;

	g_assert_cmpint(parse(&back, text), ==, 0);
	g_assert_cmpint(back.event.actor, ==, AUDIT_STAFF);
	g_assert_cmpint(back.event.result, ==, AUDIT_DENIED);
	g_assert_cmpint(back.event.at_ms, ==, 1795600000123);
	g_assert_cmpstr(back.event.reason, ==, e.reason);
	g_assert_cmpstr(back.event.patient_ref, ==, "ref-7");
	again = audit_record_text(&back.event);
	g_assert_cmpstr(again, ==, text);
	g_free(again);
	g_free(text);
	audit_record_close(&back);
}

/* RFC 8785: what another canonical writer makes of the same is the same. */
static void a_record_is_sorted_and_without_white_space(void)
{
	struct audit_event e = full();
	char *text = audit_record_text(&e);
	json_t *json = json_loads(text, 0, NULL);
	char *other = json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT);

	g_assert_cmpuint(json_object_size(json), ==, 23);
	g_assert_cmpstr(text, ==, other);
	free(other);
	json_decref(json);
	g_free(text);
}

static void what_is_not_known_is_left_out(void)
{
	struct audit_event e = {.id = "e1", .at_ms = 5, .action = "retention.run", .unit = ""};
	char *text = audit_record_text(&e);

	g_assert_cmpstr(text, ==,
			"{\"action\":\"retention.run\",\"actor\":\"system\",\"at\":5,\"id\":\"e1\","
			"\"result\":\"ok\",\"v\":1}");
	g_free(text);
}

static void control_characters_are_escaped_as_rfc_8785_says(void)
{
	struct audit_event e = {.id = "e", .action = "a", .reason = "\b\t\n\v\f\r\x1f\x7f/"};
	char *text = audit_record_text(&e);

	g_assert_nonnull(strstr(text, "\"reason\":\"\\b\\t\\n\\u000b\\f\\r\\u001f\x7f/\""));
	g_free(text);
}

static void long_and_broken_texts_are_made_to_fit(void)
{
	char long_id[400], broken[] = "a\xff\xfe";
	struct audit_event e = {.id = "e", .action = "a", .actor_id = long_id, .subject = broken};
	struct audit_record back = {0};
	char *text;

	/* 127 times two bytes and one more: the cap falls inside a character. */
	long_id[0] = 'x';
	for (size_t i = 1; i < 399; i += 2)
		memcpy(long_id + i, "å", 2);
	long_id[399] = '\0';
	text = audit_record_text(&e);
	g_assert_cmpint(parse(&back, text), ==, 0);
	g_assert_cmpuint(strlen(back.event.actor_id), ==, AUDIT_MAX_ID_BYTES);
	g_assert_cmpstr(back.event.subject, ==, "a\xef\xbf\xbd\xef\xbf\xbd");
	audit_record_close(&back);
	long_id[0] = '\xc3';
	long_id[1] = '\xa5';
	for (size_t i = 2; i < 398; i += 2)
		memcpy(long_id + i, "å", 2);
	long_id[398] = '\0';
	g_free(text);
	text = audit_record_text(&e);
	g_assert_cmpint(parse(&back, text), ==, 0);
	g_assert_cmpuint(strlen(back.event.actor_id), ==, AUDIT_MAX_ID_BYTES - 1);
	audit_record_close(&back);
	g_free(text);
}

static void the_longest_record_has_room(void)
{
	char worst[1000];
	struct audit_event e = full();
	struct audit_record back = {0};
	char *text;

	memset(worst, 1, sizeof(worst) - 1);
	worst[sizeof(worst) - 1] = '\0';
	e.id = e.actor_id = e.actor_hsa = e.commission = e.commission_hsa = worst;
	e.duty = e.role = e.unit = e.unit_hsa = e.provider = e.provider_hsa = worst;
	e.assurance = e.acr = e.patient_ref = e.consultation = e.subject = worst;
	e.reason = e.address = worst;
	text = audit_record_text(&e);
	g_assert_cmpuint(strlen(text), <=, AUDIT_MAX_RECORD_BYTES);
	g_assert_cmpint(parse(&back, text), ==, 0);
	g_assert_cmpuint(strlen(back.event.reason), ==, AUDIT_MAX_REASON_BYTES);
	g_assert_cmpuint(strlen(back.event.address), ==, AUDIT_MAX_WORD_BYTES);
	audit_record_close(&back);
	g_free(text);
}

static void what_is_not_our_writing_is_refused(void)
{
	static const struct {
		const char *text;
		int result;
	} cases[] = {
		{"", -EBADMSG},
		{"[]", -EBADMSG},
		{"null", -EBADMSG},
		{"{}", -EBADMSG},
		{"{\"action\":\"a\",\"actor\":\"system\",\"at\":5,\"id\":\"e\",\"result\":\"ok\","
		 "\"v\":1}",
		 0},
		/* white space, order, an unknown member, a member twice, text after the end */
		{"{\"action\":\"a\", \"actor\":\"system\",\"at\":5,\"id\":\"e\",\"result\":\"ok\","
		 "\"v\":1}",
		 -EBADMSG},
		{"{\"actor\":\"system\",\"action\":\"a\",\"at\":5,\"id\":\"e\",\"result\":\"ok\","
		 "\"v\":1}",
		 -EBADMSG},
		{"{\"action\":\"a\",\"actor\":\"system\",\"at\":5,\"id\":\"e\",\"result\":\"ok\","
		 "\"v\":1,\"x\":1}",
		 -EBADMSG},
		{"{\"action\":\"a\",\"action\":\"a\",\"actor\":\"system\",\"at\":5,\"id\":\"e\","
		 "\"result\":\"ok\",\"v\":1}",
		 -EBADMSG},
		{"{\"action\":\"a\",\"actor\":\"system\",\"at\":5,\"id\":\"e\",\"result\":\"ok\","
		 "\"v\":1}\n",
		 -EBADMSG},
		/* words and numbers that are none */
		{"{\"action\":\"A\",\"actor\":\"system\",\"at\":5,\"id\":\"e\",\"result\":\"ok\","
		 "\"v\":1}",
		 -EBADMSG},
		{"{\"action\":\"a\",\"actor\":\"nobody\",\"at\":5,\"id\":\"e\",\"result\":\"ok\","
		 "\"v\":1}",
		 -EBADMSG},
		{"{\"action\":\"a\",\"actor\":\"system\",\"at\":-5,\"id\":\"e\",\"result\":\"ok\","
		 "\"v\":1}",
		 -EBADMSG},
		{"{\"action\":\"a\",\"actor\":\"system\",\"at\":5.0,\"id\":\"e\",\"result\":\"ok\","
		 "\"v\":1}",
		 -EBADMSG},
		{"{\"action\":\"a\",\"actor\":\"system\",\"at\":5,\"id\":\"\",\"result\":\"ok\","
		 "\"v\":1}",
		 -EBADMSG},
		{"{\"action\":\"a\",\"actor\":\"system\",\"at\":5,\"id\":\"e\",\"result\":\"good\","
		 "\"v\":1}",
		 -EBADMSG},
		{"{\"action\":\"a\",\"actor\":\"system\",\"at\":5,\"id\":\"e\",\"result\":\"ok\","
		 "\"unit\":{},\"v\":1}",
		 -EBADMSG},
		{"{\"action\":\"a\",\"new\":[1,2],\"v\":2}", -EPROTO},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct audit_record record = {0};

		g_test_message("%s", cases[i].text);
		g_assert_cmpint(parse(&record, cases[i].text), ==, cases[i].result);
		audit_record_close(&record);
	}
}

static void a_deep_or_long_text_is_refused(void)
{
	struct audit_record record = {0};
	char *deep = g_strnfill(AUDIT_MAX_RECORD_BYTES, '[');
	char *longer = g_strnfill(AUDIT_MAX_RECORD_BYTES + 1, ' ');

	g_assert_cmpint(parse(&record, deep), ==, -EBADMSG);
	g_assert_cmpint(parse(&record, longer), ==, -EBADMSG);
	g_free(deep);
	g_free(longer);
}

static void an_address_is_kept_as_its_class_only(void)
{
	static const char *const cases[][2] = {
		{"127.0.0.1", "loopback"},
		{"::1", "loopback"},
		{"10.1.2.3", "private"},
		{"172.16.0.1", "private"},
		{"172.31.255.255", "private"},
		{"172.32.0.1", "public"},
		{"192.168.7.7", "private"},
		{"100.64.0.1", "private"},
		{"100.128.0.1", "public"},
		{"169.254.1.1", "link-local"},
		{"fe80::1", "link-local"},
		{"fd00::1", "private"},
		{"2001:db8::1", "public"},
		{"::ffff:10.0.0.1", "private"},
		{"81.226.1.1", "public"},
		{"vidd.example.se", ""},
		{"", ""},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpstr(audit_record_address_class(cases[i][0]), ==, cases[i][1]);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/audit_record/round_trip", a_record_is_read_as_it_was_written);
	g_test_add_func("/audit_record/canonical", a_record_is_sorted_and_without_white_space);
	g_test_add_func("/audit_record/absent", what_is_not_known_is_left_out);
	g_test_add_func("/audit_record/escapes", control_characters_are_escaped_as_rfc_8785_says);
	g_test_add_func("/audit_record/fit", long_and_broken_texts_are_made_to_fit);
	g_test_add_func("/audit_record/longest", the_longest_record_has_room);
	g_test_add_func("/audit_record/refused", what_is_not_our_writing_is_refused);
	g_test_add_func("/audit_record/bounds", a_deep_or_long_text_is_refused);
	g_test_add_func("/audit_record/address", an_address_is_kept_as_its_class_only);
	return g_test_run();
}
