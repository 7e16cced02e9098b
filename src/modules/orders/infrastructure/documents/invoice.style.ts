export const style = `
:root { color-scheme: light dark; --ink: #15201b; --soft: #5a6660; --page: #f3f4f1; --card: #fff; --line: #e4e7e2; --done: #d9f3e5; --done-ink: #0b5a43; --open: #fdeecb; --open-ink: #6b4700 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eef3ef; --soft: #a9b6af; --page: #10140f; --card: #1b211c; --line: #344038; --done: #14463a; --done-ink: #b5f2dc; --open: #4a3712; --open-ink: #ffdf9e }
}
* { box-sizing: border-box }
body { margin: 0; padding: 2rem 1rem; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif }
main { max-width: 50rem; margin: 0 auto; padding: clamp(1.25rem, 5vw, 3rem); background: var(--card); border-radius: 16px }
header { display: flex; justify-content: space-between; align-items: center; gap: 1rem }
.store { margin: 0; font-size: 1.15rem; font-weight: 650 }
.standing { margin: 0; padding: .2rem .9rem; border-radius: 99px; font-weight: 600; background: var(--line) }
.standing.done { background: var(--done); color: var(--done-ink) }
.standing.open { background: var(--open); color: var(--open-ink) }
h1 { margin: 1.25rem 0 1.5rem; font-size: clamp(1.6rem, 6vw, 2.2rem); line-height: 1.15; letter-spacing: -.02em }
h2, .due span { margin: 0; font-size: .85rem; font-weight: 500; color: var(--soft) }
.parties { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 1.5rem }
address { font-style: normal }
address span { display: block }
address span:first-child { font-weight: 600 }
.due { margin: 0 0 .5rem }
.due span, .due strong { display: block }
.due strong { font-size: 1.5rem; line-height: 1.3 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
caption { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
.facts th { padding: 0 1.5rem 0 0; text-align: left; font-weight: 400; color: var(--soft) }
.lines { width: 100%; margin-top: 2rem }
.lines th { padding: .5rem 0 .5rem 1rem; text-align: right; font-size: .85rem; border-bottom: 2px solid var(--ink) }
.lines td { padding: .6rem 0 .6rem 1rem; text-align: right; vertical-align: top; border-bottom: 1px solid var(--line) }
.lines :is(th, td):first-child { padding-left: 0; text-align: left; overflow-wrap: anywhere }
small { display: block; color: var(--soft) }
.sums { margin: 1.25rem 0 0 auto; min-width: min(100%, 22rem) }
.sums th { padding: .3rem 1.5rem .3rem 0; text-align: left; font-weight: 400 }
.sums td, .lines td:not(:first-child) { white-space: nowrap }
.sums td { text-align: right }
.sums tbody:first-of-type tr:last-child > * { font-weight: 650; border-top: 1px solid var(--line) }
.sums tfoot > tr > * { padding-top: .6rem; font-size: 1.2rem; font-weight: 650; border-top: 2px solid var(--ink) }
@media (max-width: 560px) {
  .lines thead { position: absolute; clip-path: inset(50%) }
  .lines tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line) }
  .lines td { display: flex; justify-content: space-between; padding: 0; border: 0 }
  .lines td:first-child { display: block; font-weight: 600 }
  .lines td::before { content: attr(data-name); color: var(--soft) }
}
@media print {
  :root { --ink: #000; --soft: #444; --page: #fff; --card: #fff; --line: #ccc }
  body { padding: 0 }
  main { padding: 0; max-width: none }
}
`;
