/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/letter.h"

#include <glib.h>
#include <string.h>

enum tongue {
	SWEDISH,
	EASY,
	ENGLISH,
	TONGUE_COUNT,
};

/* {who}: " med Region X" or ""; {when}: the time on a line of its own or ""; {link}. */
struct words {
	const char *subject;
	const char *text;
};

static const struct words words[LETTER_KIND_COUNT][TONGUE_COUNT] = {
	[LETTER_INVITATION] =
		{
			{"Videomöte",
			 "Hej! Du har ett videomöte{who}.\n{when}Öppna länken när det är dags. Du "
			 "kan "
			 "prova kamera och ljud i förväg med samma länk:\n{link}\nDet går inte att "
			 "svara på det här meddelandet."},
			{"Videomöte", "Hej! Du ska ha ett möte med video{who}.\n{when}Tryck på "
				      "länken när mötet ska "
				      "börja:\n{link}\nTryck gärna på länken i dag också. Då kan "
				      "du prova kameran "
				      "och ljudet.\nDu kan inte svara på det här meddelandet."},
			{"Video meeting",
			 "Hello! You have a video meeting{who}.\n{when}Open the link when it is "
			 "time. "
			 "You can try camera and sound beforehand with the same link:\n{link}\n"
			 "Replies to this message are not read."},
		},
	[LETTER_REMINDER] =
		{
			{"Påminnelse: videomöte",
			 "Påminnelse om ditt videomöte{who}.\n{when}Länken:\n{link}"},
			{"Kom ihåg videomötet",
			 "Kom ihåg ditt möte med video{who}.\n{when}Tryck på länken när mötet ska "
			 "börja:\n{link}"},
			{"Reminder: video meeting",
			 "Reminder of your video meeting{who}.\n{when}The link:\n{link}"},
		},
	[LETTER_ITS_TIME] =
		{
			{"Det är dags",
			 "Det är dags för ditt videomöte{who}. Öppna länken nu:\n{link}"},
			{"Det är dags",
			 "Nu ska mötet med video börja{who}. Tryck på länken nu:\n{link}"},
			{"It is time",
			 "It is time for your video meeting{who}. Open the link now:\n{link}"},
		},
	[LETTER_CODE] =
		{
			{"Din kod", "Din kod är {code}. Lämna den inte till någon annan."},
			{"Din kod", "Din kod är {code}. Ge inte koden till någon annan."},
			{"Your code", "Your code is {code}. Do not give it to anybody else."},
		},
};

static const char *const old_link[TONGUE_COUNT] = {
	"Använd länken som du har fått tidigare.",
	"Använd länken som du har fått förut.",
	"Use the link that you were sent before.",
};

static const char *const kind_names[LETTER_KIND_COUNT] = {"invitation", "reminder", "its-time",
							  "code"};

const char *letter_kind_name(enum letter_kind kind)
{
	return kind < LETTER_KIND_COUNT ? kind_names[kind] : "";
}

enum letter_kind letter_kind_from_name(const char *name)
{
	int i = 0;

	while (i < LETTER_KIND_COUNT && strcmp(kind_names[i], name) != 0)
		i++;
	return (enum letter_kind)i;
}

static enum tongue tongue_of(const char *language)
{
	if (g_ascii_strcasecmp(language, "sv-latt") == 0)
		return EASY;
	if (language[0] == '\0' || g_ascii_strncasecmp(language, "sv", 2) == 0)
		return SWEDISH;
	return ENGLISH;
}

/* Names of our own: the process has no locale. */
static char *time_text(const struct letter *n, enum tongue tongue)
{
	static const char *const days[2][7] = {
		{"måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"},
		{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}};
	static const char *const months[2][12] = {
		{"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti",
		 "september", "oktober", "november", "december"},
		{"January", "February", "March", "April", "May", "June", "July", "August",
		 "September", "October", "November", "December"}};
	GTimeZone *zone = g_time_zone_new_identifier(n->time_zone);
	GDateTime *utc = g_date_time_new_from_unix_utc(n->planned_unix_s);
	GDateTime *t = NULL;
	char *text = g_strdup("");
	int k = tongue == ENGLISH;

	if (utc != NULL)
		t = zone != NULL ? g_date_time_to_timezone(utc, zone) : g_date_time_ref(utc);
	if (t != NULL) {
		g_free(text);
		text = g_strdup_printf(
			k ? "%s%s %d %s at %d:%02d%s\n" : "%s%s %d %s kl. %d.%02d%s\n",
			tongue == EASY ? "Tid: " : "", days[k][g_date_time_get_day_of_week(t) - 1],
			g_date_time_get_day_of_month(t), months[k][g_date_time_get_month(t) - 1],
			g_date_time_get_hour(t), g_date_time_get_minute(t),
			zone != NULL ? "" : " UTC");
		g_date_time_unref(t);
	}
	if (utc != NULL)
		g_date_time_unref(utc);
	if (zone != NULL)
		g_time_zone_unref(zone);
	return text;
}

void letter_write(struct letter_text *out, const struct letter *letter)
{
	enum tongue tongue = tongue_of(letter->language);
	const struct words *w = &words[letter->kind][tongue];
	GString *text = g_string_new(w->text);
	char *who = g_strconcat(tongue == ENGLISH ? " with " : " med ", letter->unit, NULL);
	char *when = letter->planned_unix_s > 0 ? time_text(letter, tongue) : g_strdup("");

	/* From the end, each once: what a name holds is not taken for a place of ours. */
	g_string_replace(text, "{code}", letter->code != NULL ? letter->code : "", 1);
	g_string_replace(text, "{link}", letter->link[0] != '\0' ? letter->link : old_link[tongue],
			 1);
	g_string_replace(text, "{when}", when, 1);
	g_string_replace(text, "{who}", letter->unit[0] != '\0' ? who : "", 1);
	g_strlcpy(out->subject, w->subject, sizeof(out->subject));
	g_strlcpy(out->text, text->str, sizeof(out->text));
	g_string_free(text, TRUE);
	g_free(who);
	g_free(when);
}
