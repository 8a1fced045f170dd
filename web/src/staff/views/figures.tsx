// SPDX-License-Identifier: EUPL-1.2
// Follow-up: a unit's months in plain tables, and as a file.

import type { VNode } from "preact";
import { ROLES } from "../../protocol";
import { ANSWERS, type Answer, type Question } from "../../state/types";
import { useSurroundings } from "../../views/context";
import { Icon } from "../../views/icon";
import {
  csvOf,
  type Group,
  isEmpty,
  type Line,
  monthsBefore,
  monthsOf,
  type Table,
  tablesOf,
  type Value,
} from "../figures";
import { periodOf } from "../state-figures";
import { useStaff } from "./context";
import { Wide } from "./wide";

const isQuestion = (word: string): word is Question => word in ANSWERS;

/** Words for the server's; what has none yet is shown as it came. */
function useLabels(): {
  readonly line: (section: string, name: string) => string;
  readonly group: (group: Group) => string;
} {
  const { text } = useSurroundings();
  const { words } = useStaff();
  const of: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    ...words.figures.names,
    outcome: { ...words.outcomes, ...words.figures.names["outcome"] },
    "physical-visit": words.outcomeReasons,
    survey: text.survey.answers satisfies Record<Answer, string>,
  };
  const line = (section: string, name: string): string => of[section]?.[name] ?? name;
  const group = ({ role, question }: Group): string => {
    const known = ROLES.find((r) => r === role);
    const who = known === undefined ? role : text.roles[known];
    if (question === "") {
      return who;
    }
    // The two are asked in words of their own.
    const legends: Readonly<Record<string, string>> = words.questions.legend;
    const asked = role === "clinician" ? legends[question] : undefined;
    const own = isQuestion(question) ? text.survey.questions[question] : question;
    return `${who}: ${asked ?? own}`;
  };
  return { line, group };
}

function useTold(name: string): (value: Value) => string {
  const { figures } = useStaff().words;
  return (value) =>
    value === undefined
      ? figures.none
      : value === null
        ? figures.tooFew
        : figures.value(name, value);
}

function LineRow({ section, line }: { readonly section: string; readonly line: Line }): VNode {
  const labels = useLabels();
  const told = useTold(line.name);
  return (
    <tr>
      <th scope="row">{labels.line(section, line.name)}</th>
      {line.values.map((value, i) => (
        <td key={i} data-value={value}>
          {told(value)}
        </td>
      ))}
    </tr>
  );
}

function SectionTable({
  table: { section, groups },
  months,
}: {
  readonly table: Table;
  readonly months: readonly string[];
}): VNode {
  const { figures } = useStaff().words;
  const labels = useLabels();
  const title = figures.sections[section] ?? section;
  return (
    <Wide label={title}>
      <table class="figures" data-section={section}>
        <caption>
          <span class="kept">{title}</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">{figures.what}</th>
            {months.map((month) => (
              <th scope="col" key={month}>
                {figures.shortMonth(month)}
              </th>
            ))}
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody key={`${group.role} ${group.question}`}>
            {group.role !== "" && (
              <tr>
                <th scope="rowgroup" colSpan={months.length + 1}>
                  <span class="kept">{labels.group(group)}</span>
                </th>
              </tr>
            )}
            {group.lines.map((line) => (
              <LineRow key={line.name} section={section} line={line} />
            ))}
          </tbody>
        ))}
      </table>
    </Wide>
  );
}

function MonthChoice({ end }: { readonly end: "from" | "to" }): VNode {
  const { desk, words, tell } = useStaff();
  return (
    <label class="field">
      <span>{words.figures[end]}</span>
      <select
        data-testid={`figures-${end}`}
        value={periodOf(desk)[end]}
        onChange={(event) =>
          tell({ type: "period-chosen", change: { [end]: event.currentTarget.value } })
        }
      >
        {monthsBefore(desk.today).map((month) => (
          <option key={month} value={month}>
            {words.figures.month(month)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Choices(): VNode {
  const { desk, words } = useStaff();
  return (
    <div class="day-tools">
      <fieldset class="filters">
        <legend class="aloud">{words.figures.period}</legend>
        <MonthChoice end="from" />
        <MonthChoice end="to" />
      </fieldset>
      <a
        class="as-button secondary"
        data-testid="figures-csv"
        href={csvOf(periodOf(desk))}
        download={`vidd-${periodOf(desk).from}-${periodOf(desk).to}.csv`}
      >
        {words.figures.csv}
      </a>
    </div>
  );
}

function Told(): VNode {
  const { desk, words } = useStaff();
  const { statistics, session } = desk;
  const { from, to } = periodOf(desk);
  const unit = session?.commission?.unit.name ?? "";
  const hasFailed = desk.trouble?.doing === "figures";
  return (
    <div role="status" class="figures-told" data-testid="figures-told">
      {statistics !== null && <h2>{words.figures.shown(unit, from, to)}</h2>}
      {statistics === null && !hasFailed && <p class="small">{words.listing}</p>}
      {statistics !== null && isEmpty(statistics) && (
        <p class="empty" data-testid="figures-empty">
          {words.figures.empty}
        </p>
      )}
    </div>
  );
}

export function Figures(): VNode {
  const { desk, words, tell } = useStaff();
  const { statistics } = desk;
  const months = monthsOf(periodOf(desk), desk.today);
  return (
    <>
      <Choices />
      <Told />
      {statistics !== null && !isEmpty(statistics) && (
        <>
          <p class="lead">{words.figures.lead(statistics.least)}</p>
          {tablesOf(statistics.rows, months).map((table) => (
            <SectionTable key={table.section} table={table} months={months} />
          ))}
        </>
      )}
      {desk.trouble?.doing === "figures" && (
        <div class="row-acts">
          <button
            type="button"
            class="secondary"
            data-testid="figures-again"
            onClick={() => tell({ type: "tab-chosen", tab: "figures" })}
          >
            <Icon name="again" />
            {words.rooms.again}
          </button>
        </div>
      )}
    </>
  );
}
