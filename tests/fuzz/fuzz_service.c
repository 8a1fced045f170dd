/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A service among clients, a store and workers that do anything in any order. Each byte pair is a
 * step: what happens, and to whom. Asserts in the service and its leak-free end are the test; the
 * world here checks that every HTTP request gets one answer and that nothing follows a close.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/base/bytes.h"
#include "signaling/service.h"
#include "tests/fuzz/fuzz.h"

#define PEOPLE	 4
#define MAX_KEPT 64

struct place {
	struct service *service;
	int64_t now_us;
	uint64_t clients, requests;
	uint64_t lookups[MAX_KEPT];
	size_t lookup_count;
	uint32_t transports[MAX_KEPT];
	size_t transport_count;
	uint32_t tracks[MAX_KEPT];
	size_t track_count;
	char resume[PEOPLE][32];
	char resource[PEOPLE][32];
	size_t resource_count;
	uint64_t answered;
	bool is_closed[256];
};

static const char *const tokens[PEOPLE] = {"AAAAAAAAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBBBBBBBA",
					   "CCCCCCCCCCCCCCCCCCCCCA", "DDDDDDDDDDDDDDDDDDDDDA"};

static const char offer[] =
	"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
	"a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=setup:actpass\r\n"
	"a=fingerprint:sha-256 "
	"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:"
	"77:88:99:AA:BB:CC:DD:EE:FF\r\n"
	"m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=rtcp-mux\r\na=rtpmap:96 opus/48000/2\r\n"
	"m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=mid:1\r\na=rtcp-mux\r\na=rtpmap:97 VP8/90000\r\n";

static void keep_params(struct place *p, const struct transport_params *params)
{
	if (p->transport_count < MAX_KEPT)
		p->transports[p->transport_count++] = params->transport_id;
	for (size_t i = 0; i < params->mline_count; i++) {
		if (params->mline[i].track_id != 0 && p->track_count < MAX_KEPT)
			p->tracks[p->track_count++] = params->mline[i].track_id;
	}
}

static void keep_resume(struct place *p, const struct service_output *out)
{
	const char *found = strstr(out->text, "\"resume\":\"");

	if (found != NULL)
		(void)snprintf(p->resume[out->client % PEOPLE], 23, "%s", found + 10);
}

static void drain(struct place *p)
{
	struct service_output out;

	while (service_output(p->service, &out)) {
		switch (out.type) {
		case SERVICE_CLIENT_TEXT:
			assert(!p->is_closed[out.client]);
			assert(strlen(out.text) == out.text_len);
			keep_resume(p, &out);
			break;
		case SERVICE_CLIENT_CLOSE:
			assert(!p->is_closed[out.client]);
			p->is_closed[out.client] = true;
			break;
		case SERVICE_FIND_INVITE:
			if (p->lookup_count < MAX_KEPT)
				p->lookups[p->lookup_count++] = out.lookup;
			break;
		case SERVICE_FIND_TICKET: {
			const struct service_ticket ticket = {.unit_id = {"u"}, .unit_count = 1};

			service_ticket_found(p->service, p->now_us, out.lookup, SERVICE_FOUND,
					     &ticket);
			break;
		}
		case SERVICE_RECORD:
			assert(out.record->consultation_id[0] != '\0');
			break;
		case SERVICE_MEDIA:
			if (out.command.params != NULL)
				keep_params(p, out.command.params);
			break;
		case SERVICE_HTTP_REPLY:
			assert(out.request > 0 && out.request <= p->requests);
			p->answered++;
			if (out.status == 201)
				(void)snprintf(p->resource[p->resource_count++ % PEOPLE], 32, "%s",
					       out.resource);
			break;
		}
	}
}

/* The offer as a message; its line ends escaped. */
static char *offer_text(bool is_fresh)
{
	size_t cap = 2 * sizeof(offer) + 128;
	char *text = malloc(cap);
	struct wr w = wr_init((uint8_t *)text, cap);
	const char *head =
		is_fresh ? "{\"type\":\"offer\",\"seq\":1,\"fresh\":true,\"sources\":[],\"sdp\":\""
			 : "{\"type\":\"offer\",\"seq\":1,\"sources\":[],\"sdp\":\"";

	wr_bytes(&w, head, strlen(head));
	for (const char *at = offer; *at != '\0'; at++) {
		if (*at == '\r')
			wr_bytes(&w, "\\r", 2);
		else if (*at == '\n')
			wr_bytes(&w, "\\n", 2);
		else
			wr_u8(&w, (uint8_t)*at);
	}
	wr_bytes(&w, "\"}", 3);
	assert(wr_ok(&w));
	return text;
}

