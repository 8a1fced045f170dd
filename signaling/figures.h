/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How a visit was for one person, and how the others saw and heard that person: figures that EN 301
 * 549 6.5 asks for (picture 6.5.2, smoothness 6.5.3, lip synchrony 6.5.4) and what the link was.
 * Numbers alone: no content, nothing of health, no name. From what the workers report, and what
 * pages say they get (`perceived`, docs/protocol.md 14). Plain values, pure.
 */
#ifndef VIDD_SIGNALING_FIGURES_H
#define VIDD_SIGNALING_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "signaling/consultation.h"
#include "signaling/names.h"

/* The largest picture and rate a page may tell: more than any screen has. */
#define FIGURES_MAX_PIXELS 16384
#define FIGURES_MAX_FPS	   240

/* Each is -1 where nothing is known. */
enum figure {
	FIGURE_SECONDS,		  /* from its first packet on */
	FIGURE_RTT_MS,		  /* mean */
	FIGURE_RTT_MS_MAX,	  /* of two seconds */
	FIGURE_LOSS_PERMILLE,	  /* mean, the worse direction */
	FIGURE_LOSS_PERMILLE_MAX, /* of two seconds */
	FIGURE_DOWN_KBPS_MIN,	  /* what the link to the person carried */
	FIGURE_UP_KBPS,		  /* mean of what came from the person */
	FIGURE_GAPS,		  /* times that nothing was heard for three seconds */
	FIGURE_GAP_MS_MAX,
	FIGURE_GAP_MS,	       /* all of them */
	FIGURE_AUDIO_HZ,       /* sampling rate of the sound codec it sends with */
	FIGURE_PICTURE_FULL_S, /* how the pictures it got were sent, the worst of them counts */
	FIGURE_PICTURE_REDUCED_S,
	FIGURE_PICTURE_STILLS_S,
	FIGURE_PICTURE_NONE_S,
	/* What the others' pages got of it: */
	FIGURE_LOOKS, /* how often they told */
	FIGURE_WIDTH_MIN,
	FIGURE_HEIGHT_MIN,
	FIGURE_QVGA_PERCENT, /* of the looks with a picture: 320x240 at least, upright or not */
	FIGURE_VGA_PERCENT,  /* 640x480 at least */
	FIGURE_FPS,	     /* mean */
	FIGURE_FPS_MIN,
	FIGURE_FPS20_PERCENT, /* 20 a second at least */
	FIGURE_FPS30_PERCENT,
	FIGURE_FREEZE_MS_MAX,	 /* longest standstill of the picture in a look */
	FIGURE_APART_MS_MAX,	 /* sound from picture */
	FIGURE_APART_OK_PERCENT, /* within 100 ms */
	FIGURE_MADE_UP_PERMILLE, /* mean: sound that was made up for what was lost */
	FIGURE_COUNT,
};

/* As in the database and over REST. */
const char *figure_name(enum figure figure);

/* What a page says it got of somebody in the last seconds; -1: not known, or no picture came. */
struct figures_look {
	int64_t width, height, fps, freeze_ms, apart_ms, made_up_permille;
};

struct figures_span {
	int64_t count, sum, min, max;
};

/* Zero state: nothing has come yet. Visible for embedding in the seat. */
struct figures {
	bool has_come;
	int64_t since_us;
	bool is_gap;
	int64_t gap_us;
	struct figures_span gap, rtt, loss, down, up;
	int64_t audio_hz;
	enum picture picture; /* PICTURE_COUNT: none is shown */
	int64_t picture_us;
	int64_t picture_for_us[PICTURE_COUNT];
	struct figures_span width, height, fps, freeze, apart, made_up;
	int64_t looks, qvga, vga, fps20, fps30, apart_ok;
};

/* How the person is reached now. Silence begins three seconds before it is noticed. */
void figures_reach(struct figures *figures, int64_t now_us, enum link_state link);
void figures_link(struct figures *figures, const struct quality_figures *quality);
/* How the worst picture that it gets is sent; PICTURE_COUNT: it gets none. */
void figures_picture(struct figures *figures, int64_t now_us, enum picture picture);
void figures_audio(struct figures *figures, int64_t hz);
void figures_look_at(struct figures *figures, const struct figures_look *look);
/* All of it. False: the person never came through. */
bool figures_take(const struct figures *figures, int64_t now_us, int64_t out[FIGURE_COUNT]);

#endif
