// The fleet as values, and the first view: the verdict, the causes, every tunnel.
const BAD = new Set(['down', 'one-at-most', 'one-end', 'order', 'later']);
const RANK = {down: 0, 'one-at-most': 1, 'one-end': 2, order: 3, later: 4, unknown: 5, none: 6, design: 7};
const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'],
  CERTAINTIES = ['certain', 'probable', 'unpredictable', 'unknown'];
const CATEGORIES = ['connectivity', 'selection', 'exposure', 'hygiene', 'drift'];
const CLASS = {down: 'down', 'one-at-most': 'down', 'one-end': 'one', order: 'order', later: 'later', unknown: 'unknown', none: 'up', design: 'mut'};
const fleet = {directions: [], tunnels: [], routers: new Map(), findings: []};

class Tunnel {
  constructor(place, there, back, state) {
    const first = fleet.directions[there],
      second = back < 0 ? null : fleet.directions[back];
    Object.assign(this, {place, there, back, state, first, second, a: first.i, b: first.r || (second ? second.i : first.p)});
    const worst = [first, second].filter(Boolean).sort((one, other) => CERTAINTIES.indexOf(other.c) - CERTAINTIES.indexOf(one.c))[0];
    const failing =
      [first, second].filter(Boolean).find(one => one.o === 'down' || one.o === 'half-open' || one.by === 'fault') ||
      [first, second].find(one => one && one.why) ||
      first;
    this.sure = worst.c;
    const looked = [first, second].filter(one => one && one.seen);
    this.seen = looked.length ? looked.map(one => one.seen) : ['not-seen'];
    this.say = looked.map(one => one.say).join('; ');
    this.version = 'IKEv' + first.v;
    this.failing = failing;
    this.why =
      state === 'none' ? '' : failing.why || (failing.o === 'unknown' && failing.r === null ? 'the far end is not in the snapshot' : '');
  }
  get hay() {
    const {first, second, failing} = this;
    return (
      this.words ||
      (this.words = [
        this.a,
        this.b,
        first.p,
        first.ii,
        first.ri,
        second && second.p,
        this.why,
        failing.at,
        failing.ik,
        failing.rk,
        failing.ip,
        failing.rp,
        this.say,
      ]
        .filter(Boolean)
        .join(' ')
        .toLowerCase())
    );
  }
  get link() {
    return tunnelLink(this.a, this.b);
  }
  other(router) {
    return this.a === router ? this.b : this.a;
  }
  seenFrom(router) {
    return this.a === router || (this.second && this.second.i !== router)
      ? [this.first, this.second]
      : this.second
        ? [this.second, this.first]
        : [null, this.first];
  }
}

function gather() {
  fleet.directions = packed(core.directions).all();
  const {there, back, state} = core.tunnels;
  fleet.tunnels = there.map((one, place) => new Tunnel(place, one, back[place], state[place]));
  const known = name => fleet.routers.get(name) || fleet.routers.set(name, {name, tunnels: [], bad: 0, file: null}).get(name);
  core.files = packed(core.coverage.files).all();
  for (const file of core.files) if (file.kind === 'ios' || file.kind === 'template') known(file.host).file = file;
  for (const tunnel of fleet.tunnels)
    for (const name of new Set([tunnel.a, tunnel.b])) {
      if (!fleet.routers.has(name) && name !== tunnel.first.i && !(tunnel.second && tunnel.second.i === name)) continue;
      const router = known(name);
      router.tunnels.push(tunnel);
      if (BAD.has(tunnel.state)) router.bad += 1;
    }
  fleet.findings = packed(core.findings)
    .all()
    .map(one => ({
      ...one,
      title: core.titles[one.code] || '',
      harms: one.harms ? one.harms.split(',').map(Number) : [],
      hay: [one.code, one.message, core.titles[one.code], one.hosts.join(' '), one.fingerprint, one.line && one.line.text]
        .filter(Boolean)
        .join(' ')
        .toLowerCase(),
    }));
}

