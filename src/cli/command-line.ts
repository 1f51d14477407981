import { main } from './main.ts'

/** Runs the command that this process was started with, and ends with its exit code. */
export function runCommandLine(): void {
  const { stdout, stderr } = process
  for (const stream of [stdout, stderr]) stream.on('error', unlessClosed)
  // As they are now: a command may point what else is printed elsewhere.
  const [out, err] = [stdout.write.bind(stdout), stderr.write.bind(stderr)]
  const streams = {
    write: (text: string) => void out(`${text}\n`),
    warn: (text: string) => void err(`${text}\n`),
  }
  main(process.argv.slice(2), streams).then(
    (code) => {
      process.exitCode = code
    },
    (error: unknown) => {
      streams.warn(String(error))
      process.exitCode = 1
    },
  )
}

/**
 * A reader that has seen enough, such as `head`, closes the pipe, and a terminal may go. What was begun is still done to
 * its end, in silence: a run that ended there would have written half of its steps.
 */
function unlessClosed(error: NodeJS.ErrnoException): void {
  if (!['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'].includes(error.code ?? '')) throw error
}
