// Waves one after the other, each a bar as long as its revert timers, groups as its parts.
function waves(page) {
  if (!core.waves.length) return;
  const minutes = wave => wave.groups.reduce((sum, group) => sum + group.minutes, 0) || wave.minutes,
    total = core.waves.reduce((sum, wave) => sum + minutes(wave), 0);
  put(
    page,
    el('h2', {id: 'waves'}, 'Waves'),
    el(
      'p',
      {class: 'mut'},
      plural(core.waves.length, 'wave') +
        ', one after the other; a bar is as long as its revert timers, which is the longest that it may hang: ' +
        number(total) +
        ' minutes in all. It is confirmed part by part.',
    ),
  );
  let begun = 0;
  put(
    page,
    el(
      'ol',
      {class: 'waves'},
      core.waves.map(wave => {
        const bar = el(
          'div',
          {class: 'wave-bar'},
          wave.groups.map(group => {
            const piece = el('i', {title: group.routers.join(', ') + ', ' + group.minutes + ' minutes'});
            piece.style.flexGrow = group.minutes;
            return piece;
          }),
        );
        bar.style.marginLeft = (begun / total) * 100 + '%';
        bar.style.width = (minutes(wave) / total) * 100 + '%';
        begun += minutes(wave);
        return el(
          'li',
          {},
          el('div', {class: 'wave-track'}, bar),
          el(
            'details',
            {},
            el(
              'summary',
              {},
              el('b', {}, wave.n + '  ' + wave.title),
              ' ',
              el(
                'span',
                {class: 'mut'},
                plural(wave.routers.length, 'router') +
                  (wave.groups.length > 1 ? ' in ' + plural(wave.groups.length, 'group') : '') +
                  ', timer ' +
                  plural(wave.minutes, 'minute') +
                  (wave.partners.length ? '; tested from ' + wave.partners.slice(0, 3).join(', ') + ' as well' : ''),
              ),
            ),
            table(
              ['Router', '#Timer', 'Why here'],
              wave.routers.map(one =>
                el(
                  'tr',
                  {},
                  el('td', {}, el('a', {href: '#steps?router=' + encoded(one.name)}, named(one.name))),
                  el('td', {class: 'n'}, one.minutes + ' min'),
                  el('td', {}, one.why),
                ),
              ),
            ),
          ),
        );
      }),
    ),
  );
}

async function steps(page) {
  const all = (await inDetail()).steps.all(),
    asked = here().asked.router || [],
    some = all.filter(one => !asked.length || asked.includes(one.router));
  put(
    page,
    el(
      'h2',
      {},
      asked.length ? ['Steps on ', named(asked[0])] : 'Steps',
      asked.length ? [' ', el('a', {href: '#steps', class: 'mut'}, 'all')] : '',
    ),
  );
  if (!asked.length)
    put(
      page,
      el(
        'p',
        {class: 'bar'},
        core.routers.slice(0, 40).map(one => el('a', {class: 'chip', href: '#steps?router=' + encoded(one.name)}, named(one.name, 24))),
      ),
    );
  put(
    page,
    some.slice(0, 200).map(one =>
      el(
        'details',
        {class: 'step', open: some.length <= 12},
        el(
          'summary',
          {},
          el('b', {}, one.n + '  ' + one.title),
          ' ',
          el('span', {class: 'phase ' + one.phase}, one.phase),
          ' ',
          named(one.router),
          one.cuts ? el('span', {class: 'down'}, ' may cut its own session') : '',
        ),
        one.announce.map(words => el('p', {class: 'sure'}, words)),
        el(
          'div',
          {class: 'two'},
          el('div', {}, el('h4', {}, 'Sent'), el('pre', {}, one.commands.join('\n'))),
          el('div', {}, el('h4', {}, 'Taken back by'), el('pre', {}, one.rollback.join('\n'))),
        ),
      ),
    ),
    some.length > 200 ? el('p', {class: 'mut'}, '… and ' + number(some.length - 200) + ' more in the plan’s folder') : '',
  );
}
