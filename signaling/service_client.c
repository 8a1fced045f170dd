/* SPDX-License-Identifier: EUPL-1.2 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "signaling/deflate.h"
#include "signaling/service_private.h"

/* RFC 6455 7.4.1 and the IANA registry. */
enum close_code {
	CLOSE_NORMAL = 1000,
	CLOSE_POLICY = 1008,
	CLOSE_RESTART = 1012,
	CLOSE_TRY_AGAIN = 1013,
};

/* --- the end of a connection ------------------------------------------------------------------ */

static void client_shut(struct service *service, struct client *client, enum close_code code)
{
	(void)session_step(&client->session, SESSION_ON_CLOSED);
	timer_set(service, &client->timer, DEADLINE_NEVER);
	service_put(service, &(struct service_output){.type = SERVICE_CLIENT_CLOSE,
						      .client = client->number,
						      .close_code = (uint16_t)code});
}

void client_refuse(struct service *service, struct client *client, enum problem problem,
		   const char *text, const char *of)
{
	bool is_passing = problem == PROBLEM_SERVER_FULL || problem == PROBLEM_TRY_AGAIN;

	if (client->session.state == SESSION_CLOSED)
		return;
	tell_error(service, client,
		   &(struct message){.problem = problem, .text = text, .of = of, .is_fatal = true});
	client_shut(service, client, is_passing ? CLOSE_TRY_AGAIN : CLOSE_POLICY);
}

void client_end(struct service *service, struct client *client, enum departure departure)
{
	if (client->session.state == SESSION_CLOSED)
		return;
	tell(service, client, &(struct message){.type = MESSAGE_ENDED, .departure = departure});
	client_shut(service, client, CLOSE_NORMAL);
}

void client_drain(struct service *service, struct client *client)
{
	if (client->session.state == SESSION_CLOSED)
		return;
	tell(service, client,
	     &(struct message){.type = MESSAGE_NOTICE,
			       .notice = NOTICE_RESTARTING,
			       .retry_ms = SERVICE_RETRY_MS});
	client_shut(service, client, CLOSE_RESTART);
}

void client_free(struct service *service, struct client *client)
{
	timer_set(service, &client->timer, DEADLINE_NEVER);
	(void)g_hash_table_remove(service->clients, &client->number);
	if (client->watch != NULL)
		service->watcher_count--;
	g_free(client->watch);
	g_free(client);
}

void client_timeout(struct service *service, struct client *client)
{
	struct seat *seat = client->seat;

	if (seat != NULL && seat->meeting->is_check) {
		client_end(service, client, DEPARTURE_LEFT);
		seat_leave(service, seat, DEPARTURE_LEFT);
		return;
	}
	if (client->session.state == SESSION_WATCHING) {
		watch_late(service, client);
		return;
	}
	if (session_step(&client->session, SESSION_ON_LATE) != SESSION_TIMEOUT)
		return;
	tell_error(service, client,
		   &(struct message){.problem = PROBLEM_TIMEOUT,
				     .text = "No join or resume came in time.",
				     .is_fatal = true});
	client_shut(service, client, CLOSE_POLICY);
}

/* --- joining ---------------------------------------------------------------------------------- */

static void on_find(struct service *service, struct client *client, const struct message *message)
{
	struct lookup lookup = {.purpose = LOOKUP_JOIN, .client = client->number};

	if (message->version != MESSAGE_PROTOCOL_VERSION) {
		client_refuse(service, client, PROBLEM_VERSION, "This server speaks version 1.",
			      "join");
		return;
	}
	if (service->is_draining) {
		client_refuse(service, client, PROBLEM_TRY_AGAIN, "The server restarts.", "join");
		return;
	}
	if (!token_is_valid(message->token)) {
		service->stats.join_failures++;
		client_refuse(service, client, PROBLEM_TOKEN_UNKNOWN,
			      "No consultation has this link.", "join");
		return;
	}
	client->wants_check = message->is_check;
	if (service_find(service, &lookup, message->token) != 0)
		client_refuse(service, client, PROBLEM_TRY_AGAIN, "Too many are joining.", "join");
}

const char *problem_text(enum problem problem)
{
	switch (problem) {
	case PROBLEM_TOKEN_UNKNOWN:
		return "No consultation has this link.";
	case PROBLEM_CONSULTATION_ENDED:
		return "The consultation is over.";
	case PROBLEM_SERVER_FULL:
		return "A limit of the server is reached.";
	default:
		return "The server cannot answer now; come back in some seconds.";
	}
}

bool client_wants_check(const struct service *service, const struct lookup *lookup)
{
	const struct client *client = g_hash_table_lookup(service->clients, &lookup->client);

	return lookup->purpose == LOOKUP_JOIN && client != NULL && client->wants_check;
}

