/* SPDX-License-Identifier: EUPL-1.2 */
#include <inttypes.h>
#include <stdio.h>

#include "signaling/service_private.h"

struct seat *check_seat(struct service *service, const struct service_invite *invite,
			uint64_t client_number)
{
	struct meeting *meeting;
	char key[sizeof(meeting->key)];
	struct seat *seat;

	(void)snprintf(key, sizeof(key), "check-%" PRIu64, client_number);
	if (service->seat_count >= service->config.max_clients)
		return NULL;
	meeting = meeting_new(service, invite, key);
	meeting->is_check = true;
	meeting->is_unrecorded = invite->is_check_only;
	meeting->has_waiting_room = false;
	seat = seat_new(service, meeting, invite);
	seat->participant.admission = ADMISSION_ADMITTED;
	return seat;
}

void check_join(struct service *service, struct seat *seat, struct client *client)
{
	seat_join(service, seat, client);
	tell_state(service, seat, MESSAGE_JOINED);
	/* A seat's timer else waits for a page that is gone. */
	timer_set(service, &client->timer, service->now_us + SERVICE_CHECK_US);
}
