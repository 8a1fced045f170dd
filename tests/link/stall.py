# SPDX-License-Identifier: EUPL-1.2
"""How much of the time this machine's cores stand still, as they do when its host gives them to others.

A process on each core, above all others in priority, asks to be woken every millisecond and notes how
late it is. What keeps even that one waiting keeps every program waiting.
"""

import multiprocessing
import os
import time

PRIORITY = 90  # above vidd-linkem's
PERIOD_S = 0.001


def watch(core, allowed_s, stop, share):
    os.sched_setaffinity(0, {core})
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    except PermissionError:
        return  # share stays 0
    begin = before = time.monotonic()
    still = 0.0
    while not stop.is_set():
        time.sleep(PERIOD_S)  # what is measured, not a wait for something
        now = time.monotonic()
        still += max(0.0, now - before - PERIOD_S - allowed_s)
        before = now
        share.value = still / (now - begin)


class StallWatch:
    """`with StallWatch(0.002) as stalls: ...`; then stalls.share() is that of the worst core, of the
    time in which a program that is due would have waited for longer than allowed_s. Without the right to
    be above others it sees nothing and says 0."""

    def __init__(self, allowed_s):
        self.stop = multiprocessing.Event()
        self.shares = [multiprocessing.Value("d", 0.0) for _ in os.sched_getaffinity(0)]
        self.watchers = [
            multiprocessing.Process(target=watch, args=(core, allowed_s, self.stop, share), daemon=True)
            for core, share in zip(sorted(os.sched_getaffinity(0)), self.shares)]

    def __enter__(self):
        for watcher in self.watchers:
            watcher.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for watcher in self.watchers:
            watcher.join()

    def share(self):
        return max(share.value for share in self.shares)
