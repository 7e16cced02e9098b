import type { FastifyReply } from 'fastify';
import type { Refusal, RefusalCode, RefusalFacts } from '../../domain/refusal.js';
import { PROBLEMS } from './problems.js';

const RETRY_AFTER_S: Partial<Record<RefusalCode, number>> = {
  read_model_behind: 1,
  idempotency_in_progress: 1,
  rate_limited: 1,
  overloaded: 1,
  stripe_unreachable: 2,
};

/** RFC 9457, with the refusal's facts as members of their own. */
function toProblem({ code, detail, facts }: Refusal, requestId: string): Record<string, unknown> {
  const { status, title, retryable = false } = PROBLEMS[code];
  const { allow: _, retry_after: __, ...members } = facts as RefusalFacts & Record<string, unknown>;
  return {
    ...members,
    type: `/problems/${code}`,
    title,
    status,
    code,
    detail,
    retryable: facts['retryable'] ?? retryable,
    request_id: requestId,
  };
}

/** Writes the answer to a refusal: RFC 9457, never stored, with what its status asks for. */
export function sendProblem(reply: FastifyReply, refusal: Refusal, requestId: string): void {
  const { code, facts } = refusal;
  const wait = facts['retry_after'] ?? RETRY_AFTER_S[code];
  if (wait !== undefined) reply.header('retry-after', String(wait));
  if (code === 'unauthenticated') reply.header('www-authenticate', 'Bearer realm="quittance"');
  if (code === 'method_not_allowed') reply.header('allow', String(facts['allow']));
  reply
    .code(PROBLEMS[code].status)
    .header('request-id', requestId)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .header('content-type', 'application/problem+json')
    // As bytes: Fastify would add a charset to text, which JSON has none of.
    .send(Buffer.from(JSON.stringify(toProblem(refusal, requestId))));
}
