/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/audit_chain.h"
#include "server/audit_limits.h"
#include "server/audit_record.h"

#define DAY_MS	(24LL * 3600 * 1000)
#define NOW_MS	1795600000000LL
#define RECORDS 12

struct row {
	int64_t seq, at_ms;
	char *text;
	uint8_t hash[AUDIT_HASH_BYTES];
};

/* Three days of four records, each day with its head. */
struct trail {
	struct audit_key *key;
	struct row row[RECORDS];
	size_t row_count;
	struct audit_head head[3];
	size_t head_count;
	const char *patient; /* of every row */
};

static void trail_init(struct trail *t, int64_t begin_ms)
{
	uint8_t hash[AUDIT_HASH_BYTES] = {0};

	memset(t, 0, sizeof(*t));
	t->patient = "ref-1";
	t->key = audit_key_new();
	g_assert_nonnull(t->key);
	for (int i = 0; i < RECORDS; i++) {
		struct row *row = &t->row[t->row_count++];
		char id[16];
		struct audit_event e = {.id = id,
					.action = "consultation.open",
					.unit = "u1",
					.patient_ref = "ref-1"};

		g_snprintf(id, sizeof(id), "e%d", i);
		e.at_ms = row->at_ms = begin_ms + i / 4 * DAY_MS + i;
		row->seq = i + 1;
		row->text = audit_record_text(&e);
		g_assert_cmpint(audit_chain_next(hash, hash, row->text, strlen(row->text)), ==, 0);
		memcpy(row->hash, hash, sizeof(hash));
		if (i % 4 != 3)
			continue;
		audit_chain_day(t->head[i / 4].day, row->at_ms);
		t->head[i / 4].seq = row->seq;
		memcpy(t->head[i / 4].hash, hash, sizeof(hash));
		g_assert_cmpint(audit_head_sign(&t->head[i / 4], t->key), ==, 0);
		t->head_count++;
	}
}

static void trail_close(struct trail *t)
{
	for (size_t i = 0; i < t->row_count; i++)
		g_free(t->row[i].text);
	audit_key_free(t->key);
}

static void remove_row(struct trail *t, size_t i)
{
	g_free(t->row[i].text);
	memmove(&t->row[i], &t->row[i + 1], (t->row_count - i - 1) * sizeof(t->row[0]));
	t->row_count--;
}

static struct audit_walk walk(const struct trail *t, const struct audit_key *key)
{
	struct audit_walk w;
	size_t head = 0;

	audit_walk_start(&w, key, NOW_MS);
	for (size_t i = 0; i < t->row_count; i++) {
		const struct row *row = &t->row[i];
		struct audit_row r = {row->seq,	 row->at_ms,	    t->patient,
				      row->text, strlen(row->text), {0}};

		while (head < t->head_count && t->head[head].seq < row->seq)
			audit_walk_head(&w, &t->head[head++]);
		memcpy(r.hash, row->hash, sizeof(r.hash));
		g_assert_cmpint(audit_walk_record(&w, &r), ==, 0);
	}
	while (head < t->head_count)
		audit_walk_head(&w, &t->head[head++]);
	audit_walk_end(&w);
	return w;
}

static void assert_fault(const struct trail *t, enum audit_fault fault, int64_t seq)
{
	struct audit_walk w = walk(t, t->key);

	g_test_message("%s", audit_fault_text(w.fault));
	g_assert_cmpint(w.fault, ==, fault);
	g_assert_cmpint(w.fault_seq, ==, seq);
}

static void change_byte(char *text)
{
	*strstr(text, "u1") = 'v';
}

static void rehash_from(struct trail *t, size_t from)
{
	uint8_t hash[AUDIT_HASH_BYTES] = {0};

	if (from > 0)
		memcpy(hash, t->row[from - 1].hash, sizeof(hash));
	for (size_t i = from; i < t->row_count; i++) {
		g_assert_cmpint(
			audit_chain_next(hash, hash, t->row[i].text, strlen(t->row[i].text)), ==,
			0);
		memcpy(t->row[i].hash, hash, sizeof(hash));
		t->row[i].seq = (int64_t)i + 1;
	}
}

static void the_first_hash_is_what_sha256_says(void)
{
	/* printf '%064d{}' 0 | xxd -r -p ... : SHA-256 of 32 zero bytes and "{}". */
	uint8_t hash[AUDIT_HASH_BYTES] = {0};
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	char text[AUDIT_HEX_TEXT(AUDIT_HASH_BYTES) + 1];

	g_checksum_update(sum, hash, sizeof(hash));
	g_checksum_update(sum, (const guchar *)"{}", 2);
	g_assert_cmpint(audit_chain_next(hash, hash, "{}", 2), ==, 0);
	audit_hex(text, hash, sizeof(hash));
	g_assert_cmpstr(text, ==, g_checksum_get_string(sum));
	g_checksum_free(sum);
}

