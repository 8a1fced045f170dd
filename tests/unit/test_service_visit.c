/* SPDX-License-Identifier: EUPL-1.2 */
/* A visit with a waiting room, message by message. */
#include <string.h>

#include "tests/unit/world.h"

enum {
	ANNA = 1,
	ELSA,
	OMAR,
	KARIN,
	NILS,
	WATCHER
};

static size_t count_people(const json_t *joined)
{
	return json_array_size(json_object_get(joined, "participants"));
}

static uint8_t circle_told(const struct world *w)
{
	const struct world_media *media = world_media(w, MEDIA_TRANSPORT_CIRCLE);

	g_assert_nonnull(media);
	return media->circle;
}

/* Both there, the patient let in. */
static void begin(struct world *w)
{
	world_arrive(w, ANNA, VISIT_ANNA);
	world_arrive(w, ELSA, VISIT_ELSA);
	world_send(w, ANNA, "{\"type\":\"admit\",\"participant\":\"p12\"}");
	g_assert_nonnull(world_last(w, ELSA, "admitted"));
}

static void who_waits_sees_nobody_and_is_seen_by_care_alone(void)
{
	struct world *w = world_new(1, 10);
	const json_t *joined, *other;

	begin(w);
	world_forget(w);
	world_arrive(w, OMAR, VISIT_OMAR);
	joined = world_last(w, OMAR, "joined");
	g_assert_cmpstr(world_text_of(json_object_get(joined, "self"), "admission"), ==, "waiting");
	g_assert_cmpuint(count_people(joined), ==, 0);
	g_assert_cmpuint(world_count(w, OMAR, "participant-joined"), ==, 0);
	g_assert_cmpuint(world_count(w, OMAR, "quality"), ==, 0);
	/* Its media goes up at once, into no circle. */
	g_assert_cmpuint(world_media(w, MEDIA_TRANSPORT_OPEN)->params->circle, ==,
			 MEDIA_CIRCLE_ALONE);
	other = json_object_get(world_last(w, ANNA, "participant-joined"), "participant");
	g_assert_cmpstr(world_text_of(other, "id"), ==, "p13");
	g_assert_cmpstr(world_text_of(other, "admission"), ==, "waiting");
	g_assert_cmpuint(world_count(w, ELSA, "participant-joined"), ==, 0);
	world_free(w);
}

static void admitted_means_seen_and_heard(void)
{
	struct world *w = world_new(1, 10);
	const json_t *other;

	world_arrive(w, ANNA, VISIT_ANNA);
	world_arrive(w, ELSA, VISIT_ELSA);
	world_forget(w);
	world_send(w, ANNA, "{\"type\":\"admit\",\"participant\":\"p12\"}");
	g_assert_cmpstr(world_text_of(world_last(w, ELSA, "admitted"), "by"), ==, "p11");
	other = json_object_get(world_last(w, ELSA, "participant-joined"), "participant");
	g_assert_cmpstr(world_text_of(other, "id"), ==, "p11");
	g_assert_cmpuint(circle_told(w), ==, MEDIA_CIRCLE_COMMON);
	g_assert_cmpstr(record_kind_name(world_record(w, RECORD_ADMITTED)->kind), ==, "admitted");
	g_assert_cmpstr(world_record(w, RECORD_ADMITTED)->by_staff_id, ==, "s1");
	g_assert_cmpint(world_record(w, RECORD_STATE)->state, ==, VISIT_IN_PROGRESS);
	world_free(w);
}

