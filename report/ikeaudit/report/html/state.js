// Where the reader is, in the address: #view/argument?facet=value,value. Names, never numbers, so that a link outlives a run.
const encoded = text => encodeURIComponent(text).replace(/~/g, '%7E').replace(/'/g, '%27');
const decoded = text => { try { return decodeURIComponent(text); } catch { return text; } };

function here() {
  const hash = location.hash.slice(1), cut = hash.indexOf('?');
  const [view, ...rest] = (cut < 0 ? hash : hash.slice(0, cut)).split('/');
  const asked = {};
  for (const pair of cut < 0 ? [] : hash.slice(cut + 1).split('&')) {
    const [key, value = ''] = pair.split('=');
    if (key) asked[key] = value.split(',').map(decoded).filter(Boolean);
  }
  return {view: view || 'overview', argument: rest.join('/'), asked};
}

const address = (view, asked = {}) => '#' + view + (Object.keys(asked).length ? '?' : '') + Object.entries(asked)
  .filter(([, values]) => values.length).map(([key, values]) => key + '=' + values.map(encoded).join(',')).join('&');

// The facets of a list, remembered in the address without a new entry in the history.
function remember(view, asked) {
  const kept = Object.fromEntries(Object.entries(asked).filter(([, values]) => values.length));
  history.replaceState(null, '', address(view, kept));
}

const tunnelLink = (a, b) => '#t/' + encoded(a) + '~' + encoded(b);
const routerLink = name => '#r/' + encoded(name);
const findingLink = print => '#f/' + print;
const routerNamed = (name, most) => fleet.routers.has(name) ? el('a', {href: routerLink(name)}, named(name, most)) : named(name, most);
