import { existsSync, readFileSync, statSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { sha256 } from '../plan/index.ts'
import type { RunOrigin } from '../run/index.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Variables in which CI systems name who started a job, and the commit that it runs. */
const ACTORS = ['GITHUB_ACTOR', 'GITLAB_USER_LOGIN', 'BUILD_REQUESTEDFOR', 'CIRCLE_USERNAME', 'BUILDKITE_BUILD_CREATOR']
const COMMITS = ['GITHUB_SHA', 'CI_COMMIT_SHA', 'BUILD_SOURCEVERSION', 'CIRCLE_SHA1', 'BUILDKITE_COMMIT', 'GIT_COMMIT']

/**
 * Who runs a runbook, on which machine, and with which code, for those who later ask who did what.
 *
 * @param file path of the runbook's file, where it has one.
 */
export function originOf(file: string | undefined, environment: Environment = process.env): RunOrigin {
  const actor = first(ACTORS, environment)
  const commit = first(COMMITS, environment) ?? commitAt(resolve(file === undefined ? '.' : dirname(file)))
  return {
    user: userName(environment),
    host: hostname(),
    ...(actor !== undefined && { actor }),
    ...(commit !== undefined && { commit }),
    ...(file !== undefined && { file }),
    ...(file !== undefined && existsSync(file) && { fileHash: hashOf(file) }),
  }
}

function first(names: readonly string[], environment: Environment): string | undefined {
  for (const name of names) {
    const value = environment[name]
    if (value !== undefined && value !== '') return value
  }
  return undefined
}

function userName(environment: Environment): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a number that has no name.
    return environment.USER ?? environment.USERNAME ?? `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

function hashOf(file: string): string {
  return `sha256-${sha256(readFileSync(file))}`
}

/** The commit that is checked out where a folder lies; nothing outside of a repository. */
function commitAt(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const git = gitFolder(join(at, '.git'))
    if (git !== undefined) return commitIn(git)
    if (dirname(at) === at) return undefined
  }
}

/** A worktree has a file that names its folder. */
function gitFolder(path: string): string | undefined {
  if (!existsSync(path)) return undefined
  if (statSync(path).isDirectory()) return path
  const named = /^gitdir: (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1]
  return named === undefined ? undefined : resolve(dirname(path), named)
}

function commitIn(git: string): string | undefined {
  const head = read(join(git, 'HEAD'))
  const name = /^ref: (.+)$/.exec(head ?? '')?.[1]
  if (name === undefined) return head
  return read(join(git, name)) ?? sharedCommit(resolve(git, read(join(git, 'commondir')) ?? '.'), name)
}

/** The commit of a branch by what all worktrees of a repository share. */
function sharedCommit(shared: string, name: string): string | undefined {
  return read(join(shared, name)) ?? packed(read(join(shared, 'packed-refs')), name)
}

function packed(refs: string | undefined, name: string): string | undefined {
  return refs
    ?.split('\n')
    .find((line) => line.endsWith(` ${name}`))
    ?.split(' ')[0]
}

function read(path: string): string | undefined {
  return existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8').trim() : undefined
}