static void put_back_and_on_hold_end_sight_and_sound(void)
{
	static const char *const orders[] = {"put-back", "hold"};

	for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
		struct world *w = world_new(1, 10);

		begin(w);
		world_arrive(w, OMAR, VISIT_OMAR);
		world_send(w, ANNA, "{\"type\":\"admit\",\"participant\":\"p13\"}");
		world_forget(w);
		world_send(w, ANNA, "{\"type\":\"%s\",\"participant\":\"p12\"}", orders[i]);
		g_assert_nonnull(world_last(w, ELSA, "held"));
		g_assert_cmpstr(world_text_of(world_last(w, ELSA, "waiting"), "reason"), ==,
				i == 0 ? "queue" : "held");
		g_assert_cmpuint(circle_told(w), ==, MEDIA_CIRCLE_ALONE);
		/* The interpreter hears that she went; the clinician still knows where she is. */
		g_assert_cmpstr(
			world_text_of(world_last(w, OMAR, "participant-left"), "participant"), ==,
			"p12");
		g_assert_cmpuint(world_count(w, ANNA, "participant-left"), ==, 0);
		g_assert_nonnull(world_last(w, ANNA, "participant-updated"));
		/* What is said goes by her. */
		world_send(w, ANNA, "{\"type\":\"text\",\"seq\":0,\"t140\":\"x\"}");
		g_assert_nonnull(world_last(w, OMAR, "text"));
		g_assert_null(world_last(w, ELSA, "text"));
		world_free(w);
	}
}

static void the_queue_tells_who_is_ahead(void)
{
	struct world *w = world_new(1, 10);

	world_join(w, NILS, VISIT_NILS);
	world_pass(w, 1000000);
	world_join(w, ELSA, VISIT_ELSA);
	g_assert_cmpint(
		json_integer_value(json_object_get(world_last(w, ELSA, "waiting"), "place")), ==,
		2);
	g_assert_cmpstr(world_text_of(world_last(w, ELSA, "waiting"), "clinician"), ==, "away");
	g_assert_cmpstr(world_text_of(world_last(w, ELSA, "waiting"), "meet"), ==, "Anna Berg");
	g_assert_cmpstr(world_text_of(world_last(w, NILS, "waiting"), "reason"), ==, "interpreter");
	world_join(w, ANNA, VISIT_ANNA);
	g_assert_cmpstr(world_text_of(world_last(w, ELSA, "waiting"), "clinician"), ==, "here");
	g_assert_cmpstr(world_text_of(world_last(w, NILS, "waiting"), "clinician"), ==, "busy");
	/* Who was first gives up: one moves up, and hears it. */
	world_send(w, NILS, "{\"type\":\"leave\"}");
	g_assert_cmpint(
		json_integer_value(json_object_get(world_last(w, ELSA, "waiting"), "place")), ==,
		1);
	world_free(w);
}

static void a_private_talk_leaves_the_others_outside(void)
{
	struct world *w = world_new(1, 10);
	const json_t *outside;

	begin(w);
	world_arrive(w, KARIN, VISIT_KARIN);
	world_send(w, ANNA, "{\"type\":\"admit\",\"participant\":\"p14\"}");
	world_forget(w);
	world_send(w, ANNA, "{\"type\":\"private\",\"participants\":[\"p12\"]}");
	outside = world_last(w, KARIN, "private");
	g_assert_true(json_is_true(json_object_get(outside, "outside")));
	g_assert_cmpuint(
		json_array_size(json_object_get(world_last(w, ELSA, "private"), "participants")),
		==, 2);
	g_assert_cmpuint(world_media_count(w, MEDIA_TRANSPORT_CIRCLE), ==, 3);
	world_send(w, ELSA, "{\"type\":\"text\",\"seq\":0,\"t140\":\"x\"}");
	world_send(w, ELSA, "{\"type\":\"chat\",\"id\":\"m\",\"text\":\"x\"}");
	world_send(w, KARIN, "{\"type\":\"text\",\"seq\":0,\"t140\":\"y\"}");
	g_assert_nonnull(world_last(w, ANNA, "text"));
	g_assert_cmpuint(world_count(w, ANNA, "text"), ==, 1);
	g_assert_null(world_last(w, KARIN, "text"));
	g_assert_null(world_last(w, KARIN, "chat"));
	/* The clinician goes: a talk apart without her is none. */
	world_forget(w);
	world_send(w, ANNA, "{\"type\":\"leave\"}");
	g_assert_false(json_is_true(json_object_get(world_last(w, KARIN, "private"), "outside")));
	g_assert_cmpuint(circle_told(w), ==, MEDIA_CIRCLE_COMMON);
	world_free(w);
}

