/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/audit_extract.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "media/base/limits.h"
#include "server/store_audit.h"
#include "server/store_db.h"

/* --- words ------------------------------------------------------------------------------------ */

static const struct {
	const char *action, *swedish, *english;
} actions[] = {
	{"audit-extract", "loggutdrag", "log extract"},
	{"audit-read", "granskning av loggen", "review of the log"},
	{"audit-sample", "stickprov ur loggen", "spot check of the log"},
	{"consultation-cancel", "besöket avbokades", "visit cancelled"},
	{"consultation-change", "besöket ändrades", "visit changed"},
	{"consultation-create", "besöket bokades", "visit booked"},
	{"consultation-end", "besöket avslutades", "visit ended"},
	{"consultation-enter", "besöket öppnades", "visit opened"},
	{"consultation-list", "besökslistan visades", "list of visits shown"},
	{"consultation-quality", "besökets kvalitet visades", "quality of the visit shown"},
	{"consultation-read", "besöket visades", "visit shown"},
	{"fhir-book", "besöket bokades", "visit booked"},
	{"import-organisation", "organisationen lästes in", "organisation imported"},
	{"make-account", "ett konto skapades", "account made"},
	{"make-api-key", "en API-nyckel skapades", "API key made"},
	{"make-unit", "en enhet skapades", "unit made"},
	{"make-webhook", "en webhook lades till", "webhook added"},
	{"message-send", "meddelande skickades", "message sent"},
	{"participant-add", "deltagare bjöds in", "participant invited"},
	{"remove-webhook", "en webhook togs bort", "webhook removed"},
	{"participant-remove", "deltagare togs bort", "participant removed"},
	{"message-sent", "meddelandet gick fram", "message delivered"},
	{"visit-admitted", "släpptes in", "admitted"},
	{"visit-aside", "väntade utanför ett enskilt samtal", "waited outside a private talk"},
	{"visit-asked", "en fråga ställdes", "something was asked for"},
	{"visit-back", "kom tillbaka till samtalet", "came back into the talk"},
	{"visit-checked", "anslutningen prövades", "connection checked"},
	{"visit-code-failed", "fel engångskod", "wrong one-time code"},
	{"visit-code-made", "engångskod skickades", "one-time code sent"},
	{"visit-identified", "legitimerade sig med e-legitimation", "showed an e-ID"},
	{"eid-begin", "började legitimera sig med e-legitimation", "began to show an e-ID"},
	{"visit-code-passed", "engångskoden stämde", "one-time code was right"},
	{"visit-consent", "samtycke", "consent"},
	{"visit-ended", "besöket avslutades", "visit ended"},
	{"visit-gone", "lämnade besöket", "left the visit"},
	{"visit-handed-over", "besöket lämnades över", "visit handed over"},
	{"visit-held", "fick vänta", "was asked to wait"},
	{"visit-interpreter", "tolken uppgav sitt nummer", "interpreter gave a number"},
	{"visit-interpreter-late", "tolken kom inte i tid", "interpreter did not come in time"},
	{"visit-invite-asked", "en närstående önskades", "a relative was asked for"},
	{"visit-mode", "samtalets inriktning ändrades", "mode of the call changed"},
	{"visit-present", "kom till besöket", "came to the visit"},
	{"visit-private-began", "ett enskilt samtal började", "a private talk began"},
	{"visit-private-ended", "det enskilda samtalet slutade", "the private talk ended"},
	{"visit-put-back", "fick gå tillbaka till väntrummet",
	 "was put back into the waiting room"},
	{"visit-removed", "togs ur besöket", "removed from the visit"},
	{"visit-state", "besöket bytte läge", "visit changed state"},
	{"visit-vouched", "identiteten intygades", "identity vouched for"},
	{"visit-wish", "en önskan framfördes", "a wish was told"},
};

const char *audit_action_words(const char *action, bool is_swedish)
{
	for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
		if (strcmp(actions[i].action, action) == 0)
			return is_swedish ? actions[i].swedish : actions[i].english;
	}
	return action;
}

enum audit_format audit_format_from_name(const char *name)
{
	static const char *const names[AUDIT_FORMAT_COUNT] = {"text", "csv", "json"};
	int i = 0;

