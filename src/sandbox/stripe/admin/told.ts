import { z } from 'zod';
import type { World } from '../engine/world.js';

/** What the sandbox's owner is answered. */
export type Told = Readonly<{ status: number; body: unknown }>;
/** @param id the one in the path, or an empty text */
export type Handler = (world: World, id: string, body: unknown) => Told;

export const ok = (body: unknown): Told => ({ status: 200, body });
export const done = (found: boolean): Told =>
  found ? ok({ done: true }) : { status: 404, body: { error: 'there is no such thing' } };
export const told = (sent: z.ZodError): Told => ({ status: 400, body: { error: z.prettifyError(sent) } });
