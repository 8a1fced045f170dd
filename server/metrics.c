/* SPDX-License-Identifier: EUPL-1.2 */
#include "server/metrics.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct metrics {
	pthread_mutex_t lock;
	size_t worker_count;
	struct worker_stats worker[];
};

int metrics_new(struct metrics **out, size_t worker_count)
{
	struct metrics *m = calloc(1, sizeof(*m) + worker_count * sizeof(m->worker[0]));

	if (m == NULL)
		return -ENOMEM;
	pthread_mutex_init(&m->lock, NULL);
	m->worker_count = worker_count;
	*out = m;
	return 0;
}

void metrics_free(struct metrics *m)
{
	if (m == NULL)
		return;
	pthread_mutex_destroy(&m->lock);
	free(m);
}

void metrics_publish(struct metrics *m, size_t worker, const struct worker_stats *stats)
{
	assert(worker < m->worker_count);
	pthread_mutex_lock(&m->lock);
	m->worker[worker] = *stats;
	pthread_mutex_unlock(&m->lock);
}

void metrics_copy(struct metrics *m, size_t worker, struct worker_stats *out)
{
	assert(worker < m->worker_count);
	pthread_mutex_lock(&m->lock);
	*out = m->worker[worker];
	pthread_mutex_unlock(&m->lock);
}

size_t metrics_worker_count(const struct metrics *m)
{
	return m->worker_count;
}
