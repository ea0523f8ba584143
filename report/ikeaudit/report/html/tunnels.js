// The tunnels, and those between two routers message by message.
function tunnels(page) {
  const asked = here().asked.cause || [],
    found = fleet.findings.filter(one => asked.some(print => one.fingerprint.startsWith(print)));
  const harmed = found.map(one => [one.fingerprint, new Set(one.harms)]);
  put(
    page,
    filteredList({
      view: 'tunnels',
      what: 'tunnels',
      rows: [...fleet.tunnels].sort((a, b) => RANK[a.state] - RANK[b.state]),
      text: found.length
        ? el(
            'p',
            {class: 'only'},
            'Those that ',
            el('a', {href: findingLink(found[0].fingerprint)}, found[0].code),
            ' harms: ' + short(seen(found[0].message), 80) + (found.length > 1 ? ', and ' + number(found.length - 1) + ' more causes' : ''),
          )
        : null,
      facets: [
        {
          key: 'state',
          label: 'Comes up from',
          of: one => one.state,
          order: Object.keys(RANK),
          word: one => (one === 'none' ? 'both ends' : words.states[one]),
          preset: fleet.tunnels.some(one => RANK[one.state] < RANK.none)
            ? Object.keys(RANK).filter(one => RANK[one] < RANK.none && fleet.tunnels.some(it => it.state === one))
            : [],
        },
        {key: 'certainty', label: 'Certainty', of: one => one.sure, order: CERTAINTIES},
        ...(witnessed()
          ? [{key: 'seen', label: 'State', of: one => one.seen, order: Object.keys(words.standings), word: one => words.standings[one]}]
          : []),
        {key: 'ike', label: 'Version', of: one => one.version, order: ['IKEv1', 'IKEv2']},
        {key: 'why', label: 'Reason', of: one => one.why || '–'},
        {key: 'host', label: 'Router', of: one => [one.a, one.b]},
        ...(found.length
          ? [
              {
                key: 'cause',
                label: 'Cause',
                of: one => harmed.filter(([, places]) => places.has(one.place)).map(([print]) => print),
                word: print => print.slice(0, 6),
              },
            ]
          : []),
      ],
      heads: ['Comes up from', 'Router', 'Router', 'Why', 'Certainty'],
      cells: one => [
        el('span', {class: 'b c-' + CLASS[one.state]}, one.state === 'none' ? 'both ends' : words.states[one.state]),
        named(one.a, 30),
        named(one.b, 30),
        el('span', {class: 'what'}, (one.failing.at && one.why ? one.failing.at + ' ' : '') + one.why, seenMark(one, one.why ? ' · ' : '')),
        el('span', {class: 'mut'}, one.sure),
      ],
      print: one => [
        one.state === 'none' ? 'both ends' : words.states[one.state],
        named(one.a),
        named(one.b),
        el('span', {}, one.why, seenMark(one, one.why ? ' · ' : '')),
        one.sure,
      ],
      open: one => {
        location.hash = one.link;
      },
    }),
  );
}

// What the routers' state says, where a snapshot has any.
const witnessed = () => fleet.directions.some(one => one.seen);
const seenMark = (one, between = '') => (one.say ? el('span', {class: 'mut', title: seen(one.say)}, between + 'seen: ' + seen(one.say)) : null);

const tunnelTable = some =>
  table(
    ['Comes up from', 'Tunnel', 'Why', 'Certainty'],
    some.map(one =>
      el(
        'tr',
        {},
        el('td', {class: 'b c-' + CLASS[one.state]}, one.state === 'none' ? 'both ends' : words.states[one.state]),
        el('td', {}, el('a', {href: one.link}, named(one.a, 30), ' ⇄ ', named(one.b, 30))),
        el('td', {}, (one.failing.at && one.why ? one.failing.at + ' ' : '') + one.why),
        el('td', {class: 'mut'}, one.sure),
      ),
    ),
    {class: 'wide'},
  );

async function tunnel(page, argument) {
  const [a, b = ''] = argument.split('~').map(decoded);
  const some = fleet.tunnels.filter(one => (one.a === a && one.b === b) || (one.a === b && one.b === a));
  const beside = some.length
    ? []
    : fleet.directions
        .map((one, n) => [one, n])
        .filter(([one]) => (one.i === a && (one.r || one.p) === b) || (one.i === b && (one.r || one.p) === a));
  if (!some.length && !beside.length) {
    put(page, el('p', {}, 'There is no tunnel between ', named(a), ' and ', named(b), ' in this report.'));
    return;
  }
  const whole = (await inDetail()).exchanges;
  const told = at => {
    const left = whole.example(at),
      exchange = whole.get(at),
      own = fleet.directions[at];
    return ladder(exchange, {
      say: own.say,
      example: left
        ? el(
            'p',
            {class: 'example'},
            'Too many to keep each: this is one of the same shape, ',
            named(own.i),
            ' calls ',
            named(own.r || own.p),
            ' goes the same way with other names.',
          )
        : null,
    });
  };
  for (const one of some) {
    const order = [one.there, one.back]
      .filter(at => at >= 0)
      .sort((x, y) => (fleet.directions[x] === one.failing ? 0 : 1) - (fleet.directions[y] === one.failing ? 0 : 1));
    put(
      page,
      el(
        'div',
        {class: 'head'},
        el(
          'h2',
          {class: 'title'},
          routerNamed(one.a),
          ' ⇄ ',
          routerNamed(one.b),
          ' ',
          el(
            'span',
            {class: 'mut'},
            one.first.ii + ' ⇄ ' + (one.first.ri || '?') + ' · ' + one.version + (one.first.m ? ' ' + one.first.m + ' mode' : ''),
          ),
        ),
        el(
          'p',
          {class: 'lead b c-' + CLASS[one.state]},
          one.state === 'none' ? 'Comes up.' : one.state === 'unknown' ? 'Not known.' : 'Comes up from: ' + words.states[one.state] + '.',
        ),
        steering(one),
      ),
      causesOf(one),
      el('div', {class: 'two'}, order.map(told)),
    );
  }
  if (beside.length)
    put(
      page,
      el('h2', {class: 'title'}, named(a), ' ⇄ ', named(b)),
      el(
        'div',
        {class: 'two'},
        beside.map(([, at]) => told(at)),
      ),
    );
}

function causesOf(one) {
  const found = fleet.findings.filter(it => it.harms.includes(one.place));
  return found.length
    ? el(
        'ul',
        {class: 'because'},
        found.map(it => el('li', {}, el('a', {href: findingLink(it.fingerprint)}, it.message), ' ', el('span', {class: 'code'}, it.code))),
      )
    : null;
}

// The failing tunnels one after the other.
function neighbour(step) {
  const failing = fleet.tunnels.filter(one => BAD.has(one.state)).sort((x, y) => RANK[x.state] - RANK[y.state] || x.place - y.place);
  if (!failing.length) return null;
  const [a, b = ''] = here().argument.split('~').map(decoded);
  const at = here().view === 't' ? failing.findIndex(one => (one.a === a && one.b === b) || (one.a === b && one.b === a)) : -1;
  return failing[(at + (at < 0 && step < 0 ? 0 : step) + failing.length) % failing.length];
}

function steering(one) {
  if (!BAD.has(one.state)) return null;
  return el(
    'p',
    {class: 'steering'},
    el('a', {href: neighbour(-1).link}, '[ previous failing'),
    ' · ',
    el('a', {href: neighbour(1).link}, 'next failing ]'),
    ' · ',
    el('button', {on: {click: debugLines}}, 'Debug lines (t)'),
  );
}

function debugLines() {
  root.classList.toggle('with-logs');
}
