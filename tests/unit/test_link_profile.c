/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/link/profile.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "loadtest/link/trace.h"

#define S LINK_S_NS

#define WAYS(fields) "\"name\":\"x\",\"duration_s\":60,\"up\":{},\"down\":{" fields "}"

static struct profile *parsed(const char *text)
{
	struct profile *profile = NULL;
	char error[200] = "";
	int rc = profile_parse(&profile, text, strlen(text), error, sizeof(error));

	g_assert_cmpstr(error, ==, "");
	g_assert_cmpint(rc, ==, 0);
	return profile;
}

static void assert_refused(const char *text, const char *reason)
{
	struct profile *profile = NULL;
	char error[200] = "";
	int rc = profile_parse(&profile, text, strlen(text), error, sizeof(error));

	g_assert_cmpint(rc, ==, -EBADMSG);
	g_assert_null(profile);
	if (!strstr(error, reason))
		g_error("%s: \"%s\" does not say \"%s\"", text, error, reason);
}

static void profile_is_read_whole(void)
{
	struct profile *profile = parsed(
		"{" WAYS("\"rate_bps\":[[0,1e6],[1.5,0]],\"rate_loop_s\":3,\"framing\":\"atm\","
			 "\"queue_bytes\":5000,\"queue_ms\":250.5,\"aqm\":\"codel\","
			 "\"delay_ms\":45,\"jitter_ms\":5,\"loss\":0.01,"
			 "\"delay_trace_ms\":[[0,0],[15,-20]],\"delay_loop_s\":30,"
			 "\"gilbert_elliott\":{\"p_bad\":0.1,\"p_good\":0.5},"
			 "\"outages\":[{\"at_s\":50,\"for_s\":2,\"kind\":\"drop\"},"
			 "{\"at_s\":10,\"for_s\":0.1,\"every_s\":15,\"kind\":\"hold\"}],"
			 "\"loss_windows\":[{\"at_s\":1,\"for_s\":2,\"loss\":0.5}]") "}");
	const struct link_config *config = &profile->way[PROFILE_DOWN].config;

	g_assert_cmpint(profile->duration_ns, ==, 60 * S);
	g_assert_cmpuint(config->rate.count, ==, 2);
	g_assert_cmpint(config->rate.steps[1].at_ns, ==, 1500000000);
	g_assert_cmpint(config->rate.loop_ns, ==, 3 * S);
	g_assert_cmpint(config->framing, ==, LINK_FRAMING_ATM);
	g_assert_cmpint(config->queue_bytes, ==, 5000);
	g_assert_cmpint(config->queue_ns, ==, 250500000);
	g_assert_true(config->has_codel);
	g_assert_cmpint(config->delay_ns, ==, 45000000);
	g_assert_cmpint(config->delay.steps[1].value, ==, -20000000);
	g_assert_cmpfloat(config->ge_loss_bad, ==, 1);
	/* 10, 25, 40, 55 and the one at 50, in order. */
	g_assert_cmpuint(config->outage_count, ==, 5);
	g_assert_cmpint(config->outages[3].begin_ns, ==, 50 * S);
	g_assert_cmpint(config->outages[3].kind, ==, LINK_OUTAGE_DROP);
	g_assert_cmpint(config->outages[4].end_ns, ==, 55100000000);
	g_assert_cmpuint(config->window_count, ==, 1);
	g_assert_cmpuint(profile->way[PROFILE_UP].config.rate.count, ==, 0);
	profile_free(profile);
}

