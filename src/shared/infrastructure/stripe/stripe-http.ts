import type { Agent } from 'node:http';
import Stripe from 'stripe';

type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;
type Answer = Awaited<ReturnType<HttpClient['makeRequest']>>;

/**
 * The SDK's own HTTP client, with two holes closed:
 * - an answer that drips for ever is never idle and would hold its connection for ever: it is cut off;
 * - a body that is JSON but no object (`"fine"`) makes the SDK throw where nobody can catch it: it counts as no JSON.
 */
export function stripeHttp(agent: Agent, answerLimitMs: number): HttpClient {
  const client = Stripe.createNodeHttpClient(agent);
  return {
    getClientName: () => client.getClientName(),
    makeRequest: async (...request) => {
      const answer = await client.makeRequest(...request);
      limitLife(answer.getRawResponse(), answerLimitMs);
      return objectsOnly(answer);
    },
  };
}

function objectsOnly(answer: Answer): Answer {
  return {
    getStatusCode: () => answer.getStatusCode(),
    getHeaders: () => answer.getHeaders(),
    getRawResponse: () => answer.getRawResponse(),
    toStream: (done) => answer.toStream(done),
    toJSON: async () => {
      const body: unknown = await answer.toJSON();
      if (typeof body !== 'object' || body === null) throw new SyntaxError('the body is no JSON object');
      return body;
    },
  };
}

type Stream = Readonly<{ destroy(error: Error): void; once(event: 'close', listener: () => void): void }>;

function limitLife(raw: unknown, limitMs: number): void {
  const stream = raw as Stream;
  const end = setTimeout(() => stream.destroy(new Error('the answer took too long')), limitMs);
  end.unref();
  stream.once('close', () => clearTimeout(end));
}
