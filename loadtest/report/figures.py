# SPDX-License-Identifier: EUPL-1.2
"""Figures of one run as inline SVG: panels above one another over the same time.

Pure text. Lines differ by dash and name, not by colour alone; colours are CSS variables of the page
(page.py), so that dark and light both read well.
"""

import html
import math

WIDTH, LEFT, RIGHT = 720, 84, 8
PANEL, GAP, TOP, AXIS = 112, 30, 18, 26
POINTS = 320  # per line: one for each two units of the width

# Panels: title, unit, [(series, name, how it is drawn)]. A value is multiplied by `scale`.
PANELS = [
    ("Rate against capacity", "kbit/s", 1e-3, [
        ("capacity_bps", "capacity", "step"), ("sent_bps", "sent", "line"),
        ("estimate_bps", "estimate", "dash")]),
    ("Queue at the bottleneck", "ms", 1, [("queue_ms", "queue", "line")]),
    ("Layer", "", 1, [("layer", "layer", "step")]),
    ("Height of the picture", "lines", 1, [("height", "height", "step")]),
    ("Sound concealed, picture stalled", "%", 100, [
        ("concealment", "concealed", "line"), ("stall", "stalled", "dash")]),
]


def thinned(times, values):
    """At most POINTS (t, v); of the values that share a place the largest is kept, because what is
    looked for are peaks."""
    pairs = [(t, v) for t, v in zip(times, values) if is_number(t) and is_number(v)]
    if len(pairs) <= POINTS:
        return pairs
    size = math.ceil(len(pairs) / POINTS)
    return [max(pairs[i:i + size], key=lambda p: p[1]) for i in range(0, len(pairs), size)]


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def nice_ceiling(value):
    """The next of 1, 2, 2.5, 5 x 10^n."""
    if value <= 0:
        return 1
    power = 10 ** math.floor(math.log10(value))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= value * (1 - 1e-9))


def number(value):
    return f"{value:.10g}" if abs(value) >= 100 else f"{value:.3g}"


def path_of(points, x_of, y_of, kind):
    parts = []
    last_y = None
    for t, v in points:
        x, y = x_of(t), y_of(v)
        if last_y is not None and kind == "step":
            parts.append(f"L{x:.1f} {last_y:.1f}")
        parts.append(f"{'L' if parts else 'M'}{x:.1f} {y:.1f}")
        last_y = y
    return "".join(parts)


def panel(title, unit, scale, lines, top, x_of):
    """One panel's SVG; `lines` are (name, kind, points), none of them empty."""
    highest = nice_ceiling(max(v * scale for _, _, points in lines for _, v in points))
    bottom = top + PANEL

    def y_of(value):
        return bottom - min(max(value * scale / highest, 0), 1) * PANEL

    out = [f'<text class="name" x="{LEFT}" y="{top - 6}">{html.escape(title)}</text>']
    for part in (0, 0.5, 1):
        y = bottom - part * PANEL
        out.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        out.append(f'<text class="tick" x="{LEFT - 6}" y="{y + 4}" text-anchor="end">'
                   f'{number(highest * part)}{" " + unit if part == 1 and unit else ""}</text>')
    right = WIDTH - RIGHT
    for index, (name, kind, points) in reversed(list(enumerate(lines))):
        out.append(f'<path class="line l{index} {kind}" d="{path_of(points, x_of, y_of, kind)}"/>')
    for index, (name, kind, _) in reversed(list(enumerate(lines))):
        right -= 8 * len(name) + 40
        out.append(f'<line class="line l{index} {kind}" x1="{right}" x2="{right + 26}" y1="{top - 10}" y2="{top - 10}"/>'
                   f'<text class="tick" x="{right + 30}" y="{top - 6}">{html.escape(name)}</text>')
    return "".join(out)


def present(series):
    """The panels for which the run has something to show."""
    times = series.get("t") or []
    for title, unit, scale, wanted in PANELS:
        lines = [(name, kind, thinned(times, series.get(key) or [])) for key, name, kind in wanted]
        lines = [line for line in lines if line[2]]
        if lines:
            yield title, unit, scale, lines


def figure(series, ident, title, description):
    """The run's panels as one <svg>, or "" when it has no series."""
    panels = list(present(series))
    if not panels:
        return ""
    times = [t for _, _, _, lines in panels for _, _, points in lines for t, _ in points]
    start, end = min(times), max(max(times), min(times) + 1e-3)

    def x_of(t):
        return LEFT + (t - start) / (end - start) * (WIDTH - LEFT - RIGHT)

    height = TOP + len(panels) * (PANEL + GAP) + AXIS - GAP
    out = [f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{ident}-t {ident}-d">'
           f'<title id="{ident}-t">{html.escape(title)}</title>'
           f'<desc id="{ident}-d">{html.escape(description)}</desc>']
    for index, (name, unit, scale, lines) in enumerate(panels):
        out.append(panel(name, unit, scale, lines, TOP + index * (PANEL + GAP), x_of))
    step = nice_ceiling((end - start) / 8)
    t = math.ceil(start / step) * step
    while t <= end:
        out.append(f'<text class="tick" x="{x_of(t):.1f}" y="{height - 6}" text-anchor="middle">{number(t)} s</text>')
        t += step
    out.append("</svg>")
    return "".join(out)