static void mistakes_are_named(void)
{
	assert_refused("", "line");
	assert_refused("[]", "not an object");
	assert_refused("{\"name\":\"x\"}", "duration_s");
	assert_refused("{" WAYS("") ",\"colour\":1}", "colour: unknown");
	assert_refused("{" WAYS("\"rate\":1") "}", "down: rate: unknown");
	assert_refused("{" WAYS("\"rate_bps\":-1") "}", "down: rate_bps");
	assert_refused("{" WAYS("\"rate_bps\":\"1M\"") "}", "down: rate_bps");
	assert_refused("{" WAYS("\"rate_bps\":[[0,1],[0,2]]") "}", "out of order");
	assert_refused("{" WAYS("\"rate_bps\":[[0,1],[1]]") "}", "something else");
	assert_refused("{" WAYS("\"loss\":2") "}", "down: loss");
	assert_refused("{" WAYS("\"aqm\":\"pie\"") "}", "aqm");
	assert_refused("{" WAYS("\"framing\":5") "}", "framing");
	assert_refused("{" WAYS("\"rate_file\":\"../x.csv\"") "}", "rate_file");
	assert_refused("{" WAYS("\"outages\":[{\"at_s\":1,\"kind\":\"drop\"}]") "}", "for_s");
	assert_refused("{" WAYS("\"outages\":[{\"at_s\":1,\"for_s\":1,\"kind\":\"x\"}]") "}",
		       "kind");
	assert_refused("{" WAYS("\"outages\":[{\"at_s\":0,\"for_s\":1e-6,\"every_s\":1e-5,"
				"\"kind\":\"drop\"}]") "}",
		       "too many");
	assert_refused("{" WAYS("\"outages\":[{\"at_s\":0,\"for_s\":2,\"every_s\":1,"
				"\"kind\":\"drop\"}]") "}",
		       "overlap");
}

static void seeds_differ_by_direction(void)
{
	struct profile *profile = parsed("{\"name\":\"x\",\"duration_s\":60,"
					 "\"up\":{\"loss\":0.5},\"down\":{\"loss\":0.5}}");
	struct link *link[PROFILE_WAYS];
	int differ = 0;

	for (enum profile_way way = 0; way < PROFILE_WAYS; way++) {
		int rc = profile_link(&link[way], profile, way, 9, 0);

		g_assert_cmpint(rc, ==, 0);
	}
	for (int i = 0; i < 200; i++) {
		struct link_fate down;
		struct link_fate up;

		link_send(link[PROFILE_DOWN], i, 100, &down);
		link_send(link[PROFILE_UP], i, 100, &up);
		differ += down.verdict != up.verdict;
	}
	g_assert_cmpint(differ, >, 60);
	link_free(link[PROFILE_DOWN]);
	link_free(link[PROFILE_UP]);
	profile_free(profile);
}

/* --- traces ------------------------------------------------------------------------------ */

static void mahimahi_is_smoothed_over_20_ms(void)
{
	/* 3 chances until 20 ms, none until 40, one at 55: loops at 55. */
	static const char text[] = "0\n5\r\n20\n\n55\n";
	struct link_trace trace;
	int rc = trace_parse_mahimahi(&trace, text, strlen(text));

	g_assert_cmpint(rc, ==, 0);
	g_assert_cmpuint(trace.count, ==, 3);
	g_assert_cmpint(trace.steps[0].value, ==, 3 * 600000);
	g_assert_cmpint(trace.steps[1].value, ==, 0);
	g_assert_cmpint(trace.steps[1].at_ns, ==, 20000000);
	g_assert_cmpint(trace.steps[2].at_ns, ==, 40000000);
	g_assert_cmpint(trace.steps[2].value, ==, 800000); /* 1500 bytes in 15 ms */
	g_assert_cmpint(trace.loop_ns, ==, 55000000);
	g_free((void *)trace.steps);
}

static void csv_is_read(void)
{
	static const char text[] = "seconds,bps\n# a remark\n0, 1000\n0.5,2e6\r\n\n2,0";
	struct link_trace trace;
	int rc = trace_parse_csv(&trace, text, strlen(text));

	g_assert_cmpint(rc, ==, 0);
	g_assert_cmpuint(trace.count, ==, 3);
	g_assert_cmpint(trace.steps[1].at_ns, ==, 500000000);
	g_assert_cmpint(trace.steps[1].value, ==, 2000000);
	g_assert_cmpint(trace.loop_ns, ==, 0);
	g_free((void *)trace.steps);
}

