/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Health rooms: the places of a unit, the codes by which devices are enrolled there, the devices
 * with their secrets (kept as hashes), what they tell of themselves, and which visit is next at a
 * place. Store thread.
 *
 * A device learns of a visit only who is met and when; of the patient nothing. store_place.c has
 * the places and their visits.
 */
#ifndef VIDD_SERVER_STORE_DEVICE_H
#define VIDD_SERVER_STORE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/principal.h"
#include "server/store.h"
#include "signaling/service.h"

/* 128 bits, the text with its NUL: of the shape of an invite token, for it is one for checks. */
#define STORE_DEVICE_SECRET_BYTES 23
/* Typed by hand from another screen. 10^8 codes, some minutes, and few tries (device_http). */
#define STORE_ENROLMENT_DIGITS 8
#define STORE_ENROLMENT_S      900
/* Of one unit. A region's largest unit has some ten rooms; guess, with room to spare. */
#define STORE_PLACES_MAX 64
/* In use at one place: its screen, and the one that takes its place. */
#define STORE_PLACE_DEVICES_MAX 4
/* A self-test as JSON. */
#define STORE_SELF_TEST_BYTES 4096
/* A visit shows on the idle board from so long before its time until so long after its end. */
#define STORE_NEXT_BEFORE_S (16 * 3600)
#define STORE_NEXT_AFTER_S  3600

struct store_place_row {
	char id[PRINCIPAL_ID_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	char municipality[LIMIT_NAME_BYTES + 1];
	bool is_active;
};

struct store_device {
	char id[PRINCIPAL_ID_BYTES + 1];
	char place_id[PRINCIPAL_ID_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	int64_t enrolled_unix_s, seen_unix_s;  /* seen: to the minute */
	int64_t help_unix_s;		       /* 0: no help is asked for */
	int64_t self_test_unix_s;	       /* 0: never */
	char self_test[STORE_SELF_TEST_BYTES]; /* JSON, or "" */
};

/* What a device shows. */
struct store_device_board {
	char device_name[LIMIT_NAME_BYTES + 1];
	char place_id[PRINCIPAL_ID_BYTES + 1];
	char place_name[LIMIT_NAME_BYTES + 1];
	char unit_name[LIMIT_NAME_BYTES + 1]; /* as people are to see it */
	char phone[LIMIT_NAME_BYTES + 1];     /* of the unit */
	int64_t help_unix_s, self_test_unix_s;
	bool has_visit;
	char consultation_id[SERVICE_ID_BYTES + 1];
	char meet[LIMIT_NAME_BYTES + 1]; /* the responsible clinician; "": not known */
	int64_t planned_unix_s, minutes;
};

/* Fills in the id of a place with name and municipality. 0, -ENOENT: no such unit, -ENOSPC, -EIO.
 */
int store_place_create(struct store *store, const char *unit_id, struct store_place_row *place);
/* STORE_PLACES_MAX at most. 0 or -EIO. */
int store_place_list(struct store *store, const char *unit_id, struct store_place_row *out,
		     size_t *count);

/* A code for one device at the place; code holds STORE_ENROLMENT_DIGITS + 1. 0, -ENOENT: the unit
 * has no such place, -EIO. */
int store_enrolment_create(struct store *store, int64_t now_unix_s, const char *unit_id,
			   const char *place_id, char *code);
/* Uses the code up. 0 with *device filled in and the secret (STORE_DEVICE_SECRET_BYTES); -EPERM:
 * unknown, used or too old; -ENOSPC: the place has as many as it may; -EIO. */
int store_device_enrol(struct store *store, int64_t now_unix_s, const char *code, const char *name,
		       struct store_device *device, char *secret);
/* 0 and who it is, -EPERM: unknown or revoked, -EIO. */
int store_device_find(struct store *store, int64_t now_unix_s, const char *secret,
		      struct principal *who);
/* The invite by which a device looks at its link: for checks alone. 0, -ENOENT, -EIO. */
int store_device_invite(struct store *store, const char *secret, struct service_invite *out);
/* Those of a place that are not revoked, STORE_PLACE_DEVICES_MAX at most. 0 or -EIO. */
int store_device_list(struct store *store, const char *place_id, struct store_device *out,
		      size_t *count);
/* 0, -ENOENT: the unit has no such device in use, -EIO. */
int store_device_revoke(struct store *store, int64_t now_unix_s, const char *unit_id,
			const char *id);

/* What a device says of itself. result: JSON, shorter than STORE_SELF_TEST_BYTES. 0, -ENOENT, -EIO.
 */
int store_device_tested(struct store *store, int64_t now_unix_s, const char *id,
			const char *result);
int store_device_help(struct store *store, int64_t now_unix_s, const char *id, bool wants_help);
/* Staff of the unit have taken care of it, or nobody had asked. 0, -ENOENT, -EIO. */
int store_device_helped(struct store *store, const char *unit_id, const char *id);

/* 0, -ENOENT, -EIO. */
int store_device_board(struct store *store, int64_t now_unix_s, const char *id,
		       struct store_device_board *out);
/* The device takes the room's seat in a visit planned at its place: token holds
 * STORE_DEVICE_TOKEN_BYTES; one given before opens nothing any more. 0, -ENOENT: no such visit
 * there, or over; -ENOSPC: it is full; -EIO. */
#define STORE_DEVICE_TOKEN_BYTES 23
int store_device_enter(struct store *store, const char *device_id, const char *consultation_id,
		       char *token);

#endif
