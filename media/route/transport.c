/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/transport.h"

#include <errno.h>
#include <string.h>

struct engine_event transport_event(const struct transport *t, enum engine_event_type type)
{
	return (struct engine_event){.type = type,
				     .room_id = t->room_id,
				     .transport_id = t->id,
				     .rtt_us = -1,
				     .loss_up_permille = -1,
				     .loss_down_permille = -1};
}

static void tell(struct transport *t, enum engine_event_type type)
{
	struct engine_event event = transport_event(t, type);

	outlet_event(t->outlet, &event);
}

static void enter_gone(struct transport *t, enum engine_gone_reason reason)
{
	if (t->state == TRANSPORT_GONE)
		return;
	t->state = TRANSPORT_GONE;
	t->gone_reason = reason;
}

/* --- where to send --------------------------------------------------------------------------- */

/* The nominated path; before there is one, the validated path heard from last. */
static const struct path *send_path(const struct transport *t)
{
	const struct path *selected = ice_selected(&t->ice);

	if (selected)
		return selected;
	return t->ice.state == ICE_WAITING && t->has_reply_path ? &t->reply_path : NULL;
}

bool transport_is_ready(const struct transport *t)
{
	return t->state == TRANSPORT_READY && ice_selected(&t->ice);
}

static void hear_from(struct transport *t, const struct path *path)
{
	t->reply_path = *path;
	t->has_reply_path = true;
}

/* --- DTLS ------------------------------------------------------------------------------------ */

static bool send_flight(struct transport *t, int64_t now_us)
{
	const struct path *path = send_path(t);
	bool sent = false;

	/* Without a path the flight is given up; the handshake's own timer sends it again. */
	for (;;) {
		struct pkt *pkt = outlet_packet(t->outlet, now_us);
		size_t len;

		if (!pkt)
			return sent;
		len = t->dtls ? dtls_output(t->dtls, pkt->data, pkt->room) : 0;
		if (len == 0 || !path) {
			pkt_unref(pkt);
			if (len == 0)
				return sent;
			continue;
		}
		pkt->len = (uint16_t)len;
		outlet_send(t->outlet, pkt, path);
		sent = true;
	}
}

static void enter_ready(struct transport *t, int64_t now_us)
{
	if (t->state != TRANSPORT_OPEN || !t->srtp || !ice_selected(&t->ice))
		return;
	t->state = TRANSPORT_READY;
	t->ready_us = now_us;
	t->told = ICE_CONNECTED;
	tell(t, ENGINE_TRANSPORT_CONNECTED);
}

static void take_keys(struct transport *t)
{
	struct srtp_keys keys;
	int err = dtls_keys(t->dtls, &keys);

	if (!err)
		err = srtp_link_new(&t->srtp, &keys);
	explicit_bzero(&keys, sizeof(keys));
	if (err) {
		t->outlet->stats.dtls_failed++;
		enter_gone(t, ENGINE_GONE_DTLS_FAILED);
	}
}

static void follow_dtls(struct transport *t, int64_t now_us)
{
	if (!t->dtls)
		return;
	switch (dtls_state(t->dtls)) {
	case DTLS_HANDSHAKING:
		break;
	case DTLS_READY:
		if (!t->srtp)
			take_keys(t);
		enter_ready(t, now_us);
		break;
	case DTLS_CLOSED:
		enter_gone(t, ENGINE_GONE_PEER_CLOSED);
		break;
	case DTLS_FAILED:
		if (t->state != TRANSPORT_GONE)
			t->outlet->stats.dtls_failed++;
		enter_gone(t, ENGINE_GONE_DTLS_FAILED);
		break;
	}
}

/* A server's object is there from the start; a client must not speak before it has a path. */
static void start_client(struct transport *t, int64_t now_us)
{
	if (t->dtls || t->srtp || t->role != DTLS_CLIENT)
		return;
	if (dtls_new(&t->dtls, now_us, t->role, t->outlet->cert, t->remote_fingerprint)) {
		enter_gone(t, ENGINE_GONE_DTLS_FAILED);
		return;
	}
	if (send_flight(t, now_us))
		t->flight_us = now_us;
}

