// Small things that everything else uses. Text reaches the page only through append(), as text; what cannot be seen is written out.
const root = document.documentElement;
const $ = query => document.querySelector(query);
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const seen = text => String(text).replace(LONE, '\ufffd')
  .replace(UNSEEN, one => '<U+' + one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0') + '>');

function filled(element, attributes, children) {
  for (const key in attributes) {
    const value = attributes[key];
    if (key === 'on') for (const event in value) element.addEventListener(event, value[event]);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, seen(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === '') continue;
    element.append(child instanceof Node ? child : seen(child));
  }
  return element;
}
const el = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) =>
  filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

// A name is somebody's: it is kept apart from the direction of the text around it. Long ones lose their middle, and keep it in the title.
const short = (text, most) => text.length <= most ? text : text.slice(0, Math.ceil(most / 2)) + '…' + text.slice(-Math.floor(most / 2) + 1);
const named = (text, most = 48) => el('bdi', {class: 'name', title: text.length > most ? text : null}, short(seen(text), most));
const put = (parent, ...children) => filled(parent, {}, children);
const FIGURES = new Intl.NumberFormat('en-US');
const number = n => FIGURES.format(n);
const plural = (n, one, many = one + 's') => number(n) + ' ' + (n === 1 ? one : many);
const colour = name => getComputedStyle(root).getPropertyValue('--' + name).trim();
const by = key => (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
const counted = (values) => values.reduce((found, one) => found.set(one, (found.get(one) || 0) + 1), new Map());

// Storage throws in a sandboxed frame, and from file:// in some browsers.
const store = {
  get(key) { try { return localStorage.getItem('ikeaudit-' + key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem('ikeaudit-' + key, value); } catch { /* not remembered */ } },
};

const table = (heads, rows, attributes = {}) => el('table', attributes,
  el('thead', {}, el('tr', {}, heads.map(one => el('th', {scope: 'col', class: one.startsWith('#') ? 'n' : null}, one.replace('#', ''))))),
  el('tbody', {}, rows));
const place = line => line.file.split('/').pop() + ':' + line.line;
const announce = words => { $('#status').textContent = seen(words); };
