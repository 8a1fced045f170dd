/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "server/device_test.h"
#include "server/store_device.h"
#include "server/store_invite.h"
#include "server/store_unit.h"
#include "store_world.h"

#define NOW 1800000000

/* A unit with one room, and another unit. */
struct house {
	struct store_place place;
	struct store *store;
	char unit_id[PRINCIPAL_ID_BYTES + 1], other_id[PRINCIPAL_ID_BYTES + 1];
	struct store_place_row room;
};

static void open_house(struct house *h)
{
	static const struct store_unit_new unit = {"Storuman", "SE-1", "Region", "SE-P"};
	static const struct store_unit_new other = {"Lycksele", "SE-2", "Region", "SE-P"};

	memset(h, 0, sizeof(*h));
	h->place = store_place_new();
	h->store = store_place_open(&h->place, 9);
	g_assert_cmpint(store_unit_make(h->store, &unit, h->unit_id), ==, 0);
	g_assert_cmpint(store_unit_make(h->store, &other, h->other_id), ==, 0);
	strcpy(h->room.name, "Slussfors");
	strcpy(h->room.municipality, "Storuman");
	g_assert_cmpint(store_place_create(h->store, h->unit_id, &h->room), ==, 0);
}

static void close_house(struct house *h)
{
	store_close(h->store);
	store_place_remove(&h->place);
}

static void enrol(struct house *h, struct store_device *device, char *secret)
{
	char code[STORE_ENROLMENT_DIGITS + 1];

	g_assert_cmpint(store_enrolment_create(h->store, NOW, h->unit_id, h->room.id, code), ==, 0);
	g_assert_cmpint(store_device_enrol(h->store, NOW, code, "Skärmen", device, secret), ==, 0);
}

static void a_code_enrols_one_device_in_time(void)
{
	struct house h;
	struct store_device d;
	char code[STORE_ENROLMENT_DIGITS + 1], newer[STORE_ENROLMENT_DIGITS + 1];
	char secret[STORE_DEVICE_SECRET_BYTES];
	const int64_t late = NOW + STORE_ENROLMENT_S;

	open_house(&h);
	g_assert_cmpint(store_enrolment_create(h.store, NOW, h.other_id, h.room.id, code), ==,
			-ENOENT);
	g_assert_cmpint(store_enrolment_create(h.store, NOW, h.unit_id, h.room.id, code), ==, 0);
	g_assert_cmpuint(strspn(code, "0123456789"), ==, STORE_ENROLMENT_DIGITS);
	g_assert_cmpint(store_device_enrol(h.store, late, code, "x", &d, secret), ==, -EPERM);
	/* The newer code of a place counts alone. */
	g_assert_cmpint(store_enrolment_create(h.store, NOW, h.unit_id, h.room.id, newer), ==, 0);
	g_assert_cmpint(store_device_enrol(h.store, NOW, code, "x", &d, secret), ==, -EPERM);
	g_assert_cmpint(store_device_enrol(h.store, late - 1, newer, "x", &d, secret), ==, 0);
	g_assert_cmpstr(d.place_id, ==, h.room.id);
	g_assert_cmpint(store_device_enrol(h.store, NOW, newer, "y", &d, secret), ==, -EPERM);
	store_place_lacks(&h.place, secret);
	store_place_lacks(&h.place, newer);
	close_house(&h);
}

static void a_place_has_few_devices_and_a_unit_few_places(void)
{
	struct house h;
	struct store_device d;
	struct store_place_row row = {.name = "x"}, rows[STORE_PLACES_MAX];
	char code[STORE_ENROLMENT_DIGITS + 1], secret[STORE_DEVICE_SECRET_BYTES];
	size_t count;

	open_house(&h);
	for (size_t i = 0; i < STORE_PLACE_DEVICES_MAX; i++)
		enrol(&h, &d, secret);
	g_assert_cmpint(store_enrolment_create(h.store, NOW, h.unit_id, h.room.id, code), ==, 0);
	g_assert_cmpint(store_device_enrol(h.store, NOW, code, "x", &d, secret), ==, -ENOSPC);
	/* The code is still good once one has gone. */
	g_assert_cmpint(store_device_revoke(h.store, NOW, h.unit_id, d.id), ==, 0);
	g_assert_cmpint(store_device_enrol(h.store, NOW, code, "x", &d, secret), ==, 0);
	for (size_t i = 1; i < STORE_PLACES_MAX; i++)
		g_assert_cmpint(store_place_create(h.store, h.unit_id, &row), ==, 0);
	g_assert_cmpint(store_place_create(h.store, h.unit_id, &row), ==, -ENOSPC);
	g_assert_cmpint(store_place_create(h.store, "nowhere", &row), ==, -ENOENT);
	g_assert_cmpint(store_place_list(h.store, h.unit_id, rows, &count), ==, 0);
	g_assert_cmpuint(count, ==, STORE_PLACES_MAX);
	g_assert_cmpstr(rows[0].municipality, ==, "Storuman");
	close_house(&h);
}

