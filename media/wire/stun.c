/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/wire/stun.h"

#include <errno.h>
#include <string.h>

/* The one place in media/ that fills a sockaddr: libnice writes XOR-MAPPED-ADDRESS from one. */
#include <netinet/in.h>

#include <stun/stunagent.h>
#include <stun/stunmessage.h>

#include "media/base/bytes.h"

#define STUN_BINDING_REQUEST 0x0001
#define STUN_COOKIE	     0x2112a442
#define STUN_INTEGRITY_BYTES 20 /* RFC 8489 14.5: HMAC-SHA1 */
#define STUN_HEADER_BYTES    20 /* RFC 8489 5 */

/* RFC 8489 5: type, length, cookie and transaction id; true when the length is this datagram's. */
static bool read_request_header(struct rd *r, size_t len)
{
	uint16_t type = rd_u16(r);
	uint16_t body_len = rd_u16(r);
	uint32_t cookie = rd_u32(r);

	rd_skip(r, 12);
	return rd_ok(r) && type == STUN_BINDING_REQUEST && cookie == STUN_COOKIE &&
	       body_len % 4 == 0 && (size_t)body_len + STUN_HEADER_BYTES == len;
}

/* RFC 8839 5.4: ice-char is ALPHA / DIGIT / "+" / "/". Some agents also use "-", "_" and "=", so
 * anything printable but the separator itself passes; it is only ever compared. */
static bool copy_ufrag(char out[LIMIT_ICE_UFRAG_BYTES + 1], const uint8_t *text, size_t len)
{
	if (len < 1 || len > LIMIT_ICE_UFRAG_BYTES)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] <= ' ' || text[i] > '~' || text[i] == ':')
			return false;
	}
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

/* RFC 8445 7.2.2: USERNAME is the receiver's fragment, a colon, the sender's. */
static bool split_username(struct stun_peek *out, const uint8_t *name, size_t len)
{
	const uint8_t *colon = memchr(name, ':', len);

	if (!colon)
		return false;
	size_t local_len = (size_t)(colon - name);
	return copy_ufrag(out->local_ufrag, name, local_len) &&
	       copy_ufrag(out->remote_ufrag, colon + 1, len - local_len - 1);
}

int stun_peek_request(struct stun_peek *out, const uint8_t *buf, size_t len)
{
	struct rd r = rd_init(buf, len);
	struct stun_peek peek = {0};
	bool has_username = false;
	bool has_integrity = false;

	if (!read_request_header(&r, len))
		return -EBADMSG;
	while (rd_left(&r) > 0) {
		uint16_t type = rd_u16(&r);
		uint16_t value_len = rd_u16(&r);
		const uint8_t *value = rd_bytes(&r, value_len);

		rd_skip(&r, (4u - value_len % 4u) % 4u);
		if (!rd_ok(&r))
			return -EBADMSG;
		/* RFC 8489 14.5: what follows the integrity is not covered by it. */
		if (has_integrity)
			continue;
		if (type == STUN_ATTRIBUTE_USERNAME && !has_username) {
			if (!split_username(&peek, value, value_len))
				return -EBADMSG;
			has_username = true;
		} else if (type == STUN_ATTRIBUTE_MESSAGE_INTEGRITY) {
			if (value_len != STUN_INTEGRITY_BYTES)
				return -EBADMSG;
			has_integrity = true;
		}
	}
	if (!has_username || !has_integrity)
		return -EBADMSG;
	*out = peek;
	return 0;
}

/* What a lite agent understands of a request; the rest of the required range is answered 420. */
static const uint16_t known_attributes[] = {
	STUN_ATTRIBUTE_USERNAME,
	STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
	STUN_ATTRIBUTE_PRIORITY,
	STUN_ATTRIBUTE_USE_CANDIDATE,
	0,
};

/* libnice asks for the password that belongs to the USERNAME; it compares nothing itself.
 * NOLINTNEXTLINE(readability-function-size): its parameters are libnice's. */
static bool give_password(StunAgent *agent, StunMessage *message, uint8_t *username,
			  uint16_t username_len, uint8_t **password, size_t *password_len,
			  void *user_data)
{
	const struct ice_credentials *local = user_data;
	size_t ufrag_len = strlen(local->ufrag);

	if (username_len <= ufrag_len || username[ufrag_len] != ':' ||
	    memcmp(username, local->ufrag, ufrag_len) != 0)
		return false;
	/* libnice only reads the key; its type lacks the const. */
	*password = (uint8_t *)local->pwd;
	*password_len = strlen(local->pwd);
	return true;
}

