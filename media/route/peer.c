/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/peer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "media/route/hear.h"
#include "media/route/rtcp_in.h"

enum {
	PEER_TICK_US = 1000000, /* reports; RFC 3550 6.2 with the reduced minimum of AVPF */
	/* Nothing here needs finer time; keeps a wrong deadline from spinning. */
	PEER_GRAIN_US = 500,
};

/* --- packets --------------------------------------------------------------------------------- */

static void take_rtp(struct peer *peer, int64_t now_us, struct pkt *pkt)
{
	struct engine_stats *stats = &peer->transport.outlet->stats;
	struct bundle_place place;
	struct packet packet;
	int err;

	if (transport_unprotect(&peer->transport, now_us, pkt, false))
		return;
	stats->rtp_in++;
	if (packet_parse(&packet, pkt, &peer->exts)) {
		stats->dropped_malformed++;
		return;
	}
	err = bundle_find(&peer->bundle, &peer->mlines, &packet.header, &packet.exts, &place);
	if (!err)
		err = packet_set_codec(&packet, peer->mlines.at[place.mline]);
	intake_packet(&peer->intake, &packet, err ? NULL : packet.codec);
	transport_wake(&peer->transport, intake_deadline_us(&peer->intake));
	if (err) {
		stats->dropped_malformed++;
		return;
	}
	track_rtp(peer->track[place.mline], now_us, &packet, &place);
}

static void take_media(struct peer *peer, int64_t now_us, struct pkt *pkt, enum demux_kind kind)
{
	if (kind == DEMUX_RTP)
		take_rtp(peer, now_us, pkt);
	else if (transport_unprotect(&peer->transport, now_us, pkt, true) == 0)
		rtcp_in(peer, now_us, pkt);
	pkt_unref(pkt);
}

void peer_input(struct peer *peer, int64_t now_us, struct pkt *pkt, enum demux_kind kind)
{
	sender_heard(&peer->sender, now_us);
	if (kind == DEMUX_DTLS) {
		transport_dtls(&peer->transport, now_us, pkt);
		pkt_unref(pkt);
		peer_follow(peer, now_us);
	} else if (!transport_has_keys(&peer->transport)) {
		transport_keep_early(&peer->transport, pkt);
	} else {
		take_media(peer, now_us, pkt, kind);
	}
}

/* The slots can be filled from now on. SSRCs are made ahead, so that protecting allocates with a
 * stream's first packet at most. */
static void add_senders(struct peer *peer)
{
	struct srtp_link *srtp = peer->transport.srtp;

	for (size_t m = 0; srtp && m < peer->mlines.count; m++) {
		const struct sub *sub = peer->sub[m];

		/* When memory is gone the first packet tries again, and is dropped if it must. */
		if (sub)
			(void)srtp_link_add_sender(srtp, sub->ssrc);
		if (sub && sub->rtx_ssrc)
			(void)srtp_link_add_sender(srtp, sub->rtx_ssrc);
	}
}

static bool wants_feedback(const struct mline_set *mlines)
{
	for (size_t m = 0; m < mlines->count; m++) {
		const struct mline_params *mline = mlines->at[m];

		if (!(mline->use & MLINE_SLOT) || !mline->exts.id[RTP_EXT_TRANSPORT_SEQ])
			continue;
		for (size_t i = 0; i < mline->codec_count; i++)
			if (mline->codec[i].has_transport_cc)
				return true;
	}
	return false;
}

/* The path is known, or another one. */
static void follow_path(struct peer *peer, int64_t now_us)
{
	const struct path *path = ice_selected(&peer->transport.ice);
	bool is_ipv6 = path && path->remote.family == ADDR_IPV6;

	if (!path || path_equal(path, &peer->path))
		return;
	if (peer->path.remote.family == ADDR_NONE) {
		struct sender_link link = {
			.start_bps = peer->start_bps,
			.has_feedback = wants_feedback(&peer->mlines),
			.is_ipv6 = is_ipv6,
		};

		/* Without memory for an estimate the peer is sent to as one without feedback. */
		(void)sender_start(&peer->sender, now_us, &link);
		intake_start(&peer->intake, now_us, peer->sender.packet_overhead);
	} else {
		sender_route_changed(&peer->sender, now_us, is_ipv6);
		intake_route_changed(&peer->intake, now_us, peer->sender.packet_overhead);
	}
	peer->path = *path;
}

