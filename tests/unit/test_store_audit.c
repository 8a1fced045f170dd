/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_audit.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/store_db.h"
#include "store_world.h"

#define DAY_MS (24LL * 3600 * 1000)
#define NOW_MS 1795600000000LL

static void add(struct trail *w, const char *patient, int64_t now_ms)
{
	const struct audit_event e = {.action = "consultation-read", .patient_ref = patient};

	g_assert_cmpint(trail_add(w, e, now_ms), ==, 0);
}

static enum audit_fault verify(struct trail *w, int64_t now_ms)
{
	struct audit_walk walk;

	g_assert_cmpint(store_audit_verify(w->store, w->key, now_ms, &walk), ==, 0);
	return walk.fault;
}

static void what_is_added_verifies(void)
{
	struct audit_head head;
	struct trail w;

	trail_open(&w);
	g_assert_cmpint(store_audit_head(w.store, &head), ==, -ENOENT);
	g_assert_cmpint(verify(&w, NOW_MS), ==, AUDIT_INTACT);
	for (int i = 0; i < 6; i++)
		add(&w, "ref-1", NOW_MS + i / 2 * DAY_MS);
	g_assert_cmpint(verify(&w, NOW_MS), ==, AUDIT_INTACT);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM audit_head"), ==, 3);
	g_assert_cmpint(store_audit_head(w.store, &head), ==, 0);
	g_assert_cmpint(head.seq, ==, 6);
	g_assert_true(audit_head_is_signed(&head, w.key));
	g_assert_cmpint(store_audit_has_head(w.store, &head), ==, 0);
	head.hash[0] ^= 1;
	g_assert_cmpint(store_audit_has_head(w.store, &head), ==, -EBADMSG);
	head.seq = 7;
	g_assert_cmpint(store_audit_has_head(w.store, &head), ==, -ENOENT);
	trail_close(&w);
}

static void tampering_with_the_file_is_found(void)
{
	static const struct {
		const char *sql;
		enum audit_fault fault;
	} cases[] = {
		{"UPDATE audit SET record = replace(record, 'ref-1', 'ref-2') WHERE seq = 2",
		 AUDIT_FAULT_HASH},
		{"UPDATE audit SET at_ms = 1 WHERE seq = 2", AUDIT_FAULT_RECORD},
		{"UPDATE audit SET patient = '' WHERE seq = 2", AUDIT_FAULT_RECORD},
		{"UPDATE audit SET hash = zeroblob(32) WHERE seq = 2", AUDIT_FAULT_HASH},
		{"UPDATE audit SET hash = 'x' WHERE seq = 2", AUDIT_FAULT_HASH},
		{"DELETE FROM audit WHERE seq = 2", AUDIT_FAULT_GAP},
		{"DELETE FROM audit WHERE seq = 1", AUDIT_FAULT_START},
		{"DELETE FROM audit WHERE seq = 4", AUDIT_FAULT_CUT},
		{"DELETE FROM audit", AUDIT_FAULT_CUT},
		{"DELETE FROM audit_head", AUDIT_FAULT_UNSIGNED},
		{"UPDATE audit_head SET seq = 3", AUDIT_FAULT_SIGNATURE},
		{"UPDATE audit_head SET signature = zeroblob(64)", AUDIT_FAULT_SIGNATURE},
		{"UPDATE audit SET seq = seq + 100 WHERE seq = 2;"
		 "UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 102",
		 AUDIT_FAULT_HASH},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct trail w;

		trail_open(&w);
		for (int k = 0; k < 4; k++)
			add(&w, "ref-1", NOW_MS + k);
		store_place_sql(&w.place, cases[i].sql);
		g_test_message("%s", cases[i].sql);
		g_assert_cmpint(verify(&w, NOW_MS), ==, cases[i].fault);
		trail_close(&w);
	}
}

