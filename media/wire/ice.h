/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ICE-lite (RFC 8445 2.5): answers checks, follows nominations, keeps consent (RFC 7675) from the
 * peer's checks, or from its media when it never repeats them. It owns the list of validated paths
 * of one transport; sockets, timers and random numbers are the caller's. One worker thread.
 *
 * Restart (RFC 8445 9): new credentials are accepted beside the old ones, and the old selected path
 * serves until the peer nominates one with the new credentials.
 */
#ifndef VIDD_MEDIA_WIRE_ICE_H
#define VIDD_MEDIA_WIRE_ICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/base/addr.h"
#include "media/base/limits.h"
#include "media/wire/stun.h"

/* Silent: the room hears of it. Expired: RFC 7675 5.1 says 30 s; our seats want to know sooner. */
#define ICE_SILENT_US  3000000
#define ICE_EXPIRED_US 15000000
/* A check this long after a path's first one is no retransmission: the peer keeps consent by checks
 * (Chromium each 2.7 s, Firefox each 5.4 s). libnice before consent-freshness sends indications,
 * which prove nothing; from such a peer authenticated media counts instead. */
#define ICE_RECHECK_US 10000000

enum ice_state {
	ICE_WAITING,   /* no authenticated check yet */
	ICE_CONNECTED, /* a path is selected and fresh */
	ICE_SILENT,    /* nothing authenticated for ICE_SILENT_US; still sending */
	ICE_EXPIRED,   /* for ICE_EXPIRED_US: nothing may be sent any more; final until a restart */
};

struct ice_path {
	struct path path;
	int64_t first_us;   /* first authenticated check */
	int64_t checked_us; /* last one, or media that counts as one */
	uint8_t generation; /* of the credentials that validated it */
	bool used;
};

/* Visible for embedding in the transport. */
struct ice {
	enum ice_state state;
	struct ice_credentials local[2]; /* [0] current, [1] the ones before a restart */
	bool has_previous;
	bool rechecks; /* the peer repeats its checks: nothing else keeps consent */
	uint8_t generation;
	struct ice_path paths[LIMIT_ICE_PATHS];
	int selected; /* index in paths, -1: none */
	int64_t created_us;
	int64_t heard_us; /* last authenticated sign of life */
};

/* Checks must come within 30 s of now_us, or the state becomes ICE_EXPIRED. */
void ice_init(struct ice *ice, int64_t now_us, const struct ice_credentials *local);
/* RFC 8445 9: new local credentials; also brings an expired agent back to waiting. */
void ice_restart(struct ice *ice, int64_t now_us, const struct ice_credentials *local);

/* One STUN datagram from path. On 0 a reply is in reply[0..*reply_len) for that same path, the path
 * is validated, and the selected path may have changed (regular and aggressive nomination; an
 * authenticated check from the selected 5-tuple keeps consent). -EPERM, -EBADMSG: nothing changed.
 * When all LIMIT_ICE_PATHS are taken the stalest unselected one makes room. */
int ice_input(struct ice *ice, int64_t now_us, const struct path *path, const uint8_t *buf,
	      size_t len, uint8_t *reply, size_t reply_cap, size_t *reply_len);
/* An SRTP or SRTCP packet from path passed authentication: a sign of life. Consent only on the
 * selected path and only from a peer that never repeats its checks (see ICE_RECHECK_US). */
void ice_heard(struct ice *ice, int64_t now_us, const struct path *path);
/* True when this remote has passed a check: the only paths DTLS and SRTP are read from. */
bool ice_is_validated(const struct ice *ice, const struct path *path);
/* Where to send, or NULL when there is no consent. */
const struct path *ice_selected(const struct ice *ice);
void ice_timeout(struct ice *ice, int64_t now_us);
int64_t ice_deadline_us(const struct ice *ice);
const char *ice_state_name(enum ice_state state);

#endif
