/** The only style of the page; its hash is in the page's policy. Without support for `:has()` all is shown. */
export const style = `
:root { color-scheme: light dark; --text: light-dark(#1b1f24, #dfe4ea); --dim: light-dark(#5a636e, #99a3af); --page: light-dark(#fff, #14171b);
  --box: light-dark(#f4f6f8, #1d2228); --line: light-dark(#d5dae0, #353c45); --link: light-dark(#0757b8, #79b4ff);
  --passed: light-dark(#14702f, #5fce7c); --failed: light-dark(#b81f24, #ff8a84); --skipped: light-dark(#7c5700, #e3b341);
  --errored: light-dark(#8a1fb0, #dd9bf5); --added: light-dark(#dff6e4, #12331c); --removed: light-dark(#fde4e3, #421a1b); }
:root:has(#theme-light:checked) { color-scheme: light; }
:root:has(#theme-dark:checked) { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 0 1rem 4rem; background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: break-word; }
a { color: var(--link); }
pre, code { font: .875rem/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
code, pre { background: var(--box); border-radius: 4px; }
code { padding: .1em .3em; }
pre { margin: .4rem 0; padding: .6rem .8rem; overflow-x: auto; max-height: 40rem; }
pre code { padding: 0; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: .25rem .6rem; text-align: left; }
blockquote { margin: 0; padding-left: 1rem; border-left: 4px solid var(--line); color: var(--dim); }
header { padding: 1rem 0; font-size: 1.15rem; border-bottom: 1px solid var(--line); }
header p { margin: .2rem 0; }
.controls { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; padding: .4rem 0;
  background: var(--page); border-bottom: 1px solid var(--line); font-size: .875rem; }
.controls fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .1rem .8rem; }
.controls legend { float: left; padding: 0 .6rem 0 0; color: var(--dim); }
nav ul { list-style: none; padding: 0; }
article { margin-top: 2rem; border-top: 3px solid var(--line); scroll-margin-top: 3rem; }
.about, .hidden, .verdict span { color: var(--dim); font-size: .875rem; }
.block { margin: 1rem 0; }
.block .hidden { margin: 0; }
.lines { margin-bottom: 0; border-radius: 4px 4px 0 0; }
.step { margin: 0 0 .7rem; padding: .15rem .8rem; border-left: 4px solid var(--status, var(--line)); scroll-margin-top: 3rem; }
.step:target { outline: 2px solid var(--link); }
.step p { margin: .2rem 0; }
.step pre { background: none; border: 1px solid var(--line); }
.verdict a { color: var(--status); text-decoration: none; }
.why { color: var(--status); white-space: pre-wrap; }
.held { color: var(--dim); }
.passed { --status: var(--passed); } .failed, .timed_out { --status: var(--failed); } .skipped, .empty { --status: var(--skipped); }
.errored, .interrupted { --status: var(--errored); }
.status { color: var(--status); font-weight: bold; }
.diff del { background: var(--removed); } .diff ins { background: var(--added); } .diff :is(del, ins) { text-decoration: none; } .diff span { color: var(--dim); }
summary { cursor: pointer; color: var(--dim); font-size: .875rem; }
body:has(#show-problems:checked) :is(.step.passed, .step.skipped, article.passed, article.skipped, li.passed, li.skipped) { display: none; }
body:has(#show-problems:checked) .block:not(:has(.failed, .timed_out, .errored)) { display: none; }
body:has(#show-problems:checked) .lines:not(:has(+ :is(.failed, .timed_out, .errored))) { display: none; }
body:has(#show-skipped:checked) .step:not(.skipped) { display: none; }
body:has(#show-skipped:checked) .block:not(:has(.skipped)) { display: none; }
body:has(#show-skipped:checked) .lines:not(:has(+ .skipped)) { display: none; }
body:has(#show-skipped:checked) article:not(:has(.step.skipped)) { display: none; }
body:has(#show-problems:checked) .document > :not(h1, h2, h3, h4, h5, h6, .step, .lines, :has(.failed, .timed_out, .errored)) { display: none; }
body:has(#show-skipped:checked) .document > :not(h1, h2, h3, h4, h5, h6, .step, .lines, :has(.skipped)) { display: none; }
@media (max-width: 40rem) { body { padding: 0 .6rem 3rem; } .step { padding: .15rem .5rem; } pre { padding: .5rem; } }
@media print {
  :root { color-scheme: light; }
  .controls { display: none; }
  body { max-width: none; font-size: 10pt; }
  pre { max-height: none; white-space: pre-wrap; overflow-wrap: anywhere; }
  details::details-content { content-visibility: visible; block-size: auto; }
  article { break-before: page; } article:first-of-type { break-before: auto; }
  .verdict, .lines { break-after: avoid; }
}
`;
