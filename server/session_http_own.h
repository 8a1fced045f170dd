/* SPDX-License-Identifier: EUPL-1.2 */
/* What staff do with their own access: another password, which sessions they have, ending one.
 * Front thread. */
#ifndef VIDD_SERVER_SESSION_HTTP_OWN_H
#define VIDD_SERVER_SESSION_HTTP_OWN_H

#include "server/routes.h"

/* PUT /api/v1/session/password {"password", "new"}: 204, and all sessions end, this one included;
 * 403 password-wrong; 409 no-password: the login is an identity provider's. */
route_handler session_http_password;
/* GET /api/v1/sessions: {"sessions": [{"id", "began", "seen", "current"}]} */
route_handler session_http_sessions;
/* DELETE /api/v1/sessions/{id}: 204, or 404 session-unknown. */
route_handler session_http_end_own;

#endif