static void roles_may_what_the_table_says(void)
{
	struct world *w = world_new(1, 10);

	begin(w);
	world_send(w, ELSA, "{\"type\":\"admit\",\"participant\":\"p12\"}");
	g_assert_cmpstr(world_code(w, ELSA), ==, "not-allowed");
	world_arrive(w, KARIN, VISIT_KARIN);
	world_send(w, KARIN, "{\"type\":\"text\",\"seq\":0,\"t140\":\"x\"}");
	g_assert_cmpstr(world_code(w, KARIN), ==, "not-admitted");
	world_send(w, ANNA, "{\"type\":\"admit\",\"participant\":\"p99\"}");
	g_assert_cmpstr(world_code(w, ANNA), ==, "participant-unknown");
	world_forget(w);
	world_send(w, ANNA, "{\"type\":\"hold\",\"participant\":\"p11\"}");
	g_assert_cmpstr(world_code(w, ANNA), ==, "not-allowed");
	world_free(w);
}

static void a_removed_person_is_gone(void)
{
	struct world *w = world_new(1, 10);

	begin(w);
	world_send(w, ANNA, "{\"type\":\"remove\",\"participant\":\"p12\"}");
	g_assert_cmpstr(world_text_of(world_last(w, ELSA, "ended"), "reason"), ==, "removed");
	g_assert_cmpstr(world_text_of(world_last(w, ANNA, "participant-left"), "reason"), ==,
			"removed");
	g_assert_cmpuint(world_media_count(w, MEDIA_TRANSPORT_CLOSE), ==, 1);
	g_assert_nonnull(world_record(w, RECORD_REMOVED));
	world_free(w);
}

static void a_still_goes_only_after_a_yes(void)
{
	static const char still[] = "{\"type\":\"still\",\"to\":\"p11\",\"id\":\"r1\",\"bytes\":3,"
				    "\"seq\":0,\"count\":1,"
				    "\"data\":\"AAAA\",\"sha256\":\"00\"}";
	struct world *w = world_new(1, 10);

	begin(w);
	world_send(w, ELSA, "%s", still);
	g_assert_cmpstr(world_code(w, ELSA), ==, "not-allowed");
	world_send(w, ANNA,
		   "{\"type\":\"ask\",\"id\":\"r1\",\"act\":\"still\",\"participant\":\"p12\"}");
	g_assert_cmpstr(world_text_of(world_last(w, ELSA, "ask"), "from"), ==, "p11");
	world_send(w, ELSA,
		   "{\"type\":\"consent\",\"act\":\"still\",\"id\":\"r1\",\"given\":false,"
		   "\"wording\":\"Får jag?\"}");
	world_send(w, ELSA, "%s", still);
	g_assert_null(world_last(w, ANNA, "still"));
	world_send(w, ELSA,
		   "{\"type\":\"consent\",\"act\":\"still\",\"id\":\"r1\",\"given\":true,"
		   "\"wording\":\"Får jag?\"}");
	g_assert_cmpstr(world_record(w, RECORD_CONSENT)->text, ==, "Får jag?");
	g_assert_true(world_record(w, RECORD_CONSENT)->is_given);
	world_send(w, ELSA, "%s", still);
	g_assert_cmpstr(world_text_of(world_last(w, ANNA, "still"), "data"), ==, "AAAA");
	world_send(w, ANNA, "{\"type\":\"still-ack\",\"id\":\"r1\",\"seq\":0,\"to\":\"p12\"}");
	g_assert_cmpstr(world_text_of(world_last(w, ELSA, "still-ack"), "from"), ==, "p11");
	/* Another question's yes is not this one's. */
	world_send(w, ELSA,
		   "{\"type\":\"consent\",\"act\":\"screen\",\"id\":\"r1\",\"given\":true,"
		   "\"wording\":\"\"}");
	g_assert_cmpstr(world_code(w, ELSA), ==, "not-allowed");
	world_free(w);
}

