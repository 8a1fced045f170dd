/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/channel.h"

#include <stdio.h>
#include <string.h>

#include <stun/usages/ice.h>

#include "media/wire/srtp.h"

enum {
	CHANNEL_CHECK_US = 50000,     /* RFC 8445 14.2: Ta */
	CHANNEL_CONSENT_US = 2660000, /* Chromium after nomination */
	CHANNEL_LOST_US = 500000,     /* an unanswered consent check goes again */
	CHANNEL_GIVE_UP_US = 20000000,
	CHANNEL_PRIORITY = 2113937151,
};

void channel_init(struct channel *channel, const struct channel_config *config, struct rng *rng)
{
	*channel = (struct channel){.config = *config, .check_us = INT64_MAX, .is_answered = true};
	rng_ice_chars(rng, channel->local.ufrag, 8);
	rng_ice_chars(rng, channel->local.pwd, 24);
}

void channel_close(struct channel *channel)
{
	dtls_free(channel->dtls);
	srtp_link_free(channel->srtp);
	channel->dtls = NULL;
	channel->srtp = NULL;
	channel->state = CHANNEL_CLOSED;
	channel->check_us = INT64_MAX;
}

void channel_start(struct channel *channel, int64_t now_us, const struct ice_credentials *remote,
		   const uint8_t fingerprint[CERT_FINGERPRINT_BYTES], const struct addr *peer)
{
	channel->remote = *remote;
	channel->peer = *peer;
	memcpy(channel->fingerprint, fingerprint, CERT_FINGERPRINT_BYTES);
	channel->state = CHANNEL_CHECKING;
	channel->check_us = now_us;
	channel->begun_us = now_us;
}

static void send_out(struct channel *channel, const uint8_t *data, size_t len)
{
	channel->config.send(channel->config.arg, data, len);
}

/* --- ICE -------------------------------------------------------------------------------------- */

