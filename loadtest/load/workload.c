/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/workload.h"

#include <errno.h>
#include <jansson.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_names[WORKLOAD_KINDS] = {"consultation", "conference", "broadcast",
						       "storm",	       "churn",	     "region-day"};

static const struct workload defaults = {
	.rooms = 1,
	.people_min = 2,
	.people_max = 2,
	.joins_per_s = 10,
	.hurry = 60,
	.warmup_s = 4,
	.window_s = 15,
	.has_audio = true,
	.audio_bps = 32000,
	.has_video = true,
	.video_height = 360,
	.video_fps = 30,
	.video_bps = 1200000,
	.encodings = 1,
	.keyframe_s = 10,
	.rtt_ms = 20,
};

enum member_type {
	MEMBER_NUMBER, /* int64_t */
	MEMBER_REAL,   /* double */
	MEMBER_FLAG,
};

#define AT(member) offsetof(struct workload, member)

/* docs/loadtest.md explains them. */
static const struct {
	const char *name;
	enum member_type type;
	size_t at;
	double least, most;
} members[] = {
	{"rooms", MEMBER_NUMBER, AT(rooms), 1, 5000},
	{"people_min", MEMBER_NUMBER, AT(people_min), 1, 1000},
	{"people_max", MEMBER_NUMBER, AT(people_max), 1, 1000},
	{"arrive_s", MEMBER_REAL, AT(arrive_s), 0, 86400},
	{"stay_s", MEMBER_REAL, AT(stay_s), 0, 86400},
	{"joins_per_s", MEMBER_REAL, AT(joins_per_s), 0.01, 1000},
	{"hurry", MEMBER_REAL, AT(hurry), 1, 10000},
	{"warmup_s", MEMBER_REAL, AT(warmup_s), 0, 3600},
	{"window_s", MEMBER_REAL, AT(window_s), 0.1, 604800},
	{"audio", MEMBER_FLAG, AT(has_audio), 0, 1},
	{"audio_bps", MEMBER_NUMBER, AT(audio_bps), 22000, 256000},
	{"talk_continuous", MEMBER_FLAG, AT(is_talk_continuous), 0, 1},
	{"dtx", MEMBER_FLAG, AT(has_dtx), 0, 1},
	{"video", MEMBER_FLAG, AT(has_video), 0, 1},
	{"video_height", MEMBER_NUMBER, AT(video_height), 90, 1080},
	{"video_fps", MEMBER_NUMBER, AT(video_fps), 1, 60},
	{"video_bps", MEMBER_NUMBER, AT(video_bps), 30000, 10000000},
	{"encodings", MEMBER_NUMBER, AT(encodings), 1, 3},
	{"layers", MEMBER_FLAG, AT(has_layers), 0, 1},
	{"descriptor", MEMBER_FLAG, AT(has_descriptor), 0, 1},
	{"adaptive", MEMBER_FLAG, AT(is_adaptive), 0, 1},
	{"keyframe_s", MEMBER_REAL, AT(keyframe_s), 0, 3600},
	{"rtt_ms", MEMBER_NUMBER, AT(rtt_ms), 0, 1000},
	{"playout", MEMBER_FLAG, AT(has_playout), 0, 1},
};

#define MEMBER_COUNT (sizeof(members) / sizeof(members[0]))

const char *workload_kind_name(enum workload_kind kind)
{
	return kind_names[kind];
}

static int refuse(char error[WORKLOAD_ERROR_BYTES], const char *name, const char *why)
{
	(void)snprintf(error, WORKLOAD_ERROR_BYTES, "\"%s\" %s", name, why);
	return -EINVAL;
}

static int read_member(struct workload *out, size_t i, const json_t *value,
		       char error[WORKLOAD_ERROR_BYTES])
{
	char *at = (char *)out + members[i].at;
	double number = json_number_value(value);
	char why[64];

	if (members[i].type == MEMBER_FLAG) {
		if (!json_is_boolean(value))
			return refuse(error, members[i].name, "must be true or false");
		*(bool *)at = json_is_true(value);
		return 0;
	}
	(void)snprintf(why, sizeof(why), "must be %s from %g to %g",
		       members[i].type == MEMBER_NUMBER ? "a whole number" : "a number",
		       members[i].least, members[i].most);
	if (!json_is_number(value) || number < members[i].least || number > members[i].most ||
	    (members[i].type == MEMBER_NUMBER && !json_is_integer(value)))
		return refuse(error, members[i].name, why);
	if (members[i].type == MEMBER_NUMBER)
		*(int64_t *)(void *)at = json_integer_value(value);
	else
		*(double *)(void *)at = number;
	return 0;
}

