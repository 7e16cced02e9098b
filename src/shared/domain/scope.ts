/** What an API key may do. Every route names the one it needs, or says that it is public. */
export const SCOPES = [
  'orders:read',
  'orders:write',
  'charges:write',
  'links:write',
  'refunds:write',
  'stores:admin',
  'audit:read',
] as const;

export type Scope = (typeof SCOPES)[number];
