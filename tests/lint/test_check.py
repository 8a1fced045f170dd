#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The house rules can fail: each is shown a file that breaks it and one that does not."""

import importlib.util
import pathlib
import sys

SPEC = importlib.util.spec_from_file_location("check", pathlib.Path(__file__).with_name("check.py"))
check = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(check)

SPDX = "/* SPDX-License-Identifier: EUPL-1.2 */\n"

# rule, file name, text, number of complaints expected
CASES = [
    (check.rule_media_order, "media/wire/ice.c", '#include "media/base/addr.h"\n', 0),
    (check.rule_media_order, "media/wire/ice.c", '#include "media/route/room.h"\n', 1),
    (check.rule_media_order, "media/route/room.c", '#include "signaling/service.h"\n', 1),
    (check.rule_signaling_view, "signaling/session.c", '#include "media/route/params.h"\n', 0),
    (check.rule_signaling_view, "signaling/session.c", '#include "media/wire/ice.h"\n', 1),
    (check.rule_signaling_view, "signaling/session.c", '#include "server/store.h"\n', 1),
    (check.rule_vendor, "media/wire/srtp.c", "#include <srtp2/srtp.h>\n", 0),
    (check.rule_vendor, "media/wire/rtp.c", "#include <srtp2/srtp.h>\n", 1),
    (check.rule_vendor, "server/main.c", "#include <sqlite3.h>\n", 1),
    (check.rule_vendor, "media/route/room.c", "#include <glib.h>\n", 1),
    (check.rule_sans_io, "media/wire/ice.c", "#include <sys/socket.h>\n", 1),
    (check.rule_sans_io, "media/base/addr.c", "#include <sys/socket.h>\n", 0),
    (check.rule_sans_io, "media/wire/ice.c", "\tnow = time(NULL);\n", 1),
    (check.rule_sans_io, "media/wire/ice.c", "\tx = ops->open(y); /* time(NULL) */\n", 0),
    (check.rule_sans_io, "server/loop.c", "\tnow = time(NULL);\n", 0),
    (check.rule_file_size, "media/wire/a.c", "x\n" * 600, 0),
    (check.rule_file_size, "media/wire/a.c", "x\n" * 601, 1),
    (check.rule_licence, "web/src/a.ts", "export {};\n", 1),
    (check.rule_licence, "web/src/a.ts", "// SPDX-License-Identifier: EUPL-1.2\n", 0),
    (check.rule_licence, "script/x", "#!/bin/sh\n", 1),
    (check.rule_licence, "media/wire/a.c", SPDX, 0),
    (check.rule_no_machine_paths, "docs/a.md", "see /home/anna/vidd\n", 1),
    (check.rule_no_machine_paths, "docs/a.md", "see /usr/bin/node\n", 0),
    (check.rule_lock_files, "web/package-lock.json", '"resolved": "https://r.example/x.tgz"', 1),
    (check.rule_lock_files, "web/package-lock.json", '"integrity": "sha512-x"', 0),
]


def main():
    failed = 0
    print(f"1..{len(CASES)}")
    for number, (rule, name, text, expected) in enumerate(CASES, 1):
        found = list(rule(name, text))
        is_right = len(found) == expected
        print(f"{'ok' if is_right else 'not ok'} {number} - {rule.__name__} {name} x{expected}")
        if not is_right:
            print(f"#   found {found}")
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
