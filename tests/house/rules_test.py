"""The rules of the house that can be read off the text of the sources.

Each failure says which rule, which file, and what to do. Another tree than
this one is looked at with LAGNET_ROOT=DIR.
"""

import collections
import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(
    os.environ.get('LAGNET_ROOT', pathlib.Path(__file__).parents[2]))
SERVER = ROOT / 'server'

# Folders that are layers; every other folder of server/ is a slice.
LAYERS = ('base', 'db', 'rpc', 'draw', 'leximin', 'solver')

# Files of slices that are neither rules nor store, convert or service: one
# more idea each, with threads, caches or the database. They may use what a
# service may.
IDEAS = {
    'access/operator_key': 'makes the first key on this machine',
    'access/roster': 'who calls, in memory, for the gate',
    'changes/history': 'reads the change log, as a store does',
    'changes/log': 'writes the change log, as a store does',
    'changes/tailer': 'follows the change log in a thread',
    'directory/owners': 'what belongs to whom, in memory, for the gate',
    'directory/searchable': 'organisations, as the search takes them',
    'jobs/runner': 'runs jobs in a thread',
    'mail/letter': 'what other slices hand over to be sent',
    'mail/post': 'sends letters, in a thread',
    'mail/smtp': 'hands messages to a mail server',
    'mail/words': 'what a letter says, in the form in which it is sent',
    'search/analysis': 'words to terms, with the dictionaries',
    'search/catalog': 'documents by row, with their terms and labels',
    'search/content': 'what documents say, by the dictionaries',
    'search/document': 'what other slices hand over to be found',
    'search/finder': 'answers one search from the catalog',
    'search/follower': 'keeps the index, and follows the change log',
    'search/highlight': 'shows in answers what a question met',
    'search/index': 'all that can be found, in memory, for reading',
    'search/labels': 'what documents are filtered and counted by',
    'search/lemmas': 'dictionaries, read at start and cached',
    'search/meaning': 'what words of queries stand for, cached',
    'search/query': 'a query as it is understood, with its tags',
    'search/reader': 'understands queries, by index and dictionaries',
    'search/search': 'what is searched for and found, by documents',
    'search/tags': 'names of themes and territories, for queries',
    'search/thesaurus': 'words that mean the same, by the dictionaries',
    'visits/desk': 'decides sign-ups in batches, in a thread',
    'visits/letter': 'what people are written, as the post takes it',
    'visits/preview': 'what people are written, for staff to read',
    'visits/searchable': 'study visits, as the search takes them',
    'visits/snapshot': 'study visits, in memory, for reading',
    'visits/watches': 'feeds the streams that are open',
}

INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]', re.MULTILINE)


def sources(*suffixes):
    return sorted(p for p in SERVER.rglob('*')
                  if p.suffix in (suffixes or ('.h', '.cc')))


def name(path):
    return str(path.relative_to(ROOT))


def code(path):
    """The text without comments; line breaks stay."""
    text = path.read_text()
    text = re.sub(r'/\*.*?\*/', lambda m: '\n' * m[0].count('\n'), text,
                  flags=re.DOTALL)
    return re.sub(r'(^|\s)//[^\n]*', r'\1', text)


def includes(path):
    return INCLUDE.findall(path.read_text())


def folder(path):
    """'visits' for server/visits/store.cc, '' for server/main.cc."""
    parts = path.relative_to(SERVER).parts
    return parts[0] if len(parts) > 1 else ''


def kind(path):
    """What a file of a slice is: rules, store, convert, service, or idea."""
    if f'{folder(path)}/{path.stem}' in IDEAS:
        return 'idea'
    for suffix in ('store', 'convert', 'service'):
        if path.stem == suffix or path.stem.endswith('_' + suffix):
            return suffix
    return 'rules'


def own(include):
    """('visits', 'store') for server/visits/store.h, else None."""
    match = re.fullmatch(r'server/(\w+)/(\w+)\.h', include)
    return (match[1], match[2]) if match else None


