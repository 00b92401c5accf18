"""All C++ looks as clang-format wants it."""

import pathlib
import shutil
import subprocess
import unittest

ROOT = pathlib.Path(__file__).parents[2]
FOLDERS = ('server', 'clients/cpp', 'tests')


class Format(unittest.TestCase):

    def test_cpp_is_formatted(self):
        program = shutil.which('clang-format-14')
        if program is None:
            self.skipTest('clang-format-14 is not installed, and other '
                          'versions differ')
        files = [str(path.relative_to(ROOT)) for folder in FOLDERS
                 for path in sorted((ROOT / folder).rglob('*'))
                 if path.suffix in ('.h', '.cc')
                 and 'node_modules' not in path.parts]
        result = subprocess.run(
            [program, '--dry-run', '--Werror', *files], cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        wrong = sorted({line.split(':')[0]
                        for line in result.stdout.splitlines()
                        if 'code should be clang-formatted' in line})
        self.assertFalse(wrong, 'not formatted; run: clang-format-14 -i '
                         + ' '.join(wrong))


if __name__ == '__main__':
    unittest.main()
