# SPDX-License-Identifier: EUPL-1.2
"""The report as one self-contained HTML page, and the same table as plain text for a terminal."""

import html
import statistics

import figures

SYSTEM_NAMES = {"vidd": "Vidd", "chrome": "Chrome, peer to peer", "janus": "Janus"}
STATUS_WORDS = {"pass": "✓ pass", "short": "– short of it", "fail": "✗ fail", "void": "void", "no marks": "not judged", "not run": "not run"}

CSS = """
:root{color-scheme:light dark;--fg:#1b1f24;--bg:#fff;--soft:#57606a;--grid:#d0d7de;--good:#116329;--bad:#a40e26;
--l0:#57606a;--l1:#0550ae;--l2:#953800}
@media (prefers-color-scheme:dark){:root{--fg:#e6edf3;--bg:#0d1117;--soft:#9da7b1;--grid:#30363d;--good:#56d364;
--bad:#ff7b72;--l0:#9da7b1;--l1:#79c0ff;--l2:#ffa657}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);max-width:76rem;margin:0 auto;padding:1rem}
h2{margin-top:2.5rem;border-top:1px solid var(--grid);padding-top:1rem}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding:.3rem 0}
th,td{padding:.25rem .7rem;border-bottom:1px solid var(--grid);text-align:left;vertical-align:top}
td.n{text-align:right;white-space:nowrap}.pass{color:var(--good)}.fail{color:var(--bad)}.soft{color:var(--soft)}
details{margin:.5rem 0}figure{margin:1rem 0}figcaption{color:var(--soft)}.runs{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(32rem,100%),1fr));gap:1rem}
svg{width:100%;height:auto;background:var(--bg)}svg text{fill:var(--fg);font:12px system-ui,sans-serif}svg .tick{fill:var(--soft);font-size:11px}
svg .name{font-weight:600}.grid{stroke:var(--grid)}.line{fill:none;stroke-width:1.5}.dash{stroke-dasharray:5 3}
.l0{stroke:var(--l0)}.l1{stroke:var(--l1)}.l2{stroke:var(--l2)}path.l0:only-of-type{stroke:var(--l1)}
"""


def number(value):
    if value is None:
        return "–"
    if value == 0:
        return "0"
    size = abs(value)
    return f"{value:.0f}" if size >= 100 else f"{value:.3g}" if size >= 0.01 else f"{value:.2g}"


def cell(system, measure):
    """A system's median and range of one measure."""
    if system is None:
        return "–"
    if measure not in system["measures"]:
        return "void" if system["runs"] == system["void"] else "–"
    found = system["measures"][measure]
    if found["min"] == found["max"]:
        return number(found["median"])
    return f"{number(found['median'])} ({number(found['min'])}–{number(found['max'])})"


def rows(result):
    """(measure, ours, mark, verdict, why, Chrome's, Janus's): what is judged first, then the rest that was measured."""
    systems = result["systems"]
    others = [systems.get("chrome"), systems.get("janus")]
    judged = [(m["measure"], f"{m['op']} {number(m['value'])}",
               "pass" if m["pass"] else "short" if m["short"] else "fail", m["why"])
              for m in result["marks"]]
    named = {name for name, _, _, _ in judged}
    more = sorted({name for s in systems.values() for name in s["measures"]} - named)
    for name, mark, verdict, why in judged + [(name, "", "", "") for name in more]:
        yield (name, cell(systems.get("vidd"), name), mark, verdict, why, *(cell(o, name) for o in others))


def text_table(results):
    """For the terminal: what is judged; a scenario without marks is only named."""
    lines = [("scenario", "measure", "ours", "mark", "verdict", "Chrome", "Janus")]
    for result in results:
        title = f"{result['name']} ({result['mode']})"
        if result["status"] in ("void", "not run", "no marks"):
            lines.append((title, "", "", "", STATUS_WORDS[result["status"]], "", ""))
        for measure, ours, mark, verdict, why, *others in rows(result):
            if mark:
                lines.append((title, measure, ours, mark, verdict + (f": {why}" if why else ""), *others))
                title = ""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(part.ljust(width) for part, width in zip(line, widths)).rstrip() for line in lines)