void transport_dtls(struct transport *t, int64_t now_us, const struct pkt *pkt)
{
	hear_from(t, &pkt->path);
	if (!t->dtls)
		return;
	if (t->flight_us && !t->srtp)
		transport_rtt(t, now_us - t->flight_us, false);
	t->flight_us = 0;
	/* What went wrong is in dtls_state; an alert may be waiting to be sent. */
	(void)dtls_input(t->dtls, now_us, pkt->data, pkt->len);
	if (send_flight(t, now_us))
		t->flight_us = now_us;
	follow_dtls(t, now_us);
	transport_wake(t, transport_deadline_us(t));
}

void transport_settle(struct transport *t)
{
	if (!t->dtls || !t->was_heard || t->state != TRANSPORT_READY)
		return;
	dtls_free(t->dtls);
	t->dtls = NULL;
}

/* --- ICE ------------------------------------------------------------------------------------- */

static void follow_ice(struct transport *t, int64_t now_us)
{
	enum ice_state state = t->ice.state;

	if (state == ICE_EXPIRED) {
		enter_gone(t, ENGINE_GONE_EXPIRED);
		return;
	}
	enter_ready(t, now_us);
	if (t->state != TRANSPORT_READY || state == t->told)
		return;
	if (state == ICE_SILENT)
		tell(t, ENGINE_TRANSPORT_SILENT);
	else if (state == ICE_CONNECTED && t->told == ICE_SILENT)
		tell(t, ENGINE_TRANSPORT_BACK);
	t->told = state;
}

void transport_stun(struct transport *t, int64_t now_us, const struct pkt *pkt)
{
	struct pkt *reply = outlet_packet(t->outlet, now_us);
	size_t reply_len = 0;
	int err;

	if (!reply)
		return;
	err = ice_input(&t->ice, now_us, &pkt->path, pkt->data, pkt->len, reply->data, reply->room,
			&reply_len);
	if (err == -EPERM)
		t->outlet->stats.ice_bad_integrity++;
	else if (err)
		t->outlet->stats.dropped_malformed++;
	if (err) {
		pkt_unref(reply);
		return;
	}
	reply->len = (uint16_t)reply_len;
	outlet_send(t->outlet, reply, &pkt->path);
	if (ice_is_validated(&t->ice, &pkt->path)) {
		hear_from(t, &pkt->path);
		claim_path(&t->claim, &t->ice, t, &pkt->path);
		start_client(t, now_us);
	}
	follow_ice(t, now_us);
	transport_wake(t, transport_deadline_us(t));
}

void transport_restart(struct transport *t, int64_t now_us, const struct ice_credentials *local)
{
	ice_restart(&t->ice, now_us, local);
	claim_ufrag(&t->claim, &t->ice, t, local->ufrag);
	transport_wake(t, transport_deadline_us(t));
}

/* --- SRTP ------------------------------------------------------------------------------------ */

bool transport_has_keys(const struct transport *t)
{
	return t->srtp != NULL;
}

void transport_keep_early(struct transport *t, struct pkt *pkt)
{
	if (t->early_count == LIMIT_EARLY_PACKETS) {
		t->outlet->stats.dropped_unknown++;
		pkt_unref(pkt);
		return;
	}
	t->early[t->early_count++] = pkt;
}

struct pkt *transport_take_early(struct transport *t)
{
	struct pkt *pkt;

	if (t->early_count == 0)
		return NULL;
	pkt = t->early[0];
	t->early_count--;
	memmove(t->early, t->early + 1, t->early_count * sizeof(t->early[0]));
	return pkt;
}

static void count_refused(struct engine_stats *stats, int err)
{
	if (err == -EPERM)
		stats->dropped_auth++;
	else if (err == -EALREADY)
		stats->dropped_replay++;
	else
		stats->dropped_malformed++;
}

int transport_unprotect(struct transport *t, int64_t now_us, struct pkt *pkt, bool is_rtcp)
{
	size_t len = pkt->len;
	int err = is_rtcp ? srtp_link_unprotect_rtcp(t->srtp, pkt->data, &len)
			  : srtp_link_unprotect(t->srtp, pkt->data, &len);

	if (err) {
		count_refused(&t->outlet->stats, err);
		return err;
	}
	pkt->len = (uint16_t)len;
	t->was_heard = true;
	ice_heard(&t->ice, now_us, &pkt->path);
	follow_ice(t, now_us);
	return 0;
}