static void what_the_database_knows_is_filled_in(void)
{
	struct trail w;
	struct audit_event e = {.actor = AUDIT_STAFF, .action = "visit-admitted"};

	trail_open(&w);
	store_place_sql(&w.place,
			"INSERT INTO provider (id, name, hsa_id) VALUES ('v1', 'Region', 'SE-V');"
			"INSERT INTO unit (id, provider_id, name, hsa_id) VALUES"
			" ('u1', 'v1', 'Storuman', 'SE-U'), ('u2', 'v1', 'Annan', 'SE-U2');"
			"INSERT INTO staff (id, subject, name) VALUES ('s1', 'x', 'Anna');"
			"INSERT INTO commission (id, staff_id, unit_id, duty, hsa_id) VALUES"
			" ('m1', 's1', 'u1', 'clinician', 'SE-M');"
			"INSERT INTO consultation (id, title, created_unix_s, unit_id, provider_id,"
			" patient_ref) VALUES ('c1', 't', 1, 'u1', 'v1', 'ref-9')");
	e.consultation = "c1";
	e.commission = "m1";
	g_assert_cmpint(trail_add(&w, e, NOW_MS), ==, 0);
	e.unit = "u2"; /* somebody of another unit: that one is told */
	g_assert_cmpint(trail_add(&w, e, NOW_MS), ==, 0);
	g_assert_cmpint(store_place_ask(&w.place,
					"SELECT count(*) FROM audit WHERE seq = 1 AND"
					" json_extract(record, '$.patient') = 'ref-9' AND"
					" json_extract(record, '$.unit') = 'u1' AND"
					" json_extract(record, '$.unit_hsa') = 'SE-U' AND"
					" json_extract(record, '$.provider') = 'v1' AND"
					" json_extract(record, '$.provider_hsa') = 'SE-V' AND"
					" json_extract(record, '$.commission_hsa') = 'SE-M' AND"
					" json_extract(record, '$.duty') = 'clinician'"),
			==, 1);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM audit WHERE seq = 2 AND"
						  " json_extract(record, '$.patient') = 'ref-9' AND"
						  " json_extract(record, '$.unit_hsa') = 'SE-U2'"),
			==, 1);
	g_assert_cmpint(verify(&w, NOW_MS), ==, AUDIT_INTACT);
	trail_close(&w);
}

static void all_of_a_group_or_none(void)
{
	struct trail w;
	const struct audit_event e = {.id = "e", .at_ms = 1, .action = "login"};
	char *good = audit_record_text(&e);

	trail_open(&w);
	g_assert_cmpint(
		store_audit_append(w.store, w.key, NOW_MS, (const char *const[]){good, "{}"}, 2),
		==, -EBADMSG);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM audit"), ==, 0);
	g_assert_cmpint(
		store_audit_append(w.store, w.key, NOW_MS, (const char *const[]){good, good}, 2),
		==, 0);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM audit"), ==, 2);
	g_free(good);
	trail_close(&w);
}

/* Two programs beside each other: the command line writes while vidd runs. */
static void two_writers_make_one_chain(void)
{
	struct trail w;
	struct store *other = NULL, *first;

	trail_open(&w);
	first = w.store;
	g_assert_cmpint(store_open_beside(&other, w.place.path, rng_seeded(2)), ==, 0);
	for (int i = 0; i < 6; i++) {
		w.store = i % 2 == 0 ? first : other;
		add(&w, "ref-1", NOW_MS + i);
	}
	w.store = first;
	store_close(other);
	g_assert_cmpint(verify(&w, NOW_MS), ==, AUDIT_INTACT);
	trail_close(&w);
}

static void a_clock_that_goes_back_over_midnight_breaks_nothing(void)
{
	struct trail w;

	trail_open(&w);
	add(&w, "a", NOW_MS);
	add(&w, "a", NOW_MS - DAY_MS);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM audit_head"), ==, 1);
	g_assert_cmpint(verify(&w, NOW_MS), ==, AUDIT_INTACT);
	trail_close(&w);
}

static int count_one(void *user, int64_t seq, const struct audit_record *record)
{
	int64_t *sum = user;

	*sum = *sum * 10 + seq;
	return record->event.action != NULL ? 0 : -EBADMSG;
}

static int64_t list(struct trail *w, struct store_audit_query query)
{
	int64_t seqs = 0;

	g_assert_cmpint(store_audit_list(w->store, &query, count_one, &seqs), ==, 0);
	return seqs;
}

