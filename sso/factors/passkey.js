// Makes or uses a passkey where a form asks for it, and sends what the device answered with the form.
const { browserSupportsWebAuthn, startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser;

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const { passkey, options } = form.dataset;
  const failed = form.querySelector('[data-failed]');
  form.hidden = !browserSupportsWebAuthn();
  form.addEventListener('submit', async event => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const ask = passkey === 'add' ? startRegistration : startAuthentication;
      form.elements.response.value = JSON.stringify(await ask({ optionsJSON: JSON.parse(options) }));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
