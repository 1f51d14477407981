import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Command as Completed, RootCommand } from '@bomb.sh/tab'
import { meantSentence, nearest } from '../catalogue/index.ts'
import { listProfiles } from '../profiles/index.ts'
import { commands } from './commands/index.ts'
import { type Command, firstWord, MisuseError } from './words/index.ts'

const SHELLS = ['bash', 'zsh', 'fish']

/** What the script for bash takes from the package bash-completion, for shells that have not loaded it. */
const WORDS_OF_BASH = `# Without bash-completion, words are taken as bash splits them.
if ! declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref() {
        words=("\${COMP_WORDS[@]}")
        cword=$COMP_CWORD
        cur=\${COMP_WORDS[COMP_CWORD]}
        prev=\${COMP_WORDS[COMP_CWORD - 1]}
    }
fi
`

/**
 * `tenantlab complete bash` prints what completes commands in that shell; `tenantlab complete -- WORDS` is what that asks.
 *
 * @param args the words after `complete`.
 * @returns The exit code.
 */
export async function complete(args: readonly string[]): Promise<number> {
  const [shell, ...words] = args
  const { RootCommand } = await import('@bomb.sh/tab')
  const root = new RootCommand()
  if (shell === '--') {
    await describe(root, words)
    root.parse([...words])
    return 0
  }
  if (shell === undefined || !SHELLS.includes(shell) || words.length > 0) {
    const near = shell === undefined ? undefined : nearest(shell, SHELLS)
    throw new MisuseError(
      `tenantlab complete takes ${SHELLS.join(', ')}.${near === undefined ? '' : ` ${meantSentence(near, '', (name) => name)}`} For bash: source <(tenantlab complete bash)`,
    )
  }
  if (shell === 'bash') process.stdout.write(WORDS_OF_BASH)
  root.setup('tenantlab', 'tenantlab', shell)
  return 0
}

/** Tells what can follow: all commands, and the words and options of the one that is named. */
async function describe(root: RootCommand, words: readonly string[]): Promise<void> {
  const [named, ...rest] = words
  for (const { name, summary, load } of commands) {
    const completed = root.command(name, summary)
    if (name === named) await describeCommand(completed, (await load()).command, rest)
  }
  const help = root.command('help', 'Tells what a command does.')
  help.argument('COMMAND', (add) => {
    for (const { name, summary } of commands) add(name, summary)
  })
}

async function describeCommand(completed: Completed, command: Command, words: readonly string[]): Promise<void> {
  const typed = words.at(-1) ?? ''
  for (const { name, several } of command.takes) {
    completed.argument(
      name,
      (add) => {
        for (const word of candidates(name, typed)) add(word, '')
      },
      several === true,
    )
  }
  for (const [name, { type, help, short, choices, value }] of Object.entries(command.options)) {
    if (type === 'boolean') completed.option(name, help, short ?? '')
    else {
      completed.option(
        name,
        help,
        (add) => {
          for (const word of choices ?? valuesFor(name, value, typed)) add(word, '')
        },
        short,
      )
    }
  }
  const file = command.describe === undefined ? undefined : firstWord(words.slice(0, -1), command.options)
  if (file === undefined || !existsSync(file)) return
  const { parameters = [] } = (await command.describe?.(file)) ?? {}
  for (const { flag, type, description = '', choices = [] } of parameters) {
    if (type === 'boolean') completed.option(flag, description)
    else {
      completed.option(flag, description, (add) => {
        for (const choice of choices) add(choice, '')
      })
    }
  }
}

/** What a word may be: `use|remove` are words, all else but a few names are files. */
function candidates(name: string, typed: string): readonly string[] {
  if (name.includes('|')) return name.split('|')
  if (name === 'NAME') return profiles()
  return /^(FILE|PLAN|JOURNAL|NOTEBOOK)$/.test(name) ? paths(typed) : []
}

function valuesFor(name: string, value: string | undefined, typed: string): readonly string[] {
  if (name === 'tenant' || name === 'profile') return profiles()
  return value === 'FILE' || value === 'FOLDER' ? paths(typed) : []
}

const profiles = (): readonly string[] => listProfiles(process.env).map((profile) => profile.name)

/** What lies where the typed path points; folders end with a slash. */
function paths(typed: string): readonly string[] {
  const folder = typed.endsWith('/') ? typed : dirname(typed)
  const prefix = typed.endsWith('/') ? '' : basename(typed)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name.startsWith(prefix) && (prefix.startsWith('.') || !entry.name.startsWith('.')))
    .map((entry) => {
      const path = typed.startsWith('./') ? `./${join(folder, entry.name)}` : join(folder, entry.name)
      return entry.isDirectory() ? `${path}/` : path
    })
}