static void records_are_found_by_patient_time_and_more(void)
{
	struct trail w;
	struct audit_event e = {
		.action = "login", .unit = "u7", .actor_id = "s7", .consultation = "c7"};

	trail_open(&w);
	add(&w, "ref-1", NOW_MS);
	add(&w, "ref-2", NOW_MS + 10);
	add(&w, "ref-1", NOW_MS + 20);
	g_assert_cmpint(trail_add(&w, e, NOW_MS + 30), ==, 0);
	g_assert_cmpint(list(&w, (struct store_audit_query){0}), ==, 4321);
	g_assert_cmpint(list(&w, (struct store_audit_query){.is_oldest_first = true}), ==, 1234);
	g_assert_cmpint(list(&w, (struct store_audit_query){.patient_ref = "ref-1"}), ==, 31);
	g_assert_cmpint(list(&w, (struct store_audit_query){.patient_ref = "ref-1",
							    .is_oldest_first = true}),
			==, 13);
	g_assert_cmpint(list(&w, (struct store_audit_query){.patient_ref = "ref"}), ==, 0);
	g_assert_cmpint(
		list(&w, (struct store_audit_query){.from_ms = NOW_MS + 10, .to_ms = NOW_MS + 20}),
		==, 2);
	g_assert_cmpint(list(&w, (struct store_audit_query){.before_seq = 4, .limit = 2}), ==, 32);
	g_assert_cmpint(list(&w, (struct store_audit_query){.unit = "u7"}), ==, 4);
	g_assert_cmpint(list(&w, (struct store_audit_query){.actor_id = "s7"}), ==, 4);
	g_assert_cmpint(list(&w, (struct store_audit_query){.consultation = "c7"}), ==, 4);
	trail_close(&w);
}

static void five_years_are_never_deleted(void)
{
	struct store_audit_deleted gone;
	struct trail w;

	trail_open(&w);
	add(&w, "old", NOW_MS);
	g_assert_cmpint(store_audit_delete(w.store, w.key, NOW_MS + 9000 * DAY_MS,
					   AUDIT_MIN_DAYS - 1, false, &gone),
			==, -EINVAL);
	g_assert_cmpint(store_audit_delete(w.store, w.key, NOW_MS + AUDIT_MIN_DAYS * DAY_MS,
					   AUDIT_MIN_DAYS, false, &gone),
			==, 0);
	g_assert_cmpint(gone.records, ==, 0);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM audit"), ==, 1);
	trail_close(&w);
}

static void old_days_go_whole_and_the_rest_verifies(void)
{
	struct store_audit_deleted gone;
	struct trail w;
	int64_t later_ms = NOW_MS + (AUDIT_MIN_DAYS + 2) * DAY_MS;

	trail_open(&w);
	for (int i = 0; i < 6; i++)
		add(&w, "old", NOW_MS + i / 2 * DAY_MS);
	g_assert_cmpint(store_audit_delete(w.store, w.key, later_ms, AUDIT_MIN_DAYS, true, &gone),
			==, 0);
	g_assert_cmpint(gone.records, ==, 4);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM audit"), ==, 6);
	g_assert_cmpint(store_audit_delete(w.store, w.key, later_ms, AUDIT_MIN_DAYS, false, &gone),
			==, 0);
	g_assert_cmpint(gone.records, ==, 4);
	/* Two are left, and that something was deleted is on record. */
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM audit"), ==, 3);
	g_assert_cmpint(store_place_ask(&w.place, "SELECT count(*) FROM audit WHERE seq = 7 AND "
						  "json_extract(record, '$.action') = "
						  "'audit-delete'"),
			==, 1);
	g_assert_cmpint(verify(&w, later_ms), ==, AUDIT_INTACT);
	add(&w, "new", later_ms);
	g_assert_cmpint(verify(&w, later_ms), ==, AUDIT_INTACT);
	/* The same with days that were young is no retention. */
	g_assert_cmpint(verify(&w, NOW_MS), ==, AUDIT_FAULT_YOUNG);
	trail_close(&w);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_audit/added", what_is_added_verifies);
	g_test_add_func("/store_audit/tampering", tampering_with_the_file_is_found);
	g_test_add_func("/store_audit/filled_in", what_the_database_knows_is_filled_in);
	g_test_add_func("/store_audit/group", all_of_a_group_or_none);
	g_test_add_func("/store_audit/two", two_writers_make_one_chain);
	g_test_add_func("/store_audit/clock", a_clock_that_goes_back_over_midnight_breaks_nothing);
	g_test_add_func("/store_audit/list", records_are_found_by_patient_time_and_more);
	g_test_add_func("/store_audit/floor", five_years_are_never_deleted);
	g_test_add_func("/store_audit/delete", old_days_go_whole_and_the_rest_verifies);
	return g_test_run();
}
