// Passkeys (WebAuthn). A form says what it is for: data-passkey="create", "get" or "sign-in".
// The server's options lie in the element named by data-options, or are fetched for "sign-in".
// Without this script, or in a browser without passkeys, the form stays hidden.
"use strict";

(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  const withBytes = (list) => (list || []).map((entry) => ({ ...entry, id: bytes(entry.id) }));

  async function create(options) {
    const key = options.publicKey;
    const made = await navigator.credentials.create({
      publicKey: {
        ...key,
        challenge: bytes(key.challenge),
        user: { ...key.user, id: bytes(key.user.id) },
        excludeCredentials: withBytes(key.excludeCredentials),
      },
    });
    return {
      type: made.type,
      id: made.id,
      rawId: text(made.rawId),
      response: {
        clientDataJSON: text(made.response.clientDataJSON),
        attestationObject: text(made.response.attestationObject),
      },
      clientExtensionResults: made.getClientExtensionResults(),
    };
  }

  async function get(options) {
    const key = options.publicKey;
    const found = await navigator.credentials.get({
      publicKey: {
        ...key,
        challenge: bytes(key.challenge),
        allowCredentials: withBytes(key.allowCredentials),
      },
    });
    const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
    return {
      type: found.type,
      id: found.id,
      rawId: text(found.rawId),
      response: {
        clientDataJSON: text(clientDataJSON),
        authenticatorData: text(authenticatorData),
        signature: text(signature),
        userHandle: userHandle ? text(userHandle) : null,
      },
      clientExtensionResults: found.getClientExtensionResults(),
    };
  }

  async function optionsOf(form) {
    if (form.dataset.passkey === "sign-in") {
      const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      return (await answer.json()).request_options;
    }
    const data = JSON.parse(document.getElementById(form.dataset.options).textContent);
    return data.creation_options || data.request_options;
  }

  function prepare(form) {
    const button = form.querySelector('button[type="button"]');
    const failed = form.querySelector("[data-passkey-failed]");
    form.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      failed.hidden = true;
      try {
        const options = await optionsOf(form);
        const ask = form.dataset.passkey === "create" ? create : get;
        form.elements.credential.value = JSON.stringify(await ask(options));
        form.submit();
      } catch {
        failed.hidden = false;
        button.disabled = false;
      }
    });
  }

  if (window.PublicKeyCredential) {
    document.querySelectorAll("form[data-passkey]").forEach(prepare);
    document.querySelectorAll("[data-passkey-missing]").forEach((note) => { note.hidden = true; });
  }
})();
