import { applyDecorators, SetMetadata } from '@nestjs/common';
import type { z } from 'zod';
import type { Position } from '../../application/ports/event-store.port.js';
import type { RefusalCode } from '../../domain/refusal.js';

export const ANSWERS = 'quittance:answers';
export const REFUSALS = 'quittance:refusals';

/** One successful answer of a route. `null`: no body. */
export type AnswerKind = Readonly<{
  status: number;
  schema: z.ZodType | null;
  says: string;
  /** Of an answer that is not JSON: told in the description, sent as the route sends it. */
  media?: string;
}>;

/**
 * A successful answer: validated against `schema` on its way out, so that nothing undeclared leaves.
 * Given more than once, the first is what a plain return value becomes; `answer(…, { status })` chooses another.
 * Files (`StreamableFile`) and what a route sends by itself (`@Res()`) go out as they are; declare their `media`.
 */
export const Answers =
  (status: number, schema: z.ZodType | null, says = '', media?: string): MethodDecorator =>
  (_prototype, _name, descriptor) => {
    const handler = descriptor.value as object;
    const others = (Reflect.getMetadata(ANSWERS, handler) ?? []) as AnswerKind[];
    Reflect.defineMetadata(ANSWERS, [{ status, schema, says, ...(media && { media }) }, ...others], handler);
  };

/** What the route may refuse, besides what every route may. */
export const Problems = (...codes: RefusalCode[]) => applyDecorators(SetMetadata(REFUSALS, codes));

export type AnswerOptions = Readonly<{
  status?: number;
  /** Position of this write; left out, the log's head is told, which is at least that. */
  position?: Position;
  /** The answer to a repeated Idempotency-Key. */
  replayed?: boolean;
  headers?: Readonly<Record<string, string>>;
}>;

/** A body with more to say than the body. */
export class Answer<T> {
  constructor(
    readonly body: T,
    readonly options: AnswerOptions,
  ) {}
}

/** `return answer(payment, { status: 202, replayed: true })` */
export function answer<T>(body: T, options: AnswerOptions = {}): Answer<T> {
  return new Answer(body, options);
}

export const SAYS = 'quittance:says';

/** What a call does, in a line, and what a client should know about it. */
export const Says = (summary: string, description = '') => SetMetadata(SAYS, { summary, description });
