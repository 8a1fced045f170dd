/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/audit_chain.h"

#include <errno.h>
#include <glib.h>
#include <openssl/evp.h>
#include <string.h>

#include "server/audit_key.h"
#include "server/audit_limits.h"
#include "server/audit_record.h"

#define DAY_MS		  (24LL * 3600 * 1000)
#define SIGNED_TEXT_BYTES 160

/* --- hashes ---------------------------------------------------------------------------------- */

int audit_chain_next(uint8_t hash[AUDIT_HASH_BYTES], const uint8_t previous[AUDIT_HASH_BYTES],
		     const char *record, size_t len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t out[AUDIT_HASH_BYTES];
	bool ok = ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
		  EVP_DigestUpdate(ctx, previous, AUDIT_HASH_BYTES) == 1 &&
		  EVP_DigestUpdate(ctx, record, len) == 1 &&
		  EVP_DigestFinal_ex(ctx, out, NULL) == 1;

	EVP_MD_CTX_free(ctx);
	if (!ok)
		return -EIO;
	memcpy(hash, out, sizeof(out)); /* may be the same place as previous */
	return 0;
}

void audit_chain_day(char day[AUDIT_DAY_TEXT + 1], int64_t at_ms)
{
	GDateTime *t = g_date_time_new_from_unix_utc(at_ms / 1000);
	char *text = t != NULL ? g_date_time_format(t, "%Y-%m-%d") : NULL;

	g_strlcpy(day, text != NULL ? text : "0000-00-00", AUDIT_DAY_TEXT + 1);
	g_free(text);
	if (t != NULL)
		g_date_time_unref(t);
}

/* --- heads ----------------------------------------------------------------------------------- */

/* What is signed: lines that a person can read and check with other tools. */
static size_t signed_text(char text[SIGNED_TEXT_BYTES], const struct audit_head *head)
{
	char hash[AUDIT_HEX_TEXT(AUDIT_HASH_BYTES) + 1];

	audit_hex(hash, head->hash, sizeof(head->hash));
	g_snprintf(text, SIGNED_TEXT_BYTES, "vidd audit head 1\n%s\n%" G_GINT64_FORMAT "\n%s\n",
		   head->day, head->seq, hash);
	return strlen(text);
}

int audit_head_sign(struct audit_head *head, const struct audit_key *key)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t signature[AUDIT_SIGNATURE_BYTES];
	size_t signature_len = sizeof(signature);
	char text[SIGNED_TEXT_BYTES];
	size_t len = signed_text(text, head);
	bool ok = ctx != NULL && audit_key_is_private(key) &&
		  EVP_DigestSignInit(ctx, NULL, NULL, NULL, key->pkey) == 1 &&
		  EVP_DigestSign(ctx, signature, &signature_len, (const uint8_t *)text, len) == 1 &&
		  signature_len == AUDIT_SIGNATURE_BYTES;

	EVP_MD_CTX_free(ctx);
	if (!ok)
		return -EIO;
	memcpy(head->signature, signature, sizeof(signature));
	return 0;
}

bool audit_head_is_signed(const struct audit_head *head, const struct audit_key *key)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	char text[SIGNED_TEXT_BYTES];
	size_t len = signed_text(text, head);
	bool ok = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key->pkey) == 1 &&
		  EVP_DigestVerify(ctx, head->signature, sizeof(head->signature),
				   (const uint8_t *)text, len) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

void audit_head_format(char line[AUDIT_HEAD_LINE_BYTES], const struct audit_head *head)
{
	char hash[AUDIT_HEX_TEXT(AUDIT_HASH_BYTES) + 1];
	char signature[AUDIT_HEX_TEXT(AUDIT_SIGNATURE_BYTES) + 1];

	audit_hex(hash, head->hash, sizeof(head->hash));
	audit_hex(signature, head->signature, sizeof(head->signature));
	g_snprintf(line, AUDIT_HEAD_LINE_BYTES, "vidd-audit-head-1 %s %" G_GINT64_FORMAT " %s %s",
		   head->day, head->seq, hash, signature);
}

int audit_head_parse(struct audit_head *out, const char *line)
{
	struct audit_head head = {0};
	char **part;
	int r = -EBADMSG;

	if (strlen(line) >= AUDIT_HEAD_LINE_BYTES)
		return -EBADMSG;
	part = g_strsplit(line, " ", 6);
	if (g_strv_length(part) == 5 && strcmp(part[0], "vidd-audit-head-1") == 0 &&
	    strlen(part[1]) == AUDIT_DAY_TEXT &&
	    g_ascii_string_to_signed(part[2], 10, 1, INT64_MAX, &head.seq, NULL) &&
	    audit_from_hex(head.hash, sizeof(head.hash), part[3]) == 0 &&
	    audit_from_hex(head.signature, sizeof(head.signature), part[4]) == 0) {
		g_strlcpy(head.day, part[1], sizeof(head.day));
		*out = head;
		r = 0;
	}
	g_strfreev(part);
	return r;
}

/* --- the walk --------------------------------------------------------------------------------- */

void audit_walk_start(struct audit_walk *walk, const struct audit_key *key, int64_t now_ms)
{
	memset(walk, 0, sizeof(*walk));
	walk->key = key;
	walk->now_ms = now_ms;
}

