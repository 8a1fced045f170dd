/* SPDX-License-Identifier: EUPL-1.2 */
/* The plan of workload.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "loadtest/load/workload.h"
#include "media/base/rng.h"

#define SECOND_US 1000000

/* When in the day visits begin, by hour from 7 to 17: domain R19's peak of 25 of 136 in an hour. */
static const double day_starts[] = {4, 14, 25, 20, 10, 6, 19, 18, 12, 8};
#define DAY_FIRST_HOUR 7
#define DAY_HOURS      (sizeof(day_starts) / sizeof(day_starts[0]))

/* People of one room do not come at the same moment. */
static const double together_s = 2;

struct maker {
	const struct workload *workload;
	struct workload_plan *plan;
	struct rng rng;
	size_t seat_cap;
	size_t room_cap;
};

static double exponential(struct maker *maker, double mean)
{
	return -log(1 - rng_unit(&maker->rng)) * mean;
}

static int grow(void **array, size_t *cap, size_t need, size_t each)
{
	void *more;

	if (need <= *cap)
		return 0;
	*cap = need * 2;
	more = realloc(*array, *cap * each);
	if (!more)
		return -ENOMEM;
	*array = more;
	return 0;
}

static int64_t visit_us(struct maker *maker, int64_t begin_us)
{
	double stay = maker->workload->stay_s;

	if (stay <= 0)
		return INT64_MAX;
	/* No visit is over before it began: a fifth of the mean at least. */
	return begin_us + (int64_t)((stay * 0.2 + exponential(maker, stay * 0.8)) * SECOND_US);
}

static int add_room(struct maker *maker, int64_t begin_us, double spread_s)
{
	const struct workload *w = maker->workload;
	struct workload_plan *plan = maker->plan;
	uint32_t size =
		(uint32_t)(w->people_min +
			   rng_below(&maker->rng, (uint32_t)(w->people_max - w->people_min + 1)));
	int64_t leave_us = visit_us(maker, begin_us);

	if (plan->seat_count + size > WORKLOAD_MAX_SEATS)
		return -EINVAL;
	if (grow((void **)&plan->seat, &maker->seat_cap, plan->seat_count + size,
		 sizeof(*plan->seat)) != 0 ||
	    grow((void **)&plan->room_size, &maker->room_cap, plan->room_count + 1,
		 sizeof(*plan->room_size)) != 0)
		return -ENOMEM;
	for (uint32_t place = 0; place < size; place++) {
		double late = place == 0 ? 0 : spread_s * rng_unit(&maker->rng);

		plan->seat[plan->seat_count++] = (struct workload_seat){
			.room = (uint32_t)plan->room_count,
			.place = place,
			.join_us = begin_us + (int64_t)(late * SECOND_US),
			.leave_us = leave_us,
			.sends = w->kind != WORKLOAD_BROADCAST || place == 0,
			.watches = w->kind != WORKLOAD_BROADCAST || place > 0,
		};
	}
	plan->room_size[plan->room_count++] = size;
	return 0;
}

static int plan_rooms(struct maker *maker)
{
	const struct workload *w = maker->workload;
	double at = 0;
	int result = 0;

	for (int64_t i = 0; i < w->rooms && result == 0; i++) {
		result = add_room(maker, (int64_t)(at * SECOND_US),
				  w->arrive_s > 0 ? together_s : 0);
		at += exponential(maker, w->arrive_s / (double)w->rooms);
	}
	return result;
}

/* Everybody for himself: joins at an even pace, rooms one after the other. */
static int plan_storm(struct maker *maker)
{
	const struct workload *w = maker->workload;
	double step = 1 / w->joins_per_s;
	double at = 0;

	while (at < w->window_s) {
		size_t first = maker->plan->seat_count;
		int result = add_room(maker, (int64_t)(at * SECOND_US), 0);

		if (result != 0)
			return result;
		for (size_t i = first; i < maker->plan->seat_count; i++) {
			maker->plan->seat[i].join_us = (int64_t)(at * SECOND_US);
			at += step;
		}
	}
	return 0;
}

/* As many as are there at a time on average, then one comes for each that goes. */
static int plan_churn(struct maker *maker)
{
	const struct workload *w = maker->workload;
	double end = w->arrive_s + w->warmup_s + w->window_s;
	double at = 0;
	int result = plan_rooms(maker);

	while (result == 0) {
		at += exponential(maker, w->stay_s / (double)w->rooms);
		if (at >= end)
			break;
		result = add_room(maker, (int64_t)(at * SECOND_US), together_s);
	}
	return result;
}

static double day_hour(struct maker *maker)
{
	double sum = 0, at;
	size_t hour = 0;

	for (size_t i = 0; i < DAY_HOURS; i++)
		sum += day_starts[i];
	at = rng_unit(&maker->rng) * sum;
	while (hour + 1 < DAY_HOURS && at >= day_starts[hour])
		at -= day_starts[hour++];
	return (double)hour + rng_unit(&maker->rng);
}

static int plan_day(struct maker *maker)
{
	const struct workload *w = maker->workload;
	int result = 0;

	for (int64_t i = 0; i < w->rooms && result == 0; i++) {
		double s = day_hour(maker) * 3600 / w->hurry;

		result = add_room(maker, (int64_t)(s * SECOND_US), together_s / w->hurry);
	}
	return result;
}

static int by_join(const void *a, const void *b)
{
	const struct workload_seat *x = a, *y = b;

	if (x->join_us != y->join_us)
		return x->join_us < y->join_us ? -1 : 1;
	if (x->room != y->room)
		return x->room < y->room ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

/* Where nobody comes or goes in the window, it begins when the last one is there. */
static int64_t settled_us(const struct workload *w, const struct workload_plan *plan)
{
	if (w->kind == WORKLOAD_STORM || w->kind == WORKLOAD_REGION_DAY)
		return 0;
	if (w->kind == WORKLOAD_CHURN)
		return (int64_t)(w->arrive_s * SECOND_US);
	return plan->seat_count > 0 ? plan->seat[plan->seat_count - 1].join_us : 0;
}

int workload_plan(struct workload_plan *out, const struct workload *workload, uint64_t seed)
{
	struct workload_plan plan = {0};
	struct maker maker = {.workload = workload, .plan = &plan, .rng = rng_seeded(seed)};
	int result;

	switch (workload->kind) {
	case WORKLOAD_STORM:
		result = plan_storm(&maker);
		break;
	case WORKLOAD_CHURN:
		result = plan_churn(&maker);
		break;
	case WORKLOAD_REGION_DAY:
		result = plan_day(&maker);
		break;
	default:
		result = plan_rooms(&maker);
		break;
	}
	if (result != 0) {
		workload_plan_close(&plan);
		return result;
	}
	if (plan.seat_count > 0)
		qsort(plan.seat, plan.seat_count, sizeof(*plan.seat), by_join);
	plan.settled_us = settled_us(workload, &plan);
	*out = plan;
	return 0;
}

void workload_plan_close(struct workload_plan *plan)
{
	free(plan->seat);
	free(plan->room_size);
	*plan = (struct workload_plan){0};
}
