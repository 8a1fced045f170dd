/* SPDX-License-Identifier: EUPL-1.2 */
/* What the people of fuzz_engine have negotiated. */
#ifndef VIDD_TESTS_FUZZ_ENGINE_PARAMS_H
#define VIDD_TESTS_FUZZ_ENGINE_PARAMS_H

#include "media/route/params.h"

#define ENGINE_PEOPLE 3

/* Person n, from 1: microphone (SSRC 10n), simulcast camera q, h (12n, 14n; RTX one more), two
 * slots. The last neither sends nor tells what came. */
void engine_params(struct transport_params *params, uint32_t n);

#endif