void peer_follow(struct peer *peer, int64_t now_us)
{
	struct pkt *pkt;

	if (transport_is_ready(&peer->transport))
		follow_path(peer, now_us);
	if (!peer->is_connected && transport_is_ready(&peer->transport)) {
		peer->is_connected = true;
		peer->tick_us = now_us + PEER_TICK_US;
		transport_wake(&peer->transport, peer->tick_us);
		add_senders(peer);
		for (size_t m = 0; m < peer->mlines.count; m++)
			if (peer->sub[m] && peer->sub[m]->track)
				track_choose(peer->sub[m]->track, now_us, peer->sub[m]);
	}
	while (transport_has_keys(&peer->transport) &&
	       (pkt = transport_take_early(&peer->transport)))
		take_media(peer, now_us, pkt, demux_classify(pkt->data, pkt->len));
}

/* --- time ------------------------------------------------------------------------------------ */

static void tell_quality(struct peer *peer)
{
	struct engine_event event = transport_event(&peer->transport, ENGINE_QUALITY);
	int64_t expected = 0;
	int64_t received = 0;

	for (size_t m = 0; m < peer->mlines.count; m++) {
		const struct track *track = peer->track[m];

		for (size_t i = 0; track && i < track->encoding_count; i++) {
			const struct recv_stats *recv = &track->encoding[i].recv;

			if (!recv->started)
				continue;
			expected += recv->highest_seq - recv->first_seq + 1;
			received += (int64_t)recv->received;
		}
	}
	quality_take(&peer->quality, expected, received, &event.loss_up_permille,
		     &event.loss_down_permille);
	if (peer->transport.rtt_measured)
		event.rtt_us = (int32_t)peer->transport.rtt_us;
	event.down_bps = sender_known_bps(&peer->sender);
	event.up_bps = uplink_state(&peer->intake.uplink)->arrival_bps;
	outlet_event(peer->transport.outlet, &event);
}

static void tick(struct peer *peer, int64_t now_us, struct feedback *f)
{
	for (size_t m = 0; m < peer->mlines.count; m++) {
		if (peer->track[m])
			track_tick(peer->track[m], now_us);
		if (peer->sub[m]) {
			sub_tick(peer->sub[m], now_us);
			feedback_sender_report(f, peer->sub[m]);
		}
	}
	feedback_receiver_report(f, peer->track, peer->mlines.count);
	intake_wants(&peer->intake, now_us, peer->track, peer->mlines.count);
	if (peer->is_quality_tick)
		tell_quality(peer);
	peer->is_quality_tick = !peer->is_quality_tick;
	if (peer->is_signalled)
		transport_settle(&peer->transport);
	peer->tick_us += PEER_TICK_US;
	if (peer->tick_us <= now_us)
		peer->tick_us = now_us + PEER_TICK_US;
}

static void look_at_wants(struct peer *peer, int64_t now_us)
{
	for (size_t m = 0; m < peer->mlines.count; m++) {
		if (peer->track[m] && peer->track[m]->is_want_stale) {
			intake_wants(&peer->intake, now_us, peer->track, peer->mlines.count);
			return;
		}
	}
}

static void speak(struct peer *peer, int64_t now_us)
{
	struct feedback f;

	feedback_begin(&f, &peer->transport, now_us, peer->rtcp_ssrc, peer->cname);
	f.up_queue_us = uplink_state(&peer->intake.uplink)->queue_us;
	if (peer->tick_us <= now_us)
		tick(peer, now_us, &f);
	look_at_wants(peer, now_us);
	for (size_t m = 0; m < peer->mlines.count; m++)
		if (peer->sub[m] && peer->sub[m]->wants_report)
			feedback_sender_report(&f, peer->sub[m]);
	for (size_t m = 0; m < peer->mlines.count; m++) {
		if (!peer->track[m])
			continue;
		track_timeout(peer->track[m], now_us);
		feedback_requests(&f, peer->track[m]);
	}
	intake_feedback(&peer->intake, &f, sender_target_bps(&peer->sender), peer->track,
			peer->mlines.count);
	feedback_end(&f);
}

static int64_t next_deadline_us(const struct peer *peer, int64_t now_us)
{
	int64_t first = transport_deadline_us(&peer->transport);
	int64_t intake = intake_deadline_us(&peer->intake);

	if (!peer->is_connected)
		return first;
	if (peer->tick_us < first)
		first = peer->tick_us;
	if (intake < first)
		first = intake;
	for (const struct sub *sub = peer->dispatch.subs; sub; sub = sub->next_of_transport)
		if (sub->hears && voiceout_deadline_us(&sub->voiceout) < first)
			first = voiceout_deadline_us(&sub->voiceout);
	if (budget_deadline_us(&peer->budget) < first)
		first = budget_deadline_us(&peer->budget);
	if (sender_deadline_us(&peer->sender) < first)
		first = sender_deadline_us(&peer->sender);
	if (dispatch_deadline_us(&peer->dispatch, now_us) < first)
		first = dispatch_deadline_us(&peer->dispatch, now_us);
	for (size_t m = 0; m < peer->mlines.count; m++) {
		int64_t track = peer->track[m] ? track_deadline_us(peer->track[m]) : first;

		if (track < first)
			first = track;
	}
	return first;
}