	while (i < AUDIT_FORMAT_COUNT && strcmp(names[i], name) != 0)
		i++;
	return (enum audit_format)i;
}

const char *audit_format_type(enum audit_format format)
{
	static const char *const types[AUDIT_FORMAT_COUNT] = {
		"text/plain; charset=utf-8", "text/csv; charset=utf-8", "application/json"};

	return format < AUDIT_FORMAT_COUNT ? types[format] : "";
}

/* --- times ------------------------------------------------------------------------------------ */

int audit_time_parse(int64_t *at_ms, const char *text)
{
	GTimeZone *utc = g_time_zone_new_utc();
	char *whole = strlen(text) == AUDIT_DAY_TEXT ? g_strconcat(text, "T00:00:00Z", NULL)
						     : g_strdup(text);
	GDateTime *t = g_date_time_new_from_iso8601(whole, utc);
	int r = t != NULL ? 0 : -EINVAL;

	if (t != NULL) {
		*at_ms = g_date_time_to_unix(t) * 1000;
		g_date_time_unref(t);
	}
	g_free(whole);
	g_time_zone_unref(utc);
	return r;
}

void audit_time_format(char out[24], int64_t at_ms)
{
	GDateTime *t = g_date_time_new_from_unix_utc(at_ms / 1000);
	char *text = t != NULL ? g_date_time_format(t, "%Y-%m-%d %H:%M:%S") : NULL;

	g_strlcpy(out, text != NULL ? text : "?", 24);
	g_free(text);
	if (t != NULL)
		g_date_time_unref(t);
}

/* --- rows ------------------------------------------------------------------------------------- */

struct making {
	struct store *store;
	const struct audit_extract *ask;
	GString *text; /* TEXT, CSV */
	json_t *rows;  /* JSON */
};

/* The name behind an id, or the id: the unit or person may be gone by now. */
static void name_of(struct store *store, const char *sql, const char *id,
		    char out[LIMIT_NAME_BYTES + 1])
{
	struct db_query *q = db_query(store_db(store), sql);

	g_strlcpy(out, id != NULL ? id : "", LIMIT_NAME_BYTES + 1);
	db_put_text(q, id);
	if (db_step(q) == 1)
		db_text(q, 0, out, LIMIT_NAME_BYTES + 1);
	db_end(q);
}

/* RFC 4180; a first character that a spreadsheet takes for a formula is defused. */
static void append_cell(GString *out, const char *cell, bool is_last)
{
	g_string_append_c(out, '"');
	if (cell[0] != '\0' && strchr("=+-@\t\r", cell[0]) != NULL)
		g_string_append_c(out, '\'');
	for (const char *p = cell; *p != '\0'; p++) {
		if (*p == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *p);
	}
	g_string_append(out, is_last ? "\"\r\n" : "\",");
}

/* One row of the extract; staff is NULL when names are not asked for. */
struct line {
	char when[24], unit[LIMIT_NAME_BYTES + 1], name[LIMIT_NAME_BYTES + 1];
	const char *action, *words, *result, *staff;
	bool is_done;
};

static void add_json(struct making *m, const struct line *l)
{
	json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:s}", "time", l->when, "unit", l->unit,
				"action", l->action, "what", l->words, "result", l->result);

	if (l->staff != NULL)
		json_object_set_new(row, "staff", json_string(l->staff));
	json_array_append_new(m->rows, row);
}

static void add_csv(struct making *m, const struct line *l)
{
	append_cell(m->text, l->when, false);
	append_cell(m->text, l->unit, false);
	append_cell(m->text, l->words, false);
	append_cell(m->text, l->result, l->staff == NULL);
	if (l->staff != NULL)
		append_cell(m->text, l->staff, true);
}

static void add_text(struct making *m, const struct line *l)
{
	g_string_append_printf(m->text, "%s  %-32s  %s", l->when,
			       l->unit[0] != '\0' ? l->unit : "-", l->words);
	if (!l->is_done)
		g_string_append(m->text, m->ask->is_swedish ? " - nekad eller misslyckad"
							    : " - refused or failed");
	if (l->staff != NULL && l->staff[0] != '\0')
		g_string_append_printf(m->text, "  (%s)", l->staff);
	g_string_append_c(m->text, '\n');
}