static void text_goes_to_all_who_hear(void)
{
	struct world *w = world_new(1, 10);

	begin(w);
	world_arrive(w, OMAR, VISIT_OMAR);
	world_send(w, ANNA, "{\"type\":\"admit\",\"participant\":\"p13\"}");
	world_send(w, ELSA, "{\"type\":\"text\",\"seq\":7,\"t140\":\"hej\\b\"}");
	g_assert_cmpstr(world_text_of(world_last(w, OMAR, "text"), "t140"), ==, "hej\b");
	g_assert_cmpstr(world_text_of(world_last(w, ANNA, "text"), "participant"), ==, "p12");
	g_assert_null(world_last(w, ELSA, "text"));
	world_send(w, ELSA, "{\"type\":\"chat\",\"id\":\"m1\",\"text\":\"hej\"}");
	g_assert_cmpstr(world_text_of(world_last(w, ELSA, "chat"), "id"), ==, "m1");
	world_send(w, ELSA, "{\"type\":\"signing\",\"signing\":true}");
	g_assert_nonnull(world_last(w, OMAR, "signing"));
	world_free(w);
}

static void who_waits_and_care_write_to_each_other(void)
{
	struct world *w = world_new(1, 10);

	world_arrive(w, ANNA, VISIT_ANNA);
	world_arrive(w, ELSA, VISIT_ELSA);
	world_arrive(w, KARIN, VISIT_KARIN);
	world_send(w, ELSA, "{\"type\":\"chat\",\"id\":\"m1\",\"text\":\"Hör ni mig?\"}");
	g_assert_nonnull(world_last(w, ANNA, "chat"));
	g_assert_nonnull(world_last(w, ELSA, "chat"));
	g_assert_null(world_last(w, KARIN, "chat"));
	world_forget(w);
	world_send(w, KARIN, "{\"type\":\"leave\"}");
	world_send(w, ANNA, "{\"type\":\"chat\",\"id\":\"m2\",\"text\":\"Strax.\"}");
	g_assert_nonnull(world_last(w, ELSA, "chat"));
	world_free(w);
}

static void a_code_is_asked_for_and_makes_sure(void)
{
	struct world *w = world_new(1, 10);
	char code[16];

	world_join(w, ELSA, VISIT_CODE);
	g_assert_cmpstr(world_text_of(world_last(w, ELSA, "code-needed"), "sent_to"), ==,
			"•••• 12 34");
	g_strlcpy(code, world_record(w, RECORD_CODE_MADE)->text, sizeof(code));
	g_assert_cmpuint(strlen(code), ==, 6);
	world_join(w, ANNA, VISIT_BO);
	world_send(w, ANNA, "{\"type\":\"admit\",\"participant\":\"p16\"}");
	g_assert_cmpstr(world_code(w, ANNA), ==, "not-allowed");
	world_send(w, ELSA, "{\"type\":\"code\",\"code\":\"%d\"}", 1);
	g_assert_cmpstr(world_code(w, ELSA), ==, "bad-code");
	world_forget(w);
	world_send(w, ELSA, "{\"type\":\"code\",\"code\":\"%s\"}", code);
	g_assert_null(world_code(w, ELSA));
	g_assert_nonnull(world_last(w, ELSA, "waiting"));
	g_assert_nonnull(world_record(w, RECORD_CODE_PASSED));
	world_send(w, ANNA, "{\"type\":\"admit\",\"participant\":\"p16\"}");
	g_assert_nonnull(world_last(w, ELSA, "admitted"));
	/* It is good once. */
	world_send(w, ELSA, "{\"type\":\"code\",\"code\":\"%s\"}", code);
	g_assert_cmpstr(world_code(w, ELSA), ==, "bad-code");
	world_free(w);
}

/* Guessing ends: five tries at each of three codes, and then none is right any more. */
static void codes_cannot_be_guessed_for_ever(void)
{
	struct world *w = world_new(1, 10);
	size_t made = 0;

	world_join(w, ELSA, VISIT_CODE);
	for (int i = 0; i < 60; i++) {
		world_pass(w, 2000000);
		world_send(w, ELSA, "{\"type\":\"ping\"}");
		world_send(w, ELSA, "{\"type\":\"code\",\"code\":\"x\"}");
	}
	for (guint i = 0; i < w->records->len; i++)
		made += g_array_index(w->records, struct world_record, i).record.kind ==
			RECORD_CODE_MADE;
	g_assert_cmpuint(made, ==, 3);
	world_free(w);
}

