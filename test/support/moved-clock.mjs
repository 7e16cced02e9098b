/**
 * Loaded before the server (`node --import`): moves its wall clock, and with it the sandbox's, forward by as many
 * milliseconds as it is told, or as CLOCK_AHEAD_MS says from its first moment. Timers keep their pace.
 */
const TheirDate = Date;
let ahead = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const now = () => TheirDate.now() + ahead;

globalThis.Date = new Proxy(TheirDate, {
  construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [now()] : args, self),
  apply: () => new TheirDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

process.on('message', ({ forwardMs }) => {
  ahead += forwardMs;
  process.send?.({ ahead });
});
// A server that has closed everything ends by itself, whoever may still want to move its clock.
process.channel?.unref();
