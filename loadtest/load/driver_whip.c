/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Vidd by WHIP and WHEP (docs/protocol.md 7), as cameras and players come: who sends has a
 * connection for that, who watches another one. Watchers who send nothing share people, six
 * connections each.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "loadtest/load/driver.h"
#include "loadtest/load/visits.h"
#include "loadtest/load/webreq.h"

struct whip;

/* One resource at the server and its connection. */
struct leg {
	struct whip *whip;
	struct bot *bot;
	const char *path;
	char location[WEBREQ_LOCATION_BYTES];
	char token[128];
};

struct person {
	struct leg sending, watching;
};

struct whip {
	struct driver base;
	struct webreq_client *client;
	struct visits *visits;
	struct person *person; /* by seat */
	uint32_t *people;      /* by room */
};

static struct whip *whip_of(struct driver *driver)
{
	return (struct whip *)driver; /* its first member */
}

/* Whose token: all but watchers of broadcasts have their own. */
static uint32_t place_of(const struct workload_seat *seat)
{
	return seat->sends ? seat->place : 1 + (seat->place - 1) / LIMIT_SEAT_LEGS;
}

static int prepare(struct driver *driver)
{
	const struct workload_plan *plan = driver->config.plan;
	struct whip *whip = whip_of(driver);

	whip->people = calloc(plan->room_count + 1, sizeof(*whip->people));
	if (!whip->people)
		return -ENOMEM;
	for (size_t i = 0; i < plan->seat_count; i++) {
		const struct workload_seat *seat = &plan->seat[i];

		if (whip->people[seat->room] < place_of(seat) + 1)
			whip->people[seat->room] = place_of(seat) + 1;
	}
	return visits_new(&whip->visits, driver, whip->people);
}

static void on_answer(void *arg, const struct webreq_reply *reply)
{
	struct leg *leg = arg;
	char why[DRIVER_ERROR_BYTES];

	if (!leg->bot)
		return; /* left before the answer came */
	if (reply->status == 201) {
		(void)snprintf(leg->location, sizeof(leg->location), "%s", reply->location);
		(void)driver_connect(&leg->whip->base, leg->bot, reply->body); /* it is noted */
		return;
	}
	(void)snprintf(why, sizeof(why), "%s: status %ld: %.150s", leg->path, reply->status,
		       reply->body);
	driver_failed(&leg->whip->base, why);
}

static void open_leg(struct leg *leg, const char *path, const struct bot_config *config,
		     size_t audio_slots, size_t video_slots)
{
	struct driver *driver = &leg->whip->base;
	struct webreq request = {
		.method = "POST", .bearer = leg->token, .content_type = "application/sdp"};
	char url[512];
	char *sdp;

	leg->path = path;
	leg->bot = flock_add(driver->config.flock, config);
	if (!leg->bot) {
		driver_failed(driver, "no memory");
		return;
	}
	leg->bot->wished_us = flock_now_us();
	sdp = bot_offer(leg->bot, audio_slots, video_slots);
	(void)snprintf(url, sizeof(url), "%s%s", driver->config.url, path);
	request.url = url;
	request.body = sdp;
	webreq_start(leg->whip->client, &request, on_answer, leg);
	free(sdp);
}

/* So many send who are not oneself. */
static size_t senders(const struct driver *driver, const struct workload_seat *seat)
{
	bool is_broadcast = driver->config.workload->kind == WORKLOAD_BROADCAST;
	size_t others = driver->config.plan->room_size[seat->room] - 1;

	if (is_broadcast)
		return 1;
	return others < LIMIT_SLOTS ? others : LIMIT_SLOTS;
}

static void join(struct driver *driver, size_t seat)
{
	struct whip *whip = whip_of(driver);
	const struct workload_seat *s = &driver->config.plan->seat[seat];
	const struct workload *w = driver->config.workload;
	struct bot_config config = driver_bot_config(driver, seat);
	struct person *person = &whip->person[seat];
	const char *token = visits_token(whip->visits, s->room, place_of(s));

	person->sending.whip = person->watching.whip = whip;
	(void)snprintf(person->sending.token, sizeof(person->sending.token), "%s", token);
	(void)snprintf(person->watching.token, sizeof(person->watching.token), "%s", token);
	if (s->sends)
		open_leg(&person->sending, "/whip", &config, 0, 0);
	config.publisher.has_audio = config.publisher.has_video = false;
	if (s->watches && senders(driver, s) > 0)
		open_leg(&person->watching, "/whep", &config, w->has_audio ? senders(driver, s) : 0,
			 w->has_video ? senders(driver, s) : 0);
}

static void on_gone(void *arg, const struct webreq_reply *reply)
{
	/* Whatever it says: the server forgets silent connections by itself. */
}

static void close_leg(struct leg *leg)
{
	struct driver *driver;
	struct webreq request = {.method = "DELETE", .bearer = leg->token};
	char url[1024];

	if (!leg->bot)
		return;
	driver = &leg->whip->base;
	if (leg->location[0]) {
		(void)snprintf(url, sizeof(url), "%s%s", driver->config.url, leg->location);
		request.url = url;
		webreq_start(leg->whip->client, &request, on_gone, NULL);
	}
	flock_remove(driver->config.flock, leg->bot);
	leg->bot = NULL;
}

static void leave(struct driver *driver, size_t seat)
{
	close_leg(&whip_of(driver)->person[seat].sending);
	close_leg(&whip_of(driver)->person[seat].watching);
}

static void service(struct driver *driver, int64_t now_us)
{
	(void)webreq_service(whip_of(driver)->client); /* what is under way comes next time */
}

static void free_driver(struct driver *driver)
{
	struct whip *whip = whip_of(driver);
	const struct timespec some_ms = {.tv_nsec = 5000000};

	for (size_t i = 0; whip->person && i < driver->config.plan->seat_count; i++)
		leave(driver, i);
	for (int i = 0; i < 100 && whip->client && webreq_service(whip->client) > 0; i++)
		(void)nanosleep(&some_ms, NULL); /* or shorter */
	webreq_client_free(whip->client);
	visits_free(whip->visits);
	free(whip->people);
	free(whip->person);
	free(whip);
}

static const struct driver_ops ops = {prepare, join, leave, service, free_driver};

struct driver *driver_whip_new(const struct driver_config *config)
{
	struct whip *whip = calloc(1, sizeof(*whip));

	if (!whip)
		return NULL;
	whip->base = (struct driver){.ops = &ops, .config = *config};
	whip->client = webreq_client_new();
	whip->person = calloc(config->plan->seat_count, sizeof(*whip->person));
	if (!whip->client || !whip->person) {
		free_driver(&whip->base);
		return NULL;
	}
	return &whip->base;
}
