/* SPDX-License-Identifier: EUPL-1.2 */
/* The link against libsrtp as the other end. */
#include <errno.h>
#include <string.h>

#include <glib.h>

#include "tests/support/alloc_count.h"
#include "tests/support/srtp_peer.h"

#define BUF 1536

static const enum srtp_link_profile profiles[] = {
	SRTP_LINK_AEAD_AES_128_GCM,
	SRTP_LINK_AEAD_AES_256_GCM,
	SRTP_LINK_AES128_CM_SHA1_80,
};

struct fixture {
	struct srtp_link *link;
	struct srtp_peer peer;
};

static void set_up(struct fixture *f, enum srtp_link_profile profile)
{
	struct srtp_keys keys = srtp_peer_keys(profile);

	g_assert_cmpint(srtp_link_new(&f->link, &keys), ==, 0);
	srtp_peer_init(&f->peer, &keys);
}

static void tear_down(struct fixture *f)
{
	srtp_link_free(f->link);
	srtp_peer_close(&f->peer);
}

/* Our packet is what libsrtp makes of the same keys, byte for byte; and it reads it back. */
static void send_and_compare(struct fixture *f, srtp_t twin, const struct srtp_peer_packet *p)
{
	_Alignas(8) uint8_t plain[BUF];
	_Alignas(8) uint8_t ours[BUF];
	_Alignas(8) uint8_t theirs[BUF];
	size_t len = srtp_peer_write(plain, BUF - 20, p);
	size_t ours_len = len;
	int theirs_len = (int)len;

	memcpy(ours, plain, len);
	memcpy(theirs, plain, len);
	g_assert_cmpint(srtp_link_protect(f->link, ours, &ours_len, BUF), ==, 0);
	g_assert_cmpint(srtp_protect(twin, theirs, &theirs_len), ==, srtp_err_status_ok);
	g_assert_cmpmem(ours, (int)ours_len, theirs, theirs_len);
	g_assert_cmpint(srtp_unprotect(f->peer.recv, theirs, &theirs_len), ==, srtp_err_status_ok);
	g_assert_cmpmem(theirs, theirs_len, plain, (int)len);
}

static void receive_and_compare(struct fixture *f, const struct srtp_peer_packet *p, int expected)
{
	_Alignas(8) uint8_t plain[BUF];
	_Alignas(8) uint8_t wire[BUF];
	size_t len = srtp_peer_write(plain, BUF - 20, p);
	int wire_len = (int)len;

	memcpy(wire, plain, len);
	g_assert_cmpint(srtp_protect(f->peer.send, wire, &wire_len), ==, srtp_err_status_ok);
	size_t got_len = (size_t)wire_len;
	g_assert_cmpint(srtp_link_unprotect(f->link, wire, &got_len), ==, expected);
	if (expected == 0)
		g_assert_cmpmem(wire, (int)got_len, plain, (int)len);
	else
		g_assert_cmpuint(got_len, ==, (size_t)wire_len);
}

static void every_shape_agrees_with_libsrtp(void)
{
	static const size_t lens[] = {0, 1, 15, 16, 17, 100, 1200};

	for (size_t k = 0; k < G_N_ELEMENTS(profiles); k++) {
		struct srtp_keys keys = srtp_peer_keys(profiles[k]);
		struct fixture f;
		srtp_t twin;
		struct srtp_peer_packet p = {.seq = 100};

		set_up(&f, profiles[k]);
		srtp_peer_session(&twin, profiles[k], ssrc_any_outbound, keys.send);
		for (size_t i = 0; i < G_N_ELEMENTS(lens); i++) {
			for (int shape = 0; shape < 36; shape++) {
				p.ssrc = 0x11223344u + (uint32_t)shape % 5;
				p.seq++;
				p.csrc_count = (uint8_t)(shape % 3 ? shape % 3 * 7 : 0);
				p.ext_words = (uint8_t)(shape / 3 % 4);
				p.padding = (uint8_t)(shape / 12 * 3);
				p.payload_len = lens[i];
				send_and_compare(&f, twin, &p);
				receive_and_compare(&f, &p, 0);
			}
		}
		srtp_dealloc(twin);
		tear_down(&f);
	}
}