int transport_send(struct transport *t, struct pkt *pkt, bool is_rtcp)
{
	const struct path *path = ice_selected(&t->ice);
	size_t len = pkt->len;
	int err = -EAGAIN;

	if (path && t->srtp)
		err = is_rtcp ? srtp_link_protect_rtcp(t->srtp, pkt->data, &len, pkt->room)
			      : srtp_link_protect(t->srtp, pkt->data, &len, pkt->room);
	if (err) {
		pkt_unref(pkt);
		return err;
	}
	pkt->len = (uint16_t)len;
	outlet_send(t->outlet, pkt, path);
	return 0;
}

/* --- time ------------------------------------------------------------------------------------ */

void transport_rtt(struct transport *t, int64_t rtt_us, bool from_report)
{
	if (rtt_us < 0 || rtt_us > 10000000 || (t->rtt_measured && !from_report))
		return;
	if (t->rtt_measured)
		t->rtt_us += (rtt_us - t->rtt_us) / 8; /* RFC 6298 2: alpha = 1/8 */
	else
		t->rtt_us = rtt_us;
	t->rtt_measured = from_report;
}

void transport_timeout(struct transport *t, int64_t now_us)
{
	ice_timeout(&t->ice, now_us);
	follow_ice(t, now_us);
	if (t->dtls && t->state != TRANSPORT_GONE && dtls_deadline_us(t->dtls) <= now_us) {
		dtls_timeout(t->dtls, now_us);
		t->flight_us = 0; /* Karn: a repeated flight tells nothing about the round trip */
		(void)send_flight(t, now_us); /* nothing to send is no error */
		follow_dtls(t, now_us);
	}
}

int64_t transport_deadline_us(const struct transport *t)
{
	int64_t ice = ice_deadline_us(&t->ice);
	int64_t dtls = t->dtls ? dtls_deadline_us(t->dtls) : DEADLINE_NEVER;

	return ice < dtls ? ice : dtls;
}

void transport_wake(struct transport *t, int64_t deadline_us)
{
	if (t->deadline.place != 0 && t->deadline.deadline_us <= deadline_us)
		return;
	if (deadline_us == DEADLINE_NEVER)
		return;
	/* Cannot fail: the heap has a place for every transport the engine may hold. */
	(void)heap_set(&t->outlet->deadlines, &t->deadline, deadline_us);
}

/* --- life ------------------------------------------------------------------------------------ */

int transport_init(struct transport *t, int64_t now_us, struct outlet *outlet,
		   struct routes *routes, const struct transport_params *params)
{
	int err = 0;

	if (routes_find_ufrag(routes, params->local.ufrag))
		return -EEXIST;
	memset(t, 0, sizeof(*t));
	t->outlet = outlet;
	t->claim.routes = routes;
	t->id = params->transport_id;
	t->room_id = params->room_id;
	t->role = params->dtls_role;
	t->rtt_us = TRANSPORT_DEFAULT_RTT_US;
	memcpy(t->remote_fingerprint, params->remote_fingerprint, CERT_FINGERPRINT_BYTES);
	ice_init(&t->ice, now_us, &params->local);
	if (t->role == DTLS_SERVER)
		err = dtls_new(&t->dtls, now_us, t->role, outlet->cert, t->remote_fingerprint);
	if (err)
		return err;
	claim_ufrag(&t->claim, &t->ice, t, params->local.ufrag);
	transport_wake(t, transport_deadline_us(t));
	return 0;
}

void transport_close(struct transport *t, int64_t now_us)
{
	struct pkt *pkt;

	if (t->dtls && t->state != TRANSPORT_GONE) {
		dtls_close(t->dtls, now_us);
		(void)send_flight(t, now_us); /* a goodbye that cannot be sent is not missed */
	}
	claim_close(&t->claim);
	while ((pkt = transport_take_early(t)))
		pkt_unref(pkt);
	heap_remove(&t->outlet->deadlines, &t->deadline);
	dtls_free(t->dtls);
	srtp_link_free(t->srtp);
	t->dtls = NULL;
	t->srtp = NULL;
}
