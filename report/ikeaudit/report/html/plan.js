// A plan: what becomes of tunnels, the ladders before, after and after the roll-back side by side, the waves, the steps.
const plan = {outlooks: [], ladders: []};
const MOMENTS = [['before', 'Today'], ['after', 'After the plan'], ['rolled_back', 'After the roll-back']];

function gatherPlan() {
  plan.outlooks = packed(core.outlooks).all().map(one => ({...one, to: one.r || one.p}));
  plan.ladders = packed(core.ladders).all().map(one => ({...one, ...one.direction}));
  const kept = new Set(plan.ladders.map(one => [one.initiator, one.initiator_interface, one.peer, one.responder].join('\n')));
  for (const one of plan.outlooks) {
    one.told = kept.has([one.i, one.ii, one.p, one.r].join('\n'));
    one.change = change(one);
    one.hay = [one.i, one.to, one.p, one.ii, one.before && one.before.why, one.after && one.after.why].filter(Boolean).join(' ').toLowerCase();
  }
}

const SEVERAL = {'stays up': 'stay up', 'stays down': 'stay down', 'as it was': 'as they were'};
const CHANGES = ['mended', 'worse', 'surer', 'stays up', 'stays down', 'new', 'gone', 'as it was'];
function change({before, after}) {
  if (before === null) return 'new';
  if (after === null) return 'gone';
  if (before.o !== 'up' && after.o === 'up') return 'mended';
  if (before.o === 'up' && after.o !== 'up') return 'worse';
  if (before.o === 'up' && after.o === 'up') return before.c === after.c ? 'stays up' : after.c === 'certain' ? 'surer' : 'stays up';
  return before.o === after.o ? (FATAL.has(before.o) ? 'stays down' : 'as it was') : 'as it was';
}
const outcome = one => one === null ? el('span', {class: 'mut'}, 'not there') : el('span', {class: 'o-' + one.o}, one.o, one.why ? ': ' + one.why : '', one.c === 'certain' ? '' : el('span', {class: 'mut'}, ', ' + one.c));
const directionLink = one => '#d/' + encoded(one.initiator || one.i) + '~' + encoded(one.responder || one.r || one.peer || one.p) + '~' + encoded(one.initiator_interface || one.ii);

async function planOverview(page) {
  const counts = counted(plan.outlooks.map(one => one.change));
  put(page, el('div', {class: 'states'}, CHANGES.filter(one => counts.has(one)).map(one => el('a', {class: 'state ch-' + one.replace(/ /g, '-'), href: address('directions', {change: [one]})}, el('b', {}, number(counts.get(one))), ' ', counts.get(one) === 1 ? 'direction ' + one : 'directions ' + (SEVERAL[one] || one)))),
    el('p', {class: 'lead'}, core.stops));
  if (core.refusals.length) put(page, el('h2', {}, 'Refused'), table(['Router', 'What', 'Why'], core.refusals.slice(0, 100).map(one => el('tr', {}, el('td', {}, named(one.router)), el('td', {}, one.subject), el('td', {}, one.reason)))));
  put(page, sentences('What it does not mend', core.open), sentences('Before you carry it out', core.remarks));
  const other = plan.ladders.filter(one => one.like);
  put(page, el('h2', {}, 'Before, after, and taken back, message by message'));
  if (!core.kept) put(page, el('p', {}, 'This plan was made without ladders; one made now has them.'));
  else put(page, el('div', {class: 'ladders'}, table(['Direction', 'Today', 'Afterwards', ''], plan.ladders.slice(0, 100).map(one => {
    const row = plan.outlooks.find(it => it.i === one.initiator && it.ii === one.initiator_interface && it.p === one.peer && it.r === one.responder) || {before: null, after: null};
    return el('tr', {}, el('td', {}, el('a', {href: directionLink(one)}, named(one.initiator, 30), ' calls ', named(one.responder || one.peer, 30))), el('td', {}, outcome(row.before)), el('td', {}, outcome(row.after)), el('td', {class: 'mut'}, one.like ? 'and ' + plural(one.like, 'direction') + ' like it' : ''));
  })), other.length ? el('p', {class: 'mut'}, 'Of directions that end and choose alike one is told; all are under Directions.') : null));
  waves(page);
  put(page, sentences('What interrupts traffic', core.interrupts));
  const first = plan.ladders.find(one => plan.outlooks.some(it => it.change === 'mended' && it.i === one.initiator && it.ii === one.initiator_interface && it.p === one.peer)) || plan.ladders[0];
  if (!first) return;
  const shown = el('div');
  await compared(shown, directionLink(first).slice(3));
  $('.ladders').after(shown);
}

