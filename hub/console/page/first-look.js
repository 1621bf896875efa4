// Draws what /console/live tells. Text only ever goes in as text.
const states = { ok: 'Tốt', waiting: 'Đang chuyển', down: 'Không liên lạc được', off: 'Đã tắt' };
const works = {
  'staff.joined': 'Tiếp nhận',
  'staff.updated': 'Sửa thông tin',
  'staff.moved': 'Chuyển công tác',
  'staff.suspended': 'Tạm đình chỉ',
  'staff.returned': 'Trở lại',
  'staff.left': 'Nghỉ việc',
  'position.assigned': 'Thêm chức vụ',
  'position.ended': 'Thôi chức vụ',
  'salary.changed': 'Nâng lương',
  'award.granted': 'Khen thưởng',
  'discipline.recorded': 'Kỷ luật',
};
const time = text => (text ? new Date(text).toLocaleTimeString('vi-VN') : '—');
const number = value => value.toLocaleString('vi-VN');
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
  document.querySelector('#staff').textContent = `${number(glance.staff.active)} người đang làm việc.`;
  document
    .querySelector('#apps')
    .replaceChildren(
      ...glance.apps.map(app =>
        row([
          app.name,
          { text: states[app.state], className: `state ${app.state}` },
          number(app.queue),
          number(app.dead),
          number(app.accounts),
          time(app.lastSuccessAt),
          app.lastErrorAt ? `${time(app.lastErrorAt)} ${app.lastError ?? ''}` : '—',
        ]),
      ),
    );
  document
    .querySelector('#changes')
    .replaceChildren(
      ...glance.changes.map(change =>
        row([
          time(change.at),
          works[change.type.slice('vn.lienthong.'.length, -3)] ?? change.type,
          change.code ?? '',
          change.source,
          change.apps.map(({ app, outcome }) => `${app} ${outcome === 'failed' ? '✘' : '✔'}`).join(' · ') ||
            '…',
        ]),
      ),
    );
};
const live = document.querySelector('#live');
const source = new EventSource('/console/live');
source.onmessage = event => draw(JSON.parse(event.data));
source.onopen = () => {
  live.textContent = 'trực tiếp';
};
source.onerror = () => {
  live.textContent = 'mất kết nối, đang nối lại…';
};