void client_found(struct service *service, const struct lookup *lookup, enum problem problem,
		  const struct service_invite *invite)
{
	struct client *client = g_hash_table_lookup(service->clients, &lookup->client);
	struct seat *seat = NULL;

	/* It may have gone, left or been too late meanwhile. */
	if (client == NULL || client->session.state != SESSION_FINDING)
		return;
	if (problem == PROBLEM_COUNT && client->wants_check) {
		seat = check_seat(service, invite, client->number);
		problem = seat != NULL ? PROBLEM_COUNT : PROBLEM_SERVER_FULL;
	} else if (problem == PROBLEM_COUNT) {
		problem = seat_of_invite(service, invite, &seat);
	}
	if (problem != PROBLEM_COUNT) {
		service->stats.join_failures++;
		client_refuse(service, client, problem, problem_text(problem), "join");
		return;
	}
	service->stats.joins++;
	if (client->wants_check) {
		check_join(service, seat, client);
		return;
	}
	visit_make_code(service, seat);
	/* The others hear of it, and it hears nothing of what "joined" holds already. */
	tell_changes(service, seat->meeting);
	seat_join(service, seat, client);
	tell_state(service, seat, MESSAGE_JOINED);
	visit_want_code(service, seat);
}

static void on_resume(struct service *service, struct client *client, const struct message *message)
{
	struct seat *seat = NULL;

	if (message->version != MESSAGE_PROTOCOL_VERSION) {
		client_refuse(service, client, PROBLEM_VERSION, "This server speaks version 1.",
			      "resume");
		return;
	}
	if (!service->is_draining)
		seat = seat_of_resume(service, message->resume);
	if (seat == NULL) {
		tell_error(service, client,
			   &(struct message){.problem = PROBLEM_RESUME_UNKNOWN,
					     .text = "This seat is not known: join again.",
					     .of = "resume"});
		return;
	}
	service->stats.resumes++;
	seat_resume(service, seat, client, message->resume);
	tell_state(service, seat, MESSAGE_RESUMED);
	visit_want_code(service, seat);
}

/* --- joined ----------------------------------------------------------------------------------- */

static void take_offer(struct service *service, struct client *client,
		       const struct message *message, const char *sdp)
{
	struct leg_offer offer = {
		.sdp = sdp,
		.is_deflated = message->sdp_deflate != NULL,
		.sources = message->sources,
		.source_count = message->source_count,
		.seq = message->seq,
	};
	struct seat *seat = client->seat;
	struct leg *leg = seat_page(seat);
	struct negotiate_error error = {""};
	bool is_new;
	int result;

	if (leg != NULL && message->is_fresh) {
		leg_close(service, leg, false);
		leg = NULL;
	}
	is_new = leg == NULL;
	if (is_new)
		leg = leg_new(service, seat, LEG_PAGE);
	if (leg == NULL) {
		client_refuse(service, client, PROBLEM_SERVER_FULL,
			      "This person has too many connections.", "offer");
		return;
	}
	result = leg_negotiate(service, leg, &offer, &error);
	if (result == 0)
		return;
	if (is_new)
		leg_close(service, leg, true);
	tell_error(
		service, client,
		&(struct message){.problem = PROBLEM_BAD_SDP, .text = error.text, .of = "offer"});
}

static void on_offer(struct service *service, struct client *client, const struct message *message)
{
	char *unpacked = NULL;

	if (message->sdp_deflate != NULL &&
	    deflate_unpack(&unpacked, message->sdp_deflate, LIMIT_SDP_BYTES) != 0)
		tell_error(service, client,
			   &(struct message){.problem = PROBLEM_BAD_SDP,
					     .text = "\"sdp_deflate\" cannot be unpacked.",
					     .of = "offer"});
	else
		take_offer(service, client, message, unpacked != NULL ? unpacked : message->sdp);
	free(unpacked);
}

static void on_mute(struct service *service, struct client *client, const struct message *message)
{
	if (consultation_mute(&client->seat->participant, message->source, message->is_muted))
		meeting_mark(service, client->seat->meeting);
}

static void on_set_mode(struct service *service, struct client *client,
			const struct message *message)
{
	struct seat *seat = client->seat;
	struct meeting *meeting = seat->meeting;
	struct service_record more = {0};

	(void)snprintf(more.detail, sizeof(more.detail), "%s", mode_name(message->mode));
	if (!consultation_set_mode(&meeting->consultation, &seat->participant, message->mode)) {
		tell_error(service, client,
			   &(struct message){.problem = PROBLEM_NOT_ALLOWED,
					     .text = "Only a clinician sets the mode.",
					     .of = message_type_name(message->type)});
		return;
	}
	for (size_t i = 0; i < meeting->seat_count; i++) {
		for (size_t k = 0; k < meeting->seats[i]->leg_count; k++)
			leg_rank_anew(service, meeting->seats[i]->legs[k]);
	}
	tell_mode(service, seat);
	record_visit(service, RECORD_MODE, meeting, seat, &more);
	meeting_mark(service, meeting);
}

static void on_ping(struct service *service, struct client *client, const struct message *message)
{
	tell(service, client, &(struct message){.type = MESSAGE_PONG});
}

