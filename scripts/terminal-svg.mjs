// Draws what a terminal shows as an SVG picture; several screens after one another as a moving one.

const cell = { width: 8.43, height: 19, font: 14 };
const frame = { side: 20, top: 46, bottom: 18 };
const paper = '#16181d';
const ink = '#d7dae0';

/** How long each of several screens is shown, in seconds. */
const secondsEach = 3;

/**
 * @typedef {{ text: string, column: number, style: Record<string, string> }} Run a text in one style
 * @param {Run[][][]} screens of each, its rows, of each its runs
 * @param {{ title: string, columns: number }} options
 */
export function drawTerminal(screens, { title, columns }) {
  const rows = Math.max(...screens.map((screen) => screen.length));
  const width = Math.round(columns * cell.width + 2 * frame.side);
  const height = rows * cell.height + frame.top + frame.bottom;
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, index) => `<circle cx="${frame.side + 6 + index * 20}" cy="21" r="6" fill="${fill}"/>`,
  );
  const pictures = screens.map((screen, index) => {
    const texts = screen.flatMap((runs, row) => (runs.length === 0 ? [] : [drawRow(runs, row)])).join('\n');
    if (screens.length === 1) return texts;
    return `<g class="screen" style="animation-delay: ${(index - screens.length) * secondsEach}s">\n${texts}\n</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escapeXml(title)}</title>
<style>text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: ${cell.font}px; fill: ${ink}; white-space: pre }${motion(screens.length)}</style>
<rect width="${width}" height="${height}" rx="10" fill="${paper}"/>
${dots.join('\n')}
${pictures.join('\n')}
</svg>
`;
}

/** @param {number} count */
function motion(count) {
  if (count === 1) return '';
  const share = (100 / count).toFixed(3);
  return `
.screen { visibility: hidden; animation: turn ${count * secondsEach}s infinite step-end }
@keyframes turn { 0% { visibility: visible } ${share}% { visibility: hidden } }
@media (prefers-reduced-motion) { .screen { animation: none } .screen:last-of-type { visibility: visible } }`;
}

/**
 * @param {Run[]} runs
 * @param {number} row
 */
function drawRow(runs, row) {
  const spans = runs.map(({ text, column, style }) => {
    const x = (frame.side + column * cell.width).toFixed(1);
    const attributes = Object.entries(style).map(([key, value]) => ` ${key}="${value}"`);
    return `<tspan x="${x}"${attributes.join('')}>${escapeXml(text)}</tspan>`;
  });
  return `<text y="${frame.top + row * cell.height + cell.font}" xml:space="preserve">${spans.join('')}</text>`;
}

/** @param {string} text */
function escapeXml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