def is_grpc(include):
    return include.startswith(('grpc', 'prometheus/')) or '.grpc.pb.h' in include


def is_pqxx(include):
    return include.startswith(('pqxx', 'libpq'))


def is_coin(include):
    return include.startswith(('coin/', 'Cbc', 'Clp', 'Coin', 'Osi'))


def is_api(include):
    """A message of the API; what google/rpc and options hold is not."""
    return bool(re.match(r'lagnet/(?!options/|internal/|types/)', include))


def is_any_proto(include):
    return include.endswith('.pb.h') or include.startswith('google/protobuf')


class Layers(unittest.TestCase):
    longMessage = False  # Our sentences say it all.

    def refuse(self, path, include, why):
        self.fail(f'{name(path)} includes {include}: {why}. See "Includes go '
                  f'one way only" in docs/architecture.md.')

    def check_layer(self, layer, allowed_folders, forbidden):
        for path in sources():
            if folder(path) != layer:
                continue
            for include in includes(path):
                mine = own(include)
                if mine and mine[0] not in allowed_folders:
                    self.refuse(path, include, f'{layer}/ may use only '
                                f'{", ".join(allowed_folders)}')
                for test, what in forbidden:
                    if test(include):
                        self.refuse(path, include,
                                    f'{layer}/ must not know {what}')

    def test_base_knows_nothing_of_ours(self):
        self.check_layer('base', ['base'], [
            (is_grpc, 'gRPC'), (is_pqxx, 'PostgreSQL'),
            (lambda i: i.startswith('lagnet/'), 'the API')])

    def test_db_knows_postgresql_and_base(self):
        self.check_layer('db', ['base', 'db'], [
            (is_grpc, 'gRPC'), (is_any_proto, 'messages')])

    def test_rpc_knows_grpc_and_base(self):
        self.check_layer('rpc', ['base', 'rpc'], [
            (is_pqxx, 'PostgreSQL'), (is_api, "a slice's messages")])

    def test_draw_is_pure(self):
        self.check_layer('draw', ['base', 'draw'], [
            (is_grpc, 'gRPC'), (is_any_proto, 'messages'), (is_coin, 'solvers')])
        for path in sources():
            if folder(path) != 'draw':
                continue
            for include in includes(path):
                if own(include) and own(include)[0] == 'base' and own(
                        include)[1] != 'status_macros':
                    self.refuse(path, include, 'the command line links draw/ '
                                'without base/')

    def test_solver_knows_nothing_of_the_server(self):
        self.check_layer('leximin', ['base', 'draw', 'leximin'], [
            (is_grpc, 'gRPC'), (is_any_proto, 'messages')])
        self.check_layer('solver', ['base', 'draw', 'solver'], [
            (is_grpc, 'gRPC'), (is_any_proto, 'messages')])
        for path in sources():
            for include in includes(path):
                if is_coin(include) and name(
                        path) != 'server/leximin/program.cc':
                    self.refuse(path, include, 'only program.cc knows which '
                                'solver it is')

    def test_clients_use_only_the_draw_of_the_server(self):
        for path in sorted((ROOT / 'clients').rglob('*')):
            if path.suffix not in ('.h', '.cc'):
                continue
            for include in includes(path):
                if include.startswith('server/') and not include.startswith(
                        'server/draw/'):
                    self.refuse(path, include, 'clients share protos and draw/ '
                                'with the server, and nothing else')

    def test_only_db_names_pqxx(self):
        for path in sources():
            if folder(path) == 'db':
                continue
            for include in includes(path):
                if is_pqxx(include):
                    self.refuse(path, include, 'only db/ knows PostgreSQL')
            match = re.search(r'\bpqxx\b|\bPQ[a-z]\w+\(', code(path))
            if match:
                self.fail(f'{name(path)} names {match[0]}: only db/ may, so '
                          f'that another libpqxx changes db/ alone. Use '
                          f'db::Tx, db::Rows or db::RunAgain.')

    def test_slices_keep_their_files_apart(self):
        for path in sources():
            if folder(path) in LAYERS + ('',):
                continue
            for include in includes(path):
                self.check_slice(path, include)

    def check_slice(self, path, include):
        here, what, mine = folder(path), kind(path), own(include)
        if what == 'rules':
            if is_grpc(include) or is_any_proto(include) or is_pqxx(include):
                self.refuse(path, include, 'rules know no gRPC, no messages '
                            'and no database; convert.* and store.* do')
            if mine and mine[0] not in ('base', 'draw', here):
                self.refuse(path, include, 'rules use base/, draw/ and the '
                            'rules of their own slice')
            if mine and mine[0] == here and kind(
                    SERVER / here / f'{mine[1]}.h') != 'rules':
                self.refuse(path, include, 'rules do not know who uses them')
        elif what == 'store':
            if is_grpc(include) or is_api(include) or (
                    mine and mine[0] == 'rpc'):
                self.refuse(path, include, 'a store knows SQL and rules, not '
                            'the wire')
        elif what == 'convert':
            if mine and mine[0] not in ('base', 'draw', 'rpc', here):
                self.refuse(path, include, 'convert turns messages into '
                            'rules and back, and needs nothing else')
        if mine and mine[0] not in LAYERS + (here,):
            other = kind(SERVER / mine[0] / f'{mine[1]}.h')
            if other in ('service', 'convert'):
                self.refuse(path, include, "a slice uses another's store, "
                            'rules or ideas, never its service')

    def test_rules_take_time_as_an_argument(self):
        for path in sources():
            if folder(path) in LAYERS + ('',) or kind(path) != 'rules':
                continue
            if re.search(r'\bNow\(\)', code(path)):
                self.fail(f'{name(path)} asks what time it is: rules take '
                          f'`now` as an argument, so that tests can choose '
                          f'it and the database decides it.')

    def test_every_idea_exists(self):
        for idea in IDEAS:
            self.assertTrue(
                (SERVER / f'{idea}.h').exists(),
                f'tests/house/rules_test.py lists {idea}, which is gone: '
                f'take it out of IDEAS.')

    def test_folders_have_no_cycles(self):
        edges = collections.defaultdict(dict)
        for path in sources():
            for include in includes(path):
                mine = own(include)
                if mine and folder(path) and mine[0] != folder(path):
                    edges[folder(path)][mine[0]] = (path, include)

        def visit(here, way):
            if here in way:
                cycle = way[way.index(here):] + [here]
                path, include = edges[cycle[0]][cycle[1]]
                self.fail(f'the folders {" -> ".join(cycle)} need each other '
                          f'(for one, {name(path)} includes {include}): move '
                          f'what both need to a slice of its own, or to base.')
            for there in edges[here]:
                visit(there, way + [here])

        for start in list(edges):
            visit(start, [])


