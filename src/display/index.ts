// The room of how things look: it turns plans, values, errors and events into text, HTML and JSON, and hides secrets
// on the way.
export { attachedLook, attachedRow, attachLook } from './attach.ts'
export { type Block, type Card, fields, notes, type Tone } from './card.ts'
export type { ChartKind, ChartOptions } from './charts/index.ts'
export { redactedInspect } from './inspect.ts'
export type { JoinedReads, JoinOptions, RowSource } from './joined.ts'
export {
  type FollowOptions,
  follow,
  LiveDisplay,
  type LiveSurroundings,
  usualSurroundings,
  watch,
} from './live/index.ts'
export type { Look } from './look.ts'
export { giveLook, lookOf } from './look.ts'
export {
  chart,
  countText,
  differencesOf,
  liveLoginSteps,
  ROWS_DRAWN,
  type SessionView,
  type ShownChart,
  showCollected,
  showError,
  showEvent,
  showEvents,
  showFlow,
  showPassingQr,
  showPlan,
  showSecret,
  showSession,
  showToken,
  type ToldRun,
} from './looks/index.ts'
export { guardedContent, guardedText, guardNotebook } from './notebook-guard.ts'
export type { Revealed } from './reveal.ts'
export { revealed } from './reveal.ts'
export type { ShowOptions } from './rows.ts'
export { bundleOf, show } from './show.ts'
export { durationText } from './summary.ts'
export { clip, columnLines, foldedLines, type Paint, painter, plain, plainLines, width, wrap } from './text/index.ts'
