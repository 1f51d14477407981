import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { MisuseError, type Values } from '../words/index.ts'

/**
 * A file that is to be written. It is looked at before anything is sent: a report that cannot be written afterwards would
 * be lost.
 *
 * @param name of the option, for the message.
 * @throws MisuseError where it is there and nobody said that it may be replaced, or where it cannot be written.
 */
export function fresh(path: string, name: string, values: Values): string {
  const folder = dirname(path)
  const refuse = (what: string): never => {
    throw new MisuseError(`${name} ${path}: ${what}`)
  }
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) refuse('that is a folder. Nothing was sent. Name a file.')
    if (values.force !== true) {
      refuse(
        'the file is there already, and was not touched. Nothing was sent. Name another file, or replace it with --force.',
      )
    }
  } else if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    refuse(`there is no folder ${folder}. Nothing was sent. Make it, or name a file elsewhere.`)
  }
  try {
    accessSync(existsSync(path) ? path : folder, constants.W_OK)
  } catch {
    // What the system says of it is that it may not be written.
    refuse('this user may not write there. Nothing was sent. Name a file elsewhere.')
  }
  return path
}