static void on_end(struct service *service, struct client *client, const struct message *message)
{
	struct seat *seat = client->seat;

	/* The session is closed already; say the last word all the same. */
	tell(service, client,
	     &(struct message){.type = MESSAGE_ENDED, .departure = DEPARTURE_LEFT});
	client_shut(service, client, CLOSE_NORMAL);
	if (seat != NULL)
		seat_leave(service, seat, DEPARTURE_LEFT);
}

static void on_not_joined(struct service *service, struct client *client,
			  const struct message *message)
{
	tell_error(service, client,
		   &(struct message){.problem = PROBLEM_NOT_JOINED,
				     .text = "Join or resume first.",
				     .of = message_type_name(message->type)});
}

/* --- messages --------------------------------------------------------------------------------- */

static void bad_message(struct service *service, struct client *client,
			const struct message_error *error)
{
	const char *of = error->of[0] != '\0' ? error->of : NULL;

	if (!session_count_bad(&client->session, service->now_us)) {
		client_refuse(service, client, PROBLEM_BAD_MESSAGE, error->text, of);
		return;
	}
	tell_error(
		service, client,
		&(struct message){.problem = PROBLEM_BAD_MESSAGE, .text = error->text, .of = of});
}

static void on_repeated(struct service *service, struct client *client,
			const struct message *message)
{
	struct message_error error = {.text = "This connection has joined already."};

	(void)snprintf(error.of, sizeof(error.of), "%s", message_type_name(message->type));
	bad_message(service, client, &error);
}

static void act(struct service *service, struct client *client, const struct message *message)
{
	static void (*const actions[SESSION_ACTION_COUNT])(struct service *, struct client *,
							   const struct message *) = {
		[SESSION_FIND] = on_find,
		[SESSION_RESUME] = on_resume,
		[SESSION_OFFER] = on_offer,
		[SESSION_MUTE] = on_mute,
		[SESSION_SET_MODE] = on_set_mode,
		[SESSION_VISIT] = visit_message,
		[SESSION_FIND_TICKET] = watch_begin,
		[SESSION_PONG] = on_ping,
		[SESSION_LEAVE] = on_end,
		[SESSION_END] = on_end,
		[SESSION_NOT_JOINED] = on_not_joined,
		[SESSION_REPEATED] = on_repeated,
	};
	enum session_event event = session_event_of(message->type);
	struct message_error error = {.text = "Only the server sends this type."};
	enum session_action action;

	if (event == SESSION_EVENT_COUNT) {
		(void)snprintf(error.of, sizeof(error.of), "%s", message_type_name(message->type));
		bad_message(service, client, &error);
		return;
	}
	action = session_step(&client->session, event);
	if (actions[action] != NULL)
		actions[action](service, client, message);
}

void service_client_text(struct service *service, int64_t now_us, uint64_t number, const char *text,
			 size_t len)
{
	struct client *client = g_hash_table_lookup(service->clients, &number);
	struct message message;
	struct message_error error;
	bool is_read, is_within;

	service->now_us = now_us;
	if (client == NULL || client->session.state == SESSION_CLOSED)
		return;
	is_read = message_parse(&message, MESSAGE_OF_CLIENT, text, len, &error) == 0;
	if (is_read && session_is_relayed(message.type))
		is_within = session_count_relayed(&client->session, now_us);
	else
		is_within = session_count_message(&client->session, now_us);
	if (!is_within)
		client_refuse(service, client, PROBLEM_TOO_MANY_MESSAGES,
			      "More messages than anybody needs.", NULL);
	else if (is_read)
		act(service, client, &message);
	else
		bad_message(service, client, &error);
	if (is_read)
		message_close(&message);
}

/* --- connections ------------------------------------------------------------------------------ */

void service_client_open(struct service *service, int64_t now_us, uint64_t number)
{
	struct client *client;

	assert(number != 0 && g_hash_table_lookup(service->clients, &number) == NULL);
	service->now_us = now_us;
	if (g_hash_table_size(service->clients) >=
	    2 * service->config.max_clients + SERVICE_SPARE_CLIENTS) {
		service_put(service, &(struct service_output){.type = SERVICE_CLIENT_CLOSE,
							      .client = number,
							      .close_code = CLOSE_TRY_AGAIN});
		return;
	}
	client = g_new0(struct client, 1);
	client->number = number;
	timer_init(&client->timer, TIMER_CLIENT, client);
	(void)g_hash_table_insert(service->clients, &client->number, client);
	timer_set(service, &client->timer, now_us + SESSION_JOIN_US);
}

void service_client_gone(struct service *service, int64_t now_us, uint64_t number)
{
	struct client *client = g_hash_table_lookup(service->clients, &number);

	service->now_us = now_us;
	if (client == NULL)
		return;
	if (client->seat != NULL)
		seat_client_gone(service, client->seat);
	client_free(service, client);
}
