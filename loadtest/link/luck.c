/* SPDX-License-Identifier: EUPL-1.2 */
#include "loadtest/link/luck.h"

#include <math.h>

struct luck luck_init(uint64_t seed)
{
	struct luck luck = {.is_bad = false};

	/* An odd multiple of the stage apart; the generator spreads close seeds itself. */
	for (uint64_t stage = 0; stage < LUCK_STAGES; stage++)
		luck.rng[stage] = rng_seeded(seed + (stage + 1) * 0xd1342543de82ef95u);
	return luck;
}

static bool happens(struct luck *luck, enum luck_stage stage, double probability)
{
	return rng_unit(&luck->rng[stage]) < probability;
}

static double window_loss(const struct link_config *config, int64_t t_ns)
{
	size_t low = 0;
	size_t high = config->window_count;

	/* The first window that ends after t_ns. */
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (config->windows[mid].end_ns <= t_ns)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == config->window_count || t_ns < config->windows[low].begin_ns)
		return 0;
	return config->windows[low].loss;
}

static bool gilbert_elliott(struct luck *luck, const struct link_config *config)
{
	double leave = luck->is_bad ? config->ge_p_good : config->ge_p_bad;

	if (happens(luck, LUCK_GE_STATE, leave))
		luck->is_bad = !luck->is_bad;
	return happens(luck, LUCK_GE_LOSS,
		       luck->is_bad ? config->ge_loss_bad : config->ge_loss_good);
}

/* |clip(N(0, s), +-3 s)| (RFC 8868 4.5.3), by Box and Muller. */
static int64_t draw_jitter(struct luck *luck, int64_t s_ns)
{
	double u = 1 - rng_unit(&luck->rng[LUCK_JITTER]); /* never 0 */
	double v = rng_unit(&luck->rng[LUCK_JITTER]);
	double z = fabs(sqrt(-2 * log(u)) * cos(2 * M_PI * v));

	return (int64_t)(fmin(z, 3) * (double)s_ns);
}

bool luck_next(struct luck *luck, const struct link_config *config, int64_t t_ns,
	       int64_t *jitter_ns)
{
	bool is_lost = happens(luck, LUCK_LOSS, config->loss);
	bool is_lost_in_burst = gilbert_elliott(luck, config);
	bool is_lost_in_window = happens(luck, LUCK_WINDOW, window_loss(config, t_ns));

	*jitter_ns = draw_jitter(luck, config->jitter_ns);
	return is_lost || is_lost_in_burst || is_lost_in_window;
}