static void a_clinician_vouches(void)
{
	struct world *w = world_new(1, 10);
	const json_t *person;

	begin(w);
	world_send(w, ANNA, "{\"type\":\"vouch\",\"participant\":\"p12\",\"how\":\"id-document\"}");
	person = json_object_get(world_last(w, ANNA, "participant-updated"), "participant");
	g_assert_cmpstr(world_text_of(person, "assurance"), ==, "C");
	g_assert_cmpstr(world_record(w, RECORD_VOUCHED)->detail, ==, "id-document");
	world_free(w);
}

static void a_visit_ends_with_its_outcome(void)
{
	struct world *w = world_new(1, 10);

	begin(w);
	world_send(w, ANNA, "{\"type\":\"end\",\"outcome\":\"solved\",\"reason\":\"link\"}");
	g_assert_cmpstr(world_code(w, ANNA), ==, "bad-message");
	world_send(w, ANNA, "{\"type\":\"end\",\"outcome\":\"physical-visit\",\"reason\":null}");
	g_assert_null(world_last(w, ELSA, "ended"));
	world_send(w, ANNA,
		   "{\"type\":\"end\",\"outcome\":\"physical-visit\",\"reason\":\"link\"}");
	g_assert_cmpstr(world_text_of(world_last(w, ELSA, "ended"), "reason"), ==, "ended");
	g_assert_cmpstr(world_text_of(world_last(w, ANNA, "ended"), "reason"), ==, "ended");
	g_assert_cmpint(world_record(w, RECORD_ENDED)->outcome, ==, OUTCOME_PHYSICAL_VISIT);
	world_free(w);
}

static void wishes_reach_the_clinician_alone(void)
{
	struct world *w = world_new(1, 10);

	begin(w);
	world_arrive(w, OMAR, VISIT_OMAR);
	world_send(w, ANNA, "{\"type\":\"admit\",\"participant\":\"p13\"}");
	world_send(w, ELSA, "{\"type\":\"wish\",\"wish\":\"physical-visit\"}");
	g_assert_cmpstr(world_text_of(world_last(w, ANNA, "wish"), "wish"), ==, "physical-visit");
	g_assert_null(world_last(w, OMAR, "wish"));
	world_free(w);
}

static void a_check_is_seen_by_nobody_and_comes_back(void)
{
	struct world *w = world_new(1, 10);
	const json_t *joined;

	world_arrive(w, ANNA, VISIT_ANNA);
	world_forget(w);
	world_open(w, ELSA);
	world_send(w, ELSA, "{\"type\":\"join\",\"v\":1,\"token\":\"%s\",\"check\":true}",
		   VISIT_ELSA);
	joined = world_last(w, ELSA, "joined");
	g_assert_true(json_is_true(json_object_get(joined, "check")));
	g_assert_cmpstr(world_text_of(joined, "resume"), ==, "");
	g_assert_cmpuint(count_people(joined), ==, 0);
	world_offer(w, ELSA, 1, 1, false);
	g_assert_true(world_media(w, MEDIA_TRANSPORT_OPEN)->params->is_mirror);
	g_assert_true(world_media(w, MEDIA_TRANSPORT_OPEN)->params->is_signalled);
	g_assert_null(world_last(w, ANNA, "participant-joined"));
	world_send(w, ELSA,
		   "{\"type\":\"checked\",\"up_kbps\":900,\"down_kbps\":2400,\"loss_percent\":1,"
		   "\"jitter_ms\":12,\"rtt_ms\":48,\"rtt_loaded_ms\":95,\"transport\":\"udp\","
		   "\"verdicts\":{\"talk\":\"good\",\"sign\":\"good\",\"skin\":\"poor\","
		   "\"movement\":\"no\",\"auscultation\":\"good\"}}");
	g_assert_cmpuint(world_record(w, RECORD_CHECKED)->check.down_kbps, ==, 2400);
	g_assert_null(world_record(w, RECORD_PRESENT));
	/* It does not last. */
	world_pass(w, 61000000);
	g_assert_cmpstr(world_text_of(world_last(w, ELSA, "ended"), "reason"), ==, "left");
	g_assert_cmpuint(world_media_count(w, MEDIA_TRANSPORT_CLOSE), ==, 1);
	world_free(w);
}

