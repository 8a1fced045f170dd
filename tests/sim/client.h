/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A minimal client for simulations: checks by libnice, DTLS and SRTP by media/wire, fake Opus and
 * VP8 whose payloads tell who sent which frame when, NACK and RTX both ways, reports each second.
 * What the engine must know of it comes from client_params. Sans-IO like what it tests: world.h
 * moves its datagrams and its clock.
 */
#ifndef VIDD_TESTS_SIM_CLIENT_H
#define VIDD_TESTS_SIM_CLIENT_H

#include "media/base/rng.h"
#include "media/base/seq.h"
#include "media/rate/arrival.h"
#include "media/route/params.h"
#include "media/stream/nack.h"
#include "media/stream/recv.h"
#include "tests/sim/net.h"
#include "tests/support/stun_client.h"

#define CLIENT_SOURCES 4
#define CLIENT_SLOTS   24
#define CLIENT_HISTORY 512
#define CLIENT_SEEN    65536

/* What every fake payload says of itself. */
struct client_label {
	uint32_t track_id;
	uint8_t encoding;
	uint8_t part; /* of the frame */
	uint8_t parts;
	uint32_t frame;
	int64_t captured_us;
};

struct client_encoding {
	uint32_t ssrc;
	uint32_t rtx_ssrc;
	uint16_t seq;
	uint16_t rtx_seq;
	uint32_t ts_base;
	uint32_t last_ts;
	uint16_t picture_id;
	uint8_t tl0picidx;
	uint8_t keyidx;
	uint32_t frame;
	bool is_off;
	bool wants_keyframe;
	uint32_t packets;
	uint32_t octets;
	uint32_t keyframes;
	uint32_t requests; /* PLI and FIR received */
	uint32_t nacks;	   /* sequence numbers asked for */
	struct client_kept {
		uint16_t seq;
		uint16_t len;
		uint16_t protected_len;
		uint8_t plain[1400];
		uint8_t protected[1400];
	} * history;
};

struct client_source {
	enum media_kind kind;
	uint32_t track_id;
	size_t encoding_count; /* more than one: named by rid */
	bool is_on;
	bool is_red;
	int64_t next_us;
	int64_t period_us;
	int64_t capture_lag_us; /* how much older than its sending a frame is */
	struct client_encoding encoding[LIMIT_ENCODINGS];
};

struct client_packet {
	int64_t now_us;
	uint16_t seq;
	uint32_t timestamp;
	uint8_t pt;
	bool marker;
	bool is_rtx;
	struct rtp_exts exts; /* borrowed */
	struct codec_frame frame;
	struct client_label label;
	size_t payload_len;
};

struct client_slot {
	enum media_kind kind;
	uint32_t ssrc;
	uint32_t rtx_ssrc;
	struct recv_stats recv;
	struct nack nack;
	struct seq_unwrap unwrap;
	int64_t first_seq;
	int64_t highest_seq;
	uint8_t *seen;
	uint64_t received; /* each number once */
	uint64_t duplicates;
	uint64_t recovered; /* came by RTX */
	uint64_t keyframes;
	uint64_t rejected; /* could not be unprotected */
	bool has_report;
	int64_t report_us; /* of the last sender report, the engine's clock */
	uint32_t report_ts;
	uint64_t reports;
	bool said_bye;
	struct client_packet last;
};

struct client;

/* Per received packet, each number once, for tests that look closer. */
typedef void (*client_watch_fn)(struct client *client, struct client_slot *slot,
				const struct client_packet *packet, void *arg);

