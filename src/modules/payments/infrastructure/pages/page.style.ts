/** Its hash is in the pages' policy, so no other style applies. */
export const style = `
:root { color-scheme: light dark; --ink: #15201b; --soft: #55615b; --page: #f3f4f1; --card: #fff; --line: #e2e6e0; --mark: #0b6b52; --mark-ink: #fff; --deep: #095a45; --tint: #e4f2ec; --warn: #fdeecb; --warn-ink: #5f3e00; --shade: 0 1px 2px rgb(20 40 30 / .06), 0 12px 40px rgb(20 40 30 / .08) }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eef3ef; --soft: #a9b6af; --page: #10140f; --card: #1a201b; --line: #323d36; --mark: #4fd6a8; --mark-ink: #06251a; --deep: #74e6bf; --tint: #1f3a30; --warn: #43330f; --warn-ink: #ffe1a3; --shade: none }
}
@view-transition { navigation: auto }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; min-height: 100dvh; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere }
.test { margin: 0; padding: .4rem 1rem; text-align: center; font-size: .875rem; font-weight: 600; background: var(--warn); color: var(--warn-ink) }
.sheet { width: min(100%, 30rem); margin: 0 auto; padding: clamp(1rem, 6vh, 4rem) 1rem 3rem }
header { margin: 0 .25rem 1rem }
.store { display: flex; align-items: center; gap: .65rem; margin: 0; font-weight: 600 }
.mark { display: grid; place-items: center; flex: none; width: 2.25rem; height: 2.25rem; border-radius: 10px; background: var(--mark); color: var(--mark-ink); font-weight: 700 }
main { padding: clamp(1.4rem, 6vw, 2.25rem); background: var(--card); border-radius: 20px; box-shadow: var(--shade) }
h1 { margin: 0; line-height: 1.15; letter-spacing: -.02em }
.over, .part { margin: 0; color: var(--soft) }
.amount { font-size: clamp(2.2rem, 12vw, 3rem); font-variant-numeric: tabular-nums }
.part { margin-top: .25rem }
blockquote { margin: 1.25rem 0 0; padding: .9rem 1.1rem; border-radius: 12px; background: var(--tint); white-space: pre-line }
form { margin: 1.5rem 0 0 }
button { width: 100%; min-height: 3.5rem; padding: .75rem 1rem; border: 0; border-radius: 12px; background: var(--mark); color: var(--mark-ink); font: inherit; font-size: 1.125rem; font-weight: 650; cursor: pointer; transition: background .15s, transform .05s }
button:hover { background: var(--deep) }
button:active { transform: translateY(1px) }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 3px; border-radius: 6px }
button:focus-visible { border-radius: 12px }
a { color: var(--mark); font-weight: 600 }
.trust, .until { color: var(--soft); font-size: .9rem }
.trust { display: flex; gap: .6rem; margin: .9rem 0 0 }
.trust svg { flex: none; width: 1.25rem; height: 1.35rem; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round }
.until { margin: 1.5rem 0 0 }
.notice { margin: 0 0 1.25rem; padding: .8rem 1rem; border-radius: 12px; background: var(--warn); color: var(--warn-ink); font-weight: 550 }
.ordered { margin-top: 1.75rem; padding-top: 1.25rem; border-top: 1px solid var(--line) }
h2 { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; margin: 0 0 .4rem; font-size: 1rem }
small { color: var(--soft); font-size: .9rem; font-weight: 400 }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums }
thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
td, tfoot th { padding: .4rem 0; vertical-align: top; text-align: left; font-weight: 400 }
td:last-child { padding-left: 1rem; text-align: right; white-space: nowrap }
tfoot th, tfoot td { color: var(--soft) }
tfoot tr:first-child > * { padding-top: .7rem }
tbody tr:last-child > * { padding-bottom: .7rem; border-bottom: 1px solid var(--line) }
.saying { text-align: center; text-wrap: balance }
.saying h1 { font-size: clamp(1.45rem, 6vw, 1.75rem) }
.saying p { margin: .6rem 0 0; color: var(--soft) }
.sign { width: 4rem; margin: .25rem 0 1rem; fill: none; stroke: var(--soft); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round }
.sign circle { fill: var(--line); stroke: none }
.sign.done { stroke: var(--mark-ink); stroke-width: 2.2 }
.sign.done circle { fill: var(--mark) }
.sign.wait { stroke: var(--mark) }
.sign.wait circle { fill: var(--tint) }
.facts { margin: 1.75rem 0 0; border-top: 1px solid var(--line) }
.facts div { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1.5rem; padding: .6rem 0; border-bottom: 1px solid var(--line) }
.facts div:last-child { border: 0; padding-bottom: 0 }
dt { color: var(--soft) }
dd { margin: 0; font-variant-numeric: tabular-nums }
code { font: .8rem ui-monospace, monospace; color: var(--soft) }
.running { margin: 1.5rem 0 0; text-align: center; font-size: .9rem; color: var(--soft) }
.running span { display: block; height: 4px; margin: 0 0 .75rem; border-radius: 2px; background: linear-gradient(90deg, var(--line) 35%, var(--mark), var(--line) 65%) 0 / 300% 100% }
.running + .until { margin-top: .5rem; text-align: center }
@media (prefers-reduced-motion: no-preference) { .running span { animation: run 1.6s linear infinite } }
@keyframes run { from { background-position: 100% 0 } to { background-position: 0 0 } }
@media (forced-colors: active) { button { border: 2px solid } .mark, main { border: 1px solid } }
@media print { .test, form, .trust { display: none } main { box-shadow: none } }
`;
