import { inspect } from 'node:util'
import type { MimeBundle } from './look.ts'
import { denoJupyter, tslabModule } from './notebook-guard.ts'
import { forgetNothing } from './nothing.ts'

/** Names a display that later writes replace. */
export interface DisplayPlace {
  readonly id: string
  /** True for a write that replaces the one before. */
  readonly update: boolean
}

/** Where displays go. */
export interface DisplayTarget {
  readonly kind: 'notebook' | 'terminal'
  write(bundle: MimeBundle, place?: DisplayPlace): void | Promise<void>
}

/** Writes a display; a front end that fails to take it is told of, and stops nothing. */
export function writeDisplay(target: DisplayTarget, bundle: MimeBundle, place?: DisplayPlace): void {
  forgetNothing()
  const written = target.write(bundle, place)
  if (written !== undefined) written.catch((error: unknown) => console.error(inspect(error)))
}

/** The place that this process shows things in. */
export function displayTarget(): DisplayTarget {
  return deno() ?? tslab() ?? terminal
}

const terminal: DisplayTarget = { kind: 'terminal', write: (bundle) => console.log(bundle['text/plain']) }

function deno(): DisplayTarget | undefined {
  const jupyter = denoJupyter()
  if (jupyter === undefined) return undefined
  const broadcast = jupyter.broadcast.bind(jupyter)
  return {
    kind: 'notebook',
    write: (data, place) =>
      broadcast(place?.update === true ? 'update_display_data' : 'display_data', contentOf(data, place)),
  }
}

function contentOf(data: MimeBundle, place: DisplayPlace | undefined): object {
  return { data, metadata: {}, transient: place === undefined ? {} : { display_id: place.id } }
}

/** tslab's own display takes one media type at a time; the function below it takes them all. */
function tslab(): DisplayTarget | undefined {
  const module = tslabModule()
  if (module === undefined) return undefined
  return {
    kind: 'notebook',
    write(data, place) {
      module.lastWriteDisplayData?.(contentOf(data, place), place?.update === true)
    },
  }
}
