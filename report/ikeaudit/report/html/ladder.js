// One direction as a ladder: the initiator left, the responder right, messages between them, time running down.
const FATAL = new Set(['down', 'half-open']);

function ending(it) {
  const why = it.why === undefined ? it.reason : it.why,
    at = it.at === undefined ? it.failed_at : it.at;
  return (it.o || it.outcome) + (at ? ' at ' + at : '') + (it.by ? ' (by ' + it.by + ')' : '') + (why ? ': ' + why : '');
}

// What both ends decide at each message; messages at which nothing is to be told are joined, unless each is wanted.
function rungs(exchange, each = false) {
  const found = [],
    told = new Set(),
    steps = exchange.steps;
  steps.forEach((step, place) => {
    const last = place === steps.length - 1,
      failed = last && FATAL.has(exchange.outcome);
    // In the second message the caller only finds its own policy again.
    const fresh = step.decisions.filter(one => step.message !== 'MM2' && !told.has(JSON.stringify(one)));
    step.decisions.forEach(one => told.add(JSON.stringify(one)));
    const lines = router =>
      fresh
        .filter(one => one.router === router)
        .flatMap(one => tell(one, exchange, router === exchange.initiator ? exchange.peer : callerOf(exchange), failed));
    const left = lines(exchange.initiator),
      right = exchange.responder === null ? [] : lines(exchange.responder);
    const rung = {
      names: [step.message],
      from: step.from,
      arrived: step.arrived,
      failed,
      left,
      right,
      logs: step.transcript.map(at => exchange.transcript[at]),
      quiet: !left.length && !right.length && !failed,
    };
    const before = found[found.length - 1];
    if (!each && rung.quiet && before && before.quiet) {
      before.names.push(step.message);
      before.logs.push(...rung.logs);
    } else found.push(rung);
  });
  return found;
}

// The address that the responder sees the call come from, as its own debug tells it; else the caller's name.
function callerOf(exchange) {
  const heads = ['key for ', 'found peer pre-shared key matching '];
  for (const line of exchange.transcript)
    for (const head of heads)
      if (line.router === exchange.responder && line.line.startsWith(head)) return line.line.slice(head.length).split(' ')[0];
  return exchange.initiator;
}

function messageNames(names) {
  const [first, ...others] = names,
    kind = first.replace(/\d+$/, '');
  if (!others.length || !others.every(one => one.replace(/\d+$/, '') === kind)) return [...new Set(names)].join(', ');
  return others.length > 1 ? first + '–' + others[others.length - 1].slice(kind.length) : first + ', ' + others[0].slice(kind.length);
}

function arrow(rung) {
  const both = rung.names.length > 1,
    name = messageNames(rung.names),
    lost = rung.failed && rung.arrived === false;
  const how = both ? 'exchanged' : rung.failed ? (lost ? 'never leaves' : 'refused') : 'sent';
  return el(
    'div',
    {class: 'arrow ' + (both ? 'both' : rung.from) + (rung.failed ? ' failed' : '') + (lost ? ' lost' : '')},
    el('span', {class: 'msg'}, name, rung.failed ? ' ✕' : ''),
    el('span', {class: 'hidden'}, ' ' + how + (both ? '' : ' by the ' + rung.from)),
  );
}

const MARKS = {taken: '✔', left: '–', bad: '✕', pick: '', head: ''};
function side(name, lines, exchange, logs, cite, changed = () => false) {
  const found = lines.map(line =>
    el(
      'div',
      {class: 'dec ' + line.mark + (changed(line) ? ' changed' : '')},
      el('span', {class: 'mark', 'aria-hidden': 'true'}, MARKS[line.mark]),
      el(
        'span',
        {},
        line.label ? el('span', {class: 'mut'}, line.label + ' ') : null,
        el('b', {}, named(line.text, 90)),
        line.note ? el('span', {class: 'note'}, (line.mark === 'pick' ? ', ' : ' · ') + line.note) : null,
        line.rule && line.mark !== 'left' ? el('span', {class: 'rule'}, line.rule) : null,
        line.lines.map(at => cite(exchange.evidence[at], at, line.mark)),
      ),
    ),
  );
  if (logs.length)
    found.push(
      el(
        'div',
        {class: 'logs'},
        logs.map(one => el('div', {}, one.line)),
      ),
    );
  return el('div', {class: 'side' + (lines.length ? '' : ' quiet'), 'data-who': name}, found);
}

// file:line as a button that shows the line among the others; for what decides, the line itself as well.
const citing = open => (line, at, mark) =>
  el(
    'button',
    {class: 'cite', title: line.text, on: {click: () => open(at)}},
    place(line),
    mark === 'left' || mark === 'taken' ? null : el('code', {}, ' ' + short(seen(line.text), 64)),
  );

