const cells: readonly (readonly ['code' | 'markdown', string])[] = [
  [
    'markdown',
    '# A first look\n\nThis runs on an embedded tenant. An expression is a plan, which sends nothing; `run()` sends it.',
  ],
  [
    'code',
    "import { lab } from 'tenantlab/sandbox'\n\nconst { auth0, undo, finish } = await lab({ seed: 'first-look' })\nauth0",
  ],
  ['code', 'const users = auth0.users.list({ per_page: 5 })\nusers'],
  ['code', 'await users.run()'],
  ['markdown', '## A write, and its undo'],
  [
    'code',
    "const role = await auth0.roles.create({ name: 'Support' }).run()\nundo(auth0.roles(role.id ?? '').delete())\nrole",
  ],
  ['code', 'await finish()'],
]

/** A notebook of a few cells, without outputs. */
export const notebook = `${JSON.stringify(
  {
    cells: cells.map(([kind, text], index) => ({
      cell_type: kind,
      id: `first-look-${index + 1}`,
      metadata: {},
      source: text.split(/(?<=\n)/),
      ...(kind === 'code' && { execution_count: null, outputs: [] }),
    })),
    metadata: {
      kernelspec: { display_name: 'TypeScript (tenantlab)', language: 'typescript', name: 'tenantlab' },
      language_info: { file_extension: '.ts', mimetype: 'text/typescript', name: 'typescript' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  },
  undefined,
  1,
)}\n`