function overview(page) {
  const causes = fleet.findings.filter(one => one.effect !== 'none'),
    others = fleet.findings.filter(one => one.effect === 'none');
  put(
    page,
    el(
      'div',
      {class: 'states'},
      Object.entries(core.states).map(([state, n]) =>
        el(
          'a',
          {class: 'state c-' + CLASS[state], href: address('tunnels', {state: [state]})},
          el('b', {}, number(n)),
          ' ',
          words.states[state],
        ),
      ),
    ),
  );
  if (core.verdict && core.verdict.word !== 'OK') put(page, el('p', {class: 'mut'}, core.verdict.sentence));
  if (causes.length) put(page, el('h2', {}, 'What is wrong, by cause'), causeTable(causes));
  else if (fleet.tunnels.some(one => one.state !== 'none' && one.state !== 'design'))
    put(page, el('h2', {}, 'What is wrong, by reason'), reasonTable());
  picture(page);
  if (others.length)
    put(
      page,
      el('h2', {}, 'What breaks no tunnel'),
      el(
        'p',
        {class: 'severities'},
        SEVERITIES.map(one => {
          const some = others.filter(it => it.severity === one);
          return some.length
            ? el(
                'a',
                {href: address('findings', {severity: [one], effect: ['none']})},
                el('b', {class: 'sev ' + one}, one),
                ' ' + number(some.length),
                el(
                  'span',
                  {class: 'mut'},
                  ' ' +
                    [...counted(some.map(it => it.code))]
                      .sort((a, b) => b[1] - a[1])
                      .slice(0, 4)
                      .map(([code, n]) => code + ' ' + number(n))
                      .join(' · '),
                ),
              )
            : null;
        }),
      ),
    );
}

function causeTable(causes) {
  const row = one =>
    el(
      'tr',
      {'data-code': one.code},
      el('td', {class: 'n'}, el('a', {href: address('tunnels', {cause: [one.fingerprint]}), class: 'b'}, number(one.tunnels))),
      el('td', {class: 'c-' + CLASS[one.effect]}, words.states[one.effect]),
      el('td', {class: one.sure === 'certain' ? 'mut' : 'sure'}, one.sure),
      el(
        'td',
        {},
        el('a', {href: findingLink(one.fingerprint)}, el('bdi', {}, one.message)),
        ' ',
        el('span', {class: 'code'}, one.code),
        one.line
          ? el(
              'div',
              {class: 'at'},
              el('code', {}, short(seen(one.line.file), 40) + ':' + one.line.line + '  ' + short(seen(one.line.text), 70)),
              one.files > 1 ? el('span', {class: 'mut'}, '  and in ' + plural(one.files - 1, 'more file')) : null,
            )
          : null,
        el('div', {class: 'mend'}, el('span', {class: 'mut'}, 'advice '), one.fix),
        one.follows.length
          ? el('div', {class: 'mut follows'}, 'follows: ' + one.follows.map(it => it.code + ' ' + number(it.n)).join(' · '))
          : null,
      ),
    );
  // The same fault on many routers is many causes, and one line here.
  const alike = new Map();
  for (const one of causes) {
    const key = [one.code, one.effect, one.fix, one.sure].join('\n');
    (alike.get(key) || alike.set(key, []).get(key)).push(one);
  }
  const together = some => {
    if (some.length === 1) return row(some[0]);
    const first = some[0],
      harmed = new Set(some.flatMap(one => one.harms)),
      hosts = [...new Set(some.flatMap(one => one.hosts.slice(0, 3)))];
    return el(
      'tr',
      {'data-code': first.code},
      el(
        'td',
        {class: 'n'},
        el('a', {class: 'b', href: address('tunnels', {cause: some.map(one => one.fingerprint)})}, number(harmed.size)),
      ),
      el('td', {class: 'c-' + CLASS[first.effect]}, words.states[first.effect]),
      el('td', {class: first.sure === 'certain' ? 'mut' : 'sure'}, first.sure),
      el(
        'td',
        {},
        el('b', {}, first.title),
        ' on ' + plural(hosts.length, 'router') + ' ',
        el('span', {class: 'code'}, first.code),
        el(
          'div',
          {},
          hosts.slice(0, 10).map((one, n) => [n ? ', ' : '', routerNamed(one, 24)]),
          hosts.length > 10 ? ' and ' + number(hosts.length - 10) + ' more' : '',
        ),
        el(
          'details',
          {},
          el('summary', {}, plural(some.length, 'cause') + ', the first: ', el('bdi', {}, first.message)),
          el(
            'ul',
            {},
            some
              .slice(0, 200)
              .map(one =>
                el('li', {}, el('a', {href: findingLink(one.fingerprint)}, named(one.hosts[0], 24), ': ', el('bdi', {}, one.message))),
              ),
          ),
        ),
        first.line
          ? el(
              'div',
              {class: 'at'},
              el('code', {}, short(seen(first.line.file), 40) + ':' + first.line.line + '  ' + short(seen(first.line.text), 70)),
              el('span', {class: 'mut'}, '  and in ' + plural(some.length - 1, 'more file')),
            )
          : null,
        el('div', {class: 'mend'}, el('span', {class: 'mut'}, 'advice '), first.fix),
      ),
    );
  };
  const all = [...alike.values()].sort((a, b) => RANK[a[0].effect] - RANK[b[0].effect] || total(b) - total(a)).slice(0, 60);
  return el(
    'div',
    {},
    table(['#Tunnels', 'Comes up from', 'Certainty', 'Cause'], all.map(together), {class: 'causes'}),
    alike.size > all.length
      ? el(
          'p',
          {},
          el(
            'a',
            {href: address('findings', {effect: ['down', 'one-at-most', 'one-end', 'order', 'later']})},
            '… and ' + number(alike.size - all.length) + ' more',
          ),
        )
      : null,
  );
}

