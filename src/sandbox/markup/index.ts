// HTML whose texts are escaped, for the tenant's login pages and for the sandbox's own page.
export { html, Markup, type Piece } from './html.ts'