static void other_text_is_no_trace(void)
{
	static const char *const no_mahimahi[] = {
		"", "5\n4\n", "x\n", "-1\n", "0\n0\n", "1 2\n", "99999999999999999999\n"};
	static const char *const no_csv[] = {"",	   "a,b\n",    "1,5\n",	  "0,5\n0,6\n",
					     "0,-5\n",	   "0,nan\n",  "0,5,6\n", "0\n",
					     "0,5\nx,y\n", "0,1e300\n"};
	struct link_trace trace;

	for (size_t i = 0; i < G_N_ELEMENTS(no_mahimahi); i++)
		g_assert_cmpint(
			trace_parse_mahimahi(&trace, no_mahimahi[i], strlen(no_mahimahi[i])), ==,
			-EBADMSG);
	for (size_t i = 0; i < G_N_ELEMENTS(no_csv); i++)
		g_assert_cmpint(trace_parse_csv(&trace, no_csv[i], strlen(no_csv[i])), ==,
				-EBADMSG);
}

static void trace_file_is_found_beside_the_profile(void)
{
	static const char text[] = "{" WAYS("\"rate_file\":\"t.csv\",\"rate_loop_s\":4") "}";
	char *folder = g_dir_make_tmp("vidd-profile-XXXXXX", NULL);
	char *path = g_build_filename(folder, "p.json", NULL);
	char *trace = g_build_filename(folder, "t.csv", NULL);
	struct profile *profile = NULL;
	char error[400] = "";
	int rc;

	g_file_set_contents(path, text, -1, NULL);
	rc = profile_load(&profile, path, error, sizeof(error));
	g_assert_cmpint(rc, ==, -EIO);
	g_assert_nonnull(strstr(error, "t.csv"));
	g_file_set_contents(trace, "0,100\n2,300\n", -1, NULL);
	rc = profile_load(&profile, path, error, sizeof(error));
	g_assert_cmpint(rc, ==, 0);
	g_assert_cmpint(profile->way[PROFILE_DOWN].config.rate.loop_ns, ==, 4 * S);
	struct link *link = NULL;
	rc = profile_link(&link, profile, PROFILE_DOWN, 1, 0);
	g_assert_cmpint(rc, ==, 0);
	g_assert_cmpint(link_capacity_bits(link, 0, 8 * S), ==, 1600);
	link_free(link);
	profile_free(profile);
	g_remove(path);
	g_remove(trace);
	g_remove(folder);
	g_free(path);
	g_free(trace);
	g_free(folder);
}

/* --- the files of loadtest/profiles ------------------------------------------------------ */

static char *profiles_folder(void)
{
	return g_build_filename(g_getenv("G_TEST_SRCDIR"), "loadtest", "profiles", NULL);
}

static struct profile *loaded(const char *name)
{
	char *folder = profiles_folder();
	char *path = g_build_filename(folder, name, NULL);
	struct profile *profile = NULL;
	char error[400] = "";
	int rc = profile_load(&profile, path, error, sizeof(error));

	if (rc < 0)
		g_error("%s: %s", path, error);
	g_free(path);
	g_free(folder);
	return profile;
}

static double longest_gap_s(const struct link *link, int64_t duration_ns)
{
	int64_t longest = 0;
	int64_t run = 0;

	for (int64_t t = 0; t < duration_ns; t += S / 10) {
		run = link_capacity_bits(link, t, t + S / 10) == 0 ? run + 1 : 0;
		longest = MAX(longest, run);
	}
	return (double)longest / 10;
}

static double share_below_300k(const struct link *link, int64_t duration_ns)
{
	int64_t thin = 0;

	for (int64_t t = 0; t < duration_ns; t += S)
		thin += link_capacity_bits(link, t, t + S) < 300000;
	return (double)thin / (double)(duration_ns / S);
}