static void watchers_see_the_queue_of_their_units(void)
{
	struct world *w = world_new(1, 10);
	const json_t *queue, *person;

	world_arrive(w, ELSA, VISIT_ELSA);
	world_arrive(w, NILS, TOKEN_NILS); /* of no unit */
	world_open(w, WATCHER);
	world_send(w, WATCHER, "{\"type\":\"watch\",\"v\":1,\"ticket\":\"%s\"}", WATCH_TICKET);
	g_assert_cmpint(
		json_integer_value(json_object_get(world_last(w, WATCHER, "watching"), "count")),
		==, 1);
	queue = world_last(w, WATCHER, "queue");
	g_assert_cmpstr(world_text_of(queue, "consultation"), ==, "c4");
	person = json_array_get(json_object_get(queue, "participants"), 0);
	g_assert_cmpstr(world_text_of(person, "admission"), ==, "waiting");
	world_forget(w);
	world_join(w, ANNA, VISIT_ANNA);
	world_pass(w, 1100000);
	queue = world_last(w, WATCHER, "queue");
	g_assert_cmpuint(json_array_size(json_object_get(queue, "participants")), ==, 2);
	g_assert_cmpuint(world_count(w, WATCHER, "queue"), <=, 2);
	world_send(w, ANNA, "{\"type\":\"end\",\"outcome\":\"no-show\",\"reason\":null}");
	queue = world_last(w, WATCHER, "queue");
	g_assert_cmpuint(json_array_size(json_object_get(queue, "participants")), ==, 0);
	g_assert_cmpstr(world_text_of(queue, "state"), ==, "ended");
	world_free(w);
}

static void a_wrong_ticket_opens_nothing(void)
{
	struct world *w = world_new(1, 10);

	world_open(w, WATCHER);
	world_send(w, WATCHER, "{\"type\":\"watch\",\"v\":1,\"ticket\":\"%s\"}", TOKEN_WRONG);
	g_assert_cmpstr(world_code(w, WATCHER), ==, "ticket-unknown");
	g_assert_cmpuint(world_closed(w, WATCHER), ==, 1008);
	world_free(w);
}

static void who_is_logged_out_watches_no_longer(void)
{
	struct world *w = world_new(1, 10);

	world_open(w, WATCHER);
	world_send(w, WATCHER, "{\"type\":\"watch\",\"v\":1,\"ticket\":\"%s\"}", WATCH_TICKET);
	g_assert_nonnull(world_last(w, WATCHER, "watching"));
	service_watch_end(w->service, w->now_us, "s2");
	world_drain(w);
	g_assert_cmpuint(world_closed(w, WATCHER), ==, 0);
	service_watch_end(w->service, w->now_us, "s1");
	world_drain(w);
	g_assert_cmpstr(world_code(w, WATCHER), ==, "ticket-unknown");
	g_assert_cmpuint(world_closed(w, WATCHER), ==, 1008);
	world_forget(w);
	world_arrive(w, ELSA, VISIT_ELSA);
	g_assert_cmpuint(world_count(w, WATCHER, "queue"), ==, 0);
	world_free(w);
}

static void a_watch_ends_with_its_ticket(void)
{
	struct world *w = world_new(1, 10);

	world_open(w, WATCHER);
	world_send(w, WATCHER, "{\"type\":\"watch\",\"v\":1,\"ticket\":\"%s\"}", WATCH_TICKET);
	world_pass(w, WATCH_US - 1000000);
	g_assert_cmpuint(world_closed(w, WATCHER), ==, 0);
	world_pass(w, 1000000);
	g_assert_cmpstr(world_code(w, WATCHER), ==, "ticket-unknown");
	g_assert_cmpuint(world_closed(w, WATCHER), ==, 1008);
	world_free(w);
}

