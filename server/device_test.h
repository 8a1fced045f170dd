/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The report of a health room's self-test: read with what is known of it alone, and written again
 * as the JSON that is kept and shown, so that nothing else gets from a room to the board. Pure.
 *
 * {"cameras":[{"name":"..","works":true,"fps":15}],
 *  "microphone":{"works":true,"level_db":-23},
 *  "link":{"works":true,"up_kbps":900,"down_kbps":1200,"loss_percent":0.4,"rtt_ms":48}}
 */
#ifndef VIDD_SERVER_DEVICE_TEST_H
#define VIDD_SERVER_DEVICE_TEST_H

#include <stddef.h>

/* A room has two or three; a hub full of them is a mistake. */
#define DEVICE_TEST_CAMERAS_MAX 8

/* 0 and *out (free()able), or -EINVAL with a sentence, -ENOMEM. */
int device_test_read(const char *body, size_t len, char **out, const char **why);

#endif