void peer_send(struct peer *peer, int64_t now_us)
{
	if (sender_take_stale(&peer->sender) || peer->dispatch.is_stale ||
	    budget_deadline_us(&peer->budget) <= now_us)
		budget_share(&peer->budget, now_us, &peer->dispatch);
	dispatch_flush(&peer->dispatch, now_us);
	for (struct sub *sub = peer->dispatch.subs; sub; sub = sub->next_of_transport) {
		if (!sub->track)
			continue;
		hear_timeout(sub, now_us, &sub->track->voice);
		track_serve(sub->track, now_us, sub);
	}
	transport_wake(&peer->transport, dispatch_deadline_us(&peer->dispatch, now_us));
	transport_wake(&peer->transport, sender_deadline_us(&peer->sender));
}

void peer_timeout(struct peer *peer, int64_t now_us)
{
	struct transport *t = &peer->transport;
	int64_t deadline;

	/* What asks to be woken from here on counts beside what is known to be due. Cannot fail:
	 * the node is in the heap already, or has its place there. */
	(void)heap_set(&t->outlet->deadlines, &t->deadline, DEADLINE_NEVER);
	transport_timeout(t, now_us);
	if (t->state == TRANSPORT_GONE)
		return;
	peer_follow(peer, now_us);
	if (peer->is_connected) {
		sender_timeout(&peer->sender, now_us);
		peer_send(peer, now_us);
		speak(peer, now_us);
	}
	deadline = next_deadline_us(peer, now_us);
	if (t->deadline.deadline_us < deadline)
		deadline = t->deadline.deadline_us;
	if (deadline < now_us + PEER_GRAIN_US)
		deadline = now_us + PEER_GRAIN_US;
	(void)heap_set(&t->outlet->deadlines, &t->deadline, deadline);
}

/* --- offer and answer ------------------------------------------------------------------------ */

static int plan_mline(struct peer *peer, const struct transport_params *params, size_t m,
		      struct plan *plan)
{
	const struct mline_params *mline = &params->mline[m];
	struct track_config config = {
		.owner = params->owner,
		.transport = &peer->transport,
		.mline = mline,
		.exts = &peer->exts,
		.clock = &peer->clock,
	};
	int err = 0;

	if (!peer->mlines.at[m]) {
		plan->mline[m] = calloc(1, sizeof(*plan->mline[m]));
		err = plan->mline[m] ? 0 : -ENOMEM;
	}
	if (!err && (mline->use & MLINE_TRACK) && !plan_keeps_track(peer->track[m], mline)) {
		err = track_new(&plan->track[m], &config);
		plan->track_count++;
	}
	if (!err && (mline->use & MLINE_SLOT) && !plan_keeps_sub(peer->sub[m], mline))
		err = sub_new(&plan->sub[m], &peer->transport, &peer->sender, mline);
	return err;
}

int peer_plan(struct peer *peer, const struct transport_params *params, struct plan *plan)
{
	int err = plan_check(params);

	memset(plan, 0, sizeof(*plan));
	for (size_t m = 0; !err && m < params->mline_count; m++)
		err = plan_mline(peer, params, m, plan);
	if (err)
		plan_close(plan);
	return err;
}

static bool is_restart(const struct peer *peer, const struct transport_params *params)
{
	return strcmp(peer->transport.ice.local[0].ufrag, params->local.ufrag) != 0;
}

static void drop_sub(struct peer *peer, size_t m)
{
	if (!peer->sub[m])
		return;
	dispatch_remove(&peer->dispatch, peer->sub[m]);
	sub_free(peer->sub[m]);
	peer->sub[m] = NULL;
}

/* The new m-line in place of the old one; pointers to it stay good. */
static void apply_mline(struct peer *peer, size_t m, const struct mline_params *mline,
			struct plan *plan)
{
	struct mline_params *place;
	bool changed;

	if (plan->mline[m]) {
		peer->mlines.at[m] = plan->mline[m];
		plan->mline[m] = NULL;
	}
	place = peer->mlines.at[m];
	changed = !plan_keeps_codecs(place, mline);

	if (!plan_keeps_track(peer->track[m], mline)) {
		track_free(peer->track[m]);
		peer->track[m] = plan->track[m];
		plan->track[m] = NULL;
	}
	if (plan->sub[m]) {
		drop_sub(peer, m);
		peer->sub[m] = plan->sub[m];
		dispatch_add(&peer->dispatch, peer->sub[m]);
		plan->sub[m] = NULL;
	}
	*place = *mline;
	if (peer->track[m])
		peer->track[m]->mline = place;
	if (peer->sub[m])
		peer->sub[m]->mline = place;
	if (peer->track[m])
		track_renegotiated(peer->track[m], changed);
}

