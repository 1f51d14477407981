import { basename, extname, resolve } from 'node:path'

/** Journals are named after the file. */
export function nameOf(file: string): string {
  return basename(file, extname(file)).replace(/[^\w.-]+/g, '-')
}

/** A path that holds wherever the script goes. */
export function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path)
}