static void a_revoked_device_is_nobody(void)
{
	struct house h;
	struct store_device d, list[STORE_PLACE_DEVICES_MAX];
	struct service_invite invite;
	struct principal who;
	char secret[STORE_DEVICE_SECRET_BYTES];
	size_t count;

	open_house(&h);
	enrol(&h, &d, secret);
	g_assert_cmpint(store_device_find(h.store, NOW + 300, secret, &who), ==, 0);
	g_assert_cmpint(who.kind, ==, PRINCIPAL_DEVICE);
	g_assert_cmpstr(who.id, ==, d.id);
	g_assert_cmpstr(who.place_id, ==, h.room.id);
	g_assert_cmpstr(who.unit_id, ==, h.unit_id);
	g_assert_cmpint(store_device_list(h.store, h.room.id, list, &count), ==, 0);
	g_assert_cmpuint(count, ==, 1);
	g_assert_cmpint(list[0].seen_unix_s, ==, NOW + 300);
	/* Its secret is good for checks of the link alone. */
	g_assert_cmpint(store_device_invite(h.store, secret, &invite), ==, 0);
	g_assert_true(invite.is_check_only);
	g_assert_cmpint(store_invite_find(h.store, secret, &invite), ==, -ENOENT);
	g_assert_cmpint(store_device_revoke(h.store, NOW, h.other_id, d.id), ==, -ENOENT);
	g_assert_cmpint(store_device_revoke(h.store, NOW, h.unit_id, d.id), ==, 0);
	g_assert_cmpint(store_device_revoke(h.store, NOW, h.unit_id, d.id), ==, -ENOENT);
	g_assert_cmpint(store_device_find(h.store, NOW, secret, &who), ==, -EPERM);
	g_assert_cmpint(store_device_invite(h.store, secret, &invite), ==, -ENOENT);
	g_assert_cmpint(store_device_tested(h.store, NOW, d.id, "{}"), ==, -ENOENT);
	g_assert_cmpint(store_device_help(h.store, NOW, d.id, true), ==, -ENOENT);
	close_house(&h);
}

static void what_a_device_says_is_on_the_board(void)
{
	struct house h;
	struct store_device d, list[STORE_PLACE_DEVICES_MAX];
	struct store_device_board board;
	char secret[STORE_DEVICE_SECRET_BYTES];
	size_t count;

	open_house(&h);
	enrol(&h, &d, secret);
	g_assert_cmpint(store_device_tested(h.store, NOW + 1, d.id, "{\"a\":1}"), ==, 0);
	g_assert_cmpint(store_device_help(h.store, NOW + 2, d.id, true), ==, 0);
	g_assert_cmpint(store_device_list(h.store, h.room.id, list, &count), ==, 0);
	g_assert_cmpstr(list[0].self_test, ==, "{\"a\":1}");
	g_assert_cmpint(list[0].self_test_unix_s, ==, NOW + 1);
	g_assert_cmpint(list[0].help_unix_s, ==, NOW + 2);
	g_assert_cmpint(store_device_board(h.store, NOW, d.id, &board), ==, 0);
	g_assert_cmpstr(board.place_name, ==, "Slussfors");
	g_assert_cmpstr(board.device_name, ==, "Skärmen");
	g_assert_cmpint(board.help_unix_s, ==, NOW + 2);
	g_assert_false(board.has_visit);
	/* Another unit's staff are not asked. */
	g_assert_cmpint(store_device_helped(h.store, "elsewhere", d.id), ==, -ENOENT);
	g_assert_cmpint(store_device_board(h.store, NOW, d.id, &board), ==, 0);
	g_assert_cmpint(board.help_unix_s, ==, NOW + 2);
	g_assert_cmpint(store_device_helped(h.store, h.unit_id, d.id), ==, 0);
	g_assert_cmpint(store_device_board(h.store, NOW, d.id, &board), ==, 0);
	g_assert_cmpint(board.help_unix_s, ==, 0);
	g_assert_cmpint(store_device_help(h.store, NOW + 2, d.id, true), ==, 0);
	g_assert_cmpint(store_device_help(h.store, NOW + 3, d.id, false), ==, 0);
	g_assert_cmpint(store_device_board(h.store, NOW, d.id, &board), ==, 0);
	g_assert_cmpint(board.help_unix_s, ==, 0);
	g_assert_cmpint(store_device_board(h.store, NOW, "nobody", &board), ==, -ENOENT);
	close_house(&h);
}

