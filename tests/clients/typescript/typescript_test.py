"""The TypeScript client, as it is published, against a real lagnetd.

Installs what clients/typescript/package-lock.json pins, builds and packs the
package, unpacks it into a folder of its own as npm would, compiles the tests
of this folder there, and runs them with Node's own test runner. Arguments are
names of test files, such as `watch`; without any, all are run.
"""

import fcntl
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]
PACKAGE = ROOT / 'clients/typescript'
WORK = pathlib.Path(
    os.environ.get('LAGNET_TYPESCRIPT_WORK', ROOT / 'build/typescript'))
LAGNETD = pathlib.Path(
    os.environ.get('LAGNET_LAGNETD', ROOT / 'build/release/bin/lagnetd'))
NODE = os.environ.get('LAGNET_NODE', 'node')


def run(*command, cwd, **options):
    done = subprocess.run(command, cwd=cwd, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        sys.exit(f'{" ".join(map(str, command))} in {cwd}:\n{done.stdout}')
    return done.stdout


def install():
    """npm ci, unless it was done for this very lock file."""
    lock = PACKAGE / 'package-lock.json'
    done = PACKAGE / 'node_modules/.lagnet-lock.json'
    if not done.exists() or done.read_bytes() != lock.read_bytes():
        run('npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund',
            cwd=PACKAGE)
        shutil.copyfile(lock, done)


def unpack():
    """Puts the packed package where a program that uses it would have it."""
    shutil.rmtree(WORK, ignore_errors=True)
    modules = WORK / 'node_modules'
    (modules / '@lagnet').mkdir(parents=True)
    name = run('npm', 'pack', '--silent', '--ignore-scripts',
               '--pack-destination', str(WORK), cwd=PACKAGE).split()[-1]
    with tarfile.open(WORK / name) as archive:
        archive.extractall(WORK)
    (WORK / 'package').rename(modules / '@lagnet/client')
    for module in ('@bufbuild', '@connectrpc', '@types'):
        (modules / module).symlink_to(PACKAGE / 'node_modules' / module)


def compile_tests():
    for file in HERE.glob('*.ts'):
        shutil.copy(file, WORK)
    shutil.copy(HERE / 'tsconfig.json', WORK)
    shutil.copy(WORK / 'node_modules/@lagnet/client/examples/sign_up.js', WORK)
    (WORK / 'package.json').write_text('{"type": "module", "private": true}\n')
    run(PACKAGE / 'node_modules/.bin/tsc', cwd=WORK)


def main():
    if not os.access(LAGNETD, os.X_OK):
        sys.exit(f'there is no program {LAGNETD}; build it with '
                 '`deploy/build.sh release`, or say where lagnetd is with '
                 'LAGNET_LAGNETD')
    # The package is built in its own folder: one run at a time.
    with (PACKAGE / 'package.json').open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        install()
        run('npm', 'run', 'build', cwd=PACKAGE)
        unpack()
        compile_tests()
        wanted = sys.argv[1:] or ['*']
        tests = [str(file) for name in wanted
                 for file in sorted((WORK / 'out').glob(f'{name}.test.js'))]
        done = subprocess.run(
            [NODE, '--test', '--test-reporter=spec', *tests], cwd=WORK,
            env={**os.environ, 'LAGNET_LAGNETD': str(LAGNETD),
                 'LAGNET_ROOT': str(ROOT)})
    sys.exit(done.returncode)


if __name__ == '__main__':
    main()