// The first few; who wants all opens the rest.
function sentences(title, some) {
  const list = part => el('ul', {}, part.map(one => el('li', {}, one)));
  if (!some.length) return null;
  return [el('h2', {}, title), list(some.slice(0, 6)), some.length > 6 ? el('details', {}, el('summary', {}, 'and ' + number(some.length - 6) + ' more'), list(some.slice(6, 1000))) : null];
}

function directions(page) {
  put(page, filteredList({
    view: 'directions', what: 'directions', rows: plan.outlooks,
    facets: [{key: 'change', label: 'Change', of: one => one.change, order: CHANGES}, {key: 'ike', label: 'Afterwards', of: one => 'IKEv' + one.v}, {key: 'host', label: 'Router', of: one => [one.i, one.to]}],
    heads: ['Change', 'Caller', 'Called', 'Today', 'Afterwards'],
    cells: one => [el('span', {class: 'b ch-' + one.change.replace(/ /g, '-')}, one.change), named(one.i, 30), named(one.to, 30), outcome(one.before), outcome(one.after)],
    print: one => [one.change, named(one.i), named(one.to), outcome(one.before), outcome(one.after)],
    open: one => { location.hash = directionLink(one); },
  }));
}

// Rows are messages, columns are moments: what is another line than today is tinted.
async function compared(page, argument) {
  const [i, to, ii] = argument.split('~').map(decoded), at = plan.ladders.findIndex(one => one.initiator === i && (one.responder || one.peer) === to && (!ii || one.initiator_interface === ii));
  const row = plan.outlooks.find(one => one.i === i && one.to === to && (!ii || one.ii === ii));
  put(page, el('h2', {class: 'title'}, named(i), ' calls ', named(to), row ? el('span', {class: 'lead'}, ' ', outcome(row.before), ' → ', outcome(row.after)) : ''));
  if (at < 0) {
    put(page, el('p', {}, row ? 'It ends and chooses like one that is told under Overview, or starts nothing.' : 'This plan has no such direction.'));
    return;
  }
  const whole = (await inDetail()).ladders.get(at), there = MOMENTS.filter(([key]) => whole[key] !== null);
  const all = there.map(([key]) => rungs(whole[key], true)), order = [];
  const older = new Set(all.flat().map(one => one.names[0])), keyed = all.map(some => new Map(some.map(rung => [rowOf(rung, older), rung])));
  for (const some of keyed) for (const key of some.keys()) if (!order.includes(key)) order.push(key);
  const today = whole.before ? new Set(texts(whole.before)) : null;
  const grid = el('div', {class: 'compare of-' + there.length});
  there.forEach(([key, title]) => grid.append(el('div', {class: 'moment'}, el('h3', {}, title), el('p', {class: 'ending ' + (FATAL.has(whole[key].outcome) ? 'down' : whole[key].outcome === 'up' ? 'up' : 'unknown')}, FATAL.has(whole[key].outcome) ? '✕ ' : '✔ ', ending(whole[key]), ', ' + whole[key].confidence),
    el('div', {class: 'ends'}, el('b', {}, named(i, 24)), el('b', {}, named(to, 24))))));
  for (const rows of quietTogether(order, keyed)) grid.append(...there.map(([key, title], column) => {
    const own = rows.map(one => keyed[column].get(one)).filter(Boolean), rung = own[0], message = rows[0];
    if (!rung) return el('div', {class: 'cell empty', 'data-message': message});
    const exchange = whole[key], cite = (line, n, mark) => el('span', {class: 'cite still', title: line.text}, place(line), mark === 'left' || mark === 'taken' ? null : el('code', {}, ' ' + short(seen(line.text), 72)));
    const of = router => own.flatMap(one => one.logs).filter(one => one.router === router), changed = line => key !== 'before' && today !== null && !today.has(textOf(line));
    return el('div', {class: 'cell', 'data-message': message, 'data-moment': title}, side(i, rung.left, exchange, of(i), cite, changed), arrow({...rung, names: own.map(one => one.names[0])}), side(to, rung.right, exchange, of(exchange.responder), cite, changed));
  }));
  put(page, el('p', {class: 'mut'}, 'A row is a message; what is decided otherwise than today is tinted.'), grid, el('p', {}, el('button', {on: {click: debugLines}}, 'Debug lines (t)')));
  for (const [key, title] of there) put(page, el('details', {class: 'evidence'}, el('summary', {}, title + ': ' + plural(whole[key].evidence.length, 'configuration line')), evidenceTable(whole[key].evidence)));
}