/* Order of arrival around two wraps, both directions, with gaps and packets that come late. */
static void rollover_agrees_with_libsrtp(void)
{
	for (size_t k = 0; k < G_N_ELEMENTS(profiles); k++) {
		struct srtp_keys keys = srtp_peer_keys(profiles[k]);
		struct fixture f;
		srtp_t twin;

		set_up(&f, profiles[k]);
		srtp_peer_session(&twin, profiles[k], ssrc_any_outbound, keys.send);
		for (uint32_t i = 0; i < 2 * 65536 + 400; i++) {
			/* Far from a wrap only every 997th; near it all, pairs swapped. */
			bool is_near = (i + 200) % 65536 < 400;
			struct srtp_peer_packet p = {.ssrc = 7, .payload_len = 20};

			if (!is_near && i % 997 != 0)
				continue;
			p.seq = (uint16_t)(is_near ? i ^ 3 : i);
			send_and_compare(&f, twin, &p);
			receive_and_compare(&f, &p, 0);
		}
		srtp_dealloc(twin);
		tear_down(&f);
	}
}

static void replays_are_refused(void)
{
	for (size_t k = 0; k < G_N_ELEMENTS(profiles); k++) {
		struct fixture f;
		struct srtp_peer_packet p = {.ssrc = 7, .seq = 65530, .payload_len = 50};

		set_up(&f, profiles[k]);
		for (int i = 0; i < 200; i++, p.seq++) {
			receive_and_compare(&f, &p, 0);
			receive_and_compare(&f, &p, -EALREADY);
		}
		p.seq = (uint16_t)(p.seq - 100);
		receive_and_compare(&f, &p, -EALREADY);
		p.seq = (uint16_t)(p.seq - 60); /* behind the window */
		receive_and_compare(&f, &p, -EALREADY);
		tear_down(&f);
	}
}

static void any_changed_byte_is_refused(void)
{
	for (size_t k = 0; k < G_N_ELEMENTS(profiles); k++) {
		struct fixture f;
		struct srtp_peer_packet p = {
			.ssrc = 7, .seq = 30, .payload_len = 40, .csrc_count = 2, .ext_words = 3};
		_Alignas(8) uint8_t wire[BUF];
		_Alignas(8) uint8_t changed[BUF];

		set_up(&f, profiles[k]);
		int wire_len = (int)srtp_peer_write(wire, sizeof(wire), &p);
		srtp_protect(f.peer.send, wire, &wire_len);
		for (int i = 0; i < wire_len * 8; i++) {
			size_t len = (size_t)wire_len;

			memcpy(changed, wire, len);
			changed[i / 8] ^= (uint8_t)(1 << i % 8);
			int error = srtp_link_unprotect(f.link, changed, &len);
			g_assert_true(error == -EPERM || error == -EBADMSG);
		}
		for (size_t cut = 0; cut < (size_t)wire_len; cut++) {
			size_t len = cut;

			memcpy(changed, wire, len);
			g_assert_cmpint(srtp_link_unprotect(f.link, changed, &len), <, 0);
		}
		/* None of it moved anything: the true packet still passes, once. */
		size_t len = (size_t)wire_len;
		memcpy(changed, wire, len);
		g_assert_cmpint(srtp_link_unprotect(f.link, changed, &len), ==, 0);
		tear_down(&f);
	}
}

