/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_record.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/store_identity.h"
#include "server/store_invite.h"
#include "server/store_visit.h"
#include "store_world.h"

#define NOW 1795687200

struct visit {
	struct store_place place;
	struct store *store;
	struct store_consultation c;
	char name[LIMIT_NAME_BYTES + 1];
};

/* A visit of unit u1 with a patient and a clinician, and the unit's staff. */
static void open_visit(struct visit *v)
{
	char *sql;

	memset(v, 0, sizeof(*v));
	v->place = store_place_new();
	v->store = store_place_open(&v->place, 7);
	v->c = (struct store_consultation){
		.title = "Besök",
		.participant_count = 2,
		.participant = {{.role = ROLE_PATIENT, .name = "Elsa"},
				{.role = ROLE_CLINICIAN, .name = "Anna Berg"}},
	};
	g_assert_cmpint(store_consultation_create(v->store, NOW, &v->c), ==, 0);
	sql = g_strdup_printf(
		"INSERT INTO provider (id, name) VALUES ('v1', 'Region');"
		"INSERT INTO unit (id, provider_id, name, neutral_name, minimum_assurance)"
		" VALUES ('u1', 'v1', 'Psykiatri', 'Mottagningen', 'B'), ('u2', 'v1', 'X', '', "
		"'C');"
		"INSERT INTO staff (id, subject, name) VALUES ('s1', 'a', 'Anna Berg'),"
		" ('s2', 'b', 'Bo Ek'), ('s3', 'c', 'Ceda');"
		"INSERT INTO commission (id, staff_id, unit_id, duty) VALUES"
		" ('m1', 's1', 'u1', 'clinician'), ('m2', 's2', 'u1', 'clinician'),"
		" ('m3', 's3', 'u2', 'clinician'), ('m4', 's3', 'u1', 'support');"
		"UPDATE consultation SET unit_id = 'u1', has_waiting_room = 1,"
		" needs_interpreter = 1, planned_unix_s = %d, responsible_staff_id = 's1';"
		"UPDATE participant SET admission = 'waiting', phone = '+46 70 555 12 34'"
		" WHERE role = 'patient';"
		"UPDATE participant SET staff_id = 's1' WHERE role = 'clinician'",
		NOW + 600);
	store_place_sql(&v->place, sql);
	g_free(sql);
}

static void close_visit(struct visit *v)
{
	store_close(v->store);
	store_place_remove(&v->place);
}

static struct service_record about(const struct visit *v, enum record_kind kind)
{
	struct service_record r = {.kind = kind, .outcome_reason = OUTCOME_REASON_COUNT};

	g_strlcpy(r.consultation_id, v->c.id, sizeof(r.consultation_id));
	g_strlcpy(r.participant_id, v->c.participant[0].id, sizeof(r.participant_id));
	g_strlcpy(r.by_id, v->c.participant[1].id, sizeof(r.by_id));
	g_strlcpy(r.by_staff_id, "s1", sizeof(r.by_staff_id));
	return r;
}

static int put(struct visit *v, const struct service_record *r)
{
	return store_record_put(v->store, NOW + 60, r, v->name);
}

static struct service_invite invite_of(const struct visit *v, size_t i)
{
	struct service_invite invite;

	g_assert_cmpint(store_invite_find(v->store, v->c.participant[i].token, &invite), ==, 0);
	return invite;
}

static void an_invite_tells_all_of_its_visit(void)
{
	struct service_invite invite;
	struct visit v;

	open_visit(&v);
	invite = invite_of(&v, 0);
	g_assert_true(invite.has_waiting_room && invite.needs_interpreter);
	g_assert_cmpint(invite.admission, ==, ADMISSION_WAITING);
	g_assert_cmpint(invite.minimum_assurance, ==, ASSURANCE_B);
	g_assert_cmpint(invite.planned_unix_s, ==, NOW + 600);
	g_assert_cmpstr(invite.unit_id, ==, "u1");
	/* What the unit is called before patients. */
	g_assert_cmpstr(invite.unit_name, ==, "Mottagningen");
	g_assert_cmpstr(invite.responsible_name, ==, "Anna Berg");
	g_assert_cmpstr(invite.code_hint, ==, "•••• 12 34");
	g_assert_cmpstr(invite.staff_id, ==, "");
	g_assert_cmpstr(invite_of(&v, 1).staff_id, ==, "s1");
	close_visit(&v);
}

static void the_name_of_an_e_id_lasts_as_long_as_the_visit(void)
{
	struct service_record r;
	struct visit v;

	open_visit(&v);
	r = about(&v, RECORD_IDENTIFIED);
	r.assurance = ASSURANCE_A;
	g_strlcpy(r.detail, "Elsa Ek", sizeof(r.detail));
	g_assert_cmpint(put(&v, &r), ==, 0);
	g_assert_cmpint(invite_of(&v, 0).assurance, ==, ASSURANCE_A);
	g_assert_cmpstr(invite_of(&v, 0).identified_as, ==, "Elsa Ek");
	g_assert_cmpint(store_identity_check(v.store, r.participant_id, "191212121212"), ==, 0);
	r = about(&v, RECORD_ENDED);
	r.outcome = OUTCOME_SOLVED;
	g_assert_cmpint(put(&v, &r), ==, 0);
	g_assert_cmpstr(invite_of(&v, 0).identified_as, ==, "");
	g_assert_cmpint(store_identity_check(v.store, r.participant_id, "191212121212"), ==,
			-ENOENT);
	close_visit(&v);
}

