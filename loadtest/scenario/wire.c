/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/scenario/wire.h"

#include <glib.h>
#include <string.h>

enum {
	WIRE_CHECK_US = 50000,	   /* RFC 8445 14.2: Ta */
	WIRE_CONSENT_US = 2660000, /* Chromium after nomination: platform measurements */
	WIRE_LOST_US = 500000, /* an unanswered check goes again: Chromium's when writable ends */
};

static void new_credentials(struct wire *wire)
{
	rng_ice_chars(&wire->rng, wire->local.ufrag, 8);
	rng_ice_chars(&wire->rng, wire->local.pwd, 24);
	rng_ice_chars(&wire->rng, wire->remote.ufrag, 8);
	rng_ice_chars(&wire->rng, wire->remote.pwd, 24);
	wire->is_answered = true;
	wire->is_checked = false;
}

void wire_init(struct wire *wire, const struct wire_config *config, uint64_t seed)
{
	*wire = (struct wire){.config = *config, .rng = rng_seeded(seed), .check_us = INT64_MAX};
	new_credentials(wire);
}

void wire_close(struct wire *wire)
{
	dtls_free(wire->dtls);
	srtp_link_free(wire->srtp);
	wire->dtls = NULL;
	wire->srtp = NULL;
}

void wire_start(struct wire *wire, int64_t now_us)
{
	wire->check_us = now_us;
}

void wire_restart(struct wire *wire, int64_t now_us)
{
	new_credentials(wire);
	wire->check_us = now_us;
}

/* RFC 8489 6.2.1: an unanswered request goes again as it was. */
static void check(struct wire *wire, int64_t now_us)
{
	const struct stun_client_check request = {.to = &wire->remote,
						  .from_ufrag = wire->local.ufrag,
						  .use_candidate = true,
						  .priority = 2113937151};
	bool was_answered = wire->is_answered;

	if (was_answered)
		wire->request_len = stun_client_write(&wire->stun, wire->request,
						      sizeof(wire->request), &request);
	wire->is_answered = false;
	wire->config.send(wire->config.arg, now_us, wire->request, wire->request_len);
	if (!wire->is_checked)
		wire->check_us = now_us + WIRE_CHECK_US;
	else
		wire->check_us = now_us + (was_answered ? WIRE_CONSENT_US : WIRE_LOST_US);
}

static void flush_dtls(struct wire *wire, int64_t now_us)
{
	uint8_t buf[2048];
	struct srtp_keys keys;
	size_t len;

	while ((len = dtls_output(wire->dtls, buf, sizeof(buf))) > 0)
		wire->config.send(wire->config.arg, now_us, buf, len);
	wire->is_closed |= dtls_state(wire->dtls) == DTLS_CLOSED;
	if (wire->srtp || dtls_keys(wire->dtls, &keys))
		return;
	g_assert_cmpint(srtp_link_new(&wire->srtp, &keys), ==, 0);
	wire->connected_us = now_us;
}

static void take_stun(struct wire *wire, int64_t now_us, const uint8_t *data, size_t len)
{
	struct addr mapped;

	if (stun_client_read(&wire->stun, data, len, &mapped) != 0)
		return;
	wire->is_answered = true;
	wire->heard_us = now_us;
	if (wire->is_checked)
		return;
	wire->is_checked = true;
	wire->check_us = now_us + WIRE_CONSENT_US;
	if (wire->dtls)
		return;
	g_assert_cmpint(dtls_new(&wire->dtls, now_us, DTLS_CLIENT, wire->config.cert,
				 cert_fingerprint(wire->config.peer)),
			==, 0);
	flush_dtls(wire, now_us);
}

void wire_input(struct wire *wire, int64_t now_us, const uint8_t *data, size_t len)
{
	if (data[0] < 4) {
		take_stun(wire, now_us, data, len);
	} else if (wire->dtls) {
		(void)dtls_input(wire->dtls, now_us, data, len); /* seen in dtls_state */
		flush_dtls(wire, now_us);
	}
}

void wire_timeout(struct wire *wire, int64_t now_us)
{
	if (wire->check_us <= now_us)
		check(wire, now_us);
	if (wire->dtls && dtls_deadline_us(wire->dtls) <= now_us) {
		dtls_timeout(wire->dtls, now_us);
		flush_dtls(wire, now_us);
	}
}

int64_t wire_deadline_us(const struct wire *wire)
{
	int64_t dtls = wire->dtls ? dtls_deadline_us(wire->dtls) : INT64_MAX;

	return dtls < wire->check_us ? dtls : wire->check_us;
}

size_t wire_send_rtp(struct wire *wire, int64_t now_us, uint8_t *buf, size_t len, size_t cap)
{
	g_assert_cmpint(srtp_link_protect(wire->srtp, buf, &len, cap), ==, 0);
	wire->config.send(wire->config.arg, now_us, buf, len);
	return len;
}

void wire_send_again(struct wire *wire, int64_t now_us, const uint8_t *buf, size_t len)
{
	wire->config.send(wire->config.arg, now_us, buf, len);
}

void wire_send_rtcp(struct wire *wire, int64_t now_us, uint8_t *buf, size_t len, size_t cap)
{
	g_assert_cmpint(srtp_link_protect_rtcp(wire->srtp, buf, &len, cap), ==, 0);
	wire->config.send(wire->config.arg, now_us, buf, len);
}
