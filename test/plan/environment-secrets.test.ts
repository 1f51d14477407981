import { expect, it } from 'vitest'
import { learnEnvironment, processSecrets } from '../../src/plan/index.ts'

it('N3, X4: learns the secrets of the environment, and neither folders nor files', () => {
  learnEnvironment({
    AUTH0_CLIENT_SECRET: 'canary-of-auth0-1',
    TENANTLAB_SECRET_ANN: 'canary-of-a-plan-1',
    DB_PASSWORD: 'canary-of-a-db-1',
    BASE64_KEY_TOKEN: '/canary+of+base64=',
    PWD: '/srv/ann/projects',
    OLDPWD: '/srv/ann/other-projects',
    SSL_PRIVATE_KEY: import.meta.filename,
    AUTH0_DOMAIN: 'acme.example.com',
    EMPTY_TOKEN: undefined,
  })
  const text = (value: string) => processSecrets().text(value)
  for (const secret of ['canary-of-auth0-1', 'canary-of-a-plan-1', 'canary-of-a-db-1', '/canary+of+base64='])
    expect(text(`is ${secret}`)).toBe('is «secret»')
  for (const plain of ['/srv/ann/projects', '/srv/ann/other-projects', import.meta.filename, 'acme.example.com'])
    expect(text(plain)).toBe(plain)
})
