/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/letter.h"

#include <glib.h>
#include <string.h>

/* 2026-11-26 09:00 UTC, ten o'clock in Stockholm. */
#define PLANNED 1795683600

static const char *const languages[] = {"", "sv", "sv-SE", "sv-latt", "en", "ar"};

static struct letter sample(enum letter_kind kind, const char *language)
{
	return (struct letter){
		.kind = kind,
		.language = language,
		.unit = "Region Nord",
		.planned_unix_s = PLANNED,
		.time_zone = "Europe/Stockholm",
		.link = "https://vidd.example.se/#abc",
		.code = "123456",
	};
}

static void a_letter_has_unit_local_time_and_link(void)
{
	struct letter_text out;
	struct letter l = sample(LETTER_INVITATION, "sv");

	letter_write(&out, &l);
	g_assert_cmpstr(out.subject, ==, "Videomöte");
	g_assert_cmpstr(
		out.text, ==,
		"Hej! Du har ett videomöte med Region Nord.\ntorsdag 26 november kl. 10.00\n"
		"Öppna länken när det är dags. Du kan prova kamera och ljud i förväg med "
		"samma länk:\nhttps://vidd.example.se/#abc\nDet går inte att svara på det "
		"här meddelandet.");
	l.language = "en";
	letter_write(&out, &l);
	g_assert_nonnull(strstr(out.text, "with Region Nord.\nThursday 26 November at 10:00\n"));
	l.language = "sv-latt";
	letter_write(&out, &l);
	g_assert_nonnull(strstr(out.text, "Tid: torsdag 26 november kl. 10.00\n"));
}

/* NOLINTNEXTLINE(readability-function-size): asserts nest */
static void every_kind_is_whole_in_every_language(void)
{
	struct letter_text out;

	for (int kind = 0; kind < LETTER_KIND_COUNT; kind++) {
		for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
			struct letter l = sample((enum letter_kind)kind, languages[i]);

			letter_write(&out, &l);
			g_assert_null(strchr(out.text, '{'));
			g_assert_cmpuint(strlen(out.subject), >, 0);
			g_assert_cmpuint(strlen(out.subject), <, 45); /* one encoded word */
			g_assert_true((strstr(out.text, "123456") != NULL) ==
				      (kind == LETTER_CODE));
			g_assert_true((strstr(out.text, "#abc") != NULL) == (kind != LETTER_CODE));
		}
	}
}

static void what_is_not_known_is_left_out(void)
{
	struct letter_text out;
	struct letter l = sample(LETTER_REMINDER, "sv");

	l.unit = l.link = "";
	l.planned_unix_s = 0;
	letter_write(&out, &l);
	g_assert_cmpstr(out.text, ==,
			"Påminnelse om ditt videomöte.\nLänken:\nAnvänd länken som du har fått "
			"tidigare.");
}

static void an_unknown_zone_says_that_it_is_utc(void)
{
	struct letter_text out;
	struct letter l = sample(LETTER_REMINDER, "sv");

	l.time_zone = "Nowhere/Land";
	letter_write(&out, &l);
	g_assert_nonnull(strstr(out.text, "kl. 9.00 UTC"));
}

static void summer_time_is_local(void)
{
	struct letter_text out;
	struct letter l = sample(LETTER_REMINDER, "sv");

	l.planned_unix_s = 1782896400; /* 2026-07-01 09:00 UTC */
	letter_write(&out, &l);
	g_assert_nonnull(strstr(out.text, "onsdag 1 juli kl. 11.00"));
}

static void a_long_name_is_cut_and_not_expanded(void)
{
	struct letter_text out;
	char name[129];
	struct letter l = sample(LETTER_INVITATION, "sv");

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	memcpy(name, "{link}", 6);
	l.unit = name;
	letter_write(&out, &l);
	g_assert_nonnull(strstr(out.text, "{link}xxx")); /* as it is */
	g_assert_nonnull(strstr(out.text, "#abc"));
}

static void kinds_have_names(void)
{
	for (int kind = 0; kind < LETTER_KIND_COUNT; kind++)
		g_assert_cmpint(letter_kind_from_name(letter_kind_name((enum letter_kind)kind)), ==,
				kind);
	g_assert_cmpint(letter_kind_from_name("letter"), ==, LETTER_KIND_COUNT);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/letter/whole", a_letter_has_unit_local_time_and_link);
	g_test_add_func("/letter/every", every_kind_is_whole_in_every_language);
	g_test_add_func("/letter/absent", what_is_not_known_is_left_out);
	g_test_add_func("/letter/zone", an_unknown_zone_says_that_it_is_utc);
	g_test_add_func("/letter/summer", summer_time_is_local);
	g_test_add_func("/letter/long", a_long_name_is_cut_and_not_expanded);
	g_test_add_func("/letter/names", kinds_have_names);
	return g_test_run();
}
