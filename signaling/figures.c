/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/figures.h"

#include <assert.h>

#define SILENCE_US 3000000 /* media/route/engine.h: ENGINE_TRANSPORT_SILENT */
#define APART_MS   100	   /* EN 301 549 6.5.4 */

const char *figure_name(enum figure figure)
{
	static const char *const names[FIGURE_COUNT] = {
		[FIGURE_SECONDS] = "seconds",
		[FIGURE_RTT_MS] = "rtt_ms",
		[FIGURE_RTT_MS_MAX] = "rtt_ms_max",
		[FIGURE_LOSS_PERMILLE] = "loss_permille",
		[FIGURE_LOSS_PERMILLE_MAX] = "loss_permille_max",
		[FIGURE_DOWN_KBPS_MIN] = "down_kbps_min",
		[FIGURE_UP_KBPS] = "up_kbps",
		[FIGURE_GAPS] = "gaps",
		[FIGURE_GAP_MS_MAX] = "gap_ms_max",
		[FIGURE_GAP_MS] = "gap_ms",
		[FIGURE_AUDIO_HZ] = "audio_hz",
		[FIGURE_PICTURE_FULL_S] = "picture_full_s",
		[FIGURE_PICTURE_REDUCED_S] = "picture_reduced_s",
		[FIGURE_PICTURE_STILLS_S] = "picture_stills_s",
		[FIGURE_PICTURE_NONE_S] = "picture_none_s",
		[FIGURE_LOOKS] = "looks",
		[FIGURE_WIDTH_MIN] = "width_min",
		[FIGURE_HEIGHT_MIN] = "height_min",
		[FIGURE_QVGA_PERCENT] = "qvga_percent",
		[FIGURE_VGA_PERCENT] = "vga_percent",
		[FIGURE_FPS] = "fps",
		[FIGURE_FPS_MIN] = "fps_min",
		[FIGURE_FPS20_PERCENT] = "fps20_percent",
		[FIGURE_FPS30_PERCENT] = "fps30_percent",
		[FIGURE_FREEZE_MS_MAX] = "freeze_ms_max",
		[FIGURE_APART_MS_MAX] = "apart_ms_max",
		[FIGURE_APART_OK_PERCENT] = "apart_ok_percent",
		[FIGURE_MADE_UP_PERMILLE] = "made_up_permille",
	};

	assert(figure < FIGURE_COUNT);
	return names[figure];
}

/* --- spans ------------------------------------------------------------------------------------ */

/* Negative: not known. */
static void add(struct figures_span *span, int64_t value)
{
	if (value < 0)
		return;
	if (span->count == 0 || value < span->min)
		span->min = value;
	if (span->count == 0 || value > span->max)
		span->max = value;
	span->count++;
	span->sum += value;
}

static int64_t mean(const struct figures_span *span)
{
	return span->count > 0 ? span->sum / span->count : -1;
}

static int64_t least(const struct figures_span *span)
{
	return span->count > 0 ? span->min : -1;
}

static int64_t most(const struct figures_span *span)
{
	return span->count > 0 ? span->max : -1;
}

static int64_t percent(int64_t part, const struct figures_span *of)
{
	return of->count > 0 ? part * 100 / of->count : -1;
}

/* --- what comes in ---------------------------------------------------------------------------- */

void figures_reach(struct figures *figures, int64_t now_us, enum link_state link)
{
	bool is_here = link == LINK_HERE;

	if (is_here && !figures->has_come) {
		figures->has_come = true;
		figures->since_us = now_us;
	}
	if (!figures->has_come || link == LINK_CONNECTING || is_here != figures->is_gap)
		return;
	if (is_here)
		add(&figures->gap, now_us - figures->gap_us);
	else
		figures->gap_us = now_us - SILENCE_US;
	if (!is_here && figures->gap_us < figures->since_us)
		figures->gap_us = figures->since_us;
	figures->is_gap = !is_here;
}

/* Nothing: not known. */
static int64_t kbps(int64_t bps)
{
	return bps > 0 ? bps / 1000 : -1;
}

void figures_link(struct figures *figures, const struct quality_figures *quality)
{
	int32_t up = quality->loss_up_permille, down = quality->loss_down_permille;

	add(&figures->rtt, quality->rtt_us >= 0 ? quality->rtt_us / 1000 : -1);
	add(&figures->loss, up > down ? up : down);
	add(&figures->down, kbps(quality->down_bps));
	add(&figures->up, kbps(quality->up_bps));
}