static int read_kind(struct workload *out, const json_t *value, char error[WORKLOAD_ERROR_BYTES])
{
	const char *text = json_string_value(value);

	for (int k = 0; text && k < WORKLOAD_KINDS; k++) {
		if (strcmp(text, kind_names[k]) != 0)
			continue;
		out->kind = (enum workload_kind)k;
		return 0;
	}
	return refuse(error, "kind",
		      "must be consultation, conference, broadcast, storm, churn or region-day");
}

static int read_one(struct workload *out, const char *name, const json_t *value,
		    char error[WORKLOAD_ERROR_BYTES])
{
	if (strcmp(name, "about") == 0) /* for people */
		return json_is_string(value) ? 0 : refuse(error, name, "must be a text");
	if (strcmp(name, "kind") == 0)
		return read_kind(out, value, error);
	if (strcmp(name, "name") == 0) {
		if (!json_is_string(value) || json_string_length(value) >= WORKLOAD_NAME_BYTES)
			return refuse(error, name, "must be a short text");
		(void)snprintf(out->name, sizeof(out->name), "%s", json_string_value(value));
		return 0;
	}
	for (size_t i = 0; i < MEMBER_COUNT; i++)
		if (strcmp(name, members[i].name) == 0)
			return read_member(out, i, value, error);
	return refuse(error, name, "is not known: docs/loadtest.md lists the members");
}

static int check(const struct workload *workload, char error[WORKLOAD_ERROR_BYTES])
{
	if (workload->people_max < workload->people_min)
		return refuse(error, "people_max", "must not be less than people_min");
	if (!workload->has_audio && !workload->has_video)
		return refuse(error, "audio", "and \"video\" cannot both be false");
	if ((workload->kind == WORKLOAD_CHURN || workload->kind == WORKLOAD_REGION_DAY) &&
	    workload->stay_s <= 0)
		return refuse(error, "stay_s", "must be told in this kind of profile");
	if (workload->video_height >> (workload->encodings - 1) < 90)
		return refuse(error, "encodings",
			      "are more than this video_height can be cut into");
	return 0;
}

int workload_parse(struct workload *out, const char *text, char error[WORKLOAD_ERROR_BYTES])
{
	struct workload workload = defaults;
	json_error_t why;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &why);
	const char *name;
	json_t *value;
	int result = 0;

	if (!json_is_object(root)) {
		(void)snprintf(error, WORKLOAD_ERROR_BYTES, "line %d: %s", root ? 1 : why.line,
			       root ? "not an object" : why.text);
		json_decref(root);
		return -EINVAL;
	}
	if (!json_object_get(root, "kind"))
		result = read_kind(&workload, NULL, error);
	json_object_foreach(root, name, value)
	{
		if (result == 0)
			result = read_one(&workload, name, value, error);
	}
	if (result == 0)
		result = check(&workload, error);
	if (result == 0) {
		if (!workload.name[0])
			(void)snprintf(workload.name, sizeof(workload.name), "%s",
				       kind_names[workload.kind]);
		*out = workload;
	}
	json_decref(root);
	return result;
}

int workload_read(struct workload *out, const char *path, char error[WORKLOAD_ERROR_BYTES])
{
	FILE *file = fopen(path, "re");
	char text[16384];
	size_t n;

	if (!file) {
		(void)snprintf(error, WORKLOAD_ERROR_BYTES, "%s",
			       strerror(errno)); /* NOLINT(concurrency-mt-unsafe): one thread */
		return -EINVAL;
	}
	n = fread(text, 1, sizeof(text) - 1, file);
	text[n] = '\0';
	(void)fclose(file); /* was only read */
	return workload_parse(out, text, error);
}