static void merge_exts(struct peer *peer)
{
	memset(&peer->exts, 0, sizeof(peer->exts));
	peer->intake.has_transport_cc = false;
	for (size_t m = 0; m < peer->mlines.count; m++) {
		const struct mline_params *mline = peer->mlines.at[m];

		if (!(mline->use & MLINE_TRACK))
			continue;
		/* RFC 8843 7.1.3: one id means one extension on all bundled m-lines; a map that
		 * came through negotiation has no bad ids. */
		for (int ext = 0; ext < RTP_EXT_COUNT; ext++)
			if (mline->exts.id[ext])
				(void)rtp_ext_map_set(&peer->exts, (enum rtp_ext)ext,
						      mline->exts.id[ext]);
		for (size_t i = 0; i < mline->codec_count; i++)
			peer->intake.has_transport_cc |= mline->codec[i].has_transport_cc;
	}
}

bool peer_may_apply(const struct peer *peer, const struct transport_params *params)
{
	return !is_restart(peer, params) ||
	       !routes_find_ufrag(peer->transport.claim.routes, params->local.ufrag);
}

void peer_apply(struct peer *peer, int64_t now_us, const struct transport_params *params,
		struct plan *plan)
{
	static const struct mline_params unused;

	if (is_restart(peer, params))
		transport_restart(&peer->transport, now_us, &params->local);
	if (peer->mlines.count < params->mline_count)
		peer->mlines.count = params->mline_count;
	for (size_t m = 0; m < peer->mlines.count; m++)
		apply_mline(peer, m, m < params->mline_count ? &params->mline[m] : &unused, plan);
	peer->only_owner = params->only_owner;
	peer->is_mirror = params->is_mirror;
	peer->is_signalled = params->is_signalled;
	merge_exts(peer);
	bundle_update(&peer->bundle, &peer->mlines);
	add_senders(peer);
}

/* --- life ------------------------------------------------------------------------------------ */

/* One of our own SSRCs when there is a slot: a peer then needs no other to be told. */
static uint32_t pick_rtcp_ssrc(struct peer *peer)
{
	for (size_t m = 0; m < peer->mlines.count; m++)
		if (peer->sub[m])
			return peer->sub[m]->ssrc;
	return rng_u32(&peer->transport.outlet->rng) | 1;
}

int peer_new(struct peer **out, int64_t now_us, struct outlet *outlet, struct routes *routes,
	     const struct transport_params *params)
{
	struct peer *peer = calloc(1, sizeof(*peer));
	struct plan plan;
	int err;

	if (!peer)
		return -ENOMEM;
	peer->transport.outlet = outlet;
	peer->dispatch.sender = &peer->sender;
	peer->dispatch.transport = &peer->transport;
	err = peer_plan(peer, params, &plan);
	if (!err) {
		err = transport_init(&peer->transport, now_us, outlet, routes, params);
		if (err)
			plan_close(&plan);
	}
	if (err) {
		free(peer);
		return err;
	}
	peer->owner = params->owner;
	peer->circle = params->circle;
	peer->start_bps = params->start_bps;
	memcpy(peer->cname, params->cname, sizeof(peer->cname));
	peer_apply(peer, now_us, params, &plan);
	peer->rtcp_ssrc = pick_rtcp_ssrc(peer);
	*out = peer;
	return 0;
}

static void say_bye(struct peer *peer, int64_t now_us)
{
	uint32_t ssrcs[LIMIT_MLINES];
	struct feedback f;
	size_t count = 0;

	for (size_t m = 0; m < peer->mlines.count && count < 31; m++)
		if (peer->sub[m] && peer->sub[m]->packet_count)
			ssrcs[count++] = peer->sub[m]->ssrc;
	if (count == 0 || !transport_is_ready(&peer->transport))
		return;
	feedback_begin(&f, &peer->transport, now_us, peer->rtcp_ssrc, peer->cname);
	feedback_bye(&f, ssrcs, count);
	feedback_end(&f);
}

void peer_free(struct peer *peer, int64_t now_us)
{
	say_bye(peer, now_us);
	transport_close(&peer->transport, now_us);
	for (size_t m = 0; m < peer->mlines.count; m++) {
		track_free(peer->track[m]);
		drop_sub(peer, m);
		free(peer->mlines.at[m]);
	}
	bundle_close(&peer->bundle);
	intake_close(&peer->intake);
	sender_close(&peer->sender);
	free(peer);
}
