/** A workflow that shows the plan on a pull request and applies it on merge. */
export const workflow = `name: tenant
on:
  pull_request:
  push:
    branches: [main]

permissions:
  contents: read
  pull-requests: write

# One change of the tenant at a time.
concurrency: tenant-\${{ github.event_name }}-\${{ github.ref }}

env:
  AUTH0_DOMAIN: \${{ vars.AUTH0_DOMAIN }}
  AUTH0_CLIENT_ID: \${{ vars.AUTH0_CLIENT_ID }}
  AUTH0_CLIENT_SECRET: \${{ secrets.AUTH0_CLIENT_SECRET }}

jobs:
  plan:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 24, cache: npm }
      - run: npm ci
      - run: npm test
        env: { AUTH0_DOMAIN: '', AUTH0_CLIENT_ID: '', AUTH0_CLIENT_SECRET: '' }
      - run: npx tenantlab plan runbooks/support-role.ts -o plan.json --report plan.md
      - run: gh pr comment \${{ github.event.number }} --body-file plan.md --edit-last --create-if-none
        env: { GH_TOKEN: '\${{ github.token }}' }

  apply:
    if: github.event_name == 'push'
    runs-on: ubuntu-latest
    # Approvals and protected secrets are settings of this environment.
    environment: tenant
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with: { node-version: 24, cache: npm }
      - run: npm ci
      - run: npx tenantlab plan runbooks/support-role.ts -o plan.json
      - run: npx tenantlab apply plan.json --yes
      # The journals are what undo and resume need.
      - uses: actions/upload-artifact@v4
        if: always()
        with: { name: journals, path: .tenantlab/, include-hidden-files: true }
`
