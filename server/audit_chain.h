/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What makes the audit trail tell when somebody changed it: every record's hash is SHA-256 over the
 * hash before it and the record's bytes, numbers follow one another from 1, and the newest hash of
 * each day (its head) is signed with Ed25519. So no record can be changed, taken out, put in or
 * moved without the chain breaking, and none cut off at the end without a head telling of more.
 * Old days may be deleted whole: the head of the last of them is then where the chain begins.
 * Pure but for the key's own randomness; the key belongs to whoever made it.
 */
#ifndef VIDD_SERVER_AUDIT_CHAIN_H
#define VIDD_SERVER_AUDIT_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUDIT_HASH_BYTES      32
#define AUDIT_SIGNATURE_BYTES 64
#define AUDIT_DAY_TEXT	      10 /* "2026-11-26" */
#define AUDIT_HEX_TEXT(bytes) (2 * (bytes))

struct audit_key; /* an Ed25519 key, private or public half only */

struct audit_head {
	char day[AUDIT_DAY_TEXT + 1]; /* UTC */
	int64_t seq;		      /* of the day's last record */
	uint8_t hash[AUDIT_HASH_BYTES];
	uint8_t signature[AUDIT_SIGNATURE_BYTES];
};

enum audit_fault {
	AUDIT_INTACT,
	AUDIT_FAULT_GAP,    /* records are missing before this one */
	AUDIT_FAULT_HASH,   /* this record or its place was changed */
	AUDIT_FAULT_RECORD, /* its bytes are no record, or its time or patient is not the row's */
	AUDIT_FAULT_HEAD,   /* the head of this day tells another hash */
	AUDIT_FAULT_SIGNATURE, /* the head of this day was not signed by this key */
	AUDIT_FAULT_START,     /* the first records are gone and no head stands for them */
	AUDIT_FAULT_YOUNG,     /* records younger than five years are gone from the start */
	AUDIT_FAULT_CUT,       /* records that a head tells of are missing at the end */
	AUDIT_FAULT_UNSIGNED,  /* records after the last head: no head vouches for them */
	AUDIT_FAULT_COUNT,
};

/* hash = SHA-256(previous, record). 0 or -EIO. */
int audit_chain_next(uint8_t hash[AUDIT_HASH_BYTES], const uint8_t previous[AUDIT_HASH_BYTES],
		     const char *record, size_t len);
/* The UTC day of a time in milliseconds. */
void audit_chain_day(char day[AUDIT_DAY_TEXT + 1], int64_t at_ms);

/* Signs day, seq and hash of *head. 0, or -EIO (also: the public half only). */
int audit_head_sign(struct audit_head *head, const struct audit_key *key);
bool audit_head_is_signed(const struct audit_head *head, const struct audit_key *key);

/* A head as one line that can be kept elsewhere. */
#define AUDIT_HEAD_LINE_BYTES 256
void audit_head_format(char line[AUDIT_HEAD_LINE_BYTES], const struct audit_head *head);
/* 0 or -EBADMSG. */
int audit_head_parse(struct audit_head *out, const char *line);

/* A walk along the chain: heads and records, in the order of seq, a record before the head that
 * has its number. The first fault stays. */
struct audit_walk {
	const struct audit_key *key;
	int64_t now_ms;
	int64_t seq; /* of the last record taken, or of the head the chain begins at */
	uint8_t hash[AUDIT_HASH_BYTES];
	int64_t records, heads;
	int64_t head_seq; /* the highest a signed head has told */
	bool has_records;
	struct audit_head before; /* the last head before the first record */
	enum audit_fault fault;
	int64_t fault_seq;
	char fault_day[AUDIT_DAY_TEXT + 1]; /* of a head, or "" */
};

void audit_walk_start(struct audit_walk *walk, const struct audit_key *key, int64_t now_ms);
/* As it stands in the database. Time and patient are what rows are searched by, and must be the
 * record's own. */
struct audit_row {
	int64_t seq;
	int64_t at_ms;
	const char *patient;
	const char *record;
	size_t len;
	uint8_t hash[AUDIT_HASH_BYTES];
};

/* 0, or -EIO. */
int audit_walk_record(struct audit_walk *walk, const struct audit_row *row);
void audit_walk_head(struct audit_walk *walk, const struct audit_head *head);
/* The result; AUDIT_INTACT for an empty trail, too. */
enum audit_fault audit_walk_end(struct audit_walk *walk);
/* What a fault means, in plain English. */
const char *audit_fault_text(enum audit_fault fault);

/* --- keys --- */

/* A new private key, or NULL. */
struct audit_key *audit_key_new(void);
/* Of PEM text: PKCS#8 private, or SubjectPublicKeyInfo. 0, -EBADMSG, -ENOMEM. */
int audit_key_from_pem(struct audit_key **out, const char *pem, size_t len);
/* PEM, to be free()d; NULL when it cannot be. A private one asked of a public half is NULL. */
char *audit_key_to_pem(const struct audit_key *key, bool is_private);
bool audit_key_is_private(const struct audit_key *key);
void audit_key_free(struct audit_key *key);

void audit_hex(char *text, const uint8_t *bytes, size_t len);
/* 0 or -EBADMSG: text must be exactly 2 * len hexadecimal digits. */
int audit_from_hex(uint8_t *bytes, size_t len, const char *text);

#endif
