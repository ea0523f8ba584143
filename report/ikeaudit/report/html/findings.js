// The findings, and one of them with all that is behind it.
function findings(page) {
  put(
    page,
    filteredList({
      view: 'findings',
      what: 'findings',
      rows: fleet.findings,
      facets: [
        {key: 'severity', label: 'Severity', of: one => one.severity, order: SEVERITIES},
        {key: 'category', label: 'Category', of: one => one.category, order: CATEGORIES},
        {key: 'certainty', label: 'Certainty', of: one => one.sure, order: CERTAINTIES},
        {
          key: 'effect',
          label: 'Tunnels',
          of: one => one.effect,
          order: ['down', 'one-at-most', 'one-end', 'order', 'later', 'none'],
          word: one => (one === 'none' ? 'breaks none' : words.states[one]),
        },
        {key: 'code', label: 'Code', of: one => [one.code, ...one.follows.map(it => it.code)]},
        {key: 'host', label: 'Router', of: one => one.hosts},
      ],
      heads: ['Severity', 'Code', 'Routers', 'What', 'Certainty'],
      cells: one => [
        el('span', {class: 'sev ' + one.severity}, one.severity),
        el('span', {class: 'code'}, one.code),
        el('span', {}, hostNames(one.hosts, 2)),
        el('span', {class: 'what'}, one.message),
        el('span', {class: 'mut'}, one.sure),
      ],
      print: one => [one.severity, one.code, hostNames(one.hosts, 6), one.message, one.sure],
      open: one => {
        location.hash = findingLink(one.fingerprint);
      },
    }),
  );
}

// File by file as they come up, each in the order of its lines.
function inOrder(lines) {
  const files = [...new Set(lines.map(one => one.file))];
  return [...lines].sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line);
}

const hostNames = (hosts, most) => [
  hosts.slice(0, most).map((one, n) => [n ? ', ' : '', named(one, 24)]),
  hosts.length > most ? ' +' + number(hosts.length - most) : '',
];

async function finding(page, print) {
  const place = fleet.findings.findIndex(one => one.fingerprint.startsWith(print));
  if (!print || place < 0) {
    put(page, el('p', {}, 'There is no finding ', named(print), ' in this report: it was mended, or is another snapshot’s.'));
    return;
  }
  const brief = fleet.findings[place],
    whole = (await inDetail()).findings.get(place),
    fix = whole.fix;
  const harmed = brief.harms.map(one => fleet.tunnels[one]);
  put(
    page,
    el(
      'h2',
      {class: 'title'},
      el('span', {class: 'sev ' + brief.severity}, brief.severity),
      ' ',
      brief.title || brief.code,
      ' ',
      el('span', {class: 'code'}, brief.code),
    ),
    el('p', {class: 'lead'}, whole.message),
    el(
      'dl',
      {},
      el('dt', {}, 'Routers'),
      el(
        'dd',
        {},
        whole.hosts.slice(0, 60).map((one, n) => [n ? ', ' : '', routerNamed(one)]),
        whole.hosts.length > 60 ? ' and ' + number(whole.hosts.length - 60) + ' more' : '',
      ),
      whole.peers.length
        ? [
            el('dt', {}, 'Peers'),
            el(
              'dd',
              {},
              whole.peers.slice(0, 40).join(', ') + (whole.peers.length > 40 ? ' and ' + number(whole.peers.length - 40) + ' more' : ''),
            ),
          ]
        : null,
      el('dt', {}, 'Tunnels'),
      el(
        'dd',
        {},
        brief.effect === 'none'
          ? 'none is known to fail by it'
          : [el('b', {class: 'c-' + CLASS[brief.effect]}, plural(brief.tunnels, 'tunnel')), ': ' + words.states[brief.effect]],
      ),
      el('dt', {}, 'Certainty'),
      el(
        'dd',
        {},
        brief.sure,
        brief.sure === whole.confidence ? null : el('span', {class: 'mut'}, ' how it ends; that it is so is ' + whole.confidence),
      ),
      el('dt', {}, 'Category'),
      el('dd', {}, whole.category),
      el('dt', {}, 'Symptom'),
      el('dd', {}, whole.symptom),
      el('dt', {}, fix.proved ? 'Mended by (proved)' : fix.basis === 'advice' ? 'Advice (not proved)' : 'What to do'),
      el('dd', {}, fix.text),
      el('dt', {}, 'Id'),
      el('dd', {}, el('code', {}, whole.fingerprint)),
    ),
  );
  if (fix.proved)
    put(
      page,
      el('h3', {}, 'Commands that mend it, proved by replay'),
      Object.entries(fix.commands).map(([host, lines]) => [el('p', {}, el('b', {}, named(host))), el('pre', {}, lines.join('\n'))]),
    );
  if (whole.evidence.length)
    put(
      page,
      el('h3', {}, 'Configuration lines'),
      evidenceTable(inOrder(whole.evidence.slice(0, 400))),
      whole.evidence.length > 400 ? el('p', {class: 'mut'}, '… and ' + number(whole.evidence.length - 400) + ' more') : '',
    );
  if (whole.consequences.length)
    put(
      page,
      el('h3', {}, 'What follows from it, and goes away with it'),
      table(
        ['Code', 'Routers', 'What'],
        whole.consequences.map(one =>
          el(
            'tr',
            {},
            el('td', {class: 'code'}, one.code),
            el('td', {}, hostNames(one.hosts, 4)),
            el(
              'td',
              {},
              one.messages[0],
              one.messages.length > 1 ? el('span', {class: 'mut'}, ' and ' + number(one.messages.length - 1) + ' more') : null,
            ),
          ),
        ),
      ),
    );
  if (harmed.length)
    put(
      page,
      el('h3', {}, 'Tunnels'),
      tunnelTable(harmed.slice(0, 100)),
      harmed.length > 100
        ? el('p', {}, el('a', {href: address('tunnels', {cause: [brief.fingerprint]})}, 'all ' + number(harmed.length)))
        : '',
    );
}