static void a_booking_with_a_number_is_for_that_person_alone(void)
{
	static const struct {
		const char *patient_ref, *subject;
		bool is_other;
	} rows[] = {
		{"191212121212", "191212121212", false},
		{"19121212-1212", "191212121212", false},
		{"19121212+1212", "191212121212", false},
		{"urn:oid:1.2.752.129.2.1.3.1|191212121212", "19121212-1212", false},
		{"191212121212", "201212121212", true},
		{"http://electronichealth.se/identifier/personnummer|191212121212", "198001012382",
		 true},
		/* The booking system's own names say nothing. */
		{"", "191212121212", false},
		{"pat-4711", "191212121212", false},
		{"12345678901234", "191212121212", false},
		{"191212121212", "c2Vj", false},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpint(store_identity_is_other(rows[i].patient_ref, rows[i].subject), ==,
				rows[i].is_other);
}

static void a_telephone_number_is_masked(void)
{
	static const struct {
		const char *phone, *shown;
	} steps[] = {
		{"", ""},
		{"123", ""},
		{"0705551234", "•••• 12 34"},
		{"+46 (0)70-555 98 76", "•••• 98 76"},
		{"call me", ""},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		char out[32];

		store_invite_mask(steps[i].phone, out, sizeof(out));
		g_assert_cmpstr(out, ==, steps[i].shown);
	}
}

/* Where somebody stands survives the server. */
static void the_door_is_kept(void)
{
	static const struct {
		enum record_kind kind;
		enum admission admission;
	} steps[] = {
		{RECORD_ADMITTED, ADMISSION_ADMITTED}, {RECORD_HELD, ADMISSION_HELD},
		{RECORD_PUT_BACK, ADMISSION_WAITING},  {RECORD_BACK, ADMISSION_ADMITTED},
		{RECORD_ASIDE, ADMISSION_HELD},
	};
	struct service_invite invite;
	struct visit v;

	open_visit(&v);
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct service_record r = about(&v, steps[i].kind);

		g_assert_cmpint(put(&v, &r), ==, 0);
		g_assert_cmpint(invite_of(&v, 0).admission, ==, steps[i].admission);
	}
	struct service_record gone = about(&v, RECORD_REMOVED);

	g_assert_cmpint(put(&v, &gone), ==, 0);
	g_assert_cmpint(store_invite_find(v.store, v.c.participant[0].token, &invite), ==, -ENOENT);
	close_visit(&v);
}

static void who_it_is_is_kept(void)
{
	struct service_record r;
	struct visit v;

	open_visit(&v);
	r = about(&v, RECORD_VOUCHED);
	r.assurance = ASSURANCE_C;
	g_assert_cmpint(put(&v, &r), ==, 0);
	g_assert_cmpint(invite_of(&v, 0).assurance, ==, ASSURANCE_C);
	g_assert_cmpint(store_place_ask(&v.place,
					"SELECT count(*) FROM participant WHERE vouched_by = 's1'"),
			==, 1);
	r = about(&v, RECORD_CODE_PASSED);
	r.assurance = ASSURANCE_B;
	g_assert_cmpint(put(&v, &r), ==, 0);
	g_assert_cmpint(invite_of(&v, 0).assurance, ==, ASSURANCE_B);
	r = about(&v, RECORD_INTERPRETER);
	r.text = "T-1";
	g_strlcpy(r.detail, "Omar", sizeof(r.detail));
	g_assert_cmpint(put(&v, &r), ==, 0);
	g_assert_cmpstr(invite_of(&v, 0).name, ==, "Omar");
	close_visit(&v);
}

static void a_consent_is_kept_with_its_words(void)
{
	struct service_record r;
	struct visit v;

	open_visit(&v);
	r = about(&v, RECORD_CONSENT);
	r.text = "Får jag?";
	r.is_given = true;
	g_strlcpy(r.detail, "still", sizeof(r.detail));
	g_assert_cmpint(put(&v, &r), ==, 0);
	g_assert_cmpint(store_place_ask(&v.place,
					"SELECT at_unix_s FROM consent WHERE act = 'still'"
					" AND wording = 'Får jag?' AND is_given = 1"),
			==, NOW + 60);
	g_strlcpy(r.consultation_id, "nowhere", sizeof(r.consultation_id));
	g_assert_cmpint(put(&v, &r), ==, -ENOENT);
	close_visit(&v);
}

