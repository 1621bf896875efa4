/** What the forms of our nodes share. Loaded before the nodes, as `LienThong`. */
(() => {
  const namespace = '@lienthong/node-red/lienthong-form-data';
  const keepMs = 30_000;
  const asked = new Map();

  /** Words that forms share; `form-data.json` of the language. */
  const say = (key, values) => RED._(`${namespace}:form.${key}`, values);

  /** Asks the editor's process (form-data.js). What was answered holds for half a minute. */
  const ask = path => {
    const known = asked.get(path);
    if (known !== undefined && known.until > Date.now()) return known.answer;
    const answer = Promise.resolve($.getJSON(`lienthong/${path}`));
    asked.set(path, { answer, until: Date.now() + keepMs });
    answer.catch(() => asked.delete(path));
    return answer;
  };

  /** Says in the form that a list could not be had, and what to do. */
  const tellFault = container =>
    $('<div class="lienthong-fault form-tips" role="alert"></div>')
      .text(say('not-loaded'))
      .appendTo(container);

  /** Without accents and capitals, so that whoever types quickly finds. */
  const fold = text =>
    String(text ?? '')
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '')
      .replace(/[đĐ]/g, 'd')
      .toLowerCase();

  /** Whether a text has every one of the words. */
  const hasWords = (text, words) => {
    const folded = fold(text);
    return fold(words)
      .split(/\s+/)
      .every(word => folded.includes(word));
  };

  /** A text or hidden field beside it becomes a typed input: `name` and `nameType` of the node. */
  const typed = (name, types) => {
    const type = $(`#node-input-${name}Type`);
    const first = types[0];
    if (type.val() === '') type.val(typeof first === 'string' ? first : first.value);
    return $(`#node-input-${name}`).typedInput({
      types,
      typeField: type,
      default: typeof first === 'string' ? first : first.value,
    });
  };

  /** Fills a select. What is chosen stays, known or not: a list that is late must not change a node. */
  const options = (select, choices, chosen) => {
    select.empty();
    if (!chosen) $('<option value=""></option>').text(say('choose')).appendTo(select);
    else if (!choices.some(({ value }) => value === chosen))
      $('<option></option>')
        .val(chosen)
        .text(choices.length === 0 ? chosen : say('unknown', { value: chosen }))
        .appendTo(select);
    for (const { value, label } of choices) $('<option></option>').val(value).text(label).appendTo(select);
    select.val(chosen ?? '');
  };

  /** Fields of what a node does not have show what its runtime takes for it. */
  const fillIn = node => {
    for (const [name, { value }] of Object.entries(node._def.defaults)) {
      const field = $(`#node-input-${name}`);
      if (node[name] !== undefined) continue;
      if (field.is(':checkbox')) field.prop('checked', value);
      else field.val(value);
    }
  };

  /** A validator: a number within bounds; what is absent is what the runtime takes for it. */
  const between = (least, most) => value => {
    const given = Number(value);
    return value === undefined || (value !== '' && given >= least && given <= most);
  };

  /** Shows rows (`.lienthong-for-<choice>`) of what is chosen only. */
  const showFor = (select, choices) => {
    const show = () => {
      for (const choice of choices) $(`.lienthong-for-${choice}`).toggle(select.val() === choice);
    };
    select.on('change', show);
    show();
  };

  window.LienThong = { ask, say, tellFault, hasWords, typed, options, fillIn, between, showFor };
})();
