/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/load/run.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>

enum {
	RUN_SERVICE_US = 4000, /* between looks at the signalling */
	RUN_SECOND_US = 1000000,
};

enum phase {
	PHASE_COMING,
	PHASE_WARMING,
	PHASE_WINDOW,
	PHASE_DRAINING,
	PHASE_OVER,
};

static const char *const phase_names[] = {"coming", "warming up", "measuring", "ending", "over"};

struct runner {
	const struct run_config *config;
	struct run_result *result;
	enum phase phase;
	int64_t begun_us;
	int64_t phase_ends_us;
	size_t next;	 /* seat to join */
	size_t *leaving; /* seats that are there, by no order */
	size_t leaving_count;
	int64_t service_us;
	int64_t second_us;
	size_t second_cap;
	struct histogram before[2]; /* latencies up to the last second */
};

static int64_t own_cpu_us(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u); /* cannot fail */
	return (int64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 + u.ru_utime.tv_usec +
	       u.ru_stime.tv_usec;
}

static int mark(const struct runner *runner, struct run_mark *out)
{
	const struct run_config *config = runner->config;
	const struct flock_stats *stats = flock_stats(config->flock);

	*out = (struct run_mark){
		.at_us = flock_now_us(),
		.counts = config->tally->counts,
		.own_cpu_us = own_cpu_us(),
		.connections = flock_count(config->flock),
		.datagrams_in = stats->datagrams_in,
		.datagrams_out = stats->datagrams_out,
		.bytes_out = stats->bytes_out,
	};
	return config->server_pid ? procstat_read(&out->server, config->server_pid) : 0;
}

/* What is missing by now counts as lost before the mark that follows. */
static void settle_losses(const struct runner *runner)
{
	for (size_t i = 0; i < flock_count(runner->config->flock); i++)
		subscriber_settle(&flock_bot(runner->config->flock, i)->subscriber);
}

/* --- people ----------------------------------------------------------------------------------- */

static void let_in(struct runner *runner, int64_t now_us)
{
	const struct workload_plan *plan = runner->config->plan;
	struct driver *driver = runner->config->driver;

	while (runner->next < plan->seat_count &&
	       runner->begun_us + plan->seat[runner->next].join_us <= now_us) {
		driver->ops->join(driver, runner->next);
		runner->leaving[runner->leaving_count++] = runner->next++;
		runner->result->joined++;
	}
}

static void let_out(struct runner *runner, int64_t now_us)
{
	const struct workload_plan *plan = runner->config->plan;
	struct driver *driver = runner->config->driver;

	for (size_t i = 0; i < runner->leaving_count;) {
		size_t seat = runner->leaving[i];

		if (plan->seat[seat].leave_us == INT64_MAX ||
		    runner->begun_us + plan->seat[seat].leave_us > now_us) {
			i++;
			continue;
		}
		driver->ops->leave(driver, seat);
		runner->leaving[i] = runner->leaving[--runner->leaving_count];
	}
}

/* --- phases ----------------------------------------------------------------------------------- */

static void begin_window(struct runner *runner)
{
	struct tally *tally = runner->config->tally;

	settle_losses(runner);
	(void)mark(runner, &runner->result->begin); /* the process was there before */
	tally->is_measuring = true;
}

static void end_window(struct runner *runner)
{
	runner->config->tally->is_measuring = false;
	(void)mark(runner,
		   &runner->result->end); /* what a dead server leaves is zeros, told as void */
	runner->result->seats_at_end = runner->leaving_count;
}

static void next_phase(struct runner *runner, int64_t now_us)
{
	const struct workload *w = runner->config->workload;

	switch (runner->phase) {
	case PHASE_COMING:
		runner->phase = PHASE_WARMING;
		runner->phase_ends_us = now_us + (int64_t)(w->warmup_s * 1e6);
		break;
	case PHASE_WARMING:
		runner->phase = PHASE_WINDOW;
		runner->phase_ends_us = now_us + (int64_t)(w->window_s * 1e6);
		begin_window(runner);
		break;
	case PHASE_WINDOW:
		runner->phase = PHASE_DRAINING;
		runner->phase_ends_us = now_us + RUN_DRAIN_US;
		end_window(runner);
		break;
	default:
		runner->phase = PHASE_OVER;
		break;
	}
}

static int keep_second(struct runner *runner)
{
	struct run_result *result = runner->result;
	struct tally *tally = runner->config->tally;
	struct run_second *second;

	if (result->second_count == runner->second_cap) {
		size_t cap = runner->second_cap ? runner->second_cap * 2 : 64;
		struct run_second *more = realloc(result->second, cap * sizeof(*more));

		if (!more)
			return -ENOMEM;
		result->second = more;
		runner->second_cap = cap;
	}
	second = &result->second[result->second_count++];
	*second = (struct run_second){.is_measured = runner->phase == PHASE_WINDOW};
	(void)mark(runner, &second->mark); /* as above */
	for (size_t kind = 0; kind < 2; kind++) {
		for (size_t b = 0; b < HISTOGRAM_BUCKETS; b++)
			second->latency.bucket[b] +=
				tally->latency[kind].bucket[b] - runner->before[kind].bucket[b];
		second->latency.count += tally->latency[kind].count - runner->before[kind].count;
		runner->before[kind] = tally->latency[kind];
	}
	return 0;
}

static int look(struct runner *runner, int64_t now_us)
{
	struct driver *driver = runner->config->driver;
	int result = 0;

	if (now_us >= runner->service_us) {
		let_in(runner, now_us);
		let_out(runner, now_us);
		driver->ops->service(driver, now_us);
		runner->service_us = now_us + RUN_SERVICE_US;
	}
	if (now_us >= runner->second_us) {
		double left = (double)(runner->phase_ends_us - now_us) / 1e6;

		result = keep_second(runner);
		runner->second_us += RUN_SECOND_US;
		if (runner->config->progress)
			runner->config->progress(runner->result, phase_names[runner->phase], left);
	}
	return result;
}

int run(struct run_result *out, const struct run_config *config)
{
	struct run_result result = {0};
	struct runner runner = {.config = config, .result = &result};
	int64_t now = flock_now_us();
	int error;

	runner.leaving = calloc(config->plan->seat_count + 1, sizeof(*runner.leaving));
	error = runner.leaving ? mark(&runner, &result.idle) : -ENOMEM;
	runner.begun_us = now;
	runner.second_us = now + RUN_SECOND_US;
	runner.phase_ends_us = now + config->plan->settled_us;
	while (error == 0 && runner.phase != PHASE_OVER) {
		flock_turn(config->flock);
		now = flock_now_us();
		if (*config->is_interrupted && runner.phase < PHASE_DRAINING) {
			result.is_interrupted = true;
			if (runner.phase < PHASE_WINDOW)
				begin_window(&runner);
			runner.phase = PHASE_WINDOW;
			runner.phase_ends_us = now;
		}
		if (now >= runner.phase_ends_us)
			next_phase(&runner, now);
		error = look(&runner, now);
	}
	if (error == 0) {
		/* Losses of the window come out while it drains. */
		settle_losses(&runner);
		result.end.counts.lost = config->tally->counts.lost;
	}
	free(runner.leaving);
	if (error == 0)
		*out = result;
	else
		run_result_close(&result);
	return error;
}

void run_result_close(struct run_result *result)
{
	free(result->second);
	*result = (struct run_result){0};
}