const total = some => new Set(some.flatMap(one => one.harms)).size;

function reasonTable() {
  const groups = new Map();
  for (const tunnel of fleet.tunnels)
    if (tunnel.state !== 'none' && tunnel.state !== 'design') {
      const key = [tunnel.state, tunnel.why, tunnel.failing.at].join('|');
      (groups.get(key) || groups.set(key, []).get(key)).push(tunnel);
    }
  const rows = [...groups.values()].sort((a, b) => RANK[a[0].state] - RANK[b[0].state] || b.length - a.length);
  return table(
    ['#Tunnels', 'Comes up from', 'Why', 'Example'],
    rows.map(some =>
      el(
        'tr',
        {},
        el(
          'td',
          {class: 'n'},
          el(
            'a',
            {class: 'b', href: address('tunnels', some[0].why ? {state: [some[0].state], why: [some[0].why]} : {state: [some[0].state]})},
            number(some.length),
          ),
        ),
        el('td', {class: 'c-' + CLASS[some[0].state]}, words.states[some[0].state]),
        el('td', {}, (words.reasons[some[0].why] || some[0].why) + (some[0].failing.at ? ' (' + some[0].failing.at + ')' : '')),
        el('td', {}, el('a', {href: some[0].link}, named(some[0].a, 24), ' ⇄ ', named(some[0].b, 24))),
      ),
    ),
    {class: 'causes'},
  );
}

function picture(page) {
  const routers = fleet.routers.size,
    hubs = [...fleet.routers.values()].some(one => one.tunnels.length > OFHUB);
  if (!fleet.tunnels.length) return;
  put(page, el('h2', {}, hubs ? 'Every tunnel, by hub' : 'Every tunnel'), legend());
  if (hubs)
    put(
      page,
      el('p', {class: 'mut'}, 'A cell is a tunnel: its upper left half is what the hub calls, its lower right half what the site calls.'),
      strips(),
    );
  if (routers <= RING && routers > 2 && !(hubs && routers > 30)) put(page, el('div', {class: 'picture'}, ring()));
  else if (fleet.tunnels.length <= 8) put(page, tunnelTable(fleet.tunnels));
  else if (!hubs) put(page, el('p', {}, el('a', {href: '#tunnels'}, 'All ' + plural(fleet.tunnels.length, 'tunnel'))));
}
