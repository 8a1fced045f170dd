/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How one receiver's sound is protected and packed: how much RED (RFC 2198), how many 20 ms packets
 * in one, whether NACK is answered; and what that costs its link. From the receiver's own losses
 * and rate only. Pure but for its own state.
 *
 * RED repeats what was sent a moment ago, so against bursts longer than its distance it does
 * little: of 5 % lost in bursts of 5, one older payload leaves 4 % (tests/unit/test_voice_loss). A
 * resend does more, where the round trip allows.
 */
#ifndef VIDD_MEDIA_RATE_REDUNDANCY_H
#define VIDD_MEDIA_RATE_REDUNDANCY_H

#include <stdbool.h>
#include <stdint.h>

#include "media/stream/voiceout.h"

/* What a packet costs besides its payload. */
struct redundancy_link {
	/* IP, UDP, RTP with extensions, SRTP tag: 68 for IPv4 with 12 bytes of extensions and
	 * AES-GCM, 88 for IPv6. */
	uint16_t overhead_bytes;
	bool is_atm; /* ADSL: PPPoE, Ethernet, LLC and AAL5 (40 bytes) in 48-byte cells of 53 */
};

/* What a voice of opus_bps (payload, packets of 20 ms) takes of the link under this policy. */
uint32_t redundancy_cost_bps(const struct voice_policy *policy, uint32_t opus_bps,
			     const struct redundancy_link *link);

/* What is known of a receiver now. */
struct redundancy_view {
	double loss;	     /* of packets sent to it, before repair: 0..1, over a few seconds */
	double mean_burst;   /* packets lost in a row; < 1: not known, 1 is taken */
	int64_t rtt_us;	     /* <= 0: not known, taken as too long for resends */
	uint32_t target_bps; /* what the link takes, everything together; 0: not known, plenty */
	uint32_t spare_bps;  /* what RED may take above the same packets without any; more than one
				older payload: a quarter of it */
	uint32_t opus_bps;   /* of the voice heard */
	struct redundancy_link link;
	bool has_red;	/* negotiated with it */
	bool has_nack;	/* ... for the sound */
	bool is_silent; /* nobody hears anything from this receiver for a while (no feedback): RED
			   off until it speaks again */
};

/* Visible for embedding. Zero state is ready. */
struct redundancy {
	struct voice_policy policy; /* merge 0: redundancy_update was not called yet: plain */
	bool uses_nack;		    /* repair is by resends (too) */
	double usual_loss;	    /* of the last half minute */
	int64_t usual_us;
	bool is_usual_known;
	uint8_t wanted_merge; /* a lesser merge that has room, since ... */
	int64_t room_since_us;
	uint8_t wanted_distance; /* a lesser distance that would do, since ... */
	int64_t calm_since_us;
};

/* Decides anew; call it each 200 ms to 1 s, and when the view changes much. True when the policy
 * changed. */
bool redundancy_update(struct redundancy *r, int64_t now_us, const struct redundancy_view *view);
/* The policy in force. */
struct voice_policy redundancy_policy(const struct redundancy *r);

#endif
