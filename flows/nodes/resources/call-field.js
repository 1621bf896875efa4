/** Selects of an app, its port and the port's method, each filled from what is chosen before it. */
(() => {
  const { ask, options, tellFault } = window.LienThong;

  /**
   * `wordsOf` gives the title of `port` or `port.method`; undefined: there is none. `only`: ports that have this method.
   */
  window.LienThong.chooseCall = (node, wordsOf, only) => {
    const [app, port, method] = ['app', 'port', 'method'].map(name => $(`#node-input-${name}`));
    const titled = (value, key) => ({ value, label: wordsOf(key) ? `${wordsOf(key)} (${value})` : value });
    let apps = [];
    const portsOf = () =>
      (apps.find(({ id }) => id === app.val())?.ports ?? []).filter(
        ({ methods }) => only === undefined || methods.includes(only),
      );
    const methodsOf = () => portsOf().find(({ name }) => name === port.val())?.methods ?? [];
    const fillMethods = chosen =>
      options(
        method,
        methodsOf().map(name => titled(name, `${port.val()}.${name}`)),
        chosen,
      );
    const fillPorts = (chosenPort, chosenMethod) => {
      options(
        port,
        portsOf().map(({ name }) => titled(name, name)),
        chosenPort,
      );
      fillMethods(chosenMethod);
    };
    const fill = () => {
      options(
        app,
        apps.map(({ id, name }) => ({ value: id, label: name })),
        node.app,
      );
      fillPorts(node.port, node.method);
    };
    /** What is the only one, or was chosen before and is there, too, stays chosen. */
    const among = (names, chosen) =>
      names.includes(chosen) ? chosen : names.length === 1 ? names[0] : undefined;
    const methodAfter = () => among(methodsOf(), method.val());
    fill();
    app.on('change', () => {
      fillPorts(
        among(
          portsOf().map(({ name }) => name),
          port.val(),
        ),
      );
      fillMethods(methodAfter());
    });
    port.on('change', () => fillMethods(methodAfter()));
    ask('apps').then(
      answer => {
        apps = answer;
        fill();
      },
      () => tellFault(app.closest('.form-row')),
    );
  };

  /** A select of the apps that offer a port. */
  window.LienThong.chooseAppWith = (port, chosen) => {
    const app = $('#node-input-app');
    options(app, [], chosen);
    ask('apps').then(
      apps =>
        options(
          app,
          apps
            .filter(({ ports }) => ports.some(({ name }) => name === port))
            .map(({ id, name }) => ({ value: id, label: name })),
          chosen,
        ),
      () => tellFault(app.closest('.form-row')),
    );
  };
})();
