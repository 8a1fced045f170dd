/* SPDX-License-Identifier: EUPL-1.2 */
/* The scenarios, by file. *count tells how many. */
#ifndef VIDD_LOADTEST_SCENARIO_TABLES_H
#define VIDD_LOADTEST_SCENARIO_TABLES_H

#include <stddef.h>

struct scenario;

const struct scenario *scenarios_steps(size_t *count);
const struct scenario *scenarios_flows(size_t *count);
const struct scenario *scenarios_weather(size_t *count);
const struct scenario *scenarios_six(size_t *count);
const struct scenario *scenarios_rural(size_t *count);

#endif
