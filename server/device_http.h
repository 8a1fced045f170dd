/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Health rooms over HTTP: what staff do with places and devices (place_http_), and what a device
 * does for itself with its secret (device_http_). docs/protocol.md says in which shapes.
 * Front thread.
 */
#ifndef VIDD_SERVER_DEVICE_HTTP_H
#define VIDD_SERVER_DEVICE_HTTP_H

#include "server/http_message.h"
#include "server/principal.h"

struct hub;

/* GET /api/v1/places: the unit's places, their devices and how they are. */
void place_http_list(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who);
/* POST /api/v1/places {"name","municipality"} */
void place_http_create(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who);
/* POST /api/v1/places/{id}/enrolments: a code to be typed at the device. */
void place_http_code(struct hub *hub, const struct http_request *request, const char *const *ids,
		     const struct principal *who);
/* DELETE /api/v1/devices/{id} */
void place_http_revoke(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who);
/* DELETE /api/v1/devices/{id}/help: somebody takes care of what was asked for. */
void place_http_helped(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who);

/* POST /api/v1/devices {"code","name"}: open to anybody with a code, some tries a minute. */
void device_http_enrol(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who);
/* GET /api/v1/device/next: what the idle board shows. */
void device_http_next(struct hub *hub, const struct http_request *request, const char *const *ids,
		      const struct principal *who);
/* POST /api/v1/device/enter {"consultation"}: a token for the room's seat. */
void device_http_enter(struct hub *hub, const struct http_request *request, const char *const *ids,
		       const struct principal *who);
/* PUT and DELETE /api/v1/device/help */
void device_http_help(struct hub *hub, const struct http_request *request, const char *const *ids,
		      const struct principal *who);
/* PUT /api/v1/device/self-test (server/device_test.h) */
void device_http_self_test(struct hub *hub, const struct http_request *request,
			   const char *const *ids, const struct principal *who);

#endif
