/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/visits.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "loadtest/load/webreq.h"

enum {
	VISITS_TOKEN_BYTES = 128,
	VISITS_TRIES = 200, /* of a request that came too soon, 100 ms apart */
};

struct visits {
	size_t *first; /* the token of each room's first person, and the end */
	char (*token)[VISITS_TOKEN_BYTES];
	size_t room_count;
};

/* Somebody of each kind; relatives may come in any number. */
static const char *role_of(uint32_t place)
{
	static const char *const roles[] = {"patient", "clinician", "interpreter"};

	return place < 3 ? roles[place] : "relative";
}

static char *room_json(uint32_t size)
{
	json_t *people = json_array();
	json_t *root;
	char *text;

	for (uint32_t i = 0; i < size; i++)
		json_array_append_new(people, json_pack("{s:s, s:o}", "role", role_of(i), "name",
							json_sprintf("Load %u", i + 1)));
	root = json_pack("{s:s, s:b, s:o}", "title", "Load", "waiting_room", 0, "participants",
			 people);
	text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	return text;
}

static void take_tokens(struct visits *visits, size_t room, const json_t *people)
{
	size_t i;
	json_t *person;

	json_array_foreach(people, i, person)
	{
		const char *token = json_string_value(json_object_get(person, "token"));

		if (visits->first[room] + i < visits->first[room + 1])
			(void)snprintf(visits->token[visits->first[room] + i], VISITS_TOKEN_BYTES,
				       "%s", token ? token : "");
	}
}

static void ask(struct webreq_client *client, const struct webreq *request,
		struct webreq_reply *reply)
{
	const struct timespec soon = {.tv_nsec = 100000000};

	for (int i = 0; i < VISITS_TRIES; i++) {
		free(reply->body);
		webreq_send(client, request, reply);
		if (reply->status != 429 && reply->status != 503)
			return;
		(void)nanosleep(&soon, NULL); /* or sooner */
	}
}

static int make_room(struct visits *visits, struct driver *driver, struct webreq_client *client,
		     size_t room)
{
	char url[512];
	char *body = room_json((uint32_t)(visits->first[room + 1] - visits->first[room]));
	const struct webreq request = {.method = "POST",
				       .url = url,
				       .bearer = driver->config.api_key,
				       .content_type = "application/json",
				       .body = body};
	struct webreq_reply reply = {0};
	json_t *root;
	int result = 0;

	(void)snprintf(url, sizeof(url), "%s/api/v1/consultations", driver->config.url);
	ask(client, &request, &reply);
	root = reply.status == 201 ? json_loads(reply.body, 0, NULL) : NULL;
	if (root) {
		take_tokens(visits, room, json_object_get(root, "participants"));
	} else {
		(void)snprintf(driver->why, sizeof(driver->why),
			       "no consultation was made: status %ld: %.150s", reply.status,
			       reply.body);
		result = -EIO;
	}
	json_decref(root);
	free(reply.body);
	free(body);
	return result;
}

int visits_new(struct visits **out, struct driver *driver, const uint32_t *room_people)
{
	struct webreq_client *client = webreq_client_new();
	struct visits *visits = calloc(1, sizeof(*visits));
	int result = -ENOMEM;

	if (!client || !visits)
		goto out;
	visits->room_count = driver->config.plan->room_count;
	visits->first = calloc(visits->room_count + 1, sizeof(*visits->first));
	if (!visits->first)
		goto out;
	for (size_t i = 0; i < visits->room_count; i++)
		visits->first[i + 1] = visits->first[i] + room_people[i];
	visits->token = calloc(visits->first[visits->room_count] + 1, sizeof(*visits->token));
	result = visits->token ? 0 : -ENOMEM;
	for (size_t i = 0; i < visits->room_count && result == 0; i++)
		result = make_room(visits, driver, client, i);
out:
	webreq_client_free(client);
	if (result == 0)
		*out = visits;
	else
		visits_free(visits);
	return result;
}

void visits_free(struct visits *visits)
{
	if (!visits)
		return;
	free(visits->first);
	free(visits->token);
	free(visits);
}

const char *visits_token(const struct visits *visits, uint32_t room, uint32_t place)
{
	return visits->token[visits->first[room] + place];
}
