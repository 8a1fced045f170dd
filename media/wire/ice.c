/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/ice.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "media/base/heap.h"

#define ICE_FIRST_CHECK_US 30000000 /* as ice_init says */

static void set_state(struct ice *ice, enum ice_state state)
{
	/* Only a restart leads out of EXPIRED, and only to WAITING. */
	assert(ice->state != ICE_EXPIRED || state == ICE_EXPIRED || state == ICE_WAITING);
	ice->state = state;
}

void ice_init(struct ice *ice, int64_t now_us, const struct ice_credentials *local)
{
	*ice = (struct ice){
		.state = ICE_WAITING,
		.local[0] = *local,
		.selected = -1,
		.created_us = now_us,
		.heard_us = now_us,
	};
}

/* Forgets the paths validated with the current credentials, except the selected one. */
static void forget_current_paths(struct ice *ice)
{
	for (int i = 0; i < LIMIT_ICE_PATHS; i++) {
		if (i != ice->selected && ice->paths[i].generation == ice->generation)
			ice->paths[i].used = false;
	}
}

void ice_restart(struct ice *ice, int64_t now_us, const struct ice_credentials *local)
{
	ice_timeout(ice, now_us);
	if (ice->state == ICE_EXPIRED || ice->state == ICE_WAITING) {
		/* Nothing serves that would have to be kept. */
		uint8_t generation = ice->generation;

		ice_init(ice, now_us, local);
		ice->generation = (uint8_t)(generation + 1);
		return;
	}
	if (ice->has_previous) {
		/* A second restart before the first one's nomination: the credentials between never
		 * served, and the ones that do stay. */
		forget_current_paths(ice);
	} else {
		ice->local[1] = ice->local[0];
		ice->has_previous = true;
		ice->generation++;
	}
	ice->local[0] = *local;
}

static int find_path(const struct ice *ice, const struct path *path)
{
	for (int i = 0; i < LIMIT_ICE_PATHS; i++) {
		if (ice->paths[i].used && path_equal(&ice->paths[i].path, path))
			return i;
	}
	return -1;
}

/* A free place, or that of the stalest path not selected. */
static int take_place(const struct ice *ice)
{
	int stalest = -1;

	for (int i = 0; i < LIMIT_ICE_PATHS; i++) {
		if (!ice->paths[i].used)
			return i;
		if (i == ice->selected)
			continue;
		if (stalest < 0 || ice->paths[i].checked_us < ice->paths[stalest].checked_us)
			stalest = i;
	}
	assert(stalest >= 0);
	return stalest;
}

/* Which credentials the check was made with: 0 current, 1 previous, -1 neither. The previous ones
 * hold for the paths they validated and open no new ones. */
static int find_credentials(const struct ice *ice, const char *ufrag, int path)
{
	if (strcmp(ice->local[0].ufrag, ufrag) == 0)
		return 0;
	if (ice->has_previous && path >= 0 && strcmp(ice->local[1].ufrag, ufrag) == 0)
		return 1;
	return -1;
}

/* The new generation has its nomination: the old one's credentials and paths end here. */
static void retire_previous(struct ice *ice)
{
	memset(&ice->local[1], 0, sizeof(ice->local[1]));
	ice->has_previous = false;
	for (int i = 0; i < LIMIT_ICE_PATHS; i++) {
		if (ice->paths[i].generation != ice->generation)
			ice->paths[i].used = false;
	}
}

/* RFC 8445 8.1.1 and, for peers that nominate aggressively, RFC 5245 8.1.1.2: the path of the
 * latest USE-CANDIDATE is selected; so an address change in mid-call is a check from the new one.
 * Before any nomination the first validated path serves (RFC 8445 12.1.1), so that the DTLS server
 * need not wait for it. */
static void select_path(struct ice *ice, int path, bool is_nominated, bool is_previous)
{
	if (!is_nominated && ice->selected >= 0)
		return;
	if (ice->has_previous && !is_previous)
		retire_previous(ice);
	ice->selected = path;
}