/* Stated figures hold within 1 % of the mean, one second in a hundred and one step of 0.2 s. */
static int assert_as_stated(const struct profile *profile, enum profile_way way)
{
	const struct profile_stated *stated = &profile->way[way].stated;
	int64_t duration_ns = profile->duration_ns;
	struct link *link = NULL;
	int rc = profile_link(&link, profile, way, 1, 0);

	g_assert_cmpint(rc, ==, 0);
	if (stated->mean_bps >= 0) {
		double seconds = (double)duration_ns / (double)S;
		double mean = (double)link_capacity_bits(link, 0, duration_ns) / seconds;

		g_assert_cmpfloat_with_epsilon(mean, stated->mean_bps, stated->mean_bps / 100);
		g_assert_cmpfloat_with_epsilon(share_below_300k(link, duration_ns),
					       stated->share_below_300k, 0.011);
		g_assert_cmpfloat_with_epsilon(longest_gap_s(link, duration_ns),
					       stated->longest_gap_s, 0.201);
	}
	link_free(link);
	return stated->mean_bps >= 0;
}

static void every_profile_is_as_it_states(void)
{
	char *folder = profiles_folder();
	GDir *dir = g_dir_open(folder, 0, NULL);
	int files = 0;
	int stated = 0;
	const char *name;

	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir))) {
		struct profile *profile;
		char *base;

		if (!g_str_has_suffix(name, ".json"))
			continue;
		profile = loaded(name);
		base = g_strconcat(profile->name, ".json", NULL);
		g_assert_cmpstr(base, ==, name);
		g_free(base);
		for (enum profile_way way = 0; way < PROFILE_WAYS; way++)
			stated += assert_as_stated(profile, way);
		profile_free(profile);
		files++;
	}
	g_assert_cmpint(files, >=, 60);
	g_assert_cmpint(stated, >=, 10);
	g_dir_close(dir);
	g_free(folder);
}

/* Capacities of the standard's and the scenarios' tables, in bits. */
static void tables_are_in_the_files(void)
{
	static const struct {
		const char *name;
		enum profile_way way;
		int64_t from_s, to_s, bits;
	} row[] = {
		{"rfc8867-5.1-owd50.json", PROFILE_DOWN, 0, 100, 122000000},
		{"rfc8867-5.2.json", PROFILE_DOWN, 0, 125, 312500000},
		{"rfc8867-5.3.json", PROFILE_DOWN, 0, 100, 150000000},
		{"rfc8867-5.3.json", PROFILE_UP, 0, 100, 158000000},
		{"rfc8867-5.5.json", PROFILE_DOWN, 0, 300, 1200000000},
		{"s07-survival.json", PROFILE_UP, 0, 10, 640000},
		{"s09-outage-20-drop.json", PROFILE_DOWN, 0, 180, 100000000},
		{"s09-outage-1-hold.json", PROFILE_UP, 25, 26, 0},
		{"s11a-geo.json", PROFILE_DOWN, 0, 180, 276000000},
		{"s11b-leo.json", PROFILE_UP, 15, 30, 74500000},
		{"l14-outage-6d.json", PROFILE_DOWN, 60, 518460, 0},
		{"l12-failover.json", PROFILE_UP, 60, 71, 700000},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(row); i++) {
		struct profile *profile = loaded(row[i].name);
		struct link *link = NULL;
		int rc = profile_link(&link, profile, row[i].way, 1, 0);

		g_assert_cmpint(rc, ==, 0);
		g_test_message("%s", row[i].name);
		g_assert_cmpint(link_capacity_bits(link, row[i].from_s * S, row[i].to_s * S), ==,
				row[i].bits);
		link_free(link);
		profile_free(profile);
	}
}

#define TEST(name) g_test_add_func("/link_profile/" #name, name)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TEST(profile_is_read_whole);
	TEST(mistakes_are_named);
	TEST(seeds_differ_by_direction);
	TEST(mahimahi_is_smoothed_over_20_ms);
	TEST(csv_is_read);
	TEST(other_text_is_no_trace);
	TEST(trace_file_is_found_beside_the_profile);
	TEST(every_profile_is_as_it_states);
	TEST(tables_are_in_the_files);
	return g_test_run();
}