def html_row(measure, ours, mark, verdict, why, chrome, janus):
    told = f'<span class="{verdict}">{STATUS_WORDS[verdict]}</span>' if verdict else ""
    if why:
        told += f' <span class="soft">{html.escape(why)}</span>'
    return (f'<tr><th scope="row">{html.escape(measure)}</th><td class="n">{ours}</td>'
            f'<td class="n">{html.escape(mark)}</td><td>{told}</td>'
            f'<td class="n">{chrome}</td><td class="n">{janus}</td></tr>')


def table(caption, listed):
    head = "".join(f'<th scope="col">{h}</th>'
                   for h in ("Measure", "Vidd", "Mark", "Verdict", "Chrome, peer to peer", "Janus"))
    return (f'<div class="wide"><table><caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead>'
            f'<tbody>{"".join(html_row(*row) for row in listed)}</tbody></table></div>')


def html_tables(result):
    """What is judged; behind a fold what else was measured."""
    counts = ", ".join(f"{SYSTEM_NAMES[s]}: {v['runs']} runs, {v['void']} void" for s, v in result["systems"].items())
    judged = [row for row in rows(result) if row[2]]
    more = [row for row in rows(result) if not row[2]]
    return ((table(f"Median over seeds (lowest–highest). {counts}.", judged) if judged else f"<p>{counts}.</p>") +
            (f"<details><summary>Everything measured</summary>{table('Not judged.', more)}</details>" if more else ""))


def typical(runs, marks):
    """The run to draw: the one whose first judged measure is nearest the median; a void run only
    when there is nothing else."""
    good = [run for run in runs if not run["void"]] or runs
    measure = next((m["measure"] for m in marks if all(m["measure"] in r["measures"] for r in good)), None)
    if measure is None:
        return good[0]
    middle = statistics.median(r["measures"][measure] for r in good)
    return min(good, key=lambda r: abs(r["measures"][measure] - middle))


def drawn(result, runs, ident):
    out = []
    for system in result["systems"]:
        own = [r for r in runs if (r["name"], r["mode"], r["system"]) == (result["name"], result["mode"], system)]
        run = typical(own, result["marks"])
        title = f"{SYSTEM_NAMES[system]}, seed {run['seed']}{' (void run)' if run['void'] else ''}"
        told = "; ".join(f"{k} {number(v)}" for k, v in sorted(run["measures"].items()))
        svg = figures.figure(run["series"], f"{ident}-{system}", f"{result['name']}: {title}", told)
        if svg:
            out.append(f"<figure>{svg}<figcaption>{html.escape(title)}</figcaption></figure>")
    return f'<div class="runs">{"".join(out)}</div>' if out else ""


def void_list(runs):
    void = [run for run in runs if run["void"]]
    if not void:
        return "<p>None.</p>"
    items = "".join(f"<li>{html.escape(r['name'])} ({r['mode']}), {SYSTEM_NAMES[r['system']]}, seed {r['seed']}: "
                    f"{html.escape(r['reason'] or 'no reason given')}</li>" for r in void)
    return f"<ul>{items}</ul>"


def page(results, runs, facts):
    """`facts`: (name, value) pairs about when, where and how."""
    index = "".join(
        f'<tr><th scope="row"><a href="#s{i}">{html.escape(r["name"])}</a></th><td>{r["mode"]}</td>'
        f'<td><span class="{r["status"]}">{STATUS_WORDS[r["status"]]}</span></td></tr>' for i, r in enumerate(results))
    told = "".join(f"<dt>{html.escape(k)}</dt><dd>{html.escape(v)}</dd>" for k, v in facts)
    sections = "".join(
        f'<section aria-labelledby="s{i}"><h2 id="s{i}">{html.escape(r["name"])} '
        f'<small class="soft">{r["mode"]}</small> <small class="{r["status"]}">{STATUS_WORDS[r["status"]]}</small></h2>'
        f'{html_tables(r)}{drawn(r, runs, f"f{i}")}</section>' for i, r in enumerate(results))
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Vidd on thin links</title>'
            f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{CSS}</style></head><body>'
            f'<h1>Vidd on thin links</h1><dl>{told}</dl><div class="wide"><table><caption>All scenarios</caption>'
            f'<thead><tr><th scope="col">Scenario</th><th scope="col">Mode</th><th scope="col">Verdict</th></tr></thead>'
            f'<tbody>{index}</tbody></table></div>{sections}'
            f'<section aria-labelledby="void"><h2 id="void">Void runs</h2><p>Not counted in any figure above.</p>'
            f'{void_list(runs)}</section></body></html>\n')
