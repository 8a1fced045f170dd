/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/courier.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <string.h>

#include "server/courier_command.h"

static void a_signature_is_what_others_compute(void)
{
	char text[COURIER_SIGNATURE_BYTES];
	char *mac = g_compute_hmac_for_string(G_CHECKSUM_SHA256, (const guchar *)"key", 3,
					      "1795683600.{}", -1);
	char *want = g_strdup_printf("t=1795683600,v1=%s", mac);

	g_assert_cmpint(courier_sign(text, "key", 1795683600, "{}"), ==, 0);
	g_assert_cmpstr(text, ==, want);
	g_free(mac);
	g_free(want);
}

static void only_an_address_is_an_address(void)
{
	static const char *const good[] = {"a@b", "elsa.berg+vidd@example.se", "å@example.se"};
	static const char *const bad[] = {"",
					  "a",
					  "@b",
					  "a@",
					  "a@b@c",
					  "a b@c",
					  "a@b\r\nX",
					  "a@b,c@d",
					  "<a@b>",
					  "a@b\nBcc",
					  "Elsa <elsa@example.se>"};

	for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
		g_assert_true(courier_is_address(good[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(courier_is_address(bad[i]));
}

static void a_mail_is_mime_and_has_no_foreign_header(void)
{
	struct courier_message m = {.id = "n1",
				    .to = "elsa@example.se",
				    .subject = "Videomöte",
				    .text = "Hej!\nhttps://vidd.example.se/#abc"};
	char *text = courier_mail_text(&m, "vidd@example.se", 1795683600);
	char *body = strstr(text, "\r\n\r\n") + 4;
	gsize len;
	guchar *back = g_base64_decode(body, &len);

	g_assert_true(g_str_has_prefix(text, "From: <vidd@example.se>\r\nTo: <elsa@example.se>\r\n"
					     "Subject: =?utf-8?B?VmlkZW9tw7Z0ZQ==?=\r\n"
					     "Date: Thu, 26 Nov 2026 09:00:00 +0000\r\n"));
	g_assert_nonnull(strstr(text, "Message-ID: <n1@example.se>\r\n"));
	g_assert_cmpuint(len, ==, strlen(m.text));
	g_assert_cmpint(memcmp(back, m.text, len), ==, 0);
	for (const char *p = strchr(text, '\n'); p != NULL; p = strchr(p + 1, '\n'))
		g_assert_true(p[-1] == '\r');
	g_free(back);
	g_free(text);
	m.to = "elsa@example.se\r\nBcc: all@example.se";
	g_assert_null(courier_mail_text(&m, "vidd@example.se", 1795683600));
}

static int run_shell(const char *script, char line[64])
{
	char *argv[] = {(char *)"/bin/sh", (char *)"-c", (char *)script, NULL};

	return courier_command_run(argv, "{\"text\":\"hej\"}", 400, line, 64);
}

static void a_command_gets_the_text_and_gives_a_receipt(void)
{
	char line[64];

	g_assert_cmpint(run_shell("cat", line), ==, 0);
	g_assert_cmpstr(line, ==, "{\"text\":\"hej\"}");
	g_assert_cmpint(run_shell("echo r-17; echo more", line), ==, 0);
	g_assert_cmpstr(line, ==, "r-17");
	g_assert_cmpint(run_shell("exit 67", line), ==, 67);
	g_assert_cmpint(run_shell("kill -9 $$", line), ==, 255);
}

static void a_command_that_hangs_or_floods_is_bounded(void)
{
	char line[64];
	char *nothing[] = {(char *)"/nowhere/at/all", NULL};

	g_assert_cmpint(run_shell("sleep 30", line), ==, -ETIMEDOUT);
	g_assert_cmpint(run_shell("yes | head -c 100000", line), ==, 0);
	g_assert_cmpstr(line, ==, "y");
	g_assert_cmpint(courier_command_run(nothing, "", 400, line, sizeof(line)), ==, -ENOENT);
}

static void the_command_may_be_ended(void)
{
	char line[64];

	/* As on our threads: all signals are blocked here, and not in the command. */
	g_assert_cmpint(run_shell("grep SigBlk /proc/self/status", line), ==, 0);
	g_assert_cmpstr(line, ==, "SigBlk:\t0000000000000000");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	(void)signal(SIGPIPE, SIG_IGN); /* as the server does */
	g_test_add_func("/courier/signature", a_signature_is_what_others_compute);
	g_test_add_func("/courier/address", only_an_address_is_an_address);
	g_test_add_func("/courier/mail", a_mail_is_mime_and_has_no_foreign_header);
	g_test_add_func("/courier/command", a_command_gets_the_text_and_gives_a_receipt);
	g_test_add_func("/courier/bounds", a_command_that_hangs_or_floods_is_bounded);
	g_test_add_func("/courier/signals", the_command_may_be_ended);
	return g_test_run();
}