static void forged_streams_leave_nothing(void)
{
	for (size_t k = 0; k < G_N_ELEMENTS(profiles); k++) {
		struct fixture f;
		struct srtp_peer_packet p = {.seq = 30, .payload_len = 40};
		_Alignas(8) uint8_t wire[BUF];

		set_up(&f, profiles[k]);
		for (uint32_t ssrc = 0; ssrc < 2000; ssrc++) {
			p.ssrc = ssrc;
			size_t len = srtp_peer_write(wire, sizeof(wire), &p);

			g_assert_cmpint(srtp_link_unprotect(f.link, wire, &len), ==, -EPERM);
		}
		p.ssrc = 99999;
		receive_and_compare(&f, &p, 0);
		tear_down(&f);
	}
}

static void receiving_streams_are_bounded(void)
{
	for (size_t k = 0; k < G_N_ELEMENTS(profiles); k++) {
		const uint32_t most = LIMIT_CODECS * LIMIT_MLINES;
		struct fixture f;
		struct srtp_peer_packet p = {.seq = 30, .payload_len = 40};

		set_up(&f, profiles[k]);
		for (p.ssrc = 1; p.ssrc <= most; p.ssrc++)
			receive_and_compare(&f, &p, 0);
		for (; p.ssrc <= most + 10; p.ssrc++)
			receive_and_compare(&f, &p, -ENOSPC);
		p.ssrc = 1;
		p.seq++;
		receive_and_compare(&f, &p, 0);
		/* Reports have a table of their own under the AEAD profiles. */
		uint32_t from = profiles[k] == SRTP_LINK_AES128_CM_SHA1_80 ? most : 0;
		for (uint32_t ssrc = from + 1; ssrc <= most + 10; ssrc++) {
			_Alignas(8) uint8_t report[BUF] = {0x80, 201, 0, 1};
			int report_len = 8;

			report[6] = (uint8_t)(ssrc >> 8);
			report[7] = (uint8_t)ssrc;
			srtp_protect_rtcp(f.peer.send, report, &report_len);
			size_t len = (size_t)report_len;
			g_assert_cmpint(srtp_link_unprotect_rtcp(f.link, report, &len), ==,
					ssrc <= most ? 0 : -ENOSPC);
		}
		tear_down(&f);
	}
}

static int protect(struct fixture *f, const struct srtp_peer_packet *p, uint8_t *wire, size_t *len)
{
	*len = srtp_peer_write(wire, BUF - 20, p);
	return srtp_link_protect(f->link, wire, len, BUF);
}

/* The nonce rule of srtp.h. */
static void only_the_same_packet_may_be_sent_again(void)
{
	for (size_t k = 0; k < G_N_ELEMENTS(profiles); k++) {
		bool is_aead = profiles[k] != SRTP_LINK_AES128_CM_SHA1_80;
		struct fixture f;
		_Alignas(8) uint8_t first[BUF];
		_Alignas(8) uint8_t again[BUF];
		size_t first_len;
		size_t again_len;
		struct srtp_peer_packet p = {
			.ssrc = 7, .seq = 65000, .payload_len = 40, .ext_words = 2};

		set_up(&f, profiles[k]);
		g_assert_cmpint(protect(&f, &p, first, &first_len), ==, 0);
		/* 511 packets later, over a wrap. */
		struct srtp_peer_packet next = p;
		for (int i = 0; i < LIMIT_SENT_PACKETS - 1; i++) {
			next.seq++;
			g_assert_cmpint(protect(&f, &next, again, &again_len), ==, 0);
		}
		g_assert_cmpint(protect(&f, &p, again, &again_len), ==, 0);
		g_assert_cmpmem(again, (int)again_len, first, (int)first_len);
		if (!is_aead) { /* libsrtp keeps no marks */
			tear_down(&f);
			continue;
		}
		struct srtp_peer_packet other = p;
		other.payload_len++;
		g_assert_cmpint(protect(&f, &other, again, &again_len), ==, -EALREADY);
		other = p;
		other.ext_words = 3;
		g_assert_cmpint(protect(&f, &other, again, &again_len), ==, -EALREADY);
		/* One packet further it is forgotten, and so refused in any form. */
		next.seq++;
		g_assert_cmpint(protect(&f, &next, again, &again_len), ==, 0);
		g_assert_cmpint(protect(&f, &p, again, &again_len), ==, -EALREADY);
		tear_down(&f);
	}
}

