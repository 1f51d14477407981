import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { packageFolder } from '../../notebook/index.ts'
import { version } from '../../session/index.ts'
import { initFiles, missingElsewhere } from '../init/index.ts'
import { type Command, FORCE, MisuseError } from '../words/index.ts'

/** `tenantlab init`: a small project that passes as it is. */
export const command: Command = {
  usage: '[FOLDER] [--force]',
  about:
    'Writes a small project: a notebook, a runbook, its test with Vitest and nock, and a workflow for GitHub that comments ' +
    'a pull request with the plan and applies it on merge. All of it runs on the embedded tenant as it is. Nothing is ' +
    'installed and nothing is sent.',
  takes: [{ name: 'FOLDER', optional: true }],
  options: { ...FORCE },
  exits: [0, 1, 64],
  examples: ['tenantlab init my-tenant'],
  async run({ read, write }) {
    const {
      words: [given = '.'],
      values,
    } = read()
    const folder = resolve(given)
    const installed = dependencyFor(folder)
    const packed = packedFile(folder, installed)
    const dependency = packed === undefined ? installed : `file:${packed.copy}`
    const files = initFiles({ name: nameFor(folder), dependency })
    const present = Object.keys(files).filter((path) => existsSync(join(folder, path)))
    if (present.length > 0 && values.force !== true) {
      throw new MisuseError(
        `${present.join(', ')} ${present.length === 1 ? 'is' : 'are'} there already, and nothing was written. Name an empty folder, or replace them with --force.`,
      )
    }
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
      write(`wrote ${join(given, path)}`)
    }
    if (packed !== undefined) {
      mkdirSync(dirname(join(folder, packed.copy)), { recursive: true })
      copyFileSync(packed.file, join(folder, packed.copy))
      write(`wrote ${join(given, packed.copy)}, which package.json installs: it is not in a registry`)
    }
    write('')
    write(`Next: ${given === '.' ? '' : `cd ${given} && `}npm install && npm test. README.md says what else there is.`)
    const missing = missingElsewhere(dependency)
    if (missing !== undefined) write(missing)
    return 0
  },
}

function nameFor(folder: string): string {
  return (
    basename(folder)
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[._-]+/, '') || 'tenant'
  )
}

/** The dependency as this copy was itself installed: by a file, from a checkout, or from the registry. */
function dependencyFor(folder: string): string {
  const own = packageFolder()
  const modules = dirname(own)
  if (basename(modules) !== 'node_modules') return fileSpec(folder, own)
  const manifest = join(dirname(modules), 'package.json')
  const { dependencies = {}, devDependencies = {} } = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, Record<string, string> | undefined>)
    : {}
  const installed = dependencies.tenantlab ?? devDependencies.tenantlab
  const path = installed === undefined ? undefined : /^file:(.+)$/.exec(installed)?.[1]
  if (path !== undefined) return fileSpec(folder, resolve(dirname(manifest), path))
  return installed ?? `^${version}`
}

/** The packed package where it lies outside of the project: a workflow or a colleague has only what is in it. */
function packedFile(folder: string, dependency: string): { readonly file: string; readonly copy: string } | undefined {
  const path = /^file:(.+\.tgz)$/.exec(dependency)?.[1]
  if (path === undefined || missingElsewhere(dependency) === undefined) return undefined
  const file = resolve(folder, path)
  return existsSync(file) ? { file, copy: `vendor/${basename(file)}` } : undefined
}

function fileSpec(folder: string, path: string): string {
  const near = relative(folder, path)
  // A path that leaves the home of the project holds on this machine alone: then at least from every folder of it.
  return `file:${near.startsWith('../../') ? path : near || '.'}`
}
