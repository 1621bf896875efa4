/** The editor of a decision table: columns that are asked of the message, columns that go on, and rows. */
(() => {
  const { say } = window.LienThong;

  const cellInput = (value, title) =>
    $('<input type="text">').val(value).attr({ placeholder: title, 'aria-label': title });
  const button = (icon, title, act) =>
    $('<button type="button" class="red-ui-button red-ui-button-small"></button>')
      .attr({ title, 'aria-label': title })
      .append($('<i></i>').addClass(`fa ${icon}`))
      .on('click', act);

  /** As the node keeps it, with lists in the place of names. */
  const toModel = ({ columns = [], rows = [] }) => {
    const results = [...new Set(rows.flatMap(({ then = {} }) => Object.keys(then)))];
    if (results.length === 0) results.push(say('result'));
    return {
      columns: columns.length > 0 ? structuredClone(columns) : [{ name: '', path: 'payload' }],
      results,
      rows: rows.map(({ when = {}, then = {} }) => ({
        when: columns.map(({ name }) => when[name] ?? ''),
        gives: results.map(name => then[name] ?? ''),
      })),
    };
  };

  /** The other way; a column without a name is called by its path. */
  const fromModel = ({ columns, results, rows }) => {
    const named = columns.map(({ name, path }) => ({
      name: name.trim() || path,
      path: path.replace(/^msg\./, ''),
    }));
    const filled = (names, values) =>
      Object.fromEntries(
        names.map((name, at) => [name, values[at]]).filter(([name, value]) => name !== '' && value !== ''),
      );
    return {
      columns: named,
      rows: rows.map(({ when, gives }) => ({
        when: filled(
          named.map(({ name }) => name),
          when,
        ),
        // biome-ignore lint/suspicious/noThenProperty: data, never awaited
        then: filled(results, gives),
      })),
    };
  };

  /** Draws the table into `container`; answers how to read it. */
  window.LienThong.tableForm = (container, node) => {
    const model = toModel(node);
    const change = act => () => {
      act();
      draw();
    };
    /** An input that keeps what is typed in a place of the model. */
    const bound = (place, key, title) =>
      cellInput(place[key], title).on('input change', event => {
        place[key] = event.target.value;
      });

    const drawHead = table => {
      const head = $('<tr></tr>').appendTo($('<thead></thead>').appendTo(table));
      for (const [at, column] of model.columns.entries())
        $('<th></th>')
          .append(bound(column, 'name', say('column')), bound(column, 'path', say('path')))
          .append(
            button(
              'fa-times',
              say('remove-column'),
              change(() => {
                model.columns.splice(at, 1);
                for (const { when } of model.rows) when.splice(at, 1);
              }),
            ),
          )
          .appendTo(head);
      for (const at of model.results.keys())
        $('<th class="lienthong-then"></th>')
          .append(bound(model.results, at, say('result')))
          .append(
            button(
              'fa-times',
              say('remove-column'),
              change(() => {
                model.results.splice(at, 1);
                for (const { gives } of model.rows) gives.splice(at, 1);
              }),
            ),
          )
          .appendTo(head);
      $('<th></th>').appendTo(head);
    };

    const drawRow = (body, row, at) => {
      const line = $('<tr></tr>').appendTo(body);
      for (const column of model.columns.keys())
        $('<td></td>')
          .append(bound(row.when, column, say('any')))
          .appendTo(line);
      for (const result of model.results.keys())
        $('<td class="lienthong-then"></td>')
          .append(bound(row.gives, result, ''))
          .appendTo(line);
      const move = change(() => model.rows.splice(at - 1, 0, ...model.rows.splice(at, 1)));
      $('<td></td>')
        .append(button('fa-arrow-up', say('move-up'), move).prop('disabled', at === 0))
        .append(
          button(
            'fa-trash',
            say('remove-row'),
            change(() => model.rows.splice(at, 1)),
          ),
        )
        .appendTo(line);
    };

    const draw = () => {
      container.empty();
      const table = $('<table class="lienthong-table"></table>').appendTo(container);
      drawHead(table);
      const body = $('<tbody></tbody>').appendTo(table);
      for (const [at, row] of model.rows.entries()) drawRow(body, row, at);
      const add = (key, act) =>
        $('<button type="button" class="red-ui-button"></button>')
          .text(say(key))
          .on('click', change(act))
          .appendTo(container);
      const empty = list => list.map(() => '');
      add('add-row', () => model.rows.push({ when: empty(model.columns), gives: empty(model.results) }));
      add('add-column', () => {
        model.columns.push({ name: '', path: '' });
        for (const { when } of model.rows) when.push('');
      });
      add('add-result', () => {
        model.results.push('');
        for (const { gives } of model.rows) gives.push('');
      });
    };
    draw();
    return () => fromModel(model);
  };
})();
