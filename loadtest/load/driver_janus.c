/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Janus's VideoRoom (1.1, as Debian has it) over its websocket transport: a session per person, one
 * handle that publishes, one that subscribes to all feeds of the room over a second connection, as
 * its own multistream demo does.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "loadtest/load/driver.h"
#include "loadtest/load/wsline.h"

enum {
	JANUS_KEEPALIVE_US = 25000000,
	JANUS_ROOM = 1000, /* the first room's number */
	JANUS_FEEDS = 64,
	JANUS_PREPARE_MS = 20000,
};

struct janus;

struct person {
	struct janus *janus;
	size_t seat;
	struct wsline *line;
	bool is_there;
	bool is_in; /* the room told who publishes */
	json_int_t session, sender, watcher;
	struct bot *sending, *watching;
	/* Feeds to subscribe to, and whether Janus is at it. */
	json_int_t feed[JANUS_FEEDS];
	size_t feed_count, asked;
	bool is_asking;
	int64_t wished_us;
	int64_t keepalive_us;
};

struct janus {
	struct driver base;
	char host[128];
	struct wsline_hub *hub;
	struct person *person; /* by seat */
	struct person keeper;  /* who makes the rooms */
	size_t rooms_made;
};

static struct janus *janus_of(struct driver *driver)
{
	return (struct janus *)driver; /* its first member */
}

static void fail(struct person *person, const char *why)
{
	if (person->is_there)
		driver_failed(&person->janus->base, why);
	person->is_there = false;
}

/* Takes what. transaction says what the reply is to. */
static void say(struct person *person, const char *verb, const char *transaction, json_int_t handle,
		json_t *what)
{
	json_t *root = what ? what : json_object();
	char *text;

	json_object_set_new(root, "janus", json_string(verb));
	json_object_set_new(root, "transaction", json_string(transaction));
	if (person->session)
		json_object_set_new(root, "session_id", json_integer(person->session));
	if (handle)
		json_object_set_new(root, "handle_id", json_integer(handle));
	text = json_dumps(root, JSON_COMPACT);
	wsline_send(person->line, text);
	free(text);
	json_decref(root);
}

static void tell_plugin(struct person *person, const char *transaction, json_int_t handle,
			json_t *body, json_t *jsep)
{
	json_t *what = json_pack("{s:o}", "body", body);

	if (jsep)
		json_object_set_new(what, "jsep", jsep);
	say(person, "message", transaction, handle, what);
}

static void attach(struct person *person, const char *transaction)
{
	say(person, "attach", transaction, 0,
	    json_pack("{s:s}", "plugin", "janus.plugin.videoroom"));
}

static const struct workload_seat *seat_of(const struct person *person)
{
	return &person->janus->base.config.plan->seat[person->seat];
}

static json_int_t room_of(const struct person *person)
{
	return JANUS_ROOM + (json_int_t)seat_of(person)->room;
}

/* --- rooms ------------------------------------------------------------------------------------ */

static void make_next_room(struct person *keeper)
{
	struct janus *janus = keeper->janus;
	const struct workload_plan *plan = janus->base.config.plan;
	size_t room = janus->rooms_made;

	if (room == plan->room_count)
		return;
	tell_plugin(keeper, "room", keeper->sender,
		    json_pack("{s:s, s:I, s:I, s:I, s:s, s:s, s:b, s:b}", "request", "create",
			      "room", JANUS_ROOM + (json_int_t)room, "publishers",
			      (json_int_t)plan->room_size[room], "bitrate", (json_int_t)0,
			      "audiocodec", "opus", "videocodec", "vp8", "permanent", 0,
			      "transport_wide_cc_ext", 1),
		    NULL);
}

static void on_keeper(struct person *keeper, const char *transaction, const json_t *root)
{
	json_int_t id = json_integer_value(json_object_get(json_object_get(root, "data"), "id"));

	if (strcmp(transaction, "create") == 0) {
		keeper->session = id;
		attach(keeper, "attach");
	} else if (strcmp(transaction, "attach") == 0) {
		keeper->sender = id;
		make_next_room(keeper);
	} else if (strcmp(transaction, "room") == 0) {
		keeper->janus->rooms_made++;
		make_next_room(keeper);
	}
}

/* --- people ----------------------------------------------------------------------------------- */

static json_t *jsep_of(const char *type, char *sdp)
{
	json_t *jsep = json_pack("{s:s, s:s}", "type", type, "sdp", sdp);

	free(sdp);
	return jsep;
}