static size_t write_check(struct channel *channel)
{
	char username[2 * LIMIT_ICE_UFRAG_BYTES + 2];
	StunMessage msg;

	(void)snprintf(username, sizeof(username), "%s:%s", channel->remote.ufrag,
		       channel->local.ufrag);
	stun_agent_init(&channel->stun, STUN_ALL_KNOWN_ATTRIBUTES, STUN_COMPATIBILITY_RFC5389,
			STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS | STUN_AGENT_USAGE_USE_FINGERPRINT);
	return stun_usage_ice_conncheck_create(
		&channel->stun, &msg, channel->request, sizeof(channel->request),
		(const uint8_t *)username, strlen(username), (const uint8_t *)channel->remote.pwd,
		strlen(channel->remote.pwd), true, true, CHANNEL_PRIORITY, 0x1122334455667788, NULL,
		STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
}

/* RFC 8489 6.2.1: an unanswered request goes again as it was. */
static void check(struct channel *channel, int64_t now_us)
{
	bool was_answered = channel->is_answered;

	if (channel->state == CHANNEL_CHECKING && now_us - channel->begun_us > CHANNEL_GIVE_UP_US) {
		channel->state = CHANNEL_FAILED;
		channel->check_us = INT64_MAX;
		return;
	}
	if (was_answered)
		channel->request_len = write_check(channel);
	channel->is_answered = false;
	send_out(channel, channel->request, channel->request_len);
	if (channel->state == CHANNEL_CHECKING)
		channel->check_us = now_us + CHANNEL_CHECK_US;
	else
		channel->check_us = now_us + (was_answered ? CHANNEL_CONSENT_US : CHANNEL_LOST_US);
}

/* A server that is no lite agent checks, too. */
static void answer_check(const struct channel *channel, const uint8_t *data, size_t len)
{
	struct stun_request request;
	uint8_t reply[STUN_REPLY_BYTES];
	size_t reply_len;

	if (stun_answer_request(&request, data, len, &channel->local, &channel->peer, reply,
				sizeof(reply), &reply_len) == 0)
		channel->config.send(channel->config.arg, reply, reply_len);
}

static bool is_good_reply(struct channel *channel, const uint8_t *data, size_t len)
{
	struct sockaddr_storage mapped = {0};
	socklen_t mapped_len = sizeof(mapped);
	StunMessage msg;

	if (stun_agent_validate(&channel->stun, &msg, data, len, NULL, NULL) !=
	    STUN_VALIDATION_SUCCESS)
		return false;
	return stun_usage_ice_conncheck_process(&msg, &mapped, &mapped_len,
						STUN_USAGE_ICE_COMPATIBILITY_RFC5245) ==
	       STUN_USAGE_ICE_RETURN_SUCCESS;
}

/* --- DTLS ------------------------------------------------------------------------------------- */

static void flush_dtls(struct channel *channel)
{
	uint8_t buf[2048];
	struct srtp_keys keys;
	size_t len;

	while ((len = dtls_output(channel->dtls, buf, sizeof(buf))) > 0)
		send_out(channel, buf, len);
	if (dtls_state(channel->dtls) == DTLS_CLOSED)
		channel->state = CHANNEL_CLOSED;
	else if (dtls_state(channel->dtls) == DTLS_FAILED)
		channel->state = CHANNEL_FAILED;
	if (channel->srtp || dtls_keys(channel->dtls, &keys) != 0)
		return;
	channel->state = srtp_link_new(&channel->srtp, &keys) == 0 ? CHANNEL_READY : CHANNEL_FAILED;
}

static void take_stun(struct channel *channel, int64_t now_us, const uint8_t *data, size_t len)
{
	struct stun_peek peek;

	if (stun_peek_request(&peek, data, len) == 0) {
		answer_check(channel, data, len);
		return;
	}
	if (channel->state == CHANNEL_IDLE || !is_good_reply(channel, data, len))
		return;
	channel->is_answered = true;
	channel->heard_us = now_us;
	if (channel->state != CHANNEL_CHECKING)
		return;
	channel->check_us = now_us + CHANNEL_CONSENT_US;
	channel->state = CHANNEL_SECURING;
	if (dtls_new(&channel->dtls, now_us, DTLS_CLIENT, channel->config.cert,
		     channel->fingerprint) != 0)
		channel->state = CHANNEL_FAILED;
	else
		flush_dtls(channel);
}

void channel_input(struct channel *channel, int64_t now_us, const uint8_t *data, size_t len)
{
	if (len > 0 && data[0] < 4) {
		take_stun(channel, now_us, data, len);
	} else if (channel->dtls) {
		(void)dtls_input(channel->dtls, now_us, data, len); /* seen in dtls_state */
		flush_dtls(channel);
	}
}

void channel_timeout(struct channel *channel, int64_t now_us)
{
	if (channel->check_us <= now_us)
		check(channel, now_us);
	if (channel->dtls && dtls_deadline_us(channel->dtls) <= now_us) {
		dtls_timeout(channel->dtls, now_us);
		flush_dtls(channel);
	}
}

int64_t channel_deadline_us(const struct channel *channel)
{
	int64_t dtls = channel->dtls ? dtls_deadline_us(channel->dtls) : INT64_MAX;

	return dtls < channel->check_us ? dtls : channel->check_us;
}

void channel_leave(struct channel *channel, int64_t now_us)
{
	if (!channel->dtls || channel->state != CHANNEL_READY)
		return;
	dtls_close(channel->dtls, now_us);
	flush_dtls(channel);
}

bool channel_send_rtp(struct channel *channel, uint8_t *buf, size_t len, size_t cap)
{
	if (channel->state != CHANNEL_READY ||
	    srtp_link_protect(channel->srtp, buf, &len, cap) != 0)
		return false;
	send_out(channel, buf, len);
	return true;
}

bool channel_send_rtcp(struct channel *channel, uint8_t *buf, size_t len, size_t cap)
{
	if (channel->state != CHANNEL_READY ||
	    srtp_link_protect_rtcp(channel->srtp, buf, &len, cap) != 0)
		return false;
	send_out(channel, buf, len);
	return true;
}
