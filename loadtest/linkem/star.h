/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The links of a run and the loop that carries packets over them: reads each packet from its
 * sender's device, asks the link when it arrives, keeps it until then and writes it to the
 * receiver's. One thread; the only clock is CLOCK_MONOTONIC.
 */
#ifndef VIDD_LOADTEST_LINKEM_STAR_H
#define VIDD_LOADTEST_LINKEM_STAR_H

#include "loadtest/linkem/options.h"

struct star;

/* Loads profiles, opens devices and the log. 0 or a negative errno with the reason in error.
 * Borrows the options. */
int star_new(struct star **out, const struct options *options, char error[OPTIONS_ERROR_BYTES]);
void star_free(struct star *star);
/* Runs to the duration's end, or until SIGTERM or SIGINT, which must be blocked, as SIGUSR1 must.
 * 0, or a negative errno of the log or of waiting. */
int star_run(struct star *star);
/* The summary as the text of a JSON object, to be freed with free(). */
char *star_summary(struct star *star);

#endif