static void rtcp_passes_both_ways(void)
{
	for (size_t k = 0; k < G_N_ELEMENTS(profiles); k++) {
		struct srtp_keys keys = srtp_peer_keys(profiles[k]);
		struct fixture f;
		srtp_t twin;
		_Alignas(8) uint8_t plain[BUF] = {0x80, 201, 0, 1, 0, 0, 0, 9, 0x81, 206,
						  0,	2,   0, 0, 0, 9, 0, 0, 0,    8};
		_Alignas(8) uint8_t wire[BUF];
		_Alignas(8) uint8_t copy[BUF];

		set_up(&f, profiles[k]);
		srtp_peer_session(&twin, profiles[k], ssrc_any_outbound, keys.send);
		for (size_t n = 8; n <= 200; n += 20) {
			size_t len = n;

			memcpy(wire, plain, n);
			g_assert_cmpint(srtp_link_protect_rtcp(f.link, wire, &len, BUF), ==, 0);
			g_assert_cmpuint(len, ==, n + (profiles[k] == 1 ? 14 : 20));
			g_assert_cmpuint(len - n, <=, SRTP_LINK_MAX_TRAILER);
			int wire_len = (int)n;
			memcpy(copy, plain, n);
			g_assert_cmpint(srtp_protect_rtcp(twin, copy, &wire_len), ==, 0);
			g_assert_cmpmem(wire, (int)len, copy, wire_len);
			g_assert_cmpint(srtp_unprotect_rtcp(f.peer.recv, wire, &wire_len), ==,
					srtp_err_status_ok);
			g_assert_cmpmem(wire, wire_len, plain, (int)n);

			wire_len = (int)n;
			srtp_protect_rtcp(f.peer.send, wire, &wire_len);
			for (int i = 0; i < wire_len; i++) {
				memcpy(copy, wire, (size_t)wire_len);
				copy[i] ^= 0x80;
				len = (size_t)wire_len;
				g_assert_cmpint(srtp_link_unprotect_rtcp(f.link, copy, &len), <, 0);
			}
			memcpy(copy, wire, (size_t)wire_len);
			len = (size_t)wire_len;
			g_assert_cmpint(srtp_link_unprotect_rtcp(f.link, copy, &len), ==, 0);
			g_assert_cmpmem(copy, (int)len, plain, (int)n);
			len = (size_t)wire_len;
			g_assert_cmpint(srtp_link_unprotect_rtcp(f.link, wire, &len), ==,
					-EALREADY);
		}
		srtp_dealloc(twin);
		tear_down(&f);
	}
}

