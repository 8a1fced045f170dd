/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>
#include <string.h>

#include "media/route/feedback.h"
#include "media/route/outlet.h"
#include "media/wire/rtcp.h"

#define MS     1000
#define SECOND (1000 * MS)

static struct outlet outlet;
static struct transport transport;
static struct track camera;
static struct track microphone;
static struct encoding camera_encoding[3];
static struct encoding microphone_encoding[1];
static struct track *const TRACKS[] = {NULL, &microphone, NULL, &camera};
static struct feedback_remb_state remb;
static struct rtcp_packet said;

static void set_up(void)
{
	memset(&outlet, 0, sizeof(outlet));
	memset(&transport, 0, sizeof(transport));
	memset(&camera, 0, sizeof(camera));
	memset(&microphone, 0, sizeof(microphone));
	memset(&remb, 0, sizeof(remb));
	outlet.pool = pkt_pool_new(4, 4);
	g_assert_nonnull(outlet.pool);
	transport.outlet = &outlet;
	memset(camera_encoding, 0, sizeof(camera_encoding));
	memset(microphone_encoding, 0, sizeof(microphone_encoding));
	microphone.encoding = microphone_encoding;
	microphone.encoding_count = 1;
	camera.encoding = camera_encoding;
	microphone.encoding[0] = (struct encoding){.is_known = true, .ssrc = 11};
	camera.encoding_count = 3;
	camera.encoding[0] = (struct encoding){.is_known = true, .ssrc = 21};
	camera.encoding[2] = (struct encoding){.is_known = true, .ssrc = 23};
}

/* Calls it as a peer does; true when something was said, which is in `said`. */
static bool speak(int64_t now_us, uint32_t cap_bps)
{
	int64_t deadline_us = feedback_remb_deadline_us(&remb, cap_bps);
	struct rtcp_reader reader;
	struct feedback f;
	bool spoke;

	feedback_begin(&f, &transport, now_us, 5, "cname");
	feedback_remb(&f, &remb, cap_bps, TRACKS, G_N_ELEMENTS(TRACKS));
	spoke = f.pkt != NULL && wr_len(&f.wr) > 0;
	if (spoke) {
		g_assert_cmpint(deadline_us, <=, now_us);
		g_assert_true(wr_ok(&f.wr));
		reader = rtcp_reader_init(f.pkt->data, wr_len(&f.wr));
		g_assert_cmpint(rtcp_next(&reader, &said), ==, 1);
		g_assert_cmpint(said.type, ==, RTCP_REMB);
		g_assert_cmpuint(said.sender_ssrc, ==, 5);
	}
	/* Whatever was done or could not be: it is not due at once again. */
	if (deadline_us <= now_us)
		g_assert_cmpint(feedback_remb_deadline_us(&remb, cap_bps), >, now_us);
	if (f.pkt)
		pkt_unref(f.pkt);
	return spoke;
}

static void the_cap_names_every_ssrc_heard(void)
{
	set_up();
	g_assert_true(speak(10 * SECOND, 200000));
	/* 18 bits of mantissa. */
	g_assert_cmpuint(said.remb_bps, ==, 200000);
	g_assert_cmpuint(said.ssrc_count, ==, 3);
	g_assert_cmpuint(said.ssrcs[0], ==, 11);
	g_assert_cmpuint(said.ssrcs[1], ==, 21);
	g_assert_cmpuint(said.ssrcs[2], ==, 23);
	pkt_pool_free(outlet.pool);
}

static void it_is_said_on_change_each_second_and_when_lifted(void)
{
	static const struct {
		int at_ms;
		uint32_t cap_bps;
		bool is_said;
	} steps[] = {
		{10000, 0, false},	   /* never capped: nothing to lift */
		{20000, 200000, true},	   /* the first */
		{20049, 100000, false},	   /* too soon after it */
		{20050, 194000, false},	   /* 3 % is no change */
		{20060, 193000, true},	   /* more is */
		{20500, 195000, false},	   /* upwards too */
		{20600, 199000, true},	   /* ... */
		{21599, 199000, false},	   /* nothing new */
		{21600, 199000, true},	   /* a second later */
		{22600, 200000, true},	   /* and again */
		{23000, 0, true},	   /* lifted, once */
		{24000, 0, false},	   /* not twice */
		{90000, 0, false},	   /* ever */
		{90001, 4000000000, true}, /* another one */
	};

	set_up();
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		uint32_t cap = steps[i].cap_bps;

		g_test_message("at %d ms", steps[i].at_ms);
		g_assert_true(speak((int64_t)steps[i].at_ms * MS, cap) == steps[i].is_said);
		if (steps[i].is_said)
			g_assert_cmpfloat((double)said.remb_bps, >=,
					  cap ? 0.9999 * cap : 100000000);
		if (steps[i].is_said && cap)
			g_assert_cmpuint(said.remb_bps, <=, cap);
	}
	pkt_pool_free(outlet.pool);
}

static void it_waits_for_an_ssrc_and_for_a_buffer(void)
{
	struct pkt *taken[4];

	set_up();
	camera.encoding[0].is_known = camera.encoding[2].is_known = false;
	microphone.encoding[0].is_known = false;
	g_assert_false(speak(10 * SECOND, 200000));
	microphone.encoding[0].is_known = true;
	g_assert_false(speak(10 * SECOND + 49 * MS, 200000));
	for (size_t i = 0; i < G_N_ELEMENTS(taken); i++)
		g_assert_nonnull(taken[i] = pkt_get(outlet.pool));
	g_assert_false(speak(10 * SECOND + 50 * MS, 200000));
	for (size_t i = 0; i < G_N_ELEMENTS(taken); i++)
		pkt_unref(taken[i]);
	g_assert_true(speak(10 * SECOND + 100 * MS, 200000));
	g_assert_cmpuint(said.ssrc_count, ==, 1);
	pkt_pool_free(outlet.pool);
}

/* How often a lost picture is asked for within a second, 20 looks. */
static unsigned asked(int64_t up_queue_us)
{
	unsigned count = 0;

	set_up();
	transport.rtt_us = 40 * MS;
	camera.transport = &transport;
	nack_received(&camera.encoding[0].nack, 0, 1);
	nack_received(&camera.encoding[0].nack, 0, 3);
	for (int64_t now_us = 10 * MS; now_us < SECOND; now_us += 50 * MS) {
		struct feedback f;

		feedback_begin(&f, &transport, now_us, 5, "cname");
		f.up_queue_us = up_queue_us;
		feedback_requests(&f, &camera);
		count += f.pkt != NULL && wr_len(&f.wr) > 0;
		if (f.pkt)
			pkt_unref(f.pkt);
	}
	nack_close(&camera.encoding[0].nack);
	pkt_pool_free(outlet.pool);
	return count;
}

/* What answers is behind the queue: asking again meanwhile would only lengthen it. */
static void a_queue_is_waited_for_before_asking_again(void)
{
	g_assert_cmpuint(asked(-1), ==, 10);
	g_assert_cmpuint(asked(0), ==, 10);
	g_assert_cmpuint(asked(400 * MS), ==, 2);
	g_assert_cmpuint(asked(SECOND), ==, 1);
}

#define ADD(name) g_test_add_func("/feedback/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(the_cap_names_every_ssrc_heard);
	ADD(it_is_said_on_change_each_second_and_when_lifted);
	ADD(it_waits_for_an_ssrc_and_for_a_buffer);
	ADD(a_queue_is_waited_for_before_asking_again);
	return g_test_run();
}
