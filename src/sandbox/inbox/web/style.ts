export const style = `
:root { color-scheme: light dark; --ink: #17171c; --soft: #5d5d6b; --page: #f4f4f6; --card: #fff; --line: #dedee5; --mark: #4b3fd6; --tint: #eeedfc }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ededf2; --soft: #a3a3b3; --page: #121216; --card: #1b1b21; --line: #32323c; --mark: #a8a0ff; --tint: #28263f }
}
* { box-sizing: border-box }
body { margin: 0; height: 100vh; display: grid; grid-template: auto minmax(0, 1fr) / minmax(18rem, 24rem) minmax(0, 1fr); background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif }
a { color: var(--mark) }
:focus-visible { outline: 3px solid var(--mark); outline-offset: -3px; border-radius: 6px }
.bar { grid-column: 1 / -1; display: flex; gap: 1rem; align-items: center; padding: .75rem 1.25rem; background: var(--card); border-bottom: 1px solid var(--line) }
.bar p { margin: 0; color: var(--soft) }
.bar .hint { margin-left: auto }
.brand { display: flex; gap: .5rem; align-items: center; font-weight: 650; color: inherit; text-decoration: none }
.brand svg { width: 1.4rem; fill: none; stroke: var(--mark); stroke-width: 1.8 }
.mails { overflow-y: auto; border-right: 1px solid var(--line) }
.mails ol { list-style: none; margin: 0; padding: .5rem }
.mails a { display: grid; grid-template-columns: 1fr auto; padding: .6rem .75rem; border-radius: 8px; color: inherit; text-decoration: none }
.mails a:hover { background: var(--card) }
.mails a[aria-current] { background: var(--tint) }
.mails span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.who { font-weight: 600 }
.subject, .to { grid-column: 1 / -1 }
.to, time { color: var(--soft); font-size: 13px }
main { overflow-y: auto; padding: 1.5rem }
article { display: flex; flex-direction: column; min-height: 100%; max-width: 60rem; margin: 0 auto }
.back { display: none; margin-bottom: .75rem }
h1 { margin: 0 0 .5rem; font-size: 1.4rem; line-height: 1.3; overflow-wrap: anywhere }
dl { margin: 0 0 .75rem }
dl div { display: flex; gap: .5rem }
dt { flex: none; width: 4rem; color: var(--soft) }
dd { margin: 0; overflow-wrap: anywhere }
dd span { color: var(--soft) }
.files { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 1rem; padding: 0; list-style: none }
.files a { display: block; padding: .4rem .8rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card); text-decoration: none }
.files small { display: block; color: var(--soft) }
.faces { display: flex; gap: .25rem; border-bottom: 1px solid var(--line) }
.faces a { padding: .4rem .8rem; text-decoration: none; color: var(--soft); border-bottom: 2px solid transparent }
.faces a[aria-current] { color: var(--ink); border-color: var(--mark); font-weight: 600 }
.faces a:last-child { margin-left: auto }
.body { flex: 1; display: flex; flex-direction: column; margin-top: 1rem; border: 1px solid var(--line); border-radius: 10px; overflow: hidden; background: var(--card) }
iframe { flex: 1; width: 100%; min-height: 34rem; border: 0 }
.text { margin: 0; padding: 1.25rem; white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.6 ui-monospace, monospace }
.headers { border-collapse: collapse; font-size: 13px; margin: .5rem 1rem }
.headers th { padding: .35rem 1rem .35rem 0; text-align: left; vertical-align: top; white-space: nowrap }
.headers td { padding: .35rem 0; overflow-wrap: anywhere }
.empty { margin: 4rem 1rem; text-align: center; color: var(--soft) }
@media (max-width: 760px) {
  body { display: block; height: auto }
  .bar .hint { display: none }
  .mails { border: 0 }
  .reading .mails, .listing main { display: none }
  .back { display: inline-block }
  main { padding: 1rem }
}
`;
