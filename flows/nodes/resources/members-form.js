/** A form of fields (`FlowField` of the hub), each a typed input with what is said of it. */
(() => {
  const { say } = window.LienThong;
  const own = { string: 'str', number: 'num', boolean: 'bool', json: 'json' };

  const typesOf = ({ type, options, name }) => {
    const literal =
      options === undefined
        ? own[type]
        : { value: 'str', label: name, options: options.map(value => ({ value, label: value })) };
    return ['msg', 'jsonata', literal];
  };

  const drawField = (field, given, container) => {
    const row = $('<div class="form-row"></div>').appendTo(container);
    $('<label></label>')
      .text(field.required ? `${field.name} *` : field.name)
      .attr('title', field.required ? say('required') : say('optional'))
      .appendTo(row);
    const input = $('<input type="text" style="width: 70%">').appendTo(row);
    input.typedInput({ types: typesOf(field), default: 'msg' });
    input.typedInput('type', given?.type ?? (field.options ? 'str' : 'msg'));
    input.typedInput('value', given?.value ?? '');
    if (field.description)
      $('<div class="lienthong-about"></div>').text(field.description).appendTo(container);
    return () => ({ value: input.typedInput('value'), type: input.typedInput('type') });
  };

  /**
   * Draws the fields with what is given by name; answers how to read them. What is empty is left out, and a field that is
   * given and not known any more is shown, too: nothing is lost unseen.
   */
  window.LienThong.drawMembers = (container, fields, given = {}) => {
    container.empty();
    const gone = Object.keys(given).filter(name => !fields.some(field => field.name === name));
    const all = [
      ...fields,
      ...gone.map(name => ({ name, type: 'string', required: false, description: say('field-gone') })),
    ];
    const readers = all.map(field => [field.name, drawField(field, given[field.name], container)]);
    return () =>
      Object.fromEntries(
        readers.map(([name, read]) => [name, read()]).filter(([, { value }]) => value !== ''),
      );
  };
})();
