/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/frames.h"

#include <errno.h>
#include <stdlib.h>

#include "media/base/seq.h"

/* A late packet may bring the structure of a keyframe that was missing, or that of one long past
 * (browsers probe with old packets): only the newest frame's is kept. */
static int inspect_late(struct frames *frames, struct codec_frame *out,
			const struct rtp_ext_value *dd)
{
	struct dd_structure copy = *frames->structure;
	struct dd_frame frame;
	int err = dd_parse(&frame, &copy, dd->data, dd->len);

	if (err)
		return err;
	dd_describe(out, &frame, &copy);
	if (!frame.has_structure)
		return 0;
	if (frames->structure->is_valid && !seq_newer(frame.frame_number, frames->structure_frame))
		return 0;
	*frames->structure = copy;
	frames->structure_frame = frame.frame_number;
	return 0;
}

static int inspect_newest(struct frames *frames, struct codec_frame *out,
			  const struct rtp_ext_value *dd)
{
	struct dd_frame frame;
	int err = dd_parse(&frame, frames->structure, dd->data, dd->len);

	if (err)
		return err;
	dd_describe(out, &frame, frames->structure);
	if (frame.has_structure)
		frames->structure_frame = frame.frame_number;
	return 0;
}

int frames_inspect(struct frames *frames, struct packet *packet, bool is_newest)
{
	const struct rtp_ext_value *dd = &packet->exts.value[RTP_EXT_DEPENDENCY_DESCRIPTOR];

	if (packet_inspect(packet))
		return -EBADMSG;
	packet_read_frame_number(packet);
	if (!packet->has_frame_number || !frames)
		return 0;
	/* A descriptor that cannot be read, or kept, leaves the payload's word. */
	if (!frames->structure)
		frames->structure = calloc(1, sizeof(*frames->structure));
	if (!frames->structure)
		return 0;
	if (is_newest)
		(void)inspect_newest(frames, &packet->frame, dd);
	else
		(void)inspect_late(frames, &packet->frame, dd);
	return 0;
}

void frames_close(struct frames *frames)
{
	free(frames->structure);
	*frames = (struct frames){0};
}
