// What the report rests on: how much of each file was understood, what is missing; and how the fleet was in earlier runs.
function coverage(page) {
  const told = core.coverage, all = told.modelled + told.irrelevant + told.unknown + told.unread;
  put(page, el('h2', {}, 'Coverage'), el('p', {class: 'lead'}, told.percent + '% of the lines that matter were understood: ' + plural(told.modelled, 'line') + ' modelled, ' + number(told.irrelevant) + ' known not to matter, ',
    el('b', {class: told.unknown ? 'unknown' : null}, number(told.unknown) + ' not understood'), told.unread ? ', ' + number(told.unread) + ' not read' : '', '.'),
    all ? el('div', {class: 'meter', role: 'img', 'aria-label': told.percent + '% understood'}, share('up', told.modelled / all), share('design', told.irrelevant / all), share('unknown', (told.unknown + told.unread) / all)) : null,
    told.collected.length ? el('p', {class: 'mut'}, 'Collected ' + [...new Set(told.collected)].join(' to ') + '.') : '',
    el('p', {class: 'mut'}, 'A line that was not understood makes the verdict of its tunnels unknown, never fine.'));
  if (told.problems.length) put(page, el('h3', {}, 'Missing or stale'), table(['What', 'Why'], told.problems.slice(0, 300).map(one => el('tr', {}, el('td', {}, named(one.subject)), el('td', {}, one.reason)))));
  const unknown = core.files.flatMap(file => file.unknown.map(line => ({file, line})));
  if (unknown.length) put(page, el('h3', {}, 'Lines that were not understood'), evidenceTable(unknown.slice(0, 400).map(one => ({file: one.file.file, line: one.line.line, text: one.line.text}))), unknown.length > 400 ? el('p', {class: 'mut'}, '… and ' + number(unknown.length - 400) + ' more') : '');
  const other = core.files.filter(one => one.reason);
  if (other.length) put(page, el('h3', {}, 'Files that are no configuration, or templates'), table(['File', 'Why'], other.slice(0, 200).map(one => el('tr', {}, el('td', {}, el('bdi', {}, one.file)), el('td', {}, one.reason)))));
  const remarks = core.files.flatMap(file => file.remarks.map(line => ({file: file.file, line: line.line, text: line.text})));
  if (remarks.length) put(page, el('h3', {}, 'Remarks'), evidenceTable(remarks.slice(0, 200)), remarks.length > 200 ? el('p', {class: 'mut'}, '… and ' + number(remarks.length - 200) + ' more') : '');
  put(page, el('h3', {}, 'Files'));
  put(page, filteredList({
    view: 'coverage', what: 'files', rows: core.files.map(one => ({...one, hay: (one.host + ' ' + one.file).toLowerCase()})),
    facets: [{key: 'kind', label: 'Kind', of: one => one.kind}, {key: 'understood', label: 'Understood', of: one => one.unknown.length ? 'in part' : 'whole', order: ['whole', 'in part']}],
    heads: ['Router', 'File', 'Modelled', 'Not understood', 'Collected'],
    cells: one => [named(one.host, 30), named(one.file, 40), el('span', {}, number(one.modelled)), el('span', {class: one.unknown.length ? 'unknown' : 'mut'}, number(one.unknown.length)), el('span', {class: 'mut'}, one.collected || '')],
    print: one => [named(one.host), named(one.file), number(one.modelled), number(one.unknown.length), one.collected || ''],
    open: one => { if (fleet.routers.has(one.host)) location.hash = routerLink(one.host); },
  }));
}

function share(name, part) {
  const piece = el('i', {class: 's-' + name});
  piece.style.width = part * 100 + '%';
  return piece;
}

// Runs side by side: of each, how many tunnels were of which state, healthy ones left out.
function trend(page) {
  const runs = core.runs.slice(-60), kinds = Object.keys(RANK).filter(one => one !== 'none' && one !== 'design');
  const most = Math.max(1, ...runs.map(run => kinds.reduce((sum, kind) => sum + (run.tunnels[kind] || 0), 0)));
  const wide = 720, high = 200, step = wide / Math.max(runs.length, 8), chart = svg('svg', {viewBox: `-44 -14 ${wide + 60} ${high + 44}`, class: 'trend', role: 'img', 'aria-label': 'Tunnels that do not come up from both ends, run by run; the table below says the same'});
  for (const part of [0, 0.5, 1]) chart.append(svg('line', {x1: 0, x2: wide, y1: high * (1 - part), y2: high * (1 - part), class: 'axis'}), svg('text', {x: -6, y: high * (1 - part) + 4, 'text-anchor': 'end'}, number(Math.round(most * part))));
  runs.forEach((run, n) => {
    let top = high;
    for (const kind of kinds) {
      const tall = high * (run.tunnels[kind] || 0) / most;
      top -= tall;
      if (tall) chart.append(svg('rect', {x: n * step + 2, y: top, width: step - 4, height: tall, class: 'f-' + CLASS[kind]}, svg('title', {}, run.time + ': ' + number(run.tunnels[kind]) + ' ' + words.states[kind])));
    }
    if (n === 0 || n === runs.length - 1) chart.append(svg('text', {x: n * step + step / 2, y: high + 18, 'text-anchor': n ? 'end' : 'start'}, run.time.slice(0, 10)));
  });
  put(page, el('h2', {}, 'Tunnels that do not come up from both ends, run by run'), legend(), el('div', {class: 'picture'}, chart),
    table(['Run', ...kinds.map(one => '#' + words.states[one])], runs.map(run => el('tr', {}, el('td', {}, run.time), kinds.map(kind => el('td', {class: 'n'}, number(run.tunnels[kind] || 0)))))));
}
