import { assertNever } from '../../../shared/domain/assert-never.js';
import type { Decider } from '../../../shared/domain/decider.js';
import { Refusal, type RefusalCode } from '../../../shared/domain/refusal.js';
import { actionsOf } from './actions.js';
import type { ExceptionAction, ExceptionEvent, ExceptionKind, Outcome, Subject } from './exception.events.js';

/** How one call to resolve it ended, where it was refused. */
export type Wish = Readonly<{
  action: ExceptionAction;
  refused: Readonly<{ code: string | null; why: string }> | null;
}>;

/** Something about money that a person has to look at. It ends with an outcome, and never without one. */
export type Exception =
  | Readonly<{ status: 'none' }>
  | Readonly<{
      status: 'open' | 'resolving' | 'resolved';
      kind: ExceptionKind;
      subject: Subject;
      owner: string;
      /** What is being done about it while it is `resolving`. */
      chosen: Readonly<{ action: ExceptionAction; wish: string }> | null;
      /** Every call to resolve it, by its name. */
      wishes: ReadonlyMap<string, Wish>;
      outcome: Outcome | null;
    }>;
export type ExistingException = Exclude<Exception, { status: 'none' }>;

type Opened = Extract<ExceptionEvent, { type: 'ExceptionOpened' }>['data'];

export type ExceptionCommand =
  | { type: 'OpenException'; opened: Opened }
  | { type: 'AssignException'; owner: string }
  /** A person has decided. `wish` names the call. */
  | { type: 'ChooseResolution'; action: ExceptionAction; wish: string }
  /** What was chosen was not done, or did not end the matter: `code` null. */
  | { type: 'RefuseResolution'; wish: string; code: RefusalCode | null; why: string }
  /** What was chosen is done. */
  | { type: 'CompleteResolution'; wish: string; outcome: Outcome; explanation: string }
  /** The matter has ended by itself. While an action is under way that action has the word. */
  | { type: 'SettleException'; outcome: Outcome; explanation: string };

/** @throws Refusal */
function decide(command: ExceptionCommand, exception: Exception): readonly ExceptionEvent[] {
  if (command.type === 'OpenException') {
    return exception.status === 'none' ? [{ type: 'ExceptionOpened', data: command.opened }] : [];
  }
  if (exception.status === 'none') throw new Refusal('not_found', 'There is no such exception.');
  return decideExisting(command, exception);
}

function decideExisting(
  command: Exclude<ExceptionCommand, { type: 'OpenException' }>,
  exception: ExistingException,
): readonly ExceptionEvent[] {
  const { status, chosen } = exception;
  switch (command.type) {
    case 'AssignException':
      if (command.owner === exception.owner) return [];
      if (status === 'resolved') throw isResolved(exception);
      return [{ type: 'ExceptionAssigned', data: { owner: command.owner } }];
    case 'ChooseResolution':
      return choose(command, exception);
    case 'RefuseResolution': {
      const { code, why } = command;
      if (chosen?.wish !== command.wish) return [];
      return [{ type: 'ResolutionRefused', data: { ...chosen, code, why } }];
    }
    case 'CompleteResolution': {
      const { outcome, explanation } = command;
      if (chosen?.wish !== command.wish) return [];
      return [{ type: 'ExceptionResolved', data: { action: chosen.action, outcome, explanation } }];
    }
    case 'SettleException': {
      const { outcome, explanation } = command;
      if (status !== 'open') return [];
      return [{ type: 'ExceptionResolved', data: { action: null, outcome, explanation } }];
    }
    default:
      return assertNever(command);
  }
}

/** Once chosen nothing else can be, until it is known what became of it. */
function choose(
  { action, wish }: Extract<ExceptionCommand, { type: 'ChooseResolution' }>,
  exception: ExistingException,
): readonly ExceptionEvent[] {
  const { status, kind, chosen, wishes } = exception;
  if (wishes.has(wish)) return [];
  if (status === 'resolved') throw isResolved(exception);
  const actions = actionsOf(kind);
  if (!actions.includes(action)) {
    const detail = `What can be done about ${kind} is ${actions.join(', ')}.`;
    throw new Refusal('validation_failed', detail, { param: '/action', actions });
  }
  if (chosen?.action === action) return [];
  if (chosen) {
    const detail = `It is being resolved already: ${chosen.action} is under way.`;
    throw new Refusal('exception_resolved', detail, { status, action: chosen.action });
  }
  return [{ type: 'ResolutionChosen', data: { action, wish } }];
}

function isResolved({ status, outcome }: ExistingException): Refusal {
  return new Refusal('exception_resolved', `The exception is resolved: ${outcome}.`, { status, outcome });
}

/** Total: any recorded event folds, in any order. */
function evolve(exception: Exception, event: ExceptionEvent): Exception {
  if (event.type === 'ExceptionOpened') {
    const { kind, explanation: _, owner, ...subject } = event.data;
    return { status: 'open', kind, subject, owner, chosen: null, wishes: new Map(), outcome: null };
  }
  if (exception.status === 'none') return exception;
  switch (event.type) {
    case 'ExceptionAssigned':
      return { ...exception, owner: event.data.owner };
    case 'ResolutionChosen': {
      const { action, wish } = event.data;
      const wishes = new Map(exception.wishes).set(wish, { action, refused: null });
      return { ...exception, status: 'resolving', chosen: { action, wish }, wishes };
    }
    case 'ResolutionRefused': {
      const { action, wish, code, why } = event.data;
      const wishes = new Map(exception.wishes).set(wish, { action, refused: { code, why } });
      return { ...exception, status: 'open', chosen: null, wishes };
    }
    case 'ExceptionResolved':
      return { ...exception, status: 'resolved', chosen: null, outcome: event.data.outcome };
    default:
      return assertNever(event);
  }
}

export const exceptionDecider: Decider<ExceptionCommand, Exception, ExceptionEvent> = {
  initial: { status: 'none' },
  decide,
  evolve,
};
/** Exceptions as they are kept: stream `exception-{bare id}`. */
export const exceptionAggregate = { category: 'exception', decider: exceptionDecider } as const;
