/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/unit/world.h"

#include <string.h>

/* What all of unit u1 have in common. */
#define OF_VISIT(visit, person, called, as)                                                        \
	.consultation_id = (visit), .title = "Besök", .participant_id = (person),                  \
	.name = (called), .role = (as), .has_waiting_room = true, .unit_id = "u1",                 \
	.unit_name = "Storumans sjukstuga", .unit_phone = "0951-123 45", .responsible_id = "s1",   \
	.responsible_name = "Anna Berg", .planned_unix_s = 1795687200, .planned_minutes = 30,      \
	.admission = ADMISSION_WAITING

static const struct {
	const char *token;
	struct service_invite invite;
} invites[] = {
	{TOKEN_ANNA,
	 {
		 .consultation_id = "c1",
		 .title = "Uppföljning",
		 .is_ended = false,
		 .participant_id = "p1",
		 .name = "Anna Berg",
		 .role = ROLE_CLINICIAN,
	 }},
	{TOKEN_ELSA,
	 {
		 .consultation_id = "c1",
		 .title = "Uppföljning",
		 .is_ended = false,
		 .participant_id = "p2",
		 .name = "Elsa",
		 .role = ROLE_PATIENT,
	 }},
	{TOKEN_OMAR,
	 {
		 .consultation_id = "c1",
		 .title = "Uppföljning",
		 .is_ended = false,
		 .participant_id = "p3",
		 .name = "Omar",
		 .role = ROLE_INTERPRETER,
	 }},
	{TOKEN_NILS,
	 {
		 .consultation_id = "c2",
		 .title = "Sår",
		 .is_ended = false,
		 .participant_id = "p4",
		 .name = "Nils",
		 .role = ROLE_PATIENT,
	 }},
	{TOKEN_ENDED,
	 {
		 .consultation_id = "c3",
		 .title = "Förra",
		 .is_ended = true,
		 .participant_id = "p5",
		 .name = "Eva",
		 .role = ROLE_PATIENT,
	 }},
	{VISIT_ANNA, {OF_VISIT("c4", "p11", "Anna Berg", ROLE_CLINICIAN), .staff_id = "s1"}},
	{VISIT_ELSA, {OF_VISIT("c4", "p12", "Elsa", ROLE_PATIENT)}},
	{VISIT_OMAR, {OF_VISIT("c4", "p13", "Omar", ROLE_INTERPRETER)}},
	{VISIT_KARIN, {OF_VISIT("c4", "p14", "Karin", ROLE_RELATIVE)}},
	{VISIT_NILS,
	 {OF_VISIT("c5", "p15", "Nils", ROLE_PATIENT), .needs_interpreter = true, .has_check = true,
	  .check = VERDICT_POOR}},
	{VISIT_CODE,
	 {OF_VISIT("c6", "p16", "Eva", ROLE_PATIENT), .minimum_assurance = ASSURANCE_B,
	  .code_hint = "•••• 12 34"}},
	{VISIT_BO, {OF_VISIT("c6", "p17", "Bo Ek", ROLE_CLINICIAN), .staff_id = "s2"}},
	{VISIT_INES, {OF_VISIT("c5", "p18", "Ines", ROLE_INTERPRETER), .needs_interpreter = true}},
	{VISIT_CECI,
	 {OF_VISIT("c5", "p19", "Cecilia Ek", ROLE_CLINICIAN), .needs_interpreter = true,
	  .staff_id = "s1"}},
	{VISIT_EID,
	 {OF_VISIT("c6", "p20", "Erik", ROLE_PATIENT), .minimum_assurance = ASSURANCE_A,
	  .code_hint = "•••• 12 34"}},
	{VISIT_MUTE,
	 {OF_VISIT("c6", "p21", "Maja", ROLE_PATIENT), .minimum_assurance = ASSURANCE_B}},
};

struct world *world_new(size_t workers, size_t max_clients)
{
	return world_new_with(workers, max_clients, false);
}

struct world *world_new_with(size_t workers, size_t max_clients, bool has_eid)
{
	struct world *w = g_new0(struct world, 1);
	struct service_config config = {
		.rng = rng_seeded(11),
		.worker_count = workers,
		.max_clients = max_clients,
		.has_eid = has_eid,
		.unix_offset_us = (INT64_C(1795687200) - WORLD_PLANNED_S) * 1000000,
		.video_codecs = {CODEC_VP8, CODEC_H264, CODEC_NONE},
	};

