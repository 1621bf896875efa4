// Draws what /console/live tells, in the words that the page came with. Text only ever goes in as text.
const words = JSON.parse(document.querySelector('#words').textContent);
const locale = document.documentElement.lang === 'vi' ? 'vi-VN' : 'en-GB';
/** The time alone today; with its day when it is older. */
const time = text => {
  if (!text) return '—';
  const at = new Date(text);
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? at.toLocaleTimeString(locale) : at.toLocaleString(locale);
};
const number = value => value.toLocaleString(locale);
const fault = code => (code ? (words[`error-${code}`] ?? code) : '');
const queueOf = ({ queue, unfiled }) =>
  unfiled > 0 ? `${number(queue)} (${words.unfiled.replace('{count}', number(unfiled))})` : number(queue);
const marks = { ok: '✔', failed: '✘', unfiled: '…' };
const row = cells => {
  const line = document.createElement('tr');
  for (const cell of cells) {
    const box = document.createElement('td');
    box.textContent = cell.text ?? cell;
    if (cell.className) box.className = cell.className;
    line.append(box);
  }
  return line;
};
const draw = glance => {
  document.querySelector('#staff').textContent = words['at-work'].replace(
    '{count}',
    number(glance.staff.active),
  );
  document
    .querySelector('#apps')
    .replaceChildren(
      ...glance.apps.map(app =>
        row([
          app.name,
          { text: words[`state-${app.state}`], className: `state ${app.state}` },
          queueOf(app),
          number(app.dead),
          number(app.accounts),
          time(app.lastSuccessAt),
          app.lastErrorAt ? `${time(app.lastErrorAt)} ${fault(app.lastError)}` : '—',
        ]),
      ),
    );
  const readers = glance.readers.map(({ name, enabled }) =>
    enabled ? name : `${name} (${words['state-off'].toLowerCase()})`,
  );
  document.querySelector('#readers').textContent =
    readers.length === 0 ? '' : words.readers.replace('{apps}', readers.join(' · '));
  document
    .querySelector('#changes')
    .replaceChildren(
      ...glance.changes.map(change =>
        row([
          time(change.at),
          words[change.type.slice('vn.lienthong.'.length, -3)] ?? change.type,
          change.code ?? '',
          change.source,
          change.apps.map(({ app, outcome }) => `${app} ${marks[outcome]}`).join(' · ') || '…',
        ]),
      ),
    );
};
const live = document.querySelector('#live');
const source = new EventSource('/console/live');
source.onmessage = event => draw(JSON.parse(event.data));
source.onopen = () => {
  live.textContent = words.live;
};
source.onerror = () => {
  live.textContent = words.reconnecting;
};
