/* SPDX-License-Identifier: EUPL-1.2 */
/* The rural links L1 to L14 as one-to-one calls of three minutes, the patient on the link. L11 lets
 * no UDP through and L14 for hours or days is no call: they are not here. */
#include "loadtest/scenario/scenario.h"
#include "loadtest/scenario/tables.h"

#define RURAL(what)                                                                                \
	{                                                                                          \
		.name = (what), .profile = (what), .duration_s = 180, .is_thin_up = true,          \
		.has_audio_nack = true, .build = build_pair,                                       \
	}

static const struct scenario table[] = {
	RURAL("l01-fibre"),	 RURAL("l02-home-wifi"), RURAL("l03-long-adsl"),
	RURAL("l04-good-4g"),	 RURAL("l05-rural-4g"),	 RURAL("l06-evening-4g"),
	RURAL("l07-cell-edge"),	 RURAL("l08-car"),	 RURAL("l09-starlink"),
	RURAL("l10-geo"),	 RURAL("l12-failover"),	 RURAL("l13-phone-leg"),
	RURAL("l14-outage-60s"),
};

const struct scenario *scenarios_rural(size_t *count)
{
	*count = sizeof(table) / sizeof(table[0]);
	return table;
}