/* What is said in a visit; %s is somebody's id. */
static const char *const said[] = {
	"{\"type\":\"admit\",\"participant\":\"%s\"}",
	"{\"type\":\"put-back\",\"participant\":\"%s\"}",
	"{\"type\":\"hold\",\"participant\":\"%s\"}",
	"{\"type\":\"remove\",\"participant\":\"%s\"}",
	"{\"type\":\"private\",\"participants\":[\"%s\"]}",
	"{\"type\":\"private\",\"participants\":[]}",
	"{\"type\":\"vouch\",\"participant\":\"%s\",\"how\":\"known\"}",
	"{\"type\":\"code\",\"code\":\"123456\"}",
	"{\"type\":\"ask\",\"id\":\"r\",\"act\":\"still\",\"participant\":\"%s\"}",
	"{\"type\":\"consent\",\"act\":\"still\",\"id\":\"r\",\"given\":true,\"wording\":\"w\"}",
	"{\"type\":\"still\",\"to\":\"%s\",\"id\":\"r\",\"bytes\":3,\"seq\":0,\"count\":1,"
	"\"data\":\"AAAA\",\"sha256\":\"00\"}",
	"{\"type\":\"still-ack\",\"id\":\"r\",\"seq\":0,\"to\":\"%s\"}",
	"{\"type\":\"pointer\",\"participant\":\"%s\",\"x\":0.5,\"y\":null}",
	"{\"type\":\"chat\",\"id\":\"m\",\"text\":\"t\"}",
	"{\"type\":\"chat\",\"to\":\"%s\",\"id\":\"m\",\"text\":\"t\"}",
	"{\"type\":\"text\",\"seq\":0,\"t140\":\"t\"}",
	"{\"type\":\"signing\",\"signing\":true}",
	"{\"type\":\"wish\",\"wish\":\"help\"}",
	"{\"type\":\"invite-request\",\"role\":\"relative\",\"name\":\"n\"}",
	"{\"type\":\"invite-made\",\"participant\":\"%s\",\"link\":\"l\"}",
	"{\"type\":\"interpreter-number\",\"number\":\"1\",\"name\":\"n\"}",
	"{\"type\":\"hand-over\",\"staff\":\"%s\"}",
	"{\"type\":\"end\",\"outcome\":\"solved\",\"reason\":null}",
	"{\"type\":\"watch\",\"v\":1,\"ticket\":\"AAAAAAAAAAAAAAAAAAAAAA\"}",
	"{\"type\":\"join\",\"v\":1,\"token\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"check\":true}",
	"{\"type\":\"checked\",\"up_kbps\":1,\"down_kbps\":1,\"loss_percent\":1,\"jitter_ms\":1,"
	"\"rtt_ms\":1,\"rtt_loaded_ms\":1,\"transport\":\"udp\",\"verdicts\":{\"talk\":\"good\","
	"\"sign\":\"no\",\"skin\":\"no\",\"movement\":\"no\",\"auscultation\":\"poor\"}}",
};

#define SAID (sizeof(said) / sizeof(said[0]))

/* Every template has a place for the id, or none: it is put in by hand. */
static void say(struct place *p, uint64_t client, uint8_t what)
{
	const char *template = said[what % SAID];
	const char *at = strstr(template, "%s");
	char text[512];

	if (at == NULL)
		(void)snprintf(text, sizeof(text), "%s", template);
	else
		(void)snprintf(text, sizeof(text), "%.*sp%d%s", (int)(at - template), template,
			       what % PEOPLE, at + 2);
	service_client_text(p->service, p->now_us, client, text, strlen(text));
}

static void send_text(struct place *p, uint64_t client, uint8_t what)
{
	char *text = NULL;
	const char *token = tokens[what / 8 % PEOPLE];

	switch (what % 8) {
	case 0:
	case 1:
		text = malloc(256);
		(void)snprintf(text, 256, "{\"type\":\"join\",\"v\":1,\"token\":\"%s\"}", token);
		break;
	case 2:
		text = malloc(256);
		(void)snprintf(text, 256, "{\"type\":\"resume\",\"v\":1,\"resume\":\"%s\"}",
			       p->resume[what / 8 % PEOPLE]);
		break;
	case 3:
		text = strdup("{\"type\":\"leave\"}");
		break;
	case 4:
		text = strdup("{\"type\":\"mute\",\"source\":\"camera\",\"muted\":true}");
		break;
	case 5:
		text = strdup((what & 8) != 0	 ? "{\"type\":\"set-mode\",\"mode\":\"skin\"}"
			      : (what & 16) != 0 ? "{\"type\":\"set-mode\",\"mode\":\"talk\"}"
						 : "{\"type\":\"dance\"}");
		break;
	default:
		text = offer_text((what & 8) != 0);
		break;
	}
	service_client_text(p->service, p->now_us, client, text, strlen(text));
	free(text);
}

