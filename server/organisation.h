/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The organisation as an administrator writes it down: care providers, units with their places,
 * staff with their commissions, in one JSON file (docs/operations.md). Read into flat lists that
 * server/store_org writes to the database. Pure.
 */
#ifndef VIDD_SERVER_ORGANISATION_H
#define VIDD_SERVER_ORGANISATION_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/principal.h"

enum {
	/* A county with its municipalities and private providers is some 50 providers, 300 units,
	 * 500 places and 5000 staff; each with room, so that a file that is not one is refused. */
	ORGANISATION_MAX_PROVIDERS = 200,
	ORGANISATION_MAX_UNITS = 2000,
	ORGANISATION_MAX_PLACES = 4000,
	ORGANISATION_MAX_STAFF = 20000,
	/* One person's, at all units: a relief doctor who serves every unit of a region. */
	ORGANISATION_MAX_COMMISSIONS = 64,
	/* 20 000 staff of 800 bytes. */
	ORGANISATION_MAX_BYTES = 16 * 1024 * 1024,
	/* Ten years, as long as patient records are kept at the least. */
	ORGANISATION_MAX_RETENTION_DAYS = 3660,
	ORGANISATION_PHONE_BYTES = 32,
	ORGANISATION_SUBJECT_BYTES = LIMIT_NAME_BYTES,
	ORGANISATION_ISSUER_BYTES = 255,
	ORGANISATION_MEMBER_BYTES = 96,
};

/* Ids are the file's own words: letters, digits, '.', '_' and '-'. */
struct organisation_provider {
	char id[PRINCIPAL_ID_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	char hsa_id[PRINCIPAL_ID_BYTES + 1];
};

struct organisation_unit {
	char id[PRINCIPAL_ID_BYTES + 1];
	char provider_id[PRINCIPAL_ID_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	char neutral_name[LIMIT_NAME_BYTES + 1]; /* what messages to patients say; else name */
	char hsa_id[PRINCIPAL_ID_BYTES + 1];
	char municipality[LIMIT_NAME_BYTES + 1];
	char minimum_assurance[2]; /* "A", "B" or "C" */
	char phone[ORGANISATION_PHONE_BYTES + 1];
	int64_t retention_days; /* 0: as the installation is set */
};

struct organisation_place {
	char id[PRINCIPAL_ID_BYTES + 1];
	char unit_id[PRINCIPAL_ID_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	char municipality[LIMIT_NAME_BYTES + 1]; /* else the unit's */
	bool is_active;
};

struct organisation_staff {
	char subject[ORGANISATION_SUBJECT_BYTES + 1]; /* of OpenID Connect, or the user name */
	char issuer[ORGANISATION_ISSUER_BYTES + 1];   /* "": a local account */
	char name[LIMIT_NAME_BYTES + 1];
	bool is_disabled;
	size_t commission_count; /* the next ones of the list of commissions */
};

struct organisation_commission {
	char unit_id[PRINCIPAL_ID_BYTES + 1];
	char hsa_id[PRINCIPAL_ID_BYTES + 1];
	char name[LIMIT_NAME_BYTES + 1];
	enum duty duty;
};

struct organisation {
	GArray *providers, *units, *places, *staff, *commissions; /* of the structs above */
};

/* What is wrong, and where: "providers[0].units[2].name", "" for the file as a whole. */
struct organisation_fault {
	char member[ORGANISATION_MEMBER_BYTES];
	const char *why;
};

/* 0 and *out, to be closed; or -EINVAL and *fault. A commission may name a unit that is not in the
 * file: the database may have it. */
int organisation_parse(const char *text, size_t len, struct organisation *out,
		       struct organisation_fault *fault);
/* Zero state is legal. */
void organisation_close(struct organisation *organisation);

#endif