static void what_is_no_packet_is_refused(void)
{
	for (size_t k = 0; k < G_N_ELEMENTS(profiles); k++) {
		struct fixture f;
		_Alignas(8) uint8_t buf[BUF] = {0x80, 96};
		size_t len;

		set_up(&f, profiles[k]);
		for (size_t n = 0; n < 12; n++) {
			len = n;
			g_assert_cmpint(srtp_link_protect(f.link, buf, &len, BUF), ==, -EINVAL);
			g_assert_cmpint(srtp_link_unprotect(f.link, buf, &len), ==, -EBADMSG);
			g_assert_cmpuint(len, ==, n);
		}
		for (size_t n = 0; n < 8; n++) {
			len = n;
			g_assert_cmpint(srtp_link_protect_rtcp(f.link, buf, &len, BUF), ==,
					-EINVAL);
			g_assert_cmpint(srtp_link_unprotect_rtcp(f.link, buf, &len), ==, -EBADMSG);
		}
		len = 100;
		g_assert_cmpint(srtp_link_protect(f.link, buf, &len, 105), ==, -EINVAL);
		g_assert_cmpint(srtp_link_protect_rtcp(f.link, buf, &len, 113), ==, -EINVAL);
		buf[0] = 0x40;
		g_assert_cmpint(srtp_link_protect(f.link, buf, &len, BUF), ==, -EINVAL);
		g_assert_cmpint(srtp_link_unprotect(f.link, buf, &len), ==, -EBADMSG);
		buf[0] = 0x90; /* an extension longer than the packet */
		buf[14] = 0xff;
		g_assert_cmpint(srtp_link_protect(f.link, buf, &len, BUF), ==, -EINVAL);
		g_assert_cmpint(srtp_link_unprotect(f.link, buf, &len), <, 0);
		tear_down(&f);
	}
	struct srtp_keys keys = {.profile = (enum srtp_link_profile)2};
	struct srtp_link *link;
	g_assert_cmpint(srtp_link_new(&link, &keys), ==, -EINVAL);
	srtp_link_free(NULL);
}

static void a_known_stream_never_allocates(void)
{
	if (!alloc_count_works) {
		g_test_skip("the sanitizer owns the allocator");
		return;
	}
	for (size_t k = 0; k < 2; k++) {
		struct srtp_keys keys = srtp_peer_keys(profiles[k]);
		struct srtp_keys swapped = srtp_peer_swap(&keys);
		struct srtp_link *a;
		struct srtp_link *b;
		_Alignas(8) uint8_t wire[BUF];
		uint64_t before = 0;

		g_assert_cmpint(srtp_link_new(&a, &keys), ==, 0);
		g_assert_cmpint(srtp_link_new(&b, &swapped), ==, 0);
		for (uint32_t ssrc = 0; ssrc < 40; ssrc++)
			g_assert_cmpint(srtp_link_add_sender(a, ssrc), ==, 0);
		for (uint32_t i = 0; i < 10040; i++) {
			struct srtp_peer_packet p = {
				.ssrc = i % 40, .seq = (uint16_t)(i / 40), .payload_len = i % 1200};
			size_t len = srtp_peer_write(wire, BUF - 20, &p);
			uint64_t sent = alloc_count;

			g_assert_cmpint(srtp_link_protect(a, wire, &len, BUF), ==, 0);
			if (i >= 40) /* from a stream's second packet on */
				g_assert_cmpuint(alloc_count, ==, sent);
			if (i == 40) /* the receiver knows them all */
				before = alloc_count;
			g_assert_cmpint(srtp_link_unprotect(b, wire, &len), ==, 0);
		}
		g_assert_cmpuint(alloc_count - before, ==, 0);
		srtp_link_free(a);
		srtp_link_free(b);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_cmpint(srtp_link_library_init(), ==, 0);
	g_test_add_func("/srtp/every_shape_agrees_with_libsrtp", every_shape_agrees_with_libsrtp);
	g_test_add_func("/srtp/rollover_agrees_with_libsrtp", rollover_agrees_with_libsrtp);
	g_test_add_func("/srtp/replays_are_refused", replays_are_refused);
	g_test_add_func("/srtp/any_changed_byte_is_refused", any_changed_byte_is_refused);
	g_test_add_func("/srtp/forged_streams_leave_nothing", forged_streams_leave_nothing);
	g_test_add_func("/srtp/receiving_streams_are_bounded", receiving_streams_are_bounded);
	g_test_add_func("/srtp/only_the_same_packet_may_be_sent_again",
			only_the_same_packet_may_be_sent_again);
	g_test_add_func("/srtp/rtcp_passes_both_ways", rtcp_passes_both_ways);
	g_test_add_func("/srtp/what_is_no_packet_is_refused", what_is_no_packet_is_refused);
	g_test_add_func("/srtp/a_known_stream_never_allocates", a_known_stream_never_allocates);
	return g_test_run();
}