static void a_trail_nobody_touched_is_intact(void)
{
	struct trail t;
	struct audit_walk w;

	trail_init(&t, NOW_MS - 3 * DAY_MS);
	w = walk(&t, t.key);
	g_assert_cmpint(w.fault, ==, AUDIT_INTACT);
	g_assert_cmpint(w.records, ==, RECORDS);
	g_assert_cmpint(w.heads, ==, 3);
	t.head_count = 0;
	t.row_count = 0;
	w = walk(&t, t.key);
	g_assert_cmpint(w.fault, ==, AUDIT_INTACT);
	t.row_count = RECORDS;
	trail_close(&t);
}

static void a_changed_record_is_found(void)
{
	struct trail t;

	trail_init(&t, NOW_MS - 3 * DAY_MS);
	change_byte(t.row[5].text);
	assert_fault(&t, AUDIT_FAULT_HASH, 6);
	/* Nor does it help to make the hashes after it fit: the head of the day is signed. */
	rehash_from(&t, 5);
	assert_fault(&t, AUDIT_FAULT_HEAD, 8);
	trail_close(&t);
}

static void a_changed_time_of_a_row_is_found(void)
{
	struct trail t;

	trail_init(&t, NOW_MS - 3 * DAY_MS);
	t.row[2].at_ms -= 1000 * DAY_MS; /* hidden from a search by time */
	assert_fault(&t, AUDIT_FAULT_RECORD, 3);
	t.row[2].at_ms += 1000 * DAY_MS;
	t.patient = ""; /* hidden from a search by patient */
	assert_fault(&t, AUDIT_FAULT_RECORD, 1);
	trail_close(&t);
}

static void records_in_another_order_are_found(void)
{
	struct trail t;
	char *text;
	int64_t at_ms;

	trail_init(&t, NOW_MS - 3 * DAY_MS);
	text = t.row[4].text;
	at_ms = t.row[4].at_ms;
	t.row[4].text = t.row[5].text;
	t.row[4].at_ms = t.row[5].at_ms;
	t.row[5].text = text;
	t.row[5].at_ms = at_ms;
	assert_fault(&t, AUDIT_FAULT_HASH, 5);
	rehash_from(&t, 4);
	assert_fault(&t, AUDIT_FAULT_HEAD, 8);
	trail_close(&t);
}

static void a_record_taken_out_is_found(void)
{
	struct trail t;

	trail_init(&t, NOW_MS - 3 * DAY_MS);
	remove_row(&t, 5);
	assert_fault(&t, AUDIT_FAULT_GAP, 7);
	rehash_from(&t, 5); /* and renumbered */
	assert_fault(&t, AUDIT_FAULT_HEAD, 8);
	trail_close(&t);
}

static void records_cut_off_at_the_end_are_found(void)
{
	struct trail t;

	trail_init(&t, NOW_MS - 3 * DAY_MS);
	remove_row(&t, RECORDS - 1);
	assert_fault(&t, AUDIT_FAULT_CUT, RECORDS);
	while (t.row_count > 0)
		remove_row(&t, t.row_count - 1);
	assert_fault(&t, AUDIT_FAULT_CUT, RECORDS);
	trail_close(&t);
}

static void a_head_taken_out_at_the_end_is_found(void)
{
	struct trail t;

	trail_init(&t, NOW_MS - 3 * DAY_MS);
	t.head_count = 2;
	assert_fault(&t, AUDIT_FAULT_UNSIGNED, 9);
	trail_close(&t);
}

static void heads_of_another_key_are_found(void)
{
	struct trail t;
	struct audit_key *other = audit_key_new();
	struct audit_walk w;

	trail_init(&t, NOW_MS - 3 * DAY_MS);
	w = walk(&t, other);
	g_assert_cmpint(w.fault, ==, AUDIT_FAULT_SIGNATURE);
	g_assert_cmpstr(w.fault_day, ==, t.head[0].day);
	g_assert_cmpint(audit_head_sign(&t.head[1], other), ==, 0);
	assert_fault(&t, AUDIT_FAULT_SIGNATURE, 8);
	audit_key_free(other);
	trail_close(&t);
}

static void every_part_of_a_head_is_signed(void)
{
	struct trail t;
	struct audit_head head;

	trail_init(&t, NOW_MS - 3 * DAY_MS);
	g_assert_true(audit_head_is_signed(&t.head[0], t.key));
	head = t.head[0];
	head.day[9] ^= 1;
	g_assert_false(audit_head_is_signed(&head, t.key));
	head = t.head[0];
	head.seq++;
	g_assert_false(audit_head_is_signed(&head, t.key));
	head = t.head[0];
	head.hash[31] ^= 1;
	g_assert_false(audit_head_is_signed(&head, t.key));
	trail_close(&t);
}

static void days_older_than_five_years_may_be_gone(void)
{
	struct trail t;

	trail_init(&t, NOW_MS - (AUDIT_MIN_DAYS + 2) * DAY_MS);
	for (int i = 0; i < 4; i++)
		remove_row(&t, 0);
	assert_fault(&t, AUDIT_INTACT, 0);
	/* The next day is not old enough. */
	for (int i = 0; i < 4; i++)
		remove_row(&t, 0);
	assert_fault(&t, AUDIT_INTACT, 0);
	for (int i = 0; i < 3; i++)
		remove_row(&t, 0);
	assert_fault(&t, AUDIT_FAULT_START, 12);
	trail_close(&t);
}

