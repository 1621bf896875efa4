/** The form of an operation of the hub's API: choose it by words, then its parameters and its body. */
(() => {
  const { ask, say, hasWords, drawMembers, tellFault } = window.LienThong;

  const isSame = (one, other) => one.method === other.method && one.path === other.path;

  /** A command that changes nothing is told from one that does. */
  const badge = ({ method }) => {
    const reads = method === 'GET';
    return $('<span class="lienthong-method"></span>')
      .addClass(reads ? 'reads' : 'changes')
      .text(`${method} · ${say(reads ? 'reads' : 'changes')}`);
  };

  const drawList = (container, operations, words, choose) => {
    container.empty();
    const wordsOf = ({ method, path, tag, summary, description }) =>
      [method, path, tag, summary, description].join(' ');
    for (const operation of operations.filter(one => hasWords(wordsOf(one), words)))
      $('<button type="button"></button>')
        .append(badge(operation))
        .append($('<span></span>').text(operation.summary))
        .append($('<br>'))
        .append($('<small></small>').text(`${operation.tag} · ${operation.path}`))
        .on('click', () => choose(operation))
        .appendTo(container);
    if (container.children().length === 0) container.text(say('nothing-found'));
  };

  /**
   * Draws what an operation takes into `container` and answers how to read it. A body is a form of its members, or one
   * typed input.
   */
  const drawOperation = (container, operation, node) => {
    container.empty();
    const section = title => {
      if (title) $('<h4></h4>').text(title).appendTo(container);
      return $('<div></div>').appendTo(container);
    };
    const read = { parameters: () => ({}), query: () => ({}), members: () => ({}) };
    $('<div class="form-row"></div>')
      .append(badge(operation))
      .append($('<code></code>').text(operation.path))
      .appendTo(container);
    $('<div class="lienthong-about"></div>')
      .text([operation.summary, operation.description].filter(Boolean).join('\n'))
      .appendTo(container);
    if (operation.parameters.length > 0)
      read.parameters = drawMembers(section(say('parameters')), operation.parameters, node.parameters);
    if (operation.query.length > 0)
      read.query = drawMembers(section(say('query')), operation.query, node.query);
    const body = operation.body;
    $('.lienthong-body').toggle(body !== undefined);
    const hasMembers = body !== undefined && body.members.length > 0;
    const way = $('#lienthong-body-way');
    way.find('option[value="members"]').prop('disabled', !hasMembers);
    if (!hasMembers) way.val('whole');
    if (hasMembers) read.members = drawMembers($('#lienthong-members'), body.members, node.members);
    way.trigger('change');
    return read;
  };

  /** Makes the form of a `hub-command`; answers what to do when it is saved. */
  window.LienThong.operationForm = node => {
    const list = $('#lienthong-operations');
    const words = $('#lienthong-operation-words');
    let chosen = node.path ? { method: node.method, path: node.path } : undefined;
    let read;
    const choose = operation => {
      const given = chosen !== undefined && isSame(operation, chosen) ? node : {};
      chosen = operation;
      read = drawOperation($('#lienthong-operation'), operation, given);
      list.hide();
    };
    ask('operations').then(
      operations => {
        words.on('input focus', () => {
          list.show();
          drawList(list, operations, words.val(), choose);
        });
        const known = operations.find(operation => chosen !== undefined && isSame(operation, chosen));
        if (known !== undefined) choose(known);
        else {
          if (chosen !== undefined)
            $('<div class="lienthong-fault form-tips" role="alert"></div>')
              .text(say('operation-gone', chosen))
              .appendTo('#lienthong-operation');
          // Somebody may have typed already.
          drawList(list, operations, words.val(), choose);
        }
      },
      () => tellFault($('#lienthong-operation')),
    );
    return () => {
      if (read === undefined) return;
      Object.assign(node, { method: chosen.method, path: chosen.path });
      Object.assign(node, { parameters: read.parameters(), query: read.query(), members: read.members() });
      if ($('#lienthong-body-way').val() === 'members') $('#node-input-bodyType').val('members');
    };
  };
})();
