// One router: its tunnels as a star or a strip, its findings, how much of it was understood.
function router(page, argument) {
  const name = decoded(argument), found = fleet.routers.get(name);
  if (!found) { put(page, el('p', {}, 'There is no router ', named(name), ' in this report.')); return; }
  const own = fleet.findings.filter(one => one.hosts.includes(name)), file = found.file;
  put(page, el('h2', {class: 'title'}, named(name)),
    el('p', {class: 'lead'}, plural(found.tunnels.length, 'tunnel'), found.bad ? [', ', el('b', {class: 'down'}, number(found.bad) + ' bad')] : null, file ? [' · ', el('bdi', {}, file.file), ' · ' + plural(file.modelled, 'line') + ' understood, ' + number(file.unknown.length) + ' not' + (file.collected ? ' · collected ' + file.collected : '')] : null));
  if (found.tunnels.length) put(page, legend());
  if (found.tunnels.length && found.tunnels.length <= STAR) put(page, el('div', {class: 'picture'}, star(found)));
  else if (found.tunnels.length) put(page, el('div', {class: 'strips'}, el('div', {class: 'strip alone'}, el('div', {class: 'strip-cells'}, strip(name, [...found.tunnels].sort(by(one => one.other(name))))))));
  if (own.length) put(page, el('h3', {}, 'Findings'), table(['Severity', 'Code', 'What'], own.slice(0, 60).map(one => el('tr', {}, el('td', {class: 'sev ' + one.severity}, one.severity), el('td', {class: 'code'}, one.code), el('td', {}, el('a', {href: findingLink(one.fingerprint)}, one.message)))), {class: 'wide'}),
    el('p', {}, el('a', {href: address('findings', {host: [name]})}, 'as a list')));
  const some = [...found.tunnels].sort((a, b) => RANK[a.state] - RANK[b.state]);
  if (some.length) put(page, el('h3', {}, 'Tunnels'), tunnelTable(some.slice(0, 60)), some.length > 60 ? el('p', {}, el('a', {href: address('tunnels', {host: [name]})}, 'all ' + number(some.length))) : '');
}
