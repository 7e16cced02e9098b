import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IdempotentCall } from '../../application/idempotency.js';
import { Refusal } from '../../domain/refusal.js';
import { Invalid } from './faults.js';
import { bodyHash } from './json-body.js';
import { Precondition } from './precondition.js';
import { header, notesOn, requestOf } from './requests.js';

/** Request headers that a route reads, for the API's description. */
export const HEADERS = 'quittance:headers';
export type HeaderName = 'Idempotency-Key' | 'If-Match' | 'Idempotency-Key, optional';

/** Notes on the handler that this parameter reads a header. */
const reads =
  (name: HeaderName): ParameterDecorator =>
  (prototype, method) => {
    const handler = (prototype as Record<PropertyKey, object>)[method as string] as object;
    const others = (Reflect.getMetadata(HEADERS, handler) ?? []) as HeaderName[];
    Reflect.defineMetadata(HEADERS, [...others, name], handler);
  };

/**
 * The call as its Idempotency-Key makes it one: `@IdempotencyKey() call: IdempotentCall`.
 * @throws Refusal `idempotency_key_required`, or Invalid where the key is no key
 */
export const IdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): IdempotentCall => {
    const request = requestOf(context);
    const key = header(request, 'idempotency-key');
    if (key === undefined) {
      throw new Refusal(
        'idempotency_key_required',
        'Send an Idempotency-Key, so that repeating the call is safe.',
      );
    }
    checkKey(key);
    const caller = notesOn(request).caller;
    return {
      caller: `${caller?.actor.id ?? 'public'}@${caller?.storeIfNamed() ?? '*'}`,
      route: `${request.method} ${request.url.split('?', 1)[0]}`,
      key,
      bodyHash: bodyHash(request.body),
    };
  },
  [reads('Idempotency-Key')],
);

/** The key of a call that moves no money and may do without one: `@OptionalIdempotencyKey() key: string | null`. */
export const OptionalIdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | null => {
    const key = header(requestOf(context), 'idempotency-key');
    if (key !== undefined) checkKey(key);
    return key ?? null;
  },
  [reads('Idempotency-Key, optional')],
);

/** @throws Invalid */
function checkKey(key: string): void {
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return;
  const detail = 'A key is 1 to 255 printable ASCII characters.';
  throw new Invalid([{ pointer: '/Idempotency-Key', code: 'invalid_header', detail }]);
}

/** What the client believes the resource to be: `@IfMatch() expected: Precondition`. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext): Precondition =>
    Precondition.parse(header(requestOf(context), 'if-match')),
  [reads('If-Match')],
);
