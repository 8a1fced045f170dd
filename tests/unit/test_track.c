/* SPDX-License-Identifier: EUPL-1.2 */
#include <glib.h>

#include "media/route/outlet.h"
#include "media/route/track.h"
#include "media/route/transport.h"

/* A place learnt when the m-line named three sizes, and a track of one in it now. */
static void an_encoding_there_is_no_room_for_is_dropped(void)
{
	static struct outlet outlet;
	static struct transport transport = {.outlet = &outlet};
	struct mline_params mline = {.kind = MEDIA_AUDIO, .track_id = 1, .use = MLINE_TRACK};
	struct track_config config = {.transport = &transport, .mline = &mline};
	struct bundle_place place = {.encoding = 2};
	struct packet packet = {.header = {.ssrc = 9}};
	struct rtcp_packet report = {.sender_ssrc = 0};
	struct track *track;

	g_assert_cmpint(track_new(&track, &config), ==, 0);
	g_assert_cmpuint(track->encoding_room, ==, 1);
	track_rtp(track, 1000, &packet, &place);
	g_assert_cmpuint(outlet.stats.dropped_malformed, ==, 1);
	track_sender_report(track, 1000, 2, &report);
	track_bye(track, 1000, 2);
	g_assert_false(track->encoding[0].is_known);
	track_free(track);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/track/no_room", an_encoding_there_is_no_room_for_is_dropped);
	return g_test_run();
}
