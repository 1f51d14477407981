// The small project that `tenantlab init` writes.
import { notebook } from './notebook.ts'
import { runbook, runbookTest } from './runbook.ts'
import { workflow } from './workflow.ts'

/** What the project is called, and how it depends on this package. */
export interface InitProject {
  readonly name: string
  readonly dependency: string
}

/**
 * Versions that the project begins with; this package is built and tested with them. vite is that of vitest: 8.4 asks for an
 * optional package that npm does not find, and `npm ci` refuses the lock that npm writes then.
 */
export const INIT_VERSIONS = {
  nock: '15.0.0',
  tslab: '~1.0.22',
  vite: '~8.3.8',
  vitest: '^4.1.12',
  zod: '~4.6.7',
} as const

/** The texts of the project's files, by path. */
export function initFiles({ name, dependency }: InitProject): Readonly<Record<string, string>> {
  const manifest = {
    name,
    private: true,
    type: 'module',
    scripts: { test: 'vitest run', console: 'tenantlab repl --sandbox' },
    devDependencies: { tenantlab: dependency, ...INIT_VERSIONS },
  }
  return {
    'package.json': `${JSON.stringify(manifest, undefined, 2)}\n`,
    'README.md': readme(name, dependency),
    '.gitignore': 'node_modules/\n.tenantlab/\nplan.json\nplan.md\n',
    'notebooks/first-look.ipynb': notebook,
    'runbooks/support-role.ts': runbook,
    'test/support-role.test.ts': runbookTest,
    '.github/workflows/tenant.yml': workflow,
  }
}

/** What has to be done before another machine can install the project; nothing where the dependency is within reach. */
export function missingElsewhere(dependency: string): string | undefined {
  const path = /^file:(.+)$/.exec(dependency)?.[1]
  if (path === undefined || !/^(?:\.\.|\/|[A-Za-z]:)/.test(path)) return undefined
  const place = path.endsWith('.tgz') ? 'Copy it' : 'Pack it with npm pack, put the file'
  return `package.json takes tenantlab from ${path}, which lies outside of this folder. ${place} in and name that file, before a workflow or a colleague runs npm ci.`
}

function readme(name: string, dependency: string): string {
  const missing = missingElsewhere(dependency)
  return `# ${name}

A project for an Auth0 tenant. Everything here runs on an embedded tenant until you name yours.

    npm install
    npm test

| to | type |
|---|---|
| look around | \`npx tenantlab repl --sandbox\` |
| see what the runbook would do | \`npx tenantlab run runbooks/support-role.ts --sandbox --check\` |
| run the notebook | \`npx tenantlab run notebooks/first-look.ipynb\` |
| store your tenant | \`npx tenantlab login --domain D --client-id ID --name mine\` |
| plan against it | \`npx tenantlab plan runbooks/support-role.ts --tenant mine\` |
| read and apply the plan | \`npx tenantlab show plan.json\`, \`npx tenantlab apply plan.json --tenant mine\` |
| undo what a run did | \`npx tenantlab undo .tenantlab/journals/…\` |

In Jupyter: \`npx tenantlab notebooks install\`, then choose the kernel "TypeScript (tenantlab)".

\`.github/workflows/tenant.yml\` comments each pull request with the plan and applies it when it is merged. It needs the
variables \`AUTH0_DOMAIN\` and \`AUTH0_CLIENT_ID\` and the secret \`AUTH0_CLIENT_SECRET\` of the repository, and a
\`package-lock.json\` in it.
${missing === undefined ? '' : `\n${missing}\n`}`
}
