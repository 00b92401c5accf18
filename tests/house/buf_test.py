"""The protos follow buf's rules, and break nothing that was released.

buf looks at an image that protoc made, so it needs nothing from the network
but itself: two npm packages, pinned by package-lock.json, without scripts.
"""

import os
import pathlib
import platform
import shutil
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]
IMAGE = os.environ.get('LAGNET_IMAGE', str(ROOT / 'build/debug/lagnet.binpb'))


def run(*command, **options):
    return subprocess.run(command, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **options)


def find_buf():
    machine = {'x86_64': 'x64', 'aarch64': 'aarch64'}[platform.machine()]
    program = (HERE / 'node_modules/@bufbuild' / f'buf-linux-{machine}' /
               'bin/buf')
    if not program.exists():
        installed = run('npm', 'ci', '--ignore-scripts', '--no-audit',
                        '--no-fund', cwd=HERE)
        if installed.returncode != 0:
            raise RuntimeError(f'npm cannot install buf in {HERE}:\n'
                               f'{installed.stdout}')
        # npm passes over an optional package that it cannot fetch.
        if not program.exists():
            raise RuntimeError(f'npm did not bring {program.parents[1].name}: '
                               'can this machine reach the npm registry?')
    return str(program)


def make_image(protos, image):
    """What CMake's target lagnet_image makes of protos/."""
    files = sorted(str(p.relative_to(protos))
                   for p in (protos / 'lagnet').rglob('*.proto'))
    made = run('protoc', '-I', str(protos), '--include_imports',
               '--include_source_info', '-o', str(image), *files)
    if made.returncode != 0:
        raise RuntimeError(f'protoc: {made.stdout}')


class Buf(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.buf = find_buf()

    def check(self, *arguments):
        return run(self.buf, *arguments, '--path', 'lagnet', cwd=ROOT)

    def breaking(self, image, against):
        return self.check('breaking', str(image), '--against', str(against))

    def test_lint(self):
        result = self.check('lint', IMAGE)
        self.assertEqual(result.returncode, 0,
                         f'buf lint refuses protos/ (the rules stand in '
                         f'buf.yaml); correct:\n{result.stdout}')

    def test_nothing_that_was_released_is_broken(self):
        tag = run('git', 'describe', '--tags', '--abbrev=0', '--match', 'v*',
                  cwd=ROOT)
        if tag.returncode != 0:
            self.skipTest('nothing is released: there is no tag v*')
        release = tag.stdout.strip()
        with tempfile.TemporaryDirectory() as folder:
            archive = subprocess.run(
                ['git', 'archive', release, 'protos'], cwd=ROOT, check=True,
                stdout=subprocess.PIPE)
            subprocess.run(['tar', 'x', '-C', folder], input=archive.stdout,
                           check=True)
            old = pathlib.Path(folder) / 'old.binpb'
            make_image(pathlib.Path(folder) / 'protos', old)
            result = self.breaking(IMAGE, old)
        self.assertEqual(result.returncode, 0,
                         f'protos/ break what {release} promised; add '
                         f'instead of changing:\n{result.stdout}')

    def test_a_break_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            protos = pathlib.Path(folder) / 'protos'
            shutil.copytree(ROOT / 'protos', protos)
            file = protos / 'lagnet/visits/v1/sign_ups.proto'
            text = file.read_text()
            changed = text.replace('string external_id = 7',
                                   'int32 external_id = 7')
            self.assertNotEqual(text, changed)
            file.write_text(changed)
            planted = pathlib.Path(folder) / 'planted.binpb'
            make_image(protos, planted)
            result = self.breaking(planted, IMAGE)
        self.assertEqual(result.returncode, 100, result.stdout)
        self.assertIn('external_id', result.stdout)


if __name__ == '__main__':
    unittest.main()
