#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Runs the tests of files, classes or single tests here and tells meson the result as TAP:
run.py test_http test_audit.Gone"""

import sys
import unittest
import warnings


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.count = 0

    def point(self, test, ok, note="", details=""):
        self.count += 1
        print(f"{'ok' if ok else 'not ok'} {self.count} - {test.id()}{note}")
        for line in details.splitlines():
            print("# " + line)
        sys.stdout.flush()

    def addSuccess(self, test):
        self.point(test, True)

    def addSkip(self, test, reason):
        self.point(test, True, " # SKIP " + reason)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.point(test, False, details=self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.point(test, False, details=self.errors[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.point(subtest, False, details=self._exc_info_to_string(err, test))


def main():
    warnings.simplefilter("ignore")
    result = TapResult()
    unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:]).run(result)
    print(f"1..{result.count}")
    return 0 if result.wasSuccessful() and result.count > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
