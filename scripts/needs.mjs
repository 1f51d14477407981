// What some tests and showcases need beyond Node: programs that Debian has, and files beside the repository.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isMain, root } from './child.mjs'

const answers = (program, ...args) => spawnSync(program, args, { stdio: 'ignore' }).status === 0

/** Deno: the one that is named, the one of this checkout, or the one in the search path. */
export function denoProgram() {
  const own = join(root, 'node_modules', '.bin', 'deno')
  return process.env.DENO_PROGRAM ?? (existsSync(own) ? own : 'deno')
}

/** The script of Auth0's deploy CLI, where the environment names it. */
export const deployCliProgram = () => process.env.DEPLOY_CLI_PROGRAM

/** The script of Auth0's MCP server, where the environment names it; its folder has `auth0` 4 as well. */
export const mcpServerProgram = () => process.env.MCP_SERVER_PROGRAM

/**
 * By name: a probe, the Debian packages that bring it, and whether a continuous-integration run may do without.
 * Debian's Python is asked by its path, as another one that lacks the modules may come first.
 */
const needs = {
  jupyter: {
    title: 'Jupyter',
    packages: ['jupyter-nbconvert', 'python3-nbclient'],
    probe: () => answers('/usr/bin/python3', '-c', 'import nbclient, nbformat, jupyter_client'),
  },
  notebook: {
    title: 'Jupyter Notebook',
    packages: ['jupyter-notebook'],
    probe: () => answers('jupyter', 'notebook', '--version'),
  },
  chromium: {
    title: 'Chromium',
    packages: ['chromium'],
    probe: () => answers('chromium', '--version'),
  },
  redis: {
    title: 'Redis',
    packages: ['redis-server'],
    probe: () => answers('redis-server', '--version'),
  },
  // Its npm package has 92 MB, too much for a dependency: where it is installed, its kernel is tested too.
  deno: {
    title: 'Deno',
    packages: [],
    optional: true,
    probe: () => answers(denoProgram(), '--version'),
  },
  // A judge with 90 packages of its own, installed beside the checkout by .ci/steps.sh.
  'deploy-cli': {
    title: "Auth0's deploy CLI",
    packages: [],
    optional: true,
    probe: () => deployCliProgram() !== undefined && answers(process.execPath, deployCliProgram(), '--version'),
  },
  // The same, with 80 packages; it loads libsecret at its start.
  'mcp-server': {
    title: "Auth0's MCP server",
    packages: ['libsecret-1-0'],
    optional: true,
    probe: () => mcpServerProgram() !== undefined && answers(process.execPath, mcpServerProgram(), '--version'),
  },
  facts: {
    title: 'the documents in ../shared',
    packages: [],
    optional: true,
    probe: () => existsSync(join(root, '..', 'shared', 'facts', 'openapi')),
  },
}

const known = new Map()

/** True when what `name` stands for is here. Looked up once per process. */
export function has(name) {
  if (!(name in needs)) throw new Error(`There is no need named '${name}'. Add it to scripts/needs.mjs.`)
  if (!known.has(name)) known.set(name, needs[name].probe())
  return known.get(name)
}

/** The command that brings what `name` stands for, `undefined` where no package has it. */
export function installCommand(...names) {
  const packages = names.flatMap((name) => needs[name].packages)
  return packages.length === 0 ? undefined : `apt-get install --no-install-recommends ${packages.join(' ')}`
}

/** The reason a test gives when it is skipped for lack of `name`. */
export const reason = (name) => `needs ${needs[name].title}`

/** The need that a skip's reason names, and whether a run that allows no skips must allow this one. */
export function needIn(note = '') {
  const name = Object.keys(needs).find((each) => note === reason(each))
  return name === undefined ? undefined : { name, optional: needs[name].optional === true }
}

// `node scripts/needs.mjs jupyter chromium` prints the Debian packages of both, one line.
if (isMain(import.meta.url)) {
  const names = process.argv.slice(2)
  const unknown = names.find((name) => !(name in needs))
  if (names.length === 0 || unknown) {
    process.stderr.write(`Give the names of needs: ${Object.keys(needs).join(', ')}.\n`)
    process.exitCode = 1
  } else process.stdout.write(`${names.flatMap((name) => needs[name].packages).join(' ')}\n`)
}