static void ask_for_feeds(struct person *person)
{
	json_t *streams, *body;

	if (person->is_asking || person->asked == person->feed_count || !person->is_there)
		return;
	if (!person->watcher) {
		person->is_asking = true;
		attach(person, "attach-watcher");
		return;
	}
	streams = json_array();
	for (size_t i = person->asked; i < person->feed_count; i++)
		json_array_append_new(streams, json_pack("{s:I}", "feed", person->feed[i]));
	if (person->asked == 0)
		body = json_pack("{s:s, s:I, s:s, s:o}", "request", "join", "room", room_of(person),
				 "ptype", "subscriber", "streams", streams);
	else
		body = json_pack("{s:s, s:o}", "request", "subscribe", "streams", streams);
	person->asked = person->feed_count;
	person->is_asking = true;
	tell_plugin(person, "subscribe", person->watcher, body, NULL);
}

static void take_publishers(struct person *person, const json_t *list)
{
	size_t i;
	json_t *publisher;

	json_array_foreach(list, i, publisher)
	{
		json_int_t id = json_integer_value(json_object_get(publisher, "id"));
		bool is_known = false;

		for (size_t k = 0; k < person->feed_count; k++)
			is_known |= person->feed[k] == id;
		if (!is_known && person->feed_count < JANUS_FEEDS)
			person->feed[person->feed_count++] = id;
	}
	if (seat_of(person)->watches)
		ask_for_feeds(person);
}

static void publish(struct person *person)
{
	struct bot_config config = driver_bot_config(&person->janus->base, person->seat);

	person->sending = flock_add(person->janus->base.config.flock, &config);
	if (!person->sending) {
		fail(person, "no memory");
		return;
	}
	person->sending->wished_us = person->wished_us;
	tell_plugin(person, "publish", person->sender, json_pack("{s:s}", "request", "publish"),
		    jsep_of("offer", bot_offer(person->sending, 0, 0)));
}

static void on_joined_room(struct person *person, const json_t *data)
{
	person->is_in = true;
	if (seat_of(person)->sends)
		publish(person);
	take_publishers(person, json_object_get(data, "publishers"));
}

/* Each offer is answered, also those after changes in the room. */
static void on_offer(struct person *person, const char *sdp)
{
	struct bot_config config = driver_bot_config(&person->janus->base, person->seat);
	static struct description offered;
	char error[DESCRIPTION_ERROR_BYTES];

	config.publisher.has_audio = config.publisher.has_video = false;
	if (!person->watching) {
		person->watching = flock_add(person->janus->base.config.flock, &config);
		if (!person->watching) {
			fail(person, "no memory");
			return;
		}
		person->watching->wished_us = person->wished_us;
	}
	if (description_read(&offered, sdp, error) != 0) {
		fail(person, error);
		return;
	}
	tell_plugin(person, "start", person->watcher, json_pack("{s:s}", "request", "start"),
		    jsep_of("answer", bot_answer(person->watching, &offered)));
	if (!driver_connect(&person->janus->base, person->watching, sdp))
		person->is_there = false;
}

static void on_event(struct person *person, const json_t *root)
{
	const json_t *data = json_object_get(json_object_get(root, "plugindata"), "data");
	const json_t *jsep = json_object_get(root, "jsep");
	const char *sdp = json_string_value(json_object_get(jsep, "sdp"));
	const char *what = json_string_value(json_object_get(data, "videoroom"));
	const char *error = json_string_value(json_object_get(data, "error"));

	if (error) {
		fail(person, error);
		return;
	}
	if (json_integer_value(json_object_get(root, "sender")) == person->watcher) {
		if (sdp)
			on_offer(person, sdp);
		/* "started" or "updated" without an offer: it is ready for more. */
		if (!sdp) {
			person->is_asking = false;
			ask_for_feeds(person);
		}
		return;
	}
	if (what && strcmp(what, "joined") == 0)
		on_joined_room(person, data);
	else if (json_object_get(data, "publishers"))
		take_publishers(person, json_object_get(data, "publishers"));
	if (sdp && person->sending && !driver_connect(&person->janus->base, person->sending, sdp))
		person->is_there = false;
}

static void on_success(struct person *person, const char *transaction, json_int_t id)
{
	if (strcmp(transaction, "create") == 0) {
		person->session = id;
		attach(person, "attach");
	} else if (strcmp(transaction, "attach") == 0) {
		person->sender = id;
		tell_plugin(person, "join", id,
			    json_pack("{s:s, s:I, s:s, s:s}", "request", "join", "room",
				      room_of(person), "ptype", "publisher", "display", "load"),
			    NULL);
	} else if (strcmp(transaction, "attach-watcher") == 0) {
		person->watcher = id;
		person->is_asking = false;
		ask_for_feeds(person);
	}
}

static void on_person(struct person *person, const char *verb, const char *transaction,
		      const json_t *root)
{
	const json_t *error = json_object_get(root, "error");

	if (strcmp(verb, "success") == 0)
		on_success(
			person, transaction,
			json_integer_value(json_object_get(json_object_get(root, "data"), "id")));
	else if (strcmp(verb, "event") == 0)
		on_event(person, root);
	else if (strcmp(verb, "error") == 0)
		fail(person, json_string_value(json_object_get(error, "reason")));
	else if (strcmp(verb, "hangup") == 0)
		fail(person, "Janus hung up");
}

