// The other half of pack.py: blobs become values again. The core is read at once, the details with the first ladder.
async function inflated(id) {
  const block = document.getElementById(id), letters = atob(block.textContent.trim());
  const bytes = new Uint8Array(letters.length);
  for (let n = 0; n < letters.length; n++) bytes[n] = letters.charCodeAt(n);
  block.remove();
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
}

function packed(found) {
  const left = new Set(found.x);
  const fill = (shape, columns, row) => {
    if (typeof shape === 'number') {
      const column = columns[shape < 0 ? -shape - 1 : shape], value = column.length === 1 ? column[0] : column[row];
      return shape < 0 ? value : found.s[value];
    }
    if (typeof shape === 'string') return JSON.parse(shape);
    if (Array.isArray(shape)) return shape.map(one => fill(one, columns, row));
    if (shape === null || typeof shape !== 'object') return shape;
    const value = {};
    for (const key in shape) value[key] = fill(shape[key], columns, row);
    return value;
  };
  return {
    length: found.w.length,
    get: n => fill(found.k[found.w[n]], found.c[found.w[n]], found.r[n]),
    example: n => left.has(n),
    all() { return found.w.map((_, n) => this.get(n)); },
  };
}

let core = null, words = null, details = null;
function inDetail() {
  return details || (details = readDetails());
}

async function readDetails() {
  // They stand behind the scripts: who comes by a link to a ladder may be here before them.
  if (document.readyState === 'loading') await new Promise(done => addEventListener('DOMContentLoaded', done, {once: true}));
  const begun = performance.now(), found = await inflated('details');
  const all = Object.fromEntries(Object.entries(found).map(([name, one]) => [name, packed(one)]));
  root.dataset.details = Math.round(performance.now() - begun);
  return all;
}
