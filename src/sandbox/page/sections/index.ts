// The sections of the page, one file each: what it shows of the tenant, and the forms that change it.
export { clock, clockForm } from './clock.ts'
export { events } from './events.ts'
export { FAULTS, faultForm, faults, METHODS } from './faults.ts'
export { gauges } from './gauges.ts'
export { inbox, KINDS } from './inbox.ts'
export { logs } from './logs.ts'
export { requests } from './requests.ts'
export { state, stateDetail } from './state.ts'
