// SPDX-License-Identifier: EUPL-1.2
// Where a browser comes back from showing an e-ID: on to the page that waits, in the same tab. In
// another tab it says where to go; the keys are those of eid.ts, which this page need not load.

const problem = new URLSearchParams(window.location.search).get("problem") ?? "";

function findBack(): string {
  try {
    const back = sessionStorage.getItem("vidd.eid-back") ?? "";
    sessionStorage.removeItem("vidd.eid-back");
    if (problem !== "") {
      sessionStorage.setItem("vidd.eid-problem", problem);
    }
    return back;
  } catch {
    return "";
  }
}

const back = findBack();
if (back.startsWith("#")) {
  window.location.replace(`/${back}`);
} else {
  document.getElementById(problem === "" ? "done" : "failed")?.removeAttribute("hidden");
}
