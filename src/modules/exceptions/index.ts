/** The front door of exceptions: what other modules may use. */

export { OpenException } from './application/commands/open-exception.command.js';
export { SettleException } from './application/commands/settle-exception.command.js';
export { exceptionIdFor, exceptionIdOf } from './application/exception-stream.js';
export type { Misfit } from './application/processes/opening.process.js';
export type { ExceptionEvent, ExceptionKind, Outcome } from './domain/exception.events.js';
