import { readdirSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { meantSentence, nearest } from '../../catalogue/index.ts'
import {
  canariesOf,
  checkNotebook,
  cleaned,
  faultsOfCells,
  installKernel,
  type Notebook,
  PROFILED_TSLAB,
  readNotebook,
  runNotebook,
  textOf,
  tslabSyntax,
  uninstallKernel,
  withoutStoredSecrets,
  withParameters,
  writeNotebook,
} from '../../notebook/index.ts'
import { ConfigurationError } from '../../plan/index.ts'
import { fresh, notebookParameters } from '../runbook/index.ts'
import { type Command, FORCE, MisuseError, textOf as textOption } from '../words/index.ts'
import type { Given } from './notebooks-open.ts'

const VERBS = { open, install, uninstall, check, clean, run } as const
type Verb = keyof typeof VERBS

/** Which options belong to which of the verbs. */
const OPTIONS: Readonly<Record<Verb, readonly string[]>> = {
  open: ['to', 'copy', 'force'],
  install: ['folder', 'name', 'force'],
  uninstall: ['folder', 'name'],
  check: ['canary'],
  clean: ['secrets', 'canary'],
  run: ['parameter', 'parameters', 'stock', 'force'],
}

/** `tenantlab notebooks`: the kernel profile, and what keeps notebooks clean and repeatable. */
export const command: Command = {
  usage: 'open [NAME] | install | uninstall | check FILE… | clean FILE… | run FILE [OUTPUT]',
  about:
    'open copies the notebooks of this package into a folder of yours and opens one in Jupyter, the index unless NAME ' +
    'says which. install puts the kernel profile where Jupyter finds it, uninstall takes it away. check finds what should not be in a notebook that is handed on, ' +
    'clean removes its outputs, and run runs it in a kernel and, with OUTPUT, keeps the result. A folder stands for the ' +
    'notebooks in it and below it.',
  takes: [
    { name: 'open|install|uninstall|check|clean|run', optional: true },
    { name: 'FILE', optional: true, several: true },
  ],
  options: {
    to: { type: 'string', value: 'FOLDER', help: 'open: where they are copied to; tenantlab-notebooks unless given' },
    copy: { type: 'boolean', help: 'open: copies them, and opens nothing' },
    folder: { type: 'string', value: 'FOLDER', help: "install: Jupyter's data folder; the user's own unless given" },
    name: { type: 'string', value: 'NAME', help: 'install: name of the kernel; tenantlab unless given' },
    canary: { type: 'string', multiple: true, value: 'TEXT', help: 'check: a value that no notebook may hold' },
    parameter: {
      type: 'string',
      short: 'p',
      multiple: true,
      value: 'NAME=VALUE',
      help: 'run: a value for the cell tagged parameters',
    },
    parameters: { type: 'string', value: 'FILE', help: 'run: a JSON file of such values' },
    secrets: { type: 'boolean', help: 'clean: takes the secrets out of the outputs, and leaves the rest' },
    stock: { type: 'boolean', help: 'run: without the kernel profile' },
    ...FORCE,
  },
  exits: [0, 1, 64],
  examples: [
    'tenantlab notebooks open 05-token-quotas',
    'tenantlab notebooks install',
    'tenantlab notebooks check NOTEBOOKS/05-token-quotas.ipynb',
  ],
  async run({ read, write, warn }) {
    const {
      words: [word = '', ...args],
      values,
    } = read()
    if (!Object.hasOwn(VERBS, word)) {
      const near = nearest(word, Object.keys(VERBS))
      throw new MisuseError(
        `tenantlab notebooks takes open [NAME], install, uninstall, check FILE…, clean FILE…, or run FILE [OUTPUT]${word === '' ? '' : `, not "${word}"`}.${near === undefined ? '' : ` ${meantSentence(near, '', (name) => name)}`}`,
      )
    }
    const verb = word as Verb
    const idle = Object.keys(values).find((name) => !OPTIONS[verb].includes(name))
    if (idle !== undefined) throw new MisuseError(`--${idle} would be left out: notebooks ${verb} does not take it.`)
    return VERBS[verb]({ args, values, write, warn })
  },
}

async function open(given: Given): Promise<number> {
  return (await import('./notebooks-open.ts')).open(given)
}

async function uninstall({ args, values, write }: Given): Promise<number> {
  if (args.length > 0)
    throw new MisuseError(`"${args[0]}" would be left out: notebooks uninstall takes no further word.`)
  const { folder, name } = values
  const file = uninstallKernel({
    ...(typeof folder === 'string' && { folder }),
    ...(typeof name === 'string' && { name }),
  })
  write(`The kernel was removed: ${file}`)
  return 0
}

async function install({ args, values, write, warn }: Given): Promise<number> {
  if (args.length > 0) throw new MisuseError(`"${args[0]}" would be left out: notebooks install takes no further word.`)
  const { file, name, profiled, tslab } = installKernel({
    ...(typeof values.folder === 'string' ? { folder: values.folder } : {}),
    ...(typeof values.name === 'string' ? { name: values.name } : {}),
    force: values.force === true,
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

async function check({ args, values, write, warn }: Given): Promise<number> {
  const files = notebooksIn(args)
  const canaries = [...canariesOf(process.env), ...listOf(values.canary)]
  let failures = 0
  const syntax = syntaxOr((error) => warn(`Traps of tslab were not looked for. ${error.message}`))
  for (const file of files) {
    let notebook: Notebook
    try {
      notebook = readNotebook(file)
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      failures += 1
      warn(error.message)
      continue
    }
    const findings = checkNotebook(notebook, { canaries, ...(syntax === undefined ? {} : { syntax }) })
    const faults = await faultsOfCells(notebook, findings)
    for (const { cell, message, fails } of [...findings, ...faults].sort((a, b) => a.cell - b.cell)) {
      if (fails) failures += 1
      const line = `${file}${cell === 0 ? '' : `: cell ${cell}`}: ${message}`
      if (fails) warn(line)
      else write(`${line} (a warning)`)
    }
  }
  write(
    `${files.length} ${files.length === 1 ? 'notebook' : 'notebooks'} checked, ${failures} ${failures === 1 ? 'fault' : 'faults'}.`,
  )
  return failures === 0 ? 0 : 1
}

async function clean({ args, values, write }: Given): Promise<number> {
  const canaries = [...canariesOf(process.env), ...listOf(values.canary)]
  for (const file of notebooksIn(args)) {
    const notebook = readNotebook(file)
    const onlySecrets = values.secrets === true
    writeNotebook(file, onlySecrets ? withoutStoredSecrets(notebook, canaries) : cleaned(notebook))
    write(`${file}: ${onlySecrets ? 'secrets taken out of the outputs' : 'outputs removed'}`)
  }
  return 0
}

async function run({ args, values, write, warn }: Given): Promise<number> {
  const [input, output, ...rest] = args
  if (input === undefined || rest.length > 0)
    throw new MisuseError('tenantlab notebooks run takes FILE and, to keep the result, OUTPUT.')
  if (output !== undefined && output !== input) fresh(output, 'OUTPUT', values)
  const read = readNotebook(input)
  const given = {
    notebookFile: input,
    file: textOption(values, 'parameters'),
    option: '--parameters',
    values: listOf(values.parameter),
    tell: warn,
  }
  const notebook = withParameters(read, notebookParameters(read, given))
  const ran = await runNotebook(notebook, {
    path: input,
    stock: values.stock === true,
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

/** Options that may be repeated come as a list. */
function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as string[]) : typeof value === 'string' ? [value] : []
}

/** The files, and the notebooks of folders among them and of those below. */
function notebooksIn(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    // What is not there is told when it is read, so that the others are not left out for it.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path]
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(
      // Jupyter keeps copies in a folder whose name begins with a dot.
      (name) =>
        name.endsWith('.ipynb') && !name.split(sep).some((part) => part === 'node_modules' || /^\.\w/.test(part)),
    )
    return names.sort().map((name) => join(path, name))
  })
  if (files.length === 0) throw new MisuseError('Name the notebooks, or a folder that has some.')
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