static socklen_t fill_sockaddr(struct sockaddr_storage *out, const struct addr *from)
{
	memset(out, 0, sizeof(*out));
	if (from->family == ADDR_IPV4) {
		struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(from->port)};

		memcpy(&v4.sin_addr, from->ip, sizeof(v4.sin_addr));
		memcpy(out, &v4, sizeof(v4));
		return sizeof(v4);
	}
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(from->port)};

	memcpy(&v6.sin6_addr, from->ip, sizeof(v6.sin6_addr));
	memcpy(out, &v6, sizeof(v6));
	return sizeof(v6);
}

/* The success response of RFC 8445 7.3.1.2, or 0 when it does not fit. Built attribute by attribute
 * because libnice's own reply repeats USERNAME, which RFC 8489 9.1.4 forbids. */
static size_t write_success(StunAgent *agent, const StunMessage *request, const struct addr *from,
			    uint8_t *reply, size_t cap)
{
	StunMessage response;
	struct sockaddr_storage mapped;
	socklen_t mapped_len = fill_sockaddr(&mapped, from);

	if (!stun_agent_init_response(agent, &response, reply, cap, request) ||
	    stun_message_append_xor_addr(&response, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS, &mapped,
					 mapped_len) != STUN_MESSAGE_RETURN_SUCCESS)
		return 0;
	return stun_agent_finish_message(agent, &response, NULL, 0);
}

static size_t write_role_conflict(StunAgent *agent, const StunMessage *request, uint8_t *reply,
				  size_t cap)
{
	StunMessage response;

	if (!stun_agent_init_error(agent, &response, reply, cap, request, STUN_ERROR_ROLE_CONFLICT))
		return 0;
	return stun_agent_finish_message(agent, &response, NULL, 0);
}

/* RFC 8489 6.3.1: the reply names the attributes; libnice finishes this message itself. */
static size_t write_unknown_attributes(StunAgent *agent, const StunMessage *request, uint8_t *reply,
				       size_t cap)
{
	StunMessage response;

	return stun_agent_build_unknown_attributes_error(agent, &response, reply, cap, request);
}

static void read_ice_attributes(struct stun_request *out, const StunMessage *request)
{
	out->use_candidate = stun_message_find_flag(request, STUN_ATTRIBUTE_USE_CANDIDATE) ==
			     STUN_MESSAGE_RETURN_SUCCESS;
	out->is_controlled =
		stun_message_find(request, STUN_ATTRIBUTE_ICE_CONTROLLED, &(uint16_t){0}) != NULL;
	if (stun_message_find32(request, STUN_ATTRIBUTE_PRIORITY, &out->priority) !=
	    STUN_MESSAGE_RETURN_SUCCESS)
		out->priority = 0;
}

static int status_error(StunValidationStatus status)
{
	switch (status) {
	case STUN_VALIDATION_SUCCESS:
	case STUN_VALIDATION_UNKNOWN_REQUEST_ATTRIBUTE:
		return 0;
	case STUN_VALIDATION_UNAUTHORIZED:
		return -EPERM;
	default:
		return -EBADMSG;
	}
}

/* NOLINTNEXTLINE(readability-function-size): a datagram in, a request and a datagram out. */
int stun_answer_request(struct stun_request *out, const uint8_t *buf, size_t len,
			const struct ice_credentials *local, const struct addr *from,
			uint8_t *reply, size_t reply_cap, size_t *reply_len)
{
	StunAgent agent;
	StunMessage request;
	struct stun_peek peek;
	uint8_t built[STUN_REPLY_BYTES];
	size_t built_len;

	if (stun_peek_request(&peek, buf, len) < 0 || from->family == ADDR_NONE)
		return -EBADMSG;
	stun_agent_init(&agent, known_attributes, STUN_COMPATIBILITY_RFC5389,
			STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
	StunValidationStatus status =
		stun_agent_validate(&agent, &request, buf, len, give_password, (void *)local);
	int error = status_error(status);
	if (error < 0)
		return error;

	struct stun_request read = {0};
	if (status == STUN_VALIDATION_UNKNOWN_REQUEST_ATTRIBUTE) {
		built_len = write_unknown_attributes(&agent, &request, built, sizeof(built));
		read.is_refused = true;
	} else {
		read_ice_attributes(&read, &request);
		built_len = read.is_controlled
				    ? write_role_conflict(&agent, &request, built, sizeof(built))
				    : write_success(&agent, &request, from, built, sizeof(built));
		read.is_refused = read.is_controlled;
	}
	if (built_len == 0 || built_len > reply_cap)
		return -EBADMSG;
	memcpy(reply, built, built_len);
	*reply_len = built_len;
	*out = read;
	return 0;
}
