/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/mailbox.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct mailbox {
	pthread_mutex_t lock;
	int fd;
	size_t message_bytes;
	size_t capacity;
	size_t first;
	size_t count;
	unsigned char *ring;
};

int mailbox_new(struct mailbox **out, size_t message_bytes, size_t capacity)
{
	struct mailbox *m = calloc(1, sizeof(*m));

	assert(message_bytes > 0 && capacity > 0);
	if (m == NULL)
		return -ENOMEM;
	m->ring = calloc(capacity, message_bytes);
	if (m->ring == NULL) {
		free(m);
		return -ENOMEM;
	}
	m->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (m->fd < 0) {
		int r = -errno;

		free(m->ring);
		free(m);
		return r;
	}
	m->message_bytes = message_bytes;
	m->capacity = capacity;
	pthread_mutex_init(&m->lock, NULL);
	*out = m;
	return 0;
}

void mailbox_free(struct mailbox *m)
{
	if (m == NULL)
		return;
	pthread_mutex_destroy(&m->lock);
	close(m->fd);
	free(m->ring);
	free(m);
}

int mailbox_fd(const struct mailbox *m)
{
	return m->fd;
}

static int post(struct mailbox *m, const void *message, size_t limit)
{
	const uint64_t one = 1;
	bool was_empty;

	pthread_mutex_lock(&m->lock);
	if (m->count >= limit) {
		pthread_mutex_unlock(&m->lock);
		return -EAGAIN;
	}
	was_empty = m->count == 0;
	memcpy(m->ring + (m->first + m->count) % m->capacity * m->message_bytes, message,
	       m->message_bytes);
	m->count++;
	pthread_mutex_unlock(&m->lock);
	/* The taker takes until empty after it cleared, so only the first message must wake it.
	 * The counter cannot overflow; a failed write would mean it is readable already. */
	if (was_empty && write(m->fd, &one, sizeof(one)) < 0)
		assert(errno == EAGAIN);
	return 0;
}

int mailbox_post(struct mailbox *m, const void *message)
{
	return post(m, message, m->capacity - m->capacity / 4);
}

int mailbox_post_vital(struct mailbox *m, const void *message)
{
	return post(m, message, m->capacity);
}

void mailbox_clear(struct mailbox *m)
{
	uint64_t count;

	if (read(m->fd, &count, sizeof(count)) < 0)
		assert(errno == EAGAIN);
}

bool mailbox_take(struct mailbox *m, void *message)
{
	bool has_message;

	pthread_mutex_lock(&m->lock);
	has_message = m->count > 0;
	if (has_message) {
		memcpy(message, m->ring + m->first * m->message_bytes, m->message_bytes);
		m->first = (m->first + 1) % m->capacity;
		m->count--;
	}
	pthread_mutex_unlock(&m->lock);
	return has_message;
}
