import type { FastifyReply } from 'fastify';

/** What a page needs beyond its own origin's styles and images. */
export type PageNeeds = Readonly<{
  /** Origins that a form's answer may lead to: browsers hold redirects to `form-action` too. */
  formAction?: readonly string[];
  scripts?: boolean;
  /** Calls to our own API. */
  connect?: boolean;
}>;

/** Headers of an HTML page of ours: its address stays secret, it is not stored, and it loads nothing from elsewhere. */
export function asPage(
  reply: FastifyReply,
  { formAction = [], scripts = false, connect = false }: PageNeeds = {},
) {
  const policy = [
    "default-src 'none'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    scripts && "script-src 'self'",
    connect && "connect-src 'self'",
    `form-action ${["'self'", ...formAction].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return reply
    .header('content-security-policy', policy.filter(Boolean).join('; '))
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8');
}
