"""clang-tidy has nothing to say about what changed.

Looks at the files that differ from the branch main of the origin or, without
one, from the commit before; LAGNET_TIDY=all looks at every file.
"""

import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import unittest

ROOT = pathlib.Path(__file__).parents[2]
BUILD = ROOT / 'build/release'  # Which compiles each file by itself.
FOLDERS = ('server/', 'clients/cpp/')


def git(*arguments):
    return subprocess.run(('git',) + arguments, cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def changed():
    for base in ('origin/main', 'HEAD~1', 'HEAD'):
        start = git('merge-base', base, 'HEAD')
        if start.returncode == 0:
            differing = git('diff', '--name-only', start.stdout.strip())
            break
    else:
        return []
    untracked = git('ls-files', '--others', '--exclude-standard')
    return (differing.stdout + untracked.stdout).split()


def tidy(program, file):
    return subprocess.run(
        [program, '-p', str(BUILD), '--quiet', file],
        cwd=ROOT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL)


class Tidy(unittest.TestCase):
    longMessage = False

    def test_finds_nothing(self):
        program = shutil.which('clang-tidy-14')
        if program is None:
            self.skipTest('clang-tidy-14 is not installed, and other '
                          'versions differ')
        if os.environ.get('LAGNET_TIDY') == 'all':
            files = [str(p.relative_to(ROOT)) for folder in FOLDERS
                     for p in sorted((ROOT / folder).rglob('*.cc'))]
        else:
            files = [f for f in changed()
                     if f.endswith('.cc') and f.startswith(FOLDERS)
                     and (ROOT / f).exists()]
        if not files:
            self.skipTest('no file of the server or the client changed')
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = pool.map(lambda file: tidy(program, file), files)
        found = sorted({line for result in results
                        for line in result.stdout.splitlines()
                        if ': error: ' in line or ': warning: ' in line})
        self.assertFalse(found, 'clang-tidy (its rules stand in .clang-tidy) '
                         'finds:\n' + '\n'.join(found))


if __name__ == '__main__':
    unittest.main()
