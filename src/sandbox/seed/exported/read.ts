import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { isJsonObject, type Json, type JsonObject } from '../../../plan/index.ts'
import type { SandboxSnapshot } from '../../types.ts'

/** The files of an export that auth0-deploy-cli wrote with `--format directory`, by their path in its folder. */
export interface Exported {
  readonly folder: string
  /** Records of a resource: each JSON file of its folder, with texts such as scripts read in. */
  all(resource: string): readonly JsonObject[]
  /** One file; `undefined` where the export has none. */
  one(file: string): Json | undefined
  /** A file of text; `undefined` where the export has none. */
  text(file: string): string | undefined
  /** The JSON files that nobody has asked for. */
  unread(): readonly string[]
}

/** What a tenant may start from, as a path names it. */
export type Origin =
  | { readonly kind: 'snapshot'; readonly snapshot: SandboxSnapshot }
  | { readonly kind: 'export'; readonly exported: Exported }

/**
 * Reads what `from` names: a folder is an export of auth0-deploy-cli, a file a snapshot that was saved as JSON.
 * @throws TypeError where it is neither
 */
export function readOrigin(path: string): Origin {
  if (!existsSync(path)) throw new TypeError(`There is no file or folder ${path} to start from.`)
  if (statSync(path).isDirectory()) return { kind: 'export', exported: readExport(path) }
  if (/\.ya?ml$/.test(path))
    throw new TypeError(`${path} is YAML. Export the tenant with "--format directory" and name the folder.`)
  const snapshot = parsed(path)
  if (!isJsonObject(snapshot) || snapshot['version'] !== 1 || !isJsonObject(snapshot['tables']))
    throw new TypeError(`${path} is not a snapshot of an embedded tenant.`)
  return { kind: 'snapshot', snapshot: snapshot as SandboxSnapshot }
}

/** Members that name a file beside them: scripts, pages and templates. */
const TEXTS = ['code', 'html', 'body', 'script']

function readExport(folder: string): Exported {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && each.name.endsWith('.json'))
    .map((each) => join(each.parentPath, each.name))
    .sort()
  if (files.length === 0)
    throw new TypeError(
      `${folder} has no JSON file. Name a folder that auth0-deploy-cli exported with "--format directory".`,
    )
  const known = new Map(files.map((file) => [relative(folder, file).replaceAll('\\', '/'), file]))
  const read = new Set<string>()
  const recordOf = (file: string): JsonObject => {
    const record = parsed(file)
    return isJsonObject(record) ? withTexts(folder, file, record) : {}
  }
  return {
    folder,
    all: (resource) =>
      [...known]
        .filter(([name]) => name.startsWith(`${resource}/`))
        .map(([name, file]) => {
          read.add(name)
          return recordOf(file)
        }),
    one(name) {
      const file = known.get(name)
      read.add(name)
      return file === undefined ? undefined : parsed(file)
    },
    text(name) {
      const file = join(folder, name)
      return isWithin(folder, file) && existsSync(file) ? readFileSync(file, 'utf8') : undefined
    },
    unread: () => [...known.keys()].filter((name) => !read.has(name)),
  }
}

function parsed(file: string): Json {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Json
  } catch (error) {
    throw new TypeError(`${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** An export speaks of its own files alone. */
function isWithin(folder: string, file: string): boolean {
  return !relative(folder, file).startsWith('..')
}

/** A member such as `./welcome_email.html` becomes what that file holds; the tool writes paths from two places. */
function withTexts(folder: string, file: string, record: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => {
      if (typeof value !== 'string' || !TEXTS.includes(name) || !value.startsWith('./')) return [name, value]
      const found = [join(dirname(file), value), join(folder, value)].find(
        (each) => isWithin(folder, each) && existsSync(each),
      )
      return [name, found === undefined || basename(found).endsWith('.json') ? value : readFileSync(found, 'utf8')]
    }),
  )
}