/* WHIP before admission goes nowhere, and WHEP shows nothing. */
static void standard_clients_wait_too(void)
{
	struct world *w = world_new(1, 10);
	char *sdp = world_sdp("sendonly", 0, "abcd");

	service_http_post(w->service, w->now_us, 1, SERVICE_WHIP, VISIT_KARIN, sdp, NULL);
	world_drain(w);
	g_assert_cmpint(world_reply(w, 1)->status, ==, 201);
	g_assert_cmpuint(world_media(w, MEDIA_TRANSPORT_OPEN)->params->circle, ==,
			 MEDIA_CIRCLE_ALONE);
	g_free(sdp);
	world_free(w);
}

/* The seat's page comes back and still waits, or is still in. */
static void a_seat_stands_where_it_stood_when_its_page_comes_back(void)
{
	struct world *w = world_new(1, 10);
	char *resume;

	begin(w);
	resume = world_resume_of(w, ELSA, "joined");
	service_client_gone(w->service, w->now_us, ELSA);
	world_drain(w);
	world_send(w, ANNA, "{\"type\":\"put-back\",\"participant\":\"p12\"}");
	world_resume(w, 9, resume);
	g_assert_cmpstr(
		world_text_of(json_object_get(world_last(w, 9, "resumed"), "self"), "admission"),
		==, "waiting");
	g_assert_cmpuint(count_people(world_last(w, 9, "resumed")), ==, 0);
	g_assert_nonnull(world_last(w, 9, "waiting"));
	g_free(resume);
	world_free(w);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} tests[] = {
		{"who_waits_sees_nobody_and_is_seen_by_care_alone",
		 who_waits_sees_nobody_and_is_seen_by_care_alone},
		{"admitted_means_seen_and_heard", admitted_means_seen_and_heard},
		{"put_back_and_on_hold_end_sight_and_sound",
		 put_back_and_on_hold_end_sight_and_sound},
		{"the_queue_tells_who_is_ahead", the_queue_tells_who_is_ahead},
		{"a_private_talk_leaves_the_others_outside",
		 a_private_talk_leaves_the_others_outside},
		{"roles_may_what_the_table_says", roles_may_what_the_table_says},
		{"a_removed_person_is_gone", a_removed_person_is_gone},
		{"a_still_goes_only_after_a_yes", a_still_goes_only_after_a_yes},
		{"text_goes_to_all_who_hear", text_goes_to_all_who_hear},
		{"who_waits_and_care_write_to_each_other", who_waits_and_care_write_to_each_other},
		{"a_code_is_asked_for_and_makes_sure", a_code_is_asked_for_and_makes_sure},
		{"codes_cannot_be_guessed_for_ever", codes_cannot_be_guessed_for_ever},
		{"a_clinician_vouches", a_clinician_vouches},
		{"a_visit_ends_with_its_outcome", a_visit_ends_with_its_outcome},
		{"wishes_reach_the_clinician_alone", wishes_reach_the_clinician_alone},
		{"a_check_is_seen_by_nobody_and_comes_back",
		 a_check_is_seen_by_nobody_and_comes_back},
		{"watchers_see_the_queue_of_their_units", watchers_see_the_queue_of_their_units},
		{"a_wrong_ticket_opens_nothing", a_wrong_ticket_opens_nothing},
		{"who_is_logged_out_watches_no_longer", who_is_logged_out_watches_no_longer},
		{"a_watch_ends_with_its_ticket", a_watch_ends_with_its_ticket},
		{"standard_clients_wait_too", standard_clients_wait_too},
		{"a_seat_stands_where_it_stood_when_its_page_comes_back",
		 a_seat_stands_where_it_stood_when_its_page_comes_back},
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
		char *path = g_strconcat("/service_visit/", tests[i].name, NULL);

		g_test_add_func(path, tests[i].run);
		g_free(path);
	}
	return g_test_run();
}
