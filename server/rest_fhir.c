/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/rest_fhir.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "server/access.h"
#include "server/audit.h"
#include "server/clock.h"
#include "server/fhir.h"
#include "server/http.h"
#include "server/hub.h"
#include "server/log.h"
#include "server/permission.h"
#include "server/rest.h"

struct fhir_job {
	struct store_job job;
	struct principal who;
	struct fhir_bookings bookings;
};

static void run(struct store *store, struct store_job *job)
{
	struct fhir_job *j = (struct fhir_job *)job;

	job->result = store_consultation_create_all(store, clock_unix_s(), j->bookings.list,
						    j->bookings.count);
}

static void close_job(struct store_job *job)
{
	struct fhir_job *j = (struct fhir_job *)job;

	/* Links are in it. */
	explicit_bzero(j->bookings.list, j->bookings.count * sizeof(j->bookings.list[0]));
	free(j->bookings.list);
	free(j);
}

/* The first is put on record with the request, by the answer's Location; the others here. */
static void record_others(struct hub *hub, const struct fhir_job *j)
{
	const char *const *ids;
	const struct http_request *request = http_request_of(hub->http, j->job.tag, &ids);

	for (size_t i = 1; i < j->bookings.count; i++) {
		struct audit_event e = {
			.action = permission_operation_name(OPERATION_FHIR_BOOK),
			.consultation = j->bookings.list[i].id,
		};

		audit_set_actor(&e, &j->who, request);
		(void)audit_post(hub, &e); /* when it fails, the answer is refused for the first */
	}
}

static void done(struct hub *hub, struct store_job *job)
{
	const struct fhir_job *j = (const struct fhir_job *)job;
	char location[64];
	json_t *list;

	if (rest_answer_error(hub, job->tag, job->result))
		return;
	list = json_array();
	for (size_t i = 0; i < j->bookings.count; i++)
		json_array_append_new(list, rest_json_consultation(hub, &j->bookings.list[i]));
	log_info("consultations-booked", "count=%zu first=%s", j->bookings.count,
		 j->bookings.list[0].id);
	record_others(hub, j);
	g_snprintf(location, sizeof(location), "/api/v1/consultations/%s", j->bookings.list[0].id);
	rest_json_answer(hub, job->tag, 201, json_pack("{s:o}", "consultations", list), location);
}

static void answer_fault(struct hub *hub, uint64_t id, const struct fhir_fault *fault)
{
	struct http_reply reply = {0};

	http_reply_problem(&reply, 400, "bad-body", fault->why,
			   fault->member[0] != '\0' ? fault->member : NULL);
	hub_answer(hub, id, &reply);
}

void rest_fhir_book(struct hub *hub, const struct http_request *request, const char *const *ids,
		    const struct principal *who)
{
	struct fhir_bookings bookings = {0};
	struct fhir_fault fault;
	struct fhir_job *j;
	int r = fhir_parse(request->body, request->body_len, &bookings, &fault);

	(void)ids;
	if (r == -EINVAL) {
		answer_fault(hub, request->id, &fault);
		return;
	}
	j = r == 0 ? calloc(1, sizeof(*j)) : NULL;
	if (j == NULL) {
		free(bookings.list);
		access_answer_busy(hub, request->id);
		return;
	}
	j->job = (struct store_job){
		.run = run, .done = done, .close = close_job, .tag = request->id};
	j->who = *who;
	j->bookings = bookings;
	for (size_t i = 0; i < bookings.count; i++) {
		g_strlcpy(bookings.list[i].unit_id, who->unit_id, sizeof(bookings.list[i].unit_id));
		bookings.list[i].has_waiting_room = who->unit_id[0] != '\0';
	}
	if (!hub_post_store(hub, &j->job))
		access_answer_busy(hub, request->id);
}
