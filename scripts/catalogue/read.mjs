// Reads OpenAPI documents into one model of operations and schemas, without prose, samples and defaults, so that the
// published documents and stripped ones give the same.
import { readFileSync } from 'node:fs'
import {
  addedOperations,
  authenticationOperations,
  authenticationPage,
  correctOperation,
  correctSchemas,
  formBodies,
  recordedOnly,
  sameAnswers,
  withoutPage,
} from '../../src/catalogue/corrections.mjs'
import { layOverlays } from './overlay.mjs'

const methods = ['get', 'post', 'put', 'patch', 'delete']
const keywords = [
  '$ref',
  'type',
  'enum',
  'const',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'required',
]
const nested = ['items', 'contains']
const lists = ['oneOf', 'anyOf', 'allOf']

// The page of an operation is called after its operation id.
const managementPage = 'https://auth0.com/docs/api/management/v2'
const kebab = (id) =>
  id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase()

/** A schema with nothing but its rules; references become bare names. */
export function cleanSchema(schema) {
  if (typeof schema !== 'object' || schema === null) return schema
  const clean = {}
  for (const key of keywords) {
    if (schema[key] === undefined) continue
    clean[key] = key === '$ref' ? schema[key].split('/').at(-1) : structuredClone(schema[key])
  }
  for (const key of nested) if (schema[key] !== undefined) clean[key] = cleanSchema(schema[key])
  for (const key of lists) if (schema[key] !== undefined) clean[key] = schema[key].map(cleanSchema)
  if (schema.properties !== undefined) {
    clean.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([key, value]) => [key, cleanSchema(value)]),
    )
  }
  if (schema.additionalProperties !== undefined) clean.additionalProperties = cleanSchema(schema.additionalProperties)
  return clean
}

/** Operations and schemas of all documents together, corrections applied. */
export function readDocuments(files) {
  const schemas = new Map()
  const operations = []
  const given = files.map((file) => ({ file, document: JSON.parse(readFileSync(file, 'utf8')) }))
  for (const { file, document } of layOverlays(given)) {
    const management = (document.servers ?? []).some((server) => server.url.includes('/api/v2'))
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
      if (schemas.has(name))
        throw new Error(
          `${file}: schema ${name} is in another document already. Give one of them a prefix in read.mjs.`,
        )
      schemas.set(name, cleanSchema(schema))
    }
    for (const [path, item] of Object.entries(document.paths)) {
      for (const method of methods) {
        const source = item[method]
        if (source !== undefined)
          operations.push(readOperation({ path, method, source, management, shared: item.parameters ?? [] }))
      }
    }
  }
  for (const api of ['management', 'authentication']) {
    if (!operations.some((operation) => operation.api === api))
      throw new Error(`No document of the ${api} API was given. Name both on the command line.`)
  }
  correctSchemas(schemas)
  operations.push(...addedOperations.map(addedOperation))
  for (const operation of operations) correctOperation(operation)
  for (const [id, other] of Object.entries(sameAnswers)) shareAnswer(operations, id, other)
  return { operations, schemas }
}

function readOperation({ path, method, source, management, shared }) {
  const parameters = [...shared, ...(source.parameters ?? [])]
  const upper = method.toUpperCase()
  const operation = {
    api: management ? 'management' : 'authentication',
    method: upper,
    path: management ? `/api/v2${path}` : path,
    query: parameters
      .filter((parameter) => parameter.in === 'query')
      .map((parameter) => ({
        name: parameter.name,
        required: parameter.required === true,
        schema: cleanSchema(parameter.schema),
      })),
    customDomain: parameters.some(
      (parameter) => parameter.in === 'header' && parameter.name.toLowerCase() === 'auth0-custom-domain',
    ),
    answers: Object.entries(source.responses)
      .filter(([status]) => status.startsWith('2'))
      .map(([status, answer]) => ({
        status: Number(status),
        schema: status === '204' ? undefined : answerSchema(answer),
      })),
    body: readBody(source.requestBody),
    lifecycle: source['x-release-lifecycle'] ?? '',
  }
  if (management) {
    const group = source['x-operation-group']
    operation.group = Array.isArray(group) ? group : [group]
    operation.verb = source['x-operation-name']
    operation.scopes = [...new Set(source.security.flatMap((entry) => entry.oAuth2ClientCredentials ?? []))].sort()
    operation.docs = `${managementPage}/${path.split('/')[1]}/${kebab(source.operationId)}`
    operation.parametersName = source['x-operation-request-parameters-name']
  } else {
    const entry = authenticationOperations[`${upper} ${path}`]
    if (entry === undefined)
      throw new Error(`${upper} ${path} has no id. Give it one in authenticationOperations of corrections.mjs.`)
    const segments = entry.id.split('.')
    operation.group = ['authentication', ...segments.slice(0, -1)]
    operation.verb = segments.at(-1)
    operation.scopes = entry.scopes ?? []
    operation.docs = `${authenticationPage}/${entry.docs}`
    operation.effect = entry.effect
    operation.retry = entry.retry
    operation.rate = entry.rate === undefined ? 'authentication' : `authentication.${entry.rate}`
    if (operation.body) operation.body.encoding = formBodies.some((start) => path.startsWith(start)) ? 'form' : 'json'
  }
  operation.id = [...operation.group, operation.verb].join('.')
  if (source['x-placement'] === 'inferred' && !recordedOnly.includes(operation.id))
    throw new Error(`${operation.id} is known from recordings alone. Add it to recordedOnly of corrections.mjs.`)
  if (recordedOnly.includes(operation.id)) operation.lifecycle = 'undocumented'
  if (withoutPage.includes(operation.id)) operation.docs = managementPage
  return operation
}

function readBody(body) {
  if (body === undefined) return undefined
  const multipart = body.content['multipart/form-data']
  const content = body.content['application/json'] ?? multipart ?? Object.values(body.content)[0]
  return { encoding: multipart ? 'multipart' : 'json', required: body.required, schema: cleanSchema(content.schema) }
}

function answerSchema(answer) {
  const content = Object.values(answer.content ?? {})[0]
  return content === undefined ? undefined : cleanSchema(content.schema)
}

function shareAnswer(operations, id, other) {
  const find = (wanted) => {
    const found = operations.find((operation) => operation.id === wanted)
    if (found === undefined) throw new Error(`corrections.mjs speaks of ${wanted} in sameAnswers; no document has it.`)
    return found
  }
  const { schema } = find(other).answers.find((answer) => answer.schema !== undefined)
  const operation = find(id)
  operation.answers = operation.answers.map(({ status }) => ({ status, schema: status === 204 ? undefined : schema }))
}

function addedOperation({ id, method, path, docs, notes, rate, answer }) {
  const segments = id.split('.')
  return {
    added: true,
    api: segments[0],
    id,
    group: segments.slice(0, -1),
    verb: segments.at(-1),
    method,
    path,
    docs,
    notes,
    rate: rate ?? segments[0],
    query: [],
    scopes: [],
    customDomain: false,
    answers: [{ status: 200, schema: answer }],
    body: undefined,
    lifecycle: 'GA',
  }
}