static void younger_days_may_not_be_gone(void)
{
	struct trail t;

	trail_init(&t, NOW_MS - AUDIT_MIN_DAYS * DAY_MS);
	for (int i = 0; i < 4; i++)
		remove_row(&t, 0);
	assert_fault(&t, AUDIT_FAULT_YOUNG, 5);
	trail_close(&t);
}

static void a_start_within_a_day_is_found(void)
{
	struct trail t;

	trail_init(&t, NOW_MS - 4000 * DAY_MS);
	remove_row(&t, 0);
	assert_fault(&t, AUDIT_FAULT_START, 2);
	trail_close(&t);
}

static void a_key_is_read_as_it_was_written(void)
{
	struct audit_key *key = audit_key_new(), *public = NULL, *again = NULL;
	char *private_pem = audit_key_to_pem(key, true);
	char *public_pem = audit_key_to_pem(key, false);
	struct audit_head head = {.day = "2026-11-26", .seq = 7};

	g_assert_cmpint(audit_key_from_pem(&again, private_pem, strlen(private_pem)), ==, 0);
	g_assert_cmpint(audit_key_from_pem(&public, public_pem, strlen(public_pem)), ==, 0);
	g_assert_true(audit_key_is_private(again));
	g_assert_false(audit_key_is_private(public));
	g_assert_null(audit_key_to_pem(public, true));
	g_assert_cmpint(audit_head_sign(&head, public), ==, -EIO);
	g_assert_cmpint(audit_head_sign(&head, again), ==, 0);
	g_assert_true(audit_head_is_signed(&head, public));
	g_assert_cmpint(audit_key_from_pem(&again, "nonsense", 8), ==, -EBADMSG);
	free(private_pem);
	free(public_pem);
	audit_key_free(key);
	audit_key_free(public);
	audit_key_free(again);
}

static void hex_takes_exactly_its_length(void)
{
	uint8_t bytes[2];
	char text[5];

	g_assert_cmpint(audit_from_hex(bytes, 2, "0aFf"), ==, 0);
	audit_hex(text, bytes, 2);
	g_assert_cmpstr(text, ==, "0aff");
	g_assert_cmpint(audit_from_hex(bytes, 2, "0aF"), ==, -EBADMSG);
	g_assert_cmpint(audit_from_hex(bytes, 2, "0aFff"), ==, -EBADMSG);
	g_assert_cmpint(audit_from_hex(bytes, 2, "0aFg"), ==, -EBADMSG);
}

static void a_head_is_read_from_the_line_it_is_kept_as(void)
{
	struct audit_head head = {.day = "2026-11-26", .seq = 42}, back = {0};
	char line[AUDIT_HEAD_LINE_BYTES], longer[AUDIT_HEAD_LINE_BYTES + 8];

	memset(head.hash, 0xab, sizeof(head.hash));
	memset(head.signature, 0x12, sizeof(head.signature));
	audit_head_format(line, &head);
	g_assert_cmpint(audit_head_parse(&back, line), ==, 0);
	g_assert_cmpmem(&back, sizeof(back), &head, sizeof(head));
	g_snprintf(longer, sizeof(longer), "%s x", line);
	g_assert_cmpint(audit_head_parse(&back, longer), ==, -EBADMSG);
	line[strlen(line) - 1] = '\0';
	g_assert_cmpint(audit_head_parse(&back, line), ==, -EBADMSG);
	g_assert_cmpint(audit_head_parse(&back, ""), ==, -EBADMSG);
	g_assert_cmpint(audit_head_parse(&back, "vidd-audit-head-1 2026-11-26 0 00 00"), ==,
			-EBADMSG);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/audit_chain/hash", the_first_hash_is_what_sha256_says);
	g_test_add_func("/audit_chain/intact", a_trail_nobody_touched_is_intact);
	g_test_add_func("/audit_chain/changed", a_changed_record_is_found);
	g_test_add_func("/audit_chain/time", a_changed_time_of_a_row_is_found);
	g_test_add_func("/audit_chain/order", records_in_another_order_are_found);
	g_test_add_func("/audit_chain/taken_out", a_record_taken_out_is_found);
	g_test_add_func("/audit_chain/cut", records_cut_off_at_the_end_are_found);
	g_test_add_func("/audit_chain/unsigned", a_head_taken_out_at_the_end_is_found);
	g_test_add_func("/audit_chain/other_key", heads_of_another_key_are_found);
	g_test_add_func("/audit_chain/head", every_part_of_a_head_is_signed);
	g_test_add_func("/audit_chain/old", days_older_than_five_years_may_be_gone);
	g_test_add_func("/audit_chain/young", younger_days_may_not_be_gone);
	g_test_add_func("/audit_chain/start", a_start_within_a_day_is_found);
	g_test_add_func("/audit_chain/key", a_key_is_read_as_it_was_written);
	g_test_add_func("/audit_chain/line", a_head_is_read_from_the_line_it_is_kept_as);
	g_test_add_func("/audit_chain/hex", hex_takes_exactly_its_length);
	return g_test_run();
}
