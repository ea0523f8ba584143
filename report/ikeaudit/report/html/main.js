// Sections, keys, theme, print: what holds the views together.
const FLEET = {overview, findings, tunnels, coverage, t: tunnel, f: finding, r: router, trend};
const PLAN = {overview: planOverview, directions, d: compared, steps};
const WITHIN = {t: 'tunnels', f: 'findings', r: 'tunnels', d: 'directions'};
let sections = [];

async function route() {
  const {view, argument} = here(), views = core.kind === 'plan' ? PLAN : FLEET, page = el('div', {class: 'view v-' + view});
  const begun = performance.now(), draw = Object.hasOwn(views, view) ? views[view] : views.overview;
  document.querySelectorAll('nav a').forEach(link => link.hash === '#' + (WITHIN[view] || (Object.hasOwn(views, view) ? view : 'overview')) ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current'));
  tip(null);
  $('main').replaceChildren(page);
  await draw(page, argument);
  page.querySelectorAll('canvas').forEach(one => one.redraw());
  if (view in WITHIN) scrollTo(0, 0);
  root.dataset.view = view;
  root.dataset.drawn = Math.round(performance.now() - begun);
}

function theme(name) {
  if (name) root.dataset.theme = name;
  else delete root.dataset.theme;
  document.querySelectorAll('canvas').forEach(one => one.redraw());
}

function header() {
  const tabs = core.kind === 'plan' ? [['overview', 'Overview'], ['directions', 'Directions', plan.outlooks.length], ['steps', 'Steps']]
    : [['overview', 'Overview'], ['findings', 'Findings', fleet.findings.length], ['tunnels', 'Tunnels', fleet.tunnels.length], ['coverage', 'Coverage'], ...(core.runs.length > 1 ? [['trend', 'Trend']] : [])];
  sections = tabs.map(([view]) => view);
  $('nav').replaceChildren(...tabs.map(([view, title, n], place) => el('a', {href: '#' + view, title: 'key ' + (place + 1)}, title, n === undefined ? null : el('span', {class: 'mut'}, ' ' + number(n)))),
    el('span', {class: 'space'}), el('button', {id: 'theme', 'aria-label': 'Dark or light', on: {click: switchTheme}}, '◐'), el('button', {id: 'help', 'aria-label': 'Keys', on: {click: help}}, '?'));
  document.body.append(el('p', {id: 'status', class: 'hidden', role: 'status', 'aria-live': 'polite'}), el('div', {id: 'tip', hidden: true}));
}

function switchTheme() {
  const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  theme(dark ? 'light' : 'dark');
  store.set('theme', root.dataset.theme);
}

function help() {
  const keys = [['1 – ' + sections.length, 'sections'], ['/', 'search'], ['j k ↑ ↓ Enter', 'in lists'], ['← → ↑ ↓ Enter', 'in a strip'], ['[ ]', 'previous, next failing tunnel'], ['t', 'debug lines in ladders'], ['d', 'dark or light'], ['?', 'this']];
  const box = el('dialog', {}, el('h2', {}, 'Keys'), el('table', {}, el('tbody', {}, keys.map(([key, what]) => el('tr', {}, el('td', {}, el('kbd', {}, key)), el('td', {}, what))))),
    el('form', {method: 'dialog'}, el('button', {on: {click: event => { event.preventDefault(); box.close(); }}}, 'Close')));
  box.addEventListener('close', () => box.remove());
  document.body.append(box);
  box.showModal();
}

function pressed(event) {
  if (event.target.closest('input, select, textarea, dialog') || event.ctrlKey || event.metaKey || event.altKey) {
    if (event.key === 'Escape' && event.target.id === 'search') event.target.blur();
    return;
  }
  const key = event.key, number = Number(key);
  if (key === '/') {
    event.preventDefault();
    if (!$('#search')) location.hash = core.kind === 'plan' ? 'directions' : 'tunnels';
    setTimeout(() => { if ($('#search')) $('#search').focus(); }, 60);
  } else if (number >= 1 && number <= sections.length) location.hash = sections[number - 1];
  else if (key === 't') debugLines();
  else if (key === 'd') switchTheme();
  else if (key === '?') help();
  else if ((key === '[' || key === ']') && core.kind === 'fleet') {
    const next = neighbour(key === ']' ? 1 : -1);
    if (next) location.hash = next.link;
  } else if ((key === 'j' || key === 'k') && $('.rows') && !event.target.closest('.rows')) { $('.rows').focus(); event.preventDefault(); }
}

function forPaper() {
  document.querySelectorAll('.only-print').forEach(one => one.remove());
  document.querySelectorAll('.list').forEach(one => one.append(one.printed()));
  document.querySelectorAll('details:not([open])').forEach(one => { one.open = true; one.dataset.closed = ''; });
  document.querySelectorAll('canvas').forEach(one => one.redraw());
}
function fromPaper() {
  document.querySelectorAll('.only-print').forEach(one => one.remove());
  document.querySelectorAll('details[data-closed]').forEach(one => { one.open = false; delete one.dataset.closed; });
  document.querySelectorAll('canvas').forEach(one => one.redraw());
}

async function start() {
  theme(store.get('theme'));
  try {
    core = await inflated('core');
  } catch (error) {
    $('main').append(el('p', {}, 'This browser cannot show more than this summary (' + error + '); one of 2023 or later can.'));
    root.dataset.ready = 'failed';
    return;
  }
  words = core.words;
  if (core.kind === 'plan') gatherPlan();
  else gather();
  root.classList.add('js');
  header();
  addEventListener('hashchange', route);
  addEventListener('keydown', pressed);
  addEventListener('beforeprint', forPaper);
  addEventListener('afterprint', fromPaper);
  let width = innerWidth;
  addEventListener('resize', () => { if (innerWidth !== width) { width = innerWidth; document.querySelectorAll('canvas').forEach(one => one.redraw()); } });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => document.querySelectorAll('canvas').forEach(one => one.redraw()));
  await route();
  requestAnimationFrame(() => { setTimeout(() => fleet.tunnels.forEach(one => one.hay), 400); root.dataset.ready = Math.round(performance.now()); });
}
start();
