"""The web gateway, against a real lagnetd with the demo network.

Installs what the lock files pin, builds the TypeScript client and the
gateway, compiles the tests of this folder, and runs them with Node's own test
runner. Arguments are names of test files, such as `sign_up`; without any, all
are run. With LAGNET_SCREENSHOTS=1 the browser's test writes docs/web anew.
"""

import fcntl
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]
CLIENT = ROOT / 'clients/typescript'
GATEWAY = ROOT / 'clients/web'
WORK = pathlib.Path(os.environ.get('LAGNET_WEB_WORK', ROOT / 'build/web'))
LAGNETD = pathlib.Path(
    os.environ.get('LAGNET_LAGNETD', ROOT / 'build/release/bin/lagnetd'))
NODE = os.environ.get('LAGNET_NODE', 'node')


def run(*command, cwd):
    done = subprocess.run(command, cwd=cwd, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit(f'{" ".join(map(str, command))} in {cwd}:\n{done.stdout}')


def install(folder):
    """npm ci, unless it was done for this very lock file."""
    lock = folder / 'package-lock.json'
    done = folder / 'node_modules/.lagnet-lock.json'
    if not done.exists() or done.read_bytes() != lock.read_bytes():
        run('npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund',
            cwd=folder)
        shutil.copyfile(lock, done)


def lay_out():
    """The tests where they find the client, and what runs the browser."""
    shutil.rmtree(WORK / 'out', ignore_errors=True)
    for file in WORK.glob('*.ts'):
        file.unlink()
    WORK.mkdir(parents=True, exist_ok=True)
    shared = [HERE.parent / 'typescript' / name
              for name in ('certificates.ts', 'lagnetd.ts', 'peer.ts')]
    for file in [*HERE.glob('*.ts'), *HERE.glob('*.json'), *shared]:
        shutil.copy(file, WORK)
    install(WORK)
    modules = WORK / 'node_modules'
    (modules / '@lagnet').mkdir(exist_ok=True)
    for link, target in [
            ('@lagnet/client', CLIENT),
            ('@bufbuild', CLIENT / 'node_modules/@bufbuild'),
            ('@connectrpc', CLIENT / 'node_modules/@connectrpc'),
            ('@types', CLIENT / 'node_modules/@types')]:
        if not (modules / link).exists():
            (modules / link).symlink_to(target)
    run(GATEWAY / 'node_modules/.bin/tsc', cwd=WORK)


def main():
    if not os.access(LAGNETD, os.X_OK):
        sys.exit(f'there is no program {LAGNETD}; build it with '
                 '`deploy/build.sh release`, or say where lagnetd is with '
                 'LAGNET_LAGNETD')
    # The client is built in its own folder: one run at a time, this suite's
    # or that of the client.
    with (CLIENT / 'package.json').open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for package in (CLIENT, GATEWAY):
            install(package)
            run('npm', 'run', 'build', cwd=package)
        lay_out()
        wanted = sys.argv[1:] or ['*']
        tests = [str(file) for name in wanted
                 for file in sorted((WORK / 'out').glob(f'{name}.test.js'))]
        # One after the other: each has a server and a database of its own.
        done = subprocess.run(
            [NODE, '--test', '--test-concurrency=1', '--test-reporter=spec',
             *tests], cwd=WORK,
            env={**os.environ, 'LAGNET_LAGNETD': str(LAGNETD),
                 'LAGNET_ROOT': str(ROOT)})
    sys.exit(done.returncode)


if __name__ == '__main__':
    main()