static void on_text(void *arg, const char *text, size_t len)
{
	struct person *person = arg;
	json_t *root = json_loadb(text, len, 0, NULL);
	const char *verb = json_string_value(json_object_get(root, "janus"));
	const char *transaction = json_string_value(json_object_get(root, "transaction"));

	if (!verb)
		fail(person, "Janus said what is no JSON");
	else if (person == &person->janus->keeper)
		on_keeper(person, transaction ? transaction : "", root);
	else
		on_person(person, verb, transaction ? transaction : "", root);
	json_decref(root);
}

static void on_state(void *arg, bool is_open, const char *why)
{
	struct person *person = arg;

	if (is_open)
		say(person, "create", "create", 0, NULL);
	else
		fail(person, why);
}

/* --- the driver ------------------------------------------------------------------------------- */

static int prepare(struct driver *driver)
{
	struct janus *janus = janus_of(driver);
	const struct timespec ms = {.tv_nsec = 1000000};

	janus->keeper = (struct person){.janus = janus, .is_there = true};
	janus->keeper.line = wsline_open(janus->hub, &janus->keeper);
	for (int i = 0; i < JANUS_PREPARE_MS && janus->keeper.is_there; i++) {
		wsline_service(janus->hub);
		if (janus->rooms_made == driver->config.plan->room_count)
			return 0;
		(void)nanosleep(&ms, NULL); /* or shorter */
	}
	if (!driver->why[0])
		(void)snprintf(driver->why, sizeof(driver->why), "Janus made no rooms");
	return -EIO;
}

static void join(struct driver *driver, size_t seat)
{
	struct janus *janus = janus_of(driver);
	struct person *person = &janus->person[seat];

	*person = (struct person){
		.janus = janus, .seat = seat, .is_there = true, .wished_us = flock_now_us()};
	person->keepalive_us = person->wished_us + JANUS_KEEPALIVE_US;
	person->line = wsline_open(janus->hub, person);
}

static void leave(struct driver *driver, size_t seat)
{
	struct person *person = &janus_of(driver)->person[seat];

	person->is_there = false;
	if (person->line) {
		if (person->session)
			say(person, "destroy", "destroy", 0, NULL);
		wsline_close(person->line);
	}
	if (person->sending)
		flock_remove(driver->config.flock, person->sending);
	if (person->watching)
		flock_remove(driver->config.flock, person->watching);
	person->line = NULL;
	person->sending = person->watching = NULL;
}

static void keep_alive(struct person *person, int64_t now_us)
{
	if (!person->is_there || !person->session || now_us < person->keepalive_us)
		return;
	say(person, "keepalive", "keepalive", 0, NULL);
	person->keepalive_us = now_us + JANUS_KEEPALIVE_US;
}

static void service(struct driver *driver, int64_t now_us)
{
	struct janus *janus = janus_of(driver);

	wsline_service(janus->hub);
	for (size_t i = 0; i < driver->config.plan->seat_count; i++)
		keep_alive(&janus->person[i], now_us);
	keep_alive(&janus->keeper, now_us);
}

static void free_driver(struct driver *driver)
{
	struct janus *janus = janus_of(driver);
	const struct timespec some_ms = {.tv_nsec = 5000000};

	for (size_t i = 0; janus->person && i < driver->config.plan->seat_count; i++)
		leave(driver, i);
	if (janus->keeper.line)
		wsline_close(janus->keeper.line);
	for (int i = 0; i < 20 && janus->hub; i++) {
		wsline_service(janus->hub);
		(void)nanosleep(&some_ms, NULL); /* or shorter */
	}
	wsline_hub_free(janus->hub);
	free(janus->person);
	free(janus);
}

static const struct driver_ops ops = {prepare, join, leave, service, free_driver};

struct driver *driver_janus_new(const struct driver_config *config)
{
	struct janus *janus = calloc(1, sizeof(*janus));
	struct wsline_hub_config hub = {.path = "/janus",
					.protocol = "janus-protocol",
					.on_text = on_text,
					.on_state = on_state};

	if (!janus)
		return NULL;
	janus->base = (struct driver){.ops = &ops, .config = *config};
	janus->person = calloc(config->plan->seat_count, sizeof(*janus->person));
	/* main has looked at the URL. */
	(void)driver_split_url(config->url, &hub.is_secure, janus->host, &hub.port);
	hub.host = janus->host;
	if (!janus->person || wsline_hub_new(&janus->hub, &hub) != 0) {
		free_driver(&janus->base);
		return NULL;
	}
	return &janus->base;
}
