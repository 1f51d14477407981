import { existsSync } from 'node:fs'
import { MisuseError, type Values } from '../words/index.ts'

/**
 * A file that is to be written.
 *
 * @param name of the option, for the message.
 * @throws MisuseError where it is there and nobody said that it may be replaced.
 */
export function fresh(path: string, name: string, values: Values): string {
  if (values.force === true || !existsSync(path)) return path
  throw new MisuseError(
    `${name} ${path}: the file is there already, and was not touched. Nothing was sent. Name another file, or replace it with --force.`,
  )
}