static void pass_picture(struct figures *figures, int64_t now_us)
{
	/* Zero state shows nothing, too: time counts from the first picture. */
	if (figures->picture_us != 0 && figures->picture < PICTURE_COUNT)
		figures->picture_for_us[figures->picture] += now_us - figures->picture_us;
	figures->picture_us = now_us;
}

void figures_picture(struct figures *figures, int64_t now_us, enum picture picture)
{
	pass_picture(figures, now_us);
	figures->picture = picture;
}

void figures_audio(struct figures *figures, int64_t hz)
{
	figures->audio_hz = hz;
}

/* EN 301 549 6.5.2 speaks of QVGA and VGA, which telephones show upright. */
static bool is_as_large(const struct figures_look *look, int64_t longer, int64_t shorter)
{
	return (look->width >= longer && look->height >= shorter) ||
	       (look->width >= shorter && look->height >= longer);
}

void figures_look_at(struct figures *figures, const struct figures_look *look)
{
	figures->looks++;
	if (look->width > 0 && look->height > 0) {
		add(&figures->width, look->width);
		add(&figures->height, look->height);
		figures->qvga += is_as_large(look, 320, 240);
		figures->vga += is_as_large(look, 640, 480);
	}
	add(&figures->fps, look->fps);
	figures->fps20 += look->fps >= 20;
	figures->fps30 += look->fps >= 30;
	add(&figures->freeze, look->freeze_ms);
	add(&figures->apart, look->apart_ms);
	figures->apart_ok += look->apart_ms >= 0 && look->apart_ms <= APART_MS;
	add(&figures->made_up, look->made_up_permille);
}

/* --- what comes out --------------------------------------------------------------------------- */

static void take_seen(const struct figures *f, int64_t out[FIGURE_COUNT])
{
	out[FIGURE_LOOKS] = f->looks;
	out[FIGURE_WIDTH_MIN] = least(&f->width);
	out[FIGURE_HEIGHT_MIN] = least(&f->height);
	out[FIGURE_QVGA_PERCENT] = percent(f->qvga, &f->width);
	out[FIGURE_VGA_PERCENT] = percent(f->vga, &f->width);
	out[FIGURE_FPS] = mean(&f->fps);
	out[FIGURE_FPS_MIN] = least(&f->fps);
	out[FIGURE_FPS20_PERCENT] = percent(f->fps20, &f->fps);
	out[FIGURE_FPS30_PERCENT] = percent(f->fps30, &f->fps);
	out[FIGURE_FREEZE_MS_MAX] = most(&f->freeze);
	out[FIGURE_APART_MS_MAX] = most(&f->apart);
	out[FIGURE_APART_OK_PERCENT] = percent(f->apart_ok, &f->apart);
	out[FIGURE_MADE_UP_PERMILLE] = mean(&f->made_up);
}

bool figures_take(const struct figures *figures, int64_t now_us, int64_t out[FIGURE_COUNT])
{
	struct figures f = *figures;

	if (!f.has_come)
		return false;
	if (f.is_gap)
		add(&f.gap, now_us - f.gap_us);
	pass_picture(&f, now_us);
	out[FIGURE_SECONDS] = (now_us - f.since_us) / 1000000;
	out[FIGURE_RTT_MS] = mean(&f.rtt);
	out[FIGURE_RTT_MS_MAX] = most(&f.rtt);
	out[FIGURE_LOSS_PERMILLE] = mean(&f.loss);
	out[FIGURE_LOSS_PERMILLE_MAX] = most(&f.loss);
	out[FIGURE_DOWN_KBPS_MIN] = least(&f.down);
	out[FIGURE_UP_KBPS] = mean(&f.up);
	out[FIGURE_GAPS] = f.gap.count;
	out[FIGURE_GAP_MS_MAX] = f.gap.max / 1000;
	out[FIGURE_GAP_MS] = f.gap.sum / 1000;
	out[FIGURE_AUDIO_HZ] = f.audio_hz > 0 ? f.audio_hz : -1;
	for (enum picture p = 0; p < PICTURE_COUNT; p++)
		out[FIGURE_PICTURE_FULL_S + p] = f.picture_for_us[p] / 1000000;
	take_seen(&f, out);
	return true;
}