static void plan(struct house *h, const char *id, const char *state, int64_t planned)
{
	char *sql = g_strdup_printf(
		"INSERT INTO consultation (id, title, created_unix_s, place_id, state,"
		" planned_unix_s, minutes, unit_id, has_waiting_room, responsible_staff_id) VALUES "
		"('%s', 'Hemligt', 1, '%s', '%s', %" G_GINT64_FORMAT ", 30, '%s', 1, 's1')",
		id, h->room.id, state, planned, h->unit_id);

	store_place_sql(&h->place, sql);
	g_free(sql);
}

static const char *next(struct house *h, const char *device_id, int64_t now)
{
	static struct store_device_board board;

	g_assert_cmpint(store_device_board(h->store, now, device_id, &board), ==, 0);
	return board.has_visit ? board.consultation_id : "";
}

static void the_board_shows_the_next_visit_of_the_place(void)
{
	struct house h;
	struct store_device d;
	struct store_device_board board;
	char secret[STORE_DEVICE_SECRET_BYTES];

	open_house(&h);
	enrol(&h, &d, secret);
	store_place_sql(&h.place, "INSERT INTO staff (id, subject, name) VALUES"
				  " ('s1', 'SE-S', 'Anna Berg')");
	plan(&h, "later", "planned", NOW + 7200);
	plan(&h, "soon", "planned", NOW + 600);
	plan(&h, "over", "ended", NOW);
	plan(&h, "far", "planned", NOW + 7 * 86400);
	g_assert_cmpstr(next(&h, d.id, NOW), ==, "soon");
	g_assert_cmpint(store_device_board(h.store, NOW, d.id, &board), ==, 0);
	g_assert_cmpstr(board.meet, ==, "Anna Berg");
	g_assert_cmpint(board.planned_unix_s, ==, NOW + 600);
	g_assert_cmpint(board.minutes, ==, 30);
	/* One that goes on comes first; one that nobody came to makes room an hour after its end.
	 */
	store_place_sql(&h.place,
			"UPDATE consultation SET state = 'in-progress' WHERE id = 'later'");
	g_assert_cmpstr(next(&h, d.id, NOW), ==, "later");
	store_place_sql(&h.place, "UPDATE consultation SET state = 'planned' WHERE id = 'later'");
	g_assert_cmpstr(next(&h, d.id, NOW + 600 + 1800 + 3600), ==, "soon");
	g_assert_cmpstr(next(&h, d.id, NOW + 600 + 1800 + 3601), ==, "later");
	close_house(&h);
}

static void a_device_takes_the_rooms_seat(void)
{
	struct house h;
	struct store_device d;
	struct service_invite invite;
	char secret[STORE_DEVICE_SECRET_BYTES], id[SERVICE_ID_BYTES + 1];
	char first[STORE_DEVICE_TOKEN_BYTES], second[STORE_DEVICE_TOKEN_BYTES];

	open_house(&h);
	enrol(&h, &d, secret);
	plan(&h, "c1", "planned", NOW);
	plan(&h, "c2", "ended", NOW);
	store_place_sql(&h.place, "UPDATE consultation SET place_id = '' WHERE id = 'none'");
	g_assert_cmpint(store_device_enter(h.store, d.id, "c1", first), ==, 0);
	g_assert_cmpint(store_invite_find(h.store, first, &invite), ==, 0);
	g_assert_cmpstr(invite.consultation_id, ==, "c1");
	g_assert_cmpstr(invite.name, ==, "Slussfors");
	g_assert_cmpint(invite.role, ==, ROLE_ROOM);
	g_assert_cmpint(invite.admission, ==, ADMISSION_WAITING);
	g_strlcpy(id, invite.participant_id, sizeof(id));
	/* Again: the same seat by another token. */
	g_assert_cmpint(store_device_enter(h.store, d.id, "c1", second), ==, 0);
	g_assert_cmpint(store_invite_find(h.store, first, &invite), ==, -ENOENT);
	g_assert_cmpint(store_invite_find(h.store, second, &invite), ==, 0);
	g_assert_cmpstr(invite.participant_id, ==, id);
	/* Not those of other places, nor what is over. */
	g_assert_cmpint(store_device_enter(h.store, d.id, "c2", first), ==, -ENOENT);
	g_assert_cmpint(store_device_enter(h.store, d.id, "none", first), ==, -ENOENT);
	g_assert_cmpint(store_device_enter(h.store, "nobody", "c1", first), ==, -ENOENT);
	close_house(&h);
}

