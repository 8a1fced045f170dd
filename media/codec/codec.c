/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/codec/codec.h"

#include <errno.h>
#include <strings.h>

#include "media/codec/table.h"

/* Opus (RFC 7587 4.2) and telephone-event (RFC 4733 2.3): each packet stands alone. */
static int audio_inspect(struct codec_frame *out, const uint8_t *payload, size_t len)
{
	out->starts_frame = true;
	return 0;
}

static const struct codec_row row_opus = {.name = "opus", .inspect = audio_inspect};
static const struct codec_row row_telephone_event = {
	.name = "telephone-event",
	.inspect = audio_inspect,
};

static const struct codec_row *const table[CODEC_COUNT] = {
	[CODEC_OPUS] = &row_opus,	[CODEC_TELEPHONE_EVENT] = &row_telephone_event,
	[CODEC_VP8] = &codec_row_vp8,	[CODEC_VP9] = &codec_row_vp9,
	[CODEC_H264] = &codec_row_h264, [CODEC_AV1] = &codec_row_av1,
};

static const struct codec_row *row(enum codec_id codec)
{
	return (unsigned)codec < CODEC_COUNT ? table[codec] : NULL;
}

int codec_inspect(struct codec_frame *out, enum codec_id codec, const uint8_t *payload, size_t len)
{
	const struct codec_row *r = row(codec);
	struct codec_frame frame = {0};

	/* An empty payload is padding, whatever the codec. */
	if (!r || len == 0)
		return -EBADMSG;
	int err = r->inspect(&frame, payload, len);
	if (err)
		return err;
	*out = frame;
	return 0;
}

void codec_rewrite(enum codec_id codec, uint8_t *payload, size_t len,
		   const struct codec_numbers *numbers)
{
	const struct codec_row *r = row(codec);

	if (r && r->rewrite)
		r->rewrite(payload, len, numbers);
}

enum codec_id codec_from_name(const char *name)
{
	for (int i = 0; i < CODEC_COUNT; i++) {
		if (table[i] && strcasecmp(table[i]->name, name) == 0)
			return (enum codec_id)i;
	}
	return CODEC_NONE;
}

const char *codec_name(enum codec_id codec)
{
	const struct codec_row *r = row(codec);

	return r ? r->name : "";
}

bool codec_is_video(enum codec_id codec)
{
	const struct codec_row *r = row(codec);

	return r && r->is_video;
}
