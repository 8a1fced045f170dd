#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""House rules that no compiler checks: which folder may include what, how long a file may be,
that sans-IO code stays so, that every source names its licence, and that nothing of one
developer's machine is in the tree. Prints TAP, one point per rule.

Usage: check.py [ROOT]          the tree to check; the repository this file is in by default
The rules themselves are tested by test_check.py.
"""

import pathlib
import re
import subprocess
import sys

# Arrows of docs/architecture.md: a folder may include itself and what stands before it.
MEDIA_ORDER = ["base", "wire", "codec", "stream", "rate", "route"]

# What signaling/ may see of media/.
SIGNALING_MAY = re.compile(r"media/(base/\w+|route/(params|engine))\.h$")

# A vendor library is included only by the files named for it.
VENDOR = {
    r"openssl/": r"media/wire/(cert|dtls\w*|gcm\w*|srtp\w*)\.[ch]|server/(audit\w*|cert\w*|tls\w*|jw[kt]|access|login\w*|token\w*|hash\w*|random\w*|courier|store\w*|demo\w*)\.[ch]",
    r"srtp2?/": r"media/wire/srtp\w*\.[ch]",
    r"intel-ipsec-mb": r"media/wire/gcm_mb\.c",
    r"stun/|nice/": r"media/wire/stun\w*\.[ch]|loadtest/.*",
    r"jansson\.h": r"signaling/(message|json)\w*\.[ch]|server/(audit_record|audit_extract|courier|outbox|webhook|account_http|device|eid_http|place_http|jw[kt]|key_http|login|oidc_metadata|fhir|fhir_json|organisation|session_http|routes|rest|demo|json|whip|problem)\w*\.[ch]|loadtest/.*",
    r"gst/": r"signaling/(sdp|negotiate|offer|answer)\w*\.[ch]|loadtest/.*",
    r"libwebsockets\.h": r"server/(front|http|ws|static|lws)\w*\.[ch]|loadtest/.*",
    r"argon2\.h": r"server/password\.c",
    r"sqlite3\.h": r"server/store\w*\.[ch]",
    r"curl/": r"server/http_client\.c|loadtest/load/(webreq|main)\.c",
    r"zlib\.h": r"signaling/deflate\.c",
    r"glib": r"server/.*|signaling/.*|loadtest/.*",
}

# media/ and signaling/ are sans-IO. The exceptions use types and pure conversions only.
IMPURE_HEADER = re.compile(
    r"^(sys/(socket|time|epoll|eventfd|stat|types|un|uio|random|select|mman|file)\.h|netinet/.*|"
    r"arpa/.*|net/.*|netdb\.h|unistd\.h|fcntl\.h|poll\.h|time\.h|pthread\.h|threads\.h|signal\.h|"
    r"dirent\.h|stdatomic\.h|semaphore\.h|sched\.h|glib/gstdio\.h|gio/.*)$"
)
IMPURE_HEADER_OK = {
    # struct sockaddr is what libnice's STUN layer takes; inet_ntop and inet_pton are pure.
    "media/base/addr.c": {"arpa/inet.h", "netinet/in.h", "sys/socket.h"},
    "media/wire/stun.c": {"netinet/in.h", "sys/socket.h"},
    # struct timeval is what OpenSSL's DTLS timer controls take; the time comes from the caller.
    "media/wire/dtls.c": {"sys/time.h"},
    "media/wire/dtls_bio.c": {"sys/time.h"},
}
IMPURE_CALL = re.compile(
    r"\b(time|gettimeofday|clock_gettime|clock|rand|random|srand|getrandom|arc4random\w*|fopen|"
    r"open|socket|sendto|recvfrom|usleep|sleep|nanosleep|pthread_\w+|printf|puts|getenv|"
    r"g_get_monotonic_time|g_get_real_time|g_random_\w+|g_thread_\w+|g_mutex_\w+|g_file_\w+|"
    r"g_getenv|RAND_bytes)\s*\("
)
# A P-256 key cannot be made, nor a DTLS random be drawn, through our own rng: OpenSSL draws them.
IMPURE_CALL_OK = {"media/wire/cert.c": {"RAND_bytes"}}

MAX_LINES = 600
SOURCES = (".c", ".h", ".ts", ".tsx", ".mjs", ".js", ".py", ".css")
NOT_OURS = re.compile(r"(^|/)(node_modules|dist|corpus|vectors)/|^build|^var/")
FLAT_DATA = re.compile(r"^tests/fuzz/corpus/|^tests/vectors/")
MACHINE_PATH = re.compile(r"(?<![\w.~$}])(/(?:root|work|home/\w+|Users/\w+)/)")
LOCK_HOST = re.compile(r'"resolved":\s*"(https?://[^/"]+)')
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def tracked(root):
    """Files of the repository, new ones not yet committed among them."""
    try:
        out = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"],
            check=True, capture_output=True).stdout.decode()
        names = [n for n in out.split("\0") if n]
    except (subprocess.CalledProcessError, FileNotFoundError):
        names = [str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()]
    return sorted(n for n in names if not NOT_OURS.search(n) and (root / n).is_file())


def strip_comments(text):
    """C source without comments and string contents; line numbers stay."""
    def blank(match):
        body = match.group(0)
        if body[0] in "\"'":
            return body[0] + body[0]
        return re.sub(r"[^\n]", " ", body)
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)


def includes(text):
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(2)


def rule_media_order(name, text):
    match = re.match(r"media/(\w+)/", name)
    if not match or match.group(1) not in MEDIA_ORDER:
        return
    rank = MEDIA_ORDER.index(match.group(1))
    for number, header in includes(text):
        if re.match(r"(signaling|server|loadtest|tests)/", header):
            yield number, f"media/ includes {header}"
        other = re.match(r"media/(\w+)/", header)
        if other and other.group(1) in MEDIA_ORDER and MEDIA_ORDER.index(other.group(1)) > rank:
            yield number, f"media/{match.group(1)} includes {header}: arrows point to " + \
                " < ".join(MEDIA_ORDER)


def rule_signaling_view(name, text):
    if not name.startswith("signaling/"):
        return
    for number, header in includes(text):
        if re.match(r"(server|loadtest|tests)/", header):
            yield number, f"signaling/ includes {header}"
        if header.startswith("media/") and not SIGNALING_MAY.match(header):
            yield number, f"signaling/ sees only media/route/{{params,engine}}.h and media/base, " \
                f"not {header}"


def rule_vendor(name, text):
    if not re.match(r"(media|signaling|server|loadtest)/", name):
        return
    for number, header in includes(text):
        for vendor, allowed in VENDOR.items():
            if re.match(vendor, header) and not re.fullmatch(allowed, name):
                yield number, f"{header} belongs to {allowed}"


def rule_sans_io(name, text):
    if not re.match(r"(media|signaling)/.*\.[ch]$", name):
        return
    for number, header in includes(text):
        if IMPURE_HEADER.match(header) and header not in IMPURE_HEADER_OK.get(name, set()):
            yield number, f"sans-IO code includes {header}"
    for number, line in enumerate(strip_comments(text).splitlines(), 1):
        for match in IMPURE_CALL.finditer(line):
            before = line[:match.start()].rstrip()
            is_member = before.endswith("->") or before.endswith(".")
            if not is_member and match.group(1) not in IMPURE_CALL_OK.get(name, set()):
                yield number, f"sans-IO code calls {match.group(1)}()"


def rule_file_size(name, text):
    count = text.count("\n")
    if name.endswith(SOURCES) and not FLAT_DATA.match(name) and count > MAX_LINES:
        yield count, f"{count} lines; split a file before it passes {MAX_LINES}"


def rule_licence(name, text):
    is_script = text.startswith("#!")
    if (name.endswith(SOURCES) or is_script) and \
            "SPDX-License-Identifier: EUPL-1.2" not in "\n".join(text.splitlines()[:4]):
        yield 1, "no SPDX-License-Identifier: EUPL-1.2 in the first lines"


def rule_no_machine_paths(name, text):
    if name.startswith("tests/lint/"):
        return
    for number, line in enumerate(text.splitlines(), 1):
        match = MACHINE_PATH.search(line)
        if match:
            yield number, f"names a path of somebody's machine: {match.group(1)}"


def rule_lock_files(name, text):
    if not name.endswith("package-lock.json"):
        return
    for number, line in enumerate(text.splitlines(), 1):
        match = LOCK_HOST.search(line)
        if match:
            yield number, f"lock file names the registry {match.group(1)}; " \
                "npm config set omit-lockfile-registry-resolved true"


RULES = [
    ("media/ includes downward only", rule_media_order),
    ("signaling/ sees only params, engine and base", rule_signaling_view),
    ("vendor headers only in the files named for them", rule_vendor),
    ("media/ and signaling/ are sans-IO", rule_sans_io),
    (f"no file above {MAX_LINES} lines", rule_file_size),
    ("every source names its licence", rule_licence),
    ("no path of a developer's machine", rule_no_machine_paths),
    ("no registry host in lock files", rule_lock_files),
]


def read_tree(root):
    for name in tracked(root):
        try:
            yield name, (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # an image or a fuzz seed


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
    tree = list(read_tree(root.resolve()))
    failed = 0
    print(f"1..{len(RULES)}")
    for number, (title, rule) in enumerate(RULES, 1):
        found = [f"{name}:{line}: {why}" for name, text in tree for line, why in rule(name, text)]
        print(f"{'not ok' if found else 'ok'} {number} - {title}")
        for item in found:
            print(f"#   {item}")
        failed += bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
