import type { OperationRow } from '../catalogue/index.ts'
import { type PlanData, plainMessage } from '../plan/index.ts'
import type { WireEnvironment } from './environment.ts'
import { unboundEnvironment } from './explain.ts'
import { formText } from './form.ts'
import type { DraftBody } from './http.ts'
import { splitVariables, template } from './template.ts'

/**
 * The request of a plan as an `.http` file, as editors run it. Secrets stand as `{{variables}}`: the token of the
 * session is `{{token}}`.
 */
export function toHttp(plan: PlanData, row: OperationRow, environment: WireEnvironment = unboundEnvironment): string {
  const { request, variables } = template(plan, row, environment)
  const boundary = 'tenantlab-part'
  const headers: Record<string, string> = { ...request.headers }
  if (request.body?.kind === 'multipart') headers['content-type'] = `multipart/form-data; boundary=${boundary}`
  const lines = [
    `### ${plan.op === 'raw' ? plan.route : plan.op}`,
    ...[...variables].map(([name, meaning]) => `# {{${variableName(name)}}} is ${meaning}.`),
    `${request.method} ${request.origin}${request.path}${request.search} HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  if (request.body !== undefined) lines.push('', bodyText(request.body, boundary))
  return `${splitVariables(plainMessage(lines.join('\n')))
    .map((part, index) => (index % 2 === 1 ? `{{${variableName(part)}}}` : part))
    .join('')}\n`
}

function variableName(name: string): string {
  return name === 'AUTH0_TOKEN' ? 'token' : name.toLowerCase()
}

function bodyText(body: DraftBody, boundary: string): string {
  if (body.kind === 'json') return JSON.stringify(body.value, null, 2)
  if (body.kind === 'form') return decodeVariables(formText(body.fields))
  const parts = body.parts.map(({ name, filename, contentType, content }) => {
    const file = filename === undefined ? '' : `; filename="${filename}"`
    const type = contentType === undefined ? '' : `\ncontent-type: ${contentType}`
    const data = typeof content === 'string' ? content : `< ${content.file}`
    return `--${boundary}\ncontent-disposition: form-data; name="${name}"${file}${type}\n\n${data}`
  })
  return `${parts.join('\n')}\n--${boundary}--`
}

// The marks of variables were percent-encoded with the form around them.
function decodeVariables(text: string): string {
  return text.replace(/%EE%80%8[01]/g, (mark) => decodeURIComponent(mark))
}
