// SPDX-License-Identifier: EUPL-1.2
// The answers afterwards, to the server. That they do not arrive is nobody's trouble.

import type { Survey } from "./state/types";

export async function sendSurvey(
  consultation: string,
  token: string,
  answers: Survey["answers"],
): Promise<void> {
  try {
    await fetch(`/api/v1/consultations/${encodeURIComponent(consultation)}/survey`, {
      method: "PUT",
      keepalive: true,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ answers }),
    });
  } catch {
    // The network is gone; the person has left.
  }
}
