/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/route/frames.h"

#include <errno.h>

#include "media/base/seq.h"

/* A late packet may bring the structure of a keyframe that was missing, or that of one long past
 * (browsers probe with old packets): only the newest frame's counts. */
static int parse_descriptor(struct frames *frames, struct dd_frame *out,
			    const struct rtp_ext_value *dd, bool is_newest)
{
	struct dd_structure copy;
	int err;

	if (is_newest) {
		err = dd_parse(out, &frames->structure, dd->data, dd->len);
	} else {
		copy = frames->structure;
		err = dd_parse(out, &copy, dd->data, dd->len);
	}
	if (err || !out->has_structure)
		return err;
	if (!is_newest) {
		if (frames->structure.is_valid &&
		    !seq_newer(out->frame_number, frames->structure_frame))
			return 0;
		frames->structure = copy;
	}
	frames->structure_frame = out->frame_number;
	return 0;
}

int frames_inspect(struct frames *frames, struct packet *packet, bool is_newest)
{
	const struct rtp_ext_value *dd = &packet->exts.value[RTP_EXT_DEPENDENCY_DESCRIPTOR];
	struct dd_frame frame;

	if (packet_inspect(packet))
		return -EBADMSG;
	packet_read_frame_number(packet);
	if (!packet->has_frame_number || parse_descriptor(frames, &frame, dd, is_newest))
		return 0;
	packet->frame.starts_frame = frame.starts_frame;
	packet->frame.temporal = frame.temporal;
	packet->frame.spatial = frame.spatial;
	if (frame.has_structure)
		packet->frame.is_keyframe = true;
	return 0;
}