static void the_last_checks_of_a_link_are_kept(void)
{
	struct service_record r;
	struct visit v;

	open_visit(&v);
	r = about(&v, RECORD_CHECKED);
	for (uint32_t i = 1; i <= 2 * STORE_RECORD_CHECKS; i++) {
		r.check.up_kbps = 100 * i;
		r.check.verdict[CHECK_MOVEMENT] = VERDICT_NO;
		g_assert_cmpint(store_record_put(v.store, NOW + i, &r, v.name), ==, 0);
	}
	g_assert_cmpint(store_place_ask(&v.place, "SELECT count(*) FROM link_check"), ==,
			STORE_RECORD_CHECKS);
	g_assert_cmpint(store_place_ask(&v.place, "SELECT max(up_kbps) FROM link_check WHERE"
						  " verdicts ->> 'movement' = 'no'"),
			==, 200 * STORE_RECORD_CHECKS);
	close_visit(&v);
}

static void a_visit_begins_once_and_ends_once(void)
{
	struct service_record r;
	struct visit v;

	open_visit(&v);
	r = about(&v, RECORD_STATE);
	r.state = VISIT_IN_PROGRESS;
	g_assert_cmpint(put(&v, &r), ==, 0);
	g_assert_cmpint(store_record_put(v.store, NOW + 900, &r, v.name), ==, 0);
	g_assert_cmpint(store_place_ask(&v.place, "SELECT started_unix_s FROM consultation"), ==,
			NOW + 60);
	g_assert_cmpint(invite_of(&v, 0).state, ==, VISIT_IN_PROGRESS);
	r = about(&v, RECORD_ENDED);
	r.outcome = OUTCOME_PHYSICAL_VISIT;
	r.outcome_reason = OUTCOME_REASON_LINK;
	g_assert_cmpint(put(&v, &r), ==, 0);
	g_assert_true(invite_of(&v, 0).is_ended);
	g_assert_cmpint(store_place_ask(&v.place, "SELECT count(*) FROM consultation WHERE"
						  " outcome = 'physical-visit' AND"
						  " outcome_reason = 'link' AND state = 'ended'"),
			==, 1);
	/* What comes later changes nothing of it. */
	r.outcome = OUTCOME_SOLVED;
	g_assert_cmpint(put(&v, &r), ==, -ENOENT);
	r = about(&v, RECORD_STATE);
	r.state = VISIT_OPEN;
	g_assert_cmpint(put(&v, &r), ==, -ENOENT);
	close_visit(&v);
}

static void a_visit_is_handed_to_clinicians_of_the_unit_alone(void)
{
	static const struct {
		const char *staff;
		int result;
	} steps[] = {{"s2", 0}, {"s3", -ENOENT}, {"s9", -ENOENT}};
	struct visit v;

	open_visit(&v);
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		struct service_record r = about(&v, RECORD_HANDED_OVER);

		g_strlcpy(r.detail, steps[i].staff, sizeof(r.detail));
		g_assert_cmpint(put(&v, &r), ==, steps[i].result);
	}
	g_assert_cmpstr(v.name, ==, "Bo Ek");
	g_assert_cmpstr(invite_of(&v, 0).responsible_id, ==, "s2");
	close_visit(&v);
}

/* A wish, a question, a private talk: for the audit, not for the tables. */
static void what_has_no_place_is_no_error(void)
{
	struct service_record r;
	struct visit v;

	open_visit(&v);
	r = about(&v, RECORD_WISH);
	g_assert_cmpint(put(&v, &r), ==, 0);
	r = about(&v, RECORD_ADMITTED);
	g_strlcpy(r.participant_id, "nobody", sizeof(r.participant_id));
	g_assert_cmpint(put(&v, &r), ==, -ENOENT);
	close_visit(&v);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_record/an_invite_tells_all_of_its_visit",
			an_invite_tells_all_of_its_visit);
	g_test_add_func("/store_record/a_telephone_number_is_masked", a_telephone_number_is_masked);
	g_test_add_func("/store_record/the_name_of_an_e_id_lasts_as_long_as_the_visit",
			the_name_of_an_e_id_lasts_as_long_as_the_visit);
	g_test_add_func("/store_record/a_booking_with_a_number_is_for_that_person_alone",
			a_booking_with_a_number_is_for_that_person_alone);
	g_test_add_func("/store_record/the_door_is_kept", the_door_is_kept);
	g_test_add_func("/store_record/who_it_is_is_kept", who_it_is_is_kept);
	g_test_add_func("/store_record/a_consent_is_kept_with_its_words",
			a_consent_is_kept_with_its_words);
	g_test_add_func("/store_record/the_last_checks_of_a_link_are_kept",
			the_last_checks_of_a_link_are_kept);
	g_test_add_func("/store_record/a_visit_begins_once_and_ends_once",
			a_visit_begins_once_and_ends_once);
	g_test_add_func("/store_record/a_visit_is_handed_to_clinicians_of_the_unit_alone",
			a_visit_is_handed_to_clinicians_of_the_unit_alone);
	g_test_add_func("/store_record/what_has_no_place_is_no_error",
			what_has_no_place_is_no_error);
	return g_test_run();
}
