import { readFileSync } from 'node:fs'
import { didYouMean } from '../../catalogue/index.ts'
import { type DeclaredParameter, declaredParameters, type Notebook, parameterOf, textOf } from '../../notebook/index.ts'
import { isJsonObject, type Json } from '../../plan/index.ts'
import { MisuseError } from '../words/index.ts'
import { checkVariables } from './variables.ts'

/** What a command was given for the parameters of a notebook. */
export interface GivenParameters {
  /** The notebook, for messages. */
  readonly notebookFile: string
  /** Tells a person what is given and does nothing. */
  tell(text: string): void
  /** JSON file of values by name, and the option that names it. */
  readonly file: string | undefined
  readonly option: string
  /** `NAME=VALUE` */
  readonly values: readonly string[]
}

/**
 * The values for the cell tagged `parameters`: from variables, a file and options, where the later ones count.
 *
 * @throws MisuseError for a name that nothing in the notebook takes, and a value of another type.
 */
export function notebookParameters(
  notebook: Notebook,
  { notebookFile, file, option, values, tell }: GivenParameters,
): Record<string, Json> {
  const declared = declaredParameters(notebook)
  const options = Object.fromEntries(values.map((each) => parameterOf(each, declared)))
  const given = { ...fromVariables(declared), ...(file === undefined ? {} : parametersIn(file, option)), ...options }
  const set = Object.keys(given).map(variableOf)
  checkVariables(
    (declared ?? []).map(({ name }) => variableOf(name)),
    new Set(set),
    { file: notebookFile, tell },
  )
  for (const [name, value] of Object.entries(given)) {
    if (declared === undefined ? !isUsed(notebook, name) : !declared.some((each) => each.name === name)) {
      const hint = didYouMean(name, declared?.map((each) => each.name) ?? namesIn(notebook))
      const where = declared === undefined ? 'No cell uses' : 'The cell tagged parameters does not declare'
      throw new MisuseError(`The parameter "${name}" would do nothing. ${where} it. ${hint}`.trim())
    }
    const type = declared?.find((each) => each.name === name)?.type
    if (type !== undefined && typeof value !== type) {
      throw new MisuseError(`The parameter "${name}" is declared as a ${type}, and was given ${JSON.stringify(value)}.`)
    }
  }
  return given
}

function fromVariables(declared: readonly DeclaredParameter[] = []): Record<string, Json> {
  return Object.fromEntries(
    declared.flatMap(({ name }) => {
      const text = process.env[variableOf(name)]
      return text === undefined ? [] : [parameterOf(`${name}=${text}`, declared)]
    }),
  )
}

function variableOf(name: string): string {
  return `TENANTLAB_PARAM_${name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()}`
}

/** All names that its cells use. */
function namesIn({ cells }: Notebook): readonly string[] {
  const code = cells.filter((cell) => cell.cell_type === 'code').map((cell) => textOf(cell.source))
  return [...new Set(code.join('\n').match(/[A-Za-z_$][\w$]*/g) ?? [])]
}

function isUsed({ cells }: Notebook, name: string): boolean {
  const word = new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`)
  return cells.some((cell) => cell.cell_type === 'code' && word.test(textOf(cell.source)))
}

function parametersIn(file: string, option: string): Record<string, Json> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new MisuseError(`${option} ${file}: the file cannot be read as JSON. Give a file with an object.`, {
      cause,
    })
  }
  if (isJsonObject(content)) return { ...content }
  throw new MisuseError(`${option} ${file}: the file must hold a JSON object of values by name. Correct it.`)
}
