// The room of how things look: it turns plans, values, errors and events into text, HTML and JSON, and hides secrets
// on the way.
export type { LookContext, LookKind } from './attach.ts'
export { attachedLook, attachLook } from './attach.ts'
export type {
  Block,
  Card,
  Difference,
  DifferencesBlock,
  Field,
  FieldsBlock,
  Gauge,
  GaugesBlock,
  LinesBlock,
  NotesBlock,
  TableBlock,
  Tone,
} from './card.ts'
export { escapeHtml, renderHtml } from './html/render.ts'
export { redactedInspect } from './inspect.ts'
export type { Look, MimeBundle } from './look.ts'
export { giveLook, lookOf } from './look.ts'
export { showDiff } from './looks/diff.ts'
export { showError } from './looks/error.ts'
export { eventLine, showEvent, showEvents } from './looks/events.ts'
export type { ExecutionView } from './looks/outcome.ts'
export { showExecution, showOutcome } from './looks/outcome.ts'
export type { PlanLookOptions } from './looks/plan.ts'
export { planLine, showExplanation, showFlow, showPlan } from './looks/plan.ts'
export type { ResultContext } from './looks/result.ts'
export { resultJson, showResult } from './looks/result.ts'
export type { BucketView, LimitsView, SessionView } from './looks/session.ts'
export { showLimits, showSession } from './looks/session.ts'
export type { Revealed } from './reveal.ts'
export { revealed } from './reveal.ts'
export { bundleOf, show } from './show.ts'
export { plain } from './text/plain.ts'
export type { TextOptions } from './text/render.ts'
export { renderText } from './text/render.ts'
