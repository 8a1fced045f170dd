/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A run as one HTML page that needs nothing else: what it came to, and plots over its seconds. Made
 * from the JSON alone, so a page can be made of a report that was kept.
 */
#ifndef VIDD_LOADTEST_LOAD_PAGE_H
#define VIDD_LOADTEST_LOAD_PAGE_H

#include <jansson.h>

/* free() it; NULL: no memory. */
char *page_html(const json_t *report);

#endif