const textOf = line => [line.mark, line.label, line.text, line.note].join('|');
const texts = exchange => rungs(exchange, true).flatMap(rung => [...rung.left, ...rung.right].map(textOf));

// IKEv2 has a message and its answer by one name; beside IKEv1 each stands at what does the same there.
const LIKE = {'SA_INIT initiator': ['MM1', 'AM1'], 'SA_INIT responder': ['MM2', 'AM2'], 'AUTH initiator': ['MM5', 'AM3'], 'AUTH responder': ['MM6']};
function rowOf(rung, older) {
  const both = rung.names[0] + ' ' + rung.from;
  return both in LIKE ? LIKE[both].find(one => older.has(one)) || both : rung.names[0];
}

// Messages at which no moment has anything to tell share a row.
function quietTogether(order, keyed) {
  const found = [], kind = key => keyed.map(some => some.has(key) ? some.get(key).quiet ? 'quiet' : 'told' : 'none').join();
  for (const key of order) {
    const last = found[found.length - 1], now = kind(key);
    if (!now.includes('told') && last && kind(last[0]) === now) last.push(key);
    else found.push([key]);
  }
  return found;
}

// Waves one after the other, each a bar as long as its revert timers, groups as its parts.
function waves(page) {
  if (!core.waves.length) return;
  const minutes = wave => wave.groups.reduce((sum, group) => sum + group.minutes, 0) || wave.minutes, total = core.waves.reduce((sum, wave) => sum + minutes(wave), 0);
  put(page, el('h2', {id: 'waves'}, 'Waves'), el('p', {class: 'mut'}, plural(core.waves.length, 'wave') + ', one after the other; a bar is as long as its revert timers, which is the longest that it may hang: ' + number(total) + ' minutes in all. It is confirmed part by part.'));
  let begun = 0;
  put(page, el('ol', {class: 'waves'}, core.waves.map(wave => {
    const bar = el('div', {class: 'wave-bar'}, wave.groups.map(group => { const piece = el('i', {title: group.routers.join(', ') + ', ' + group.minutes + ' minutes'}); piece.style.flexGrow = group.minutes; return piece; }));
    bar.style.marginLeft = begun / total * 100 + '%';
    bar.style.width = minutes(wave) / total * 100 + '%';
    begun += minutes(wave);
    return el('li', {}, el('div', {class: 'wave-track'}, bar), el('details', {}, el('summary', {}, el('b', {}, wave.n + '  ' + wave.title), ' ', el('span', {class: 'mut'}, plural(wave.routers.length, 'router') + (wave.groups.length > 1 ? ' in ' + plural(wave.groups.length, 'group') : '') + ', timer ' + plural(wave.minutes, 'minute') + (wave.partners.length ? '; tested from ' + wave.partners.slice(0, 3).join(', ') + ' as well' : ''))),
      table(['Router', '#Timer', 'Why here'], wave.routers.map(one => el('tr', {}, el('td', {}, el('a', {href: '#steps?router=' + encoded(one.name)}, named(one.name))), el('td', {class: 'n'}, one.minutes + ' min'), el('td', {}, one.why))))));
  })));
}

async function steps(page) {
  const all = (await inDetail()).steps.all(), asked = here().asked.router || [], some = all.filter(one => !asked.length || asked.includes(one.router));
  put(page, el('h2', {}, asked.length ? ['Steps on ', named(asked[0])] : 'Steps', asked.length ? [' ', el('a', {href: '#steps', class: 'mut'}, 'all')] : ''));
  if (!asked.length) put(page, el('p', {class: 'bar'}, core.routers.slice(0, 40).map(one => el('a', {class: 'chip', href: '#steps?router=' + encoded(one.name)}, named(one.name, 24)))));
  put(page, some.slice(0, 200).map(one => el('details', {class: 'step', open: some.length <= 12}, el('summary', {}, el('b', {}, one.n + '  ' + one.title), ' ', el('span', {class: 'phase ' + one.phase}, one.phase), ' ', named(one.router), one.cuts ? el('span', {class: 'down'}, ' may cut its own session') : ''),
    one.announce.map(words => el('p', {class: 'sure'}, words)), el('div', {class: 'two'}, el('div', {}, el('h4', {}, 'Sent'), el('pre', {}, one.commands.join('\n'))), el('div', {}, el('h4', {}, 'Taken back by'), el('pre', {}, one.rollback.join('\n')))))),
    some.length > 200 ? el('p', {class: 'mut'}, '… and ' + number(some.length - 200) + ' more in the plan’s folder') : '');
}