	for (size_t i = 0; i < workers; i++) {
		config.worker[i].candidate_count = 1;
		g_assert_cmpint(addr_parse(&config.worker[i].candidate[0], "192.0.2.1",
					   (uint16_t)(10000 + i)),
				==, 0);
	}
	w->now_us = 1000000;
	w->is_store_answering = true;
	w->is_media_answering = true;
	w->texts = g_array_new(FALSE, TRUE, sizeof(struct world_text));
	w->medias = g_array_new(FALSE, TRUE, sizeof(struct world_media));
	w->replies = g_array_new(FALSE, TRUE, sizeof(struct world_reply));
	w->lookups = g_array_new(FALSE, TRUE, sizeof(uint64_t));
	w->records = g_array_new(FALSE, TRUE, sizeof(struct world_record));
	g_assert_cmpint(service_new(&w->service, w->now_us, &config), ==, 0);
	return w;
}

void world_free(struct world *w)
{
	service_free(w->service);
	world_forget(w);
	g_array_free(w->texts, TRUE);
	g_array_free(w->medias, TRUE);
	g_array_free(w->replies, TRUE);
	g_array_free(w->lookups, TRUE);
	g_array_free(w->records, TRUE);
	g_free(w);
}

void world_answer_lookup(struct world *w, uint64_t lookup, const char *token)
{
	for (size_t i = 0; i < G_N_ELEMENTS(invites); i++) {
		if (strcmp(invites[i].token, token) != 0)
			continue;
		service_invite_found(w->service, w->now_us, lookup, SERVICE_FOUND,
				     &invites[i].invite);
		return;
	}
	service_invite_found(w->service, w->now_us, lookup, SERVICE_NOT_FOUND, NULL);
}

static void keep_text(struct world *w, const struct service_output *out)
{
	struct world_text text = {.client = out->client, .close_code = out->close_code};

	if (out->type == SERVICE_CLIENT_TEXT) {
		g_assert_cmpuint(strlen(out->text), ==, out->text_len);
		text.json = json_loads(out->text, 0, NULL);
		g_assert_nonnull(text.json);
	}
	/* Nothing may follow the close of a connection. */
	g_assert_cmpuint(world_closed(w, out->client), ==, 0);
	g_array_append_val(w->texts, text);
}

static void keep_media(struct world *w, const struct service_output *out)
{
	struct world_media media = {
		.worker = out->worker,
		.type = out->command.type,
		.room_id = out->command.room_id,
		.transport_id = out->command.transport_id,
		.circle = out->command.circle,
		.params = out->command.params ? transport_params_dup(out->command.params) : NULL,
	};

	g_array_append_val(w->medias, media);
}

static void keep_reply(struct world *w, const struct service_output *out)
{
	struct world_reply reply = {
		.request = out->request,
		.status = out->status,
		.body = g_strdup(out->body),
		.resource = g_strdup(out->resource),
		.etag = g_strdup(out->etag),
		.problem = g_strdup(out->problem),
	};

	g_assert_null(world_reply(w, out->request));
	g_assert_cmpint(out->status >= 400, ==, out->problem != NULL);
	g_array_append_val(w->replies, reply);
}

static void keep_record(struct world *w, const struct service_record *record)
{
	struct world_record kept = {.record = *record, .text = g_strdup(record->text)};

	kept.record.text = kept.text;
	g_array_append_val(w->records, kept);
}

static void answer_ticket(struct world *w, const struct service_output *out)
{
	const struct service_ticket ticket = {.staff_id = "s1",
					      .unit_id = {"u1"},
					      .unit_count = 1,
					      .ends_us = w->now_us + WATCH_US};
	bool is_good = strcmp(out->token, WATCH_TICKET) == 0;

	service_ticket_found(w->service, w->now_us, out->lookup,
			     is_good ? SERVICE_FOUND : SERVICE_NOT_FOUND, is_good ? &ticket : NULL);
}