function ladder(exchange, {open = true, example = null, say = null} = {}) {
  const failed = FATAL.has(exchange.outcome),
    responder = exchange.responder || exchange.peer,
    steps = rungs(exchange);
  const lines = el(
    'details',
    {class: 'evidence'},
    el('summary', {}, plural(exchange.evidence.length, 'configuration line')),
    evidenceTable(exchange.evidence),
  );
  const show = at => {
    lines.open = true;
    const row = lines.querySelectorAll('tr')[at];
    lines.querySelectorAll('tr.on').forEach(one => one.classList.remove('on'));
    row.classList.add('on');
    row.scrollIntoView({block: 'center'});
  };
  const cite = citing(show),
    grid = el(
      'div',
      {class: 'ladder'},
      el('div', {class: 'end'}, named(exchange.initiator), ' ', el('span', {class: 'mut'}, 'initiator')),
      el('div', {class: 'end arrow-head'}),
      el('div', {class: 'end'}, named(responder), ' ', el('span', {class: 'mut'}, 'responder')),
    );
  for (const rung of steps) {
    const of = router => rung.logs.filter(one => one.router === router);
    grid.append(
      el(
        'div',
        {class: 'rung', 'data-message': rung.names.join(' ')},
        side(exchange.initiator, rung.left, exchange, of(exchange.initiator), cite),
        arrow(rung),
        side(responder, rung.right, exchange, of(exchange.responder), cite),
      ),
    );
  }
  const loud = failed || exchange.lost_at || exchange.by === 'fault' ? 'down' : exchange.outcome === 'up' ? 'up' : 'unknown';
  const fatal = failed && steps.length ? steps[steps.length - 1].logs.find(one => deadly(one.line)) : null;
  return el(
    'section',
    {class: 'direction', 'data-outcome': exchange.outcome},
    el(
      'h3',
      {},
      named(exchange.initiator),
      ' calls ',
      named(responder),
      ' ',
      el('span', {class: 'mut'}, exchange.initiator_interface + ' → ' + (exchange.responder_interface || exchange.peer)),
      el('button', {class: 'copy', on: {click: event => copied(event.target, asText(exchange, steps))}}, 'Copy as text'),
    ),
    el(
      'p',
      {class: 'ending ' + loud},
      loud === 'down' ? '✕ ' : loud === 'up' ? '✔ ' : '– ',
      ending(exchange),
      exchange.confidence === 'certain' ? ', certain' : el('b', {class: 'sure'}, ', ' + exchange.confidence),
      exchange.lost_at
        ? ', lost at the first ' + exchange.lost_at + (exchange.lost_after === null ? '' : ' after ' + exchange.lost_after + ' s')
        : '',
      exchange.reason && words.reasons[exchange.reason] ? '. ' + words.reasons[exchange.reason] + '.' : '',
    ),
    say ? el('p', {class: 'observed'}, 'Seen: ' + seen(say) + '.') : null,
    exchange.renewal ? el('p', {}, 'When it renews the tunnel: ' + ending(exchange.renewal) + '.') : null,
    exchange.instead
      ? el(
          'p',
          {},
          'Then it calls ',
          named(exchange.instead.responder || exchange.instead.peer),
          ': ' + exchange.instead.outcome + ' (' + exchange.instead.confidence + ').',
        )
      : null,
    example,
    steps.length ? grid : el('p', {class: 'mut'}, 'Nothing is sent.'),
    fatal ? el('p', {class: 'logged'}, named(fatal.router), ' logs ', el('code', {}, fatal.line)) : null,
    readings(exchange),
    exchange.evidence.length ? lines : null,
  );
}

const DEADLY =
  /aborting exchange|reserved not zero|%CRYPTO-[0-4]-|IKMP_|No pre-shared key with|No Cert or pre-shared|Can not start Main mode\b|Failed to|returned error|not acceptable|no offers accepted|did not match|does not match policy|did not find matching|not supported|PROPOSAL_NOT_CHOSEN|QM rejected|profile not found|FAILED|TS_UNACCEPTABLE/;
const deadly = line => DEADLY.test(line);

function readings(exchange) {
  if (!exchange.readings.length) return null;
  const picks = one =>
    [one.initiator_profile, one.initiator_keyring].filter(Boolean).join(', ') +
    ' · ' +
    [one.responder_keyring, one.responder_profile].filter(Boolean).join(', ');
  return el(
    'div',
    {class: 'readings'},
    el(
      'h4',
      {},
      exchange.confidence === 'unpredictable'
        ? 'Unpredictable: IOS does not promise which it takes'
        : 'Where each reading of the rules leads',
    ),
    table(
      ['Reading', 'Ends', 'Caller · responder'],
      exchange.readings.map(one =>
        el(
          'tr',
          {class: one.primary ? 'primary' : null},
          el('td', {}, one.reading, one.primary ? el('span', {class: 'mut'}, ' (shown)') : null),
          el('td', {class: FATAL.has(one.outcome) ? 'down' : one.outcome}, ending(one)),
          el('td', {}, picks(one)),
        ),
      ),
    ),
  );
}

function evidenceTable(lines) {
  return el(
    'table',
    {class: 'lines'},
    el(
      'tbody',
      {},
      lines.map(line =>
        el('tr', {}, el('td', {class: 'mut'}, el('bdi', {}, line.file + ':' + line.line)), el('td', {}, el('code', {}, line.text))),
      ),
    ),
  );
}

function asText(exchange, steps) {
  const line = one =>
    '  ' +
    (MARKS[one.mark] || ' ') +
    ' ' +
    [one.label, one.text, one.note].filter(Boolean).join(' ') +
    one.lines.map(at => '   ' + place(exchange.evidence[at])).join('');
  const body = steps.flatMap(rung => [
    (rung.from === 'initiator' ? exchange.initiator : exchange.responder) + (rung.failed ? ' ✕ ' : ' ▶ ') + messageNames(rung.names),
    ...rung.left.map(one => exchange.initiator + line(one)),
    ...rung.right.map(one => (exchange.responder || exchange.peer) + line(one)),
  ]);
  return (
    [
      exchange.initiator + ' calls ' + (exchange.responder || exchange.peer) + ': ' + ending(exchange) + ' (' + exchange.confidence + ')',
      ...body,
    ].join('\n') + '\n'
  );
}

function copied(button, text) {
  const done = ok => {
    button.textContent = ok ? 'Copied' : 'Not allowed here';
    setTimeout(() => {
      button.textContent = 'Copy as text';
    }, 1500);
  };
  if (!navigator.clipboard) {
    done(false);
    return;
  }
  navigator.clipboard.writeText(text).then(
    () => done(true),
    () => done(false),
  );
}
