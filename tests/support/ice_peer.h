/* SPDX-License-Identifier: EUPL-1.2 */
/* A full agent's checks against a struct ice, for tests and simulations. */
#ifndef VIDD_TESTS_SUPPORT_ICE_PEER_H
#define VIDD_TESTS_SUPPORT_ICE_PEER_H

#include "media/wire/ice.h"
#include "tests/support/stun_client.h"

#define ICE_PEER_SECOND_US 1000000

static const struct ice_credentials ice_peer_first = {"aaaa", "passwordOfTheFirstRound1"};
static const struct ice_credentials ice_peer_second = {"bbbb", "passwordOfTheSecondRound"};
static const struct ice_credentials ice_peer_third = {"cccc", "passwordOfTheThirdRound3"};

/* The peer's address number n: IPv4 when even, IPv6 when odd. */
static inline struct path ice_peer_path(unsigned n)
{
	struct path path = {.local = 1, .remote = {.port = (uint16_t)(5000 + n)}};

	path.remote.family = n % 2 ? ADDR_IPV6 : ADDR_IPV4;
	path.remote.ip[0] = n % 2 ? 0x20 : 192;
	path.remote.ip[1] = n % 2 ? 0x01 : 168;
	path.remote.ip[3] = (uint8_t)n;
	return path;
}

/* One check from address n; 0 when it was answered with a success for that very address, else the
 * error of ice_input, or 1 when the reply was none. */
static inline int ice_peer_check(struct ice *ice, int64_t now_us, unsigned n,
				 const struct ice_credentials *to, bool use_candidate)
{
	const struct stun_client_check check = {.to = to,
						.from_ufrag = "peer",
						.use_candidate = use_candidate,
						.priority = 100 + n};
	struct path path = ice_peer_path(n);
	StunAgent client;
	struct addr mapped;
	uint8_t buf[256];
	uint8_t reply[STUN_REPLY_BYTES];
	size_t reply_len = 0;
	size_t len = stun_client_write(&client, buf, sizeof(buf), &check);
	int error = ice_input(ice, now_us, &path, buf, len, reply, sizeof(reply), &reply_len);

	if (error < 0)
		return error;
	return stun_client_read(&client, reply, reply_len, &mapped) == 0 &&
			       addr_equal(&mapped, &path.remote)
		       ? 0
		       : 1;
}

static inline bool ice_peer_is_selected(const struct ice *ice, unsigned n)
{
	struct path path = ice_peer_path(n);
	const struct path *selected = ice_selected(ice);

	return selected && path_equal(selected, &path);
}

/* Lets a virtual clock run to until_us, waking ice at its deadlines as a worker would. */
static inline void ice_peer_run(struct ice *ice, int64_t *now_us, int64_t until_us)
{
	while (ice_deadline_us(ice) <= until_us) {
		if (ice_deadline_us(ice) > *now_us)
			*now_us = ice_deadline_us(ice);
		ice_timeout(ice, *now_us);
	}
	*now_us = until_us;
}

#endif