/* True: the output made the world call the service, so what it lent is gone. */
static void take(struct world *w, const struct service_output *out)
{
	char *token;
	uint32_t transport_id = out->command.transport_id;

	switch (out->type) {
	case SERVICE_CLIENT_TEXT:
	case SERVICE_CLIENT_CLOSE:
		keep_text(w, out);
		break;
	case SERVICE_FIND_INVITE:
		token = g_strdup(out->token);
		if (w->is_store_answering)
			world_answer_lookup(w, out->lookup, token);
		else
			g_array_append_val(w->lookups, out->lookup);
		g_free(token);
		break;
	case SERVICE_MEDIA:
		keep_media(w, out);
		if (w->is_media_answering && out->command.params != NULL)
			service_media_done(w->service, w->now_us, transport_id, w->media_result);
		break;
	case SERVICE_HTTP_REPLY:
		keep_reply(w, out);
		break;
	case SERVICE_FIND_TICKET:
		answer_ticket(w, out);
		break;
	case SERVICE_RECORD:
		keep_record(w, out->record);
		break;
	}
}

void world_drain(struct world *w)
{
	struct service_output out;

	while (service_output(w->service, &out))
		take(w, &out);
}

void world_pass(struct world *w, int64_t us)
{
	int64_t until_us = w->now_us + us;

	while (service_deadline_us(w->service) <= until_us) {
		w->now_us = MAX(w->now_us, service_deadline_us(w->service));
		service_timeout(w->service, w->now_us);
		world_drain(w);
	}
	w->now_us = until_us;
}

void world_open(struct world *w, uint64_t client)
{
	service_client_open(w->service, w->now_us, client);
	world_drain(w);
}

void world_send(struct world *w, uint64_t client, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	service_client_text(w->service, w->now_us, client, text, strlen(text));
	g_free(text);
	world_drain(w);
}

void world_join(struct world *w, uint64_t client, const char *token)
{
	world_open(w, client);
	world_send(w, client, "{\"type\":\"join\",\"v\":1,\"token\":\"%s\"}", token);
}

static void add_mline(GString *sdp, size_t mid, const char *kind, const char *codec,
		      const char *direction, const char *ufrag)
{
	g_string_append_printf(
		sdp,
		"m=%s 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:%zu\r\n"
		"a=ice-ufrag:%s\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n"
		"a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:"
		"44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n"
		"a=setup:actpass\r\na=rtcp-mux\r\na=%s\r\na=rtpmap:96 %s\r\n",
		kind, mid, ufrag, direction, codec);
}

char *world_sdp(const char *direction, size_t slots, const char *ufrag)
{
	GString *sdp = g_string_new("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
				    "a=group:BUNDLE");
	size_t mid = 0;

	for (size_t i = 0; i < 2 + 2 * slots; i++)
		g_string_append_printf(sdp, " %zu", i);
	g_string_append(sdp, "\r\n");
	add_mline(sdp, mid++, "audio", "opus/48000/2", direction, ufrag);
	add_mline(sdp, mid++, "video", "VP8/90000", direction, ufrag);
	for (size_t i = 0; i < slots; i++) {
		add_mline(sdp, mid++, "audio", "opus/48000/2", "recvonly", ufrag);
		add_mline(sdp, mid++, "video", "VP8/90000", "recvonly", ufrag);
	}
	return g_string_free(sdp, FALSE);
}

void world_offer(struct world *w, uint64_t client, int seq, size_t slots, bool is_fresh)
{
	char *sdp = world_sdp("sendonly", slots, "abcd");
	json_t *offer = json_pack("{s:s, s:i, s:b, s:s, s:[{s:s, s:s}]}", "type", "offer", "seq",
				  seq, "fresh", is_fresh, "sdp", sdp, "sources", "mid", "1",
				  "source", "exam-camera");
	char *text = json_dumps(offer, 0);

	world_send(w, client, "%s", text);
	free(text);
	json_decref(offer);
	g_free(sdp);
}

void world_event(struct world *w, const struct engine_event *event)
{
	service_media_event(w->service, w->now_us, event);
	world_drain(w);
}

const json_t *world_last(const struct world *w, uint64_t client, const char *type)
{
	for (guint i = w->texts->len; i > 0; i--) {
		const struct world_text *text = &g_array_index(w->texts, struct world_text, i - 1);

		if (text->client == client && text->json != NULL &&
		    strcmp(json_string_value(json_object_get(text->json, "type")), type) == 0)
			return text->json;
	}
	return NULL;
}

