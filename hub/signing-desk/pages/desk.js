// Makes choosing many easier, and a form that was sent is not sent again. The pages work without it.
const form = document.querySelector('[data-choose]');
if (form) {
  const boxes = [...form.querySelectorAll('input[name=step]')];
  const all = form.querySelector('[data-all]');
  const button = form.querySelector('button[data-words]');
  const words = button.textContent;
  const draw = () => {
    const count = boxes.filter(box => box.checked).length;
    button.textContent = count > 0 ? button.dataset.words.replace('{count}', count) : words;
    all.textContent = count === boxes.length ? all.dataset.none : all.dataset.all;
  };
  all.setAttribute('role', 'button');
  const toggle = event => {
    event.preventDefault();
    const on = boxes.some(box => !box.checked);
    for (const box of boxes) box.checked = on;
    draw();
  };
  all.addEventListener('click', toggle);
  all.addEventListener('keydown', event => {
    if (event.key === ' ') toggle(event);
  });
  form.addEventListener('change', draw);
  // A page that comes back from the browser's memory has kept its ticks.
  addEventListener('pageshow', draw);
}
for (const once of document.querySelectorAll('form[data-once]')) {
  once.addEventListener('submit', event => {
    if (once.dataset.sent) event.preventDefault();
    once.dataset.sent = 'yes';
  });
  addEventListener('pageshow', () => {
    delete once.dataset.sent;
  });
}
