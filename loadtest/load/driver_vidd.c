/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Vidd by its own protocol (docs/protocol.md): consultations by REST with an API key, then one
 * websocket and one connection per person.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "loadtest/load/driver.h"
#include "loadtest/load/visits.h"
#include "loadtest/load/wsline.h"
#include "signaling/message.h"

enum {
	VIDD_PING_US = 5000000,
};

struct person {
	struct vidd *vidd;
	size_t seat;
	struct wsline *line;
	struct bot *bot;
	bool is_there; /* joined and did not fail */
	int64_t ping_us;
};

struct vidd {
	struct driver base;
	char host[128];
	struct wsline_hub *hub;
	struct person *person; /* by seat */
	struct visits *visits;
};

static struct vidd *vidd_of(struct driver *driver)
{
	return (struct vidd *)driver; /* its first member */
}

static void fail(struct person *person, const char *why)
{
	if (person->is_there)
		driver_failed(&person->vidd->base, why);
	person->is_there = false;
}

static void say(struct person *person, const struct message *message)
{
	char *text = message_build(message);

	if (text)
		wsline_send(person->line, text);
	free(text);
}

static int prepare(struct driver *driver)
{
	return visits_new(&vidd_of(driver)->visits, driver, driver->config.plan->room_size);
}

/* --- messages --------------------------------------------------------------------------------- */

static size_t most(int64_t asked, size_t others)
{
	size_t slots = asked > 0 ? (size_t)asked : 0;

	if (others > LIMIT_SLOTS)
		others = LIMIT_SLOTS;
	return slots > others ? slots : others;
}

static void on_joined(struct person *person, const struct message *message)
{
	struct driver *driver = &person->vidd->base;
	const struct workload_seat *seat = &driver->config.plan->seat[person->seat];
	size_t others = driver->config.plan->room_size[seat->room] - 1;
	const struct workload *w = driver->config.workload;
	struct message offer = {.type = MESSAGE_OFFER, .seq = 1};
	char *sdp;

	if (!person->bot)
		return;
	/* As many as people will come, so that nobody has to ask for more. */
	sdp = bot_offer(person->bot,
			seat->watches && w->has_audio ? most(message->audio, others) : 0,
			seat->watches && w->has_video ? most(message->video, others) : 0);
	offer.sdp = sdp;
	say(person, &offer);
	free(sdp);
}

static void on_send(const struct person *person, const struct message *message)
{
	static const char rids[] = "qhf";

	for (size_t i = 0; person->bot && i < message->send_count; i++) {
		const struct message_send *send = &message->sends[i];
		unsigned encodings = 0;

		if (strcmp(send->mid, person->bot->terms.mid[MEDIA_VIDEO]) != 0)
			continue;
		for (size_t k = 0; k < send->rid_count; k++) {
			const char *at = strchr(rids, send->rids[k][0]);

			encodings |= at && *at ? 1u << (at - rids) : 0;
		}
		if (send->rid_count == 0 && send->is_used)
			encodings = ~0u;
		publisher_wish(&person->bot->publisher, encodings,
			       send->max_bps > 0 ? (uint32_t)send->max_bps : 0);
	}
}

static void on_message(struct person *person, const struct message *message)
{
	switch (message->type) {
	case MESSAGE_JOINED:
		on_joined(person, message);
		break;
	case MESSAGE_ANSWER:
		if (person->bot && message->sdp &&
		    !driver_connect(&person->vidd->base, person->bot, message->sdp))
			person->is_there = false;
		break;
	case MESSAGE_SEND:
		on_send(person, message);
		break;
	case MESSAGE_ERROR:
		fail(person, message->text);
		break;
	case MESSAGE_MEDIA_LOST:
		fail(person, "the server lost a connection");
		break;
	case MESSAGE_ENDED:
		fail(person, "a consultation was ended");
		break;
	default:
		break;
	}
}

static void on_text(void *arg, const char *text, size_t len)
{
	struct person *person = arg;
	struct message_error error;
	struct message message;

	if (message_parse(&message, MESSAGE_OF_SERVER, text, len, &error) != 0) {
		fail(person, error.text);
		return;
	}
	on_message(person, &message);
	message_close(&message);
}

static void on_state(void *arg, bool is_open, const char *why)
{
	struct person *person = arg;
	const struct workload_seat *seat = &person->vidd->base.config.plan->seat[person->seat];
	const struct message join = {
		.type = MESSAGE_JOIN,
		.version = MESSAGE_PROTOCOL_VERSION,
		.token = visits_token(person->vidd->visits, seat->room, seat->place),
	};

	if (is_open)
		say(person, &join);
	else
		fail(person, why);
}

/* --- seats ------------------------------------------------------------------------------------ */

static void join(struct driver *driver, size_t seat)
{
	struct vidd *vidd = vidd_of(driver);
	struct person *person = &vidd->person[seat];
	struct bot_config config = driver_bot_config(driver, seat);

	person->vidd = vidd;
	person->seat = seat;
	person->bot = flock_add(driver->config.flock, &config);
	person->is_there = true;
	if (!person->bot) {
		fail(person, "no memory");
		return;
	}
	person->bot->wished_us = flock_now_us();
	person->ping_us = person->bot->wished_us + VIDD_PING_US;
	person->line = wsline_open(vidd->hub, person);
}

static void leave(struct driver *driver, size_t seat)
{
	struct person *person = &vidd_of(driver)->person[seat];

	person->is_there = false;
	if (person->line) {
		say(person, &(struct message){.type = MESSAGE_LEAVE});
		wsline_close(person->line);
	}
	if (person->bot)
		flock_remove(driver->config.flock, person->bot);
	person->line = NULL;
	person->bot = NULL;
}

static void service(struct driver *driver, int64_t now_us)
{
	struct vidd *vidd = vidd_of(driver);

	wsline_service(vidd->hub);
	for (size_t i = 0; i < driver->config.plan->seat_count; i++) {
		struct person *person = &vidd->person[i];

		if (!person->is_there || !person->line || now_us < person->ping_us)
			continue;
		say(person, &(struct message){.type = MESSAGE_PING});
		person->ping_us = now_us + VIDD_PING_US;
	}
}

static void free_driver(struct driver *driver)
{
	struct vidd *vidd = vidd_of(driver);
	const struct timespec some_ms = {.tv_nsec = 5000000};

	for (size_t i = 0; vidd->person && i < driver->config.plan->seat_count; i++)
		leave(driver, i);
	for (int i = 0; i < 20 && vidd->hub; i++) {
		wsline_service(vidd->hub);
		(void)nanosleep(&some_ms, NULL); /* or shorter */
	}
	wsline_hub_free(vidd->hub);
	visits_free(vidd->visits);
	free(vidd->person);
	free(vidd);
}

static const struct driver_ops ops = {prepare, join, leave, service, free_driver};

struct driver *driver_vidd_new(const struct driver_config *config)
{
	struct vidd *vidd = calloc(1, sizeof(*vidd));
	struct wsline_hub_config hub = {
		.path = "/ws", .protocol = "vidd.1", .on_text = on_text, .on_state = on_state};

	if (!vidd)
		return NULL;
	vidd->base = (struct driver){.ops = &ops, .config = *config};
	vidd->person = calloc(config->plan->seat_count, sizeof(*vidd->person));
	/* main has looked at the URL. */
	(void)driver_split_url(config->url, &hub.is_secure, vidd->host, &hub.port);
	hub.host = vidd->host;
	if (!vidd->person || wsline_hub_new(&vidd->hub, &hub) != 0) {
		free_driver(&vidd->base);
		return NULL;
	}
	return &vidd->base;
}