static void answer_lookup(struct place *p, uint8_t what)
{
	struct service_invite invite = {.title = "T", .name = "N", .role = ROLE_PATIENT};

	if (p->lookup_count == 0)
		return;
	invite.is_ended = what % 16 == 15;
	invite.role = (what & 4) != 0 ? ROLE_CLINICIAN : ROLE_PATIENT;
	/* Every other one has a waiting room and wants a code. */
	invite.has_waiting_room = what / 2 % 2 == 1;
	invite.admission = ADMISSION_WAITING;
	invite.minimum_assurance = ASSURANCE_B;
	(void)snprintf(invite.code_hint, sizeof(invite.code_hint), "1");
	(void)snprintf(invite.unit_id, sizeof(invite.unit_id), "u");
	(void)snprintf(invite.consultation_id, sizeof(invite.consultation_id), "c%d", what / 2 % 2);
	(void)snprintf(invite.participant_id, sizeof(invite.participant_id), "p%d", what % PEOPLE);
	service_invite_found(p->service, p->now_us, p->lookups[--p->lookup_count],
			     what % 32 == 31 ? SERVICE_FIND_FAILED : SERVICE_FOUND, &invite);
}

static void media_event(struct place *p, uint8_t what)
{
	struct engine_event event = {.type = what % (ENGINE_WANT + 1),
				     .mid = "0",
				     .kind = what & 1 ? MEDIA_VIDEO : MEDIA_AUDIO,
				     .wanted = what,
				     .is_speaking = (what & 64) != 0,
				     .reason = what / 11 % 3,
				     .rtt_us = what * 4000,
				     .loss_up_permille = what,
				     .loss_down_permille = -1,
				     .down_bps = what * 10000U,
				     .up_bps = what * 3000U,
				     .picture = what / 11 % 4,
				     .want = {.encodings = what % 8,
					      .max_bps = what * 5000U,
					      .ptime_ms = what / 11 * 20,
					      .is_redundant = what & 1}};

	/* Slots are of the m-line that the track is of, as the engine has them. */
	event.mid[0] = (what & 1) != 0 ? '1' : '0';
	if (p->transport_count == 0)
		return;
	event.transport_id = p->transports[what % p->transport_count];
	if (p->track_count > 0)
		event.track_id = p->tracks[what % p->track_count];
	service_media_event(p->service, p->now_us, &event);
}

static void http(struct place *p, uint8_t what)
{
	enum service_http_kind kind = (what & 4) != 0 ? SERVICE_WHEP : SERVICE_WHIP;
	const char *token = tokens[what / 8 % PEOPLE];
	const char *resource = p->resource[what / 8 % PEOPLE];
	uint64_t request = ++p->requests;

	if (what % 4 < 2)
		service_http_post(p->service, p->now_us, request, kind, token, offer,
				  (what & 128) != 0 ? "p1" : NULL);
	else if (what % 4 == 2)
		service_http_patch(p->service, p->now_us, request, kind, resource, token, "*",
				   "a=ice-ufrag:wxyz\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n");
	else
		service_http_delete(p->service, p->now_us, request, kind, resource, token);
}

static void step(struct place *p, uint8_t kind, uint8_t what)
{
	uint64_t client = 1 + (p->clients > 0 ? what % p->clients : 0);

	switch (kind % 10) {
	case 0:
		if (p->clients < 255)
			service_client_open(p->service, p->now_us, ++p->clients);
		break;
	case 1:
	case 2:
		send_text(p, 1 + (p->clients > 0 ? kind / 10 % p->clients : 0), what);
		break;
	case 3:
		service_client_gone(p->service, p->now_us, client);
		break;
	case 4:
		answer_lookup(p, what);
		break;
	case 5:
		if (p->transport_count > 0)
			service_media_done(p->service, p->now_us,
					   p->transports[what % p->transport_count],
					   what > 240 ? -28 : 0);
		break;
	case 6:
		media_event(p, what);
		break;
	case 7:
		http(p, what);
		break;
	case 8:
		say(p, 1 + (p->clients > 0 ? kind / 10 % p->clients : 0), what);
		break;
	default:
		p->now_us += (int64_t)what * what * 4000;
		service_timeout(p->service, p->now_us);
		if (what == 255)
			service_consultation_ended(p->service, p->now_us, "c1");
		if (what == 254)
			service_drain(p->service, p->now_us);
		break;
	}
	if ((what & 1) != 0)
		drain(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct service_config config = {.rng = rng_seeded(1),
					.worker_count = 2,
					.max_clients = 6,
					.video_codecs = {CODEC_VP8, CODEC_NONE}};
	struct place *p = calloc(1, sizeof(*p));
	struct rd rd = rd_init(data, size > 4000 ? 4000 : size);

	assert(p != NULL);
	assert(service_new(&p->service, 0, &config) == 0);
	while (rd_left(&rd) >= 2) {
		uint8_t kind = rd_u8(&rd);

		step(p, kind, rd_u8(&rd));
	}
	drain(p);
	/* However it went, time answers every request. */
	for (int i = 0; i < 4; i++) {
		p->now_us += 10000000;
		service_timeout(p->service, p->now_us);
		drain(p);
	}
	assert(p->answered == p->requests);
	service_free(p->service);
	free(p);
	return 0;
}
