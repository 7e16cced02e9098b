/** One style for every page, light and dark, without a font or picture from anywhere. */
export const style = `
:root{color-scheme:light dark;--ink:#1a1f36;--soft:#5a6478;--line:#d5dae3;--page:#f6f8fb;--card:#fff;--accent:#4f46e5;--accent-ink:#fff;--bad:#b3132b;--bad-page:#fdecee;--good:#0b7a4b;--ribbon:#8a4b00;--ribbon-page:#ffe3b3;--field:#fff;--shade:0 1px 2px rgb(20 30 60/.06),0 12px 32px rgb(20 30 60/.08)}
@media(prefers-color-scheme:dark){:root{--ink:#eef1f8;--soft:#a3adc2;--line:#38415a;--page:#0f1420;--card:#182033;--accent:#8b85ff;--accent-ink:#0f1020;--bad:#ff8d9c;--bad-page:#3a1620;--good:#5fd6a0;--ribbon:#ffd591;--ribbon-page:#4a3207;--field:#101728;--shade:0 12px 32px rgb(0 0 0/.4)}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.ribbon{background:var(--ribbon-page);color:var(--ribbon);text-align:center;font-size:.85rem;padding:.4rem 1rem}
.ribbon strong{letter-spacing:.08em}
main{max-width:62rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
main.narrow{max-width:30rem}
.split{display:grid;gap:2.5rem;grid-template-columns:1fr}
@media(min-width:56rem){.split{grid-template-columns:5fr 6fr;gap:4rem}}
h1,h2{line-height:1.2;margin:0}h1{font-size:1.05rem;font-weight:600}h2{font-size:1.05rem;margin-bottom:1rem}
.merchant{display:flex;align-items:center;gap:.6rem;color:var(--ink)}
.mark{display:inline-grid;place-items:center;width:2rem;height:2rem;border-radius:.6rem;background:var(--accent);color:var(--accent-ink);font-weight:700}
.total{font-size:2.4rem;font-weight:650;letter-spacing:-.02em;margin:1.5rem 0 1rem;font-variant-numeric:tabular-nums}
.lines{list-style:none;margin:0;padding:0;border-top:1px solid var(--line)}
.lines li{display:flex;justify-content:space-between;gap:1rem;padding:.75rem 0;border-bottom:1px solid var(--line)}
.lines small{display:block;color:var(--soft)}
.amount{font-variant-numeric:tabular-nums;white-space:nowrap}
.panel{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.5rem;box-shadow:var(--shade)}
label,legend{display:block;font-size:.9rem;font-weight:550;margin:0 0 .3rem;padding:0}
.field{margin-bottom:1rem}.pair{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}
input[type=text],input[type=email]{width:100%;font:inherit;color:var(--ink);background:var(--field);border:1px solid var(--line);border-radius:.5rem;padding:.65rem .75rem;font-variant-numeric:tabular-nums}
input[readonly]{color:var(--soft)}
input[aria-invalid=true]{border-color:var(--bad)}
:is(input,button,a,summary):focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.wrong{color:var(--bad);font-size:.88rem;margin:.3rem 0 0}
.alert{background:var(--bad-page);color:var(--bad);border-radius:.6rem;padding:.75rem 1rem;margin:0 0 1.25rem}
button{font:inherit;cursor:pointer;border-radius:.6rem;border:1px solid var(--line);background:var(--card);color:var(--ink);padding:.6rem .9rem}
button.primary{width:100%;border:0;background:var(--accent);color:var(--accent-ink);font-weight:600;padding:.85rem 1rem}
button.primary:hover{filter:brightness(1.08)}
.quiet{color:var(--soft);font-size:.9rem}.quiet a,a.back{color:inherit}
a.back{display:inline-block;margin-bottom:1.5rem;color:var(--soft);text-decoration:none}a.back:hover{text-decoration:underline}
details{margin-top:1.5rem}summary{cursor:pointer;font-weight:550}
.cards{list-style:none;margin:.75rem 0 0;padding:0;display:grid;gap:.4rem}
.cards button{width:100%;display:flex;justify-content:space-between;gap:1rem;text-align:left;font-size:.88rem;padding:.45rem .7rem}
.cards code{color:var(--soft);white-space:nowrap}
fieldset{border:0;margin:0 0 1.25rem;padding:0}.choice{display:flex;gap:.6rem;align-items:center;border:1px solid var(--line);border-radius:.6rem;padding:.7rem .9rem;margin-bottom:.5rem;font-weight:400}
.row{display:flex;gap:.75rem;flex-wrap:wrap}.row>*{flex:1}
table{border-collapse:collapse;width:100%;font-size:.85rem}th,td{text-align:left;padding:.4rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}
td button{font-size:.8rem;padding:.2rem .5rem;margin:.1rem 0}th{color:var(--soft);font-weight:550}.scroll{overflow-x:auto}section{margin-bottom:2rem}main.wide{max-width:80rem}
`;
