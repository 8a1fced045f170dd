/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loadtest/load/target.h"

struct bot_config driver_bot_config(const struct driver *driver, size_t seat)
{
	const struct workload *w = driver->config.workload;
	bool sends = driver->config.plan->seat[seat].sends;

	return (struct bot_config){
		.rtt_us = w->rtt_ms * 1000,
		.has_playout = w->has_playout,
		.publisher =
			{
				.id = (uint32_t)seat,
				.has_audio = sends && w->has_audio,
				.has_video = sends && w->has_video,
				.voice = {.bps = (uint32_t)w->audio_bps,
					  .is_continuous = w->is_talk_continuous,
					  .has_dtx = w->has_dtx},
				.height = (uint16_t)w->video_height,
				.fps = (uint8_t)w->video_fps,
				.video_bps = (uint32_t)w->video_bps,
				.encodings = (uint8_t)w->encodings,
				.has_layers = w->has_layers,
				.has_descriptor = w->has_descriptor,
				.is_adaptive = w->is_adaptive,
				.keyframe_us = (int64_t)(w->keyframe_s * 1000000),
			},
	};
}

void driver_failed(struct driver *driver, const char *why)
{
	if (driver->failed++ == 0)
		(void)snprintf(driver->why, sizeof(driver->why), "%s", why);
}

bool driver_connect(struct driver *driver, struct bot *bot, const char *sdp)
{
	static struct description description;
	char error[DESCRIPTION_ERROR_BYTES], text[ADDR_TEXT_MAX];

	if (description_read(&description, sdp, error) != 0) {
		driver_failed(driver, error);
		return false;
	}
	if (!driver->config.is_anywhere_ok && !target_is_ours(&description.peer)) {
		(void)snprintf(error, sizeof(error),
			       "%s is not of this machine: --i-own-this-server would send there",
			       addr_format(&description.peer, text));
		driver_failed(driver, error);
		return false;
	}
	if (flock_connect(driver->config.flock, bot, &description) != 0) {
		driver_failed(driver, "no socket, or too many lines");
		return false;
	}
	return true;
}

bool driver_split_url(const char *url, bool *is_secure, char host[128], int *port)
{
	const char *at = strstr(url, "://");
	size_t len;
	long number;

	if (!at)
		return false;
	*is_secure = strncmp(url, "https:", 6) == 0 || strncmp(url, "wss:", 4) == 0;
	*port = *is_secure ? 443 : 80;
	at += 3;
	at += *at == '[';
	len = strcspn(at, at[-1] == '[' ? "]" : ":/");
	if (len == 0 || len > 127)
		return false;
	(void)snprintf(host, 128, "%.*s", (int)len, at);
	at += len;
	at += *at == ']';
	if (*at != ':')
		return true;
	number = strtol(at + 1, NULL, 10);
	*port = (int)number;
	return number > 0 && number <= UINT16_MAX;
}
