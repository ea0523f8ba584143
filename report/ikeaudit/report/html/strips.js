// Every tunnel of a hub as a strip: a cell a tunnel, its upper left half the hub's calls, its lower right half the site's. A cell keeps
// its place from run to run, because sites stand in the order of their names.
const STRIPS = 60, OFHUB = 8;

// What a direction looks like: how it ends by the likely reading, and whether another reading or a later moment is worse.
function looks(direction, state) {
  if (direction === null) return 'none';
  const failed = direction.o === 'down' || direction.o === 'half-open' || direction.by === 'fault';
  if (failed) return state === 'down' ? 'down' : state === 'order' ? 'order' : 'one';
  if (direction.lost) return state === 'down' ? 'down' : state === 'one-end' ? 'one' : 'later';
  if (direction.o === 'unknown') return 'unknown';
  if (direction.w === 'down' || direction.w === 'half-open') return 'order';
  return direction.o === 'up' ? 'up' : 'design';
}

function strip(hub, tunnels) {
  const cell = fleet.tunnels.length > 1500 ? 9 : 13, canvas = el('canvas', {tabindex: 0, role: 'img',
    'aria-label': plural(tunnels.length, 'tunnel') + ' of ' + hub + '; arrow keys go from one to the next, Enter opens it'});
  let across = 1, cursor = -1;
  const told = tunnel => tunnel.other(hub) + ': ' + words.states[tunnel.state];
  const draw = () => {
    const width = canvas.parentNode ? canvas.parentNode.clientWidth : 0;
    if (!width) return;
    across = Math.max(1, Math.floor(width / cell));
    const down = Math.ceil(tunnels.length / across), scale = devicePixelRatio || 1;
    canvas.width = across * cell * scale; canvas.height = down * cell * scale;
    canvas.style.width = across * cell + 'px'; canvas.style.height = down * cell + 'px';
    const pen = canvas.getContext('2d'), size = cell - 1, paints = {};
    pen.scale(scale, scale);
    const paint = name => paints[name] || (paints[name] = colour('s-' + name));
    tunnels.forEach((tunnel, n) => {
      const x = n % across * cell, y = Math.floor(n / across) * cell, [ours, theirs] = tunnel.seenFrom(hub);
      const one = looks(ours, tunnel.state), other = theirs === null ? one : looks(theirs, tunnel.state);
      pen.fillStyle = paint(one);
      if (one === other) pen.fillRect(x, y, size, size);
      else {
        pen.beginPath(); pen.moveTo(x, y); pen.lineTo(x + size, y); pen.lineTo(x, y + size); pen.fill();
        pen.fillStyle = paint(other);
        pen.beginPath(); pen.moveTo(x + size, y); pen.lineTo(x + size, y + size); pen.lineTo(x, y + size); pen.fill();
      }
      if (n === cursor) { pen.strokeStyle = colour('fg'); pen.lineWidth = 2; pen.strokeRect(x, y, size, size); }
    });
  };
  const at = event => {
    const x = Math.floor(event.offsetX / cell), y = Math.floor(event.offsetY / cell);
    return x < across ? tunnels[y * across + x] : undefined;
  };
  canvas.addEventListener('click', event => { const tunnel = at(event); if (tunnel) location.hash = tunnel.link; });
  canvas.addEventListener('mousemove', event => { const tunnel = at(event); canvas.style.cursor = tunnel ? 'pointer' : ''; tip(tunnel && told(tunnel), event); });
  canvas.addEventListener('mouseleave', () => tip(null));
  canvas.addEventListener('blur', () => { cursor = -1; draw(); });
  canvas.addEventListener('keydown', event => {
    const step = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across}[event.key];
    if (step) {
      cursor = cursor < 0 ? 0 : Math.max(0, Math.min(tunnels.length - 1, cursor + step));
      draw(); announce(told(tunnels[cursor])); event.preventDefault();
    } else if (event.key === 'Enter' && cursor >= 0) location.hash = tunnels[cursor].link;
  });
  canvas.redraw = draw;
  return canvas;
}

function tip(text, event) {
  const box = $('#tip');
  box.hidden = !text;
  if (!text) return;
  box.textContent = seen(text);
  box.style.left = Math.min(event.clientX + 14, innerWidth - box.offsetWidth - 8) + 'px';
  box.style.top = event.clientY + 16 + 'px';
}

function strips() {
  const hubs = [...fleet.routers.values()].filter(one => one.tunnels.length > OFHUB);
  hubs.sort(by(one => one.name));
  const worst = [...hubs].sort((a, b) => b.bad - a.bad || b.tunnels.length - a.tunnels.length).slice(0, STRIPS);
  const shown = new Set(worst), covered = new Set();
  const line = (name, tunnels, bad, link) => el('div', {class: 'strip'},
    el('div', {class: 'strip-name'}, link ? el('a', {href: link}, named(name, 22)) : name),
    el('div', {class: 'strip-count'}, plural(tunnels.length, 'tunnel'), bad ? el('b', {class: 'bad'}, number(bad) + ' bad') : null),
    el('div', {class: 'strip-cells'}, strip(name, tunnels)));
  const found = hubs.filter(one => shown.has(one)).map(one => {
    one.tunnels.forEach(tunnel => covered.add(tunnel));
    return line(one.name, [...one.tunnels].sort(by(tunnel => tunnel.other(one.name))), one.bad, routerLink(one.name));
  });
  const rest = hubs.length ? fleet.tunnels.filter(tunnel => !covered.has(tunnel)) : [];
  if (rest.length) found.push(line('other tunnels', rest, rest.filter(one => BAD.has(one.state)).length, null));
  return el('div', {class: 'strips'}, found);
}

function legend() {
  const used = new Set(fleet.tunnels.map(one => one.state));
  const names = [['up', 'comes up', true], ['down', 'neither end comes up', used.has('down')], ['one', 'does not come up from this end', used.has('one-end')],
    ['order', 'by luck of an order', used.has('order')], ['later', 'lost later', used.has('later')], ['unknown', 'not known', used.has('unknown')],
    ['design', 'never calls, by design', fleet.directions.some(one => one.by === 'design')]];
  return el('p', {class: 'legend'}, names.filter(one => one[2]).map(([name, text]) => el('span', {}, el('i', {class: 'swatch s-' + name}), text)));
}
