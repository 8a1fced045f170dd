/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "signaling/service_private.h"

_Static_assert(FIGURE_PICTURE_FULL_S + PICTURE_NONE == FIGURE_PICTURE_NONE_S, "one per picture");

/* The page's: what WHEP clients show is not a face-to-face picture. */
void figures_see(struct service *service, const struct leg *leg)
{
	enum picture worst = PICTURE_COUNT;

	if (leg->kind != LEG_PAGE)
		return;
	for (size_t i = 0; i < leg->params->mline_count; i++) {
		if (leg->params->mline[i].kind != MEDIA_VIDEO || leg->slot[i] == 0)
			continue;
		if (worst == PICTURE_COUNT || leg->picture[i] > worst)
			worst = leg->picture[i];
	}
	figures_picture(&leg->seat->figures, service->now_us, worst);
}

void figures_hear(const struct leg *leg)
{
	for (size_t i = 0; i < leg->params->mline_count; i++) {
		const struct mline_params *mline = &leg->params->mline[i];

		if ((mline->use & MLINE_TRACK) != 0 && mline->kind == MEDIA_AUDIO &&
		    mline->codec_count > 0) {
			figures_audio(&leg->seat->figures, mline->codec[0].clock_hz);
			return;
		}
	}
}

void figures_message(struct service *service, struct seat *from, const struct message *message)
{
	struct seat *seat = visit_whom(service, from, message);
	const struct figures_look look = {
		.width = message->width,
		.height = message->height,
		.fps = message->fps,
		.freeze_ms = message->freeze_ms,
		.apart_ms = message->apart_ms,
		.made_up_permille = message->made_up_permille,
	};

	if (seat == NULL)
		return;
	if (seat == from || !admit_is_together(seat, from)) {
		visit_refuse(service, from, message, PROBLEM_NOT_ALLOWED,
			     "One tells of whom one sees and hears.");
		return;
	}
	figures_look_at(&seat->figures, &look);
}

void figures_record(struct service *service, const struct seat *seat)
{
	struct service_record more = {0};

	if (figures_take(&seat->figures, service->now_us, more.figure))
		record_put(service, RECORD_FIGURES, seat, NULL, &more);
}
