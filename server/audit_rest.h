/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET /api/v1/audit and /api/v1/audit/extract, for reviewers of a unit and keys with the scope
 * `audit`. That they read is on record like everything else (server/audit_http). Front thread.
 */
#ifndef VIDD_SERVER_AUDIT_REST_H
#define VIDD_SERVER_AUDIT_REST_H

#include "server/routes.h"

route_handler audit_rest_list;
route_handler audit_rest_extract;

#endif
