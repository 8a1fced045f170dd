/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/store_quality.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>

#include "server/store_db.h"

/* {"seconds":612,"rtt_ms":48,...,"fps":null} */
static char *write_figures(const int64_t figure[FIGURE_COUNT])
{
	GString *text = g_string_new("{");

	for (enum figure f = 0; f < FIGURE_COUNT; f++) {
		g_string_append_printf(text, "%s\"%s\":", f > 0 ? "," : "", figure_name(f));
		if (figure[f] < 0)
			g_string_append(text, "null");
		else
			g_string_append_printf(text, "%" PRId64, figure[f]);
	}
	g_string_append_c(text, '}');
	return g_string_free(text, FALSE);
}

int store_quality_add(struct store *store, int64_t now_unix_s, const struct service_record *record)
{
	static const char add[] = "INSERT INTO visit_quality (consultation_id, role, figures,"
				  " at_unix_s) VALUES (?, ?, ?, ?)";
	struct db_query *q = db_query(store_db(store), add);
	char *figures = write_figures(record->figure);
	int r;

	db_put_text(q, record->consultation_id);
	db_put_text(q, role_name(record->role));
	db_put_text(q, figures);
	db_put_int(q, now_unix_s);
	r = db_run(q);
	g_free(figures);
	return r == -EEXIST ? -ENOENT : r; /* the visit is gone */
}

int store_quality_list(struct store *store, const char *consultation_id,
		       struct store_quality out[STORE_QUALITY_MAX], size_t *count)
{
	static const char find[] = "SELECT role, at_unix_s, figures FROM visit_quality"
				   " WHERE consultation_id = ? ORDER BY rowid LIMIT ?";
	struct db_query *q = db_query(store_db(store), find);
	size_t n = 0;
	int r;

	db_put_text(q, consultation_id);
	db_put_int(q, STORE_QUALITY_MAX);
	while ((r = db_step(q)) == 1) {
		out[n].role = role_from_name(db_peek(q, 0));
		out[n].until_unix_s = db_int(q, 1);
		out[n++].figures = g_strdup(db_peek(q, 2));
	}
	*count = n;
	return r;
}
