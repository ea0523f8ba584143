// Long lists: only the rows in sight are in the page. Facets are buttons with counts; what they leave is told and printed.
const PRINTED = 500;

function virtualList(rows, cells, open, label) {
  const height = innerWidth < 700 ? 54 : 30;
  let chosen = 0;
  const inner = el('div', {class: 'inner'});
  const box = el('div', {class: 'rows', tabindex: 0, role: 'listbox', 'aria-label': label}, inner);
  inner.style.height = rows.length * height + 'px';
  if (rows.length * height < innerHeight * 0.66) box.style.height = Math.max(1, rows.length) * height + 2 + 'px';
  const draw = () => {
    const first = Math.max(0, Math.floor(box.scrollTop / height) - 6);
    const last = Math.min(rows.length, first + Math.ceil((box.clientHeight || 700) / height) + 12);
    inner.replaceChildren(...rows.slice(first, last).map((row, n) => {
      const line = el('div', {class: 'row', role: 'option', id: 'row' + (first + n), 'aria-selected': String(first + n === chosen),
        'aria-posinset': first + n + 1, 'aria-setsize': rows.length, on: {click: () => open(row)}}, cells(row));
      line.style.top = (first + n) * height + 'px';
      line.style.height = height + 'px';
      return line;
    }));
    box.setAttribute('aria-activedescendant', 'row' + chosen);
  };
  const move = step => {
    chosen = Math.max(0, Math.min(rows.length - 1, chosen + step));
    if (chosen * height < box.scrollTop) box.scrollTop = chosen * height;
    if ((chosen + 1) * height > box.scrollTop + box.clientHeight) box.scrollTop = (chosen + 1) * height - box.clientHeight;
    draw();
  };
  box.addEventListener('scroll', () => requestAnimationFrame(draw), {passive: true});
  box.addEventListener('keydown', event => {
    const step = {ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 15, PageUp: -15, Home: -rows.length, End: rows.length}[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) { move(step); event.preventDefault(); }
    else if (event.key === 'Enter' && rows[chosen]) open(rows[chosen]);
  });
  requestAnimationFrame(draw);
  return box;
}

// facets: [{key, label, of: row => value or values, order: [values], word: value => text, preset: [values]}]
function filteredList({view, rows, facets, heads, cells, print, open, what, text}) {
  const asked = here().asked, chosen = {}, host = el('div'), page = el('div', {class: 'list'});
  const fits = (facet, row) => {
    const value = facet.of(row), wanted = chosen[facet.key];
    return Array.isArray(value) ? value.some(one => wanted.has(one)) : wanted.has(value);
  };
  for (const facet of facets) chosen[facet.key] = new Set(asked[facet.key] || (Object.keys(asked).length ? [] : facet.preset || []));
  const search = el('input', {id: 'search', type: 'search', size: 28, placeholder: 'search  ( / )', 'aria-label': 'Search in ' + what,
    value: (asked.q || []).join(','), on: {input: () => apply()}});
  let left = rows;
  function apply() {
    const begun = performance.now();
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const active = facets.filter(facet => chosen[facet.key].size);
    left = rows.filter(row => terms.every(term => row.hay.includes(term))
      && active.every(facet => fits(facet, row)));
    const list = virtualList(left, cells, open, what);
    host.replaceChildren(
      el('p', {class: 'count'}, number(left.length) + ' of ' + plural(rows.length, what.replace(/s$/, ''), what)), 
      left.length ? el('div', {class: 'heads', 'aria-hidden': 'true'}, heads.map(one => el('span', {}, one))) : null, left.length ? list : null);
    remember(view, {...Object.fromEntries(facets.map(facet => [facet.key, [...chosen[facet.key]]])), q: terms.length ? [search.value.trim()] : []});
    root.dataset.filter = (performance.now() - begun).toFixed(1);
    announce(number(left.length) + ' ' + what);
  }
  const bar = el('div', {class: 'bar'}, search, text || null);
  for (const facet of facets) bar.append(facetControl(facet, rows, chosen[facet.key], apply));
  put(page, bar, host);
  apply();
  page.printed = () => {
    const some = left.slice(0, PRINTED), more = left.length - some.length;
    return el('div', {class: 'only-print'}, table(heads, some.map(row => el('tr', {}, print(row).map(cell => el('td', {}, cell))))),
      more ? el('p', {}, '… and ' + number(more) + ' more that are not printed.') : null);
  };
  return page;
}

function facetControl(facet, rows, chosen, apply) {
  const counts = counted(rows.flatMap(row => facet.of(row)));
  const values = facet.order ? facet.order.filter(one => counts.has(one)) : [...counts.keys()].sort();
  const word = facet.word || (one => one);
  if (values.length > 10) {
    const shown = el('span', {class: 'chosen'});
    const list = el('datalist', {id: 'values-' + facet.key}, values.slice(0, 3000).map(one => el('option', {value: one})));
    const input = el('input', {list: list.id, placeholder: facet.label, size: 16, 'aria-label': facet.label, 'data-facet': facet.key, on: {change: () => {
      if (counts.has(input.value)) { chosen.add(input.value); input.value = ''; draw(); apply(); }
    }}});
    const draw = () => shown.replaceChildren(...[...chosen].map(one => el('button', {class: 'chip', 'aria-label': 'not only ' + one, on: {click: () => {
      chosen.delete(one); draw(); apply();
    }}}, named(word(one), 28), ' ✕')));
    draw();
    return el('span', {class: 'facet'}, input, list, shown);
  }
  if (values.length < 2 && !chosen.size) return '';
  return el('span', {class: 'facet', role: 'group', 'aria-label': facet.label}, el('span', {class: 'label'}, facet.label), values.map(one => {
    const button = el('button', {'aria-pressed': String(chosen.has(one)), 'data-facet': facet.key, 'data-value': one, on: {click: () => {
      if (!chosen.delete(one)) chosen.add(one);
      button.setAttribute('aria-pressed', String(chosen.has(one)));
      apply();
    }}}, named(word(one), 28), ' ', el('span', {class: 'mut'}, number(counts.get(one))));
    return button;
  }));
}
