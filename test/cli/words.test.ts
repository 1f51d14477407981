import { describe, expect, it } from 'vitest'
import { MisuseError, readWords } from '../../src/cli/words/index.ts'
import type { OptionTable } from '../../src/cli/words/options.ts'
import type { Taken } from '../../src/cli/words/read.ts'
import type { Parameter } from '../../src/runbook/index.ts'

const options: OptionTable = {
  check: { type: 'boolean', help: '' },
  yes: { type: 'boolean', help: '' },
  out: { type: 'string', short: 'o', help: '' },
  tags: { type: 'string', multiple: true, help: '' },
  clock: { type: 'string', choices: ['real', 'fixed'], help: '' },
}
const parameter = (name: string, type: Parameter['type']): Parameter => ({
  name,
  flag: name,
  variable: '',
  type,
  schema: {},
  required: false,
  secret: false,
})
const parameters = [parameter('name', 'text'), parameter('enforce', 'boolean'), parameter('callbacks', 'list')]
const takes: readonly Taken[] = [{ name: 'FILE' }]
const read = (...args: string[]) => readWords(args, { name: 'run', takes, options, parameters })
const refusal = (...args: string[]) => {
  try {
    read(...args)
  } catch (error) {
    expect(error).toBeInstanceOf(MisuseError)
    return (error as Error).message
  }
  throw new Error(`${args.join(' ')} was not refused.`)
}

describe('R47 a text that is made a boolean is given as a boolean is', () => {
  const sure: Parameter = { ...parameter('sure', 'boolean'), schema: { type: 'string' } }
  it.each([
    [['--sure'], 'true', 1],
    [['--sure', 'off'], 'off', 1],
    [['--sure=enabled'], 'enabled', 1],
    [['--no-sure'], false, 1],
    [['--sure', 'g.ts'], 'true', 2],
  ])('%j', (args, value, count) => {
    const several = [{ name: 'FILE' }, { name: 'MORE', optional: true }] as const
    const { words, values } = readWords(['f.ts', ...args], { name: 'run', takes: several, options, parameters: [sure] })
    expect(values.sure).toBe(value)
    expect(words).toHaveLength(count)
  })
})

describe('R1 every word is used or refused', () => {
  it.each([
    [['f.ts', '—check'], 'Write --check'],
    [['f.ts', '–check'], 'Write --check'],
    [['f.ts', '−check'], 'Write --check'],
    [['—check', 'f.ts'], 'Write --check'],
    [['f.ts', '--name', '—check'], 'Write --check'],
    [['f.ts', 'check'], 'Did you mean --check?'],
    [['f.ts', 'b.json'], '"b.json" would be left out'],
    [['f.ts', '--chek'], 'Did you mean --check?'],
    [['f.ts', '--unheard-of'], 'There is no option --unheard-of'],
    [['f.ts', '--dry-run'], 'There is no option --dry-run. Write --check.'],
    [['f.ts', '--auto-approve'], 'There is no option --auto-approve. Write --yes.'],
    [['f.ts', '--users', '50'], 'There is no option --users. tenantlab sandbox and tenantlab repl have it.'],
    [['f.ts', '--follow'], 'There is no option --follow. tenantlab logs has it.'],
    [['f.ts', '--unheard-of=1'], 'There is no option --unheard-of'],
    [['f.ts', '-x'], 'There is no option -x'],
    [['f.ts', '--name'], '--name needs a value'],
    [['f.ts', '--name', '--check'], 'Write --name=--check'],
    [['f.ts', '--name', 'a', '--name', 'b'], '--name is given twice'],
    [['f.ts', '--out', 'a', '-o', 'b'], 'is given twice'],
    [['f.ts', '--clock', 'fixd'], 'Did you mean fixed?'],
    [['f.ts', '--out', ''], '--out needs a value'],
    [['f.ts', '--out='], '--out needs a value'],
    [['f.ts', '--tags', ' '], '--tags needs a value'],
    [['f.ts', '--tags=,'], '--tags needs a value'],
    [[], 'needs a FILE'],
  ])('%j', (args, sentence) => {
    expect(refusal(...args)).toContain(sentence)
  })

  it('keeps what it takes as it was written', () => {
    expect(read('f.ts', '--name', '007', '-o', 'x', '--tags', 'a', '--tags=b', '--callbacks', '1e3')).toEqual({
      words: ['f.ts'],
      values: { name: '007', out: 'x', tags: ['a', 'b'], callbacks: ['1e3'] },
    })
    expect(read('f.ts', '--name=--check', '--out', '-1').values).toEqual({ name: '--check', out: '-1' })
    expect(read('--', '--check').words).toEqual(['--check'])
    expect(read('f.ts', '--name', '').values).toEqual({ name: '' })
  })
})

describe('R2 every flag can say false', () => {
  it.each([
    [['--enforce=false'], { enforce: false }],
    [['--enforce', 'false'], { enforce: false }],
    [['--no-enforce'], { enforce: false }],
    [['--enforce=no'], { enforce: false }],
    [['--enforce'], { enforce: true }],
    [['--enforce', 'true'], { enforce: true }],
    [['--check=false', '--yes', 'false'], { check: false, yes: false }],
    [['--no-check'], { check: false }],
  ])('%j', (args, values) => {
    expect(read('f.ts', ...args)).toEqual({ words: ['f.ts'], values })
    expect(read(...args, 'f.ts')).toEqual({ words: ['f.ts'], values })
  })

  it.each([
    [['--enforce=perhaps'], '--enforce takes true or false, not "perhaps"'],
    [['--no-enforce=true'], '--no-enforce takes no value'],
    [['--enforce', '--no-enforce'], 'is given twice'],
    [['--no-name'], 'There is no option --no-name'],
  ])('refuses %j', (args, sentence) => {
    expect(refusal('f.ts', ...args)).toContain(sentence)
  })
})