static const struct {
	const char *body;
	const char *kept; /* NULL: refused */
} reports[] = {
	{"{\"cameras\":[{\"name\":\"Rum\",\"works\":true,\"fps\":15,\"who\":\"Elsa\"}],"
	 "\"microphone\":{\"works\":false,\"level_db\":-60.5},\"note\":\"Elsa\","
	 "\"encoder\":{\"works\":true,\"fps\":110.5},"
	 "\"link\":{\"works\":true,\"up_kbps\":900,\"down_kbps\":1200,\"loss_percent\":0.5,"
	 "\"rtt_ms\":48}}",
	 "{\"cameras\":[{\"works\":true,\"fps\":15,\"name\":\"Rum\"}],\"microphone\":{\"works\":"
	 "false,\"level_db\":-60.5},\"encoder\":{\"works\":true,\"fps\":110.5},\"link\":{\"works\":"
	 "true,"
	 "\"up_kbps\":900,\"down_kbps\":1200,\"loss_percent\":0.5,\"rtt_ms\":48}}"},
	{"", NULL},
	{"[]", NULL},
	{"{\"cameras\":{},\"microphone\":{\"works\":true,\"level_db\":1},\"encoder\":{\"works\":"
	 "true,\"fps\":1},\"link\":{}}",
	 NULL},
	{"{\"cameras\":[{\"works\":true,\"fps\":1}],\"microphone\":{\"works\":true,\"level_db\":1},"
	 "\"encoder\":{\"works\":true,\"fps\":1},\"link\":{\"works\":true,\"up_kbps\":1,\"down_"
	 "kbps\":1,\"loss_percent\":0,\"rtt_ms\":0}}",
	 NULL},
	{"{\"cameras\":[],\"microphone\":{\"works\":1,\"level_db\":1},\"encoder\":{\"works\":true,"
	 "\"fps\":1},\"link\":{\"works\":true,"
	 "\"up_kbps\":1,\"down_kbps\":1,\"loss_percent\":0,\"rtt_ms\":0}}",
	 NULL},
	{"{\"cameras\":[],\"microphone\":{\"works\":true,\"level_db\":1},\"encoder\":{\"works\":"
	 "true,\"fps\":1},\"link\":{\"works\":true,"
	 "\"up_kbps\":1e9,\"down_kbps\":1,\"loss_percent\":0,\"rtt_ms\":0}}",
	 NULL},
	{"{\"cameras\":[],\"microphone\":{\"works\":true,\"level_db\":1},\"encoder\":{\"works\":"
	 "true},"
	 "\"link\":{\"works\":true,\"up_kbps\":1,\"down_kbps\":1,\"loss_percent\":0,\"rtt_ms\":0}}",
	 NULL},
};

static void a_report_keeps_what_is_known_alone(void)
{
	GString *many = g_string_new("{\"cameras\":[");
	const char *why = NULL;
	char *kept = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(reports); i++) {
		int r = device_test_read(reports[i].body, strlen(reports[i].body), &kept, &why);

		g_assert_cmpint(r, ==, reports[i].kept != NULL ? 0 : -EINVAL);
		if (r < 0) {
			g_assert_cmpstr(why, !=, "");
			continue;
		}
		g_assert_cmpstr(kept, ==, reports[i].kept);
		free(kept);
	}
	for (size_t i = 0; i <= DEVICE_TEST_CAMERAS_MAX; i++)
		g_string_append_printf(many, "%s{\"name\":\"x\",\"works\":true,\"fps\":1}",
				       i > 0 ? "," : "");
	g_string_append(many,
			"],\"microphone\":{\"works\":true,\"level_db\":1},\"encoder\":{\"works\":"
			"true,\"fps\":1},\"link\":{\"works\":true,\"up_kbps\":1,\"down_kbps\":1,"
			"\"loss_percent\":0,\"rtt_ms\":0}}");
	g_assert_cmpint(device_test_read(many->str, many->len, &kept, &why), ==, -EINVAL);
	g_string_free(many, TRUE);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store_device/a_code_enrols_one_device_in_time",
			a_code_enrols_one_device_in_time);
	g_test_add_func("/store_device/a_place_has_few_devices_and_a_unit_few_places",
			a_place_has_few_devices_and_a_unit_few_places);
	g_test_add_func("/store_device/a_revoked_device_is_nobody", a_revoked_device_is_nobody);
	g_test_add_func("/store_device/what_a_device_says_is_on_the_board",
			what_a_device_says_is_on_the_board);
	g_test_add_func("/store_device/the_board_shows_the_next_visit_of_the_place",
			the_board_shows_the_next_visit_of_the_place);
	g_test_add_func("/store_device/a_device_takes_the_rooms_seat",
			a_device_takes_the_rooms_seat);
	g_test_add_func("/store_device/a_report_keeps_what_is_known_alone",
			a_report_keeps_what_is_known_alone);
	return g_test_run();
}
