/* SPDX-License-Identifier: EUPL-1.2 */
/* Link profiles: whatever parses makes links, and whatever goes over those arrives in order, not
 * before it was sent and no faster than the capacity. */
#include <assert.h>

#include "fuzz.h"
#include "loadtest/link/profile.h"

static void assert_keeps_order(struct link *link, const uint8_t *data, size_t size)
{
	struct link_fate fate;
	int64_t now = 0;
	int64_t last = 0;

	for (size_t i = 0; i < size && i < 200; i++) {
		now += (int64_t)data[i] * data[i] * 100000;
		link_send(link, now, 1 + data[i] * 6, &fate);
		assert(link_queue_bytes(link, now) >= 0 && link_queue_ns(link, now) >= 0);
		if (fate.verdict != LINK_DELIVERED)
			continue;
		assert(fate.queue_ns >= 0 && fate.depart_ns >= now + fate.queue_ns);
		assert(fate.arrive_ns >= fate.depart_ns && fate.arrive_ns >= last);
		assert(link_capacity_bits(link, now, fate.depart_ns) >= (1 + data[i] * 6) * 8 - 1);
		last = fate.arrive_ns;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct profile *profile;
	char error[200];

	if (profile_parse(&profile, (const char *)data, size, error, sizeof(error)) < 0)
		return 0;
	for (enum profile_way way = 0; way < PROFILE_WAYS; way++) {
		struct link *link;
		int rc = profile_link(&link, profile, way, size, 0);

		assert(rc == 0);
		assert_keeps_order(link, data, size);
		link_free(link);
	}
	profile_free(profile);
	return 0;
}
