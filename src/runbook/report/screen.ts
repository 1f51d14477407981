import type { Screen } from './contract.ts'

/** True where nobody looks at the output while it is made. */
export function isContinuous(): boolean {
  return process.env.GITHUB_ACTIONS === 'true' || Boolean(process.env.CI)
}

/** Standard output; drawn over only where a person looks at a terminal that can do it, and wants more than plain lines. */
export function standardScreen(): Screen {
  const { stdout } = process
  const write = (text: string): void => void stdout.write(text)
  const { NO_COLOR, TERM } = process.env
  if (stdout.isTTY !== true || isContinuous() || TERM === 'dumb' || NO_COLOR) return { write }
  return {
    write,
    colours: true,
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    resized(act) {
      stdout.on('resize', act)
      return () => stdout.off('resize', act)
    },
  }
}