struct client_config {
	uint32_t id; /* transport and owner */
	uint64_t seed;
	enum dtls_role engine_role; /* DTLS_SERVER: the client starts */
	size_t audio_slots;
	size_t video_slots;
	bool has_rtx;
	bool has_red;
	bool has_tcc;
	bool is_signalled; /* see transport_params */
	bool stops_naming; /* no MID and RID any more once a report came, as browsers do */
	/* Packets of a picture, one more or less by the second, keyframes four times as many and
	 * each 10 s; 0: 2, keyframes 6. */
	uint8_t picture_parts;
	uint8_t pt_base;       /* payload types pt_base..pt_base+5 */
	uint8_t ext_base;      /* extension ids from here */
	int64_t ntp_offset_us; /* its wall clock minus the simulation's */
};

struct client {
	struct client_config config;
	struct net *net;
	struct rng rng;
	struct net_link up;
	struct net_link down;
	struct path path;
	struct ice_credentials local;
	struct ice_credentials remote; /* the engine's */
	uint8_t engine_fingerprint[CERT_FINGERPRINT_BYTES];
	const struct cert *cert;
	StunAgent stun;
	uint8_t request[512]; /* the check under way, or answered */
	size_t request_len;
	bool is_answered;
	bool is_checked;
	bool is_silent; /* sends nothing at all any more */
	int64_t check_us;
	uint32_t checks_ok;
	struct dtls *dtls;
	struct srtp_link *srtp;
	enum srtp_link_profile profile;
	int64_t connected_us; /* 0: not yet */
	bool was_closed;      /* the engine said close_notify */
	struct client_source source[CLIENT_SOURCES];
	size_t source_count;
	struct client_slot slot[CLIENT_SLOTS];
	size_t slot_count;
	struct transport_params *known; /* client_known() */
	uint16_t transport_seq;
	int64_t report_us;
	struct arrival arrival; /* of what came, for feedback */
	uint64_t tcc_feedbacks;
	uint64_t tcc_arrivals;
	uint64_t receiver_reports;
	uint64_t rejected; /* datagrams that did not unprotect */
	uint64_t digest;   /* FNV-1a over all plaintext media and its times */
	client_watch_fn watch;
	void *watch_arg;
};

void client_init(struct client *client, struct net *net, const struct cert *cert,
		 const struct client_config *config);
void client_close(struct client *client);
/* Adds a source before client_params is asked; returns it. */
struct client_source *client_add_source(struct client *client, enum media_kind kind,
					uint32_t track_id, size_t encodings);
/* As signaling would negotiate it. Sources are m-lines "0".., slots follow. */
void client_params(const struct client *client, uint32_t room_id, struct transport_params *out);
/* The same, made once for the m-lines' sake: what belongs to a packet is looked up here. */
const struct transport_params *client_known(struct client *client);
/* New credentials on both sides, checks at once; client_params then carries the restart. */
void client_restart_ice(struct client *client, int64_t now_us);

void client_input(struct client *client, int64_t now_us, const uint8_t *data, size_t len);
void client_timeout(struct client *client, int64_t now_us);
int64_t client_deadline_us(const struct client *client);

/* Sends a datagram as it is; RTP and RTCP after protecting it. */
void client_send(struct client *client, int64_t now_us, const uint8_t *data, size_t len);
void client_send_rtcp(struct client *client, int64_t now_us, struct wr *w, uint8_t *buf,
		      size_t cap);
void client_ask_keyframe(struct client *client, int64_t now_us, const struct client_slot *slot);
/* Numbers of the slot's span that never came, 0..1. */
double client_missing(const struct client_slot *slot);

/* client_send.c and client_recv.c, for client.c. */
void client_source_timeout(struct client *client, int64_t now_us, struct client_source *source);
void client_resend(struct client *client, int64_t now_us, struct client_source *source,
		   struct client_encoding *encoding, uint16_t seq);
void client_take_rtp(struct client *client, int64_t now_us, uint8_t *data, size_t len);
void client_take_rtcp(struct client *client, int64_t now_us, uint8_t *data, size_t len);
void client_reports(struct client *client, int64_t now_us);
void client_nacks(struct client *client, int64_t now_us);
void client_feedback(struct client *client, int64_t now_us);

#endif