static void set_fault(struct audit_walk *walk, enum audit_fault fault, int64_t seq, const char *day)
{
	if (walk->fault != AUDIT_INTACT)
		return;
	walk->fault = fault;
	walk->fault_seq = seq;
	g_strlcpy(walk->fault_day, day, sizeof(walk->fault_day));
}

static bool is_old_enough(const struct audit_walk *walk, const char *day)
{
	char floor_day[AUDIT_DAY_TEXT + 1];

	audit_chain_day(floor_day, walk->now_ms - AUDIT_MIN_DAYS * DAY_MS);
	return strcmp(day, floor_day) < 0;
}

/* The chain begins at 1, or at a signed head older than the law's five years. */
static void begin(struct audit_walk *walk, int64_t seq)
{
	walk->has_records = true;
	if (seq == 1)
		return;
	if (walk->before.seq == 0 || walk->before.seq != seq - 1) {
		set_fault(walk, AUDIT_FAULT_START, seq, "");
		return;
	}
	if (!is_old_enough(walk, walk->before.day))
		set_fault(walk, AUDIT_FAULT_YOUNG, seq, walk->before.day);
	walk->seq = walk->before.seq;
	memcpy(walk->hash, walk->before.hash, sizeof(walk->hash));
}

static void check_record(struct audit_walk *walk, const struct audit_row *row)
{
	struct audit_record parsed = {0};
	int r = audit_record_parse(&parsed, row->record, row->len);
	const char *patient = parsed.event.patient_ref;
	bool is_same = r == 0 && parsed.event.at_ms == row->at_ms &&
		       strcmp(patient != NULL ? patient : "", row->patient) == 0;

	/* A later version's record cannot be read, but its hash has held. */
	if (!is_same && r != -EPROTO)
		set_fault(walk, AUDIT_FAULT_RECORD, row->seq, "");
	audit_record_close(&parsed);
}

int audit_walk_record(struct audit_walk *walk, const struct audit_row *row)
{
	uint8_t want[AUDIT_HASH_BYTES];
	int r;

	if (!walk->has_records)
		begin(walk, row->seq);
	if (walk->fault == AUDIT_INTACT && row->seq != walk->seq + 1)
		set_fault(walk, AUDIT_FAULT_GAP, row->seq, "");
	r = audit_chain_next(want, walk->hash, row->record, row->len);
	if (r < 0)
		return r;
	if (memcmp(want, row->hash, sizeof(want)) != 0)
		set_fault(walk, AUDIT_FAULT_HASH, row->seq, "");
	check_record(walk, row);
	walk->seq = row->seq;
	memcpy(walk->hash, row->hash, sizeof(walk->hash));
	walk->records++;
	return 0;
}

void audit_walk_head(struct audit_walk *walk, const struct audit_head *head)
{
	walk->heads++;
	if (!audit_head_is_signed(head, walk->key)) {
		set_fault(walk, AUDIT_FAULT_SIGNATURE, head->seq, head->day);
		return;
	}
	if (head->seq > walk->head_seq)
		walk->head_seq = head->seq;
	if (!walk->has_records)
		walk->before = *head;
	else if (head->seq == walk->seq && memcmp(head->hash, walk->hash, sizeof(walk->hash)) != 0)
		set_fault(walk, AUDIT_FAULT_HEAD, head->seq, head->day);
}

enum audit_fault audit_walk_end(struct audit_walk *walk)
{
	if (!walk->has_records && walk->before.seq > 0) {
		/* All that was is gone: right only when all of it was old. */
		if (!is_old_enough(walk, walk->before.day))
			set_fault(walk, AUDIT_FAULT_CUT, walk->before.seq, walk->before.day);
		return walk->fault;
	}
	if (walk->head_seq > walk->seq)
		set_fault(walk, AUDIT_FAULT_CUT, walk->seq + 1, "");
	else if (walk->head_seq < walk->seq)
		set_fault(walk, AUDIT_FAULT_UNSIGNED, walk->head_seq + 1, "");
	return walk->fault;
}

const char *audit_fault_text(enum audit_fault fault)
{
	static const char *const texts[AUDIT_FAULT_COUNT] = {
		[AUDIT_INTACT] = "the chain is whole",
		[AUDIT_FAULT_GAP] = "records are missing before this one",
		[AUDIT_FAULT_HASH] = "this record was changed or moved",
		[AUDIT_FAULT_RECORD] =
			"this record cannot be read, or its time or patient was changed",
		[AUDIT_FAULT_HEAD] = "the signed head of the day tells of another record",
		[AUDIT_FAULT_SIGNATURE] = "the head of the day was not signed by this key",
		[AUDIT_FAULT_START] = "the records before this one are gone, and no signed head "
				      "stands for them",
		[AUDIT_FAULT_YOUNG] = "records younger than five years were deleted",
		[AUDIT_FAULT_CUT] = "records are missing at the end: a signed head tells of more",
		[AUDIT_FAULT_UNSIGNED] = "no signed head vouches for this record and those after "
					 "it",
	};

	return fault < AUDIT_FAULT_COUNT ? texts[fault] : "";
}
