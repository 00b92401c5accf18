"""The bundle of the protos: complete, the same each time, and of use."""

import os
import pathlib
import subprocess
import tarfile
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]


def make(folder, **environment):
    subprocess.run([ROOT / 'clients/protos_bundle.sh', folder], check=True,
                   stdout=subprocess.DEVNULL,
                   env={**os.environ, **environment})
    return pathlib.Path(folder) / 'lagnet-protos.tar.gz'


class Bundle(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        with tarfile.open(make(self.folder)) as archive:
            archive.extractall(self.folder)
        self.bundle = self.folder / 'lagnet-protos'

    def test_it_is_the_same_each_time(self):
        first = (self.folder / 'lagnet-protos.tar.gz').read_bytes()
        again = make(self.folder / 'again', TZ='Asia/Tbilisi',
                     LC_ALL='C.UTF-8', TMPDIR=str(self.folder))
        self.assertEqual(first, again.read_bytes())

    def test_it_has_what_is_public(self):
        public = {str(p.relative_to(ROOT / 'protos'))
                  for p in (ROOT / 'protos').rglob('*.proto')
                  if p.relative_to(ROOT / 'protos').parts[:2]
                  not in (('lagnet', 'internal'), ('grpc', 'health'))}
        self.assertEqual(public, {str(p.relative_to(self.bundle))
                                  for p in self.bundle.rglob('*.proto')})

    def test_code_comes_of_it(self):
        protos = sorted(p.relative_to(self.bundle)
                        for p in self.bundle.rglob('*.proto'))
        for source in (['-I', '.'], ['--descriptor_set_in=lagnet.binpb']):
            out = self.folder / source[0].strip('-')[:4]
            out.mkdir()
            made = subprocess.run(
                ['protoc', *source, f'--python_out={out}', *protos],
                cwd=self.bundle, text=True, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT)
            self.assertEqual(made.returncode, 0, made.stdout)
            self.assertEqual(len(list(out.rglob('*_pb2.py'))), len(protos))


if __name__ == '__main__':
    unittest.main()
