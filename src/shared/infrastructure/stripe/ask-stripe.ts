import { classify, StripeUnknownOutcome } from './stripe-failure.js';

/** No call waits longer than this: an answer to our own caller must go out within 25 seconds. */
const defaultDeadlineMs = 15_000;

export type AskOptions<T> = Readonly<{
  deadlineMs?: number;
  /** Whether this is the answer that was asked for; by default, an object of Stripe's with an id, or a list. */
  recognise?: (answer: T) => boolean;
}>;

/**
 * Every call to Stripe goes through here: `askStripe(() => stripe.refunds.create(params, { idempotencyKey }))`.
 * It resolves only with an answer that is surely Stripe's. The SDK alone also resolves with any JSON a proxy
 * sends, whatever its status, and has no deadline.
 * @throws StripeFailure, and nothing else. A passed deadline is an unknown outcome, never a failed call.
 */
export async function askStripe<T extends object>(
  call: () => Promise<T>,
  { deadlineMs = defaultDeadlineMs, recognise = isStripeObject }: AskOptions<T> = {},
): Promise<T> {
  const answer = await withDeadline(call, deadlineMs);
  const status = statusOf(answer);
  if (status !== undefined && status >= 200 && status < 300 && recognise(answer)) return answer;
  throw new StripeUnknownOutcome(status !== undefined && status >= 500 ? 'server_error' : 'foreign_answer', {
    cause: new Error(`status ${status ?? 'unknown'} with a body that is no answer of Stripe's`),
  });
}

async function withDeadline<T>(call: () => Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StripeUnknownOutcome('deadline')), deadlineMs);
  });
  try {
    return await Promise.race([call(), deadline]);
  } catch (error) {
    throw error instanceof StripeUnknownOutcome ? error : classify(error);
  } finally {
    clearTimeout(timer);
  }
}

function isStripeObject(answer: object): boolean {
  if (!('object' in answer) || typeof answer.object !== 'string') return false;
  if (answer.object === 'list') return 'data' in answer && Array.isArray(answer.data);
  if (answer.object === 'balance') return true;
  return 'id' in answer && typeof answer.id === 'string' && answer.id !== '';
}

function statusOf(answer: object): number | undefined {
  const response: unknown = 'lastResponse' in answer ? answer.lastResponse : undefined;
  if (typeof response !== 'object' || response === null || !('statusCode' in response)) return undefined;
  return typeof response.statusCode === 'number' ? response.statusCode : undefined;
}
