/** A unit, chosen by its name: a type for typed inputs that keeps the unit's id and shows its name. */
(() => {
  const { ask, say } = window.LienThong;

  const labelOf = ({ name, parent }) => (parent ? `${name} – ${parent}` : name);

  const search = async (words, done) => {
    if (words.trim().length < 2) return done([]);
    const units = await ask(`units?q=${encodeURIComponent(words)}`).catch(() => []);
    done(units.map((unit, i) => ({ value: unit.id, label: labelOf(unit), i })));
  };

  window.LienThong.unitType = () => ({
    value: 'unit',
    label: say('unit'),
    icon: 'fa fa-sitemap',
    hasValue: true,
    validate: value => /^[0-9a-f-]{36}$/.test(value),
    valueLabel(container, value) {
      container.text(value ? '…' : say('choose-unit'));
      if (!value) return;
      ask(`units?id=${encodeURIComponent(value)}`).then(
        ([unit]) => container.text(unit?.name ?? say('unknown', { value })),
        () => container.text(value),
      );
    },
    expand() {
      const field = this.element;
      const row = field.closest('.form-row');
      row.next('.lienthong-unit-search').remove();
      const box = $('<div class="form-row lienthong-unit-search"><label></label></div>').insertAfter(row);
      const input = $('<input type="text" style="width: 70%">').attr('placeholder', say('find-unit'));
      input
        .appendTo(box)
        .autoComplete({ search })
        .on('change', () => {
          const id = input.val();
          if (!/^[0-9a-f-]{36}$/.test(id)) return;
          field.typedInput('value', id);
          box.remove();
        })
        .trigger('focus');
    },
  });
})();
