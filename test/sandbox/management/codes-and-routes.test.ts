import { describe, expect, it } from 'vitest'
import { findRow } from '../../../src/catalogue/index.ts'
import { bench } from './harness.ts'

describe('T10 error codes of what is not there', () => {
  it.each([
    ['actions.get', 'none'],
    ['logStreams.get', 'lst_0000000000000001'],
    ['organizations.get', 'org_none'],
    ['roles.get', 'rol_none'],
    ['networkAcls.get', 'acl_none'],
    ['flows.get', 'af_none'],
    ['forms.get', 'ap_none'],
  ])('T10 %s gives none', async (operation, id) => {
    const { body, status } = await bench().call(operation, { params: { id } })
    expect(status).toBe(404)
    expect(body).not.toHaveProperty('errorCode')
  })

  it.each([
    ['rules.get', { id: 'rul_none' }, 'inexistent_rule'],
    ['hooks.get', { id: 'none' }, 'HookDoesNotExist'],
    ['guardian.enrollments.get', { id: 'none' }, 'enrollment_not_found'],
    ['connections.scimConfiguration.get', { id: 'con_none' }, 'inexistent_connection'],
    ['connections.directoryProvisioning.get', { id: 'con_none' }, 'inexistent_connection'],
    ['branding.templates.getUniversalLogin', {}, 'inexistent_templates_universal_login'],
  ])('T10 %s with %j gives %s', async (operation, params, errorCode) => {
    const { body, status } = await bench().call(operation, { params })
    expect([status, body.errorCode]).toEqual([404, errorCode])
  })
})

describe('T4 routes that are newer than the document of June', () => {
  it.each([
    ['GET', '/api/v2/agents'],
    ['GET', '/api/v2/organizations/org_1/groups'],
    ['PUT', '/api/v2/organizations/org_1/organization-templates/otp_1'],
    ['GET', '/api/v2/resource-servers/search'],
    ['GET', '/api/v2/rate-limit-policies'],
    ['GET', '/api/v2/keys/network-acls'],
  ])('T4 %s %s is known', (method, path) => {
    expect(findRow(method, path)?.row.api).toBe('management')
  })

  it.each(['agents', 'rateLimitPolicies', 'keys.networkAcls'])('T4 %s.list answers', async (group) => {
    expect((await bench().call(`${group}.list`)).status).toBe(200)
  })
})
