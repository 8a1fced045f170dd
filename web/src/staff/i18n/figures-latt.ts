// SPDX-License-Identifier: EUPL-1.2
// Follow-up in figures, in easy Swedish. The measures keep their names where an everyday word would
// say something else.

import type { Clause, Figure } from "../figures";
import { figuresSv } from "./figures-sv";

export const figuresLatt: typeof figuresSv = {
  ...figuresSv,
  title: "Siffror",
  lead: (least) =>
    `Här finns månader som är slut. ”För få” betyder färre än ${least}. Det står också när siffran kan visa vem det är.`,
  period: "Tid",
  from: "Från",
  to: "Till",
  csv: "Spara som fil (CSV)",
  empty: "Det finns inga besök då. Välj en annan tid.",
  sections: {
    ...figuresSv.sections,
    outcome: "Hur besöken slutade",
    "physical-visit": "Varför träffas på riktigt",
    wait: "Började besöken i tid?",
    "link-check": "Patienterna provade internet",
    survey: "Svar efter besöket",
    quality: "Ljud, bild och internet",
  },
  names: {
    ...figuresSv.names,
    visits: {
      booked: "Bokade",
      begun: "Började",
      ended: "Är slut",
      "in-room": "I hälsorum",
      "with-interpreter": "Med tolk",
    },
    outcome: { none: "Inget svar" },
    "outcome-share": { "technical-failure-percent": "Slutade för att tekniken inte fungerade" },
    wait: {
      "late-median-min": "Hälften var inte senare än",
      "late-p90-min": "Nio av tio var inte senare än",
      "in-time-percent": "Började inom fem minuter",
    },
    length: {
      "median-min": "Hälften var inte längre än",
      "p90-min": "Nio av tio var inte längre än",
    },
    "link-check": {
      good: "Internet var bra",
      poor: "Internet var lite svagt",
      no: "Internet var för svagt",
    },
    quality: {
      stays: "Så många gånger var någon med",
      "rtt-median-ms": "Så lång tid tog det fram och tillbaka",
      "loss-median-permille": "Så mycket kom inte fram",
      "gap-max-median-ms": "Längsta avbrottet",
      "down-median-kbps": "Långsammaste hastighet ner",
      "made-up-median-permille": "Så mycket ljud saknades",
      "fps-median": "Bilder i sekunden",
      "qvga-percent": "Bilden var minst 320 × 240",
      "fps20-percent": "Minst 20 bilder i sekunden",
      "lip-sync-percent": "Ljud och bild kom samtidigt",
    },
  },
  visit: {
    ...figuresSv.visit,
    lead: "Så bra kunde var och en se och höra. Vi mätte under besöket.",
    empty: "Vi mätte inget i det här besöket.",
    standard: "Det här ska ett videobesök klara (EN 301 549)",
    rest: "Internet, ljud och bild",
    clauses: {
      "6.1": "Bra ljud (6.1)",
      "6.5.2": "Bild minst 320 × 240 (6.5.2)",
      "6.5.3": "Minst 20 bilder i sekunden (6.5.3)",
      "6.5.4": "Ljud och bild samtidigt (6.5.4)",
    } as Record<Clause, string>,
    smallest: "Minsta bilden",
    figures: {
      seconds: "Var med i besöket",
      rtt_ms: "Tid fram och tillbaka, i medel",
      rtt_ms_max: "Tid fram och tillbaka, som mest",
      loss_permille: "Kom inte fram, i medel",
      loss_permille_max: "Kom inte fram, som mest",
      up_kbps: "Hastighet upp, i medel",
      down_kbps_min: "Hastighet ner, som minst",
      gaps: "Så många avbrott",
      gap_ms: "Alla avbrott tillsammans",
      gap_ms_max: "Längsta avbrottet",
      picture_full_s: "Fick hela bilden",
      picture_reduced_s: "Fick en sämre bild",
      picture_stills_s: "Fick en bild i taget",
      picture_none_s: "Fick ingen bild",
      fps: "Bilder i sekunden, i medel",
      fps_min: "Bilder i sekunden, som minst",
      freeze_ms_max: "Bilden stod still, som längst",
      apart_ms_max: "Ljud och bild isär, som mest",
      made_up_permille: "Ljud som saknades",
    } as Record<Figure, string>,
  },
};
