/* SPDX-License-Identifier: EUPL-1.2 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "signaling/service_private.h"

/* --- replies ---------------------------------------------------------------------------------- */

static int problem_status(enum problem problem)
{
	switch (problem) {
	case PROBLEM_TOKEN_MISSING:
	case PROBLEM_TOKEN_UNKNOWN:
		return 401;
	case PROBLEM_NOT_YOURS:
		return 403;
	case PROBLEM_RESOURCE_UNKNOWN:
	case PROBLEM_PARTICIPANT_UNKNOWN:
		return 404;
	case PROBLEM_CONSULTATION_ENDED:
		return 410;
	case PROBLEM_PRECONDITION_FAILED:
		return 412;
	case PROBLEM_PRECONDITION_REQUIRED:
		return 428;
	case PROBLEM_SERVER_FULL:
	case PROBLEM_TRY_AGAIN:
		return 503;
	default:
		return 400;
	}
}

void http_refuse(struct service *service, uint64_t request, enum problem problem,
		 const char *detail)
{
	service_put(service, &(struct service_output){.type = SERVICE_HTTP_REPLY,
						      .request = request,
						      .status = problem_status(problem),
						      .problem = problem_name(problem),
						      .problem_detail = detail});
}

static void http_reply(struct service *service, uint64_t request, int status)
{
	service_put(service, &(struct service_output){.type = SERVICE_HTTP_REPLY,
						      .request = request,
						      .status = status});
}

void http_leg_done(struct service *service, struct leg *leg)
{
	if (leg->request == 0)
		return;
	if (leg->answer == NULL)
		http_refuse(service, leg->request, PROBLEM_TRY_AGAIN, "Memory is gone.");
	else
		service_put(service, &(struct service_output){.type = SERVICE_HTTP_REPLY,
							      .request = leg->request,
							      .status = leg->is_patch ? 200 : 201,
							      .body = leg->answer,
							      .resource = leg->resource,
							      .etag = leg->etag});
	leg->request = 0;
}

/* --- requests --------------------------------------------------------------------------------- */

/* Every request names a person first; what it wants comes when the store has answered. */
static void http_find(struct service *service, struct lookup *lookup, const char *token)
{
	if (service->is_draining)
		http_refuse(service, lookup->request, PROBLEM_TRY_AGAIN, "The server restarts.");
	else if (token == NULL || token[0] == '\0')
		http_refuse(service, lookup->request, PROBLEM_TOKEN_MISSING,
			    "Send the invite token as Authorization: Bearer.");
	else if (!token_is_valid(token))
		http_refuse(service, lookup->request, PROBLEM_TOKEN_UNKNOWN,
			    problem_text(PROBLEM_TOKEN_UNKNOWN));
	else if (service_find(service, lookup, token) != 0)
		http_refuse(service, lookup->request, PROBLEM_TRY_AGAIN, "Too many are joining.");
	else
		return;
	g_free(lookup->body);
	g_free(lookup->from);
	g_free(lookup->resource);
	g_free(lookup->if_match);
}

/* NOLINTNEXTLINE(readability-function-size): one per part of the request. */
void service_http_post(struct service *service, int64_t now_us, uint64_t request,
		       enum service_http_kind kind, const char *token, const char *sdp,
		       const char *from)
{
	struct lookup lookup = {
		.purpose = LOOKUP_POST,
		.request = request,
		.kind = kind,
		.body = g_strdup(sdp != NULL ? sdp : ""),
		.from = g_strdup(from),
	};

	service->now_us = now_us;
	http_find(service, &lookup, token);
}

/* NOLINTNEXTLINE(readability-function-size): one per part of the request. */
void service_http_patch(struct service *service, int64_t now_us, uint64_t request,
			enum service_http_kind kind, const char *resource, const char *token,
			const char *if_match, const char *sdpfrag)
{
	struct lookup lookup = {
		.purpose = LOOKUP_PATCH,
		.request = request,
		.kind = kind,
		.body = g_strdup(sdpfrag != NULL ? sdpfrag : ""),
		.resource = g_strdup(resource),
		.if_match = g_strdup(if_match),
	};

	service->now_us = now_us;
	http_find(service, &lookup, token);
}

void service_http_delete(struct service *service, int64_t now_us, uint64_t request,
			 enum service_http_kind kind, const char *resource, const char *token)
{
	struct lookup lookup = {
		.purpose = LOOKUP_DELETE,
		.request = request,
		.kind = kind,
		.resource = g_strdup(resource),
	};

	service->now_us = now_us;
	http_find(service, &lookup, token);
}

/* --- POST ------------------------------------------------------------------------------------- */

/* Who waits does not learn who is there. */
static uint32_t owner_of(const struct seat *viewer, const char *id)
{
	const struct meeting *meeting = viewer->meeting;

	for (size_t i = 0; i < meeting->seat_count; i++) {
		if (viewer->participant.admission != ADMISSION_ADMITTED &&
		    meeting->seats[i] != viewer)
			continue;
		if (strcmp(meeting->seats[i]->participant.id, id) == 0)
			return meeting->seats[i]->owner;
	}
	return 0;
}

