/** Where completion looks names up. */
export interface CompletionSource {
  /** Variables of the console, by name. */
  readonly variables: Readonly<Record<string, unknown>>
  /** Dot commands, without the dot. */
  readonly commands: readonly string[]
}

/** Members of a plan: what most calls of the grammar answer. */
const PLAN = ['run()', 'explain()', 'diff()', 'with(', 'customDomain(', 'toCurl()', 'toHttp()', 'toJSON()', 'events()', 'data', 'hash']
const LIST = ['first()', 'all()', 'take(', 'pages()']

/** What follows a call that is written by hand; calls are never made to find out. */
const AFTER_CALL: Readonly<Record<string, readonly string[]>> = {
  'auth0.mfa()': ['enroll', 'challenge', 'verify', 'authenticators'],
  'auth0.mfa().enroll': ['sms(', 'voice(', 'email(', 'otp()', 'push()'],
  'auth0.mfa().challenge': ['oob(', 'otp()'],
  'auth0.mfa().verify': ['oob(', 'otp(', 'recoveryCode('],
  'auth0.mfa().authenticators': ['list()'],
  'auth0.mfa().authenticators()': ['delete()'],
  'auth0.tenant()': ['quotas()'],
  'auth0.tenant().quotas()': ['clients(', 'organizations(', 'get()'],
}

const PATH = /(?:^|[^\w$.)\]])((?:[A-Za-z_$][\w$]*)(?:\s*\.\s*[A-Za-z_$][\w$]*|\((?:[^()]|\([^()]*\))*\))*\s*\.\s*)?([A-Za-z_$][\w$]*)?$/

/**
 * Candidates for the end of a line. Reads names only: no call is made, and no getter of a foreign object is run.
 *
 * @returns The candidates and the part of the line that they complete, as Node's console wants them.
 */
export function complete(line: string, source: CompletionSource): [string[], string] {
  const command = /^\s*\.(\w*)$/.exec(line)
  if (command !== null) {
    const typed = command[1] ?? ''
    return [source.commands.filter((name) => name.startsWith(typed)).map((name) => `.${name}`), `.${typed}`]
  }
  const match = PATH.exec(line)
  if (match === null) return [[], '']
  const typed = match[2] ?? ''
  const path = match[1]
  const names = path === undefined ? Object.keys(source.variables) : membersAt(path, source)
  return [names.filter((name) => name.startsWith(typed)).sort(), typed]
}

function membersAt(written: string, source: CompletionSource): readonly string[] {
  const steps = stepsOf(written)
  const [root, ...rest] = steps
  if (root === undefined || !Object.hasOwn(source.variables, root)) return []
  let value = source.variables[root]
  let name = root
  for (const [index, step] of rest.entries()) {
    const path = `${name}${step === '()' ? '' : '.'}${step}`
    const known = AFTER_CALL[['auth0', ...rest.slice(0, index + 1)].join('.').replaceAll('.()', '()')]
    if (step === '()') {
      const after = afterCall(value)
      if (after === undefined) return index === rest.length - 1 ? (known ?? membersOfAnswer(rest)) : known !== undefined ? descend(rest, index) : []
      value = after
    } else value = read(value, step)
    name = path
    if (value === undefined) return index === rest.length - 1 ? (known ?? []) : descend(rest, index)
  }
  return namesOf(value)
}

/** Goes on by the table alone, once no object stands for what was written. */
function descend(rest: readonly string[], index: number): readonly string[] {
  const whole = ['auth0', ...rest].join('.').replaceAll('.()', '()')
  const known = AFTER_CALL[whole]
  if (known !== undefined) return known
  return rest.at(-1) === '()' && index < rest.length ? membersOfAnswer(rest) : []
}

function membersOfAnswer(rest: readonly string[]): readonly string[] {
  const verb = rest.at(-2) ?? ''
  return verb === 'list' ? [...PLAN, ...LIST] : PLAN
}

function stepsOf(written: string): string[] {
  const steps: string[] = []
  let depth = 0
  let word = ''
  for (const char of written) {
    if (char === '(') {
      if (depth === 0) {
        if (word !== '') steps.push(word)
        word = ''
        steps.push('()')
      }
      depth += 1
    } else if (char === ')') depth -= 1
    else if (depth > 0) continue
    else if (char === '.') {
      if (word !== '') steps.push(word)
      word = ''
    } else if (/[\w$]/.test(char)) word += char
  }
  return steps
}

/** The node behind a call on a group, which makes no request and needs no real id; other calls are not made. */
function afterCall(value: unknown): unknown {
  if (typeof value !== 'function' || Object.getPrototypeOf(value) === Function.prototype) return undefined
  try {
    return (value as (...ids: string[]) => unknown)('id')
  } catch {
    return twoIds(value as (...ids: string[]) => unknown)
  }
}

/** Some groups are called with two identifiers. */
function twoIds(group: (...ids: string[]) => unknown): unknown {
  try {
    return group('id', 'id')
  } catch {
    return undefined
  }
}

function read(value: unknown, name: string): unknown {
  for (let holder: unknown = value; isHolder(holder); holder = Object.getPrototypeOf(holder)) {
    const property = Object.getOwnPropertyDescriptor(holder, name)
    if (property === undefined) continue
    if ('value' in property) return property.value
    // Groups of the grammar are getters without effects on prototypes that have none of the language's own above them.
    return isGrammar(value) ? property.get?.call(value) : undefined
  }
  return undefined
}

function isGrammar(value: unknown): boolean {
  let last = value
  while (isHolder(last)) {
    const above = Object.getPrototypeOf(last)
    if (above === null) return last !== Object.prototype
    last = above
  }
  return false
}

function namesOf(value: unknown): readonly string[] {
  const names = new Set<string>()
  for (let holder: unknown = value; isHolder(holder); holder = Object.getPrototypeOf(holder)) {
    if (holder === Object.prototype || holder === Function.prototype) break
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (name === 'constructor' || !/^[A-Za-z_$][\w$]*$/.test(name)) continue
      names.add(typeof read(value, name) === 'function' && !isGroup(read(value, name)) ? `${name}(` : name)
    }
  }
  return [...names]
}

function isGroup(value: unknown): boolean {
  return typeof value === 'function' && Object.getPrototypeOf(value) !== Function.prototype
}

function isHolder(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