/* What was asked for twice and made once is told once. Only of actions for which nobody writes a
 * reason: no word of a person hides a row. */
static bool is_repetition(const struct audit_event *e)
{
	static const char *const made[] = {"consultation-create", "fhir-book", "message-send",
					   "participant-add"};

	for (size_t i = 0; i < G_N_ELEMENTS(made); i++) {
		if (strcmp(made[i], e->action) == 0)
			return e->reason != NULL && strcmp(e->reason, AUDIT_REASON_REPEATED) == 0;
	}
	return false;
}

static int add_row(void *user, int64_t seq, const struct audit_record *record)
{
	static const char unit_sql[] = "SELECT name FROM unit WHERE id = ?";
	static const char staff_sql[] = "SELECT name FROM staff WHERE id = ?";
	struct making *m = user;
	const struct audit_event *e = &record->event;
	struct line l = {
		.action = e->action,
		.words = audit_action_words(e->action, m->ask->is_swedish),
		.result = audit_result_name(e->result),
		.is_done = e->result == AUDIT_OK,
	};

	(void)seq;
	if (is_repetition(e))
		return 0;
	if (m->ask->provider[0] != '\0' &&
	    (e->provider == NULL || strcmp(e->provider, m->ask->provider) != 0))
		return 0;
	audit_time_format(l.when, e->at_ms);
	name_of(m->store, unit_sql, e->unit, l.unit);
	if (m->ask->has_staff)
		l.staff = l.name;
	if (m->ask->has_staff && e->actor == AUDIT_STAFF)
		name_of(m->store, staff_sql, e->actor_id, l.name);
	if (m->ask->format == AUDIT_JSON)
		add_json(m, &l);
	else if (m->ask->format == AUDIT_CSV)
		add_csv(m, &l);
	else
		add_text(m, &l);
	return 0;
}

static void begin(struct making *m, const char *made)
{
	bool sv = m->ask->is_swedish;

	if (m->ask->format == AUDIT_CSV)
		g_string_append(m->text, m->ask->has_staff ? "time_utc,unit,what,result,staff\r\n"
							   : "time_utc,unit,what,result\r\n");
	else if (m->ask->format == AUDIT_TEXT)
		g_string_append_printf(m->text,
				       sv ? "Loggutdrag enligt 8 kap. 5 § patientdatalagen\n"
					    "Patientreferens: %s\nFramställt: %s UTC\n\n"
					    "Tid (UTC)            Enhet                 "
					    "            Vad\n"
					  : "Log extract (Patient Data Act, ch. 8 s. 5)\n"
					    "Patient reference: %s\nMade: %s UTC\n\n"
					    "Time (UTC)           Unit                  "
					    "            What\n",
				       m->ask->patient_ref, made);
}

static char *end(struct making *m, const char *made)
{
	json_t *json;
	char *text, *out;

	if (m->ask->format != AUDIT_JSON)
		return g_string_free(m->text, FALSE);
	g_string_free(m->text, TRUE);
	json = json_pack("{s:s, s:s, s:o}", "patient_ref", m->ask->patient_ref, "made", made,
			 "rows", m->rows);
	text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	out = g_strdup(text != NULL ? text : "{}");
	free(text);
	return out;
}

int audit_extract_make(struct store *store, const struct audit_extract *ask, int64_t now_ms,
		       char **out)
{
	const struct store_audit_query query = {
		.patient_ref = ask->patient_ref,
		.from_ms = ask->from_ms,
		.to_ms = ask->to_ms,
		.is_oldest_first = true,
	};
	struct making m = {.store = store, .ask = ask, .text = g_string_new(NULL)};
	char made[24];
	int r;

	if (ask->format == AUDIT_JSON)
		m.rows = json_array();
	audit_time_format(made, now_ms);
	begin(&m, made);
	r = store_audit_list(store, &query, add_row, &m);
	if (r == 0) {
		*out = end(&m, made);
		return 0;
	}
	g_string_free(m.text, TRUE);
	json_decref(m.rows);
	return r;
}
