/** Ends a switch over a union: a new member stops the compiler here. */
export function assertNever(value: never): never {
  throw new Error(`unanswered case: ${JSON.stringify(value)}`);
}