class Sources(unittest.TestCase):
    longMessage = False  # Our sentences say it all.

    def test_include_guards_say_where_the_file_lies(self):
        for path in sources('.h'):
            guard = 'LAGNET_' + re.sub(r'[/.]', '_', name(path)).upper() + '_'
            self.assertIn(f'#ifndef {guard}\n#define {guard}\n',
                          path.read_text(),
                          f'{name(path)} needs the include guard {guard}.')

    def test_todos_have_owners(self):
        for path in sources():
            match = re.search(r'\b(TODO(?!\(\w+\):)|FIXME|XXX)', path.read_text())
            self.assertIsNone(match, f'{name(path)} has a {match and match[0]} '
                              f'without an owner: write TODO(name): …, or do '
                              f'it.')

    def test_only_db_runs_text_as_sql(self):
        for path in sources():
            if folder(path) != 'db' and 'ExecuteScript' in code(path):
                self.fail(f'{name(path)} runs text as SQL: name it as a '
                          f'constexpr db::Statement and give it to Tx::Run().')

    def test_no_names_of_kinds(self):
        for path in sources():
            if path.stem in ('util', 'utils', 'helper', 'helpers', 'common',
                             'misc', 'impl', 'manager', 'types_util'):
                self.fail(f'{name(path)} is called after a kind: call it '
                          f'after the idea that it holds.')