size_t world_count(const struct world *w, uint64_t client, const char *type)
{
	size_t count = 0;

	for (guint i = 0; i < w->texts->len; i++) {
		const struct world_text *text = &g_array_index(w->texts, struct world_text, i);

		count += text->client == client && text->json != NULL &&
			 strcmp(json_string_value(json_object_get(text->json, "type")), type) == 0;
	}
	return count;
}

uint16_t world_closed(const struct world *w, uint64_t client)
{
	for (guint i = 0; i < w->texts->len; i++) {
		const struct world_text *text = &g_array_index(w->texts, struct world_text, i);

		if (text->client == client && text->json == NULL)
			return text->close_code;
	}
	return 0;
}

const struct world_media *world_media(const struct world *w, enum media_command_type type)
{
	for (guint i = w->medias->len; i > 0; i--) {
		const struct world_media *media =
			&g_array_index(w->medias, struct world_media, i - 1);

		if (media->type == type)
			return media;
	}
	return NULL;
}

size_t world_media_count(const struct world *w, enum media_command_type type)
{
	size_t count = 0;

	for (guint i = 0; i < w->medias->len; i++)
		count += g_array_index(w->medias, struct world_media, i).type == type;
	return count;
}

const struct world_reply *world_reply(const struct world *w, uint64_t request)
{
	for (guint i = 0; i < w->replies->len; i++) {
		const struct world_reply *reply = &g_array_index(w->replies, struct world_reply, i);

		if (reply->request == request)
			return reply;
	}
	return NULL;
}

void world_forget(struct world *w)
{
	for (guint i = 0; i < w->texts->len; i++)
		json_decref(g_array_index(w->texts, struct world_text, i).json);
	for (guint i = 0; i < w->medias->len; i++)
		free(g_array_index(w->medias, struct world_media, i).params);
	for (guint i = 0; i < w->replies->len; i++) {
		struct world_reply *reply = &g_array_index(w->replies, struct world_reply, i);

		g_free(reply->body);
		g_free(reply->resource);
		g_free(reply->etag);
		g_free(reply->problem);
	}
	for (guint i = 0; i < w->records->len; i++)
		g_free(g_array_index(w->records, struct world_record, i).text);
	g_array_set_size(w->records, 0);
	g_array_set_size(w->texts, 0);
	g_array_set_size(w->medias, 0);
	g_array_set_size(w->replies, 0);
}

const struct service_record *world_record(const struct world *w, enum record_kind kind)
{
	for (guint i = w->records->len; i > 0; i--) {
		const struct world_record *kept =
			&g_array_index(w->records, struct world_record, i - 1);

		if (kept->record.kind == kind)
			return &kept->record;
	}
	return NULL;
}

const char *world_text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

const char *world_code(const struct world *w, uint64_t client)
{
	const json_t *error = world_last(w, client, "error");

	return error != NULL ? world_text_of(error, "code") : NULL;
}

uint32_t world_transport(const struct world *w)
{
	const struct world_media *open = world_media(w, MEDIA_TRANSPORT_OPEN);

	g_assert_nonnull(open);
	return open->transport_id;
}

uint32_t world_arrive(struct world *w, uint64_t client, const char *token)
{
	uint32_t transport;

	world_join(w, client, token);
	world_offer(w, client, 1, 3, false);
	transport = world_transport(w);
	world_event(w, &(struct engine_event){.type = ENGINE_TRANSPORT_CONNECTED,
					      .transport_id = transport});
	return transport;
}

uint32_t world_track(const struct world *w, size_t mline)
{
	return world_media(w, MEDIA_TRANSPORT_OPEN)->params->mline[mline].track_id;
}

const char *world_told_link(const struct world *w, uint64_t client)
{
	const json_t *message = world_last(w, client, "participant-updated");

	return message != NULL ? world_text_of(json_object_get(message, "participant"), "link")
			       : NULL;
}

char *world_resume_of(const struct world *w, uint64_t client, const char *type)
{
	return g_strdup(world_text_of(world_last(w, client, type), "resume"));
}

void world_resume(struct world *w, uint64_t client, const char *token)
{
	world_open(w, client);
	world_send(w, client, "{\"type\":\"resume\",\"v\":1,\"resume\":\"%s\"}", token);
}
