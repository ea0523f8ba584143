// A small fleet as a ring, one router as a star. Each line is two: the half at a router is what that router calls.
const RING = 60, STAR = 24;
const DASHED = new Set(['down', 'one', 'order', 'later']);

function half(points, look, title) {
  return svg('path', {d: points, class: 'link l-' + look, 'stroke-dasharray': DASHED.has(look) ? '5 4' : null}, svg('title', {}, title));
}

function ring() {
  const routers = [...fleet.routers.values()].sort((a, b) => (b.tunnels.length > OFHUB) - (a.tunnels.length > OFHUB) || by(one => one.name)(a, b));
  const n = routers.length, size = n > 30 ? 620 : n > 12 ? 520 : 420, middle = size / 2, away = middle - 14, spots = new Map();
  const picture = svg('svg', {viewBox: `-130 -20 ${size + 260} ${size + 40}`, class: 'ring', role: 'img', 'aria-label': 'Every router and tunnel; the list of tunnels says the same'});
  routers.forEach((router, place) => {
    const angle = 2 * Math.PI * place / n - Math.PI / 2;
    spots.set(router.name, [middle + away * Math.cos(angle), middle + away * Math.sin(angle), angle]);
  });
  const worst = [...fleet.tunnels].filter(one => spots.has(one.a) && spots.has(one.b) && one.a !== one.b).sort((a, b) => RANK[b.state] - RANK[a.state]);
  const between = new Map();
  for (const tunnel of worst) {
    const [x1, y1] = spots.get(tunnel.a), [x2, y2] = spots.get(tunnel.b), pair = [tunnel.a, tunnel.b].sort().join('\u0000');
    const turn = between.get(pair) || 0;
    between.set(pair, turn + 1);
    const pull = 0.35 - 0.14 * turn, cx = (x1 + x2) / 2 * (1 - pull) + middle * pull, cy = (y1 + y2) / 2 * (1 - pull) + middle * pull;
    const mx = (x1 + 2 * cx + x2) / 4, my = (y1 + 2 * cy + y2) / 4, [ours, theirs] = tunnel.seenFrom(tunnel.a);
    const told = tunnel.a + ' ⇄ ' + tunnel.b + ': ' + words.states[tunnel.state];
    picture.append(svg('a', {href: tunnel.link, class: 'tunnel'},
      svg('path', {d: `M${x1} ${y1}Q${cx} ${cy} ${x2} ${y2}`, class: 'touch'}, svg('title', {}, told)),
      half(`M${x1} ${y1}Q${(x1 + cx) / 2} ${(y1 + cy) / 2} ${mx} ${my}`, looks(ours, tunnel.state), told),
      half(`M${mx} ${my}Q${(x2 + cx) / 2} ${(y2 + cy) / 2} ${x2} ${y2}`, looks(theirs, tunnel.state), told)));
  }
  for (const router of routers) {
    const [x, y, angle] = spots.get(router.name), right = Math.cos(angle) > 0.05, left = Math.cos(angle) < -0.05;
    picture.append(svg('a', {href: routerLink(router.name)},
      svg('circle', {cx: x, cy: y, r: router.tunnels.length > OFHUB ? 8 : 5, class: router.bad ? 'node bad' : 'node'}),
      svg('text', {x: x + 12 * Math.cos(angle), y: y + 14 * Math.sin(angle) + 4, 'text-anchor': right ? 'start' : left ? 'end' : 'middle'}, short(seen(router.name), 18),
        svg('title', {}, router.name))));
  }
  return picture;
}

function star(router) {
  const tunnels = [...router.tunnels].sort(by(one => one.other(router.name))), n = tunnels.length;
  const size = n > 10 ? 480 : 300, middle = size / 2, away = middle - 10, label = short(seen(router.name), 14), wide = label.length * 7.4 + 20;
  const picture = svg('svg', {viewBox: `-150 -16 ${size + 300} ${size + 32}`, class: 'star', role: 'img', 'aria-label': 'The tunnels of ' + router.name + '; the list below says the same'});
  tunnels.forEach((tunnel, place) => {
    const angle = 2 * Math.PI * place / n - (n === 2 ? 0 : Math.PI / 2), dx = Math.cos(angle), dy = Math.sin(angle), [ours, theirs] = tunnel.seenFrom(router.name);
    const line = (direction, out, side) => {
      if (direction === null) return null;
      const look = looks(direction, tunnel.state), near = Math.max(24, Math.min(wide / 2 / Math.max(Math.abs(dx), 0.01), 20 / Math.max(Math.abs(dy), 0.01)) + 8), far = away - 14, ox = -dy * side, oy = dx * side;
      const [from, to] = out ? [near, far] : [far, near], tx = middle + dx * to + ox, ty = middle + dy * to + oy, sign = out ? 1 : -1;
      const title = (out ? router.name : tunnel.other(router.name)) + ' calls: ' + ending(direction);
      return [half(`M${middle + dx * from + ox} ${middle + dy * from + oy}L${tx} ${ty}`, look, title),
        svg('path', {class: 'head h-' + look, d: `M${tx} ${ty}l${-sign * dx * 9 - dy * 4} ${-sign * dy * 9 + dx * 4}l${dy * 8} ${-dx * 8}z`}),
        DASHED.has(look) && look !== 'order' ? svg('text', {class: 'cross', x: middle + dx * (near + far) / 2 + ox * 2.4, y: middle + dy * (near + far) / 2 + oy * 2.4 + 5, 'text-anchor': 'middle'}, '✕') : null];
    };
    const x = middle + dx * away, y = middle + dy * away;
    picture.append(svg('a', {href: tunnel.link, class: 'tunnel'}, svg('path', {d: `M${middle} ${middle}L${x} ${y}`, class: 'touch'}),
      line(ours, true, 5), line(theirs, false, -5), svg('circle', {cx: x, cy: y, r: 5, class: 'node'}),
      svg('text', {x: x + 12 * dx, y: y + 14 * dy + 4, 'text-anchor': dx > 0.05 ? 'start' : dx < -0.05 ? 'end' : 'middle'}, short(seen(tunnel.other(router.name)), 20))));
  });
  picture.append(svg('rect', {x: middle - wide / 2, y: middle - 13, width: wide, height: 26, rx: 13, class: 'node own'}), svg('text', {x: middle, y: middle + 4, 'text-anchor': 'middle', class: 'own'}, label));
  return picture;
}