class Errors(unittest.TestCase):
    longMessage = False  # Our sentences say it all.
    REGISTER = 'docs/api/errors.md'

    def registered(self):
        rows = re.findall(r'^\| `(\w+)` \| `(\w+)` \| (.+?) \| (.+?) \|$',
                          (ROOT / self.REGISTER).read_text(), re.MULTILINE)
        self.assertTrue(rows, f'{self.REGISTER} has no table')
        return rows

    def used(self):
        """{reason: {code: file}} of what the server's sources say."""
        found = collections.defaultdict(dict)
        for path in sources():
            for status, reason in re.findall(
                    r'absl::StatusCode::k(\w+),\s*"([A-Z][A-Z0-9_]+)"',
                    code(path)):
                wire = re.sub(r'(?<!^)([A-Z])', r'_\1', status).upper()
                found[reason][wire] = name(path)
        return found

    def test_every_reason_is_registered(self):
        known = {row[0]: row[1] for row in self.registered()}
        for reason, codes in self.used().items():
            for wire, path in codes.items():
                self.assertIn(reason, known,
                              f'{path} uses the reason {reason}, which is not '
                              f'in {self.REGISTER}: add a line that says what '
                              f'it means and what to do.')
                self.assertEqual(wire, known[reason],
                                 f'{path} uses {reason} with {wire}, '
                                 f'{self.REGISTER} says {known[reason]}: a '
                                 f'reason has one code.')

    def test_every_registered_reason_is_used(self):
        used = self.used()
        for reason, *_ in self.registered():
            self.assertIn(reason, used, f'{self.REGISTER} has {reason}, which '
                          f'nothing in server/ uses: take it out.')

    def test_the_register_is_in_order(self):
        reasons = [row[0] for row in self.registered()]
        self.assertEqual(reasons, sorted(set(reasons)),
                         f'{self.REGISTER} is not in alphabetical order, or '
                         f'has a reason twice.')

    def test_reasons_stand_in_the_text(self):
        for path in sources():
            if path == SERVER / 'base/error.h' or path == SERVER / 'base/error.cc':
                continue
            for match in re.finditer(
                    r'\bError\(\s*(absl::StatusCode::k\w+|\w+),\s*([^"\s])',
                    code(path)):
                self.fail(f'{name(path)} computes the reason of an error '
                          f'("{match[0]}…"): write it out, so that it is '
                          f'found when somebody looks for it.')

    def test_protos_name_known_reasons(self):
        known = {(code, reason) for reason, code, *_ in self.registered()}
        for path in sorted((ROOT / 'protos/lagnet').rglob('*.proto')):
            text = re.sub(r'\n\s*//', '', path.read_text())
            for pair in re.findall(r'`([A-Z_]+) / ([A-Z_]+)`', text):
                self.assertIn(pair, known,
                              f'{name(path)} promises {" / ".join(pair)}, '
                              f'which is not in {self.REGISTER}.')


class Migrations(unittest.TestCase):
    longMessage = False  # Our sentences say it all.

    def files(self):
        return sorted((SERVER / 'db/migrations').glob('*.sql'))

    def test_are_numbered_without_gaps(self):
        for number, path in enumerate(self.files(), 1):
            self.assertRegex(path.name, rf'^{number:04}_[a-z_]+\.sql$',
                             f'{name(path)} must be number {number:04}: the '
                             f'list has no gaps and no doubles.')

    def test_personal_comments_say_purpose_and_end(self):
        for path in self.files():
            for comment in re.findall(r"COMMENT ON COLUMN [\w.]+ IS\s*'((?:[^']|'')*)'",
                                      path.read_text()):
                if 'personal' in comment:
                    self.assertRegex(
                        comment, r'^personal: .+; kept: .+$',
                        f'{name(path)}: write "personal: <purpose>; kept: '
                        f'<until when>" instead of "{comment}".')


if __name__ == '__main__':
    unittest.main()