static void post_offer(struct service *service, const struct lookup *lookup, struct seat *seat,
		       const struct leg_offer *offer)
{
	enum leg_kind kind = lookup->kind == SERVICE_WHIP ? LEG_WHIP : LEG_WHEP;
	struct leg *leg = leg_new(service, seat, kind);
	struct negotiate_error error = {""};

	if (leg == NULL) {
		http_refuse(service, lookup->request, PROBLEM_SERVER_FULL,
			    "This person has too many connections.");
		return;
	}
	if (leg_negotiate(service, leg, offer, &error) != 0) {
		http_refuse(service, lookup->request, PROBLEM_BAD_SDP, error.text);
		leg_close(service, leg, true);
		return;
	}
	leg->request = lookup->request;
	token_new(&service->rng, leg->resource);
	whip_etag_new(&service->rng, leg->etag);
	(void)g_hash_table_insert(service->resources, leg->resource, leg);
}

static void post(struct service *service, const struct lookup *lookup,
		 const struct service_invite *invite)
{
	struct leg_offer offer = {.sdp = lookup->body};
	struct seat *seat;
	enum problem problem = seat_of_invite(service, invite, &seat);

	if (problem != PROBLEM_COUNT) {
		http_refuse(service, lookup->request, problem, problem_text(problem));
		return;
	}
	if (lookup->from != NULL)
		offer.only_owner = owner_of(seat, lookup->from);
	if (lookup->from != NULL && offer.only_owner == 0)
		http_refuse(service, lookup->request, PROBLEM_PARTICIPANT_UNKNOWN,
			    "Nobody of that id is here.");
	else
		post_offer(service, lookup, seat, &offer);
	/* A seat made for nothing goes again. */
	seat_release(service, seat, DEPARTURE_LEFT);
}

/* --- PATCH and DELETE ------------------------------------------------------------------------- */

/* NULL: refused already. */
static struct leg *own_leg(struct service *service, const struct lookup *lookup,
			   const struct service_invite *invite)
{
	struct leg *leg = g_hash_table_lookup(service->resources, lookup->resource);
	enum leg_kind kind = lookup->kind == SERVICE_WHIP ? LEG_WHIP : LEG_WHEP;
	const struct seat *seat;

	if (leg == NULL || leg->kind != kind) {
		http_refuse(service, lookup->request, PROBLEM_RESOURCE_UNKNOWN,
			    "There is no such resource.");
		return NULL;
	}
	seat = leg->seat;
	if (strcmp(seat->participant.id, invite->participant_id) != 0 ||
	    strcmp(seat->meeting->consultation.id, invite->consultation_id) != 0) {
		http_refuse(service, lookup->request, PROBLEM_NOT_YOURS,
			    "The resource belongs to another participant.");
		return NULL;
	}
	return leg;
}

static void patch_restart(struct service *service, const struct lookup *lookup, struct leg *leg,
			  const struct ice_credentials *remote)
{
	if (leg->request != 0) {
		http_refuse(service, lookup->request, PROBLEM_TRY_AGAIN,
			    "The last request is still being worked on.");
		return;
	}
	leg->request = lookup->request;
	leg->is_patch = true;
	whip_etag_new(&service->rng, leg->etag);
	leg_restart(service, leg, remote);
}

static void patch(struct service *service, const struct lookup *lookup,
		  const struct service_invite *invite)
{
	struct leg *leg = own_leg(service, lookup, invite);
	struct ice_credentials remote;

	if (leg == NULL)
		return;
	switch (whip_patch(lookup->if_match, leg->etag, lookup->body, &leg->params->remote,
			   &remote)) {
	case WHIP_PATCH_TRICKLE:
		http_reply(service, lookup->request, 204);
		break;
	case WHIP_PATCH_RESTART:
		patch_restart(service, lookup, leg, &remote);
		break;
	case WHIP_PATCH_NO_MATCH:
		http_refuse(service, lookup->request, PROBLEM_PRECONDITION_REQUIRED,
			    "Send If-Match with the ETag, or * for an ICE restart.");
		break;
	case WHIP_PATCH_MISMATCH:
		http_refuse(service, lookup->request, PROBLEM_PRECONDITION_FAILED,
			    "If-Match is not of the present ICE session.");
		break;
	case WHIP_PATCH_BAD:
		http_refuse(service, lookup->request, PROBLEM_BAD_FRAGMENT,
			    "The fragment names no valid ICE credentials.");
		break;
	}
}

static void delete_resource(struct service *service, const struct lookup *lookup,
			    const struct service_invite *invite)
{
	struct leg *leg = own_leg(service, lookup, invite);
	struct seat *seat;

	if (leg == NULL)
		return;
	seat = leg->seat;
	leg_close(service, leg, false);
	http_reply(service, lookup->request, 200);
	seat_release(service, seat, DEPARTURE_LEFT);
}

void http_found(struct service *service, const struct lookup *lookup, enum problem problem,
		const struct service_invite *invite)
{
	static void (*const actions[])(struct service *, const struct lookup *,
				       const struct service_invite *) = {
		[LOOKUP_POST] = post,
		[LOOKUP_PATCH] = patch,
		[LOOKUP_DELETE] = delete_resource,
	};

	if (problem != PROBLEM_COUNT) {
		http_refuse(service, lookup->request, problem, problem_text(problem));
		return;
	}
	actions[lookup->purpose](service, lookup, invite);
}
