/* SPDX-License-Identifier: EUPL-1.2 */
/* What libFuzzer calls; every target defines it. Returns 0. */
#ifndef VIDD_TESTS_FUZZ_FUZZ_H
#define VIDD_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
