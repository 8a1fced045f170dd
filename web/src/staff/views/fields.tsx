// SPDX-License-Identifier: EUPL-1.2
// The fields of one person to be invited. A name is enough; with a number or an address the link can
// be sent.

import type { VNode } from "preact";
import type { Role } from "../../protocol";
import { useSurroundings } from "../../views/context";
import type { NewPerson } from "../rest";
import { useStaff } from "./context";

export const GUESTS: readonly Role[] = ["patient", "relative", "interpreter", "staff", "observer"];

/** Languages of the area and of those who come to it, as BCP 47 has them; sgn-SE: signed. */
const LANGUAGES = [
  "sv",
  "en",
  "fi",
  "se",
  "sma",
  "smj",
  "ar",
  "fa",
  "ku",
  "pl",
  "ru",
  "so",
  "ti",
  "uk",
  "sgn-SE",
] as const;

export function emptyPerson(role: Role): NewPerson {
  return { role, name: "", phone: "", email: "", language: "" };
}

interface FieldsProps {
  readonly id: string;
  readonly person: NewPerson;
  readonly onChange: (person: NewPerson) => void;
}

interface FieldProps extends FieldsProps {
  readonly of: "name" | "phone" | "email";
  readonly label: string;
  readonly type: "text" | "tel" | "email";
  readonly isNeeded?: boolean;
}

function Field({ id, person, onChange, of, label, type, isNeeded }: FieldProps): VNode {
  return (
    <div class="field">
      <label for={`${id}-${of}`}>{label}</label>
      <input
        id={`${id}-${of}`}
        data-testid={`${id}-${of}`}
        type={type}
        autocomplete="off"
        maxLength={of === "name" ? 120 : 254}
        required={isNeeded === true}
        value={person[of]}
        onInput={(event) => onChange({ ...person, [of]: event.currentTarget.value })}
      />
    </div>
  );
}

export function PersonFields(props: FieldsProps): VNode {
  const { id, person, onChange } = props;
  const { text } = useSurroundings();
  const { words } = useStaff();
  // An interpreter is booked before it is known who it is.
  const isNameless = person.role === "interpreter";
  return (
    <div class="fields">
      <div class="field">
        <label for={`${id}-role`}>{words.form.role}</label>
        <select
          id={`${id}-role`}
          data-testid={`${id}-role`}
          value={person.role}
          onChange={(event) => {
            const role = GUESTS.find((r) => r === event.currentTarget.value);
            if (role !== undefined) {
              onChange({ ...person, role });
            }
          }}
        >
          {GUESTS.map((role) => (
            <option key={role} value={role}>
              {text.roles[role]}
            </option>
          ))}
        </select>
      </div>
      <Field
        {...props}
        of="name"
        label={isNameless ? words.form.nameLater : words.form.name}
        type="text"
        isNeeded={!isNameless}
      />
      <Field {...props} of="phone" label={words.form.phone} type="tel" />
      <Field {...props} of="email" label={words.form.email} type="email" />
      <div class="field">
        <label for={`${id}-language`}>{words.form.language}</label>
        <select
          id={`${id}-language`}
          data-testid={`${id}-language`}
          value={person.language}
          onChange={(event) => onChange({ ...person, language: event.currentTarget.value })}
        >
          <option value="">{words.form.noLanguage}</option>
          {LANGUAGES.map((code) => (
            <option key={code} value={code}>
              {words.language(code)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
