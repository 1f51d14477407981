import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  canariesOf,
  checkNotebook,
  cleaned,
  installKernel,
  PROFILED_TSLAB,
  parameterOf,
  readNotebook,
  runNotebook,
  textOf,
  tslabSyntax,
  withParameters,
  writeNotebook,
} from '../../notebook/index.ts'
import type { Json } from '../../plan/index.ts'
import type { Command, CommandContext } from '../command.ts'

const WORDS = { install, check, clean, run } as const

/** `tenantlab notebooks`: the kernel profile, and what keeps notebooks clean and repeatable. */
export const notebooksCommand: Command = {
  name: 'notebooks',
  usage: 'notebooks install|check|clean|run [FILE…]',
  summary: 'Installs the kernel profile; checks, cleans and runs notebooks.',
  options: {
    folder: { type: 'string' },
    name: { type: 'string' },
    canary: { type: 'string', multiple: true },
    parameter: { type: 'string', short: 'p', multiple: true },
    parameters: { type: 'string' },
    stock: { type: 'boolean' },
  },
  help: {
    folder: "install: Jupyter's data folder; the user's own unless given",
    name: 'install: name of the kernel; tenantlab unless given',
    canary: 'check: a value that no notebook may hold; may be repeated',
    parameter: 'run: NAME=VALUE for the cell tagged parameters; may be repeated, -p for short',
    parameters: 'run: a JSON file of such values',
    stock: 'run: without the kernel profile',
  },
  async run(context) {
    const [word, ...args] = context.args
    if (word === undefined || !(word in WORDS)) {
      context.warn('tenantlab notebooks takes install, check FILE…, clean FILE…, or run FILE [OUTPUT].')
      return 2
    }
    return WORDS[word as keyof typeof WORDS]({ ...context, args })
  },
}

async function install({ options, write, warn }: CommandContext): Promise<number> {
  const { file, name, profiled, tslab } = installKernel({
    ...(typeof options.folder === 'string' ? { folder: options.folder } : {}),
    ...(typeof options.name === 'string' ? { name: options.name } : {}),
  })
  write(`The kernel "${name}" is installed: ${file}`)
  write('Choose "TypeScript (tenantlab)" in Jupyter.')
  if (profiled) return 0
  warn(
    `It runs tslab ${tslab} as it comes: the profile is written for ${PROFILED_TSLAB} and steps aside. ` +
      `For the profile: npm install --save-dev tslab@${PROFILED_TSLAB}`,
  )
  return 1
}

async function check({ args, options, write, warn }: CommandContext): Promise<number> {
  const files = notebooksIn(args)
  const canaries = [...canariesOf(process.env), ...listOf(options.canary)]
  let failures = 0
  const syntax = syntaxOr((error) => warn(`Traps of tslab were not looked for. ${error.message}`))
  for (const file of files) {
    const findings = checkNotebook(readNotebook(file), { canaries, ...(syntax === undefined ? {} : { syntax }) })
    for (const { cell, message, fails } of findings) {
      if (fails) failures += 1
      const line = `${file}: cell ${cell}: ${message}`
      if (fails) warn(line)
      else write(`${line} (a warning)`)
    }
  }
  write(
    `${files.length} ${files.length === 1 ? 'notebook' : 'notebooks'} checked, ${failures} ${failures === 1 ? 'fault' : 'faults'}.`,
  )
  return failures === 0 ? 0 : 1
}

async function clean({ args, write }: CommandContext): Promise<number> {
  for (const file of notebooksIn(args)) {
    writeNotebook(file, cleaned(readNotebook(file)))
    write(`${file}: outputs removed`)
  }
  return 0
}

async function run({ args, options, write, warn }: CommandContext): Promise<number> {
  const [input, output, ...rest] = args
  if (input === undefined || rest.length > 0)
    throw new Error('tenantlab notebooks run takes FILE and, to keep the result, OUTPUT.')
  const notebook = withParameters(readNotebook(input), parametersOf(options))
  const ran = await runNotebook(notebook, {
    path: input,
    stock: options.stock === true,
    onCell: (cell) => {
      if (output !== undefined) return
      for (const one of cell.outputs)
        write((textOf(one.text) || textOf(one.data?.['text/plain'] as string[])).trimEnd())
    },
  })
  const { failed } = ran
  if (failed !== undefined) {
    const said = failed.outputs.filter((one) => one.name === 'stderr').map((one) => textOf(one.text))
    warn(`${input}: cell ${failed.index + 1} failed.\n${said.join('').trimEnd()}`)
  }
  if (output !== undefined) {
    const leaks = checkNotebook(ran.notebook, { canaries: canariesOf(process.env) }).filter(({ fails }) => fails)
    if (leaks.length > 0) {
      for (const { cell, message } of leaks) warn(`${input}: cell ${cell}: ${message}`)
      warn(`${output} was not written, as it would hold a secret.`)
      return 1
    }
    writeNotebook(output, ran.notebook)
    write(`${output}: ${ran.cells.length} cells ran${failed === undefined ? '' : ', the last one failed'}`)
  }
  return failed === undefined ? 0 : 1
}

function parametersOf(options: CommandContext['options']): Record<string, Json> {
  const file = options.parameters
  const given = typeof file === 'string' ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Json>) : {}
  return { ...given, ...Object.fromEntries(listOf(options.parameter).map(parameterOf)) }
}

/** Options that may be repeated come as a list. */
function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as string[]) : typeof value === 'string' ? [value] : []
}

/** The files, and the notebooks of folders among them. */
function notebooksIn(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path]
    const names = readdirSync(path).filter((name) => name.endsWith('.ipynb'))
    return names.sort().map((name) => join(path, name))
  })
  if (files.length === 0) throw new Error('Name the notebooks, or a folder that has some.')
  return files
}

function syntaxOr(without: (error: Error) => void): ReturnType<typeof tslabSyntax> | undefined {
  try {
    return tslabSyntax()
  } catch (error) {
    without(error as Error)
    return undefined
  }
}
