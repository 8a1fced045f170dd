/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <glib.h>

#include "loadtest/link/profile.h"
#include "loadtest/link/trace.h"

static int read_file(const char *path, char **text, gsize *len, char *error, size_t error_size)
{
	GError *failure = NULL;

	if (g_file_get_contents(path, text, len, &failure))
		return 0;
	g_snprintf(error, error_size, "%s", failure->message);
	g_error_free(failure);
	return -EIO;
}

/* Reads the trace that a direction names, from the profile's folder. */
static int load_rate(struct profile_direction *way, const char *folder, char *error,
		     size_t error_size)
{
	char *path;
	char *text = NULL;
	gsize len = 0;
	int rc;

	if (!way->rate_file)
		return 0;
	path = g_build_filename(folder, way->rate_file, NULL);
	rc = read_file(path, &text, &len, error, error_size);
	if (rc == 0) {
		if (g_str_has_suffix(way->rate_file, ".csv"))
			rc = trace_parse_csv(&way->config.rate, text, len);
		else
			rc = trace_parse_mahimahi(&way->config.rate, text, len);
		if (rc == 0 && way->rate_loop_ns > 0)
			way->config.rate.loop_ns = way->rate_loop_ns;
		if (rc < 0)
			g_snprintf(error, error_size, "%s: not a trace", path);
	}
	g_free(text);
	g_free(path);
	return rc;
}

int profile_load(struct profile **out, const char *path, char *error, size_t error_size)
{
	struct profile *profile = NULL;
	char *text = NULL;
	gsize len = 0;
	int rc = read_file(path, &text, &len, error, error_size);

	if (rc == 0)
		rc = profile_parse(&profile, text, len, error, error_size);
	g_free(text);
	if (rc < 0)
		return rc;
	char *folder = g_path_get_dirname(path);
	for (enum profile_way way = 0; way < PROFILE_WAYS && rc == 0; way++)
		rc = load_rate(&profile->way[way], folder, error, error_size);
	g_free(folder);
	if (rc < 0) {
		profile_free(profile);
		return rc;
	}
	*out = profile;
	return 0;
}
