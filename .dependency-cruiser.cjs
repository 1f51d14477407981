const bundled = require('./scripts/bundled.json')

// The rooms of src/, in order: a room imports only from rooms above it, and another room only through its index.ts.
const rooms = [
  'plan',
  'catalogue',
  'display',
  'profiles',
  'grammar',
  'wire',
  'transport',
  'tokens',
  'pipeline',
  'rx',
  'flow',
  'session',
  'code',
  'run',
  'runbook',
  'redis',
  'connect',
  'notebook',
  'repl',
  'sandbox',
  'lab',
  'cli',
]

const order = rooms.slice(0, -1).map((room, place) => ({
  name: `rooms-in-order-${room}`,
  comment: `${room}/ may not know a room that stands below it.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: `^src/(${rooms.slice(place + 1).join('|')})/` },
}))

// The sub-folders of each room that has some, in order: one imports only from those before it, through their index.ts.
const parts = {
  catalogue: ['words', 'generated'],
  code: ['names'],
  cli: ['words', 'tour', 'runbook', 'init', 'commands'],
  display: ['charts', 'text', 'looks', 'live'],
  grammar: ['generated', 'help', 'sdk-words', 'words'],
  notebook: ['document', 'check', 'cells', 'kernel', 'script', 'export'],
  pipeline: ['validate', 'limiter', 'stages', 'repeat'],
  repl: ['completion'],
  run: ['steps', 'journal', 'review', 'undo', 'engine'],
  runbook: ['files', 'params', 'report'],
  sandbox: [
    'markup',
    'tenant',
    'data',
    'streams',
    'limits',
    'management',
    'authentication',
    'http',
    'admin',
    'page',
    'seed',
  ],
  session: ['plans', 'connect'],
}
const everyRoom = rooms.join('|')

const partsInOrder = Object.entries(parts).flatMap(([room, names]) => [
  ...names.slice(0, -1).map((name, place) => ({
    name: `parts-in-order-${room}-${name}`,
    comment: `${room}/${name}/ may not know a sub-folder that stands below it.`,
    severity: 'error',
    from: { path: `^src/${room}/${name}/` },
    to: { path: `^src/${room}/(${names.slice(place + 1).join('|')})/` },
  })),
  {
    name: 'parts-are-listed',
    comment: 'A sub-folder of this room has a place in the order; give a new one its place above.',
    severity: 'error',
    from: { path: `^src/${room}/[^/]+/`, pathNot: `^src/${room}/(${names.join('|')})/` },
    to: {},
  },
])

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...order,
    ...partsInOrder,
    {
      name: 'rooms-are-listed',
      comment: 'A folder of src/ is a room with a place in the order; give a new one its place here.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${rooms.join('|')})/` },
      to: {},
    },
    {
      name: 'rooms-through-their-index',
      comment: 'What a room offers is what its index.ts exports.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'parts-through-their-index',
      comment: 'What a sub-folder offers to the rest of its room is what its index.ts exports.',
      severity: 'error',
      from: { path: `^src/(${everyRoom})/([^/]+)/` },
      to: { path: '^src/$1/[^/]+/', pathNot: ['^src/$1/$2/', '^src/$1/[^/]+/index\\.ts$'] },
    },
    {
      name: 'parts-through-their-index',
      comment: 'The files beside a sub-folder use its index.ts as well.',
      severity: 'error',
      from: { path: `^src/(${everyRoom})/[^/]+\\.ts$` },
      // Tables that the generator writes are read one by one: their types know each other.
      to: { path: '^src/$1/[^/]+/', pathNot: ['^src/$1/[^/]+/index\\.ts$', '^src/catalogue/generated/'] },
    },
    {
      name: 'entries-through-the-index',
      comment: 'Entry files only re-export what rooms offer: an index.ts, or the interfaces.ts that has types alone.',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: { path: '^src/[^/]+/', pathNot: '^src/[^/]+/(index|interfaces)\\.ts$' },
    },
    {
      name: 'entries-stand-outside',
      comment: 'An entry file is for readers of the package, not for its rooms.',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'sandbox-is-independent',
      comment: 'The embedded tenant must not share the code that it is there to test.',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/', pathNot: '^src/(sandbox|catalogue|plan)/' },
    },
    {
      name: 'undici-in-transport',
      comment: 'Every byte goes through transport/; the sandbox hands out a dispatcher.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(transport|sandbox)/' },
      to: { path: '(^|/)undici(/|$)' },
    },
    {
      name: 'rxjs-in-pipeline',
      comment: 'Readers meet the Observable contract, not a library; RxJS stays an inner tool.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/pipeline/', '^src/rx/'] },
      to: { path: '(^|/)rxjs(/|$)' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or lack a third.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'nothing-from-tests',
      comment: 'The package does not ship test code or development dependencies.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts|notebooks)/' },
    },
    {
      name: 'no-development-dependency',
      comment:
        'A reader of the package has its dependencies alone; what the build bundles stands in scripts/bundled.json.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        pathNot: ['(^|/)@types/', `(^|/)node_modules/(${Object.keys(bundled).join('|')})/`],
      },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
}
