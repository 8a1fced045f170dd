/* SPDX-License-Identifier: EUPL-1.2 */
/* The small readers around the load tester: /proc, descriptions, addresses, the command line. */
#include <errno.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

#include "loadtest/load/description.h"
#include "loadtest/load/driver.h"
#include "loadtest/load/options.h"
#include "loadtest/load/procstat.h"
#include "loadtest/load/target.h"

static void proc_stat_counts_from_behind_the_name(void)
{
	struct procstat p;

	g_assert_cmpint(
		procstat_parse(&p,
			       "77 (a) b (c)) S 1 77 77 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 3 "
			       "0 12345 1000000 512 18446744073709551615 1 1",
			       100, 4096),
		==, 0);
	g_assert_cmpint(p.user_us, ==, 2500000);
	g_assert_cmpint(p.cpu_us, ==, 3000000);
	g_assert_cmpint(p.threads, ==, 3);
	g_assert_cmpint(p.rss_bytes, ==, 512 * 4096);
	g_assert_cmpint(procstat_parse(&p, "77 (vidd) S 1", 100, 4096), ==, -EBADMSG);
	g_assert_cmpint(procstat_parse(&p, "", 100, 4096), ==, -EBADMSG);
}

static void our_own_process_can_be_read(void)
{
	struct procstat p;

	g_assert_cmpint(procstat_read(&p, getpid()), ==, 0);
	g_assert_cmpint(p.rss_bytes, >, 0);
	g_assert_cmpint(p.threads, >=, 1);
	g_assert_cmpint(procstat_read(&p, 4194304), ==, -ESRCH);
}

static void an_answer_of_vidd_is_read(void)
{
	static struct description d;
	char error[DESCRIPTION_ERROR_BYTES], text[ADDR_TEXT_MAX];
	char *path = g_test_build_filename(G_TEST_DIST,
					   "tests/vectors/offers/chromium-publish.answer", NULL);
	char *sdp;

	g_assert_true(g_file_get_contents(path, &sdp, NULL, NULL));
	g_assert_cmpint(description_read(&d, sdp, error), ==, 0);
	g_assert_cmpstr(d.remote.ufrag, ==, "moXnx/M1xI7i");
	g_assert_cmpuint(d.fingerprint[0], ==, 0xab);
	g_assert_cmpstr(addr_format(&d.peer, text), ==, "192.0.2.1:10000");
	g_assert_true(d.takes[MEDIA_AUDIO] && d.takes[MEDIA_VIDEO]);
	g_assert_cmpstr(d.terms.mid[MEDIA_VIDEO], ==, "1");
	g_assert_cmpuint(d.terms.opus_pt, ==, 111);
	g_assert_cmpuint(d.terms.vp8_pt, ==, 96);
	g_assert_cmpuint(d.terms.rtx_pt, ==, 97);
	g_assert_cmpuint(d.terms.exts.id[RTP_EXT_MID], ==, 4);
	g_assert_cmpuint(d.line_count, ==, 6);
	g_assert_cmpuint(d.line[0].ssrc, ==, 136987924);
	g_assert_cmpint(d.line[3].kind, ==, MEDIA_VIDEO);
	g_assert_cmpuint(d.line[3].ssrc, ==, 1878894370);
	g_assert_cmpuint(d.line[3].rtx_ssrc, ==, 2381648102);
	g_free(sdp);
	g_free(path);
}

static void what_is_no_description_is_refused(void)
{
	static const char *const bad[] = {
		"",
		"nonsense",
		"v=0\r\n",
		("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
		 "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n"),
	};
	static struct description d;
	char error[DESCRIPTION_ERROR_BYTES];

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		error[0] = '\0';
		g_assert_cmpint(description_read(&d, bad[i], error), ==, -EBADMSG);
		g_assert_cmpstr(error, !=, "");
	}
}

static void strangers_are_not_ours(void)
{
	static const struct {
		const char *ip;
		bool is_ours;
	} some[] = {
		{"127.0.0.1", true},   {"127.3.2.1", true},    {"::1", true},
		{"192.0.2.1", false},  {"8.8.8.8", false},     {"2001:db8::1", false},
		{"172.32.0.1", false}, {"193.168.0.1", false},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(some); i++) {
		struct addr addr;

		g_assert_cmpint(addr_parse(&addr, some[i].ip, 1), ==, 0);
		g_assert_cmpint(target_is_ours(&addr), ==, some[i].is_ours);
	}
}

static void urls_are_taken_apart(void)
{
	static const struct {
		const char *url, *host;
		bool is_secure;
		int port;
	} good[] = {
		{"https://127.0.0.1:8443", "127.0.0.1", true, 8443},
		{"http://localhost/x", "localhost", false, 80},
		{"ws://10.0.0.1:8188/janus", "10.0.0.1", false, 8188},
		{"https://[::1]:99/", "::1", true, 99},
	};
	char host[128];
	bool is_secure;
	int port;

	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		g_assert_true(driver_split_url(good[i].url, &is_secure, host, &port));
		g_assert_cmpstr(host, ==, good[i].host);
		g_assert_cmpint(is_secure, ==, good[i].is_secure);
		g_assert_cmpint(port, ==, good[i].port);
	}
	g_assert_false(driver_split_url("127.0.0.1:80", &is_secure, host, &port));
}

/* Options borrow their texts from the line: it stays until the next, or NULL, is read. */
static int parse_options(struct load_options *out, const char *line, char *error)
{
	static char **argv;

	g_strfreev(argv);
	argv = line != NULL ? g_strsplit(line, " ", 0) : NULL;
	return argv != NULL ? load_options_parse(out, (int)g_strv_length(argv), argv, error) : 0;
}

static void the_command_line_is_checked(void)
{
	static const struct {
		const char *line, *named;
	} bad[] = {
		{"vidd-load", "--profile"},
		{"vidd-load --profile x --seconds nan", "nan"},
		{"vidd-load --profile x --turn 10", "10"},
		{"vidd-load --profile x --rooms 0", "0"},
		{"vidd-load --profile x y", "y"},
	};
	char error[LOAD_OPTIONS_ERROR_BYTES];
	struct load_options o;

	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_assert_cmpint(parse_options(&o, bad[i].line, error), ==, -EINVAL);
		g_assert_nonnull(strstr(error, bad[i].named));
	}
	g_assert_cmpint(
		parse_options(&o, "vidd-load --profile p --seconds 2.5 --seed 9 --gro", error), ==,
		0);
	g_assert_cmpstr(o.profile, ==, "p");
	g_assert_cmpfloat(o.window_s, ==, 2.5);
	g_assert_cmpuint(o.seed, ==, 9);
	g_assert_true(o.is_gathering);
	g_assert_cmpint(o.turn_us, ==, 500);
	g_assert_cmpint(parse_options(&o, NULL, error), ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/load/procstat/counts-from-behind-the-name",
			proc_stat_counts_from_behind_the_name);
	g_test_add_func("/load/procstat/our-own-process-can-be-read", our_own_process_can_be_read);
	g_test_add_func("/load/description/an-answer-of-vidd-is-read", an_answer_of_vidd_is_read);
	g_test_add_func("/load/description/what-is-no-description-is-refused",
			what_is_no_description_is_refused);
	g_test_add_func("/load/target/strangers-are-not-ours", strangers_are_not_ours);
	g_test_add_func("/load/driver/urls-are-taken-apart", urls_are_taken_apart);
	g_test_add_func("/load/options/the-command-line-is-checked", the_command_line_is_checked);
	return g_test_run();
}