static void note_check(struct ice *ice, int64_t now_us, int path, bool is_previous)
{
	struct ice_path *entry = &ice->paths[path];

	if (!entry->used)
		entry->first_us = now_us;
	entry->used = true;
	entry->checked_us = now_us;
	if (now_us - entry->first_us >= ICE_RECHECK_US)
		ice->rechecks = true;
	/* A late check with the old credentials takes nothing from a path proven anew. */
	if (!is_previous)
		entry->generation = ice->generation;
	ice->heard_us = now_us;
}

/* NOLINTNEXTLINE(readability-function-size): a datagram in, a datagram out. */
int ice_input(struct ice *ice, int64_t now_us, const struct path *path, const uint8_t *buf,
	      size_t len, uint8_t *reply, size_t reply_cap, size_t *reply_len)
{
	struct stun_peek peek;
	struct stun_request request;

	ice_timeout(ice, now_us);
	if (ice->state == ICE_EXPIRED)
		return -EPERM;
	if (stun_peek_request(&peek, buf, len) < 0)
		return -EBADMSG;
	int index = find_path(ice, path);
	int credentials = find_credentials(ice, peek.local_ufrag, index);
	if (credentials < 0)
		return -EPERM;
	int error = stun_answer_request(&request, buf, len, &ice->local[credentials], &path->remote,
					reply, reply_cap, reply_len);
	if (error < 0)
		return error;
	if (request.is_refused)
		return 0;

	if (index < 0) {
		index = take_place(ice);
		ice->paths[index] = (struct ice_path){.path = *path};
	}
	bool is_previous = credentials == 1;

	note_check(ice, now_us, index, is_previous);
	select_path(ice, index, request.use_candidate, is_previous);
	set_state(ice, ICE_CONNECTED);
	return 0;
}

void ice_heard(struct ice *ice, int64_t now_us, const struct path *path)
{
	ice_timeout(ice, now_us);
	if (ice->state != ICE_CONNECTED && ice->state != ICE_SILENT)
		return;
	ice->heard_us = now_us;
	/* We do not hold to RFC 7675 5.1 for a peer that cannot: whoever sends under the session's
	 * keys from the address we send to is there and wants it. */
	if (!ice->rechecks && path_equal(&ice->paths[ice->selected].path, path))
		ice->paths[ice->selected].checked_us = now_us;
	set_state(ice, ICE_CONNECTED);
}

bool ice_is_validated(const struct ice *ice, const struct path *path)
{
	return ice->state != ICE_EXPIRED && find_path(ice, path) >= 0;
}

const struct path *ice_selected(const struct ice *ice)
{
	if (ice->state == ICE_EXPIRED || ice->selected < 0)
		return NULL;
	return &ice->paths[ice->selected].path;
}

static int64_t expiry_us(const struct ice *ice)
{
	if (ice->selected < 0)
		return ice->created_us + ICE_FIRST_CHECK_US;
	/* RFC 7675 5.1: consent is for the path we send on, and only checks give it. */
	return ice->paths[ice->selected].checked_us + ICE_EXPIRED_US;
}

void ice_timeout(struct ice *ice, int64_t now_us)
{
	if (ice->state == ICE_EXPIRED)
		return;
	if (now_us >= expiry_us(ice)) {
		set_state(ice, ICE_EXPIRED);
		ice->selected = -1;
		memset(ice->paths, 0, sizeof(ice->paths));
		return;
	}
	if (ice->state == ICE_CONNECTED && now_us >= ice->heard_us + ICE_SILENT_US)
		set_state(ice, ICE_SILENT);
}

int64_t ice_deadline_us(const struct ice *ice)
{
	int64_t expiry = expiry_us(ice);
	int64_t silent = ice->heard_us + ICE_SILENT_US;

	switch (ice->state) {
	case ICE_EXPIRED:
		return DEADLINE_NEVER;
	case ICE_CONNECTED:
		return silent < expiry ? silent : expiry;
	case ICE_WAITING:
	case ICE_SILENT:
		break;
	}
	return expiry;
}

const char *ice_state_name(enum ice_state state)
{
	switch (state) {
	case ICE_WAITING:
		return "waiting";
	case ICE_CONNECTED:
		return "connected";
	case ICE_SILENT:
		return "silent";
	case ICE_EXPIRED:
		return "expired";
	}
	return "?";
}
