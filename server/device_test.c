/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/device_test.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "media/base/limits.h"

/* Larger numbers are no measurements. */
#define NUMBER_MAX 1e7

static bool is_number(const json_t *value)
{
	return json_is_number(value) && fabs(json_number_value(value)) <= NUMBER_MAX;
}

/* "works" and the numbers that are named; NULL: something lacks or is of another kind. */
static json_t *read_part(const json_t *part, const char *const *numbers)
{
	const json_t *works = json_object_get(part, "works");
	json_t *out;

	if (!json_is_boolean(works))
		return NULL;
	out = json_object();
	json_object_set_new(out, "works", json_boolean(json_is_true(works)));
	for (; *numbers != NULL; numbers++) {
		const json_t *value = json_object_get(part, *numbers);

		if (!is_number(value)) {
			json_decref(out);
			return NULL;
		}
		json_object_set_new(out, *numbers, json_deep_copy(value));
	}
	return out;
}

/* Labels of devices come from the system: any text, but not a long one. */
static bool is_label(const json_t *value)
{
	return json_is_string(value) && json_string_length(value) <= LIMIT_NAME_BYTES;
}

static json_t *read_cameras(const json_t *cameras)
{
	static const char *const numbers[] = {"fps", NULL};
	json_t *out = json_array();

	if (!json_is_array(cameras) || json_array_size(cameras) > DEVICE_TEST_CAMERAS_MAX)
		goto bad;
	for (size_t i = 0; i < json_array_size(cameras); i++) {
		const json_t *camera = json_array_get(cameras, i);
		const json_t *name = json_object_get(camera, "name");
		json_t *part = is_label(name) ? read_part(camera, numbers) : NULL;

		if (part == NULL)
			goto bad;
		json_object_set_new(part, "name", json_deep_copy(name));
		json_array_append_new(out, part);
	}
	return out;
bad:
	json_decref(out);
	return NULL;
}

int device_test_read(const char *body, size_t len, char **out, const char **why)
{
	static const char *const sound[] = {"level_db", NULL};
	static const char *const rate[] = {"fps", NULL};
	static const char *const link[] = {"up_kbps", "down_kbps", "loss_percent", "rtt_ms", NULL};
	json_t *root = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
	json_t *cameras = read_cameras(json_object_get(root, "cameras"));
	json_t *microphone = read_part(json_object_get(root, "microphone"), sound);
	json_t *encoder = read_part(json_object_get(root, "encoder"), rate);
	json_t *path = read_part(json_object_get(root, "link"), link);
	json_t *kept = NULL;
	int r = 0;

	if (cameras == NULL || microphone == NULL || encoder == NULL || path == NULL) {
		*why = cameras == NULL	    ? "cameras: a list of name, works, fps."
		       : microphone == NULL ? "microphone: works, level_db."
		       : encoder == NULL    ? "encoder: works, fps."
					    : "link: works, up_kbps, down_kbps, loss_percent, "
					      "rtt_ms.";
		json_decref(cameras);
		json_decref(microphone);
		json_decref(encoder);
		json_decref(path);
		r = -EINVAL;
		goto out;
	}
	kept = json_pack("{s:o, s:o, s:o, s:o}", "cameras", cameras, "microphone", microphone,
			 "encoder", encoder, "link", path);
	*out = json_dumps(kept, JSON_COMPACT | JSON_REAL_PRECISION(6));
	r = *out != NULL ? 0 : -ENOMEM;
out:
	json_decref(kept);
	json_decref(root);
	return r;
}
