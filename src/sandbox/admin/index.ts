// The JSON API that steers a tenant from outside Node: users, outbox, clock, faults, requests, snapshots, health.
export { ADMIN_PATH, createAdmin } from './admin.ts'
