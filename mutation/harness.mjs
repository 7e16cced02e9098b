import { bind } from 'jest-each';

export { expect } from 'expect';

/** What the specs know as `@jest/globals`: enough to gather their tests, so that these run without Jest around them. */
const suites = [];
let gathered = [];

export function describe(name, body) {
  suites.push(name);
  body();
  suites.pop();
}
describe.each = bind(describe, false);

export function test(name, run) {
  gathered.push({ name: [...suites, name].join(' '), run });
}
test.each = bind(test, false);

/** The tests that were gathered since it was last asked, each with an id that stays the same. */
export function takeTests() {
  const tests = gathered.map(({ name, run }, at) => ({ id: `${at}: ${name}`, name, run }));
  gathered = [];
  return tests;
}
