/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The peer's side of a connectivity check for tests: a full agent's requests and the reading of our
 * replies, both by libnice and so independent of media/wire/stun.c.
 */
#ifndef VIDD_TESTS_SUPPORT_STUN_CLIENT_H
#define VIDD_TESTS_SUPPORT_STUN_CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <netinet/in.h>

#include <stun/stunagent.h>
#include <stun/usages/ice.h>

#include "media/base/addr.h"
#include "media/wire/stun.h"

struct stun_client_check {
	const struct ice_credentials *to; /* the server's */
	const char *from_ufrag;
	const char *pwd; /* NULL: the right one */
	bool use_candidate;
	bool is_controlled;
	uint32_t priority;
};

/* agent keeps the transaction for stun_client_read. Returns the request's length. */
static inline size_t stun_client_write(StunAgent *agent, uint8_t *buf, size_t cap,
				       const struct stun_client_check *check)
{
	StunMessage msg;
	char username[2 * LIMIT_ICE_UFRAG_BYTES + 2];
	const char *pwd = check->pwd ? check->pwd : check->to->pwd;

	(void)snprintf(username, sizeof(username), "%.64s:%.64s", check->to->ufrag,
		       check->from_ufrag);
	stun_agent_init(agent, STUN_ALL_KNOWN_ATTRIBUTES, STUN_COMPATIBILITY_RFC5389,
			STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
	return stun_usage_ice_conncheck_create(
		agent, &msg, buf, cap, (const uint8_t *)username, strlen(username),
		(const uint8_t *)pwd, strlen(pwd), check->use_candidate, !check->is_controlled,
		check->priority, 0x1122334455667788, NULL, STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
}

/* The reply's integrity, fingerprint and transaction are checked. Returns libnice's verdict (0: the
 * check succeeded), or -1 when the reply does not even validate; *mapped on success. */
static inline int stun_client_read(StunAgent *agent, const uint8_t *reply, size_t len,
				   struct addr *mapped)
{
	StunMessage msg;
	struct sockaddr_storage ss = {0};
	socklen_t ss_len = sizeof(ss);

	if (stun_agent_validate(agent, &msg, reply, len, NULL, NULL) != STUN_VALIDATION_SUCCESS)
		return -1;
	StunUsageIceReturn verdict = stun_usage_ice_conncheck_process(
		&msg, &ss, &ss_len, STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
	if (verdict != STUN_USAGE_ICE_RETURN_SUCCESS)
		return (int)verdict;
	*mapped = (struct addr){0};
	if (ss.ss_family == AF_INET) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)&ss;

		mapped->family = ADDR_IPV4;
		mapped->port = ntohs(v4->sin_port);
		memcpy(mapped->ip, &v4->sin_addr, 4);
	} else {
		const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&ss;

		mapped->family = ADDR_IPV6;
		mapped->port = ntohs(v6->sin6_port);
		memcpy(mapped->ip, &v6->sin6_addr, 16);
	}
	return 0;
}

#endif
