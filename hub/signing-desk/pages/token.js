// Calls the signing agent on this computer for one document. What counts is what the hub has: it is asked in the end.
const form = document.querySelector('form[data-token]');
const button = form.querySelector('button[type=submit]');
const next = document.querySelector('[data-token-next]');
const states = [...document.querySelectorAll('[data-token-states] [data-state]')];

const show = (state, said = '') => {
  for (const one of states) {
    one.hidden = one.dataset.state !== state;
    const place = one.querySelector('[data-said]');
    if (place) place.textContent = said;
  }
  button.disabled = ['preparing', 'calling', 'signing', 'checking', 'signed'].includes(state);
  if (state === 'signed') form.remove();
  // Moved out of its template once; there is nothing more in it then.
  if (state === 'signed' || state === 'gone') next.after(next.content);
};

// What the hub answers; a page that is no JSON is the sign-on's, or says that this one is old.
const ask = async options => {
  const answer = await fetch(form.action, options);
  const isJson = (answer.headers.get('content-type') ?? '').startsWith('application/json');
  return { ok: answer.ok && isJson, body: isJson ? await answer.json() : {} };
};

// One message to the agent, one back. `opened` is told as soon as the agent is there.
const callAgent = ({ socket, request }, opened) =>
  new Promise(resolve => {
    let isOpen = false;
    let agent;
    try {
      agent = new WebSocket(socket);
    } catch {
      return resolve({ problem: 'not-installed' });
    }
    agent.addEventListener('open', () => {
      isOpen = true;
      opened();
      agent.send(JSON.stringify(request));
    });
    agent.addEventListener('message', ({ data }) => {
      let answer = {};
      try {
        answer = JSON.parse(data);
      } catch {}
      resolve({ said: answer.Status === 0 ? '' : String(answer.Message ?? '') });
      agent.close();
    });
    // After an error too; a promise takes its first answer only.
    agent.addEventListener('close', () => resolve({ problem: isOpen ? 'cut' : 'not-installed' }));
  });

const sign = async () => {
  show('preparing');
  const { ok, body } = await ask({ method: 'POST', body: new URLSearchParams(new FormData(form)) });
  if (!ok) return show('gone', body.said);
  show('calling');
  const { problem, said } = await callAgent(body, () => show('signing'));
  if (problem === 'not-installed') return show(problem);
  show('checking');
  const { ok: isTold, body: outcome } = await ask();
  if (!isTold) return show('gone');
  if (outcome.state !== 'waiting') return show(outcome.state, said);
  if (outcome.said) return show('refused', outcome.said);
  show(problem ?? 'not-signed', said);
};

form.addEventListener('submit', event => {
  event.preventDefault();
  if (!button.disabled) sign().catch(() => show('away'));
});
button.disabled = false;
