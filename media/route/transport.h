/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One peer's wire: ICE, DTLS and SRTP composed over the paths that passed a check. It takes and
 * gives datagrams; what RTP and RTCP mean is peer.h's business. It keeps the few SRTP packets that
 * overtake the end of the DTLS handshake.
 *
 *   TRANSPORT_OPEN --(path nominated and keys there)--> TRANSPORT_READY
 *   either --(consent expired, DTLS failed or closed)--> TRANSPORT_GONE, final: the owner closes it
 *
 * Embedded in struct peer, first. One thread.
 */
#ifndef VIDD_MEDIA_ROUTE_TRANSPORT_H
#define VIDD_MEDIA_ROUTE_TRANSPORT_H

#include "media/route/claim.h"
#include "media/route/outlet.h"

enum transport_state {
	TRANSPORT_OPEN,
	TRANSPORT_READY,
	TRANSPORT_GONE,
};

/* Until something was measured. Guess: between a city's 30 ms and a satellite's 600 ms. */
#define TRANSPORT_DEFAULT_RTT_US 100000

struct transport {
	struct heap_node deadline; /* first: what the heap hands back */
	struct outlet *outlet;
	struct claim claim;
	uint32_t id;
	uint32_t room_id;
	enum transport_state state;
	int64_t ready_us; /* since when */
	enum engine_gone_reason gone_reason;
	struct ice ice;
	enum ice_state told;	/* the ICE state last told as an event */
	struct path reply_path; /* last validated one heard from: used until one is nominated */
	bool has_reply_path;
	enum dtls_role role;
	uint8_t remote_fingerprint[CERT_FINGERPRINT_BYTES];
	struct dtls *dtls;	/* NULL: not begun, or let go by transport_settle */
	struct srtp_link *srtp; /* NULL: no keys yet */
	bool was_heard;		/* the peer has used its keys */
	struct pkt *early[LIMIT_EARLY_PACKETS];
	size_t early_count;
	int64_t flight_us; /* when our last new DTLS flight left; 0: none to measure */
	int64_t rtt_us;
	bool rtt_measured; /* by reports, not by the handshake */
	bool slots_stale;  /* a track's codec became known: the room must look at slots again */
};

/* 0, -ENOMEM, -EEXIST (the user name is taken). On error nothing is left in the routes. */
int transport_init(struct transport *t, int64_t now_us, struct outlet *outlet,
		   struct routes *routes, const struct transport_params *params);
/* Says close_notify, leaves routes and heap, frees. Sends nothing without consent. */
void transport_close(struct transport *t, int64_t now_us);
/* ICE restart to a user name that nobody has. */
void transport_restart(struct transport *t, int64_t now_us, const struct ice_credentials *local);

/* A STUN datagram that named one of our user names. Borrows the packet. */
void transport_stun(struct transport *t, int64_t now_us, const struct pkt *pkt);
/* A DTLS datagram from a path of ours. */
void transport_dtls(struct transport *t, int64_t now_us, const struct pkt *pkt);
bool transport_has_keys(const struct transport *t);
/* Keeps the packet for later, bounded. Takes the reference. */
void transport_keep_early(struct transport *t, struct pkt *pkt);
/* The kept packets in order of arrival, one per call, then NULL. The reference is the caller's. */
struct pkt *transport_take_early(struct transport *t);
/* In place. 0, or an error that was counted. */
int transport_unprotect(struct transport *t, int64_t now_us, struct pkt *pkt, bool is_rtcp);

/* Lets go of what only a handshake and close_notify need, 40 kB, once the peer has used its keys:
 * browsers have them when they have seen our last flight, and will not ask for it again. From then
 * on the transport does not hear a close_notify and says none: for peers of which somebody else
 * tells when they are gone. Call it a second after the handshake or later. */
void transport_settle(struct transport *t);

bool transport_is_ready(const struct transport *t);
/* Protects and queues plain RTP or RTCP. Takes the reference. 0 or negative: dropped, counted. */
int transport_send(struct transport *t, struct pkt *pkt, bool is_rtcp);

void transport_timeout(struct transport *t, int64_t now_us);
int64_t transport_deadline_us(const struct transport *t);
/* Something of this transport is due at deadline_us: wakes no later than that. */
void transport_wake(struct transport *t, int64_t deadline_us);
/* A measured round-trip time; reports outrank the handshake. */
void transport_rtt(struct transport *t, int64_t rtt_us, bool from_report);
/* An event with this transport's names filled in. */
struct engine_event transport_event(const struct transport *t, enum engine_event_type type);

#endif
