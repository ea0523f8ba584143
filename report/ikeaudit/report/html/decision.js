// A decision of a step in words, as the console tells it: what was taken, by which rule, on which line, and what became of the rest.
// A line is {mark, text, rule, note, lines}: lines are places in the exchange's evidence.
const BINDS = {'PROFILE-INITIATOR': 'isakmp-profile', 'IKEV2-PROFILE': 'ikev2-profile'};
const MISMATCH = new Set(['KEY-MISMATCH', 'IKEV2-LOCAL-REMOTE']);
const BOUND = new Set(['BIND-PROFILE', 'END-TEMPLATE']);

function tell(decision, exchange, caller, fatal) {
  const {rule, picked, considered, blind} = decision;
  if (words.often.includes(rule) && picked !== null) return [];
  const label = rule === 'CERT-TRUSTPOINTS' ? 'trust-point' : words.labels[decision.what];
  if (rule === 'KEY-VERIFY') return verified(decision, exchange);
  if (picked === null && (fatal || rule === 'IKEV2-PFS')) return refused(decision, label);
  const rivals = considered.some(one => one.result === 'later' || one.result === 'less-precise');
  if ((blind || rivals) && (considered.length > 1 || blind)) {
    const head = words.heads[rule] || (blind ? 'key for ' + caller + ', identity not known yet' : label + ', by the identity');
    return [{mark: 'head', text: head, rule, lines: []}, ...candidates(decision)];
  }
  const taken = considered.find(one => one.result === 'picked'), bound = binding(decision, exchange);
  const name = (picked || 'none').startsWith(label + ' ') ? picked.slice(label.length + 1) : picked || 'none';
  let note = '';
  if (decision.what === 'profile') note = bound.length ? 'bound' : rule === 'PROFILE-MATCH' || rule === 'IKEV2-PROFILE' ? 'by the identity' : '';
  if (decision.what === 'policy' && taken && taken.detail) note = taken.detail;
  return [{mark: 'pick', label, text: name, note, rule, lines: deciding(decision, bound)}];
}

function binding(decision, exchange) {
  const bind = BINDS[decision.rule];
  return bind && decision.what === 'profile' ? decision.evidence.filter(at => {
    const text = exchange.evidence[at].text;
    return text.includes('set ' + bind) || text.includes('protection');
  }) : [];
}

function deciding(decision, bound) {
  if (bound.length) return bound.slice(-1);
  const taken = decision.considered.find(one => one.result === 'picked'), lines = taken ? taken.evidence : decision.evidence;
  return decision.what === 'key' || decision.what === 'profile' ? lines.slice(-1) : lines.slice(0, 1);
}

function candidates(decision) {
  const rivals = decision.considered.some(one => ['later', 'less-precise', 'not-searched'].includes(one.result));
  const found = decision.considered.map(one => {
    const taken = one.result === 'picked';
    let note = taken ? (rivals && words.picked[decision.rule]) || '' : words.fates[one.result];
    if (one.result === 'differs' && one.detail) note = 'differs: ' + one.detail;
    else if (one.result === 'later' && decision.rule === 'KEY-TIE') note = 'same address, later';
    else if (one.detail && one.result === 'less-precise') note += ' (' + one.detail + ')';
    return {mark: taken ? 'taken' : 'left', text: one.name, note, lines: one.evidence.slice(-1)};
  });
  if (decision.left_out) found.push({mark: 'left', text: number(decision.left_out) + ' others', note: 'nothing for this peer', lines: []});
  return found;
}

function refused(decision, label) {
  const one = decision.considered.length === 1 ? decision.considered[0] : null;
  let why = words.nothing[decision.rule] || 'no ' + label + ' serves';
  if (BOUND.has(decision.rule) && one) why = one.detail ? one.name + ' is ' + one.detail : one.name + ' does not take this peer';
  const head = {mark: 'bad', text: why, rule: decision.rule, lines: BOUND.has(decision.rule) && one ? one.evidence.slice(0, 1) : []};
  if (one && BOUND.has(decision.rule)) return [head];
  if (MISMATCH.has(decision.rule)) return [head, ...decision.considered.map(it => ({mark: 'left', text: it.name, note: it.detail ? 'of ' + it.detail : '', lines: it.evidence.slice(-1)}))];
  return [head, ...candidates(decision)];
}

function verified(decision, exchange) {
  if (decision.picked !== null) return [{mark: 'pick', label: 'key', text: decision.picked, note: 'listed by the profile', rule: decision.rule, lines: deciding(decision, [])}];
  const used = decision.considered.filter(one => one.result === 'not-listed').map(one => one.name);
  const lists = decision.considered.filter(one => one.result !== 'not-listed').map(one => one.name);
  const lines = decision.evidence.map(at => [at, exchange.evidence[at].text]);
  const ring = lines.find(([, text]) => text.startsWith('keyring ')), profile = lines.find(([, text]) => text.includes('isakmp profile'));
  const text = (profile ? profile[1].split(' ').pop() : 'the profile') + ' lists ' + lists.join(', ') + ', the key is ' + used.join(', ') + '’s';
  return [{mark: 'bad', text, rule: decision.rule, lines: ring ? [ring[0]] : decision.evidence.slice(0, 1)}];
}
