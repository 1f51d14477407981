import type { Call } from '../words/index.ts'
import { Output } from './output.ts'

/** Runs work that tells runs, and tells as well whatever keeps a run from beginning. */
export async function telling({ args, write, warn }: Call, work: (output: Output) => Promise<number>): Promise<number> {
  // Words that cannot be read must be told in the form that the caller reads.
  const json = args.some((word) => word === '--json' || word === '--json=true')
  const release = json ? keepOutputClean() : undefined
  const output = new Output(json, { write, warn })
  try {
    return await work(output)
  } catch (error) {
    return output.refuse(error)
  } finally {
    output.close()
    release?.()
  }
}

/** What a program reads holds events alone: whatever else is printed meanwhile goes to standard error. */
function keepOutputClean(): () => void {
  const { stdout, stderr } = process
  const own = stdout.write
  stdout.write = ((...given: Parameters<typeof stdout.write>) => stderr.write(...given)) as typeof stdout.write
  return () => {
    stdout.write = own
  }
}
