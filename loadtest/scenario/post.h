/* SPDX-License-Identifier: EUPL-1.2 */
/* Datagrams under way in virtual time, in order of arrival; ties first come first served. */
#ifndef VIDD_LOADTEST_SCENARIO_POST_H
#define VIDD_LOADTEST_SCENARIO_POST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct parcel {
	int64_t due_us;
	uint64_t order;
	int to; /* the receiver's number; the caller's meaning */
	size_t len;
	uint8_t data[1600];
	struct parcel *next; /* while free */
};

/* Visible for embedding; zero state is ready. */
struct post {
	struct parcel **queue; /* a binary heap */
	size_t count;
	size_t cap;
	struct parcel *spare;
	uint64_t sent;
};

void post_send(struct post *post, int64_t due_us, int to, const uint8_t *data, size_t len);
/* INT64_MAX: nothing under way. */
int64_t post_deadline_us(const struct post *post);
/* The next parcel due by now_us, to be given back with post_done(), or NULL. */
struct parcel *post_take(struct post *post, int64_t now_us);
void post_done(struct post *post, struct parcel *parcel);
void post_close(struct post *post);

#endif
