// SPDX-License-Identifier: EUPL-1.2
// How an ended visit was for each who was in it, held against EN 301 549.

import type { VNode } from "preact";
import { useSurroundings } from "../../views/context";
import { Icon } from "../../views/icon";
import { CLAUSES, type Clause, FIGURES, type Figure, heldAgainst, type Stay } from "../figures";
import type { Row } from "../list";
import type { Looked } from "../types";
import { useStaff } from "./context";
import { Wide } from "./wide";

/** Whoever came twice has two columns. */
function useNames(stays: readonly Stay[]): readonly string[] {
  const { text } = useSurroundings();
  const { words } = useStaff();
  return stays.map(({ role }, i) => {
    const before = stays.slice(0, i).filter((stay) => stay.role === role).length;
    return words.figures.visit.again(text.roles[role], before + 1);
  });
}

function ClauseRow({
  clause,
  stays,
}: {
  readonly clause: Clause;
  readonly stays: readonly Stay[];
}): VNode {
  const { visit } = useStaff().words.figures;
  return (
    <tr data-clause={clause}>
      <th scope="row">{visit.clauses[clause]}</th>
      {stays.map((stay, i) => {
        const { isMet, value } = heldAgainst(stay, clause);
        return isMet === null || value === null ? (
          <td key={i}>{visit.unknown}</td>
        ) : (
          <td key={i} data-met={isMet}>
            <Icon name={isMet ? "yes" : "warning"} /> {visit.held(isMet, clause, value)}
          </td>
        );
      })}
    </tr>
  );
}

function sizeOf({ figures: { width_min: width, height_min: height } }: Stay): string | null {
  return width === null || height === null ? null : `${width} × ${height}`;
}

function FigureRow({
  label,
  told,
}: {
  readonly label: string;
  readonly told: readonly (string | null)[];
}): VNode | null {
  const { visit } = useStaff().words.figures;
  // What nobody measured of anybody only takes room.
  return told.every((word) => word === null) ? null : (
    <tr>
      <th scope="row">{label}</th>
      {told.map((word, i) => (
        <td key={i}>{word ?? visit.unknown}</td>
      ))}
    </tr>
  );
}

function QualityTable({ stays }: { readonly stays: readonly Stay[] }): VNode {
  const { figures } = useStaff().words;
  const { visit } = figures;
  const names = useNames(stays);
  const told = (figure: Figure): (string | null)[] =>
    stays.map((stay) => {
      const value = stay.figures[figure];
      return value === null ? null : figures.value(figure, value);
    });
  return (
    <Wide label={visit.title}>
      <table class="figures">
        <caption class="aloud">{visit.title}</caption>
        <thead>
          <tr>
            <th scope="col">{figures.what}</th>
            {names.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="rowgroup" colSpan={stays.length + 1}>
              <span class="kept">{visit.standard}</span>
            </th>
          </tr>
          {CLAUSES.map((clause) => (
            <ClauseRow key={clause} clause={clause} stays={stays} />
          ))}
        </tbody>
        <tbody>
          <tr>
            <th scope="rowgroup" colSpan={stays.length + 1}>
              <span class="kept">{visit.rest}</span>
            </th>
          </tr>
          <FigureRow label={visit.smallest} told={stays.map(sizeOf)} />
          {FIGURES.map((figure) => (
            <FigureRow key={figure} label={visit.figures[figure]} told={told(figure)} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

export function QualityButton({ row }: { readonly row: Row }): VNode {
  const { desk, words, tell } = useStaff();
  const { visit } = words.figures;
  return (
    <button
      type="button"
      class="quiet"
      data-testid="quality"
      aria-expanded={desk.quality?.id === row.id}
      aria-label={visit.openNamed(words.rowName(row.title, row.planned))}
      onClick={() => tell({ type: "quality-pressed", id: row.id })}
    >
      {visit.open}
    </button>
  );
}

export function Quality({ looked: { stays } }: { readonly looked: Looked }): VNode {
  const { words } = useStaff();
  const { visit } = words.figures;
  return (
    <div class="opened" data-testid="quality-of">
      <h4>{visit.title}</h4>
      <div role="status">
        {stays === null && <p class="small">{words.listing}</p>}
        {stays?.length === 0 && <p>{visit.empty}</p>}
        {stays !== null && stays.length > 0 && <p class="small">{visit.lead}</p>}
      </div>
      {stays !== null && stays.length > 0 && <QualityTable stays={stays} />}
    </div>
  );
}
